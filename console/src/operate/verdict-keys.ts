// Which key says what of a camera's pictures. Pure.
import type { VERDICTS } from "../../../src/contract/dispatch.ts";

export type VerdictWord = (typeof VERDICTS)[number];
// The letters are commands of the page as well, `s` the one that sends: `j` holds them until a verdict, however long somebody looks first.
export const JUDGE_KEY = "j";
export const VERDICT_KEYS: Readonly<Record<VerdictWord, string>> = { seen: "s", "not-seen": "n", "cannot-tell": "u" };

export type VerdictKey =
  | { readonly kind: "verdict"; readonly cameraId: number; readonly verdict: VerdictWord }
  | { readonly kind: "camera"; readonly cameraId: number }
  /** Any other key gives up. */
  | { readonly kind: "none" };

/** The one after it in the strip, the first after the last. */
export const nextCamera = (cameraIds: readonly number[], focus: number | null): number | null => cameraIds[(focus === null ? 0 : cameraIds.indexOf(focus) + 1) % cameraIds.length] ?? null;

/** What a key means once a verdict is asked for: a letter is of the camera in focus, `j` goes to the next, a digit names one by its place in the strip. */
export function readVerdictKey(key: string, cameraIds: readonly number[], focus: number | null): VerdictKey {
  const letter = key.toLowerCase();
  const named = letter === JUDGE_KEY ? nextCamera(cameraIds, focus) : /^[1-9]$/.test(key) ? cameraIds[Number(key) - 1] : undefined;
  if (named != null) return { kind: "camera", cameraId: named };
  const verdict = (Object.keys(VERDICT_KEYS) as VerdictWord[]).find((word) => VERDICT_KEYS[word] === letter);
  return verdict === undefined || focus === null ? { kind: "none" } : { kind: "verdict", cameraId: focus, verdict };
}
