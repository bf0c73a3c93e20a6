// The sound and metadata of the seconds before an event ([SND1], [MET1]): kept as long as the pictures of their time, in the same memory of the process, and given on with these. They are of the second rank there: where
// memory is short, all of theirs goes before a picture does, the oldest first. A pre-roll whose sound begins late is better than pictures that do.
import { copyBytes } from "../../media/bytes.ts";
import { TrackSample } from "../ingest/track-ingest.ts";
import type { PreRollBudget, SecondRank } from "./pre-roll.ts";
import { NEVER, isBefore, type RunMoment } from "./run-moment.ts";

/** What an object for a unit takes beside its bytes. */
const UNIT_BYTES = 200;
const sizeOf = ({ end, start }: TrackSample): number => end - start + UNIT_BYTES;

interface KeptUnit {
  readonly sample: TrackSample;
  readonly at: RunMoment;
}

export class BesidePreRoll implements SecondRank {
  bytes = 0;
  readonly #budget: PreRollBudget;
  readonly #give: (sample: TrackSample) => void;
  /** In the order in which they came. Those before `#from` are given, or gone. */
  #kept: KeptUnit[] = [];
  #from = 0;

  constructor(budget: PreRollBudget, give: (sample: TrackSample) => void) {
    this.#budget = budget;
    this.#give = give;
  }

  get isEmpty(): boolean {
    return this.#from === this.#kept.length;
  }

  /** Copies the sample, of that run. `since`: when the oldest picture begins that is kept; what is older goes. */
  add(sample: TrackSample, since: RunMoment, run: number): void {
    this.dropBefore(since);
    const at = { run, ms: sample.wallMs };
    if (isBefore(at, since)) return;
    const size = sizeOf(sample);
    while (!this.#budget.hasRoom(size) && !this.isEmpty) this.#take();
    if (!this.#budget.hasRoom(size)) return;
    const copy = Object.assign(new TrackSample(sample.track), sample, { bytes: copyBytes(sample.bytes, sample.start, sample.end), start: 0, end: sample.end - sample.start });
    if (this.isEmpty) this.#budget.addSecondRank(this);
    this.#kept.push({ sample: copy, at });
    this.#count(size);
  }

  /** Gives on what is older than `until`, in order. */
  giveBefore(until: RunMoment): void {
    while (!this.isEmpty && isBefore(this.#kept[this.#from]!.at, until)) this.#give(this.#take());
  }

  dropBefore(since: RunMoment): void {
    while (!this.isEmpty && isBefore(this.#kept[this.#from]!.at, since)) this.#take();
  }

  letGo(bytes: number): void {
    for (const enough = this.bytes - bytes; this.bytes > enough && !this.isEmpty;) this.#take();
  }

  clear(): void {
    this.dropBefore(NEVER);
  }

  #take(): TrackSample {
    const { sample } = this.#kept[this.#from++]!;
    this.#count(-sizeOf(sample));
    if (this.#from > 1_000 || this.isEmpty) {
      this.#kept = this.#kept.slice(this.#from);
      this.#from = 0;
    }
    if (this.isEmpty) this.#budget.removeSecondRank(this);
    return sample;
  }

  #count(bytes: number): void {
    this.bytes += bytes;
    this.#budget.used += bytes;
  }
}
