// Files of a second track in the index (sound, ONVIF metadata): a row for each that is whole, beside the segment of pictures that it belongs to, and gone with it. Each kind has a
// table of its own with the same columns, named as the kind; only sound has a codec.
import type { WallMs } from "../../base/time.ts";
import type { SoundFormat } from "../../media/fmp4/sound.ts";
import type { IndexStore } from "./index-store.ts";
import type { TrackFileKind } from "./track-file-kinds.ts";

type Index = Pick<IndexStore, "database">;

export interface TrackFileRow {
  readonly segmentId: number;
  readonly cameraId: number;
  readonly startMs: WallMs;
  readonly endMs: WallMs;
  readonly bytes: number;
  /** Of the whole file, made as it was written; null where a crash came between. */
  readonly sha256: Uint8Array | null;
}
export interface SoundRow extends TrackFileRow {
  /** Null where only the start-up knew of the file. */
  readonly codec: SoundFormat["codec"] | null;
}

interface Row {
  segment_id: number; camera_id: number; codec?: SoundFormat["codec"] | null; start_ms: number; end_ms: number; bytes: number; sha256: Uint8Array | null;
}
const toTrackFile = (row: Row): SoundRow => ({ segmentId: row.segment_id, cameraId: row.camera_id, codec: row.codec ?? null, startMs: row.start_ms, endMs: row.end_ms, bytes: row.bytes, sha256: row.sha256 });

/** Throws where the segment is no longer in the index. */
export function insertSound(index: Index, sound: SoundRow): void {
  index.database.prepare("INSERT INTO sound (segment_id, camera_id, codec, start_ms, end_ms, bytes, sha256) VALUES (?, ?, ?, ?, ?, ?, ?)")
    .run(sound.segmentId, sound.cameraId, sound.codec, sound.startMs, sound.endMs, sound.bytes, sound.sha256);
}

/** Throws where the segment is no longer in the index. */
export function insertMetadata(index: Index, metadata: TrackFileRow): void {
  index.database.prepare("INSERT INTO metadata (segment_id, camera_id, start_ms, end_ms, bytes, sha256) VALUES (?, ?, ?, ?, ?, ?)")
    .run(metadata.segmentId, metadata.cameraId, metadata.startMs, metadata.endMs, metadata.bytes, metadata.sha256);
}

export function dropTrackFile(index: Index, kind: TrackFileKind, segmentId: number): void {
  index.database.prepare(`DELETE FROM ${kind} WHERE segment_id = ?`).run(segmentId);
}

export function findTrackFile(index: Index, kind: TrackFileKind, segmentId: number): SoundRow | undefined {
  const row = index.database.prepare(`SELECT * FROM ${kind} WHERE segment_id = ?`).get(segmentId) as unknown as Row | undefined;
  return row === undefined ? undefined : toTrackFile(row);
}

/** What touches `[from, to]`, by start. */
export function listTrackFiles(index: Index, kind: TrackFileKind, cameraId: number, from: WallMs, to: WallMs): SoundRow[] {
  return (index.database.prepare(`SELECT * FROM ${kind} WHERE camera_id = ? AND start_ms <= ? AND end_ms >= ? ORDER BY start_ms`).all(cameraId, to, from) as unknown as Row[]).map(toTrackFile);
}
