// G.711 over RTP (RFC 3551 section 4.5.14): each packet's payload is a sample by itself, one byte per sampling instant and channel.
import type { RtpPacket } from "./packet.ts";
import { SampleDepacketizer, type SampleFault } from "./sample-depacketizer.ts";

export class G711Depacketizer extends SampleDepacketizer {
  protected override onLoss(): void {
    return;
  }

  protected override readPayload(packet: RtpPacket, bytes: Uint8Array): SampleFault | undefined {
    this.hand(bytes, packet.payloadStart, packet.payloadEnd, packet.timestamp);
    return undefined;
  }
}
