// Files of sound in the index: a row for each that is whole, beside the segment of pictures that it belongs to, and gone with it.
import type { WallMs } from "../../base/time.ts";
import type { SoundFormat } from "../../media/fmp4/sound.ts";
import type { IndexStore } from "./index-store.ts";

export interface SoundRow {
  readonly segmentId: number;
  readonly cameraId: number;
  /** Null where only the start-up knew of the file. */
  readonly codec: SoundFormat["codec"] | null;
  readonly startMs: WallMs;
  readonly endMs: WallMs;
  readonly bytes: number;
  /** Of the whole file, made as it was written; null where a crash came between. */
  readonly sha256: Uint8Array | null;
}

interface Row {
  segment_id: number; camera_id: number; codec: SoundFormat["codec"] | null; start_ms: number; end_ms: number; bytes: number; sha256: Uint8Array | null;
}
const toSound = (row: Row): SoundRow => ({ segmentId: row.segment_id, cameraId: row.camera_id, codec: row.codec, startMs: row.start_ms, endMs: row.end_ms, bytes: row.bytes, sha256: row.sha256 });

/** Throws where the segment is no longer in the index. */
export function insertSound(index: IndexStore, sound: SoundRow): void {
  index.database.prepare("INSERT INTO sound (segment_id, camera_id, codec, start_ms, end_ms, bytes, sha256) VALUES (?, ?, ?, ?, ?, ?, ?)")
    .run(sound.segmentId, sound.cameraId, sound.codec, sound.startMs, sound.endMs, sound.bytes, sound.sha256);
}

export function dropSound(index: IndexStore, segmentId: number): void {
  index.database.prepare("DELETE FROM sound WHERE segment_id = ?").run(segmentId);
}

export function findSound(index: IndexStore, segmentId: number): SoundRow | undefined {
  const row = index.database.prepare("SELECT * FROM sound WHERE segment_id = ?").get(segmentId) as unknown as Row | undefined;
  return row === undefined ? undefined : toSound(row);
}

/** What touches `[from, to]`, by start. */
export function listSound(index: IndexStore, cameraId: number, from: WallMs, to: WallMs): SoundRow[] {
  return (index.database.prepare("SELECT * FROM sound WHERE camera_id = ? AND start_ms <= ? AND end_ms >= ? ORDER BY start_ms").all(cameraId, to, from) as unknown as Row[]).map(toSound);
}

/** Every row, for the check. */
export function listAllSound(index: IndexStore): SoundRow[] {
  return (index.database.prepare("SELECT * FROM sound ORDER BY camera_id, segment_id").all() as unknown as Row[]).map(toSound);
}
