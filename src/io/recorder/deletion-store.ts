// What deletion asks of the index: which segments may go, and the mark that a deletion leaves until its file is gone ([RET3], [RET4], [RET14] in video/SPEC.md).
import type { WallMs } from "../../base/time.ts";
import type { GapCause } from "../../video/ports.ts";
import type { BehindStretch } from "../../video/retention/behind-stretches.ts";
import { type TimeRange, freeWindows } from "../../video/retention/free-windows.ts";
import type { StoredSegment } from "../../video/retention/plan.ts";
import { BYTES_WITH_TRACKS, type IndexStore } from "./index-store.ts";

const IN_STRETCH = "(segment_id > ? AND segment_id <= ? AND start_ms >= ? AND start_ms < ?)";

/** On its way out. */
export interface MarkedRow {
  readonly segmentId: number;
  readonly cameraId: number;
  readonly startMs: WallMs;
  readonly endMs: WallMs;
}
interface Row {
  segment_id: number; camera_id: number; start_ms: number; end_ms: number; bytes: number;
}

/** The oldest segments of a camera that may be deleted, by their start, but for those that touch a range of `held` (merged, in order). Open ones are never among them. */
export function listOldestFree(index: IndexStore, cameraId: number, held: readonly TimeRange[], limit: number, { only, but = [] }: { readonly only?: BehindStretch; readonly but?: readonly BehindStretch[] } = {}): StoredSegment[] {
  const which = `${only === undefined ? "" : `AND ${IN_STRETCH}`} ${but.map(() => `AND NOT ${IN_STRETCH}`).join(" ")}`;
  const stretches = [...(only === undefined ? [] : [only]), ...but].flatMap(({ afterId, uptoId, fromMs, beforeMs }) => [afterId, uptoId ?? Number.MAX_SAFE_INTEGER, fromMs, beforeMs]);
  const sql = `SELECT segment_id, start_ms, end_ms, ${BYTES_WITH_TRACKS} AS bytes FROM segment WHERE camera_id = ? AND state IN ('closed', 'suspect') AND start_ms > ? AND start_ms < ? AND end_ms < ? ${which} ORDER BY start_ms, segment_id LIMIT ?`;
  const out: StoredSegment[] = [];
  for (const { after, before } of freeWindows(held)) {
    if (out.length >= limit) break;
    const rows = index.database.prepare(sql).all(cameraId, Math.max(after, (only?.fromMs ?? 0) - 1), Math.min(before, only?.beforeMs ?? Number.MAX_SAFE_INTEGER), Math.min(before, Number.MAX_SAFE_INTEGER), ...stretches, limit - out.length) as unknown as Row[];
    out.push(...rows.map((row) => ({ segmentId: row.segment_id, cameraId, startMs: row.start_ms, endMs: row.end_ms, bytes: row.bytes })));
  }
  return out;
}

/** `as`: the cause of the gap that it will leave. */
export function markDeleting(index: IndexStore, segmentId: number, as: GapCause): void {
  index.database.prepare("UPDATE segment SET state = 'deleting', deleted_as = ? WHERE segment_id = ?").run(as, segmentId);
}

/** It stays after all, as closed: whether it was suspect is no longer known, and what is held is not walked again and cut. */
export function unmarkDeleting(index: IndexStore, segmentId: number): void {
  index.database.prepare("UPDATE segment SET state = 'closed', deleted_as = NULL WHERE segment_id = ? AND state = 'deleting'").run(segmentId);
}

export function listDeleting(index: IndexStore): MarkedRow[] {
  return (index.database.prepare("SELECT segment_id, camera_id, start_ms, end_ms FROM segment WHERE state = 'deleting'").all() as unknown as Row[])
    .map((row) => ({ segmentId: row.segment_id, cameraId: row.camera_id, startMs: row.start_ms, endMs: row.end_ms }));
}

/** After the file is gone: the row goes, and the time becomes a gap that says so, joined to the one before it. */
export function finishDeleting(index: IndexStore, segmentId: number): void {
  const row = index.database.prepare("SELECT camera_id, start_ms, end_ms, coalesce(deleted_as, 'deleted') AS cause FROM segment WHERE segment_id = ? AND state = 'deleting'").get(segmentId) as { camera_id: number; start_ms: number; end_ms: number; cause: GapCause } | undefined;
  if (row === undefined) return;
  index.database.prepare("DELETE FROM segment WHERE segment_id = ?").run(segmentId);
  const sql = "UPDATE gap SET end_ms = max(end_ms, ?) WHERE gap_id = (SELECT gap_id FROM gap WHERE camera_id = ? AND cause = ? AND start_ms <= ? AND end_ms BETWEEN ? - 1000 AND ? ORDER BY start_ms DESC LIMIT 1)";
  const joined = index.database.prepare(sql).run(row.end_ms, row.camera_id, row.cause, row.start_ms, row.start_ms, row.end_ms);
  if (joined.changes === 0) index.database.prepare("INSERT INTO gap (camera_id, start_ms, end_ms, cause) VALUES (?, ?, ?, ?)").run(row.camera_id, row.start_ms, row.end_ms, row.cause);
}
