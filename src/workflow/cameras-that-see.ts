// Which cameras see this place, best first, and why the others near it do not. Geometry says who could see it; the health of the camera and the light say who does: at night
// one that the register knows to see nothing then does not see, and one of which it does not know stands behind those that do. The answer has the shape of the contract's SeeingAnswer.
import type { Buildings } from "../geo/buildings.ts";
import { type CameraIndex, type FoundCamera, presentPose } from "../geo/camera-index.ts";
import { type Sight, type ViewPose, looksIntoSun, seesPartOf, seesPlace, turnedTo, viewCone } from "../geo/line-of-sight.ts";
import { type Point, bearingDeg, turnDeg } from "../geo/point.ts";
import { type Sun, isDark } from "../geo/sun.ts";

export type SeeingState = "connected" | "connecting" | "failing" | "idle" | "no-address";
/** What a camera sees at night, as entered: nothing; what lamps light; by its own infrared; not known. */
export type NightView = "unknown" | "none" | "low-light" | "infrared";

/** What is wrong with its pictures, though the camera is connected: they do not come, show nothing, or always the same; are not sharp; or its recorder gives none. */
export type PictureFault = "no-pictures" | "frozen" | "black" | "blurred" | "recorder-away";

/** What the register and the recorders know of a camera now. */
export interface CameraStatusPort {
  /** Undefined for a camera that was removed a moment ago. */
  readonly find: (cameraId: number) => KnownCamera | undefined;
}
interface KnownCamera {
  readonly code: string;
  readonly name: string;
  readonly state: SeeingState;
  readonly hasStream: boolean;
  /** It is joined also while nobody looks: there is a past to look at. */
  readonly records: boolean;
  /** Its oldest recording, as its recorder tells; null: none that is known. */
  readonly recordedSince: number | null;
  readonly nightView: NightView;
  readonly fault: PictureFault | null;
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
  readonly records: boolean;
  readonly recordedSince: number | null;
  readonly reason: Reason;
  /** What the light does to its picture just now; null: nothing that need be said. */
  readonly light: Reason | null;
  /** What is wrong with its picture, which may still show something; null: nothing that is known. */
  readonly doubt: Reason | null;
  /** When it was told where it looks; null: it looks as it was entered, as far as is known. */
  readonly poseToldAt: number | null;
  readonly cone: Point[];
}
export type TurnableCamera = Omit<SeeingCamera, "cone">;
export interface SeeingAnswer {
  readonly cameras: SeeingCamera[];
  /** Do not see it, and would if somebody turned them: most pixels first. */
  readonly couldTurn: TurnableCamera[];
  /** How many cameras were looked at. */
  readonly examined: number;
  /** It is night at the place. */
  readonly dark: boolean;
  readonly notSeeing: { readonly cameraId: number; readonly code: string; readonly reason: Reason }[];
}

/** Beyond this density more pixels do not make a camera more useful for an operator (IEC 62676-4: recognition). */
const ENOUGH_PX_PER_M = 125;
/** Cameras farther than this that do not see the place are nobody's question. */
const NEAR_M = 150;
const MOST_NOT_SEEING = 12;
/** A place that is known so well is a spot: one sees it or not. */
const SPOT_M = 30;
/** Of a place that is known worse than this (a street of two kilometres), what lies farther from its middle is as good as elsewhere. */
const MOST_UNCERTAIN_M = 150;
/** A picture of the spot comes before a picture of something near it. */
const PART_LOSS = 1;
const OFF_LOSS = 0.7;
/** Of one that is not known to see at night, most pixels on the place make good for it, and little else does. */
const UNKNOWN_NIGHT_LOSS = 0.5;
const GLARE_LOSS = 0.3;
/** Not sharp: any sharp one that sees the place comes first. */
const BLUR_LOSS = 1.2;
/** So many times more than are shown are ranked. */
const MOST_TRIED = 4;

