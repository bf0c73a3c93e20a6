// Where forty platforms stand: at big corners, so chosen that the mean way from a house to its platform is short (greedy p-median over a sample of the houses). Even
// spacing was rejected: it puts platforms into fields.
import type { CityModel } from "../../geo/city/city-model.ts";
import { type Point, destination, distanceM } from "../../geo/point.ts";
import { type Junction, labelOf } from "./junctions.ts";
import type { DemoPlatform } from "./types.ts";

export const DEMO_PLATFORMS = 40;
const MOST_CANDIDATES = 500;
const MOST_HOUSES = 1_200;
const BESIDE_M = 9;

export function placePlatforms(city: CityModel, junctions: readonly Junction[]): DemoPlatform[] {
  const candidates = junctions.slice(0, MOST_CANDIDATES);
  const houses = sampleHouses(city);
  const nearest = new Float64Array(houses.length).fill(Infinity);
  const chosen: Junction[] = [];
  const away = candidates.map((candidate) => Float64Array.from(houses, (house) => distanceM(candidate.point, house)));
  while (chosen.length < DEMO_PLATFORMS && chosen.length < candidates.length) {
    let best = -1;
    let least = Infinity;
    away.forEach((metres, c) => {
      if (chosen.includes(candidates[c]!)) return;
      let sum = 0;
      for (let h = 0; h < metres.length; h++) sum += Math.min(metres[h]!, nearest[h]!);
      if (sum >= least) return;
      least = sum;
      best = c;
    });
    chosen.push(candidates[best]!);
    for (let h = 0; h < houses.length; h++) nearest[h] = Math.min(nearest[h]!, away[best]![h]!);
  }
  return chosen.map((junction, i) => {
    const first = junction.arms[0]!.bearingDeg;
    const point = destination(junction.point, first + 45, BESIDE_M);
    return { code: `P${String(i + 1).padStart(2, "0")}`, name: labelOf(city, junction), point, district: city.gazetteer.districtAt(point) };
  });
}

/** Every nth address; in a city without addresses every nth junction. */
function sampleHouses(city: CityModel): Point[] {
  const { addressLonE7, addressLatE7 } = city.gazetteer.parts;
  const { nodeLonE7, nodeLatE7 } = city.graph.parts;
  const [lon, lat] = addressLonE7.length >= MOST_HOUSES ? [addressLonE7, addressLatE7] : [nodeLonE7, nodeLatE7];
  const step = Math.max(1, Math.floor(lon.length / MOST_HOUSES));
  const houses: Point[] = [];
  for (let i = 0; i < lon.length; i += step) houses.push({ lon: lon[i]! / 1e7, lat: lat[i]! / 1e7 });
  return houses;
}
