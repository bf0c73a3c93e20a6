// Places that callers name: real addresses and corners of the city, as they would be spoken.
import type { Random } from "../../base/random.ts";
import type { CityModel } from "../../geo/city/city-model.ts";
import { type Point, destination, distanceM } from "../../geo/point.ts";

export interface SpokenPlace {
  /** What is said: "18 de Julio 1234", "Rivera y Soca". */
  readonly spoken: string;
  readonly point: Point;
}

export type AddressBook = (random: Random) => SpokenPlace;

/** Calls come from where people live and work. */
const IN_TOWN_M = 8_000;
const TRIES = 40;

/** Throws where the city has no street at all. */
export function createAddressBook(city: CityModel): AddressBook {
  const { parts } = city.gazetteer;
  const withNumbers = parts.streetNames.flatMap((_, s) => (parts.addressFirst[s + 1]! > parts.addressFirst[s]! ? [s] : []));
  const { streetNames, edgeStreet, nodeLonE7, nodeLatE7, edgeFrom } = city.graph.parts;
  const named = Array.from(edgeStreet.keys()).filter((e) => edgeStreet[e]! >= 0);
  if (withNumbers.length === 0 && named.length === 0) throw new Error("the city has no streets with names");
  const inTown = (p: Point): boolean => distanceM(p, city.centre) <= IN_TOWN_M;

  const address = (random: Random): SpokenPlace => {
    const street = random.pick(withNumbers);
    const first = parts.addressFirst[street]!;
    const a = first + random.integer(parts.addressFirst[street + 1]! - first);
    return { spoken: `${parts.streetNames[street]!} ${parts.addressNumber[a]!}`, point: { lon: parts.addressLonE7[a]! / 1e7, lat: parts.addressLatE7[a]! / 1e7 } };
  };
  const corner = (random: Random): SpokenPlace => {
    const edge = random.pick(named);
    const node = edgeFrom[edge]!;
    const streets = city.crossings.streetsAt(node);
    const spoken = streets.length >= 2 ? city.gazetteer.crossingLabel(streets.slice(0, 2)) : streetNames[edgeStreet[edge]!]!;
    return { spoken, point: { lon: nodeLonE7[node]! / 1e7, lat: nodeLatE7[node]! / 1e7 } };
  };
  return (random) => {
    let place: SpokenPlace | null = null;
    for (let i = 0; i < TRIES && (place === null || !inTown(place.point)); i++) {
      place = withNumbers.length > 0 && (named.length === 0 || random.next() < 0.6) ? address(random) : corner(random);
    }
    return place!;
  };
}

/** Where the network thinks a telephone is: near the place, within its radius. */
export function measurePhone(point: Point, random: Random): { readonly point: Point; readonly uncertaintyM: number } {
  const uncertaintyM = 15 + Math.round(random.exponential(60));
  return { point: destination(point, random.next() * 360, Math.sqrt(random.next()) * uncertaintyM), uncertaintyM };
}