/** `uncertaintyM`: the radius within which the place truly is. Cameras that see a part of that circle come after those that see its middle. `sun`: as it stands over the place now. */
export function camerasThatSee(index: Pick<CameraIndex, "around" | "find">, buildings: Buildings, status: CameraStatusPort, place: Point, sun: Sun, limit: number, uncertaintyM = 0): SeeingAnswer {
  const dark = isDark(sun);
  const radiusM = uncertaintyM <= SPOT_M ? 0 : Math.min(uncertaintyM, MOST_UNCERTAIN_M);
  const seeing: { readonly camera: SeeingCamera; readonly score: number }[] = [];
  const blind: { readonly camera: FoundCamera; readonly pose: ViewPose; readonly sight: Sight & { readonly sees: false } }[] = [];
  const couldTurn: TurnableCamera[] = [];
  const notSeeing: { readonly distanceM: number; readonly cameraId: number; readonly code: string; readonly reason: Reason }[] = [];
  const ids = index.around(place, radiusM, NEAR_M);
  let examined = ids.length;
  const offer = (camera: FoundCamera, sight: Sight & { readonly sees: true }, offM: number | null): boolean => {
    const known = status.find(camera.id);
    if (known === undefined) {
      examined--;
      return false;
    }
    const distanceM = Math.round(sight.distanceM);
    const ill = illOf(known);
    if (ill !== null) {
      notSeeing.push({ distanceM: sight.distanceM, cameraId: camera.id, code: known.code, reason: { code: ill, params: { state: known.state, distanceM } } });
      return false;
    }
    if (dark && known.nightView === "none") {
      notSeeing.push({ distanceM: sight.distanceM, cameraId: camera.id, code: known.code, reason: { code: "nothing-at-night", params: { distanceM } } });
      return false;
    }
    const light = lightOn(presentPose(camera), known.nightView, sun, dark, buildings);
    const pixelsPerMetre = Math.round(sight.pixelsPerMetre);
    seeing.push({
      score: scoreOf(sight, presentPose(camera).horizontalFovDeg, known) - (offM === null ? 0 : PART_LOSS + (OFF_LOSS * offM) / radiusM) - lossBy(light) - (known.fault === "blurred" ? BLUR_LOSS : 0),
      camera: {
        cameraId: camera.id, code: known.code, name: known.name, distanceM, pixelsPerMetre, bearingDeg: Math.round(bearingDeg(camera.point, place)) % 360, state: known.state, hasStream: known.hasStream, records: known.records, recordedSince: known.recordedSince,
        reason: offM === null ? { code: radiusM === 0 ? "sees-the-spot" : "sees-middle", params: { distanceM, pixelsPerMetre } } : { code: "sees-part", params: { distanceM, pixelsPerMetre, offM: Math.round(offM) } }, light, doubt: doubtOf(known), poseToldAt: camera.present?.toldAt ?? null, cone: [],
      },
    });
    return known.hasStream;
  };

  let pictures = 0;
  for (const cameraId of ids) {
    const camera = index.find(cameraId)!;
    const pose = presentPose(camera);
    const sight = seesPlace(pose, place, buildings, camera.imageWidthPx);
    if (!sight.sees) blind.push({ camera, pose, sight });
    else if (offer(camera, sight, null)) pictures++;
  }
  blind.sort((a, b) => a.sight.distanceM - b.sight.distanceM || a.camera.id - b.camera.id);
  for (const { camera, pose, sight } of blind) {
    // those that see the middle come first: a part is asked of others only while there is room, from the nearest on
    const part = radiusM === 0 || pictures >= limit || seeing.length >= limit * MOST_TRIED ? null : seesPartOf(pose, place, radiusM, buildings, camera.imageWidthPx);
    if (part !== null) {
      offer(camera, part.sight, part.offM);
      continue;
    }
    const turned = camera.turns ? findTurned(camera, pose, place, sun, buildings, status) : null;
    if (turned !== null) couldTurn.push(turned);
    if (sight.distanceM <= NEAR_M && notSeeing.length < MOST_NOT_SEEING * 2) {
      const known = status.find(camera.id);
      if (known === undefined) examined--;
      else notSeeing.push({ distanceM: sight.distanceM, cameraId: camera.id, code: known.code, reason: reasonAgainst(sight, camera, place, buildings) });
    }
  }
  couldTurn.sort((a, b) => Number(b.hasStream) - Number(a.hasStream) || lossBy(a.light) - lossBy(b.light) || b.pixelsPerMetre - a.pixelsPerMetre || a.cameraId - b.cameraId);
  seeing.sort((a, b) => b.score - a.score || a.camera.cameraId - b.camera.cameraId);
  notSeeing.sort((a, b) => a.distanceM - b.distanceM || a.cameraId - b.cameraId);
  return {
    cameras: seeing.slice(0, limit).map(({ camera }) => ({ ...camera, cone: viewCone(presentPose(index.find(camera.cameraId)!), buildings) })), couldTurn: couldTurn.slice(0, limit), examined, dark,
    notSeeing: notSeeing.slice(0, MOST_NOT_SEEING).map(({ cameraId, code, reason }) => ({ cameraId, code, reason })),
  };
}

