// What deletion asks of the index: which segments may go, and the mark that a deletion leaves until its file is gone ([RET3], [RET4], [RET14] in video/SPEC.md).
import type { WallMs } from "../../base/time.ts";
import type { GapCause } from "../../video/ports.ts";
import type { BehindStretch } from "../../video/retention/behind-stretches.ts";
import { type TimeRange, freeWindows } from "../../video/retention/free-windows.ts";
import type { StoredSegment } from "../../video/retention/plan.ts";
import { BYTES_WITH_TRACKS, type IndexStore } from "./index-store.ts";
import { IN_STRETCH, type OutsideStretches, type StretchWindow, listWindows, stretchBounds } from "./outside-stretches.ts";

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

const toSegment = (cameraId: number) => (row: Row): StoredSegment => ({ segmentId: row.segment_id, cameraId, startMs: row.start_ms, endMs: row.end_ms, bytes: row.bytes });
const MAY_GO = "state IN ('closed', 'suspect')";

/** The oldest segments of a camera that may be deleted, by their start, but for those that touch a range of `held` (merged, in order). Open ones are never among them. `only`: those of a stretch, or of a time; `but`: none of these. */
export function listOldestFree(index: IndexStore, cameraId: number, held: readonly TimeRange[], limit: number, { only, but = [] }: { readonly only?: BehindStretch | StretchWindow; readonly but?: readonly BehindStretch[] } = {}): StoredSegment[] {
  const isStretch = only !== undefined && "fromMs" in only;
  const from = only === undefined ? 0 : isStretch ? only.fromMs : only.from;
  const upto = only === undefined ? Number.MAX_SAFE_INTEGER : isStretch ? only.beforeMs : only.before;
  const sql = `SELECT segment_id, start_ms, end_ms, ${BYTES_WITH_TRACKS} AS bytes FROM segment WHERE camera_id = ? AND ${MAY_GO} AND start_ms > ? AND start_ms < ? AND end_ms < ? ${isStretch ? `AND ${IN_STRETCH}` : ""} ${but.map(() => `AND NOT ${IN_STRETCH}`).join(" ")} ORDER BY start_ms, segment_id LIMIT ?`;
  const out: StoredSegment[] = [];
  for (const { after, before } of freeWindows(held)) {
    if (out.length >= limit) break;
    const rows = index.database.prepare(sql).all(cameraId, Math.max(after, from - 1), Math.min(before, upto), Math.min(before, Number.MAX_SAFE_INTEGER), ...(isStretch ? stretchBounds(only) : []), ...but.flatMap(stretchBounds), limit - out.length) as unknown as Row[];
    out.push(...rows.map(toSegment(cameraId)));
  }
  return out;
}

/** The same of what lies in none of the stretches. */
export function listOldestOutside(index: IndexStore, cameraId: number, held: readonly TimeRange[], limit: number, stretches: readonly BehindStretch[], outside: OutsideStretches): StoredSegment[] {
  const out: StoredSegment[] = [];
  let at = 0;
  for (const window of listWindows(stretches)) {
    if (window.from > at) out.push(...listOldestFree(index, cameraId, held, limit - out.length, { only: { from: at, before: window.from } }));
    if (out.length < limit) out.push(...listWithin(index, cameraId, held, limit - out.length, stretches, window, outside));
    if (out.length >= limit) return out;
    at = window.before;
  }
  return [...out, ...listOldestFree(index, cameraId, held, limit - out.length, { only: { from: at, before: Number.MAX_SAFE_INTEGER } })];
}

/** So many that stand first may be held; where there are more, all is walked. */
const MOST_HELD = 500;

function listWithin(index: IndexStore, cameraId: number, held: readonly TimeRange[], limit: number, stretches: readonly BehindStretch[], window: StretchWindow, outside: OutsideStretches): StoredSegment[] {
  const segmentIds = outside.list(index, cameraId, stretches, window, limit + MOST_HELD);
  const windows = freeWindows(held);
  const sql = `SELECT segment_id, start_ms, end_ms, ${BYTES_WITH_TRACKS} AS bytes FROM segment WHERE segment_id IN (SELECT value FROM json_each(?)) AND ${MAY_GO} ORDER BY start_ms, segment_id`;
  const out: StoredSegment[] = [];
  for (let at = 0; at < segmentIds.length && out.length < limit; at += limit) {
    const rows = (index.database.prepare(sql).all(JSON.stringify(segmentIds.slice(at, at + limit))) as unknown as Row[]).map(toSegment(cameraId));
    out.push(...rows.filter(({ startMs, endMs }) => windows.some(({ after, before }) => startMs > after && endMs < before)));
  }
  return out.length < limit && segmentIds.length >= limit + MOST_HELD ? listOldestFree(index, cameraId, held, limit, { only: window, but: stretches }) : out.slice(0, limit);
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
