// How far beyond the city a place lies, and which way: an incident out there is taken, and everybody must see that it is out there.
import { type Bounds, type Point, bearingDeg, boundsContain, distanceM } from "./point.ts";

export interface Outside {
  /** From the nearest point of the city's extent. */
  readonly distanceM: number;
  /** As seen from the city, clockwise from north. */
  readonly bearingDeg: number;
}

/** Null where the place is in the city. Far away the flat plane is wrong by some per cent, which "200 km west" does not need. */
export function outsideOf(bounds: Bounds, p: Point): Outside | null {
  if (boundsContain(bounds, p)) return null;
  const nearest = { lon: Math.min(bounds.east, Math.max(bounds.west, p.lon)), lat: Math.min(bounds.north, Math.max(bounds.south, p.lat)) };
  return { distanceM: distanceM(nearest, p), bearingDeg: bearingDeg(nearest, p) };
}
