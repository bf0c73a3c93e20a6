// Whether a camera may stand, or a unit wait, at a point: in the city or near it. A slip in a coordinate (a sign, the two swapped, a decimal point) lands hundreds of
// kilometres away and would never be missed in a register of thousands, so the server refuses it and the console's form says so beforehand: both by this one function.
import { createFault, type InputFault } from "../base/expectations.ts";
import type { Point } from "./basics.ts";
import type { City } from "./city.ts";

/** Some 20 km: a city's network reaches past its border, to bridges, toll gates and the airport. */
const MARGIN_DEG = 0.2;

/** Faults of `lat` and `lon` under the field `at`; none where it may be there. */
export function faultsOfPlace({ lon, lat }: Point, { west, south, east, north }: City["bounds"], at: string): InputFault[] {
  const outside = (value: number, from: number, to: number): boolean => value < from - MARGIN_DEG || value > to + MARGIN_DEG;
  const span = (from: number, to: number): { from: string; to: string } => ({ from: (from - MARGIN_DEG).toFixed(2), to: (to + MARGIN_DEG).toFixed(2) });
  return [
    ...(outside(lat, south, north) ? [createFault(`${at}.lat`, String(lat), "city-latitude", span(south, north))] : []),
    ...(outside(lon, west, east) ? [createFault(`${at}.lon`, String(lon), "city-longitude", span(west, east))] : []),
  ];
}
