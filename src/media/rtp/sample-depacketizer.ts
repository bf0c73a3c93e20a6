// From RTP packets to the samples of a track beside the pictures: AAC (RFC 3640), G.711 (RFC 3551), ONVIF metadata (ONVIF Streaming Specification section 5.1.2.1). What they
// share is here: order and loss. A sample with a hole in it is not handed on, and the one after it carries `lossBefore`, as with pictures. A sample that lies whole in
// its packet is handed on where it lies; only what is spread over packets is gathered, within a limit.
import { type RtpPacket, sequenceDistance } from "./packet.ts";

/** One sample, borrowed: `bytes[start, end)` until the sink returns. */
export class RtpSample {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** RTP timestamp in the track's clock, 32 bits, wraps. */
  timestamp = 0;
  /** Packets are known to be missing between the sample before and this one. */
  lossBefore = false;
}

export interface RtpSampleSink {
  onRtpSample(sample: RtpSample): void;
}

export const SAMPLE_FAULTS = ["empty-payload", "late-packet", "truncated-headers", "truncated-unit", "interleaved-units", "fragment-without-start", "fragment-left-open", "unit-too-large"] as const;
export type SampleFault = (typeof SAMPLE_FAULTS)[number];

export abstract class SampleDepacketizer {
  readonly #sink: RtpSampleSink;
  readonly #sample = new RtpSample();
  #expected = -1;
  #lossPending = false;

  constructor(sink: RtpSampleSink) {
    this.#sink = sink;
  }

  /** Takes the payload of one packet of this track; answers what was wrong with it, if anything. The track goes on after a fault. */
  push(packet: RtpPacket, bytes: Uint8Array): SampleFault | undefined {
    if (this.#expected >= 0) {
      const distance = sequenceDistance(this.#expected, packet.sequence);
      if (distance < 0 && distance > -1000) return "late-packet"; // a larger step back is a camera that began anew
      if (distance !== 0) {
        this.#lossPending = true;
        this.onLoss();
      }
    }
    this.#expected = (packet.sequence + 1) & 0xffff;
    const fault = packet.payloadEnd > packet.payloadStart ? this.readPayload(packet, bytes) : "empty-payload";
    if (fault !== undefined && fault !== "empty-payload") this.#lossPending = true;
    return fault;
  }

  /** Packets are missing: what is being gathered cannot be finished. */
  protected abstract onLoss(): void;
  protected abstract readPayload(packet: RtpPacket, bytes: Uint8Array): SampleFault | undefined;

  protected hand(bytes: Uint8Array, start: number, end: number, timestamp: number): void {
    const sample = this.#sample;
    sample.bytes = bytes;
    sample.start = start;
    sample.end = end;
    sample.timestamp = timestamp >>> 0;
    sample.lossBefore = this.#lossPending;
    this.#lossPending = false;
    this.#sink.onRtpSample(sample);
  }
}

/** Bytes gathered over packets; grows up to its limit and settles at the largest sample. */
export class Gathering {
  bytes: Uint8Array = new Uint8Array(0);
  length = 0;
  readonly #most: number;

  constructor(mostBytes: number) {
    this.#most = mostBytes;
  }

  /** False where the limit would be passed; then nothing was taken. */
  append(from: Uint8Array, start: number, end: number): boolean {
    const wanted = this.length + end - start;
    if (wanted > this.#most) return false;
    if (wanted > this.bytes.length) {
      const grown = new Uint8Array(Math.min(this.#most, Math.max(wanted, this.bytes.length * 2, 1_024)));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    this.bytes.set(from.subarray(start, end), this.length);
    this.length = wanted;
    return true;
  }
}
