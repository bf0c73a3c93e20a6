// Does a camera see a place? The place must lie in the view, sideways and up and down; no building may stand between; and there must be pixels
// enough on it. Distance alone is not seeing: the nearest camera often looks the other way.
// Pixel density follows IEC 62676-4:2014, 6.7: detection 25 px/m (here the least that counts as seeing), observation 62.5, recognition 125,
// identification 250. The lens is taken as rectilinear up to 120 degrees, and as equal-angle (fisheye, multi-sensor) above.
import { type Point, bearingDeg, destination, distanceM, turnDeg } from "./point.ts";
import { type Buildings, buildingsAt, obstaclesBetween } from "./buildings.ts";

/** Degrees and metres; bearing clockwise from north, tilt below the horizon. */
export interface ViewPose {
  readonly point: Point;
  readonly mountHeightM: number;
  readonly bearingDeg: number;
  readonly tiltDeg: number;
  readonly horizontalFovDeg: number;
  readonly verticalFovDeg: number;
  readonly rangeM: number;
}

export const DETECT_PX_PER_M = 25;
/** What one looks at stands about this high: a person's chest, a bonnet. */
export const TARGET_HEIGHT_M = 1;
const RECTILINEAR_MOST_DEG = 120;
/** A camera on a wall is often drawn a little inside its house. */
const WALL_TOLERANCE_M = 3;

export type Sight =
  | { readonly sees: true; readonly distanceM: number; readonly pixelsPerMetre: number; readonly offAxisDeg: number }
  | { readonly sees: false; readonly why: "facing-away"; readonly distanceM: number; readonly offAxisDeg: number }
  | { readonly sees: false; readonly why: "out-of-range"; readonly distanceM: number; readonly rangeM: number }
  | { readonly sees: false; readonly why: "above-or-below-view"; readonly distanceM: number; readonly depressionDeg: number }
  | { readonly sees: false; readonly why: "too-few-pixels"; readonly distanceM: number; readonly pixelsPerMetre: number; readonly neededPixelsPerMetre: number }
  | { readonly sees: false; readonly why: "behind-building"; readonly distanceM: number; readonly buildingAtM: number };

/** Image columns on one metre at the target, square to the line of sight. */
export function pixelsPerMetreAt(horizontalFovDeg: number, imageWidthPx: number, distance: number, offAxisDeg: number): number {
  const away = Math.max(distance, 0.5);
  if (horizontalFovDeg > RECTILINEAR_MOST_DEG) return imageWidthPx / (away * radians(horizontalFovDeg));
  return imageWidthPx / (2 * away * Math.cos(radians(Math.min(Math.abs(offAxisDeg), 89))) * Math.tan(radians(horizontalFovDeg / 2)));
}

/** Whether the view at `pose` shows the target, and if not, the first of the conditions that fails. */
export function seesPlace(pose: ViewPose, target: Point, buildings: Buildings, imageWidthPx: number = 1920): Sight {
  const distance = distanceM(pose.point, target);
  if (distance > pose.rangeM) return { sees: false, why: "out-of-range", distanceM: distance, rangeM: pose.rangeM };
  const offAxisDeg = distance < 0.5 ? 0 : turnDeg(pose.bearingDeg, bearingDeg(pose.point, target));
  if (Math.abs(offAxisDeg) > pose.horizontalFovDeg / 2) return { sees: false, why: "facing-away", distanceM: distance, offAxisDeg };
  const depressionDeg = degrees(Math.atan2(pose.mountHeightM - TARGET_HEIGHT_M, distance));
  if (Math.abs(depressionDeg - pose.tiltDeg) > pose.verticalFovDeg / 2) return { sees: false, why: "above-or-below-view", distanceM: distance, depressionDeg };
  const slant = Math.hypot(distance, pose.mountHeightM - TARGET_HEIGHT_M);
  const pixelsPerMetre = pixelsPerMetreAt(pose.horizontalFovDeg, imageWidthPx, slant, offAxisDeg);
  if (pixelsPerMetre < DETECT_PX_PER_M) return { sees: false, why: "too-few-pixels", distanceM: distance, pixelsPerMetre, neededPixelsPerMetre: DETECT_PX_PER_M };
  const blockedAt = blockedAtM(pose, target, distance, buildings);
  if (blockedAt !== null) return { sees: false, why: "behind-building", distanceM: distance, buildingAtM: blockedAt };
  return { sees: true, distanceM: distance, pixelsPerMetre, offAxisDeg };
}

/** Metres to the first building that hides the target. A building the target stands in does not hide it: its front is what one wants to see. */
function blockedAtM(pose: ViewPose, target: Point, distance: number, buildings: Buildings): number | null {
  if (buildings.boxes === null) return null;
  const around = new Set(buildingsAt(buildings, target));
  for (const obstacle of obstaclesBetween(buildings, pose.point, target)) {
    if (around.has(obstacle.building) || obstacle.leaveM <= WALL_TOLERANCE_M) continue;
    // the line of sight falls evenly to the target, so it is lowest where it leaves the building (highest where it rises)
    const share = (pose.mountHeightM > TARGET_HEIGHT_M ? obstacle.leaveM : obstacle.enterM) / distance;
    const sightHeightM = pose.mountHeightM + (TARGET_HEIGHT_M - pose.mountHeightM) * share;
    if (obstacle.heightM === null || obstacle.heightM > sightHeightM) return obstacle.enterM;
  }
  return null;
}

const MOST_STEP_DEG = 5;

/** The ground that a view covers, as a closed ring for the map: cut at the range and at the first wall. */
export function viewCone(pose: ViewPose, buildings: Buildings): Point[] {
  const fov = Math.min(360, pose.horizontalFovDeg);
  const steps = Math.max(4, Math.ceil(fov / MOST_STEP_DEG));
  const ring: Point[] = fov < 360 ? [pose.point] : [];
  for (let i = 0; i <= steps; i++) {
    const bearing = pose.bearingDeg - fov / 2 + (fov * i) / steps;
    const far = destination(pose.point, bearing, pose.rangeM);
    const wall = obstaclesBetween(buildings, pose.point, far).find((o) => o.leaveM > WALL_TOLERANCE_M && hidesGround(pose, o));
    ring.push(wall === undefined ? far : destination(pose.point, bearing, Math.max(1, wall.enterM)));
  }
  ring.push(ring[0]!);
  return ring;
}

/** A low wall near the camera hides only a strip; one that reaches up to the line to the end of the range hides all that follows. */
function hidesGround(pose: ViewPose, obstacle: { readonly heightM: number | null; readonly leaveM: number }): boolean {
  if (obstacle.heightM === null) return true;
  return obstacle.heightM > pose.mountHeightM + (TARGET_HEIGHT_M - pose.mountHeightM) * Math.min(1, obstacle.leaveM / pose.rangeM);
}

const radians = (deg: number): number => (deg * Math.PI) / 180;
const degrees = (rad: number): number => (rad * 180) / Math.PI;
