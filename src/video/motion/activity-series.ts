// From the tracks of segments, a byte a second, to one series of even steps over any range ([MOT4]). A step of several seconds has its busiest one, so that what
// moved for a moment is seen on a whole day; a second that two segments share has the greater value of both.
import type { WallMs } from "../../base/time.ts";
import { UNKNOWN_ACTIVITY } from "./activity-meter.ts";

export interface ActivityPiece {
  readonly startMs: WallMs;
  /** From the second that `startMs` lies in. */
  readonly values: Uint8Array;
}
export interface ActivityRange {
  readonly from: WallMs;
  readonly to: WallMs;
  readonly stepMs: number;
}

const SECOND_MS = 1_000;
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600].map((seconds) => seconds * SECOND_MS);
const USUAL_STEPS = 2_000;

/** Whole steps that hold `[from, to)`; without `stepMs` the least step that makes few enough of them. */
export function rangeOfActivity(from: WallMs, to: WallMs, stepMs?: number): ActivityRange {
  const step = stepMs ?? STEPS_MS.find((one) => (to - from) / one <= USUAL_STEPS) ?? STEPS_MS.at(-1)!;
  return { from: Math.floor(from / step) * step, to: Math.ceil(to / step) * step, stepMs: step };
}

/** One value a step; null where nothing is known. */
export function buildActivity({ from, to, stepMs }: ActivityRange, pieces: Iterable<ActivityPiece>): (number | null)[] {
  const steps = new Int16Array(Math.round((to - from) / stepMs)).fill(-1);
  for (const { startMs, values } of pieces) {
    const first = Math.floor(startMs / SECOND_MS) * SECOND_MS;
    for (let i = Math.max(0, (from - first) / SECOND_MS); i < values.length; i++) {
      const at = Math.floor((first + i * SECOND_MS - from) / stepMs);
      if (at >= steps.length) break;
      const value = values[i]!;
      if (value !== UNKNOWN_ACTIVITY && value > steps[at]!) steps[at] = value;
    }
  }
  return Array.from(steps, (value) => (value < 0 ? null : value));
}
