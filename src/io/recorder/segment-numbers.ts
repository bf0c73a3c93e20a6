// Segments are named by their numbers, in the index and on disk; here are those that the two differ in, and the next one.
import type { IndexStore } from "./index-store.ts";
import type { TrackFileKind } from "./track-file-kinds.ts";

/** Of these numbers of a camera's files, those that no row of it has. A number may have the row of another camera: an index that lost its last rows with the power may give it twice. */
export function listUnnamed(index: IndexStore, cameraId: number, segmentIds: readonly number[], table: "segment" | TrackFileKind = "segment"): number[] {
  if (segmentIds.length === 0) return [];
  const sql = `SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE segment_id = value AND camera_id = ?) ORDER BY value`;
  return (index.database.prepare(sql).all(JSON.stringify(segmentIds), cameraId) as { value: number }[]).map(({ value }) => value);
}

/** Of these numbers of a camera's files, those that are another camera's. */
export function listTaken(index: IndexStore, cameraId: number, segmentIds: readonly number[]): number[] {
  const sql = "SELECT segment_id FROM segment WHERE segment_id IN (SELECT value FROM json_each(?)) AND camera_id <> ? ORDER BY segment_id";
  return (index.database.prepare(sql).all(JSON.stringify(segmentIds), cameraId) as { segment_id: number }[]).map((row) => row.segment_id);
}

/** A number that no segment will have but the one that the caller gives it to. */
export function takeSegmentId(index: IndexStore): number {
  const segmentId = findNextSegmentId(index);
  skipSegmentIdsTo(index, segmentId + 1);
  return segmentId;
}

/** The number that the next segment will have. */
export function findNextSegmentId(index: IndexStore): number {
  return ((index.database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'segment'").get() as { seq: number } | undefined)?.seq ?? 0) + 1;
}

/** More than a recorder writes between two syncs of its index. */
const LOST_ROWS = 1_000_000;
/** Far less than these: while cameras record, what is skipped may be lost with the power itself, and the next start still has to come out beyond all that was given. */
const AROUND_TAKEN = 10_000;

/** The next segment will have a number that no file can have which the index forgot. */
export function skipForgottenSegmentIds(index: IndexStore): void {
  skipSegmentIdsTo(index, findNextSegmentId(index) + LOST_ROWS);
}

/** Beside recording, where this number turned out to have a file: those after it may have one too. */
export function skipSegmentIdsAround(index: IndexStore, segmentId: number): void {
  skipSegmentIdsTo(index, segmentId + AROUND_TAKEN);
}

function skipSegmentIdsTo(index: IndexStore, segmentId: number): void {
  const last = segmentId - 1;
  index.transaction(() => {
    const { changes } = index.database.prepare("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'segment'").run(last);
    if (changes === 0) index.database.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('segment', ?)").run(last);
  });
}
