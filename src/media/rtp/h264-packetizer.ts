// H.264 to RTP (RFC 6184, mode 1), the sender's side: our camera simulator and the tests speak it. A NAL unit that fits goes alone, a
// larger one as FU-A. An access unit becomes one piece of bytes with all its packets, each framed for interleaved TCP (RFC 2326 section
// 10.12), so that a server makes one write per picture.
import { RTP_HEADER_BYTES, encodeRtpHeader } from "./packet.ts";

export interface H264PacketizerOptions {
  readonly payloadType: number;
  readonly ssrc: number;
  readonly firstSequence: number;
  /** Interleaved channel of the RTP packets. */
  readonly channel: number;
  /** RTP payload at most; 1400 suits Ethernet, and TCP bears up to 65523. */
  readonly mostPayloadBytes: number;
}

export class H264Packetizer {
  packets = 0;
  octets = 0;
  readonly #options: H264PacketizerOptions;
  #sequence: number;

  constructor(options: H264PacketizerOptions) {
    if (options.mostPayloadBytes < 3 || options.mostPayloadBytes > 65_523) {
      throw new RangeError(`mostPayloadBytes: ${options.mostPayloadBytes}, expected 3 to 65523`);
    }
    this.#options = options;
    this.#sequence = options.firstSequence & 0xffff;
  }

  /** Sequence number of the next packet, as RTP-Info wants it. */
  get nextSequence(): number {
    return this.#sequence;
  }

  /** Interleaved frames of one access unit, the marker on the last. `nals` are bare NAL units; `timestamp` is the 90 kHz RTP time. */
  packetize(nals: readonly Uint8Array[], timestamp: number): Uint8Array {
    const most = this.#options.mostPayloadBytes;
    const frame = 4 + RTP_HEADER_BYTES;
    let size = 0;
    for (const nal of nals) {
      if (nal.length <= most) size += frame + nal.length;
      else size += Math.ceil((nal.length - 1) / (most - 2)) * (frame + 2) + nal.length - 1;
    }
    const out = new Uint8Array(size);
    let at = 0;
    for (let i = 0; i < nals.length; i++) {
      const nal = nals[i]!;
      const last = i === nals.length - 1;
      if (nal.length <= most) {
        at = this.#begin(out, at, nal.length, last, timestamp);
        out.set(nal, at);
        at += nal.length;
        continue;
      }
      for (let from = 1; from < nal.length; from += most - 2) {
        const to = Math.min(nal.length, from + most - 2);
        const ends = to === nal.length;
        at = this.#begin(out, at, 2 + to - from, last && ends, timestamp);
        out[at] = (nal[0]! & 0xe0) | 28;
        out[at + 1] = (from === 1 ? 0x80 : 0) | (ends ? 0x40 : 0) | (nal[0]! & 0x1f);
        out.set(nal.subarray(from, to), at + 2);
        at += 2 + to - from;
      }
    }
    return out;
  }

  #begin(out: Uint8Array, at: number, payloadBytes: number, marker: boolean, timestamp: number): number {
    const size = RTP_HEADER_BYTES + payloadBytes;
    out[at] = 0x24;
    out[at + 1] = this.#options.channel;
    out[at + 2] = size >>> 8;
    out[at + 3] = size;
    const next = encodeRtpHeader(out, at + 4, this.#options.payloadType, marker, this.#sequence, timestamp >>> 0, this.#options.ssrc);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.packets++;
    this.octets += payloadBytes;
    return next;
  }
}
