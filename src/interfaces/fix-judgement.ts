// What is to be thought of one fix of one tracker, given the last one that was believed. Pure: a device's clock and receiver are wrong in few well-known ways,
// and each has its name, so that a person can be told which. Rejected: smoothing (a Kalman filter), which would hide a wrong device instead of telling it.
import type { WallMs } from "../base/time.ts";
import type { FixVerdict } from "../contract/trackers.ts";
import { distanceM, type Point } from "../geo/point.ts";

export interface TimedPoint extends Point {
  readonly at: WallMs;
}
/** What is remembered of a tracker between two fixes. `doubted`: fixes since the last believed one that are too far from it, and agree with each other. */
export interface Trail {
  readonly last: TimedPoint | null;
  readonly doubted: { readonly last: TimedPoint; readonly count: number } | null;
}
export const NO_TRAIL: Trail = { last: null, doubted: null };

/** A device's clock may be so far ahead of ours; as the table of positions has it. */
export const AHEAD_MS = 30_000;
export const STALE_AFTER_MS = 120_000;
export const TOO_OLD_MS = 24 * 3_600_000;
/** 250 km/h: nothing that is dispatched drives faster; and what a receiver may be off by between buildings. */
const FASTEST_MPS = 70;
const OFF_BY_M = 300;
/** So many fixes in a row that agree with each other are believed against the one before: then that one was wrong. */
const AGREEING = 3;

const isReachable = (from: TimedPoint, to: TimedPoint): boolean => distanceM(from, to) <= OFF_BY_M + (FASTEST_MPS * Math.abs(to.at - from.at)) / 1_000;

/** The verdict, and what to remember. A fix that is not believed changes nothing but the doubt. */
export function judgeFix(trail: Trail, fix: TimedPoint & { readonly valid: boolean }, now: WallMs): { readonly verdict: FixVerdict; readonly trail: Trail } {
  const { lon, lat, at } = fix;
  const point = { lon, lat, at };
  if (!fix.valid || (lon === 0 && lat === 0)) return { verdict: "not-valid", trail };
  if (at > now + AHEAD_MS) return { verdict: "ahead", trail };
  if (at < now - TOO_OLD_MS) return { verdict: "too-old", trail };
  const { last, doubted } = trail;
  if (last !== null) {
    if (at === last.at && lon === last.lon && lat === last.lat) return { verdict: "repeated", trail };
    if (at <= last.at) return { verdict: "out-of-order", trail };
    if (!isReachable(last, point)) {
      const agrees = doubted !== null && at > doubted.last.at && isReachable(doubted.last, point);
      const count = agrees ? doubted.count + 1 : 1;
      if (count < AGREEING) return { verdict: "impossible-jump", trail: { last, doubted: { last: point, count } } };
    }
  }
  return { verdict: now - at > STALE_AFTER_MS ? "stale" : "taken", trail: { last: point, doubted: null } };
}
