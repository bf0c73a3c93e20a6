// Where the demo stages events: a corner for a collision, a school for smoke, a market or square for a theft. A site is taken only where the gazetteer finds what the caller
// says, a road leads to it, and three cameras see it; those cameras are the ones that record.
import type { Random } from "../../base/random.ts";
import type { CityFeature, CityModel } from "../../geo/city/city-model.ts";
import { type Point, distanceM } from "../../geo/point.ts";
import { snapToRoad } from "../../geo/road-snap.ts";
import { type Placed, placeSeveralAround } from "./camera-poses.ts";
import { type Junction, labelOf } from "./junctions.ts";
import type { StorySite } from "./types.ts";

export interface StagedSite extends Omit<StorySite, "cameraCodes" | "campusCode"> {
  readonly cameras: readonly Placed[];
  readonly place: string;
}

const CAMERAS_PER_SITE = 3;
const SITES = { theft: 3, smoke: 2, collision: 3 } as const;
/** Stories happen in town, so that units are near. */
const IN_TOWN_M = 7_000;
const FOUND_WITHIN_M = 120;
const APART_M = 400;
/** An event at a building happens in front of it, at the kerb. */
const FRONT_M = 7;

/** Staged thefts happen at public markets and squares, never at the door of a business that exists. */
const PUBLIC_MARKET = /^(mercado|feria|market|march[eé]|kauppa)/i;

const WORDS: Record<StorySite["kind"], readonly ((place: string) => string)[]> = {
  theft: [
    (place) => `Me robaron el bolso en la puerta de ${place}. Salió corriendo, tiene campera roja.`,
    (place) => `Acaban de arrebatarle la cartera a una señora, frente a ${place}.`,
    (place) => `Están rompiendo el vidrio de una moto estacionada en ${place}, se la quieren llevar.`,
  ],
  smoke: [(place) => `Sale humo de ${place}, hay niños adentro, vengan rápido.`, (place) => `Se ve mucho humo negro en ${place}. No sé si hay alguien.`],
  collision: [
    (place) => `Chocaron dos autos en ${place}. Hay una persona en el piso.`,
    (place) => `Un choque, un auto contra una moto, en ${place}. Está cortada la calle.`,
    (place) => `Accidente en ${place}, creo que hay un herido.`,
  ],
};

export function stageStories(city: CityModel, junctions: readonly Junction[], random: Random): StagedSite[] {
  const sites: StagedSite[] = [];
  const take = (kind: StorySite["kind"], spokenPlace: string, point: Point, district: string | null): boolean => {
    const number = sites.filter((s) => s.kind === kind).length;
    if (number >= SITES[kind] || distanceM(point, city.centre) > IN_TOWN_M || sites.some((s) => distanceM(s.point, point) < APART_M)) return false;
    const found = city.gazetteer.search(spokenPlace, { limit: 1 }).places[0];
    if (found === undefined || distanceM(found.point, point) > FOUND_WITHIN_M) return false;
    const cameras = placeSeveralAround(city, point, CAMERAS_PER_SITE, random);
    if (cameras.length < CAMERAS_PER_SITE) return false;
    sites.push({ id: `${kind}-${number + 1}`, kind, label: found.label, point, callerWords: WORDS[kind][number % WORDS[kind].length]!(spokenPlace), spokenPlace, district, cameras, place: spokenPlace });
    return true;
  };
  const front = (feature: CityFeature): Point | null => {
    const road = snapToRoad(city.graph, feature.point, Math.max(60, feature.radiusM * 2));
    if (road === null || city.graph.edgeInMain[road.edge] === 0 || road.distanceM < FRONT_M) return null;
    const share = FRONT_M / road.distanceM;
    return { lon: road.point.lon + (feature.point.lon - road.point.lon) * share, lat: road.point.lat + (feature.point.lat - road.point.lat) * share };
  };
  const fromFeatures = (kind: StorySite["kind"], features: readonly CityFeature[]): void => {
    for (const feature of shuffled(features, random)) {
      const point = feature.name === "" ? null : front(feature);
      if (point !== null) take(kind, feature.name, point, feature.district);
    }
  };
  fromFeatures("theft", [...city.featuresOf("market").filter((f) => PUBLIC_MARKET.test(f.name)), ...city.featuresOf("square")]);
  fromFeatures("smoke", city.featuresOf("school"));
  const busy = junctions.filter((j) => j.signals);
  for (const junction of shuffled((busy.length > 20 ? busy : junctions).slice(0, 150), random)) take("collision", labelOf(city, junction), junction.point, city.gazetteer.districtAt(junction.point));
  return sites;
}

/** A copy in random order (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const copy = [...items];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [copy[i], copy[j]] = [copy[j]!, copy[i]!];
  }
  return copy;
}
