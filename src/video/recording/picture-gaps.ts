// Times within a run in which no picture came ([RCD18]): the camera fell silent for seconds, or packets were lost, and the session went on. Its file lets the picture before stand meanwhile, which looks recorded and is not.
// A camera may send a picture each five seconds, and another slows down where nothing moves: what counts is a time much longer than the ones before it. A camera that falls silent every other second would have more of them than
// anybody reads, each a row of the index and a line of a manifest: after the first few of a minute, the others of it are told as one, at the latest when their file is whole.
import type { WallMs } from "../../base/time.ts";
import type { Sample } from "../ingest/video-ingest.ts";
import type { GapCause } from "../ports.ts";

export interface PictureGap {
  readonly start: WallMs;
  readonly end: WallMs;
  readonly cause: GapCause;
}

const LEAST_90K = 90_000;
/** So many times as long as between two pictures as a rule. */
const FACTOR = 4;
/** How fast the rule follows what is. */
const FOLLOWING = 1 / 8;
/** So many of a minute are told each by itself. */
const MOST_ALONE = 5;
const MINUTE_MS = 60_000;

export class PictureGaps {
  #last: { readonly decode90k: number; readonly wallMs: WallMs } | undefined;
  /** From picture to picture; undefined before the second. */
  #usual90k: number | undefined;
  /** The minute that began with a gap, and how many were told of it: over runs, since a bad link ends these too. */
  #minuteFrom: WallMs = -Infinity;
  #told = 0;
  /** Those of the minute that are told as one when it is over. */
  #joined: PictureGap | undefined;

  beginRun(): void {
    this.#last = undefined;
    this.#usual90k = undefined;
  }

  /** The next picture of the run; answers a gap that is known with it. */
  note(sample: Pick<Sample, "decode90k" | "wallMs" | "lossBefore">): PictureGap | undefined {
    const gap = this.#find(sample);
    if (this.#joined !== undefined) {
      if (gap !== undefined) this.#joined = join(this.#joined, gap);
      return sample.wallMs < this.#minuteFrom + MINUTE_MS ? undefined : this.takeJoined();
    }
    if (gap === undefined) return undefined;
    if (gap.end < this.#minuteFrom || gap.end >= this.#minuteFrom + MINUTE_MS) {
      this.#minuteFrom = gap.end;
      this.#told = 0;
    }
    if (this.#told < MOST_ALONE) {
      this.#told++;
      return gap;
    }
    this.#joined = gap;
    return undefined;
  }

  /** What waits for its minute to be over; to be asked when the run ends. */
  takeJoined(): PictureGap | undefined {
    const joined = this.#joined;
    this.#joined = undefined;
    return joined;
  }

  #find({ decode90k, wallMs, lossBefore }: Pick<Sample, "decode90k" | "wallMs" | "lossBefore">): PictureGap | undefined {
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

/** From the beginning of the first to the end of the last, with the pictures that came between. */
const join = (first: PictureGap, { end, cause }: PictureGap): PictureGap => ({ start: first.start, end, cause: first.cause === "bad-data" ? first.cause : cause });
