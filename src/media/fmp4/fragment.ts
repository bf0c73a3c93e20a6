// Fragments (ISO/IEC 14496-12 section 8.8): moof and mdat. Two makers: `encodeSampleFragment` for live viewers, one picture each, and `FragmentAssembly` for
// the disk, about half a second each, which has a header of its own so that header and samples go out in one vectored write. A stored
// fragment begins with a producer reference time box (section 8.16.5), so that a file alone tells the wall time of every fragment in it.
import { TRACK_ID } from "./init-segment.ts";
import { writeUint32, writeUint64 } from "../bytes.ts";

const PRFT_BYTES = 32;
const MOOF_FIXED_BYTES = 8 + 16 + 8 + 16 + 20 + 20; // moof, mfhd, traf, tfhd, tfdt, trun
const SAMPLE_ENTRY_BYTES = 16;
const FLAGS_KEY = 0x02000000; // depends on no other
const FLAGS_DELTA = 0x01010000; // depends on others, no sync sample
const NTP_EPOCH_SECONDS = 2_208_988_800;

/** One picture as a fragment. Times and durations in 90 kHz; `composition90k` is presentation minus decoding time. */
export function encodeSampleFragment(
  sequence: number, decode90k: number, duration90k: number, composition90k: number, key: boolean, bytes: Uint8Array, length: number,
): Uint8Array {
  const moofBytes = MOOF_FIXED_BYTES + SAMPLE_ENTRY_BYTES;
  const out = new Uint8Array(moofBytes + 8 + length);
  const at = writeMoofStart(out, 0, sequence, decode90k, 1);
  writeUint32(out, at, duration90k);
  writeUint32(out, at + 4, length);
  writeUint32(out, at + 8, key ? FLAGS_KEY : FLAGS_DELTA);
  writeUint32(out, at + 12, composition90k);
  writeUint32(out, moofBytes, 8 + length);
  writeType(out, moofBytes + 4, 0x6d646174); // mdat
  out.set(bytes.subarray(0, length), moofBytes + 8);
  return out;
}

/** Samples of one fragment to come. Filled by `append`, emptied by `take`; the arrays grow to the largest fragment and stay. */
export class FragmentAssembly {
  /** Samples appended since the last `take`. */
  count = 0;
  dataLength = 0;
  /** Decoding time of the first sample, 90 kHz since the run began. */
  start90k = 0;
  startWallMs = 0;
  startsWithKey = false;

  #data: Uint8Array = new Uint8Array(0);
  #sizes = new Uint32Array(64);
  #durations = new Uint32Array(64);
  #compositions = new Int32Array(64);
  #keys = new Uint8Array(64);

  /** Adds a sample. Its duration is 0 until `setLastDuration`. */
  append(bytes: Uint8Array, length: number, decode90k: number, composition90k: number, key: boolean, wallMs: number): void {
    if (this.count === 0) {
      this.start90k = decode90k;
      this.startWallMs = wallMs;
      this.startsWithKey = key;
    }
    if (this.count === this.#sizes.length) this.#growSamples();
    if (this.dataLength + length > this.#data.length) {
      const grown = new Uint8Array(Math.max(this.dataLength + length, this.#data.length * 2, 65_536));
      grown.set(this.#data.subarray(0, this.dataLength));
      this.#data = grown;
    }
    this.#data.set(bytes.subarray(0, length), this.dataLength);
    this.#sizes[this.count] = length;
    this.#durations[this.count] = 0;
    this.#compositions[this.count] = composition90k;
    this.#keys[this.count] = key ? 1 : 0;
    this.dataLength += length;
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

  /** Header (prft, moof, mdat's own header) and samples, which belong to the caller from now on. The next fragment gets a buffer of the same size. */
  take(sequence: number): { readonly header: Uint8Array; readonly data: Uint8Array } {
    const moofBytes = MOOF_FIXED_BYTES + this.count * SAMPLE_ENTRY_BYTES;
    const header = new Uint8Array(PRFT_BYTES + moofBytes + 8);
    writeReferenceTime(header, this.startWallMs, this.start90k);
    let at = writeMoofStart(header, PRFT_BYTES, sequence, this.start90k, this.count);
    for (let i = 0; i < this.count; i++) {
      writeUint32(header, at, this.#durations[i]!);
      writeUint32(header, at + 4, this.#sizes[i]!);
      writeUint32(header, at + 8, this.#keys[i] === 1 ? FLAGS_KEY : FLAGS_DELTA);
      writeUint32(header, at + 12, this.#compositions[i]!);
      at += SAMPLE_ENTRY_BYTES;
    }
    writeUint32(header, at, 8 + this.dataLength);
    writeType(header, at + 4, 0x6d646174);
    const data = this.#data.subarray(0, this.dataLength);
    this.#data = new Uint8Array(this.#data.length);
    this.clear();
    return { header, data };
  }

  /** Forgets what was appended. */
  clear(): void {
    this.count = 0;
    this.dataLength = 0;
    this.startsWithKey = false;
  }

  #growSamples(): void {
    const size = this.#sizes.length * 2;
    const sizes = new Uint32Array(size);
    const durations = new Uint32Array(size);
    const compositions = new Int32Array(size);
    const keys = new Uint8Array(size);
    sizes.set(this.#sizes);
    durations.set(this.#durations);
    compositions.set(this.#compositions);
    keys.set(this.#keys);
    this.#sizes = sizes;
    this.#durations = durations;
    this.#compositions = compositions;
    this.#keys = keys;
  }
}

// prft version 1: reference track, NTP time, media time.
function writeReferenceTime(out: Uint8Array, wallMs: number, start90k: number): void {
  writeUint32(out, 0, PRFT_BYTES);
  writeType(out, 4, 0x70726674);
  writeUint32(out, 8, 0x01000018); // version 1, flags 24: the time at which the sample was captured, as well as is known
  writeUint32(out, 12, TRACK_ID);
  const seconds = Math.floor(wallMs / 1000);
  writeUint32(out, 16, seconds + NTP_EPOCH_SECONDS);
  writeUint32(out, 20, Math.min(4294967295, Math.round(((wallMs - seconds * 1000) / 1000) * 4294967296)));
  writeUint64(out, 24, start90k);
}

/** Everything of the moof but the sample entries; answers the offset of the first entry. */
function writeMoofStart(out: Uint8Array, start: number, sequence: number, decode90k: number, samples: number): number {
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
  writeUint32(out, at + 8, moofBytes + 8);
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
