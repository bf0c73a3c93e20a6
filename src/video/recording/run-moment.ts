// When something was, among runs that may each have a clock of its own: the wall clock is put right between two of them, so that times of a later run can be the smaller ones.
import type { WallMs } from "../../base/time.ts";

export interface RunMoment {
  readonly run: number;
  readonly ms: WallMs;
}

/** After all that was. */
export const NEVER: RunMoment = { run: Number.POSITIVE_INFINITY, ms: Number.POSITIVE_INFINITY };

export const isBefore = (a: RunMoment, b: RunMoment): boolean => a.run < b.run || (a.run === b.run && a.ms < b.ms);
export const laterOf = (a: RunMoment, b: RunMoment): RunMoment => (isBefore(a, b) ? b : a);
