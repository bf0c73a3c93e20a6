// H.265 over RTP (RFC 7798), without decoding order numbers: sprop-max-don-diff above 0 is used by no camera known to us. PACI packets
// are told as "unsupported-packet-type".
import { Depacketizer } from "./depacketizer.ts";
import type { DepacketizerFault } from "./access-unit.ts";

const TYPE_FIRST_IRAP = 16;
const TYPE_LAST_IRAP = 23;
const TYPE_LAST_SLICE = 31;
const TYPE_VPS = 32;
const TYPE_PPS = 34;
const TYPE_DELIMITER = 35;
const TYPE_AGGREGATION = 48;
const TYPE_FRAGMENT = 49;

export class H265Depacketizer extends Depacketizer {
  // An access unit delimiter is the first NAL unit; a video parameter set has nothing before it but that (ITU-T H.265, 7.4.2.4.4).
  protected override startsUnit(bytes: Uint8Array, start: number, end: number): boolean {
    const at = start < end && ((bytes[start]! >> 1) & 0x3f) === TYPE_AGGREGATION ? start + 4 : start;
    const type = at < end ? (bytes[at]! >> 1) & 0x3f : 0;
    return type === TYPE_DELIMITER || type === TYPE_VPS;
  }

  protected override readPayload(bytes: Uint8Array, start: number, end: number): DepacketizerFault | undefined {
    if (end - start < 2) return "empty-payload";
    const first = bytes[start]!;
    if ((first & 0x80) !== 0) return "forbidden-bit";
    const type = (first >> 1) & 0x3f;
    if (type === TYPE_FRAGMENT) return this.#readFragment(bytes, start, end, first);
    if (this.unit.nalOpen) return "fragment-left-open";
    if (type < TYPE_AGGREGATION) return this.appendWhole(bytes, start, end);
    if (type === TYPE_AGGREGATION) return this.appendAggregate(bytes, start + 2, end);
    return "unsupported-packet-type";
  }

  // |S|E|  FuType   | after the two bytes of payload header (section 4.4.3)
  #readFragment(bytes: Uint8Array, start: number, end: number, first: number): DepacketizerFault | undefined {
    if (end - start < 3) return "empty-payload";
    const fu = bytes[start + 2]!;
    if ((fu & 0x80) !== 0) {
      if (this.unit.nalOpen) return "fragment-left-open";
      const header = (first & 0x81) | ((fu & 0x3f) << 1);
      if (!this.unit.beginNal() || !this.unit.appendByte(header) || !this.unit.appendByte(bytes[start + 1]!)) return "unit-too-large";
      this.noteNal(header);
    } else if (!this.unit.nalOpen) {
      return "fragment-without-start";
    }
    if (!this.unit.append(bytes, start + 3, end)) return "unit-too-large";
    if ((fu & 0x40) !== 0) this.unit.endNal();
    return undefined;
  }

  protected override noteNal(firstByte: number): void {
    const type = (firstByte >> 1) & 0x3f;
    if (type <= TYPE_LAST_SLICE) {
      this.unit.hasPicture = true;
      if (type >= TYPE_FIRST_IRAP && type <= TYPE_LAST_IRAP) this.unit.becomeKey();
    } else if (type >= TYPE_VPS && type <= TYPE_PPS) {
      this.unit.noteParameterSet();
    }
  }
}
