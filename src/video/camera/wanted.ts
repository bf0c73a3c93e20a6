// Whether a camera should be joined now ([CAM1], [CAM2]): continuous ones always, on-demand ones while somebody watches and 20 s longer, so that a step from one
// camera to the next and back does not cost a new session.
import type { MonotonicMs } from "../../base/time.ts";

export const LINGER_MS = 20_000;

export type RecordingMode = "continuous" | "scheduled" | "on-event" | "on-demand";

export function isJoinWanted(recording: RecordingMode, viewers: number, lastViewerLeftAt: MonotonicMs | undefined, now: MonotonicMs): boolean {
  if (recording !== "on-demand" || viewers > 0) return true;
  return lastViewerLeftAt !== undefined && now - lastViewerLeftAt < LINGER_MS;
}
