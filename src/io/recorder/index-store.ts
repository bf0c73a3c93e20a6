// The recorder's index in SQLite: runs, segments and gaps. Statements are short and synchronous: an insert costs some 20 microseconds and is done about
// once a minute per camera. Its log (WAL) keeps what a killed process wrote; after a power cut up to the last minute of the
// index may be missing, since a thread of its own syncs it (index-checkpoints), and the start-up takes that from the files. One process writes: it holds a lock beside the file, since others may read it meanwhile.
import type { DatabaseSync } from "node:sqlite";
import { DAY_MS, type WallMs } from "../../base/time.ts";
import { type GapCause } from "../../video/ports.ts";
import { type Gop, decodeGops, encodeGops } from "../../video/playback/gop-index.ts";
import type { PlayableSegment } from "../../video/playback/hls.ts";
import type { KnownGap } from "../../video/playback/timeline.ts";
import type { TimeRange } from "../../video/retention/free-windows.ts";
import { openToRead, openToWrite, takeIndexLock } from "./index-versions.ts";
import { TRACK_FILE_KINDS } from "./track-file-kinds.ts";

/** A segment is about a minute long, more where key frames are rare; longer ones than this are in the index `segment_long`, whose condition this is. */
const LONG_SEGMENT_MS = 300_000;
/** The same of gaps, and of the index `gap_long`. */
export const LONG_GAP_MS = 86_400_000;

export interface SegmentRow extends PlayableSegment {
  readonly cameraId: number;
  readonly frames: number;
}
/** A segment from outside. */
export interface SegmentSpan {
  readonly segmentId: number;
  readonly startMs: WallMs;
  readonly endMs: WallMs;
  readonly bytes: number;
  readonly frames: number;
}
export interface OpenSegmentRow {
  readonly segmentId: number;
  readonly cameraId: number;
  readonly runId: number;
  readonly startMs: WallMs;
  readonly initBytes: number;
}
export interface ClosedSegmentFacts {
  readonly endMs: WallMs;
  readonly bytes: number;
  readonly frames: number;
  readonly gops: readonly Gop[];
  /** Of all bytes of the file, made as they were written; null where they were not all written by one process. */
  readonly sha256: Uint8Array | null;
  /** How much moved, a byte a second; absent where nobody measured, and what is there stays. */
  readonly activity?: Uint8Array | undefined;
}

interface RawSegment {
  segment_id: number; camera_id: number; run_id: number; start_ms: number; end_ms: number; bytes: number; frames: number; init_bytes: number; format_key: string; gops: Uint8Array | null; activity: Uint8Array | null;
}

/** Of a segment's row: what its pictures and the files beside them take. */
export const BYTES_WITH_TRACKS = `segment.bytes + ${TRACK_FILE_KINDS.map((kind) => `coalesce((SELECT ${kind}.bytes FROM ${kind} WHERE ${kind}.segment_id = segment.segment_id), 0)`).join(" + ")}`;

export class IndexStore {
  readonly file: string;
  readonly #db: DatabaseSync;
  readonly #lock: DatabaseSync | undefined;

  /** Opens or creates the index; "read" only reads it, beside its recorder. Throws with a plain message where another recorder holds it or it is of a newer version. */
  constructor(file: string, as: "write" | "read" = "write") {
    this.file = file;
    this.#lock = as === "write" ? takeIndexLock(file) : undefined;
    try {
      this.#db = as === "write" ? openToWrite(file) : openToRead(file);
    } catch (error) {
      this.#lock?.close();
      throw error;
    }
  }

  get database(): DatabaseSync {
    return this.#db;
  }

