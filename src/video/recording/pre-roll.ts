// The last seconds of a camera that records on events, so that a recording begins before its event ([CAM15]). Whole GOPs in memory: what no event needs never reaches a disk, which
// spares the disk its writes and keeps no picture that nobody had a reason to keep. Rejected: a rolling file a camera, as durable as a recording and as costly.
// The memory is bounded for each process; where it is short, a camera's pre-roll is shorter than asked, and `isShort` says so.
import type { WallMs } from "../../base/time.ts";
import { copyBytes } from "../../media/bytes.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import { Sample } from "../ingest/video-ingest.ts";

/** Bytes that are kept, and may be, over all cameras of a process. */
export class PreRollBudget {
  used = 0;
  readonly most: number;
  constructor(most: number) {
    this.most = most;
  }
}

interface KeptGop {
  readonly format: VideoFormat;
  readonly samples: Sample[];
  bytes: number;
}

export class PreRoll {
  /** Something had to go for want of memory since the last `clear`. */
  isShort = false;
  /** GOPs that `add` let go, in all. */
  lost = 0;
  readonly #budget: PreRollBudget;
  #gops: KeptGop[] = [];

  constructor(budget: PreRollBudget) {
    this.#budget = budget;
  }

  /** Copies the sample. What lies before the last `keepMs` goes, in whole GOPs; nothing is kept before the first key frame. Answers where the copy lies. */
  add(sample: Sample, format: VideoFormat, keepMs: number): Pick<Sample, "bytes" | "start"> | undefined {
    if (sample.key) {
      while (this.#gops.length > 0 && (this.#gops[1]?.samples[0] ?? sample).wallMs <= sample.wallMs - keepMs) this.#letGo();
    } else if (this.#gops.length === 0) return undefined;
    while (this.#budget.used + sample.length > this.#budget.most && this.#gops.length > (sample.key ? 0 : 1)) this.#shorten();
    if (this.#budget.used + sample.length > this.#budget.most) {
      while (this.#gops.length > 0) this.#shorten(); // a GOP with a hole in it is of no use
      return undefined;
    }
    if (sample.key) this.#gops.push({ format, samples: [], bytes: 0 });
    const gop = this.#gops.at(-1)!;
    const copy = copySample(sample);
    gop.samples.push(copy);
    gop.bytes += sample.length;
    this.#budget.used += sample.length;
    return { bytes: copy.bytes, start: copy.start };
  }

  /** What is kept begins with a key frame at or before `fromMs` from now on, as far as it reaches. */
  dropBefore(fromMs: WallMs): void {
    while (this.#gops.length > 1 && this.#gops[1]!.samples[0]!.wallMs <= fromMs) this.dropOldest();
  }

  findOldest(): { readonly format: VideoFormat; readonly samples: readonly Sample[] } | undefined {
    return this.#gops[0];
  }

  dropOldest(): void {
    this.#budget.used -= this.#gops.shift()!.bytes;
  }

  /** The GOP that is running, for whoever begins to watch. */
  listRunningGop(): readonly Sample[] {
    return [...(this.#gops.at(-1)?.samples ?? [])];
  }

  clear(): void {
    for (const gop of this.#gops) this.#budget.used -= gop.bytes;
    this.#gops = [];
    this.isShort = false;
  }

  #shorten(): void {
    this.#letGo();
    this.isShort = true;
  }

  #letGo(): void {
    this.dropOldest();
    this.lost++;
  }
}

function copySample(from: Sample): Sample {
  const sample = new Sample();
  sample.bytes = copyBytes(from.bytes, from.start, from.start + from.length);
  sample.length = from.length;
  sample.key = from.key;
  sample.decode90k = from.decode90k;
  sample.composition90k = from.composition90k;
  sample.wallMs = from.wallMs;
  return sample;
}
