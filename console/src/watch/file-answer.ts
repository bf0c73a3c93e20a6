// What a recorder says of a file before it goes out. It is asked without a body, so the status and the headers tell all.
import { NO_SOUND, type NoSound } from "../../../src/contract/media.ts";

/** Why a recorder gives no file. */
export type NoFile = "nothing-recorded" | "unreadable" | "recorder-busy" | "recorder-failed" | "recorder-silent";
/** What is wrong with the sound of a file that comes. */
export type SoundFault = { readonly none: NoSound } | { readonly missingMs: number };
export interface FoundFile {
  readonly fault: SoundFault | null;
  /** Its first and last picture; null where the recorder does not say. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  /** The range goes on from there in another format, which the file cannot hold. */
  readonly nextMs: number | null;
  /** So much was recorded while a clock was set back over a time that the file has already. */
  readonly leftOutMs: number;
}

export function readAnswer({ ok, status, headers }: Pick<Response, "ok" | "status" | "headers">): NoFile | FoundFile {
  if (!ok) return status === 404 ? "nothing-recorded" : status === 410 ? "unreadable" : status === 503 ? "recorder-busy" : "recorder-failed";
  const timeOf = (name: string): number | null => {
    const at = Number(headers.get(name) ?? Number.NaN);
    return Number.isSafeInteger(at) && at > 0 ? at : null;
  };
  return { fault: faultOf(headers), firstMs: timeOf("x-citywatch-first-picture"), lastMs: timeOf("x-citywatch-last-picture"), nextMs: timeOf("x-citywatch-next-format"), leftOutMs: timeOf("x-citywatch-left-out") ?? 0 };
}

function faultOf(headers: Headers): SoundFault | null {
  if (headers.get("x-citywatch-sound") === "none") return { none: NO_SOUND.find((why) => why === headers.get("x-citywatch-no-sound")) ?? "not-recorded" };
  const missingMs = Number(headers.get("x-citywatch-sound-missing") ?? 0);
  return missingMs > 0 ? { missingMs } : null;
}

/** Key frames are some seconds apart, and what is newest is on its way to the disk. */
const SAME_MS = 15_000;

/** Where the files of a range begin late or end early, from when to when they hold pictures; null where they hold all of it. */
export function findShorter(range: { readonly from: number; readonly to: number }, files: readonly FoundFile[], now: number): { readonly from: number; readonly to: number } | null {
  const from = files[0]?.firstMs ?? range.from;
  const to = files.at(-1)?.lastMs ?? range.to;
  return from - range.from > SAME_MS || Math.min(range.to, now) - to > SAME_MS ? { from: Math.max(from, range.from), to: Math.min(to, range.to) } : null;
}
