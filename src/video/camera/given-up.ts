// When the session of a stream has to be given up though its connection stands ([CAM7]), and when our own clock has been corrected under it ([ING9]): the same for main and sub.
import type { MonotonicMs } from "../../base/time.ts";
import type { GapCause } from "../ports.ts";
import type { CameraProblem } from "./gap-cause.ts";

/** A session that lasted this long clears the count of failures. */
export const STEADY_MS = 30_000;
/** No RTP for so long. */
const SILENCE_MS = 10_000;
/** RTP comes, but no picture can be made of it. */
const NO_PICTURE_MS = 30_000;
/** The wall clock may leave the run's own by so much; a larger step was a correction, and a new run begins with right times. */
const WALL_STEP_MS = 1_000;

export interface StreamFacts {
  readonly now: MonotonicMs;
  readonly heardAt: MonotonicMs;
  /** Of the last picture, or when the session began. */
  readonly pictureAt: MonotonicMs;
  readonly waitingFor: string | undefined;
}

/** Why the session of a stream that plays ends now; undefined: it goes on. */
export function findGivenUp({ now, heardAt, pictureAt, waitingFor }: StreamFacts): { readonly problem: CameraProblem; readonly message: string; readonly cause: GapCause } | undefined {
  if (now - heardAt > SILENCE_MS) return { problem: "timeout", message: `no packet for ${SILENCE_MS / 1_000} s`, cause: "no-data" };
  if (now - pictureAt > NO_PICTURE_MS) return { problem: "malformed", message: `packets come, but no picture: waiting for ${waitingFor ?? "the rest of one"}`, cause: "bad-data" };
  return undefined;
}

/** Of how far the wall clock is from the run's own: a correction, or 0. */
export const correctionOf = (differenceMs: number): number => (Math.abs(differenceMs) > WALL_STEP_MS ? differenceMs : 0);
