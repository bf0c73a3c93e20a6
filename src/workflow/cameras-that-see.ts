// Which cameras see this place, best first, and why the others near it do not. Geometry says who could see it; the health of the camera says who does. The answer has the
// shape of the contract's SeeingAnswer.
import type { Buildings } from "../geo/buildings.ts";
import type { CameraIndex } from "../geo/camera-index.ts";
import { type Sight, seesPlace, viewCone } from "../geo/line-of-sight.ts";
import { type Point, bearingDeg } from "../geo/point.ts";

export type SeeingState = "connected" | "connecting" | "failing" | "idle" | "no-address";

/** What the register and the recorders know of a camera now. */
export interface CameraStatusPort {
  /** Undefined for a camera that was removed a moment ago. */
  readonly find: (cameraId: number) => { readonly code: string; readonly name: string; readonly state: SeeingState; readonly hasStream: boolean } | undefined;
}

export interface Reason {
  readonly code: string;
  readonly params: Record<string, string | number>;
}
export interface SeeingCamera {
  readonly cameraId: number;
  readonly code: string;
  readonly name: string;
  readonly distanceM: number;
  readonly pixelsPerMetre: number;
  readonly bearingDeg: number; // from the camera to the place
  readonly state: SeeingState;
  readonly hasStream: boolean;
  readonly reason: Reason;
  readonly cone: Point[];
}
export interface SeeingAnswer {
  readonly cameras: SeeingCamera[];
  /** How many cameras were looked at. */
  readonly examined: number;
  readonly notSeeing: { readonly cameraId: number; readonly code: string; readonly reason: Reason }[];
}

/** Beyond this density more pixels do not make a camera more useful for an operator (IEC 62676-4: recognition). */
const ENOUGH_PX_PER_M = 125;
/** Cameras farther than this that do not see the place are nobody's question. */
const NEAR_M = 150;
const MOST_NOT_SEEING = 12;

export function camerasThatSee(index: Pick<CameraIndex, "around" | "find">, buildings: Buildings, status: CameraStatusPort, place: Point, limit: number): SeeingAnswer {
  const seeing: { readonly camera: SeeingCamera; readonly score: number }[] = [];
  const notSeeing: { readonly distanceM: number; readonly cameraId: number; readonly code: string; readonly reason: Reason }[] = [];
  let examined = 0;
  for (const cameraId of index.around(place)) {
    const camera = index.find(cameraId)!;
    const known = status.find(cameraId);
    if (known === undefined) continue;
    examined++;
    const sight = seesPlace(camera, place, buildings, camera.imageWidthPx);
    if (!sight.sees) {
      if (sight.distanceM <= NEAR_M) notSeeing.push({ distanceM: sight.distanceM, cameraId, code: known.code, reason: reasonAgainst(sight) });
      continue;
    }
    if (known.state === "failing") {
      notSeeing.push({ distanceM: sight.distanceM, cameraId, code: known.code, reason: { code: "not-healthy", params: { state: known.state, distanceM: Math.round(sight.distanceM) } } });
      continue;
    }
    const distanceM = Math.round(sight.distanceM);
    const pixelsPerMetre = Math.round(sight.pixelsPerMetre);
    seeing.push({
      score: scoreOf(sight, camera.horizontalFovDeg, known),
      camera: {
        cameraId, code: known.code, name: known.name, distanceM, pixelsPerMetre, bearingDeg: Math.round(bearingDeg(camera.point, place)) % 360, state: known.state, hasStream: known.hasStream,
        reason: { code: "sees-the-spot", params: { distanceM, pixelsPerMetre } }, cone: [],
      },
    });
  }
  seeing.sort((a, b) => b.score - a.score || a.camera.cameraId - b.camera.cameraId);
  notSeeing.sort((a, b) => a.distanceM - b.distanceM || a.cameraId - b.cameraId);
  return {
    cameras: seeing.slice(0, limit).map(({ camera }) => ({ ...camera, cone: viewCone(index.find(camera.cameraId)!, buildings) })), examined,
    notSeeing: notSeeing.slice(0, MOST_NOT_SEEING).map(({ cameraId, code, reason }) => ({ cameraId, code, reason })),
  };
}

/** Pictures that can be had come first; then pixels on the place up to what is enough, then the middle of the picture before its edge. */
function scoreOf(sight: Sight & { readonly sees: true }, fovDeg: number, known: { readonly state: SeeingState; readonly hasStream: boolean }): number {
  const picture = !known.hasStream || known.state === "no-address" ? 0 : known.state === "connecting" ? 1.6 : 2;
  const detail = Math.min(1, sight.pixelsPerMetre / ENOUGH_PX_PER_M);
  const centred = 1 - Math.abs(sight.offAxisDeg) / (fovDeg / 2);
  return picture + detail * 0.6 + centred * 0.3 + (known.state === "connected" ? 0.2 : 0);
}

function reasonAgainst(sight: Sight & { readonly sees: false }): Reason {
  const distanceM = Math.round(sight.distanceM);
  if (sight.why === "facing-away") return { code: sight.why, params: { distanceM, offAxisDeg: Math.round(Math.abs(sight.offAxisDeg)) } };
  if (sight.why === "out-of-range") return { code: sight.why, params: { distanceM, rangeM: Math.round(sight.rangeM) } };
  if (sight.why === "above-or-below-view") return { code: sight.why, params: { distanceM, depressionDeg: Math.round(sight.depressionDeg) } };
  if (sight.why === "too-few-pixels") return { code: sight.why, params: { distanceM, pixelsPerMetre: Math.round(sight.pixelsPerMetre), neededPixelsPerMetre: sight.neededPixelsPerMetre } };
  return { code: sight.why, params: { distanceM, buildingAtM: Math.round(sight.buildingAtM) } };
}
