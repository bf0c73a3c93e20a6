// What a recommendation was worked out from, besides the log: where the units were that it judged by their place, which are those on duty of the wanted kinds. It is kept while it counts as shown
// and stored with the decision that is made on it, so that the recommendation can be worked out again (replay-decision.ts). The event names it by digest, so the incident's chain of hashes
// covers it too. Positions of people at work are kept no longer than somebody may ask about a decision; the digest stays.
// Rejected: a history of all positions (two hundred million rows a day to look up a few thousand decisions), and storing the answer, which nobody can check.
import { DAY_MS, type WallMs } from "../base/time.ts";
import type { FixColumns, Ranking } from "./ranking.ts";

/** After this a decision cannot be worked out again. */
export const INPUTS_KEPT_MS = 30 * DAY_MS;

/** Fixes as they were, by unit id; units without one are not among them. */
export interface DecisionInputs {
  readonly incidentId: number;
  /** Last event of the log that the state had. */
  readonly sequence: number;
  readonly computedAt: WallMs;
  /** Which roads: the city's name, when it was imported, and the digest of the speeds by hour. */
  readonly roads: string;
  readonly unitIds: Int32Array;
  /** In ten-millionths of a degree, as positions are kept. */
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
  const used: number[] = [];
  for (let i = 0; i < ranking.units.length; i++) {
    const reason = Number.isNaN(ranking.ageMs[i]!) ? "wrong-kind" : ranking.reasonAt(i);
    if (reason !== "wrong-kind" && reason !== "off-shift") used.push(i); // these are judged before anybody looks where they are
  }
  used.sort((a, b) => ranking.units[a]!.id - ranking.units[b]!.id);
  return {
    incidentId: ranking.incident.id, sequence, computedAt: ranking.now, roads, unitIds: Int32Array.from(used, (i) => ranking.units[i]!.id),
    lon: Float64Array.from(used, (i) => ranking.lon[i]!), lat: Float64Array.from(used, (i) => ranking.lat[i]!), ageMs: Float64Array.from(used, (i) => ranking.ageMs[i]!),
  };
}

export const sizeOfInputs = (inputs: DecisionInputs): number => inputs.unitIds.length * 28;

const E7 = 1e7;
const MOST_BYTES_PER_UNIT = 4 * 8;

/** Unit by unit, each number as its difference from that of the unit before, in groups of seven bits, lowest first: unit, longitude and latitude in ten-millionths of a degree, and the age in ms itself. */
export function encodeInputs(inputs: DecisionInputs, digestOf: DigestFunction): StoredInputs {
  const { incidentId, sequence, computedAt, roads, unitIds, lon, lat, ageMs } = inputs;
  const bytes = new Uint8Array(unitIds.length * MOST_BYTES_PER_UNIT);
  let end = 0;
  const put = (value: number): void => {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[end++] = (rest % 128) + 128;
    bytes[end++] = rest;
  };
  const putSigned = (value: number): void => put(value < 0 ? -2 * value - 1 : 2 * value);
  let [id, x, y] = [0, 0, 0];
  for (let i = 0; i < unitIds.length; i++) {
    const [nextX, nextY] = [Math.round(lon[i]! * E7), Math.round(lat[i]! * E7)];
    put(unitIds[i]! - id);
    putSigned(nextX - x);
    putSigned(nextY - y);
    put(Math.round(ageMs[i]!));
    [id, x, y] = [unitIds[i]!, nextX, nextY];
  }
  const head = { incidentId, sequence, computedAt, roads, columns: bytes.slice(0, end) };
  return { ...head, digest: digestOfInputs(head, digestOf) };
}

export const digestOfInputs = ({ incidentId, sequence, computedAt, roads, columns }: Omit<StoredInputs, "digest">, digestOf: DigestFunction): string =>
  digestOf(JSON.stringify([incidentId, sequence, computedAt, roads, digestOf(columns)]));

/** Throws a RangeError where the columns end within a unit, or a number is too large for any. */
export function decodeInputs(stored: StoredInputs): DecisionInputs {
  const { columns, incidentId, sequence, computedAt, roads } = stored;
  let at = 0;
  const take = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = columns[at++];
      if (byte === undefined) throw new RangeError(`inputs of a recommendation end after ${columns.length} bytes within a unit`);
      value += (byte % 128) * scale;
      if (byte < 128 && value <= Number.MAX_SAFE_INTEGER) return value;
      if (scale > 2 ** 49) throw new RangeError(`inputs of a recommendation have a number at byte ${at} that is none of theirs`);
    }
  };
  const takeSigned = (): number => {
    const value = take();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  };
  const [unitIds, lon, lat, ageMs]: number[][] = [[], [], [], []];
  let [id, x, y] = [0, 0, 0];
  while (at < columns.length) {
    unitIds!.push((id += take()));
    lon!.push((x += takeSigned()) / E7);
    lat!.push((y += takeSigned()) / E7);
    ageMs!.push(take());
  }
  return { incidentId, sequence, computedAt, roads, unitIds: Int32Array.from(unitIds!), lon: Float64Array.from(lon!), lat: Float64Array.from(lat!), ageMs: Float64Array.from(ageMs!) };
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
