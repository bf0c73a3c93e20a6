// What a recorder says of a file before it goes out. It is asked without a body, so the status and the headers tell all.
import { NO_SOUND, type NoSound } from "../../../src/contract/media.ts";

/** Why a recorder gives no file. */
export type NoFile = "nothing-recorded" | "unreadable" | "recorder-busy" | "recorder-failed" | "recorder-silent";
/** What is wrong with the sound of a file that comes. */
export type SoundFault = { readonly none: NoSound } | { readonly missingMs: number };
export interface FoundFile {
  readonly fault: SoundFault | null;
}

export function readAnswer({ ok, status, headers }: Pick<Response, "ok" | "status" | "headers">): NoFile | FoundFile {
  if (!ok) return status === 404 ? "nothing-recorded" : status === 410 ? "unreadable" : status === 503 ? "recorder-busy" : "recorder-failed";
  if (headers.get("x-citywatch-sound") === "none") return { fault: { none: NO_SOUND.find((why) => why === headers.get("x-citywatch-no-sound")) ?? "not-recorded" } };
  const missingMs = Number(headers.get("x-citywatch-sound-missing") ?? 0);
  return { fault: missingMs > 0 ? { missingMs } : null };
}
