// Where a camera hangs so that it really sees what it is for: on a mast beside the road, looking at the place over open ground. Every pose is tested with the same
// line of sight that the product uses; one that sees nothing is not taken.
import type { Random } from "../../base/random.ts";
import { buildingsAt } from "../../geo/buildings.ts";
import type { CityModel } from "../../geo/city/city-model.ts";
import { DETECT_PX_PER_M, type ViewPose, seesPlace } from "../../geo/line-of-sight.ts";
import { type Point, bearingDeg, boundsContain, destination, distanceM, normaliseDeg, turnDeg } from "../../geo/point.ts";
import { pointAlong } from "../../geo/polyline.ts";
import { snapToRoad } from "../../geo/road-snap.ts";
import type { Arm } from "./junctions.ts";

export interface Placed {
  readonly pose: ViewPose;
  readonly imageWidthPx: number;
}

/** Widths in pixels with their lenses in degrees: bullet cameras of 2 to 8 megapixels. */
const LENSES = [
  { imageWidthPx: 1920, fovDeg: 60 }, { imageWidthPx: 1920, fovDeg: 75 }, { imageWidthPx: 2560, fovDeg: 70 }, { imageWidthPx: 2560, fovDeg: 84 }, { imageWidthPx: 3840, fovDeg: 80 },
] as const;
const MOST_RANGE_M = 150;
const KERB_M = 6;
const ON_ROAD_M = 18;

/** A pose at `from` that has `target` in the middle of its picture. The range is where the pixels end (IEC 62676-4, detection). */
export function poseTowards(from: Point, target: Point, random: Random): Placed {
  const lens = random.pick(LENSES);
  const mountHeightM = 4.5 + random.integer(8) * 0.5;
  const verticalFovDeg = round((2 * Math.atan(Math.tan(radians(lens.fovDeg / 2)) * (9 / 16)) * 180) / Math.PI);
  const depression = (Math.atan2(mountHeightM - 1, distanceM(from, target)) * 180) / Math.PI;
  const rangeM = Math.min(MOST_RANGE_M, Math.floor(lens.imageWidthPx / (2 * Math.tan(radians(lens.fovDeg / 2)) * DETECT_PX_PER_M)));
  return {
    imageWidthPx: lens.imageWidthPx,
    pose: {
      point: { lon: round7(from.lon), lat: round7(from.lat) }, mountHeightM, bearingDeg: normaliseDeg(Math.round(bearingDeg(from, target))), tiltDeg: Math.max(4, Math.round(depression)),
      horizontalFovDeg: lens.fovDeg, verticalFovDeg, rangeM,
    },
  };
}

const sees = (city: CityModel, placed: Placed, target: Point): boolean =>
  boundsContain(city.bounds, placed.pose.point) && buildingsAt(city.buildings, placed.pose.point).length === 0 && seesPlace(placed.pose, target, city.buildings, placed.imageWidthPx).sees;

/** A camera on one arm of a corner, looking back over the corner; null where the arm is too short or the view is built up. */
export function placeOnArm(city: CityModel, corner: Point, arm: Arm, random: Random): Placed | null {
  const away = 18 + random.integer(15);
  const side = random.next() < 0.5 ? 90 : -90;
  if (arm.lengthM < away + 4) return null;
  const mast = destination(pointAlong(arm.shape, away), arm.bearingDeg + side, KERB_M);
  const placed = poseTowards(mast, corner, random);
  return sees(city, placed, corner) ? placed : null;
}

/** A camera beside the road somewhere around a place, looking at it; the first that sees it. */
export function placeAround(city: CityModel, target: Point, random: Random): Placed | null {
  return placeSeveralAround(city, target, 1, random)[0] ?? null;
}

/** Up to `count` cameras beside the roads around a place, each seeing it, from sides as different as can be. */
export function placeSeveralAround(city: CityModel, target: Point, count: number, random: Random): Placed[] {
  const candidates: Placed[] = [];
  const turn = random.integer(360);
  for (const metres of [24, 30, 38, 46]) {
    for (let bearing = 0; bearing < 360; bearing += 20) {
      const mast = destination(target, turn + bearing + metres, metres);
      const road = snapToRoad(city.graph, mast, ON_ROAD_M);
      if (road === null || road.distanceM < KERB_M / 2) continue;
      const placed = poseTowards(mast, target, random);
      if (sees(city, placed, target)) candidates.push(placed);
    }
  }
  const chosen: Placed[] = [];
  while (chosen.length < count && candidates.length > 0) {
    const apart = (p: Placed): number => Math.min(180, ...chosen.map((q) => Math.abs(turnDeg(p.pose.bearingDeg, q.pose.bearingDeg))));
    let best = candidates[0]!;
    for (const p of candidates) if (apart(p) > apart(best)) best = p;
    if (chosen.length > 0 && apart(best) < 25) break;
    chosen.push(best);
    candidates.splice(candidates.indexOf(best), 1);
  }
  return chosen;
}

const SIDES = ["norte", "noreste", "este", "sureste", "sur", "suroeste", "oeste", "noroeste"] as const;
/** Where a camera looks, in Spanish, as such cameras are named. */
export const sideOf = (bearing: number): string => SIDES[Math.round(bearing / 45) % 8]!;

const radians = (deg: number): number => (deg * Math.PI) / 180;
const round = (v: number): number => Math.round(v * 10) / 10;
const round7 = (v: number): number => Math.round(v * 1e7) / 1e7;
