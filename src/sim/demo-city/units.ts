// The ninety units: a crew at each platform, cars and motorbikes on patrol, fire engines, ambulances, campus police; and the campuses with their guards.
import type { Random } from "../../base/random.ts";
import type { CityFeature, CityModel } from "../../geo/city/city-model.ts";
import { type Point, distanceM } from "../../geo/point.ts";
import { snapToRoad } from "../../geo/road-snap.ts";
import type { Junction } from "./junctions.ts";
import type { NameMaker } from "./names.ts";
import { shuffled } from "./stories.ts";
import type { DemoCampus, DemoPlatform, DemoUnit } from "./types.ts";

const CARS = 18;
const MOTORBIKES = 12;
const FIRE_ENGINES = 6;
const AMBULANCES = 8;
const CAMPUS_POLICE = 6;
const MOST_CAMPUSES = 160;
/** Two features of one name nearer than this are one school, drawn twice. */
const SAME_SCHOOL_M = 250;
const POSTS = ["Portón principal", "Entrada de vehículos", "Patio"] as const;

export function foundCampuses(city: CityModel, names: NameMaker): DemoCampus[] {
  const kept: CityFeature[] = [];
  for (const school of city.featuresOf("school")) {
    if (school.name === "" || kept.length >= MOST_CAMPUSES || snapToRoad(city.graph, school.point, 200) === null) continue;
    if (kept.some((other) => distanceM(other.point, school.point) < (other.name === school.name ? SAME_SCHOOL_M : 30))) continue;
    kept.push(school);
  }
  return kept.map((school, i) => ({
    code: `K-${String(i + 1).padStart(3, "0")}`, name: school.name, point: school.point, district: school.district,
    guards: POSTS.slice(0, school.radiusM > 45 ? 3 : 2).map((post) => ({ name: names.person(), post, phone: names.phone() })),
  }));
}

export function raiseUnits(city: CityModel, platforms: readonly DemoPlatform[], campuses: readonly DemoCampus[], junctions: readonly Junction[], names: NameMaker, random: Random): DemoUnit[] {
  const units: DemoUnit[] = [];
  const crew = (count: number): DemoUnit["crew"] => Array.from({ length: count }, () => ({ name: names.person(), badge: names.badge() }));
  const add = (unit: Pick<DemoUnit, "callSign" | "kind" | "skills" | "home"> & Partial<DemoUnit>, people: number): void =>
    void units.push({ platformCode: null, campusCode: null, ...unit, home: onRoad(city, unit.home), crew: crew(people), phone: names.phone() });
  const numbered = (letter: string, i: number): string => `${letter}${String(i + 1).padStart(2, "0")}`;

  for (const platform of platforms) add({ callSign: `${platform.code}-1`, kind: "platform-crew", skills: ["car", "foot", "first-aid"], home: platform.point, platformCode: platform.code }, 2);
  const beats = spread(junctions.slice(0, 400).map((j) => j.point), CARS + MOTORBIKES, random);
  beats.slice(0, CARS).forEach((home, i) => add({ callSign: numbered("V", i), kind: "patrol", skills: ["car"], home }, 2));
  beats.slice(CARS).forEach((home, i) => add({ callSign: numbered("M", i), kind: "patrol", skills: ["motorbike"], home }, 1));
  stationed(city, ["fire-station", "police"], FIRE_ENGINES, random).forEach((home, i) => add({ callSign: numbered("B", i), kind: "fire-engine", skills: ["fire", "rescue", "first-aid"], home }, 4));
  stationed(city, ["hospital", "police"], AMBULANCES, random).forEach((home, i) => add({ callSign: numbered("A", i), kind: "ambulance", skills: ["medical"], home }, 2));
  const policed = spread(campuses.map((c) => c.point), CAMPUS_POLICE, random);
  policed.forEach((home, i) => add({ callSign: numbered("S", i), kind: "campus-police", skills: ["car", "school"], home, campusCode: campuses.find((c) => c.point === home)?.code ?? null }, 1));
  return units;
}

/** Places for vehicles: features of the first kind, then of the next; corners in a city that has neither. */
function stationed(city: CityModel, kinds: readonly ("fire-station" | "police" | "hospital")[], count: number, random: Random): Point[] {
  const homes: Point[] = [];
  for (const kind of kinds) homes.push(...spread(city.featuresOf(kind).filter((f) => snapToRoad(city.graph, f.point, 300) !== null).map((f) => f.point), count - homes.length, random));
  const { nodeLonE7, nodeLatE7 } = city.graph.parts;
  while (homes.length < count && nodeLonE7.length > 0) {
    const node = random.integer(nodeLonE7.length);
    homes.push({ lon: nodeLonE7[node]! / 1e7, lat: nodeLatE7[node]! / 1e7 });
  }
  return homes;
}

/** `count` of the points, each as far from those before as can be (farthest first). */
function spread(points: readonly Point[], count: number, random: Random): Point[] {
  const left = shuffled(points, random);
  const chosen: Point[] = [];
  while (chosen.length < count && left.length > 0) {
    let best = 0;
    let most = -1;
    left.forEach((p, i) => {
      const away = Math.min(Infinity, ...chosen.map((q) => distanceM(p, q)));
      if (away > most) {
        most = away;
        best = i;
      }
    });
    chosen.push(...left.splice(best, 1));
  }
  return chosen;
}

const onRoad = (city: CityModel, p: Point): Point => snapToRoad(city.graph, p)?.point ?? p;
