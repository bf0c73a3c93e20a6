// The causes of gaps, and runs, do not outlive what they explain ([RET12]): each hour, what lies before the horizon of its camera goes. Of the gaps one is left, `deleted`, from the first fact that was known of
// the camera on, so that the timeline still tells the time before a camera was added from the time whose recordings are gone. The horizon is the camera's longest age, or its oldest
// stored segment or hold where these are older: what is kept keeps its causes.
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Clock, DAY_MS, type WallMs } from "../../base/time.ts";
import type { CameraKeeping } from "../../video/retention/plan.ts";
import type { HoldList } from "./hold-list.ts";
import type { IndexStore } from "./index-store.ts";

export interface ForgettingOptions {
  readonly index: IndexStore;
  readonly holds: Pick<HoldList, "isKnown" | "listMerged">;
  readonly clock: Clock;
  /** Undefined: the camera is no longer listed. */
  readonly findKeeping: (cameraId: number) => CameraKeeping | undefined;
  /** For such cameras. */
  readonly fallback: CameraKeeping;
  /** The recorder stops: the rest has time. */
  readonly isEnding?: () => boolean;
}

/** Rows looked at between two turns of others. */
const ROWS_AT_ONCE = 500;

/** Answers how many rows went. */
export async function forgetOldCauses(options: ForgettingOptions): Promise<number> {
  const { index, holds, isEnding = () => false } = options;
  if (!holds.isKnown) return 0;
  let gone = 0;
  const horizons = new Map<number, WallMs>();
  for (const { camera_id: cameraId } of index.database.prepare("SELECT DISTINCT camera_id FROM gap UNION SELECT DISTINCT camera_id FROM keeping").all() as { camera_id: number }[]) {
    await nextTurn();
    if (isEnding()) return gone;
    const horizon = findHorizon(options, cameraId);
    horizons.set(cameraId, horizon);
    index.database.prepare("DELETE FROM sender_report WHERE camera_id = ? AND arrival_ms < ?").run(cameraId, horizon);
    for (let some = joinGaps(index, cameraId, horizon); some > 0 && !isEnding(); some = joinGaps(index, cameraId, horizon)) {
      gone += some;
      await nextTurn();
    }
  }
  return gone + (await forgetRuns(options, horizons));
}

function findHorizon({ index, holds, clock, findKeeping, fallback }: ForgettingOptions, cameraId: number): WallMs {
  const { mostDays, leastDays } = findKeeping(cameraId) ?? fallback;
  const oldest = (index.database.prepare("SELECT min(start_ms) AS at FROM segment WHERE camera_id = ?").get(cameraId) as { at: number | null }).at;
  return Math.min(clock.wallMs() - Math.max(mostDays, leastDays) * DAY_MS, oldest ?? Infinity, holds.listMerged(cameraId)[0]?.from ?? Infinity);
}

/** The camera's first gaps, as far as they end by the horizon, become one; answers how many rows that saved. */
function joinGaps(index: IndexStore, cameraId: number, horizon: WallMs): number {
  const sql = "SELECT gap_id, start_ms, end_ms FROM gap WHERE camera_id = ? AND start_ms < ? ORDER BY start_ms, gap_id LIMIT ?";
  const first = (index.database.prepare(sql).all(cameraId, horizon, ROWS_AT_ONCE) as { gap_id: number; start_ms: number; end_ms: number | null }[]).filter(({ end_ms: end }) => end !== null && end <= horizon);
  if (first.length < 2) return 0;
  const start = first[0]!.start_ms;
  const end = Math.max(...first.map(({ end_ms: each }) => each!));
  index.transaction(() => {
    const drop = index.database.prepare("DELETE FROM gap WHERE gap_id = ?");
    for (const { gap_id: gapId } of first) drop.run(gapId);
    index.insertGap(cameraId, start, end, "deleted");
  });
  return first.length - 1;
}

/** Runs that ended before their camera's horizon have no segment any more. */
async function forgetRuns({ index, isEnding = () => false }: ForgettingOptions, horizons: ReadonlyMap<number, WallMs>): Promise<number> {
  const select = index.database.prepare("SELECT run_id, camera_id, end_ms FROM run WHERE run_id > ? ORDER BY run_id LIMIT ?");
  let after = 0;
  let gone = 0;
  for (;;) {
    const rows = select.all(after, ROWS_AT_ONCE) as { run_id: number; camera_id: number; end_ms: number | null }[];
    const old = rows.filter((row) => row.end_ms !== null && row.end_ms < (horizons.get(row.camera_id) ?? -Infinity));
    index.deleteRuns(old.map(({ run_id: runId }) => runId));
    gone += old.length;
    const newest = rows.at(-1);
    if (newest === undefined || isEnding()) return gone;
    after = newest.run_id;
    await nextTurn();
  }
}
