// What a receiver knows of one source by its packets' headers (RFC 3550 appendix A.1, A.3 and A.8): how many were expected and came, and how unevenly. For the
// receiver reports that a UDP sender is owed, and for the camera's health. Counted as packets arrive, before they are put in order.
import type { MonotonicMs } from "../../base/time.ts";
import { sequenceDistance } from "./packet.ts";

/** One report block (RFC 3550 section 6.4.1). */
export interface ReportBlock {
  readonly ssrc: number;
  /** Lost since the last report, of 256. */
  readonly fractionLost: number;
  /** Lost since the beginning; below 0 where packets came twice. 24 bits. */
  readonly cumulativeLost: number;
  /** Highest sequence number, with how often it wrapped above it. */
  readonly highestSequence: number;
  /** In the clock of the RTP timestamps. */
  readonly jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report; 0 where none came. */
  readonly lastSenderReport: number;
  /** Since then, in 1/65536 s. */
  readonly delaySinceSenderReport: number;
}

const MOST_STEP = 1_000;

export class Reception {
  readonly #clockHz: number;
  #ssrc = 0;
  #base = -1;
  #highest = 0;
  #wraps = 0;
  #received = 0;
  #expectedBefore = 0;
  #receivedBefore = 0;
  #jitter = 0;
  #transit = 0;
  #reportMiddle = 0;
  #reportAt: MonotonicMs = 0;

  constructor(clockHz: number) {
    this.#clockHz = clockHz;
  }

  note(ssrc: number, sequence: number, timestamp: number, now: MonotonicMs): void {
    const distance = sequenceDistance(this.#highest, sequence);
    if (this.#base < 0 || ssrc !== this.#ssrc || distance >= MOST_STEP || distance <= -MOST_STEP) {
      this.#begin(ssrc, sequence, timestamp, now);
      return;
    }
    if (distance > 0) {
      if (sequence < this.#highest) this.#wraps++;
      this.#highest = sequence;
    }
    this.#received++;
    const transit = this.#transitOf(timestamp, now);
    const change = Math.abs((transit - this.#transit) | 0);
    this.#transit = transit;
    this.#jitter += (change - this.#jitter) / 16;
  }

  noteSenderReport(ntpMiddle: number, now: MonotonicMs): void {
    this.#reportMiddle = ntpMiddle;
    this.#reportAt = now;
  }

  /** Packets that did not come, less those that came twice. */
  get lost(): number {
    return this.#base < 0 ? 0 : this.#expected() - this.#received;
  }

  get jitterMs(): number {
    return (this.#jitter * 1_000) / this.#clockHz;
  }

  /** The block for the next report, which begins a new interval; undefined where nothing came yet. */
  report(now: MonotonicMs): ReportBlock | undefined {
    if (this.#base < 0) return undefined;
    const expected = this.#expected();
    const expectedNow = expected - this.#expectedBefore;
    const lostNow = expectedNow - (this.#received - this.#receivedBefore);
    this.#expectedBefore = expected;
    this.#receivedBefore = this.#received;
    return {
      ssrc: this.#ssrc,
      fractionLost: expectedNow <= 0 || lostNow <= 0 ? 0 : Math.min(255, Math.floor((lostNow * 256) / expectedNow)),
      cumulativeLost: Math.max(-0x800000, Math.min(0x7fffff, expected - this.#received)),
      highestSequence: ((this.#wraps & 0xffff) * 65_536 + this.#highest) >>> 0,
      jitter: Math.floor(this.#jitter),
      lastSenderReport: this.#reportMiddle,
      delaySinceSenderReport: this.#reportMiddle === 0 ? 0 : Math.min(0xffffffff, Math.round(((now - this.#reportAt) * 65_536) / 1_000)),
    };
  }

  #begin(ssrc: number, sequence: number, timestamp: number, now: MonotonicMs): void {
    this.#ssrc = ssrc;
    this.#base = sequence;
    this.#highest = sequence;
    this.#wraps = 0;
    this.#received = 1;
    this.#expectedBefore = 0;
    this.#receivedBefore = 0;
    this.#jitter = 0;
    this.#transit = this.#transitOf(timestamp, now);
  }

  #expected(): number {
    return this.#wraps * 65_536 + this.#highest - this.#base + 1;
  }

  #transitOf(timestamp: number, now: MonotonicMs): number {
    return (Math.round((now * this.#clockHz) / 1_000) - timestamp) | 0;
  }
}
