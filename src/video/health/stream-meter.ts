// What a stream that runs tells about itself, without decoding ([HLT1] in SPEC.md): frame rate, bit rate, distance of key frames, packets lost, how long its
// pictures have had next to nothing in them, how often it broke off. A picture costs a few additions; the rest is done when the tick asks, every 5 s.
import type { MonotonicMs } from "../../base/time.ts";

const KEY_INTERVALS = 9;
/** Loss is told over so many measurements: a minute. */
const LOSS_WINDOWS = 12;
/** A picture of less than this share of the last key frame, or of these few bytes, has nothing new in it: an encoder's word for "as before". */
const STILL_SHARE = 1 / 500;
const STILL_BYTES = 64;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MOST_BREAKS = 2_000;

export class StreamMeter {
  framesPerSecond: number | null = null;
  bitsPerSecond: number | null = null;
  #measuredAt: MonotonicMs;
  #frames = 0;
  #bytes = 0;
  #keyBytes = 0;
  #lastKey90k = -1;
  /** The last intervals, as a ring. */
  readonly #intervals90k = new Float64Array(KEY_INTERVALS);
  #intervals = 0;
  #livelyAt: MonotonicMs;
  #lastFrameAt: MonotonicMs;
  readonly #lost = new Float64Array(LOSS_WINDOWS);
  readonly #expected = new Float64Array(LOSS_WINDOWS);
  #windows = 0;
  #lostBefore = 0;
  #sequenceBefore = -1;
  #breaks: MonotonicMs[] = [];

  constructor(now: MonotonicMs) {
    this.#measuredAt = now;
    this.#livelyAt = now;
    this.#lastFrameAt = now;
  }

  /** `decode90k` is media time within the run. */
  noteFrame(bytes: number, key: boolean, decode90k: number, now: MonotonicMs): void {
    this.#frames++;
    this.#bytes += bytes;
    this.#lastFrameAt = now;
    if (key) {
      this.#keyBytes = bytes;
      if (this.#lastKey90k >= 0) this.#intervals90k[this.#intervals++ % KEY_INTERVALS] = decode90k - this.#lastKey90k;
      this.#lastKey90k = decode90k;
    } else if (bytes > STILL_BYTES && bytes > this.#keyBytes * STILL_SHARE) this.#livelyAt = now;
  }

  /** Each 5 s or so while a session lasts. `nextSequence` 16 bits, -1 before the first packet; `lostPackets` since the session began. */
  measure(now: MonotonicMs, lostPackets: number, nextSequence: number): void {
    const passed = now - this.#measuredAt;
    if (passed < 5_000) return;
    this.#measuredAt = now;
    this.framesPerSecond = Math.round((this.#frames * 10_000) / passed) / 10;
    this.bitsPerSecond = Math.round((this.#bytes * 8_000) / passed);
    this.#frames = 0;
    this.#bytes = 0;
    if (nextSequence < 0) return;
    if (this.#sequenceBefore >= 0) {
      const at = this.#windows++ % LOSS_WINDOWS;
      this.#lost[at] = lostPackets - this.#lostBefore;
      this.#expected[at] = Math.max((nextSequence - this.#sequenceBefore) & 0xffff, this.#lost[at]!);
    }
    this.#lostBefore = lostPackets;
    this.#sequenceBefore = nextSequence;
  }

  /** A new run: media time begins anew, and the numbers of its packets too. */
  beginRun(now: MonotonicMs): void {
    this.#lastKey90k = -1;
    this.#sequenceBefore = -1;
    this.#lostBefore = 0;
    this.#livelyAt = now;
    this.#lastFrameAt = now;
  }

  /** No session, so nothing is measured. */
  endRun(): void {
    this.framesPerSecond = null;
    this.bitsPerSecond = null;
    this.#frames = 0;
    this.#bytes = 0;
    this.#intervals = 0;
    this.#windows = 0;
    this.#lost.fill(0);
    this.#expected.fill(0);
    this.#keyBytes = 0;
  }

  /** A session that had pictures broke off, not by our will. */
  noteBreak(now: MonotonicMs): void {
    if (this.#breaks.length === MOST_BREAKS) this.#breaks.shift();
    this.#breaks.push(now);
  }

  /** The middle one of the last. */
  get keyIntervalMs(): number | null {
    const count = Math.min(this.#intervals, KEY_INTERVALS);
    if (count === 0) return null;
    return Math.round(this.#intervals90k.slice(0, count).sort()[count >> 1]! / 90);
  }

  get lossShare(): number | null {
    const expected = this.#expected.reduce((sum, one) => sum + one, 0);
    return expected === 0 ? null : this.#lost.reduce((sum, one) => sum + one, 0) / expected;
  }

  /** How long no picture but key frames has had anything new in it; pictures that do not come are another fault. */
  get stillMs(): number {
    return Math.max(0, Math.round(this.#lastFrameAt - this.#livelyAt));
  }

  countBreaks(now: MonotonicMs): { readonly hour: number; readonly day: number } {
    const firstOfDay = this.#breaks.findIndex((at) => now - at < DAY_MS);
    if (firstOfDay !== 0) this.#breaks = firstOfDay < 0 ? [] : this.#breaks.slice(firstOfDay);
    let hour = 0;
    for (let i = this.#breaks.length - 1; i >= 0 && now - this.#breaks[i]! < HOUR_MS; i--) hour++;
    return { hour, day: this.#breaks.length };
  }
}
