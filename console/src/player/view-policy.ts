// When a view must be renewed, and which requests go together. The centre writes an access record per look and
// a line per renewal, so renewing too often fills the register; renewing too late stops the picture and makes one look two.
import type { OpenViews, ViewMode, ViewReason } from "../../../src/contract/cameras.ts";
import type { z } from "zod";

/** A view is renewed after four fifths of its life, and at the latest half a minute before its end (a fifth, where it is short). */
export function renewAtMs(grantedAtMs: number, expiresAtMs: number): number {
  const lifeMs = Math.max(0, expiresAtMs - grantedAtMs);
  return grantedAtMs + Math.max(lifeMs * 0.5, Math.min(lifeMs * 0.8, lifeMs - 30_000));
}

/** Refusals of a renewal that mean: this look is over, and whoever goes on looking is recorded anew. */
export const isLookOver = (rule: string): boolean => rule === "view-ended" || rule === "not-found";

const LOOK_AGAIN_MS = 3_000;
const REFUSED_AGAIN_MS = 60_000;
const MOST_REFUSED_AGAIN_MS = 15 * 60_000;
/**
 * How long a tile waits before it looks anew at a camera whose recorder has taken the tokens of so many looks in a row not at all. Each try is a look in the register that nobody had: the first refusal may be of a look that
 * has ended, and the next try comes at once; the second is of a recorder whose clock or key is wrong, which nobody puts right within seconds.
 */
export const lookAgainDelayMs = (refusals: number): number => (refusals <= 1 ? LOOK_AGAIN_MS : Math.min(REFUSED_AGAIN_MS * 2 ** (refusals - 2), MOST_REFUSED_AGAIN_MS));

export interface WantedView {
  readonly cameraId: number;
  readonly reason: ViewReason;
  readonly mode: ViewMode;
  readonly from: number | null;
  readonly to: number | null;
  /** The moment that is looked at: of a camera that was moved within the range, only the part of one recorder is opened. Absent: the beginning. */
  readonly at?: number;
  /** To hear, not only to see: a look of its own. */
  readonly sound?: boolean;
}
export type OpenViewsBody = z.output<typeof OpenViews>;
const MOST_CAMERAS = 25; // contract: OpenViews.cameraIds

/** One request for all cameras that share reason, mode and range; a camera wanted twice is asked for once. */
export function groupViews(wanted: readonly WantedView[]): OpenViewsBody[] {
  const groups = new Map<string, OpenViewsBody[]>();
  for (const { cameraId, reason, mode, from, to, sound = false } of wanted) {
    const key = JSON.stringify([reason, mode, from, to, sound]);
    const bodies = groups.get(key) ?? [];
    groups.set(key, bodies);
    if (bodies.some((b) => b.cameraIds.includes(cameraId))) continue;
    const open = bodies.find((b) => b.cameraIds.length < MOST_CAMERAS);
    if (open === undefined) bodies.push({ cameraIds: [cameraId], reason, mode, from, to, sound });
    else open.cameraIds.push(cameraId);
  }
  return [...groups.values()].flat();
}

/**
 * The range to ask for when somebody scrubs to `atMs`: an hour on round quarters, so that a look around stays one record. It may end in the
 * future: who scrubs back half a minute goes on watching, and asking again every second would fill the register with one look. Backwards, most of it
 * lies before.
 */
export function playbackWindow(atMs: number, backward = false): { readonly from: number; readonly to: number } {
  const quarter = 15 * 60_000;
  const from = Math.floor((atMs - (backward ? 2.5 : 1) * quarter) / quarter) * quarter;
  return { from, to: from + 4 * quarter };
}
