// What is a school, a square, a park? OpenStreetMap's tags sorted into the few kinds that a safety network asks for, and into the layers of the map.
import type { Tags } from "../road-class.ts";

/** Order is the code in files; add at the end only. */
export const FEATURE_KINDS = [
  "school", "police", "hospital", "fire-station", "square", "park", "market", "beach", "station", "worship", "landmark", "signal", "surveillance",
] as const;
export type FeatureKind = (typeof FEATURE_KINDS)[number];

const AMENITY_KIND: Record<string, FeatureKind> = {
  school: "school", kindergarten: "school", college: "landmark", university: "landmark", police: "police", hospital: "hospital", clinic: "landmark", fire_station: "fire-station",
  marketplace: "market", place_of_worship: "worship", bus_station: "station", townhall: "landmark", courthouse: "landmark", library: "landmark", theatre: "landmark", cinema: "landmark",
  embassy: "landmark", prison: "landmark", post_office: "landmark", community_centre: "landmark", arts_centre: "landmark", bank: "landmark", fuel: "landmark", pharmacy: "landmark",
  restaurant: "landmark", bar: "landmark", cafe: "landmark", events_venue: "landmark", casino: "landmark", grave_yard: "landmark", public_building: "landmark",
};
const LEISURE_KIND: Record<string, FeatureKind> = { park: "park", garden: "park", stadium: "landmark", sports_centre: "landmark", marina: "landmark", golf_course: "landmark", nature_reserve: "park", beach_resort: "beach" };
const SHOP_KIND: Record<string, FeatureKind> = { mall: "market", supermarket: "market", department_store: "market" };

/** The kind of a feature that is worth finding or placing things at, or null. */
export function featureKindOf(tags: Tags): FeatureKind | null {
  if (tags["highway"] === "traffic_signals" || tags["crossing"] === "traffic_signals") return "signal";
  if (tags["man_made"] === "surveillance") return "surveillance";
  const amenity = AMENITY_KIND[tags["amenity"] ?? ""];
  if (amenity !== undefined) return amenity;
  if (tags["place"] === "square" || (tags["leisure"] === "park" && /^(plaza|plazoleta|plazuela|pra[çc]a|place|square|tori)\b/i.test(tags["name"] ?? ""))) return "square";
  if (tags["natural"] === "beach") return "beach";
  const leisure = LEISURE_KIND[tags["leisure"] ?? ""];
  if (leisure !== undefined) return leisure;
  const shop = SHOP_KIND[tags["shop"] ?? ""];
  if (shop !== undefined) return shop;
  if (tags["railway"] === "station" || tags["aeroway"] === "aerodrome" || tags["aeroway"] === "terminal") return "station";
  if (tags["tourism"] !== undefined || tags["historic"] !== undefined || tags["office"] === "government" || tags["man_made"] === "lighthouse") return "landmark";
  return null;
}

export const MAP_LAYERS = ["sea", "landuse", "green", "water", "waterway", "aeroway", "railway", "buildings", "roads", "places", "pois", "addresses"] as const;
export type MapLayer = (typeof MAP_LAYERS)[number];

const GREEN_LANDUSE = new Set(["grass", "forest", "recreation_ground", "meadow", "village_green", "cemetery", "orchard", "vineyard", "farmland", "allotments", "greenfield"]);
const GREEN_LEISURE = new Set(["park", "garden", "pitch", "playground", "golf_course", "nature_reserve", "dog_park"]);
const GREEN_NATURAL = new Set(["wood", "scrub", "grassland", "heath", "tree_row"]);
const BUILT_LANDUSE = new Set(["residential", "industrial", "commercial", "retail", "military", "garages", "railway", "construction"]);