/** Why a camera that has the place in its view shows nothing of it just now; null: it shows it. */
function illOf({ state, fault }: KnownCamera): string | null {
  if (state === "failing" || fault === "no-pictures") return "not-healthy";
  return fault === "frozen" || fault === "black" ? fault : null;
}
/** What is said of a picture that may still show something. */
const doubtOf = ({ fault }: KnownCamera): Reason | null => (fault === "blurred" || fault === "recorder-away" ? { code: fault, params: {} } : null);

/** What need be said of the light: by night how the camera sees, by day that it looks into the sun. */
function lightOn(pose: ViewPose, nightView: NightView, sun: Sun, dark: boolean, buildings: Buildings): Reason | null {
  if (dark) return { code: nightView === "infrared" ? "night-infrared" : nightView === "low-light" ? "night-low-light" : "night-unknown", params: {} };
  return looksIntoSun(pose, sun, buildings) ? { code: "against-the-sun", params: { elevationDeg: Math.round(sun.elevationDeg) } } : null;
}
const lossBy = (light: Reason | null): number => (light?.code === "night-unknown" ? UNKNOWN_NIGHT_LOSS : light?.code === "against-the-sun" ? GLARE_LOSS : 0);

/** Pictures that can be had come first; then pixels on the place up to what is enough, then the middle of the picture before its edge. */
function scoreOf(sight: Sight & { readonly sees: true }, fovDeg: number, known: KnownCamera): number {
  const picture = !known.hasStream || known.fault === "recorder-away" || known.state === "no-address" ? 0 : known.state === "connecting" ? 1.6 : 2;
  const detail = Math.min(1, sight.pixelsPerMetre / ENOUGH_PX_PER_M);
  const centred = 1 - Math.abs(sight.offAxisDeg) / (fovDeg / 2);
  return picture + detail * 0.6 + centred * 0.3 + (known.state === "connected" ? 0.2 : 0);
}

/** What a camera that turns would show of the place, turned to it with the lens as it was entered; null: nothing, or it gives no pictures. */
function findTurned(camera: FoundCamera, pose: ViewPose, place: Point, sun: Sun, buildings: Buildings, status: CameraStatusPort): TurnableCamera | null {
  const turnedPose = turnedTo(camera, place);
  const sight = seesPlace(turnedPose, place, buildings, camera.imageWidthPx);
  const known = sight.sees ? status.find(camera.id) : undefined;
  const dark = isDark(sun);
  if (!sight.sees || known === undefined || illOf(known) !== null || (dark && known.nightView === "none")) return null;
  const { code, name, state, hasStream, records, recordedSince } = known;
  const [distanceM, pixelsPerMetre, towards] = [Math.round(sight.distanceM), Math.round(sight.pixelsPerMetre), bearingDeg(camera.point, place)];
  const turn = Math.round(Math.abs(turnDeg(pose.bearingDeg, towards)));
  return { cameraId: camera.id, code, name, distanceM, pixelsPerMetre, bearingDeg: Math.round(towards) % 360, state, hasStream, records, recordedSince, reason: { code: "could-turn", params: { distanceM, pixelsPerMetre, turnDeg: turn } }, light: lightOn(turnedPose, known.nightView, sun, dark, buildings), doubt: doubtOf(known), poseToldAt: camera.present?.toldAt ?? null };
}

function reasonAgainst(sight: Sight & { readonly sees: false }, camera: FoundCamera, place: Point, buildings: Buildings): Reason {
  const distanceM = Math.round(sight.distanceM);
  if (camera.present !== null && seesPlace(camera, place, buildings, camera.imageWidthPx).sees) return { code: "looks-elsewhere-now", params: { distanceM } };
  if (sight.why === "facing-away") return { code: sight.why, params: { distanceM, offAxisDeg: Math.round(Math.abs(sight.offAxisDeg)) } };
  if (sight.why === "out-of-range") return { code: sight.why, params: { distanceM, rangeM: Math.round(sight.rangeM) } };
  if (sight.why === "above-or-below-view") return { code: sight.why, params: { distanceM, depressionDeg: Math.round(sight.depressionDeg) } };
  if (sight.why === "too-few-pixels") return { code: sight.why, params: { distanceM, pixelsPerMetre: Math.round(sight.pixelsPerMetre), neededPixelsPerMetre: sight.neededPixelsPerMetre } };
  return { code: sight.why, params: { distanceM, buildingAtM: Math.round(sight.buildingAtM) } };
}
