// The sound and metadata of the seconds before an event ([SND1], [MET1]): kept as long as the pictures of their time, in the same memory of the process, and given on with these. Where that memory is short,
// what is oldest goes: a pre-roll whose sound begins late is better than pictures that do.
import type { WallMs } from "../../base/time.ts";
import { copyBytes } from "../../media/bytes.ts";
import { TrackSample } from "../ingest/track-ingest.ts";
import type { PreRollBudget } from "./pre-roll.ts";

/** What an object for a unit takes beside its bytes. */
const UNIT_BYTES = 200;
const sizeOf = ({ end, start }: TrackSample): number => end - start + UNIT_BYTES;

export class BesidePreRoll {
  readonly #budget: PreRollBudget;
  readonly #give: (sample: TrackSample) => void;
  /** In the order in which they came. Those before `#from` are given, or gone. */
  #kept: TrackSample[] = [];
  #from = 0;

  constructor(budget: PreRollBudget, give: (sample: TrackSample) => void) {
    this.#budget = budget;
    this.#give = give;
  }

  get isEmpty(): boolean {
    return this.#from === this.#kept.length;
  }

  /** Copies the sample. `sinceMs`: when the oldest picture begins that is kept; what is older goes. */
  add(sample: TrackSample, sinceMs: WallMs): void {
    this.dropBefore(sinceMs);
    if (sample.wallMs < sinceMs) return;
    const size = sizeOf(sample);
    while (this.#budget.used + size > this.#budget.most && !this.isEmpty) this.#take();
    if (this.#budget.used + size > this.#budget.most) return;
    const copy = Object.assign(new TrackSample(sample.track), sample, { bytes: copyBytes(sample.bytes, sample.start, sample.end), start: 0, end: sample.end - sample.start });
    this.#kept.push(copy);
    this.#budget.used += size;
  }

  /** Gives on what is older than `untilMs`, in order. */
  giveBefore(untilMs: WallMs): void {
    while (!this.isEmpty && this.#kept[this.#from]!.wallMs < untilMs) this.#give(this.#take());
  }

  dropBefore(sinceMs: WallMs): void {
    while (!this.isEmpty && this.#kept[this.#from]!.wallMs < sinceMs) this.#take();
  }

  clear(): void {
    this.dropBefore(Number.POSITIVE_INFINITY);
  }

  #take(): TrackSample {
    const taken = this.#kept[this.#from++]!;
    this.#budget.used -= sizeOf(taken);
    if (this.#from > 1_000 || this.isEmpty) {
      this.#kept = this.#kept.slice(this.#from);
      this.#from = 0;
    }
    return taken;
  }
}
