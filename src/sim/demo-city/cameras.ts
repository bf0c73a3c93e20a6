// Some 2,000 cameras: first the recorded ones around the story sites, then signals, schools, squares, the coast road, avenues, and other corners until the number is full.
import type { Random } from "../../base/random.ts";
import type { CityFeature, CityModel } from "../../geo/city/city-model.ts";
import { type Point, distanceM } from "../../geo/point.ts";
import { pointAlong } from "../../geo/polyline.ts";
import { edgeClassOf, edgeName, edgeShape } from "../../geo/road-graph.ts";
import { snapToRoad } from "../../geo/road-snap.ts";
import { type Placed, placeAround, placeOnArm, sideOf } from "./camera-poses.ts";
import { type Junction, labelOf } from "./junctions.ts";
import { type StagedSite, shuffled } from "./stories.ts";
import type { DemoCamera, Scene } from "./types.ts";

export const DEMO_CAMERAS = 2_000;
/** Two hours: some 7 GB for the two dozen cameras that record always, so that a demo left running over a weekend fills no disk. */
const RETENTION_DAYS = 2 / 24;
const SHARE_OF: Record<Scene, number> = { signal: 0.4, school: 0.13, square: 0.06, coast: 0.04, avenue: 0.07, junction: 1 };
const PURPOSE: Record<Scene, string> = {
  junction: "Public safety at the corner", signal: "Traffic regulation and public safety", school: "Safety of the way to school", square: "Public safety in the square", avenue: "Traffic regulation", coast: "Public safety on the coast road",
};
const OWNER = "City of the demonstration";
const COAST_ROAD = /^(rambla|paseo mar[ií]timo|costanera|avenida atl[aâ]ntica|marginal)\b/i;

/**
 * The sound of some cameras at the story sites, so that every way of it can be tried: one is asked for its sound, with a purpose as any camera of a real city would need; the others send it, and
 * nobody takes it until somebody gives them one.
 */
const SOUND_AT: Readonly<Record<string, readonly DemoSound[]>> = {
  "theft-1": [{ sound: "pcma", soundPurpose: "Calls for help at the stalls" }, { sound: "aac", soundPurpose: null }],
  "collision-1": [{ sound: "pcmu", soundPurpose: null }],
};
type DemoSound = Pick<DemoCamera, "sound" | "soundPurpose">;
const SILENT: DemoSound = { sound: null, soundPurpose: null };

export function placeCameras(city: CityModel, junctions: readonly Junction[], stories: readonly StagedSite[], random: Random): DemoCamera[] {
  const cameras: DemoCamera[] = [];
  const counts: Record<Scene, number> = { junction: 0, signal: 0, school: 0, square: 0, avenue: 0, coast: 0 };
  const usedNames = new Map<string, number>();
  const add = (scene: Scene, place: string, { pose, imageWidthPx }: Placed, recorded: boolean, heard: DemoSound = SILENT): void => {
    const plain = `${place}, ${sideOf(pose.bearingDeg)}`;
    const again = (usedNames.get(plain) ?? 0) + 1;
    usedNames.set(plain, again);
    counts[scene]++;
    cameras.push({
      code: `C-${String(cameras.length + 1).padStart(4, "0")}`, name: again === 1 ? plain : `${plain} ${again}`, place, district: city.gazetteer.districtAt(pose.point), kind: random.next() >= 0.12 ? "fixed" : cameras.length % 2 === 0 ? "ptz" : "dome",
      pose, imageWidthPx, scene, purpose: PURPOSE[scene], owner: OWNER, recording: recorded ? "continuous" : "on-demand", retentionDays: RETENTION_DAYS, ...heard,
    });
  };
  const room = (scene: Scene): boolean => cameras.length < DEMO_CAMERAS && counts[scene] < SHARE_OF[scene] * DEMO_CAMERAS;

  for (const site of stories) for (const [i, placed] of site.cameras.entries()) add(site.kind === "smoke" ? "school" : site.kind === "theft" ? "square" : "signal", site.place, placed, true, SOUND_AT[site.id]?.[i]);

  const atJunction = (scene: Scene, junction: Junction, most: number): void => {
    let placedHere = 0;
    for (const arm of shuffled(junction.arms, random)) {
      if (placedHere >= most || !room(scene)) return;
      const placed = placeOnArm(city, junction.point, arm, random);
      if (placed === null) continue;
      add(scene, labelOf(city, junction), placed, false);
      placedHere++;
    }
  };
  for (const junction of junctions) if (junction.signals) atJunction("signal", junction, junction.rank >= 12 ? 2 : 1);
  const atFeature = (scene: Scene, feature: CityFeature, most: number): void => {
    const front = frontOf(city, feature);
    for (let i = 0; i < most && room(scene) && front !== null; i++) {
      const placed = placeAround(city, front, random);
      if (placed === null) return;
      add(scene, feature.name, placed, false);
    }
  };
  for (const school of city.featuresOf("school")) if (school.name !== "") atFeature("school", school, 1);
  for (const square of [...city.featuresOf("square"), ...city.featuresOf("park")]) if (square.name !== "") atFeature("square", square, square.kind === "square" ? 3 : 2);
  for (const { scene, label, point } of alongRoads(city, random)) {
    if (!room(scene)) continue;
    const placed = placeAround(city, point, random);
    if (placed !== null) add(scene, label, placed, false);
  }
  for (const junction of junctions) if (!junction.signals) atJunction("junction", junction, junction.rank >= 8 ? 2 : 1);
  return cameras;
}

/** The kerb in front of a feature; null where no road is near. */
function frontOf(city: CityModel, feature: CityFeature): Point | null {
  return snapToRoad(city.graph, feature.point, Math.max(80, feature.radiusM * 2))?.point ?? null;
}

const SPACING_M = 350;

/** Places along the coast road and the avenues, a few hundred metres apart, in the middle of their blocks. */
function alongRoads(city: CityModel, random: Random): { scene: Scene; label: string; point: Point }[] {
  const { graph } = city;
  const spots: { scene: Scene; label: string; point: Point }[] = [];
  for (const edge of shuffled(Array.from({ length: graph.edgeCount }, (_, e) => e), random)) {
    const name = edgeName(graph, edge);
    if (name === null || graph.edgeInMain[edge] === 0 || graph.parts.edgeLengthM[edge]! < 60) continue;
    const coast = COAST_ROAD.test(name);
    const roadClass = edgeClassOf(graph, edge);
    if (!coast && roadClass !== "primary" && roadClass !== "trunk") continue;
    const point = pointAlong(edgeShape(graph, edge), graph.parts.edgeLengthM[edge]! / 2);
    if (spots.some((spot) => distanceM(spot.point, point) < SPACING_M)) continue;
    spots.push({ scene: coast ? "coast" : "avenue", label: name, point });
  }
  return spots;
}
