// Lines in lon/lat pairs: length, the point at a share of it, the nearest point on it. Flat arrays [lon, lat, lon, lat, ...], as the road graph stores them.
import { METRES_PER_DEGREE, type Point, distanceOf, metresPerDegreeLon } from "./point.ts";

/** Metres along the line. */
export function lengthM(line: ArrayLike<number>): number {
  let metres = 0;
  for (let i = 2; i + 1 < line.length; i += 2) metres += distanceOf(line[i - 2]!, line[i - 1]!, line[i]!, line[i + 1]!);
  return metres;
}

export interface NearestOnLine {
  readonly point: Point;
  readonly distanceM: number;
  readonly alongM: number; // from the line's start
}

/** The point of the line nearest to `p`. A line of one point is that point; an empty line throws RangeError. */
export function nearestOnLine(line: ArrayLike<number>, p: Point): NearestOnLine {
  if (line.length < 2) throw new RangeError("nearest point of an empty line");
  const kx = metresPerDegreeLon(p.lat);
  const ky = METRES_PER_DEGREE;
  let best = { point: { lon: line[0]!, lat: line[1]! }, distanceM: distanceOf(line[0]!, line[1]!, p.lon, p.lat), alongM: 0 };
  let along = 0;
  for (let i = 2; i + 1 < line.length; i += 2) {
    const ax = (line[i - 2]! - p.lon) * kx;
    const ay = (line[i - 1]! - p.lat) * ky;
    const dx = (line[i]! - line[i - 2]!) * kx;
    const dy = (line[i + 1]! - line[i - 1]!) * ky;
    const squared = dx * dx + dy * dy;
    const t = squared === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / squared));
    const distance = Math.hypot(ax + dx * t, ay + dy * t);
    const length = Math.sqrt(squared);
    if (distance < best.distanceM) {
      best = {
        point: { lon: line[i - 2]! + (line[i]! - line[i - 2]!) * t, lat: line[i - 1]! + (line[i + 1]! - line[i - 1]!) * t }, distanceM: distance, alongM: along + length * t,
      };
    }
    along += length;
  }
  return best;
}

/** The point `metres` along the line, its ends where that is beyond them. */
export function pointAlong(line: ArrayLike<number>, metres: number): Point {
  let left = Math.max(0, metres);
  for (let i = 2; i + 1 < line.length; i += 2) {
    const length = distanceOf(line[i - 2]!, line[i - 1]!, line[i]!, line[i + 1]!);
    if (left <= length && length > 0) return { lon: line[i - 2]! + ((line[i]! - line[i - 2]!) * left) / length, lat: line[i - 1]! + ((line[i + 1]! - line[i - 1]!) * left) / length };
    left -= length;
  }
  return { lon: line[line.length - 2]!, lat: line[line.length - 1]! };
}

/** The piece of a line between two shares of its length (0 to 1); reversed where `from` is greater than `to`. */
export function sliceLine(line: ArrayLike<number>, from: number, to: number): Point[] {
  if (from > to) return sliceLine(line, to, from).reverse();
  const total = lengthM(line);
  const start = from * total;
  const end = to * total;
  const points: Point[] = [];
  let along = 0;
  for (let i = 2; i + 1 < line.length; i += 2) {
    const length = distanceOf(line[i - 2]!, line[i - 1]!, line[i]!, line[i + 1]!);
    const at = (metres: number): Point => {
      const t = length === 0 ? 0 : (metres - along) / length;
      return { lon: line[i - 2]! + (line[i]! - line[i - 2]!) * t, lat: line[i - 1]! + (line[i + 1]! - line[i - 1]!) * t };
    };
    if (along + length >= start && along <= end) {
      if (points.length === 0) points.push(at(Math.max(start, along)));
      points.push(along + length <= end ? { lon: line[i]!, lat: line[i + 1]! } : at(end));
    }
    along += length;
  }
  return points;
}
