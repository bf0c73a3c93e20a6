// Does a camera see a place? The place must lie in the view, sideways and up and down; no building may stand between; and there must be pixels
// enough on it. Distance alone is not seeing: the nearest camera often looks the other way.
// Pixel density follows IEC 62676-4:2014, 6.7: detection 25 px/m (here the least that counts as seeing), observation 62.5, recognition 125,
// identification 250. The lens is taken as rectilinear up to 120 degrees, and as equal-angle (fisheye, multi-sensor) above.
import { type Point, bearingDeg, destination, distanceM, turnDeg } from "./point.ts";
import { type Buildings, buildingsAt, obstaclesBetween } from "./buildings.ts";
import type { Sun } from "./sun.ts";

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

/** The pose of a camera that turns, turned to the target. */
export function turnedTo(pose: ViewPose, target: Point): ViewPose {
  const distance = distanceM(pose.point, target);
  const tiltDeg = degrees(Math.atan2(pose.mountHeightM - TARGET_HEIGHT_M, distance));
  return { ...pose, bearingDeg: distance < 0.5 ? pose.bearingDeg : bearingDeg(pose.point, target), tiltDeg };
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

/** A sun so little above the picture still shines into the lens. */
const GLARE_ABOVE_DEG = 10;
/** A house farther off than this hides the lowest sun only, which gives no glare. */
const SUN_SCREEN_M = 150;

/** Whether the sun stands in the picture or just above it, and no building before it: what is there is then seen dark against a bright sky. */
export function looksIntoSun(pose: ViewPose, sun: Sun, buildings: Buildings): boolean {
  if (sun.elevationDeg <= 0 || sun.elevationDeg > pose.verticalFovDeg / 2 - pose.tiltDeg + GLARE_ABOVE_DEG) return false;
  if (Math.abs(turnDeg(pose.bearingDeg, sun.azimuthDeg)) > pose.horizontalFovDeg / 2) return false;
  const rise = Math.tan(radians(sun.elevationDeg));
  return !obstaclesBetween(buildings, pose.point, destination(pose.point, sun.azimuthDeg, SUN_SCREEN_M)).some(
    ({ heightM, enterM, leaveM }) => leaveM > WALL_TOLERANCE_M && (heightM === null || heightM > pose.mountHeightM + enterM * rise),
  );
}

/** What a view shows of a place that is known to a radius only. */
export interface PartialSight {
  readonly sight: Sight & { readonly sees: true };
  /** From the middle of the place to the spot of it that is seen. */
  readonly offM: number;
}

/** Looks so far inside the edge of the picture. */
const EDGE_DEG = 1;
const WALL_FRONT_M = 2;

/**
 * The spot nearest to the middle of a circle that the view shows, or null where it shows none of it. Tried on a few bearings of the view (towards the
 * middle, the edges, between, and where the end of the pixels is nearest to the middle or meets the range), each where it comes nearest to the middle,
 * and before the wall where one stands there: a few lines of sight for a camera and not a raster of the circle, since this is asked of every camera around.
 */
export function seesPartOf(pose: ViewPose, middle: Point, radiusM: number, buildings: Buildings, imageWidthPx: number = 1920): PartialSight | null {
  const distance = distanceM(pose.point, middle);
  if (distance > radiusM + pose.rangeM) return null;
  const towards = distance < 0.5 ? pose.bearingDeg : bearingDeg(pose.point, middle);
  if (distance > radiusM && Math.abs(turnDeg(pose.bearingDeg, towards)) - degrees(Math.asin(radiusM / distance)) > pose.horizontalFovDeg / 2) return null;
  const half = Math.max(0, pose.horizontalFovDeg / 2 - EDGE_DEG);
  const straight = Math.max(-half, Math.min(half, turnDeg(pose.bearingDeg, towards)));
  const { nearM, farM, depthM } = groundSpan(pose, imageWidthPx);
  let best: PartialSight | null = null;
  const look = (bearing: number, alongM: number): number | null => {
    const spot = destination(pose.point, bearing, alongM);
    const offM = distanceM(spot, middle);
    if (offM > radiusM || (best !== null && best.offM <= offM)) return null;
    const sight = seesPlace(pose, spot, buildings, imageWidthPx);
    if (sight.sees) best = { sight, offM };
    return !sight.sees && sight.why === "behind-building" ? sight.buildingAtM : null;
  };
  const aside = radians(turnDeg(pose.bearingDeg, towards));
  const foot = degrees(Math.atan2(distance * Math.sin(aside), depthM));
  const corner = depthM < farM ? degrees(Math.acos(depthM / farM)) : 0;
  for (const turn of new Set([straight, -half, -half / 2, half / 2, half, foot, corner, -corner])) {
    if (Math.abs(turn) > half) continue;
    const bearing = pose.bearingDeg + turn;
    const depthAlongM = depthM / Math.max(Math.cos(radians(turn)), 1e-3);
    const alongM = Math.max(nearM, Math.min(farM, depthAlongM, distance * Math.cos(radians(turnDeg(bearing, towards)))));
    const wallM = look(bearing, alongM);
    if (wallM !== null && wallM - WALL_FRONT_M > nearM) look(bearing, wallM - WALL_FRONT_M);
  }
  return best;
}

/** The ground that the picture holds with pixels enough: nearest and farthest, and how deep along the axis (a rectilinear lens has as many pixels on a metre all over a plane). */
function groundSpan(pose: ViewPose, imageWidthPx: number): { readonly nearM: number; readonly farM: number; readonly depthM: number } {
  const dropM = pose.mountHeightM - TARGET_HEIGHT_M;
  const below = pose.tiltDeg + pose.verticalFovDeg / 2;
  const above = pose.tiltDeg - pose.verticalFovDeg / 2;
  const nearM = 1.01 * (below >= 90 || dropM <= 0 || below <= 0 ? 0.5 : dropM / Math.tan(radians(below)));
  const tiltM = above <= 0 || dropM <= 0 ? Infinity : dropM / Math.tan(radians(above));
  const equalAngle = pose.horizontalFovDeg > RECTILINEAR_MOST_DEG;
  const pixelM = imageWidthPx / (DETECT_PX_PER_M * (equalAngle ? radians(pose.horizontalFovDeg) : 2 * Math.tan(radians(pose.horizontalFovDeg / 2))));
  const drop = Math.min(Math.abs(dropM), pixelM); // pixels count along the slant
  const groundM = 0.99 * Math.sqrt(pixelM * pixelM - drop * drop);
  const farM = Math.max(nearM, 0.99 * Math.min(pose.rangeM, tiltM, equalAngle ? groundM / 0.99 : Infinity));
  return { nearM, farM, depthM: equalAngle ? Infinity : groundM };
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
