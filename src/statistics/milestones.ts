// When each step of an assignment was reached, from what was told about it and when.
import type { WallMs } from "../base/time.ts";

export interface MilestoneTime {
  readonly state: string;
  readonly deviceAt: WallMs | null;
  readonly receivedAt: WallMs;
  /** Somebody at a desk entered it for the unit. */
  readonly entered: boolean;
}

/** The steps of an assignment in their order. */
export const STEPS = ["assigned", "sent", "delivered", "acknowledged", "en-route", "staged", "on-scene", "transporting", "cleared"] as const;
export type Step = (typeof STEPS)[number];

/**
 * When each step was first reached, all by our clock. The device's clock says when it happened, ours when we heard. How far the device's is off
 * is at most the shortest way of a report of this assignment; by so much all its times are moved. Where that contradicts our own clock (a step
 * before the assignment was made), the device's clock has jumped: then ours alone counts. A step that comes out later than one after it was
 * told late by somebody without a clock: when it happened is not known, and it is missing.
 */
export function correctedTimes(milestones: readonly MilestoneTime[]): ReadonlyMap<Step, WallMs> {
  const made = milestones[0]?.receivedAt ?? 0;
  const shortestWay = Math.min(...milestones.map(({ deviceAt, receivedAt }) => (deviceAt === null ? Infinity : receivedAt - deviceAt)));
  const isSteady = milestones.every(({ deviceAt }) => deviceAt === null || deviceAt + shortestWay >= made);
  const times = new Map<Step, number>();
  let earliestAfter = Infinity;
  for (const step of STEPS.toReversed()) {
    const milestone = milestones.find((one) => one.state === step);
    if (milestone === undefined) continue;
    const time = milestone.deviceAt !== null && isSteady ? milestone.deviceAt + shortestWay : milestone.receivedAt;
    if (time <= earliestAfter) times.set(step, time);
    earliestAfter = Math.min(earliestAfter, time);
  }
  return times;
}