  transaction(work: () => void): void {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#db.exec("COMMIT");
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK"); // a full disk has rolled it back already
      throw error;
    }
  }

  /** What `work` writes is on the disk when this returns. To be called before the index checkpoints by a thread, which sets for itself what is synced. */
  synced(work: () => void): void {
    this.#db.exec("PRAGMA synchronous = FULL");
    try {
      work();
    } finally {
      this.#db.exec("PRAGMA synchronous = NORMAL");
    }
  }

  findSetting(name: string): string | undefined {
    return (this.#db.prepare("SELECT value FROM setting WHERE name = ?").get(name) as { value: string } | undefined)?.value;
  }

  saveSetting(name: string, value: string): void {
    this.#db.prepare("INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value").run(name, value);
  }

  insertRun(cameraId: number, startMs: WallMs): number {
    return Number(this.#db.prepare("INSERT INTO run (camera_id, start_ms) VALUES (?, ?)").run(cameraId, Math.round(startMs)).lastInsertRowid);
  }

  endRun(runId: number, endMs: WallMs, cause: GapCause): void {
    this.#db.prepare("UPDATE run SET end_ms = ?, cause = ? WHERE run_id = ? AND end_ms IS NULL").run(Math.round(endMs), cause, runId);
  }

  listOpenRuns(): { runId: number; cameraId: number; startMs: WallMs }[] {
    return (this.#db.prepare("SELECT run_id, camera_id, start_ms FROM run WHERE end_ms IS NULL ORDER BY run_id").all() as { run_id: number; camera_id: number; start_ms: number }[])
      .map((row) => ({ runId: row.run_id, cameraId: row.camera_id, startMs: row.start_ms }));
  }

  /** Of which no segment and no sender report is left. */
  deleteRuns(runIds: readonly number[]): void {
    if (runIds.length === 0) return;
    // Whether a row still names a run would be looked for in all segments, millions, for each of them: the caller knows it by their time.
    this.#db.exec("PRAGMA foreign_keys = OFF");
    try {
      this.transaction(() => {
        const drop = this.#db.prepare("DELETE FROM run WHERE run_id = ?");
        for (const runId of runIds) drop.run(runId);
      });
    } finally {
      this.#db.exec("PRAGMA foreign_keys = ON");
    }
  }

  findLastSegmentEnd({ runId, cameraId, startMs }: { readonly runId: number; readonly cameraId: number; readonly startMs: WallMs }): WallMs | undefined {
    const sql = "SELECT max(end_ms) AS end_ms FROM segment WHERE camera_id = ? AND start_ms >= ? AND run_id = ?";
    const row = this.#db.prepare(sql).get(cameraId, startMs, runId) as { end_ms: number | null };
    return row.end_ms ?? undefined;
  }

  insertSegment(cameraId: number, runId: number, startMs: WallMs, initBytes: number, formatKey: string, segmentId: number | null = null): number {
    const sql = "INSERT INTO segment (segment_id, camera_id, run_id, state, start_ms, init_bytes, format_key) VALUES (?, ?, ?, 'open', ?, ?, ?)";
    return Number(this.#db.prepare(sql).run(segmentId, cameraId, runId, Math.round(startMs), initBytes, formatKey).lastInsertRowid);
  }

  closeSegment(segmentId: number, facts: ClosedSegmentFacts, state: "closed" | "suspect"): void {
    this.#db.prepare("UPDATE segment SET state = ?, end_ms = ?, bytes = ?, frames = ?, gops = ?, sha256 = ?, activity = coalesce(?, activity) WHERE segment_id = ? AND state IN ('open', 'suspect')")
      .run(state, Math.round(facts.endMs), facts.bytes, facts.frames, encodeGops(facts.gops), facts.sha256, facts.activity ?? null, segmentId);
  }

  /** The file of an open segment cannot be read now: nothing of it is shown, retention may take it, and the next start tries it again. */
  markUnread(segmentId: number): void {
    this.#db.prepare("UPDATE segment SET state = 'suspect', end_ms = coalesce(end_ms, start_ms) WHERE segment_id = ? AND state = 'open'").run(segmentId);
  }

  deleteSegmentRow(segmentId: number): void {
    this.#db.prepare("DELETE FROM segment WHERE segment_id = ?").run(segmentId);
  }

  /** Those whose file has to be walked before its row can be trusted: open when the process ended, or suspect. */
  listUnsettledSegments(): OpenSegmentRow[] {
    const rows = this.#db.prepare("SELECT segment_id, camera_id, run_id, start_ms, init_bytes FROM segment WHERE state IN ('open', 'suspect') ORDER BY segment_id").all() as unknown as RawSegment[];
    return rows.map((row) => ({ segmentId: row.segment_id, cameraId: row.camera_id, runId: row.run_id, startMs: row.start_ms, initBytes: row.init_bytes }));
  }

  hasSegment(segmentId: number): boolean {
    return this.#db.prepare("SELECT 1 FROM segment WHERE segment_id = ?").get(segmentId) !== undefined;
  }

  /** Closed segments that touch `[from, to]`, by start. */
  listSegments(cameraId: number, from: WallMs, to: WallMs): SegmentRow[] {
    return this.#listTouching("*", cameraId, from, to).map(toSegment);
  }

  /** The same without what is inside them: answered from `segment_by_time` alone, so a day costs some 16 pages however large the archive. */
  listSpans(cameraId: number, from: WallMs, to: WallMs): SegmentSpan[] {
    return this.#listTouching("segment_id, start_ms, end_ms, bytes, frames", cameraId, from, to)
      .map((row) => ({ segmentId: row.segment_id, startMs: row.start_ms, endMs: row.end_ms, bytes: row.bytes, frames: row.frames }));
  }

  /** By start alone the index would be read from the archive's first day on; what begins long before and still touches has an index of its own, which is empty but for oddities. */
  #listTouching(columns: string, cameraId: number, from: WallMs, to: WallMs): RawSegment[] {
    const usable = "camera_id = ?1 AND state IN ('closed', 'suspect') AND frames > 0";
    const sql = `SELECT ${columns} FROM segment INDEXED BY segment_by_time WHERE ${usable} AND start_ms BETWEEN ?2 - ${LONG_SEGMENT_MS} AND ?3 AND end_ms >= ?2 ORDER BY start_ms, segment_id`;
    const rows = this.#db.prepare(sql).all(cameraId, from, to) as unknown as RawSegment[];
    const longSql = `SELECT ${columns} FROM segment INDEXED BY segment_long WHERE ${usable} AND end_ms - start_ms > ${LONG_SEGMENT_MS} AND start_ms < ?2 - ${LONG_SEGMENT_MS} AND end_ms >= ?2 ORDER BY start_ms, segment_id`;
    const long = this.#db.prepare(longSql).all(cameraId, from) as unknown as RawSegment[];
    return long.length === 0 ? rows : [...long, ...rows];
  }

  /** How much moved in the closed segments that touch `[from, to]`, by start. */
  listActivity(cameraId: number, from: WallMs, to: WallMs): { readonly startMs: WallMs; readonly values: Uint8Array }[] {
    return this.#listTouching("start_ms, activity", cameraId, from, to).flatMap((row) => (row.activity === null ? [] : [{ startMs: row.start_ms, values: row.activity }]));
  }

  findSegment(segmentId: number): SegmentRow | undefined {
    const row = this.#db.prepare("SELECT * FROM segment WHERE segment_id = ? AND state IN ('closed', 'suspect')").get(segmentId) as unknown as RawSegment | undefined;
    return row === undefined ? undefined : toSegment(row);
  }

  /** Every camera of which something is stored, with how much. */
  listStored(): { readonly cameraId: number; readonly bytes: number }[] {
    return (this.#db.prepare("SELECT camera_id, sum(bytes) AS bytes FROM stored_day GROUP BY camera_id").all() as { camera_id: number; bytes: number }[]).map((row) => ({ cameraId: row.camera_id, bytes: row.bytes }));
  }

  /** Bytes of the segments that began on `day` (days since 1970, UTC) or later, by camera. */
  listStoredSince(day: number): { readonly cameraId: number; readonly bytes: number; readonly firstMs: WallMs }[] {
    const sql = "SELECT camera_id, sum(bytes) AS bytes, (SELECT min(start_ms) FROM segment s WHERE s.camera_id = d.camera_id AND s.start_ms >= ?1 * 86400000) AS first FROM stored_day d WHERE day >= ?1 GROUP BY camera_id";
    return (this.#db.prepare(sql).all(day) as { camera_id: number; bytes: number; first: number | null }[]).flatMap((row) => (row.first === null ? [] : [{ cameraId: row.camera_id, bytes: row.bytes, firstMs: row.first }]));
  }

  /** What the segments that touch a range take with what is beside them. Days that lie in it whole are known as sums: one of a year costs little more than one of a day, whose rows are walked. */
  sumBytesWithin(cameraId: number, { from, to }: TimeRange): number {
    const [firstDay, lastDay] = [Math.ceil(from / DAY_MS), Math.floor(to / DAY_MS)];
    if (firstDay >= lastDay) return this.#sumTouching(cameraId, from, to);
    const days = this.#db.prepare("SELECT coalesce(sum(bytes), 0) AS bytes FROM stored_day WHERE camera_id = ? AND day >= ? AND day < ?").get(cameraId, firstDay, lastDay) as { bytes: number };
    const last = this.#db.prepare(`SELECT coalesce(sum(${BYTES_WITH_TRACKS}), 0) AS bytes FROM segment INDEXED BY segment_by_time WHERE camera_id = ? AND state IN ('closed', 'suspect') AND start_ms BETWEEN ? AND ?`).get(cameraId, lastDay * DAY_MS, to) as { bytes: number };
    return this.#sumTouching(cameraId, from, firstDay * DAY_MS - 1) + days.bytes + last.bytes;
  }

  /** Of those that begin by `to` and end from `from` on, found as #listTouching finds them. */
  #sumTouching(cameraId: number, from: WallMs, to: WallMs): number {
    const bytes = `SELECT ${BYTES_WITH_TRACKS} AS bytes FROM segment`;
    const stored = "camera_id = ?1 AND state IN ('closed', 'suspect') AND end_ms >= ?2";
    const sql = `SELECT coalesce(sum(bytes), 0) AS bytes FROM (
      ${bytes} INDEXED BY segment_by_time WHERE ${stored} AND start_ms BETWEEN ?2 - ${LONG_SEGMENT_MS} AND ?3
      UNION ALL ${bytes} INDEXED BY segment_long WHERE ${stored} AND end_ms - start_ms > ${LONG_SEGMENT_MS} AND start_ms < ?2 - ${LONG_SEGMENT_MS})`;
    return (this.#db.prepare(sql).get(cameraId, from, to) as { bytes: number }).bytes;
  }

  /** The hash that was made of the whole segment as it was written; null where there is none. */
  findSegmentSha256(segmentId: number): Uint8Array | null {
    return (this.#db.prepare("SELECT sha256 FROM segment WHERE segment_id = ? AND state = 'closed'").get(segmentId) as { sha256: Uint8Array | null } | undefined)?.sha256 ?? null;
  }

  /** What all segments take that are not being deleted. */
  sumBytes(): number {
    return (this.#db.prepare("SELECT coalesce(sum(bytes), 0) AS bytes FROM stored_day").get() as { bytes: number }).bytes;
  }

  /** From `atMs` on there are no pictures, for this cause. Nothing changes where the lasting gap has it already. */
  noteGap(cameraId: number, atMs: WallMs, cause: GapCause): void {
    const lasting = this.findLastingGap(cameraId);
    if (lasting?.cause === cause) return;
    const at = Math.max(Math.round(atMs), lasting?.start ?? 0);
    this.endGap(cameraId, at);
    this.#db.prepare("INSERT INTO gap (camera_id, start_ms, cause) VALUES (?, ?, ?)").run(cameraId, at, cause);
  }

  /** A gap that is over. */
  insertGap(cameraId: number, startMs: WallMs, endMs: WallMs, cause: GapCause, isWithinRun = false): void {
    if (Math.round(endMs) > Math.round(startMs)) this.#db.prepare("INSERT INTO gap (camera_id, start_ms, end_ms, cause, within_run) VALUES (?, ?, ?, ?, ?)").run(cameraId, Math.round(startMs), Math.round(endMs), cause, isWithinRun ? 1 : 0);
  }

  /** Pictures again from `atMs`. */
  endGap(cameraId: number, atMs: WallMs): void {
    this.#db.prepare("UPDATE gap SET end_ms = max(start_ms, ?) WHERE camera_id = ? AND end_ms IS NULL").run(Math.round(atMs), cameraId);
    this.#db.prepare("DELETE FROM gap WHERE camera_id = ? AND start_ms >= ? AND end_ms = start_ms").run(cameraId, Math.round(atMs));
  }

  findLastingGap(cameraId: number): { start: WallMs; cause: GapCause } | undefined {
    const row = this.#db.prepare("SELECT start_ms, cause FROM gap WHERE camera_id = ? AND end_ms IS NULL").get(cameraId) as { start_ms: number; cause: GapCause } | undefined;
    return row === undefined ? undefined : { start: row.start_ms, cause: row.cause };
  }

  listLastingGaps(): { cameraId: number; cause: GapCause }[] {
    return (this.#db.prepare("SELECT camera_id, cause FROM gap WHERE end_ms IS NULL").all() as { camera_id: number; cause: GapCause }[]).map((row) => ({ cameraId: row.camera_id, cause: row.cause }));
  }

  /** Gaps that touch `[from, to]`, by start; one that lasts ends at `to`. Found as segments are: a range costs the same however long the past. */
  listGaps(cameraId: number, from: WallMs, to: WallMs): KnownGap[] {
    const sql = `SELECT start_ms, end_ms, cause, within_run, gap_id FROM gap INDEXED BY gap_by_time WHERE camera_id = ?1 AND start_ms BETWEEN ?2 - ${LONG_GAP_MS} AND ?3 AND (end_ms IS NULL OR end_ms >= ?2)
      UNION ALL SELECT start_ms, end_ms, cause, within_run, gap_id FROM gap INDEXED BY gap_long WHERE camera_id = ?1 AND (end_ms IS NULL OR end_ms - start_ms > ${LONG_GAP_MS}) AND start_ms < ?2 - ${LONG_GAP_MS} AND (end_ms IS NULL OR end_ms >= ?2)
      ORDER BY start_ms, gap_id`;
    return (this.#db.prepare(sql).all(cameraId, from, to) as { start_ms: number; end_ms: number | null; cause: GapCause; within_run: number }[]).map((row) => ({ start: row.start_ms, end: row.end_ms ?? to, cause: row.cause, ...(row.within_run === 1 ? { isWithinRun: true } : {}) }));
  }

  /** The first fact of all about a camera, which is when this recorder was given it: causes of gaps and runs are kept longer than pictures. */
  findKnownSince(cameraId: number): WallMs | undefined {
    const sql = "SELECT min(start_ms) AS since FROM (SELECT min(start_ms) AS start_ms FROM gap WHERE camera_id = ?1 UNION ALL SELECT min(start_ms) FROM segment WHERE camera_id = ?1)";
    return (this.#db.prepare(sql).get(cameraId) as { since: number | null }).since ?? undefined;
  }

  /** What is stored of a camera: from when on, and how much. */
  findRecorded(cameraId: number): { since: WallMs; bytes: number } | undefined {
    const sql = "SELECT (SELECT start_ms FROM segment WHERE camera_id = ?1 AND state <> 'deleting' ORDER BY start_ms LIMIT 1) AS since, (SELECT sum(bytes) FROM stored_day WHERE camera_id = ?1) AS bytes";
    const row = this.#db.prepare(sql).get(cameraId) as { since: number | null; bytes: number | null };
    return row.since === null ? undefined : { since: row.since, bytes: row.bytes ?? 0 };
  }

  close(): void {
    this.#db.close();
    this.#lock?.close();
  }
}

function toSegment(row: RawSegment): SegmentRow {
  const gops = decodeGops(row.gops ?? new Uint8Array(0));
  return {
    segmentId: row.segment_id, cameraId: row.camera_id, runId: row.run_id, startMs: row.start_ms, endMs: row.end_ms, bytes: row.bytes, frames: row.frames,
    initBytes: row.init_bytes, formatKey: row.format_key, gops: gops.ok ? gops.value : [],
  };
}
