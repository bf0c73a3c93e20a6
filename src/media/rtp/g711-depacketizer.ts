// G.711 over RTP (RFC 3551 section 4.5.14): each packet's payload is a sample by itself, one byte per sampling instant and channel. One that ends within a sampling instant is left out: what
// follows it would be heard with its channels changed about.
import type { RtpPacket } from "./packet.ts";
import { type RtpSampleSink, SampleDepacketizer, type SampleFault } from "./sample-depacketizer.ts";

export class G711Depacketizer extends SampleDepacketizer {
  readonly #channels: number;

  constructor(sink: RtpSampleSink, channels: number) {
    super(sink);
    this.#channels = channels;
  }

  protected override onLoss(): void {
    return;
  }

  protected override readPayload(packet: RtpPacket, bytes: Uint8Array): SampleFault | undefined {
    if ((packet.payloadEnd - packet.payloadStart) % this.#channels !== 0) return "truncated-unit";
    this.hand(bytes, packet.payloadStart, packet.payloadEnd, packet.timestamp);
    return undefined;
  }
}
