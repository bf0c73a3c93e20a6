// Reading back what this folder writes: box headers and fragment headers, enough to mend a file whose end was torn off and to make its index again. It
// reads our own form of fragment (one track, one trun, every field per sample) and says where a file departs from it.
import { MOOF_FIXED_BYTES } from "./fragment.ts";
import { type Err, type Ok, err, ok } from "../../base/result.ts";
import { readUint32 } from "../bytes.ts";

export const BOX_HEADER_BYTES = 8;
export interface BoxHeader {
  /** Four letters. */
  readonly type: string;
  /** With the header. */
  readonly size: number;
}

/** Reads 8 bytes at `at`; undefined where they are no box header of a 32-bit size. */
export function findBoxHeader(bytes: Uint8Array, at: number): BoxHeader | undefined {
  if (at + BOX_HEADER_BYTES > bytes.length) return undefined;
  const size = readUint32(bytes, at);
  let type = "";
  for (let i = 4; i < 8; i++) {
    const code = bytes[at + i]!;
    if (code < 0x20 || code > 0x7e) return undefined;
    type += String.fromCharCode(code);
  }
  return size < BOX_HEADER_BYTES ? undefined : { type, size };
}

export interface FragmentHeader {
  readonly sequence: number;
  /** Of the first sample, 90 kHz since the run began. */
  readonly start90k: number;
  readonly duration90k: number;
  readonly frames: number;
  readonly dataBytes: number;
  readonly startsWithKey: boolean;
}

/** Reads a whole moof box that begins at `bytes[0]`. */
export function parseMoof(bytes: Uint8Array): Ok<FragmentHeader> | Err<string> {
  const moof = findBoxHeader(bytes, 0);
  if (moof === undefined || moof.type !== "moof" || moof.size !== bytes.length) return err("no whole moof");
  let sequence = 0;
  let start90k = -1;
  let run: { frames: number; duration90k: number; dataBytes: number; startsWithKey: boolean } | undefined;
  const walk = (from: number, to: number): string | undefined => {
    let at = from;
    while (at < to) {
      const box = findBoxHeader(bytes, at);
      if (box === undefined || at + box.size > to) return `broken box at ${at}`;
      const body = at + BOX_HEADER_BYTES;
      if (box.type === "mfhd" && box.size === 16) sequence = readUint32(bytes, body + 4);
      else if (box.type === "tfdt" && box.size === 20) start90k = readUint32(bytes, body + 4) * 4294967296 + readUint32(bytes, body + 8);
      else if (box.type === "trun") {
        const frames = box.size >= 20 ? readUint32(bytes, body + 4) : 0;
        if (frames < 1 || readUint32(bytes, body) !== 0x01000f01 || box.size !== 20 + frames * 16) return `trun at ${at} is not of our form`;
        let duration90k = 0;
        let dataBytes = 0;
        for (let i = 0; i < frames; i++) {
          duration90k += readUint32(bytes, body + 12 + i * 16);
          dataBytes += readUint32(bytes, body + 16 + i * 16);
        }
        run = { frames, duration90k, dataBytes, startsWithKey: (readUint32(bytes, body + 20) & 0x10000) === 0 };
      } else if (box.type === "traf") {
        if (from !== BOX_HEADER_BYTES) return `traf within a traf at ${at}`; // as deep as it goes: what came from a torn disk must not be followed
        const fault = walk(body, at + box.size);
        if (fault !== undefined) return fault;
      }
      at += box.size;
    }
    return undefined;
  };
  const fault = walk(BOX_HEADER_BYTES, moof.size);
  if (fault !== undefined) return err(fault);
  if (start90k < 0 || run === undefined) return err("moof without tfdt or trun");
  return ok({ sequence, start90k, ...run });
}

export interface MoofSample {
  readonly size: number;
  readonly duration90k: number;
  readonly composition90k: number;
  readonly key: boolean;
}

/** The samples of a moof that `parseMoof` has found to be of our form. */
export function listMoofSamples(moof: Uint8Array): MoofSample[] {
  const count = readUint32(moof, MOOF_FIXED_BYTES - 8);
  const out: MoofSample[] = [];
  for (let i = 0, at = MOOF_FIXED_BYTES; i < count && at + 16 <= moof.length; i++, at += 16) {
    out.push({ duration90k: readUint32(moof, at), size: readUint32(moof, at + 4), key: (readUint32(moof, at + 8) & 0x10000) === 0, composition90k: readUint32(moof, at + 12) | 0 });
  }
  return out;
}

/** Wall time of a whole prft box at `bytes[0]`, milliseconds since 1970. NTP's 32 bits of seconds begin anew in February 2036: what lies before 1970 is of that era. */
export function findReferenceTime(bytes: Uint8Array): number | undefined {
  const box = findBoxHeader(bytes, 0);
  if (box === undefined || box.type !== "prft" || box.size !== 32 || bytes.length < 32) return undefined;
  const seconds = readUint32(bytes, 16) - 2_208_988_800;
  return (seconds < 0 ? seconds + 4294967296 : seconds) * 1000 + (readUint32(bytes, 20) * 1000) / 4294967296;
}
