// Where the key frames of a segment are: enough to make a playlist or to serve a range by arithmetic, without opening the file. Kept in memory for the segment
// that is being written and as a blob of varints (LEB128, some 8 bytes a GOP) in the index for the closed ones. It can always be made again from
// the file.
import { type Err, type Ok, err, ok } from "../../base/result.ts";

export interface Gop {
  /** Offset of its first byte (the prft box) in the file. */
  readonly offset: number;
  /** Milliseconds after the segment's start. */
  readonly startMs: number;
  /** 90 kHz of media time, for players. */
  readonly duration90k: number;
  readonly frames: number;
}

/** Deltas: bytes since the previous offset, milliseconds since the previous start, duration, frames. */
export function encodeGops(gops: readonly Gop[]): Uint8Array {
  const out: number[] = [];
  let offset = 0;
  let startMs = 0;
  for (const gop of gops) {
    for (const value of [gop.offset - offset, gop.startMs - startMs, gop.duration90k, gop.frames]) writeVarint(out, Math.max(0, Math.round(value)));
    offset = gop.offset;
    startMs = gop.startMs;
  }
  return Uint8Array.from(out);
}

export function decodeGops(bytes: Uint8Array): Ok<Gop[]> | Err<string> {
  const gops: Gop[] = [];
  let at = 0;
  let offset = 0;
  let startMs = 0;
  while (at < bytes.length) {
    const values: number[] = [];
    for (let field = 0; field < 4; field++) {
      let value = 0;
      let scale = 1;
      for (;;) {
        const byte = bytes[at++];
        if (byte === undefined || scale > 2 ** 49) return err(`broken varint at byte ${at - 1}`);
        value += (byte & 0x7f) * scale;
        if (byte < 0x80) break;
        scale *= 128;
      }
      values.push(value);
    }
    offset += values[0]!;
    startMs += values[1]!;
    gops.push({ offset, startMs, duration90k: values[2]!, frames: values[3]! });
  }
  return ok(gops);
}

function writeVarint(out: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    out.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
}
