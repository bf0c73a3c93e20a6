// From RTP packets to access units, for H.264 (RFC 6184, packetisation modes 0 and 1: single NAL unit, STAP-A, FU-A) and H.265 (RFC 7798
// without DONL: single NAL unit, AP, FU). What both share lives here (sequence, boundaries, loss); what differs is in the two subclasses.
//
// A unit ends at the marker bit, or where the timestamp changes, for cameras that never set it. Some cameras set the marker on the packets
// that carry parameter sets alone; a marker before any slice is therefore no end (`hasPicture`). A unit with a hole in it is not handed on:
// decoders show it as smear, and a recording that holds it cannot say so. The unit after it carries `lossBefore`. Packets that are missing between
// two units may belong to either; the second one goes on only where its first packet shows that it is the first (`startsUnit`).
import { AccessUnit, type AccessUnitSink, type DepacketizerFault, HeapUnitMemory, type UnitMemory } from "./access-unit.ts";
import { type RtpPacket, sequenceDistance } from "./packet.ts";

/** A larger step ahead is a camera that began anew, not packets that were lost (RFC 3550 appendix A.1, MAX_DROPOUT). */
const MOST_DROPOUT = 3_000;

export abstract class Depacketizer {
  protected readonly unit: AccessUnit;
  readonly #sink: AccessUnitSink;
  #expected = -1;
  #lostPackets = 0;
  #damaged = false;
  #lossPending = false;
  #empty = true;

  /** Access units above `mostUnitBytes` are dropped, so that no camera can take the memory of the others. */
  constructor(sink: AccessUnitSink, mostUnitBytes: number, memory: UnitMemory = new HeapUnitMemory()) {
    this.#sink = sink;
    this.unit = new AccessUnit(mostUnitBytes, memory);
  }

  /** Packets that never came, by the sequence numbers of those that did. */
  get lostPackets(): number {
    return this.#lostPackets;
  }

  /** Of the packet that is to come, 16 bits; -1 before the first. */
  get nextSequence(): number {
    return this.#expected;
  }

  /** Takes the payload of one packet of this stream. Answers what was wrong with it, if anything; the stream goes on after a fault. */
  push(packet: RtpPacket, bytes: Uint8Array): DepacketizerFault | undefined {
    let fault: DepacketizerFault | undefined;
    let gap = false;
    if (this.#expected >= 0) {
      const distance = sequenceDistance(this.#expected, packet.sequence);
      if (distance < 0 && distance > -1000) return "late-packet"; // duplicate or reordered; a larger step back is a camera that began anew
      if (distance !== 0) {
        gap = true;
        if (distance > 0 && distance < MOST_DROPOUT) this.#lostPackets += distance;
        this.#lost();
      }
    }
    this.#expected = (packet.sequence + 1) & 0xffff;
    if (!this.#empty && packet.timestamp !== this.unit.timestamp) {
      if (this.unit.nalOpen) {
        fault = "fragment-left-open";
        this.#lost();
      }
      this.#finish();
    }
    if (this.#empty) {
      this.unit.timestamp = packet.timestamp;
      this.#empty = false;
      if (gap) this.#damaged = !this.startsUnit(bytes, packet.payloadStart, packet.payloadEnd);
    }
    if (packet.payloadEnd > packet.payloadStart) {
      const problem = this.readPayload(bytes, packet.payloadStart, packet.payloadEnd);
      if (problem !== undefined) {
        fault = problem;
        this.#lost();
      }
    } else {
      fault ??= "empty-payload"; // seen as keep-alive; harmless
    }
    if (packet.marker && (this.unit.hasPicture || this.#damaged)) {
      if (this.unit.nalOpen) {
        fault ??= "fragment-left-open";
        this.#lost();
      }
      this.#finish();
    }
    return fault;
  }

  /** Whether this payload can only be the first of an access unit: it begins with a NAL unit before which none may stand. */
  protected abstract startsUnit(bytes: Uint8Array, start: number, end: number): boolean;
  protected abstract readPayload(bytes: Uint8Array, start: number, end: number): DepacketizerFault | undefined;
  /** Tells the unit what kind of NAL unit goes into it, by the first byte of that NAL unit. */
  protected abstract noteNal(firstByte: number): void;

  protected appendWhole(bytes: Uint8Array, start: number, end: number): DepacketizerFault | undefined {
    if (!this.unit.beginNal() || !this.unit.append(bytes, start, end)) return "unit-too-large";
    this.unit.endNal();
    this.noteNal(bytes[start]!);
    return undefined;
  }

  /** Aggregation in both payload formats: two bytes of size, then the NAL unit, until the end. */
  protected appendAggregate(bytes: Uint8Array, start: number, end: number): DepacketizerFault | undefined {
    let at = start;
    while (at < end) {
      if (at + 2 > end) return "truncated-aggregation";
      const size = (bytes[at]! << 8) | bytes[at + 1]!;
      at += 2;
      if (size === 0 || at + size > end) return "truncated-aggregation";
      const fault = this.appendWhole(bytes, at, at + size);
      if (fault !== undefined) return fault;
      at += size;
    }
    return undefined;
  }

  #lost(): void {
    this.#damaged = true;
    this.#lossPending = true;
  }

  #finish(): void {
    if (!this.#damaged && this.unit.hasPicture) {
      this.unit.lossBefore = this.#lossPending;
      this.#lossPending = false;
      this.#sink.onAccessUnit(this.unit);
    }
    this.unit.clear();
    this.#damaged = false;
    this.#empty = true;
  }
}
