// What has times of a stretch in which the clock was wrong, and was not recorded in it ([RET14]): of a clock that was two months behind, what was recorded two months before, if any of it is left. To find it the rows of the
// stretch have to be walked, which stand in the same order of time, 17 ms for 86,400 of them; so it is remembered for an hour, the oldest some of a camera. A row that comes to lie there meanwhile (a file that is taken in again) is
// found then.
import type { Clock, MonotonicMs, WallMs } from "../../base/time.ts";
import type { BehindStretch } from "../../video/retention/behind-stretches.ts";
import type { IndexStore } from "./index-store.ts";

export const IN_STRETCH = "(segment_id > ? AND segment_id <= ? AND start_ms >= ? AND start_ms < ?)";
export const stretchBounds = ({ afterId, uptoId, fromMs, beforeMs }: BehindStretch): readonly number[] => [afterId, uptoId ?? Number.MAX_SAFE_INTEGER, fromMs, beforeMs];

/** `[from, before)`, wall times. */
export interface StretchWindow {
  readonly from: WallMs;
  readonly before: WallMs;
}

/** The times of all stretches, joined, in order. */
export function listWindows(stretches: readonly BehindStretch[]): readonly StretchWindow[] {
  const out: { from: WallMs; before: WallMs }[] = [];
  for (const { fromMs, beforeMs } of stretches.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = out.at(-1);
    if (last !== undefined && fromMs <= last.before) last.before = Math.max(last.before, beforeMs);
    else out.push({ from: fromMs, before: beforeMs });
  }
  return out;
}

interface Walked {
  readonly until: MonotonicMs;
  readonly segmentIds: readonly number[];
  /** Up to there; undefined: to the window's end. */
  readonly upto: WallMs | undefined;
}
const KEPT_MS = 3_600_000;
/** Of a camera in a window. */
const MOST_IDS = 1_000;

export class OutsideStretches {
  readonly #clock: Pick<Clock, "monotonicMs">;
  #stretches = "";
  #walked = new Map<string, Walked>();

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** The oldest of a camera in that window that are in none of the stretches, whatever their state, by their start; those that are gone meanwhile are left out. Fewer than `least` only where there are no more. */
  list(index: IndexStore, cameraId: number, stretches: readonly BehindStretch[], window: StretchWindow, least: number): readonly number[] {
    const key = JSON.stringify(stretches);
    if (key !== this.#stretches) this.#walked.clear();
    this.#stretches = key;
    const place = `${cameraId} ${window.from}`;
    const now = this.#clock.monotonicMs();
    let walked = this.#walked.get(place);
    if (walked === undefined || now >= walked.until) walked = { until: now + KEPT_MS, segmentIds: [], upto: window.from };
    const there = (ids: readonly number[]): number[] =>
      ids.length === 0 ? [] : (index.database.prepare("SELECT segment_id FROM segment WHERE segment_id IN (SELECT value FROM json_each(?)) ORDER BY start_ms, segment_id").all(JSON.stringify(ids)) as { segment_id: number }[]).map((row) => row.segment_id);
    let segmentIds = there(walked.segmentIds);
    let { upto } = walked;
    if (upto !== undefined && segmentIds.length < least) {
      const sql = `SELECT segment_id, start_ms FROM segment WHERE camera_id = ? AND start_ms >= ? AND start_ms < ? ${stretches.map(() => `AND NOT ${IN_STRETCH}`).join(" ")} ORDER BY start_ms, segment_id LIMIT ?`;
      const rows = index.database.prepare(sql).all(cameraId, upto, window.before, ...stretches.flatMap(stretchBounds), MOST_IDS) as { segment_id: number; start_ms: number }[];
      segmentIds = [...new Set([...segmentIds, ...rows.map((row) => row.segment_id)])];
      upto = rows.length < MOST_IDS ? undefined : rows.at(-1)!.start_ms;
    }
    this.#walked.set(place, { until: walked.until, segmentIds, upto });
    return segmentIds;
  }
}
