// What a recommendation was worked out from, besides the log: where every unit was. It is kept while it counts as shown and stored with the decision that is made on it, so that
// the recommendation can be worked out again (replay-decision.ts). The event names it by digest, so the incident's chain of hashes covers it too.
// Rejected: a history of all positions (two hundred million rows a day to look up a few thousand decisions), and storing the answer, which nobody can check.
import type { WallMs } from "../base/time.ts";
import type { FixColumns, Ranking } from "./ranking.ts";

/** Fixes as they were; units without one are not among them. */
export interface DecisionInputs {
  readonly incidentId: number;
  /** Last event of the log that the state had. */
  readonly sequence: number;
  readonly computedAt: WallMs;
  /** Which roads: the city's name and when it was imported. */
  readonly roads: string;
  readonly unitIds: Int32Array;
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  readonly ageMs: Float64Array;
}
export interface StoredInputs extends Pick<DecisionInputs, "incidentId" | "sequence" | "computedAt" | "roads"> {
  /** SHA-256, hex, over all of it. */
  readonly digest: string;
  readonly columns: Uint8Array;
}
export type DigestFunction = (content: string | Uint8Array) => string;

export function inputsOf(ranking: Ranking, sequence: number, roads: string): DecisionInputs {
  const known: number[] = [];
  for (let i = 0; i < ranking.units.length; i++) if (!Number.isNaN(ranking.ageMs[i]!)) known.push(i);
  return {
    incidentId: ranking.incident.id, sequence, computedAt: ranking.now, roads, unitIds: Int32Array.from(known, (i) => ranking.units[i]!.id),
    lon: Float64Array.from(known, (i) => ranking.lon[i]!), lat: Float64Array.from(known, (i) => ranking.lat[i]!), ageMs: Float64Array.from(known, (i) => ranking.ageMs[i]!),
  };
}

export const sizeOfInputs = (inputs: DecisionInputs): number => inputs.unitIds.length * BYTES_PER_UNIT;

const BYTES_PER_UNIT = 28;

/** Columns one after the other, little endian: longitude, latitude, age (float64), unit (int32). */
export function encodeInputs(inputs: DecisionInputs, digestOf: DigestFunction): StoredInputs {
  const { incidentId, sequence, computedAt, roads, unitIds, lon, lat, ageMs } = inputs;
  const count = unitIds.length;
  const columns = new Uint8Array(count * BYTES_PER_UNIT);
  const view = new DataView(columns.buffer);
  [lon, lat, ageMs].forEach((column, c) => column.forEach((value, i) => view.setFloat64((c * count + i) * 8, value, true)));
  unitIds.forEach((id, i) => view.setInt32(count * 24 + i * 4, id, true));
  const head = { incidentId, sequence, computedAt, roads };
  return { ...head, columns, digest: digestOfInputs({ ...head, columns }, digestOf) };
}

export const digestOfInputs = ({ incidentId, sequence, computedAt, roads, columns }: Omit<StoredInputs, "digest">, digestOf: DigestFunction): string =>
  digestOf(JSON.stringify([incidentId, sequence, computedAt, roads, digestOf(columns)]));

/** Throws a RangeError where the columns have no whole number of units. */
export function decodeInputs(stored: StoredInputs): DecisionInputs {
  const { columns } = stored;
  const count = columns.length / BYTES_PER_UNIT;
  if (!Number.isInteger(count)) throw new RangeError(`inputs of a recommendation: ${columns.length} bytes, expected a multiple of ${BYTES_PER_UNIT}`);
  const view = new DataView(columns.buffer, columns.byteOffset, columns.byteLength);
  const numbers = (c: number): Float64Array => Float64Array.from({ length: count }, (_, i) => view.getFloat64((c * count + i) * 8, true));
  const { incidentId, sequence, computedAt, roads } = stored;
  return { incidentId, sequence, computedAt, roads, lon: numbers(0), lat: numbers(1), ageMs: numbers(2), unitIds: Int32Array.from({ length: count }, (_, i) => view.getInt32(count * 24 + i * 4, true)) };
}

/** The fixes by unit id, as `rankUnits` reads them. */
export function fixColumnsOf({ unitIds, lon, lat, ageMs, computedAt }: DecisionInputs): FixColumns {
  const size = unitIds.reduce((most, id) => Math.max(most, id), 0) + 1;
  const columns = { lon: new Float64Array(size), lat: new Float64Array(size), at: new Float64Array(size).fill(NaN) };
  unitIds.forEach((id, i) => {
    columns.lon[id] = lon[i]!;
    columns.lat[id] = lat[i]!;
    columns.at[id] = computedAt - ageMs[i]!;
  });
  return columns;
}
