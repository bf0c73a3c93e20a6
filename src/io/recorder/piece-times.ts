// What a movie's plan needs of the pictures themselves, at the front of one GOP: when it was decoded by its run's own time, and how much later it shows. A file that is gone, torn or not to be had just
// now costs the plan nothing ([PLY13]): the body ends where such a file comes, whether the movie has sound or not.
import { findBoxHeader, listMoofSamples, parseMoof } from "../../media/fmp4/reading.ts";
import type { MoviePiece } from "../../video/playback/movie.ts";
import type { SegmentFile } from "./segment-reader.ts";

export interface PieceTimes {
  readonly start90k: number;
  /** So much later than it is decoded its first picture shows. */
  readonly composition90k: number;
}

const FRAGMENT_PROBE_BYTES = 4_096;

/** Undefined: it cannot be read. */
export async function findPieceTimes(file: SegmentFile, piece: MoviePiece, gop: number): Promise<PieceTimes | undefined> {
  const at = piece.gopStarts[gop]!;
  let bytes: Uint8Array;
  try {
    await file.select(piece.segmentId);
    bytes = await file.read(piece.offset + at, Math.min(FRAGMENT_PROBE_BYTES, piece.bytes - at));
  } catch {
    return undefined;
  }
  const prft = findBoxHeader(bytes, 0);
  const moof = prft === undefined ? undefined : findBoxHeader(bytes, prft.size);
  if (prft === undefined || moof === undefined) return undefined;
  const box = bytes.subarray(prft.size, prft.size + moof.size);
  const parsed = parseMoof(box);
  return parsed.ok ? { start90k: parsed.value.start90k, composition90k: listMoofSamples(box)[0]!.composition90k } : undefined;
}
