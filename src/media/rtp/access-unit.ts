// One access unit (a coded picture with all that belongs to it) under assembly: NAL units, each behind its length in four bytes,
// which is the form that MP4 stores (ISO/IEC 14496-15 section 5.3.2). Payload bytes are copied once, from the socket's buffer to where they
// are to be written from: the memory is lent by whoever records, and the unit grows at its end. The length of a fragmented NAL unit is patched
// when its end is seen.
import { writeUint32 } from "../bytes.ts";

/** A unit under assembly, which must follow where its bytes are moved. */
export interface UnitUnderWay {
  readonly length: number;
  follow(): void;
}
/** Lends the room for the next access unit: `bytes[start, end)`. */
export interface UnitMemory {
  /** The unit that is put together here from now on. */
  attach(unit: UnitUnderWay): void;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Copies `from[start, end)` to `bytes` from `at` on. */
  put(from: Uint8Array, start: number, end: number, at: number): void;
  /** The unit under way, of which there are `used` bytes, is where something new begins that is written apart from what was before: best moved now, while it is short. */
  separate(used: number): void;
  /**
   * Makes room for `wanted` bytes and moves the first `used` of the unit there; `bytes`, `start` and `end` are then the new ones. Answers false where it
   * will not.
   */
  grow(used: number, wanted: number): boolean;
}

/** Memory of its own, where nothing is recorded: settles at the largest picture. */
export class HeapUnitMemory implements UnitMemory {
  bytes: Uint8Array = new Uint8Array(0);
  readonly start = 0;

  get end(): number {
    return this.bytes.length;
  }

  attach(): void {
    return; // nothing here moves but by `grow`
  }

  put(from: Uint8Array, start: number, end: number, at: number): void {
    this.bytes.set(from.subarray(start, end), at);
  }

  separate(): void {
    return; // nothing is before it
  }

  grow(used: number, wanted: number): boolean {
    const grown = new Uint8Array(Math.max(wanted, this.bytes.length * 2, 16_384));
    grown.set(this.bytes.subarray(0, used));
    this.bytes = grown;
    return true;
  }
}

export class AccessUnit implements UnitUnderWay {
  /** Only `bytes[start, start + length)` is meant; borrowed until the sink returns. */
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  length = 0;
  /** RTP timestamp, 32 bits, wraps. */
  timestamp = 0;
  /** Decoding can start here: H.264 IDR, H.265 IRAP. Set by `becomeKey`. */
  key = false;
  /** Holds coded slices, not parameter sets or SEI alone. */
  hasPicture = false;
  /** Holds a parameter set, which may differ from those in use. Set by `noteParameterSet`. */
  hasParameterSets = false;
  /** Packets are known to be missing between the previous access unit and this one. */
  lossBefore = false;

  readonly #mostBytes: number;
  readonly #memory: UnitMemory;
  #end = 0;
  #nalStart = -1;

  constructor(mostBytes: number, memory: UnitMemory) {
    this.#mostBytes = mostBytes;
    this.#memory = memory;
    memory.attach(this);
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

  /** The memory has moved what there is of this unit. */
  follow(): void {
    this.bytes = this.#memory.bytes;
    this.start = this.#memory.start;
    this.#end = this.#memory.end;
  }

  /** Begins a NAL unit; false where the access unit would pass its limit. */
  beginNal(): boolean {
    if (this.length === 0) this.follow();
    if (!this.#reserve(4)) return false;
    this.#nalStart = this.length;
    this.length += 4;
    return true;
  }

  /** To be told early: the unit moves away from those before it, which is cheap only while it is short. */
  becomeKey(): void {
    if (this.key) return;
    this.key = true;
    this.#separate();
  }

  /** Parameter sets stand before key frames. */
  noteParameterSet(): void {
    if (this.hasParameterSets) return;
    this.hasParameterSets = true;
    this.#separate();
  }

  appendByte(value: number): boolean {
    if (!this.#reserve(1)) return false;
    this.bytes[this.start + this.length++] = value;
    return true;
  }

  append(from: Uint8Array, start: number, end: number): boolean {
    const size = end - start;
    if (!this.#reserve(size)) return false;
    this.#memory.put(from, start, end, this.start + this.length);
    this.length += size;
    return true;
  }

  endNal(): void {
    writeUint32(this.bytes, this.start + this.#nalStart, this.length - this.#nalStart - 4);
    this.#nalStart = -1;
  }

  #separate(): void {
    this.#memory.separate(this.length);
    this.follow();
  }

  #reserve(more: number): boolean {
    const wanted = this.length + more;
    if (wanted > this.#mostBytes) return false;
    if (this.start + wanted > this.#end) {
      if (!this.#memory.grow(this.length, wanted)) return false;
      this.follow();
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
