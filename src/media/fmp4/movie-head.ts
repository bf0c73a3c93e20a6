// The front of a fragmented file that is put together from stored fragments, of pictures and where there is any of sound: ftyp, moov, and a segment index over the pictures
// (sidx, ISO/IEC 14496-12 section 8.16.3), by which players find a moment without reading what is before it.
import { BoxWriter } from "./box-writer.ts";
import { PRFT_BYTES } from "./fragment.ts";
import { TRACK_ID, writeInit } from "./init-segment.ts";
import type { StoredFormat } from "./init-reading.ts";
import { type SoundFormat, writeSoundEntry } from "./sound.ts";
import { VIDEO_CLOCK_HZ } from "../rtp/packet.ts";

export interface MovieReference {
  readonly bytes: number;
  /** Up to the start of the next, so with the time without pictures that may follow. */
  readonly duration90k: number;
}

/** References that a sidx may hold are counted by 16 bits. */
export const MOST_MOVIE_REFERENCES = 65_535;

/** The track of sound in such a file. */
export const SOUND_TRACK_ID = TRACK_ID + 1;

export interface MovieHead {
  readonly format: StoredFormat;
  /** Undefined: it has none. */
  readonly sound: SoundFormat | undefined;
  readonly references: readonly MovieReference[];
  /** The media time of the first picture: sound may begin before it. */
  readonly start90k: number;
  /** The media time at which the presentation begins. */
  readonly edit90k: number;
}

export function encodeMovieHead({ format, sound, references, start90k, edit90k }: MovieHead): Uint8Array {
  if (references.length > MOST_MOVIE_REFERENCES) throw new RangeError(`${references.length} references, expected at most ${MOST_MOVIE_REFERENCES}`);
  const w = new BoxWriter();
  const pictures = { kind: "video", clockHz: VIDEO_CLOCK_HZ, width: format.width, height: format.height, writeEntry: () => w.raw(format.sampleEntry), edit: edit90k > 0 ? edit90k : null } as const;
  const heard = sound === undefined ? [] : [{ kind: "sound", clockHz: sound.clockHz, width: 0, height: 0, writeEntry: () => writeSoundEntry(w, sound, SOUND_TRACK_ID), edit: edit90k > 0 ? Math.round((edit90k * sound.clockHz) / VIDEO_CLOCK_HZ) : null } as const];
  writeInit(w, { brands: "iso6mp41", duration90k: references.reduce((sum, reference) => sum + reference.duration90k, start90k) - edit90k, tracks: [pictures, ...heard] });
  // Durations are of 32 bits: at 90 kHz 13 hours. A picture that lasts over a longer hole is told in milliseconds.
  const clockHz = references.some(({ duration90k }) => duration90k > 0xffffffff) ? 1_000 : VIDEO_CLOCK_HZ;
  const toClock = (at90k: number): number => Math.round((at90k * clockHz) / VIDEO_CLOCK_HZ);
  w.fullBox("sidx", 1, 0, () => {
    w.u32(TRACK_ID);
    w.u32(clockHz);
    w.u64(toClock(start90k));
    w.u64(PRFT_BYTES);
    w.u16(0);
    w.u16(references.length);
    // From moof to moof, though a prft stands before each: FFmpeg (and so Chromium) takes a fragment whose moof is not at the start of its reference for another one, and
    // a second seek near the first then reads the same samples twice.
    let at90k = start90k;
    for (const [i, { bytes, duration90k }] of references.entries()) {
      if (bytes > 0x7fffffff) throw new RangeError(`a reference of ${bytes} bytes, expected at most ${0x7fffffff}`);
      w.u32(i === references.length - 1 ? bytes - PRFT_BYTES : bytes); // of media, not another index: the highest bit is 0
      w.u32(toClock(at90k + duration90k) - toClock(at90k));
      at90k += duration90k;
      w.u32(0x90000000); // begins with a key frame that begins the decoding order (SAP type 1)
    }
  });
  return w.finish();
}
