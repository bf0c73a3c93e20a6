// A house number on a street: the mapped house where there is one, else a place worked out from its neighbours, with an honest radius. Numbers
// of one parity stand on one side of a street, so neighbours of the same parity come first.
import type { GazetteerParts } from "./gazetteer-parts.ts";
import { type Point, between, distanceM } from "./point.ts";

export interface HousePlace {
  readonly point: Point;
  readonly exact: boolean;
  readonly uncertaintyM: number;
  /** The suffix that was found ("bis"), "" without one. */
  readonly suffix: string;
}

/** How far from its mapped point a house's door may be. */
const HOUSE_M = 15;
/** Where a street's numbers tell nothing, one number stands for about this much. Blocks of 100 numbers are about 100 m. */
const METRES_PER_NUMBER = 1;
/** Houses of one number farther apart than this are told apart. */
const SAME_HOUSE_M = 80;

/** Places for a number on a street; several where the map has the number in several spots; empty where the street has no numbers at all. */
export function findHouse(parts: GazetteerParts, street: number, number: number, suffix: string = ""): HousePlace[] {
  const first = parts.addressFirst[street]!;
  const end = parts.addressFirst[street + 1]!;
  if (first === end) return [];
  const from = lowerBound(parts.addressNumber, first, end, number);
  const found: HousePlace[] = [];
  for (let a = from; a < end && parts.addressNumber[a] === number; a++) {
    const at = { point: pointOf(parts, a), exact: true, uncertaintyM: HOUSE_M, suffix: parts.suffixes[parts.addressSuffix[a]!]! };
    if (found.some((other) => distanceM(other.point, at.point) < SAME_HOUSE_M && (other.suffix === at.suffix || at.suffix !== suffix))) continue;
    found.push(at);
  }
  if (found.length > 0) {
    const asked = found.filter((at) => at.suffix === suffix);
    return asked.length > 0 ? asked : found.slice(0, 2);
  }
  return [interpolate(parts, street, number, from)];
}

function interpolate(parts: GazetteerParts, street: number, number: number, at: number): HousePlace {
  const first = parts.addressFirst[street]!;
  const end = parts.addressFirst[street + 1]!;
  const sameParity = (a: number): boolean => (parts.addressNumber[a]! - number) % 2 === 0;
  let below = at - 1;
  while (below >= first && !sameParity(below)) below--;
  let above = at;
  while (above < end && !sameParity(above)) above++;
  if (below < first && above >= end) {
    below = at - 1;
    above = at;
  }
  const lower = below >= first ? below : -1;
  const upper = above < end ? above : -1;
  if (lower >= 0 && upper >= 0) {
    const a = pointOf(parts, lower);
    const b = pointOf(parts, upper);
    const share = (number - parts.addressNumber[lower]!) / (parts.addressNumber[upper]! - parts.addressNumber[lower]!);
    return { point: between(a, b, share), exact: false, uncertaintyM: Math.round(HOUSE_M + distanceM(a, b) * Math.max(share, 1 - share)), suffix: "" };
  }
  const known = lower >= 0 ? lower : upper;
  return {
    point: pointOf(parts, known), exact: false, suffix: "",
    uncertaintyM: Math.round(HOUSE_M + Math.abs(parts.addressNumber[known]! - number) * metresPerNumber(parts, first, end)),
  };
}

/** Measured over the whole street, so that an end that is not mapped is drawn out at the street's own pace. */
function metresPerNumber(parts: GazetteerParts, first: number, end: number): number {
  const numbers = parts.addressNumber[end - 1]! - parts.addressNumber[first]!;
  if (numbers < 50) return METRES_PER_NUMBER;
  return Math.min(5, Math.max(0.2, distanceM(pointOf(parts, first), pointOf(parts, end - 1)) / numbers));
}

const pointOf = (parts: GazetteerParts, a: number): Point => ({ lon: parts.addressLonE7[a]! / 1e7, lat: parts.addressLatE7[a]! / 1e7 });

function lowerBound(sorted: Int32Array, from: number, to: number, value: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
