// What of a file of sound or metadata is whole, by its box headers alone; its fragments each tell their wall time.
import { findBoxHeader, findReferenceTime } from "./reading.ts";

export interface TrackFragment {
  /** `[start, end)` of the file, from the reference time to the end of the data. */
  readonly start: number;
  readonly end: number;
  readonly wallMs: number;
}
export interface TrackWalk {
  /** Up to the first fragment; 0 where that cannot be told. */
  readonly initBytes: number;
  /** Up to the last whole fragment. */
  readonly wholeBytes: number;
  /** Wall time of the first fragment and of the last. */
  readonly startMs: number | undefined;
  readonly lastMs: number | undefined;
  readonly fragments: readonly TrackFragment[];
  /** What stands behind the whole part is nothing, or one fragment that was being written: an end that was not written, rather than bytes that changed. */
  readonly isCutOff: boolean;
}

export function walkTrackFile(bytes: Uint8Array): TrackWalk {
  const fragments: TrackFragment[] = [];
  let at = 0;
  let initBytes = 0;
  let wholeBytes = 0;
  let start = 0;
  let moovEnd = 0;
  let wallMs: number | undefined;
  for (let box = findBoxHeader(bytes, at); box !== undefined && at + box.size <= bytes.length; box = findBoxHeader(bytes, at)) {
    if (box.type === "prft") {
      if (initBytes === 0) initBytes = at;
      start = at;
      wallMs = findReferenceTime(bytes.subarray(at, at + box.size));
    }
    at += box.size;
    if (box.type === "moov") moovEnd = at;
    if (box.type !== "mdat" || wallMs === undefined) continue;
    wholeBytes = at;
    fragments.push({ start, end: at, wallMs });
  }
  return { initBytes, wholeBytes, startMs: fragments[0]?.wallMs, lastMs: fragments.at(-1)?.wallMs, fragments, isCutOff: moovEnd > 0 && isFragmentBegun(bytes, Math.max(moovEnd, wholeBytes)) };
}

/** What stands from `at` on is nothing, or one fragment that was being written, and nothing more. */
function isFragmentBegun(bytes: Uint8Array, at: number): boolean {
  const isPrft = (from: number): boolean => PRFT.every((byte, i) => bytes[from + i] === byte);
  if (bytes.length - at < 8) return true;
  for (let from = at + 8; from + 4 <= bytes.length; from++) if (isPrft(from)) return false;
  return isPrft(at + 4);
}
const PRFT = [0x70, 0x72, 0x66, 0x74];
