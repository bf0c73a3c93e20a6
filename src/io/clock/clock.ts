// The real clock: the one place where time enters. Wall time is the system's (an NTP client keeps it true); monotonic time is the
// process's own and survives any step of the wall clock, so every length of time is measured with it.

import type { Clock } from "../../base/time.ts";

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
