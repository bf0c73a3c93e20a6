// Fragments (ISO/IEC 14496-12 section 8.8): moof and mdat. Two makers: `encodeSampleFragment` for live viewers, one picture each, and `FragmentTable` for
// the disk, about half a second each, whose boxes are written into room that was left before the samples: samples are never moved for them. A stored
// fragment begins with a producer reference time box (section 8.16.5), so that a file alone tells the wall time of every fragment in it.
import { TRACK_ID } from "./init-segment.ts";
import { readUint32, readUint64, writeUint32, writeUint64 } from "../bytes.ts";

/** Before the moof of a stored fragment. */
export const PRFT_BYTES = 32;
export const MOOF_FIXED_BYTES = 8 + 16 + 8 + 16 + 20 + 20; // moof, mfhd, traf, tfhd, tfdt, trun
const TFDT_AT = 8 + 16 + 8 + 16; // in a moof
const SAMPLE_ENTRY_BYTES = 16;
const FLAGS_KEY = 0x02000000; // depends on no other
const FLAGS_DELTA = 0x01010000; // depends on others, no sync sample
const NTP_EPOCH_SECONDS = 2_208_988_800;

/** One picture as a fragment. Times and durations in 90 kHz; `composition90k` is presentation minus decoding time. */
export function encodeSampleFragment(
  sequence: number, decode90k: number, duration90k: number, composition90k: number, key: boolean, bytes: Uint8Array, start: number, length: number,
): Uint8Array {
  const moofBytes = MOOF_FIXED_BYTES + SAMPLE_ENTRY_BYTES;
  const out = new Uint8Array(moofBytes + 8 + length);
  const at = writeMoofStart(out, 0, sequence, decode90k, 1, moofBytes + 8);
  writeUint32(out, at, duration90k);
  writeUint32(out, at + 4, length);
  writeUint32(out, at + 8, key ? FLAGS_KEY : FLAGS_DELTA);
  writeUint32(out, at + 12, composition90k);
  writeUint32(out, moofBytes, 8 + length);
  writeType(out, moofBytes + 4, 0x6d646174); // mdat
  out.set(bytes.subarray(start, start + length), moofBytes + 8);
  return out;
}

export const MOST_FRAGMENT_SAMPLES = 64;
/** Room that a stored fragment's boxes need before its samples, however many these are. */
export const FRAGMENT_HEAD_BYTES = PRFT_BYTES + MOOF_FIXED_BYTES + MOST_FRAGMENT_SAMPLES * SAMPLE_ENTRY_BYTES + 8;
const SMALLEST_BOX = 8;

/** The table of the samples of one stored fragment to come. The samples' bytes are the caller's, one after the other. */
export class FragmentTable {
  count = 0;
  dataBytes = 0;
  /** Decoding time of the first sample, 90 kHz since the run began. */
  start90k = 0;
  startWallMs = 0;
  startsWithKey = false;

  readonly #sizes = new Uint32Array(MOST_FRAGMENT_SAMPLES);
  readonly #durations = new Uint32Array(MOST_FRAGMENT_SAMPLES);
  readonly #compositions = new Int32Array(MOST_FRAGMENT_SAMPLES);
  readonly #keys = new Uint8Array(MOST_FRAGMENT_SAMPLES);

  /** Adds a sample; at most MOST_FRAGMENT_SAMPLES. Its duration is 0 until `setLastDuration`. */
  add(length: number, decode90k: number, composition90k: number, key: boolean, wallMs: number): void {
    if (this.count === 0) {
      this.start90k = decode90k;
      this.startWallMs = wallMs;
      this.startsWithKey = key;
    }
    this.#sizes[this.count] = length;
    this.#durations[this.count] = 0;
    this.#compositions[this.count] = composition90k;
    this.#keys[this.count] = key ? 1 : 0;
    this.dataBytes += length;
    this.count++;
  }

  setLastDuration(duration90k: number): void {
    this.#durations[this.count - 1] = duration90k;
  }

  /** Sum of the durations known so far, 90 kHz. */
  duration90k(): number {
    let sum = 0;
    for (let i = 0; i < this.count; i++) sum += this.#durations[i]!;
    return sum;
  }

  clear(): void {
    this.count = 0;
    this.dataBytes = 0;
    this.startsWithKey = false;
  }

