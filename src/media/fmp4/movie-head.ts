// The front of a fragmented file that is put together from stored fragments: ftyp, moov, and a segment index
// (sidx, ISO/IEC 14496-12 section 8.16.3), by which players find a moment without reading what is before it.
import { BoxWriter } from "./box-writer.ts";
import { PRFT_BYTES } from "./fragment.ts";
import { TRACK_ID, writeInit } from "./init-segment.ts";
import type { StoredFormat } from "./init-reading.ts";
import { VIDEO_CLOCK_HZ } from "../rtp/packet.ts";

export interface MovieReference {
  readonly bytes: number;
  /** Up to the start of the next, so with the time without pictures that may follow. */
  readonly duration90k: number;
}

/** References that a sidx may hold are counted by 16 bits. */
export const MOST_MOVIE_REFERENCES = 65_535;

/** `edit90k`: the media time at which the presentation begins. */
export function encodeMovieHead(format: StoredFormat, references: readonly MovieReference[], edit90k: number): Uint8Array {
  if (references.length > MOST_MOVIE_REFERENCES) throw new RangeError(`${references.length} references, expected at most ${MOST_MOVIE_REFERENCES}`);
  const w = new BoxWriter();
  writeInit(w, {
    brands: "iso6mp41", width: format.width, height: format.height, writeEntry: () => w.raw(format.sampleEntry), edit90k: edit90k > 0 ? edit90k : null,
    duration90k: references.reduce((sum, reference) => sum + reference.duration90k, 0),
  });
  w.fullBox("sidx", 1, 0, () => {
    w.u32(TRACK_ID);
    w.u32(VIDEO_CLOCK_HZ);
    w.u64(0);
    w.u64(PRFT_BYTES);
    w.u16(0);
    w.u16(references.length);
    // From moof to moof, though a prft stands before each: FFmpeg (and so Chromium) takes a fragment whose moof is not at the start of its reference for another one, and
    // a second seek near the first then reads the same samples twice.
    for (const [i, { bytes, duration90k }] of references.entries()) {
      w.u32(i === references.length - 1 ? bytes - PRFT_BYTES : bytes); // of media, not another index: the highest bit is 0
      w.u32(duration90k);
      w.u32(0x90000000); // begins with a key frame that begins the decoding order (SAP type 1)
    }
  });
  return w.finish();
}
