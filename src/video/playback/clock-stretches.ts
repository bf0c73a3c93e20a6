// When a camera's own clock was wrong (A30), out of the sender reports that are kept of it: one a minute while it is connected. The clock that a camera burns into its picture is that one, so whoever looks at the
// past has to be told where it contradicts ours, which counts. One late report is the network's doing, and no stretch.
import type { WallMs } from "../../base/time.ts";

/** A report tells of the time around it; further apart nobody knows what the clock said between. */
export const REPORT_REACH_MS = 75_000;
/** Within a stretch the offset is told once; another that differs by more begins the next. */
const SAME_OFFSET_MS = 1_000;

export interface ClockReport {
  readonly arrivalMs: WallMs;
  /** Camera's clock less ours. */
  readonly offsetMs: number;
}
export interface ClockStretch {
  readonly start: WallMs;
  readonly end: WallMs;
  readonly offsetMs: number;
}

/** `reports`: those that are too far off, by arrival, also from REPORT_REACH_MS before and after the range. The stretches are cut to the range. */
export function listClockStretches(reports: readonly ClockReport[], from: WallMs, to: WallMs): ClockStretch[] {
  const groups: ClockReport[][] = [];
  for (const report of reports) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (last !== undefined && report.arrivalMs - last.arrivalMs <= 2 * REPORT_REACH_MS && Math.abs(report.offsetMs - group![0]!.offsetMs) <= SAME_OFFSET_MS) group!.push(report);
    else groups.push([report]);
  }
  return groups.filter((group) => group.length > 1).flatMap((group, i, all): ClockStretch[] => {
    const next = all[i + 1]?.[0]?.arrivalMs ?? Infinity;
    const start = Math.max(from, group[0]!.arrivalMs - REPORT_REACH_MS, all[i - 1]?.at(-1)?.arrivalMs ?? -Infinity);
    const end = Math.min(to, group.at(-1)!.arrivalMs + REPORT_REACH_MS, next);
    const offsets = group.map(({ offsetMs }) => offsetMs).toSorted((a, b) => a - b);
    return end > start ? [{ start, end, offsetMs: Math.round(offsets[offsets.length >> 1]!) }] : [];
  });
}
