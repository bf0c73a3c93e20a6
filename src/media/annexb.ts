// The two ways to keep NAL units one behind another: with start codes (ITU-T H.264 annex B) as encoders and .h264 files do, and with four bytes of
// length (ISO/IEC 14496-15) as MP4 and our access units do.
import { readUint32, writeUint32 } from "./bytes.ts";

/** The NAL units of an annex B stream, as views. Zero bytes before a start code belong to no unit. */
export function splitAnnexB(bytes: Uint8Array): Uint8Array[] {
  const out: Uint8Array[] = [];
  let start = -1;
  for (let at = 0; at + 2 < bytes.length; at++) {
    if (bytes[at] !== 0 || bytes[at + 1] !== 0 || bytes[at + 2] !== 1) continue;
    if (start >= 0) pushTrimmed(out, bytes, start, at);
    start = at + 3;
    at += 2;
  }
  if (start >= 0) pushTrimmed(out, bytes, start, bytes.length);
  return out;
}

function pushTrimmed(out: Uint8Array[], bytes: Uint8Array, start: number, to: number): void {
  let end = to;
  while (end > start && bytes[end - 1] === 0) end--;
  if (end > start) out.push(bytes.subarray(start, end));
}

/** NAL units of a length-prefixed access unit, as views; undefined where a length passes the end. */
export function splitLengthPrefixed(bytes: Uint8Array, length: number): Uint8Array[] | undefined {
  const out: Uint8Array[] = [];
  let at = 0;
  while (at < length) {
    if (at + 4 > length) return undefined;
    const size = readUint32(bytes, at);
    if (at + 4 + size > length) return undefined;
    out.push(bytes.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return out;
}

export function joinLengthPrefixed(nals: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(nals.reduce((sum, nal) => sum + 4 + nal.length, 0));
  let at = 0;
  for (const nal of nals) {
    writeUint32(out, at, nal.length);
    out.set(nal, at + 4);
    at += 4 + nal.length;
  }
  return out;
}

/** Four-byte start codes throughout, as RTP receivers write. */
export function joinAnnexB(nals: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(nals.reduce((sum, nal) => sum + 4 + nal.length, 0));
  let at = 0;
  for (const nal of nals) {
    out[at + 3] = 1;
    out.set(nal, at + 4);
    at += 4 + nal.length;
  }
  return out;
}
