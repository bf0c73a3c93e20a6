// Where the units are: last value only, in typed arrays by unit id, so that 90,000 units cost a few megabytes and 2,800 fixes a second are
// plain stores. Positions never go through the event log. Rejected: a map of objects (a hundred times the garbage).
import type { InputFault } from "../base/result.ts";
import type { WallMs } from "../base/time.ts";

export interface PositionFix {
  readonly unitId: number;
  readonly lon: number;
  readonly lat: number;
  readonly headingDeg: number | null;
  readonly speedMps: number | null;
  /** Time of the fix by the device. */
  readonly at: WallMs;
}

/** [unitId, lon, lat, headingDeg or -1, speedMps, ageMs] */
export type PositionRow = [number, number, number, number, number, number];

export interface LastPosition {
  readonly point: { readonly lon: number; readonly lat: number };
  readonly headingDeg: number | null;
  readonly speedMps: number;
  readonly at: WallMs;
}

export interface PositionTable {
  /** Takes what is right and tells what is not; a wrong fix never holds back the others. */
  report(fixes: readonly PositionFix[], now: WallMs): { taken: number; refused: (InputFault & { index: number })[] };
  /** Rows changed after a version of this table (0: all), and the version to ask with next time. */
  rows(now: WallMs, changedAfter?: number): { version: number; rows: PositionRow[] };
  find(unitId: number): LastPosition | null;
}
