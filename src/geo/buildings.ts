// Footprints of buildings with their heights, where the map knows them, and what stands between two places. Outlines only: a courtyard counts as
// built, which errs towards "does not see". Heights are in decimetres; 0 means not mapped, and an unmapped height hides whatever is behind it.
import Flatbush from "flatbush";
import { type Result, err, ok } from "../base/result.ts";
import { lazily } from "../base/lazily.ts";
import { METRES_PER_DEGREE, type Point, metresPerDegreeLon } from "./point.ts";
import type { GraphFault } from "./road-graph.ts";

export interface BuildingParts {
  readonly ringFirst: Uint32Array; // buildings + 1, counted in points; rings are not closed
  readonly ringE7: Int32Array; // lon, lat in 1e-7 degree
  readonly heightDm: Uint16Array;
}

export interface Buildings {
  readonly parts: BuildingParts;
  readonly count: number;
  /** Where to look for a building; null: there is none. Made when it is asked for first: some tens of milliseconds for a city. */
  readonly boxes: Flatbush | null;
}

export function createBuildings(parts: BuildingParts): Result<Buildings, GraphFault> {
  const count = parts.heightDm.length;
  if (parts.ringFirst.length !== count + 1) return err({ field: "ringFirst", expected: `${count + 1} values` });
  if (parts.ringFirst[0] !== 0 || parts.ringFirst[count]! * 2 !== parts.ringE7.length) return err({ field: "ringFirst", expected: "0 at the start and all points at the end" });
  for (let b = 0; b < count; b++) if (parts.ringFirst[b + 1]! < parts.ringFirst[b]! + 3) return err({ field: `ringFirst[${b + 1}]`, expected: "three points or more in each outline" });
  const boxes = lazily(() => (count === 0 ? null : indexBoxes(parts, count)));
  return ok({
    parts, count,
    get boxes() {
      return boxes();
    },
  });
}

function indexBoxes(parts: BuildingParts, count: number): Flatbush {
  const boxes = new Flatbush(count, 16, Int32Array);
  for (let b = 0; b < count; b++) {
    let west = Infinity;
    let south = Infinity;
    let east = -Infinity;
    let north = -Infinity;
    for (let i = parts.ringFirst[b]!; i < parts.ringFirst[b + 1]!; i++) {
      west = Math.min(west, parts.ringE7[i * 2]!);
      east = Math.max(east, parts.ringE7[i * 2]!);
      south = Math.min(south, parts.ringE7[i * 2 + 1]!);
      north = Math.max(north, parts.ringE7[i * 2 + 1]!);
    }
    boxes.add(west, south, east, north);
  }
  boxes.finish();
  return boxes;
}

export const NO_BUILDINGS: Buildings = { parts: { ringFirst: new Uint32Array(1), ringE7: new Int32Array(0), heightDm: new Uint16Array(0) }, count: 0, boxes: null };

/** Rings of [lon, lat, ...] in degrees with a height in metres (null: not known) to the stored form. */
export function buildingPartsOf(buildings: readonly { readonly ring: ArrayLike<number>; readonly heightM: number | null }[]): BuildingParts {
  const first = [0];
  const ring: number[] = [];
  const height: number[] = [];
  for (const building of buildings) {
    let end = building.ring.length;
    if (end >= 4 && building.ring[0] === building.ring[end - 2] && building.ring[1] === building.ring[end - 1]) end -= 2;
    if (end < 6) continue;
    for (let i = 0; i < end; i++) ring.push(Math.round(building.ring[i]! * 1e7));
    first.push(ring.length / 2);
    height.push(building.heightM === null ? 0 : Math.min(65_535, Math.max(1, Math.round(building.heightM * 10))));
  }
  return { ringFirst: Uint32Array.from(first), ringE7: Int32Array.from(ring), heightDm: Uint16Array.from(height) };
}

/** Whether a point lies in a footprint (crossing number). */
export function isInside(buildings: Buildings, building: number, p: Point): boolean {
  const { ringFirst, ringE7 } = buildings.parts;
  const x = p.lon * 1e7;
  const y = p.lat * 1e7;
  let inside = false;
  const last = ringFirst[building + 1]! - 1;
  for (let i = ringFirst[building]!, j = last; i <= last; j = i++) {
    const yi = ringE7[i * 2 + 1]!;
    const yj = ringE7[j * 2 + 1]!;
    if (yi > y !== yj > y && x < ((ringE7[j * 2]! - ringE7[i * 2]!) * (y - yi)) / (yj - yi) + ringE7[i * 2]!) inside = !inside;
  }
  return inside;
}

/** The buildings whose box holds the point and that really contain it. */
export function buildingsAt(buildings: Buildings, p: Point): number[] {
  const box = [p.lon * 1e7, p.lat * 1e7] as const;
  return buildings.boxes === null ? [] : buildings.boxes.search(box[0], box[1], box[0], box[1]).filter((b) => isInside(buildings, b, p));
}

export interface Obstacle {
  readonly building: number;
  readonly heightM: number | null;
  readonly enterM: number; // metres from the start of the line
  readonly leaveM: number;
}

/** What the straight line from a to b passes through, nearest first. */
export function obstaclesBetween(buildings: Buildings, a: Point, b: Point): Obstacle[] {
  if (buildings.boxes === null) return [];
  const { ringFirst, ringE7, heightDm } = buildings.parts;
  const kx = metresPerDegreeLon(a.lat) / 1e7;
  const ky = METRES_PER_DEGREE / 1e7;
  const ax = a.lon * 1e7;
  const ay = a.lat * 1e7;
  const bx = (b.lon * 1e7 - ax) * kx;
  const by = (b.lat * 1e7 - ay) * ky;
  const length = Math.hypot(bx, by);
  const found: Obstacle[] = [];
  for (const building of buildings.boxes.search(Math.min(ax, b.lon * 1e7), Math.min(ay, b.lat * 1e7), Math.max(ax, b.lon * 1e7), Math.max(ay, b.lat * 1e7))) {
    let enter = isInside(buildings, building, a) ? 0 : Infinity;
    let leave = isInside(buildings, building, b) ? length : -Infinity;
    const last = ringFirst[building + 1]! - 1;
    for (let i = ringFirst[building]!, j = last; i <= last; j = i++) {
      const px = (ringE7[j * 2]! - ax) * kx;
      const py = (ringE7[j * 2 + 1]! - ay) * ky;
      const rx = (ringE7[i * 2]! - ax) * kx - px;
      const ry = (ringE7[i * 2 + 1]! - ay) * ky - py;
      const cross = bx * ry - by * rx;
      if (cross === 0) continue;
      const t = (px * ry - py * rx) / cross; // share of the line
      const u = (px * by - py * bx) / cross; // share of the wall
      if (t < 0 || t > 1 || u < 0 || u > 1) continue;
      enter = Math.min(enter, t * length);
      leave = Math.max(leave, t * length);
    }
    if (enter <= leave) found.push({ building, heightM: heightDm[building] === 0 ? null : heightDm[building]! / 10, enterM: enter, leaveM: leave });
  }
  return found.sort((p, q) => p.enterM - q.enterM);
}
