// One access unit (a coded picture with all that belongs to it) under assembly: NAL units, each behind its length in four bytes,
// which is the form that MP4 stores (ISO/IEC 14496-15 section 5.3.2). Payload bytes are copied once, from the socket's buffer to here; the
// length of a fragmented NAL unit is patched when its end is seen. The buffer is kept and grows, so a stream settles at its largest picture.
import { writeUint32 } from "../bytes.ts";

export class AccessUnit {
  /** Only `bytes[0, length)` is meant; borrowed until the sink returns. */
  bytes: Uint8Array = new Uint8Array(16_384);
  length = 0;
  /** RTP timestamp, 32 bits, wraps. */
  timestamp = 0;
  /** Decoding can start here: H.264 IDR, H.265 IRAP. */
  key = false;
  /** Holds coded slices, not parameter sets or SEI alone. */
  hasPicture = false;
  /** Holds a parameter set, which may differ from those in use. */
  hasParameterSets = false;
  /** Packets are known to be missing between the previous access unit and this one. */
  lossBefore = false;

  readonly #mostBytes: number;
  #nalStart = -1;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  clear(): void {
    this.length = 0;
    this.key = false;
    this.hasPicture = false;
    this.hasParameterSets = false;
    this.lossBefore = false;
    this.#nalStart = -1;
  }

  get nalOpen(): boolean {
    return this.#nalStart >= 0;
  }

  /** Begins a NAL unit; false where the access unit would pass its limit. */
  beginNal(): boolean {
    if (!this.#reserve(4)) return false;
    this.#nalStart = this.length;
    this.length += 4;
    return true;
  }

  appendByte(value: number): boolean {
    if (!this.#reserve(1)) return false;
    this.bytes[this.length++] = value;
    return true;
  }

  append(from: Uint8Array, start: number, end: number): boolean {
    const size = end - start;
    if (!this.#reserve(size)) return false;
    // set(subarray) makes a view object, but beats a byte loop above some 100 bytes and copyWithin cannot cross buffers.
    this.bytes.set(from.subarray(start, end), this.length);
    this.length += size;
    return true;
  }

  endNal(): void {
    writeUint32(this.bytes, this.#nalStart, this.length - this.#nalStart - 4);
    this.#nalStart = -1;
  }

  #reserve(more: number): boolean {
    const wanted = this.length + more;
    if (wanted > this.#mostBytes) return false;
    if (wanted > this.bytes.length) {
      const grown = new Uint8Array(Math.min(this.#mostBytes, Math.max(wanted, this.bytes.length * 2)));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    return true;
  }
}

/** Who takes finished access units. The unit is borrowed: copy what must stay before returning. */
export interface AccessUnitSink {
  onAccessUnit(unit: AccessUnit): void;
}

export const DEPACKETIZER_FAULTS = [
  "empty-payload", "forbidden-bit", "unsupported-packet-type", "truncated-aggregation", "fragment-without-start", "fragment-left-open", "unit-too-large", "late-packet",
] as const;
export type DepacketizerFault = (typeof DEPACKETIZER_FAULTS)[number];
