// AAC over RTP, mode AAC-hbr (RFC 3640 section 3.3.6): several access units in a packet, or one spread over several packets of the same timestamp.
//
// | AU-headers-length (16, in bits) | size (13) index (3) | size (13) delta (3) | ... | units, one behind another |
//
// An index or delta above 0 means that units are interleaved in time, which no camera does; it is told and the packet left out.
import type { RtpPacket } from "./packet.ts";
import { Gathering, type RtpSampleSink, SampleDepacketizer, type SampleFault } from "./sample-depacketizer.ts";

/** A size has 13 bits. */
const MOST_UNIT_BYTES = 8_191;

export class AacDepacketizer extends SampleDepacketizer {
  readonly #samplesPerFrame: number;
  readonly #gathering = new Gathering(MOST_UNIT_BYTES);
  /** Bytes that the unit being gathered will have; 0 where none is. */
  #wanted = 0;
  #timestamp = 0;

  /** `samplesPerFrame` in the clock of the RTP timestamps: the time from one unit of a packet to the next. */
  constructor(sink: RtpSampleSink, samplesPerFrame: number) {
    super(sink);
    this.#samplesPerFrame = samplesPerFrame;
  }

  protected override onLoss(): void {
    this.#wanted = 0;
    this.#gathering.length = 0;
  }

  protected override readPayload(packet: RtpPacket, bytes: Uint8Array): SampleFault | undefined {
    const { payloadStart: start, payloadEnd: end } = packet;
    if (end - start < 4) return this.#drop("truncated-headers");
    const headerBits = (bytes[start]! << 8) | bytes[start + 1]!;
    const units = headerBits >> 4;
    let at = start + 2 + units * 2;
    if (units === 0 || (headerBits & 15) !== 0 || at > end) return this.#drop("truncated-headers");
    const first = (bytes[start + 2]! << 8) | bytes[start + 3]!;
    if (this.#wanted > 0) return this.#goOn(packet, bytes, at, first >> 3, units);
    if (units === 1 && first >> 3 > end - at) return this.#begin(packet, bytes, at, first >> 3);
    for (let i = 0; i < units; i++) {
      const header = (bytes[start + 2 + i * 2]! << 8) | bytes[start + 3 + i * 2]!;
      const size = header >> 3;
      if ((header & 7) !== 0) return "interleaved-units";
      if (size === 0 || at + size > end) return "truncated-unit";
      this.hand(bytes, at, at + size, packet.timestamp + i * this.#samplesPerFrame);
      at += size;
    }
    return undefined;
  }

  #begin(packet: RtpPacket, bytes: Uint8Array, at: number, size: number): SampleFault | undefined {
    if (packet.marker) return "truncated-unit"; // the marker says that the unit ends here
    this.#wanted = size;
    this.#timestamp = packet.timestamp;
    this.#gathering.length = 0;
    this.#gathering.append(bytes, at, packet.payloadEnd);
    return undefined;
  }

  // Each fragment repeats the header with the size of the whole unit (section 3.2.3.1).
  #goOn(packet: RtpPacket, bytes: Uint8Array, at: number, size: number, units: number): SampleFault | undefined {
    if (packet.timestamp !== this.#timestamp || units !== 1 || size !== this.#wanted) {
      this.#drop("fragment-left-open");
      return this.readPayload(packet, bytes) ?? "fragment-left-open";
    }
    if (this.#gathering.length + packet.payloadEnd - at > this.#wanted) return this.#drop("unit-too-large");
    this.#gathering.append(bytes, at, packet.payloadEnd);
    if (this.#gathering.length === this.#wanted) {
      this.#wanted = 0;
      this.hand(this.#gathering.bytes, 0, this.#gathering.length, this.#timestamp);
      return undefined;
    }
    return packet.marker ? this.#drop("truncated-unit") : undefined;
  }

  #drop(fault: SampleFault): SampleFault {
    this.onLoss();
    return fault;
  }
}
