// The demo city of a map and a seed. Each part draws from a random source of its own name, so that a change to one part leaves the others as they were.
import { createRandom } from "../../base/random.ts";
import type { CityModel } from "../../geo/city/city-model.ts";
import { distanceM } from "../../geo/point.ts";
import { placeCameras } from "./cameras.ts";
import { listJunctions } from "./junctions.ts";
import { createNameMaker } from "./names.ts";
import { placePlatforms } from "./platforms.ts";
import { stageStories } from "./stories.ts";
import type { DemoCity } from "./types.ts";
import { foundCampuses, raiseUnits } from "./units.ts";

const CAMPUS_REACH_M = 250;

/** Pure and deterministic: the same city folder and seed give the same demo city in every process and on every machine. */
export function generateDemoCity(city: CityModel, seed: number): DemoCity {
  const random = createRandom(seed).fork("demo-city");
  const junctions = listJunctions(city);
  const stories = stageStories(city, junctions, random.fork("stories"));
  const cameras = placeCameras(city, junctions, stories, random.fork("cameras"));
  const names = createNameMaker(random.fork("names"));
  const platforms = placePlatforms(city, junctions);
  const campuses = foundCampuses(city, names);
  const units = raiseUnits(city, platforms, campuses, junctions, names, random.fork("units"));
  let firstCode = 0;
  const storySites = stories.map(({ cameras: own, place: _place, ...site }) => {
    const cameraCodes = cameras.slice(firstCode, firstCode + own.length).map((camera) => camera.code);
    firstCode += own.length;
    const campus = site.kind === "smoke" ? campuses.find((c) => c.name === site.spokenPlace && distanceM(c.point, site.point) < CAMPUS_REACH_M) : undefined;
    return { ...site, campusCode: campus?.code ?? null, cameraCodes };
  });
  return { cityName: city.name, seed, cameras, platforms, units, campuses, storySites };
}
