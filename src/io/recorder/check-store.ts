// What the check, and an index that is made again, ask of the index and put right in it ([CHK1] to [CHK3] in video/SPEC.md).
import type { WallMs } from "../../base/time.ts";
import { decodeGops, encodeGops } from "../../video/playback/gop-index.ts";
import type { ClosedSegmentFacts, IndexStore } from "./index-store.ts";

/** What the check compares a file with. */
export interface CheckedRow {
  readonly segmentId: number;
  readonly cameraId: number;
  readonly startMs: WallMs;
  readonly endMs: WallMs;
  readonly bytes: number;
  readonly frames: number;
  readonly gopCount: number;
  readonly sha256: Uint8Array | null;
}

type State = "open" | "closed" | "suspect" | "deleting";
interface Row {
  segment_id: number; camera_id: number; state: State; start_ms: number; end_ms: number; bytes: number; frames: number; gops: Uint8Array | null; sha256: Uint8Array | null;
}

/** Every camera that has a row of a segment, in whatever state. */
export function listRecordedCameras(index: IndexStore): number[] {
  return (index.database.prepare("SELECT DISTINCT camera_id FROM segment ORDER BY camera_id").all() as { camera_id: number }[]).map((row) => row.camera_id);
}

/** Every row of a camera, for the check. */
export function listForCheck(index: IndexStore, cameraId: number): (CheckedRow & { readonly state: State })[] {
  const rows = index.database.prepare("SELECT segment_id, camera_id, state, start_ms, end_ms, bytes, frames, gops, sha256 FROM segment WHERE camera_id = ? ORDER BY start_ms, segment_id").all(cameraId) as unknown as Row[];
  return rows.map((row) => {
    const gops = decodeGops(row.gops ?? new Uint8Array(0));
    return {
      segmentId: row.segment_id, cameraId: row.camera_id, state: row.state, startMs: row.start_ms, endMs: row.end_ms, bytes: row.bytes, frames: row.frames, gopCount: gops.ok ? gops.value.length : -1, sha256: row.sha256,
    };
  });
}

/** What the check found in a closed segment's file in place of what its row said. */
export function recountSegment(index: IndexStore, segmentId: number, facts: Omit<ClosedSegmentFacts, "activity">): void {
  index.database.prepare("UPDATE segment SET end_ms = ?, bytes = ?, frames = ?, gops = ?, sha256 = ? WHERE segment_id = ?")
    .run(Math.round(facts.endMs), facts.bytes, facts.frames, encodeGops(facts.gops), facts.sha256, segmentId);
}

/** A segment turns out to be of a longer run: it goes there, and its own is gone. */
export function moveToRun(index: IndexStore, segmentId: number, from: number, to: number, endMs: WallMs): void {
  index.database.prepare("UPDATE segment SET run_id = ? WHERE segment_id = ?").run(to, segmentId);
  index.database.prepare("UPDATE run SET end_ms = max(end_ms, ?) WHERE run_id = ?").run(Math.round(endMs), to);
  index.database.prepare("DELETE FROM run WHERE run_id = ?").run(from);
}

/** Why nothing can be trusted that the index says; undefined where SQLite finds its own structure whole. Reads all of it. */
export function findDamage(index: IndexStore): string | undefined {
  const [row] = index.database.prepare("PRAGMA quick_check(1)").all() as { quick_check: string }[];
  return row === undefined || row.quick_check === "ok" ? undefined : row.quick_check;
}
