// ONVIF metadata over RTP (ONVIF Streaming Specification section 5.1.2.1.1): an XML document is cut into packets anywhere, and the marker is on its last one. Gathered to the marker,
// or to the next timestamp for cameras that never set it, within a limit. After a hole everything up to the next end is left out: a
// packet does not tell whether it begins a document.
import type { RtpPacket } from "./packet.ts";
import { Gathering, type RtpSampleSink, SampleDepacketizer, type SampleFault } from "./sample-depacketizer.ts";

export class MetadataDepacketizer extends SampleDepacketizer {
  readonly #gathering: Gathering;
  #timestamp = 0;
  /** The rest of this document is passed over. */
  #damaged = false;
  #open = false;

  constructor(sink: RtpSampleSink, mostDocumentBytes: number) {
    super(sink);
    this.#gathering = new Gathering(mostDocumentBytes);
  }

  protected override onLoss(): void {
    this.#damaged = true;
    this.#open = true;
    this.#timestamp = -1; // of the packets that are missing nothing is known
  }

  protected override readPayload(packet: RtpPacket, bytes: Uint8Array): SampleFault | undefined {
    if (this.#open && this.#timestamp === -1) this.#timestamp = packet.timestamp;
    if (this.#open && packet.timestamp !== this.#timestamp) this.#finish();
    this.#open = true;
    this.#timestamp = packet.timestamp;
    let fault: SampleFault | undefined;
    if (!this.#damaged && !this.#gathering.append(bytes, packet.payloadStart, packet.payloadEnd)) {
      this.#damaged = true;
      fault = "unit-too-large";
    }
    if (packet.marker) this.#finish();
    return fault;
  }

  #finish(): void {
    if (!this.#damaged && this.#gathering.length > 0) this.hand(this.#gathering.bytes, 0, this.#gathering.length, this.#timestamp);
    this.#gathering.length = 0;
    this.#damaged = false;
    this.#open = false;
  }
}
