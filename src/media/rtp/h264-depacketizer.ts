// H.264 over RTP (RFC 6184). Modes 0 and 1 only: mode 2 (interleaved: STAP-B, MTAP, FU-B) is used by no camera known to us and is told
// as "unsupported-packet-type".
import { Depacketizer } from "./depacketizer.ts";
import type { DepacketizerFault } from "./access-unit.ts";

const TYPE_IDR = 5;
const TYPE_SPS = 7;
const TYPE_PPS = 8;
const TYPE_DELIMITER = 9;
const TYPE_STAP_A = 24;
const TYPE_FU_A = 28;

export class H264Depacketizer extends Depacketizer {
  // An access unit delimiter is the first NAL unit; a sequence parameter set has nothing before it but that (ITU-T H.264, 7.4.1.2.3).
  protected override startsUnit(bytes: Uint8Array, start: number, end: number): boolean {
    const at = start < end && (bytes[start]! & 0x1f) === TYPE_STAP_A ? start + 3 : start;
    const type = at < end ? bytes[at]! & 0x1f : 0;
    return type === TYPE_DELIMITER || type === TYPE_SPS;
  }

  protected override readPayload(bytes: Uint8Array, start: number, end: number): DepacketizerFault | undefined {
    const header = bytes[start]!;
    if ((header & 0x80) !== 0) return "forbidden-bit";
    const type = header & 0x1f;
    if (type === TYPE_FU_A) return this.#readFragment(bytes, start, end, header);
    if (this.unit.nalOpen) return "fragment-left-open";
    if (type >= 1 && type <= 23) return this.appendWhole(bytes, start, end);
    if (type === TYPE_STAP_A) return this.appendAggregate(bytes, start + 1, end);
    return "unsupported-packet-type";
  }

  // |S|E|R|  type   | after the indicator (section 5.8)
  #readFragment(bytes: Uint8Array, start: number, end: number, indicator: number): DepacketizerFault | undefined {
    if (end - start < 2) return "empty-payload";
    const fu = bytes[start + 1]!;
    if ((fu & 0x80) !== 0) {
      if (this.unit.nalOpen) return "fragment-left-open";
      const header = (indicator & 0xe0) | (fu & 0x1f);
      if (!this.unit.beginNal() || !this.unit.appendByte(header)) return "unit-too-large";
      this.noteNal(header);
    } else if (!this.unit.nalOpen) {
      return "fragment-without-start";
    }
    if (!this.unit.append(bytes, start + 2, end)) return "unit-too-large";
    if ((fu & 0x40) !== 0) this.unit.endNal();
    return undefined;
  }

  protected override noteNal(firstByte: number): void {
    const type = firstByte & 0x1f;
    if (type >= 1 && type <= TYPE_IDR) {
      this.unit.hasPicture = true;
      if (type === TYPE_IDR) this.unit.becomeKey();
    } else if (type === TYPE_SPS || type === TYPE_PPS) {
      this.unit.noteParameterSet();
    }
  }
}
