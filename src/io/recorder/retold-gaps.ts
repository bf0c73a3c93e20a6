// Why there are no pictures of a time, once more is known of it: that nothing had happened is told while nothing has, and an event wants what was before it ([CAM15]). Only gaps of the one cause become gaps of the other;
// where a camera was lost meanwhile, that stays.
import type { WallMs } from "../../base/time.ts";
import type { GapCause } from "../../video/ports.ts";
import { type IndexStore, LONG_GAP_MS } from "./index-store.ts";

/** `to` infinite: and what lasts goes on so. */
export interface RetoldRange {
  readonly from: WallMs;
  readonly to: WallMs;
}
interface RawGap {
  readonly gap_id: number;
  readonly start_ms: number;
  readonly end_ms: number | null;
}

/** In a transaction of the caller's. */
export function retellGaps({ database }: IndexStore, cameraId: number, range: RetoldRange, was: GapCause, is: GapCause): void {
  const from = Math.round(range.from);
  const to = Math.round(range.to);
  const drop = database.prepare("DELETE FROM gap WHERE gap_id = ?");
  const insert = database.prepare("INSERT INTO gap (camera_id, start_ms, end_ms, cause) VALUES (?, ?, ?, ?)");
  // Found as the timeline finds them: a gap of the last hour costs the same however long the past.
  const touching = `SELECT gap_id, start_ms, end_ms FROM gap INDEXED BY gap_by_time WHERE camera_id = ?1 AND start_ms BETWEEN ?2 - ${LONG_GAP_MS} AND ?3 AND (end_ms IS NULL OR end_ms > ?2) AND cause = ?4
    UNION SELECT gap_id, start_ms, end_ms FROM gap INDEXED BY gap_long WHERE camera_id = ?1 AND (end_ms IS NULL OR end_ms - start_ms > ${LONG_GAP_MS}) AND start_ms < ?2 - ${LONG_GAP_MS} AND (end_ms IS NULL OR end_ms > ?2) AND cause = ?4`;
  const rows = database.prepare(touching).all(cameraId, from, Math.min(to, Number.MAX_SAFE_INTEGER), was) as unknown as RawGap[];
  for (const { gap_id, start_ms, end_ms } of rows) {
    if (start_ms >= to) continue;
    drop.run(gap_id);
    const end = end_ms ?? Number.POSITIVE_INFINITY;
    const pieces = [[start_ms, Math.max(start_ms, from), was], [Math.max(start_ms, from), Math.min(end, to), is], [Math.min(end, to), end, was]] as const;
    for (const [start, until, cause] of pieces) if (until > start) insert.run(cameraId, start, Number.isFinite(until) ? until : null, cause);
  }
}
