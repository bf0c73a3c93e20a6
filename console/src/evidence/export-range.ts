// What of a range can be asked for, told before it is sent: the same bounds as the centre's.
import { DAY_MS } from "../../../src/base/time.ts";
import { MOST_HOLD_DAYS } from "../../../src/contract/holds.ts";

export type RangeFault = "rangeFault" | "longFault" | "futureFault";
export function findRangeFault(from: number | undefined, to: number | undefined, now: number): RangeFault | undefined {
  if (from === undefined || to === undefined || to <= from) return "rangeFault";
  if (to - from > DAY_MS) return "longFault";
  return from >= now ? "futureFault" : undefined;
}

/** The day of review that is offered: in thirty days. */
export const DEFAULT_REVIEW_MS = 30 * DAY_MS;
export const isReviewDay = (at: number | undefined, now: number): at is number => at !== undefined && at > now && at <= now + MOST_HOLD_DAYS * DAY_MS;
