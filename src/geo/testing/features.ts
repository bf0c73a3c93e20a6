// Map features drawn in a test: the input of the city builder, in metres from a corner, as short as they can be said.
import { type CityModel, createCityModel } from "../city/city-model.ts";
import { createCityBuilder } from "../city/city-builder.ts";
import type { OsmFeature } from "../city/osm-feature.ts";
import { fromPlane } from "../point.ts";
import type { Tags } from "../road-class.ts";

const ORIGIN = { lon: -56.19, lat: -34.9 };
/** x metres east and y metres north of the corner, in 1e-7 degree. */
export function atE7(x: number, y: number): [number, number] {
  const p = fromPlane(ORIGIN, { x, y });
  return [Math.round(p.lon * 1e7), Math.round(p.lat * 1e7)];
}
export const pointAt = (x: number, y: number): { lon: number; lat: number } => fromPlane(ORIGIN, { x, y });

let nextId = 1;
export const street = (name: string, points: readonly (readonly [number, number])[], tags: Tags = {}): OsmFeature => ({
  id: nextId++, element: "way", tags: { highway: "residential", ...(name === "" ? {} : { name }), ...tags }, shape: "line", lineE7: points.flatMap(([x, y]) => atE7(x, y)),
});
export function node(tags: Tags, x: number, y: number): OsmFeature {
  const [lonE7, latE7] = atE7(x, y);
  return { id: nextId++, element: "node", tags, shape: "point", lonE7, latE7 };
}
export const house = (name: string, number: string, x: number, y: number): OsmFeature => node({ "addr:street": name, "addr:housenumber": number }, x, y);
export const area = (tags: Tags, points: readonly (readonly [number, number])[]): OsmFeature => ({ id: nextId++, element: "way", tags, shape: "area", ringsE7: [points.flatMap(([x, y]) => atE7(x, y))] });

/** A city of these features, 20 km wide about the corner. */
export function cityOfFeatures(features: readonly OsmFeature[]): CityModel {
  const builder = createCityBuilder();
  for (const feature of features) builder.add(feature);
  const west = pointAt(-10_000, -10_000);
  const east = pointAt(10_000, 10_000);
  const bounds = { west: west.lon, south: west.lat, east: east.lon, north: east.lat };
  const built = builder.finish(bounds);
  if (!built.ok) throw new Error(built.error.message);
  const city = createCityModel({ name: "Testville", timeZone: "UTC", bounds, attribution: "nobody", cornerWord: "y" }, built.value);
  if (!city.ok) throw new Error(`${city.error.field}: expected ${city.error.expected}`);
  return city.value;
}
