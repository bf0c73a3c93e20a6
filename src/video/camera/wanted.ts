// Whether a camera should be joined now, and whether what comes of it is recorded ([CAM1], [CAM2], [CAM14]). Whoever watches a camera has it joined, and 20 s longer, so that a
// step from one camera to the next and back does not cost a new session; only the mode says what of that stays.
import type { MonotonicMs } from "../../base/time.ts";
import type { GapCause } from "../ports.ts";

export const LINGER_MS = 20_000;

export type RecordingMode = "continuous" | "scheduled" | "on-event" | "on-demand";
export interface WishFacts {
  readonly mode: RecordingMode;
  /** Of all its streams. */
  readonly viewers: number;
  readonly lastViewerLeftAt: MonotonicMs | undefined;
  readonly now: MonotonicMs;
  /** Of a scheduled camera: its hours are now. */
  readonly isInHours: boolean;
  /** Of a camera that records on events: one was, and its time is not over. */
  readonly isInEvent: boolean;
}
/** `cause`: why there is no recording meanwhile. */
export type Wish = { readonly join: true; readonly record: true } | { readonly join: boolean; readonly record: false; readonly cause: Extract<GapCause, "not-wanted" | "not-scheduled" | "no-event"> };

const RECORD: Wish = { join: true, record: true };
const NO_EVENT: Wish = { join: true, record: false, cause: "no-event" };
const SEEN_OUTSIDE_HOURS: Wish = { join: true, record: false, cause: "not-scheduled" };
const OUTSIDE_HOURS: Wish = { join: false, record: false, cause: "not-scheduled" };
const NOT_WANTED: Wish = { join: false, record: false, cause: "not-wanted" };

export function decideWish({ mode, viewers, lastViewerLeftAt, now, isInHours, isInEvent }: WishFacts): Wish {
  const isWatched = viewers > 0 || (lastViewerLeftAt !== undefined && now - lastViewerLeftAt < LINGER_MS);
  switch (mode) {
    case "continuous": return RECORD;
    case "scheduled": return isInHours ? RECORD : isWatched ? SEEN_OUTSIDE_HOURS : OUTSIDE_HOURS;
    case "on-event": return isInEvent ? RECORD : NO_EVENT;
    case "on-demand": return isWatched ? RECORD : NOT_WANTED;
  }
}
