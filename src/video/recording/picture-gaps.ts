// Times within a run in which no picture came ([RCD18]): the camera fell silent for seconds, or packets were lost, and the session went on. Its file lets the picture before stand meanwhile, which looks recorded and is not.
// A camera may send a picture each five seconds, and another slows down where nothing moves: what counts is a time much longer than the ones before it.
import type { WallMs } from "../../base/time.ts";
import type { Sample } from "../ingest/video-ingest.ts";
import type { GapCause } from "../ports.ts";

const LEAST_90K = 90_000;
/** So many times as long as between two pictures as a rule. */
const FACTOR = 4;
/** How fast the rule follows what is. */
const FOLLOWING = 1 / 8;

export class PictureGaps {
  #last: { readonly decode90k: number; readonly wallMs: WallMs } | undefined;
  /** From picture to picture; undefined before the second. */
  #usual90k: number | undefined;

  beginRun(): void {
    this.#last = undefined;
    this.#usual90k = undefined;
  }

  /** The next picture of the run; answers the gap that it ends. */
  note({ decode90k, wallMs, lossBefore }: Pick<Sample, "decode90k" | "wallMs" | "lossBefore">): { readonly start: WallMs; readonly end: WallMs; readonly cause: GapCause } | undefined {
    const last = this.#last;
    this.#last = { decode90k, wallMs };
    if (last === undefined) return undefined;
    const step90k = decode90k - last.decode90k;
    const usual90k = this.#usual90k ?? step90k;
    this.#usual90k = usual90k + (Math.min(step90k, usual90k * FACTOR) - usual90k) * FOLLOWING;
    if (step90k <= Math.max(LEAST_90K, usual90k * FACTOR)) return undefined;
    const start = last.wallMs + usual90k / 90;
    return start < wallMs ? { start, end: wallMs, cause: lossBefore ? "bad-data" : "no-data" } : undefined;
  }
}
