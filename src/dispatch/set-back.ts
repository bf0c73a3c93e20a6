// A clock that ran ahead and was set right again. What was written meanwhile has a time that has not come yet, and what waits from then on would wait for as long as the clock was ahead, without a word. So the log's time
// follows a clock that is set back by more than a moment, and a wait that began at a time that has not come, or ends later than any such wait can, is over now: told too early, never too late. Rejected: a time of the log's own
// that goes on from its last event, which would be ahead for good, of shifts, closures and positions too.
import { MINUTE_MS, type WallMs } from "../base/time.ts";

/** By less a clock is set right all the time; the log's time waits for it then. */
export const SET_BACK_MS = MINUTE_MS;

/** Whether that was written while the clock ran ahead. */
export const isAhead = (at: WallMs, now: WallMs): boolean => at > now + SET_BACK_MS;

/** `longestMs`: no wait of that kind is longer. */
export const isDue = (dueAt: WallMs, now: WallMs, longestMs: number): boolean => dueAt <= now || isAhead(dueAt, now + longestMs);