  /** Writes the boxes so that the samples' data, which begin at `dataStart`, are the fragment's; FRAGMENT_HEAD_BYTES before it are written over, a free box filling what is left. */
  writeHead(out: Uint8Array, dataStart: number, sequence: number): void {
    const moofBytes = MOOF_FIXED_BYTES + this.count * SAMPLE_ENTRY_BYTES;
    const fillerBytes = (MOST_FRAGMENT_SAMPLES - this.count) * SAMPLE_ENTRY_BYTES;
    let at = dataStart - FRAGMENT_HEAD_BYTES;
    writeReferenceTime(out, at, this.startWallMs, this.start90k);
    at = writeMoofStart(out, at + PRFT_BYTES, sequence, this.start90k, this.count, moofBytes + fillerBytes + 8);
    for (let i = 0; i < this.count; i++) {
      writeUint32(out, at, this.#durations[i]!);
      writeUint32(out, at + 4, this.#sizes[i]!);
      writeUint32(out, at + 8, this.#keys[i] === 1 ? FLAGS_KEY : FLAGS_DELTA);
      writeUint32(out, at + 12, this.#compositions[i]!);
      at += SAMPLE_ENTRY_BYTES;
    }
    writeFree(out, at, fillerBytes);
    writeUint32(out, dataStart - 8, 8 + this.dataBytes);
    writeType(out, dataStart - 4, 0x6d646174);
  }
}

/** Moves a stored fragment (prft and moof, whole, at `bytes[at]`) in time and numbers it anew, in place. Answers the bytes gone over; undefined where this is no fragment of our form. */
export function moveFragment(bytes: Uint8Array, at: number, sequence: number, shift90k: number): number | undefined {
  const moof = at + PRFT_BYTES;
  if (readUint32(bytes, at + 4) !== 0x70726674 || readUint32(bytes, at) !== PRFT_BYTES || readUint32(bytes, moof + 4) !== 0x6d6f6f66) return undefined;
  const moofBytes = readUint32(bytes, moof);
  if (moofBytes < MOOF_FIXED_BYTES || moof + moofBytes > bytes.length || readUint32(bytes, moof + TFDT_AT + 4) !== 0x74666474) return undefined;
  const time90k = readUint64(bytes, moof + TFDT_AT + 12) + shift90k;
  if (time90k < 0) return undefined;
  writeUint64(bytes, at + 24, time90k);
  writeUint32(bytes, moof + 20, sequence);
  writeUint64(bytes, moof + TFDT_AT + 12, time90k);
  return PRFT_BYTES + moofBytes;
}

/** Samples of a stored fragment's moof at `bytes[at]`, which must be whole. */
export function countMoofSamples(bytes: Uint8Array, at: number): number {
  return readUint32(bytes, at + MOOF_FIXED_BYTES - 8);
}

/** Makes the last sample of a stored fragment's moof at `bytes[at]` last longer, in place. */
export function stretchLastSample(bytes: Uint8Array, at: number, by90k: number): void {
  const entry = at + MOOF_FIXED_BYTES + (countMoofSamples(bytes, at) - 1) * SAMPLE_ENTRY_BYTES;
  writeUint32(bytes, entry, Math.min(0xffffffff, readUint32(bytes, entry) + by90k));
}

/** A free box (ISO/IEC 14496-12 section 8.1.2) of `size` bytes, none for 0. What is in it stays as it is. */
export function writeFree(out: Uint8Array, at: number, size: number): void {
  if (size === 0) return;
  if (size < SMALLEST_BOX) throw new RangeError(`a free box of ${size} bytes, expected 0 or at least ${SMALLEST_BOX}`);
  writeUint32(out, at, size);
  writeType(out, at + 4, 0x66726565);
}

/** How many bytes from `length` on to a multiple of `block`, such that a free box fills them. */
export function paddingTo(block: number, length: number): number {
  const rest = (block - (length % block)) % block;
  return rest === 0 || rest >= SMALLEST_BOX ? rest : rest + block;
}

/** prft version 1: reference track, NTP time, media time. */
export function writeReferenceTime(out: Uint8Array, at: number, wallMs: number, start90k: number): void {
  writeUint32(out, at, PRFT_BYTES);
  writeType(out, at + 4, 0x70726674);
  writeUint32(out, at + 8, 0x01000018); // version 1, flags 24: the time at which the sample was captured, as well as is known
  writeUint32(out, at + 12, TRACK_ID);
  const seconds = Math.floor(wallMs / 1000);
  writeUint32(out, at + 16, seconds + NTP_EPOCH_SECONDS);
  writeUint32(out, at + 20, Math.min(4294967295, Math.round(((wallMs - seconds * 1000) / 1000) * 4294967296)));
  writeUint64(out, at + 24, start90k);
}

/** Everything of the moof but the sample entries; answers the offset of the first entry. `dataOffset` is from the moof's first byte to the samples'. */
function writeMoofStart(out: Uint8Array, start: number, sequence: number, decode90k: number, samples: number, dataOffset: number): number {
  const moofBytes = MOOF_FIXED_BYTES + samples * SAMPLE_ENTRY_BYTES;
  let at = writeBoxStart(out, start, moofBytes, 0x6d6f6f66); // moof
  at = writeBoxStart(out, at, 16, 0x6d666864); // mfhd
  writeUint32(out, at + 4, sequence);
  at = writeBoxStart(out, at + 8, moofBytes - 24, 0x74726166); // traf
  at = writeBoxStart(out, at, 16, 0x74666864); // tfhd
  writeUint32(out, at, 0x020000); // default-base-is-moof
  writeUint32(out, at + 4, TRACK_ID);
  at = writeBoxStart(out, at + 8, 20, 0x74666474); // tfdt
  writeUint32(out, at, 0x01000000);
  writeUint64(out, at + 4, decode90k);
  at = writeBoxStart(out, at + 12, 20 + samples * SAMPLE_ENTRY_BYTES, 0x7472756e); // trun
  writeUint32(out, at, 0x01000f01); // version 1 (signed composition offsets); data offset, duration, size, flags, composition
  writeUint32(out, at + 4, samples);
  writeUint32(out, at + 8, dataOffset);
  return at + 12;
}

function writeBoxStart(out: Uint8Array, at: number, size: number, type: number): number {
  writeUint32(out, at, size);
  writeType(out, at + 4, type);
  return at + 8;
}

function writeType(out: Uint8Array, at: number, type: number): void {
  writeUint32(out, at, type);
}
