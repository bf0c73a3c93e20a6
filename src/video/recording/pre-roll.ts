// The last seconds of a camera that records on events, so that a recording begins before its event ([CAM15]). Whole GOPs in memory: what no event needs never reaches a disk, which
// spares the disk its writes and keeps no picture that nobody had a reason to keep. Rejected: a rolling file a camera, as durable as a recording and as costly.
// What waits for the disk may be of several runs, each by a clock of its own: how much is kept goes by the pictures' own lengths, never by the time between two runs.
// The memory is bounded for each process; where it is short, a camera's pre-roll is shorter than asked.
import { copyBytes } from "../../media/bytes.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import { Sample } from "../ingest/video-ingest.ts";
import type { GapCause } from "../ports.ts";
import { isBefore, type RunMoment } from "./run-moment.ts";

/** What lies beside pictures in the same memory, and goes before any of them does. */
export interface SecondRank {
  readonly bytes: number;
  /** The oldest. */
  letGo(bytes: number): void;
}
/** So much at a time, so that who has most is not sought for each picture. */
const LET_GO_BYTES = 256 * 1024;

/** Bytes that are kept, and may be, over all cameras of a process. */
export class PreRollBudget {
  used = 0;
  readonly most: number;
  readonly #secondRank = new Set<SecondRank>();

  constructor(most: number) {
    this.most = most;
  }

  hasRoom(bytes: number): boolean {
    return this.used + bytes <= this.most;
  }

  addSecondRank(one: SecondRank): void {
    this.#secondRank.add(one);
  }

  removeSecondRank(one: SecondRank): void {
    this.#secondRank.delete(one);
  }

  /** Room for pictures, at the cost of whoever keeps most of what is not. */
  makeRoom(bytes: number): void {
    while (!this.hasRoom(bytes) && this.#secondRank.size > 0) {
      let most: SecondRank | undefined;
      for (const one of this.#secondRank) if (most === undefined || one.bytes > most.bytes) most = one;
      most!.letGo(Math.max(LET_GO_BYTES, this.used + bytes - this.most));
    }
  }
}

export interface KeptGop {
  /** Runs are numbered as they come. */
  readonly run: number;
  readonly format: VideoFormat;
  readonly samples: readonly Sample[];
  /** Why the run before it ended, where it begins another. */
  readonly brokenAs: GapCause | undefined;
}
interface OwnGop extends KeptGop {
  readonly samples: Sample[];
  bytes: number;
  /** As long as its pictures show, the last one's own time where another follows it. */
  lengthMs: number;
}

export class PreRoll {
  /** GOPs that `add` let go, in all. */
  lost = 0;
  readonly #budget: PreRollBudget;
  #gops: OwnGop[] = [];

  constructor(budget: PreRollBudget) {
    this.#budget = budget;
  }

  /**
   * Copies the sample. What lies before the last `keepMs` goes, in whole GOPs; nothing of a run is kept before its first key frame. `brokenAs`: the sample is the first of its run, and so ended the one before.
   * Answers where the copy lies.
   */
  add(sample: Sample, format: VideoFormat, keepMs: number, run: number, brokenAs?: GapCause): Pick<Sample, "bytes" | "start"> | undefined {
    const last = this.#gops.at(-1);
    if (last?.run === run) last.lengthMs = sample.wallMs - last.samples[0]!.wallMs;
    if (sample.key) {
      while (this.#gops.length > 0 && this.#gops.slice(1).reduce((sum, { lengthMs }) => sum + lengthMs, 0) >= keepMs) this.#letGo();
    } else if (last?.run !== run) return undefined;
    this.#budget.makeRoom(sample.length);
    while (!this.#budget.hasRoom(sample.length) && this.#gops.length > (sample.key ? 0 : 1)) this.#letGo();
    if (!this.#budget.hasRoom(sample.length)) {
      while (this.#gops.length > 0) this.#letGo(); // a GOP with a hole in it is of no use
      return undefined;
    }
    if (sample.key) this.#gops.push({ run, format, samples: [], brokenAs, bytes: 0, lengthMs: 0 });
    const gop = this.#gops.at(-1)!;
    const copy = copySample(sample);
    gop.samples.push(copy);
    gop.bytes += sample.length;
    this.#budget.used += sample.length;
    return { bytes: copy.bytes, start: copy.start };
  }

  /** What is kept begins with a key frame at or before `from` from now on, as far as it reaches. */
  dropBefore(from: RunMoment): void {
    while (this.#gops.length > 1 && !isBefore(from, startOf(this.#gops[1]!))) this.dropOldest();
  }

  /** No GOP begins later; answers whether one did. */
  dropAfter(until: RunMoment): boolean {
    const before = this.#gops.length;
    while (this.#gops.length > 0 && isBefore(until, startOf(this.#gops.at(-1)!))) this.#budget.used -= this.#gops.pop()!.bytes;
    return this.#gops.length < before;
  }

  findOldest(): KeptGop | undefined {
    return this.#gops[0];
  }

  dropOldest(): void {
    this.#budget.used -= this.#gops.shift()!.bytes;
  }

  /** That of the newest picture. */
  findNewest(): KeptGop | undefined {
    return this.#gops.at(-1);
  }

  clear(): void {
    for (const gop of this.#gops) this.#budget.used -= gop.bytes;
    this.#gops = [];
  }

  #letGo(): void {
    this.dropOldest();
    this.lost++;
  }
}

/** When its first picture shows. */
export const startOf = ({ run, samples }: KeptGop): RunMoment => ({ run, ms: samples[0]!.wallMs });

function copySample(from: Sample): Sample {
  const sample = new Sample();
  sample.bytes = copyBytes(from.bytes, from.start, from.start + from.length);
  sample.length = from.length;
  sample.key = from.key;
  sample.decode90k = from.decode90k;
  sample.composition90k = from.composition90k;
  sample.wallMs = from.wallMs;
  sample.lossBefore = from.lossBefore;
  return sample;
}