/** The layer in which an area is drawn and its kind there, or null where the map leaves it out. */
export function areaLayerOf(tags: Tags): { readonly layer: MapLayer; readonly kind: string } | null {
  if (tags["building"] !== undefined && tags["building"] !== "no") return { layer: "buildings", kind: tags["building"] };
  if (tags["natural"] === "water" || tags["waterway"] === "riverbank" || tags["landuse"] === "reservoir" || tags["landuse"] === "basin" || tags["natural"] === "bay") return { layer: "water", kind: tags["water"] ?? "water" };
  if (tags["natural"] === "wetland") return { layer: "green", kind: "wetland" };
  if (tags["natural"] === "beach" || tags["natural"] === "sand") return { layer: "landuse", kind: "sand" };
  for (const [set, key] of [[GREEN_LANDUSE, "landuse"], [GREEN_LEISURE, "leisure"], [GREEN_NATURAL, "natural"]] as const) if (set.has(tags[key] ?? "")) return { layer: "green", kind: tags[key]! };
  if (tags["amenity"] === "school" || tags["amenity"] === "kindergarten" || tags["amenity"] === "university" || tags["amenity"] === "college") return { layer: "landuse", kind: "school" };
  if (tags["amenity"] === "hospital") return { layer: "landuse", kind: "hospital" };
  if (tags["place"] === "square" || tags["highway"] === "pedestrian") return { layer: "landuse", kind: "square" };
  if (BUILT_LANDUSE.has(tags["landuse"] ?? "")) return { layer: "landuse", kind: tags["landuse"]! };
  if (tags["aeroway"] === "aerodrome" || tags["aeroway"] === "apron") return { layer: "landuse", kind: "aerodrome" };
  if (tags["man_made"] === "pier" || tags["man_made"] === "breakwater") return { layer: "landuse", kind: "pier" };
  return null;
}

/** As areaLayerOf, for lines. Roads are not among them: the city builder draws those it routes on, and footways. */
export function lineLayerOf(tags: Tags): { readonly layer: MapLayer; readonly kind: string } | null {
  const rail = tags["railway"];
  if (rail === "rail" || rail === "light_rail" || rail === "subway" || rail === "tram" || rail === "funicular") return { layer: "railway", kind: rail };
  const water = tags["waterway"];
  if (water === "river" || water === "stream" || water === "canal" || water === "drain" || water === "ditch") return { layer: "waterway", kind: water };
  if (tags["aeroway"] === "runway" || tags["aeroway"] === "taxiway") return { layer: "aeroway", kind: tags["aeroway"] };
  const way = tags["highway"];
  if (way === "footway" || way === "path" || way === "pedestrian" || way === "steps" || way === "cycleway") return { layer: "roads", kind: way === "pedestrian" ? "pedestrian" : "path" };
  return null;
}

/** Places whose names stand on the map, and whether one counts as a district. Rank 0 is the most important. */
export const PLACE_RANK: Record<string, { readonly rank: number; readonly district: boolean }> = {
  city: { rank: 0, district: false }, town: { rank: 1, district: false }, borough: { rank: 2, district: false }, suburb: { rank: 2, district: true }, quarter: { rank: 3, district: true },
  neighbourhood: { rank: 3, district: true }, village: { rank: 2, district: true }, hamlet: { rank: 4, district: true }, locality: { rank: 5, district: false },
};

const METRES_PER_STOREY = 3.2;

/** Height in metres from `height`, else from `building:levels`, else null. */
export function buildingHeightM(tags: Tags): number | null {
  const height = Number.parseFloat(tags["height"] ?? tags["building:height"] ?? "");
  if (Number.isFinite(height) && height > 0 && height < 1_000) return height;
  const levels = Number.parseFloat(tags["building:levels"] ?? "");
  return Number.isFinite(levels) && levels > 0 && levels < 300 ? levels * METRES_PER_STOREY : null;
}

const COMPASS: Record<string, number> = { N: 0, NNE: 22.5, NE: 45, ENE: 67.5, E: 90, ESE: 112.5, SE: 135, SSE: 157.5, S: 180, SSW: 202.5, SW: 225, WSW: 247.5, W: 270, WNW: 292.5, NW: 315, NNW: 337.5 };

/** A mapped camera's direction in degrees ("135", "SE"), or null. */
export function directionDeg(value: string | undefined): number | null {
  const text = value?.trim().toUpperCase() ?? "";
  const named = COMPASS[text];
  if (named !== undefined) return named;
  return /^\d{1,3}(\.\d+)?$/.test(text) && Number(text) <= 360 ? Number(text) % 360 : null;
}
