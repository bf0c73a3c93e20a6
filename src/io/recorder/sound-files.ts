// The files of sound beside a camera's pictures, for who reads them back: those that have their row, and what is on the disk already of one that is being written. A file is read whole, up to what
// may be written of one.
import type { WallMs } from "../../base/time.ts";
import { MOST_SOUND_FILE_BYTES } from "../../media/fmp4/sound.ts";
import { type PlaybackContext, listSegments } from "./playback-access.ts";
import type { SegmentFile } from "./segment-reader.ts";
import { findTrackFile, listTrackFiles } from "./track-file-store.ts";

export interface SoundFilePlace {
  readonly segmentId: number;
  readonly startMs: WallMs;
  /** Undefined: it may have more in a moment. */
  readonly bytes: number | undefined;
}

/** Sound goes on a little behind the pictures of its segment. */
const REACH_MS = 5_000;
/** For so long after its pictures a file of sound may have its last second, and its row, still before it. */
const CLOSING_MS = 10_000;
const READ_BYTES = 1_048_576;

/** Those that have their row by start, then those that are being written. */
export function listSoundFiles(context: PlaybackContext, cameraId: number, from: number, to: number, now: WallMs): SoundFilePlace[] {
  const rows = listTrackFiles(context.index, "sound", cameraId, from, to);
  const told = new Set(rows.map(({ segmentId }) => segmentId));
  const growing = listSegments(context, cameraId, from - REACH_MS, to)
    .filter(({ row, open }) => !told.has(row.segmentId) && (open || now - row.endMs < CLOSING_MS) && row.startMs < to && findTrackFile(context.index, "sound", row.segmentId) === undefined)
    .map(({ row: { segmentId, startMs } }) => ({ segmentId, startMs, bytes: undefined }));
  return [...rows, ...growing];
}

/** What of it is on the disk, from byte `from` on; undefined: nothing yet, or deleted meanwhile. */
export async function findSoundBytes(file: Pick<SegmentFile, "select" | "read">, { segmentId, bytes }: Pick<SoundFilePlace, "segmentId" | "bytes">, from = 0): Promise<Uint8Array | undefined> {
  try {
    await file.select(segmentId);
    if (bytes !== undefined) return await file.read(from, Math.max(0, Math.min(bytes, MOST_SOUND_FILE_BYTES) - from));
    const parts: Uint8Array[] = [];
    for (let at = from; at < MOST_SOUND_FILE_BYTES; ) {
      const part = await file.read(at, READ_BYTES);
      parts.push(part);
      at += part.length;
      if (part.length < READ_BYTES) break;
    }
    return Buffer.concat(parts);
  } catch {
    return undefined;
  }
}
