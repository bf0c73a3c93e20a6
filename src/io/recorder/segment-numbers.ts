// Segments are named by their numbers, in the index and on disk; here are those that the two differ in, and the next one.
import type { IndexStore } from "./index-store.ts";
import type { TrackFileKind } from "./track-file-kinds.ts";

/** Of these numbers, those that no row has. */
export function listUnnamed(index: IndexStore, segmentIds: readonly number[], table: "segment" | TrackFileKind = "segment"): number[] {
  if (segmentIds.length === 0) return [];
  const sql = `SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE segment_id = value) ORDER BY value`;
  return (index.database.prepare(sql).all(JSON.stringify(segmentIds)) as { value: number }[]).map(({ value }) => value);
}

/** The number that the next segment will have. */
export function findNextSegmentId(index: IndexStore): number {
  return ((index.database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'segment'").get() as { seq: number } | undefined)?.seq ?? 0) + 1;
}

/** More than a recorder writes between two syncs of its index. */
const LOST_ROWS = 1_000_000;

/** The next segment will have a number that no file can have which the index forgot. */
export function skipForgottenSegmentIds(index: IndexStore): void {
  const last = findNextSegmentId(index) + LOST_ROWS - 1;
  index.transaction(() => {
    const { changes } = index.database.prepare("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'segment'").run(last);
    if (changes === 0) index.database.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('segment', ?)").run(last);
  });
}
