// Where the units are: last value only, in typed arrays by unit id, so that 90,000 units cost a few megabytes and 2,800 fixes a second are
// plain stores. Positions never go through the event log. Rejected: a map of objects (a hundred times the garbage).
import { createFault, type ExpectationCode, type InputFault } from "../base/expectations.ts";
import type { WallMs } from "../base/time.ts";
import type { LonLat } from "../dispatch/entities.ts";
import type { FixColumns } from "./ranking.ts";

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
  readonly point: LonLat;
  readonly headingDeg: number | null;
  readonly speedMps: number;
  readonly at: WallMs;
}

export interface PositionTable {
  /** Takes what is right and tells what is not; a wrong fix never holds back the others. A fix older than the last one is taken and changes nothing. */
  report(fixes: readonly PositionFix[], now: WallMs): { taken: number; refused: (InputFault & { index: number })[] };
  /** Rows changed after a version of this table (0: all), and the version to ask with next time. */
  rows(now: WallMs, changedAfter?: number): { version: number; rows: PositionRow[] };
  find(unitId: number): LastPosition | null;
  /** The last fixes as units are ranked by them, by unit id; to be read at once, since the next report writes into them. */
  columns(): FixColumns;
}

/** A device's clock may be so far ahead of ours. */
const CLOCK_SLACK_MS = 30_000;
/** Units are ranked by their places to a ten-millionth of a degree, a centimetre, and to the ms: so a decision's inputs are whole numbers, and come back as they were. */
const E7 = 1e7;
const FIRST_CAPACITY = 1_024;

/**
 * `unitFault` says why no position of a unit may be taken (no such unit; off duty, [UNT5]), or null. `onFix` is told each newer place: what is worked out
 * of it then (which road it is on) need not be worked out for all units at once when somebody waits for an answer.
 */
export function createPositionTable(unitFault: (unitId: number, now: WallMs) => ExpectationCode | null, onFix: (unitId: number, lon: number, lat: number) => void = () => undefined): PositionTable {
  let capacity = 0;
  let lon = new Float64Array(0);
  let lat = new Float64Array(0);
  let heading = new Float32Array(0);
  let speed = new Float32Array(0);
  let judged = { lon, lat };
  let at = new Float64Array(0);
  let changed = new Float64Array(0);
  let version = 0;
  let last = 0; // highest unit id that has a fix

  const grow = (unitId: number): void => {
    if (unitId < capacity) return;
    capacity = Math.max(FIRST_CAPACITY, 2 ** Math.ceil(Math.log2(unitId + 1)));
    const wider64 = (from: Float64Array, fill = 0): Float64Array<ArrayBuffer> => {
      const to = new Float64Array(capacity).fill(fill);
      to.set(from);
      return to;
    };
    const wider32 = (from: Float32Array): Float32Array<ArrayBuffer> => {
      const to = new Float32Array(capacity);
      to.set(from);
      return to;
    };
    judged = { lon: wider64(judged.lon), lat: wider64(judged.lat) };
    [lon, lat, at, changed, heading, speed] = [wider64(lon), wider64(lat), wider64(at, NaN), wider64(changed), wider32(heading), wider32(speed)];
  };

  const faultOf = (fix: PositionFix, now: WallMs): InputFault | null => {
    const unknown = unitFault(fix.unitId, now);
    if (unknown !== null) return createFault("unitId", String(fix.unitId), unknown);
    if (!(Math.abs(fix.lon) <= 180)) return createFault("lon", String(fix.lon), "longitude");
    if (!(Math.abs(fix.lat) <= 90)) return createFault("lat", String(fix.lat), "latitude");
    if (!(fix.at <= now + CLOCK_SLACK_MS) || fix.at < 0) return createFault("at", String(fix.at), "time-not-after", { t: now + CLOCK_SLACK_MS });
    return null;
  };

  return {
    report: (fixes, now) => {
      const refused: (InputFault & { index: number })[] = [];
      version++;
      for (const [index, fix] of fixes.entries()) {
        const fault = faultOf(fix, now);
        if (fault !== null) {
          refused.push({ index, ...fault });
          continue;
        }
        const id = fix.unitId;
        grow(id);
        if (Math.round(fix.at) < at[id]!) continue; // NaN: its first
        lon[id] = fix.lon;
        lat[id] = fix.lat;
        judged.lon[id] = Math.round(fix.lon * E7) / E7;
        judged.lat[id] = Math.round(fix.lat * E7) / E7;
        heading[id] = fix.headingDeg === null ? -1 : ((fix.headingDeg % 360) + 360) % 360;
        speed[id] = fix.speedMps ?? 0;
        at[id] = Math.round(fix.at);
        changed[id] = version;
        last = Math.max(last, id);
        onFix(id, judged.lon[id]!, judged.lat[id]!);
      }
      return { taken: fixes.length - refused.length, refused };
    },
    rows: (now, changedAfter = 0) => {
      const rows: PositionRow[] = [];
      for (let id = 1; id <= last; id++) {
        if (changed[id]! <= changedAfter || unitFault(id, now) !== null) continue;
        rows.push([id, lon[id]!, lat[id]!, heading[id]!, speed[id]!, Math.max(0, now - at[id]!)]);
      }
      return { version, rows };
    },
    columns: () => ({ ...judged, at }),
    find: (unitId) => {
      if (!(unitId <= last) || changed[unitId] === 0) return null;
      return { point: { lon: lon[unitId]!, lat: lat[unitId]! }, headingDeg: heading[unitId]! < 0 ? null : heading[unitId]!, speedMps: speed[unitId]!, at: at[unitId]! };
    },
  };
}
