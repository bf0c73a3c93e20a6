// The one way from map data to a city, whatever the file was: features go in one by one, a city comes out (graph, gazetteer, buildings, and what the map
// tiles are drawn from). Pieces of one thing that tiles have cut apart meet here again: roads by their shared points, features by their id.
import { type Result, err, ok } from "../../base/result.ts";
import { buildingPartsOf } from "../buildings.ts";
import { type Bounds, METRES_PER_DEGREE, metresPerDegreeLon } from "../point.ts";
import { nameKey } from "../place-text.ts";
import { type Tags, roadOfTags } from "../road-class.ts";
import { type RoadGraphParts, createRoadGraph } from "../road-graph.ts";
import { orderStates } from "../hierarchy/topology.ts";
import type { CityParts } from "./city-model.ts";
import { type RoadWay, type TurnRestriction, buildRoadGraph } from "../road-graph-builder.ts";
import type { UnkeptTurn } from "./turn-relation.ts";
import type { MapFeature, MapShape } from "./map-feature.ts";
import { type FeatureKind, type MapLayer, PLACE_RANK, areaLayerOf, buildingHeightM, directionDeg, featureKindOf, lineLayerOf } from "./feature-kinds.ts";
import { type AddressPoint, type DistrictPoint, type FeaturePoint, buildGazetteer, parseHouseNumber } from "./gazetteer-builder.ts";
import { guessSea } from "./guess-sea.ts";
import { seaOfCoastline } from "./sea.ts";
import { type OsmFeature, ringCentroid } from "./osm-feature.ts";

export interface BuiltCity extends CityParts {
  readonly bounds: Bounds;
  readonly map: ReadonlyMap<MapLayer, readonly MapFeature[]>;
  readonly roadMetres: number;
  /** Turn restrictions of the map that the graph does not keep, by why. */
  readonly turnsLeftOut: Readonly<Record<UnkeptTurn, number>>;
  /** drawn from a coastline, guessed, or not drawn at all */
  readonly sea: "mapped" | "guessed" | "none";
}

export interface CityFault {
  readonly code: "no-roads" | "too-wide";
  readonly message: string;
}

export interface CityBuilder {
  readonly add: (feature: OsmFeature) => void;
  readonly addRestriction: (restriction: TurnRestriction) => void;
  /** One that cannot be kept: counted. */
  readonly leaveOutTurn: (why: UnkeptTurn) => void;
  /** Ends the building. `bounds`: what the file says it covers, else the extent of its roads. `guessSea`: the city lies on a sea to its south that the data leaves out. */
  readonly finish: (bounds: Bounds | null, options?: { readonly guessSea?: boolean }) => Result<BuiltCity, CityFault>;
}

const WIDEST_DEG = 8;
/** Of two pieces of one feature the larger gives its place. */
interface Found extends FeaturePoint {
  readonly areaM2: number;
}

/** What people call a place besides its name: in another script, formerly, for short. */
const OTHER_NAME_TAGS = ["alt_name", "short_name", "loc_name", "official_name", "old_name", "name:zh", "name:en"] as const;
function otherNames(tags: Tags, name: string): string[] {
  const found = new Map<string, string>();
  for (const tag of OTHER_NAME_TAGS) {
    for (const other of (tags[tag] ?? "").split(";").map((one) => one.trim())) {
      const key = nameKey(other);
      if (key !== "" && key !== nameKey(name) && !found.has(key)) found.set(key, other);
    }
  }
  return [...found.values()];
}

export function createCityBuilder(): CityBuilder {
  const ways: RoadWay[] = [];
  const restrictions: TurnRestriction[] = [];
  const turnsLeftOut: Record<UnkeptTurn, number> = { hours: 0, vehicles: 0, incomplete: 0 };
  const addresses: AddressPoint[] = [];
  const districts = new Map<string, DistrictPoint>();
  const features = new Map<string, Found>();
  const alternates = new Map<string, string[]>();
  const buildings: { ring: number[]; heightM: number | null }[] = [];
  const map = new Map<MapLayer, MapFeature[]>();
  const coastline: (readonly number[])[] = [];

  const draw = (layer: MapLayer, shape: MapShape, properties: MapFeature["properties"]): void => {
    const list = map.get(layer);
    if (list === undefined) map.set(layer, [{ shape, properties }]);
    else list.push({ shape, properties });
  };

  const addRoad = (f: OsmFeature & { shape: "line" }): boolean => {
    const road = roadOfTags(f.tags);
    if (road === null) return false;
    ways.push({ id: f.id, shapeE7: f.lineE7, road });
    draw("roads", { type: "line", lineE7: road.forward ? f.lineE7 : reversed(f.lineE7) }, {
      class: road.roadClass === "link" ? `${f.tags["highway"]!.replace("_link", "")}-link` : road.roadClass, ...(road.name === null ? {} : { name: road.name }),
      ...(road.forward !== road.backward ? { oneway: true } : {}), ...(isSet(f.tags["bridge"]) ? { bridge: true } : {}), ...(isSet(f.tags["tunnel"]) ? { tunnel: true } : {}),
    });
    return true;
  };

  const addPlaceOf = (f: OsmFeature): void => {
    const { tags } = f;
    const at = f.shape === "point" ? { lonE7: f.lonE7, latE7: f.latE7, areaM2: 0 } : f.shape === "area" ? areaPlace(f.ringsE7[0]!) : null;
    if (at === null) return;
    const street = tags["addr:street"];
    const number = tags["addr:housenumber"];
    if (street !== undefined && number !== undefined) {
      const parsed = parseHouseNumber(number);
      if (parsed !== null) {
        addresses.push({ street, ...parsed, lonE7: at.lonE7, latE7: at.latE7 });
        draw("addresses", { type: "point", lonE7: at.lonE7, latE7: at.latE7 }, { number: number.slice(0, 12) });
      }
    }
    const name = tags["name"] ?? "";
    const place = PLACE_RANK[tags["place"] ?? ""];
    if (place !== undefined && name !== "") {
      if (!districts.has(name) || f.shape === "point") {
        if (place.district) districts.set(name, { name, lonE7: at.lonE7, latE7: at.latE7 });
        draw("places", { type: "point", lonE7: at.lonE7, latE7: at.latE7 }, { name, rank: place.rank });
      }
    }
    const kind = featureKindOf(tags);
    if (kind === null || (kind === "landmark" && name === "")) return;
    const key = `${f.element}/${f.id}`;
    const before = features.get(key);
    if (before !== undefined && before.areaM2 >= at.areaM2) return;
    alternates.set(key, kind === "surveillance" || name === "" ? [] : otherNames(tags, name));
    features.set(key, { kind, name, lonE7: at.lonE7, latE7: at.latE7, radiusM: Math.sqrt(at.areaM2 / Math.PI), bearing: kind === "surveillance" ? directionDeg(tags["direction"] ?? tags["camera:direction"]) : null, areaM2: at.areaM2 });
  };

  const add = (f: OsmFeature): void => {
    if (f.shape !== "point" && f.tags["natural"] === "coastline") coastline.push(f.shape === "line" ? f.lineE7 : f.ringsE7[0]!);
    if (f.shape === "line") {
      if (addRoad(f)) return;
      const drawn = lineLayerOf(f.tags);
      const name = f.tags["name"];
      if (drawn !== null) draw(drawn.layer, { type: "line", lineE7: f.lineE7 }, { [drawn.layer === "roads" ? "class" : "kind"]: drawn.kind, ...(name === undefined ? {} : { name }) });
      return;
    }
    if (f.shape === "area") {
      const drawn = areaLayerOf(f.tags);
      if (drawn !== null) {
        const heightM = drawn.layer === "buildings" ? buildingHeightM(f.tags) : null;
        draw(drawn.layer, { type: "area", ringsE7: f.ringsE7 }, { kind: drawn.kind, ...(heightM === null ? {} : { height: heightM }) });
        if (drawn.layer === "buildings" && drawn.kind !== "roof" && f.tags["location"] !== "underground") buildings.push({ ring: f.ringsE7[0]!.map((v) => v / 1e7), heightM });
      }
    }
    addPlaceOf(f);
  };

  const drawSea = (bounds: Bounds, guess: boolean): BuiltCity["sea"] => {
    const mapped = seaOfCoastline(coastline, bounds);
    const polygons = mapped.length > 0 || !guess ? mapped : guessSea(landOf(map), bounds);
    for (const ringsE7 of polygons) draw("sea", { type: "area", ringsE7 }, {});
    return polygons.length === 0 ? "none" : mapped.length > 0 ? "mapped" : "guessed";
  };

  const finish: CityBuilder["finish"] = (given, options) => {
    if (ways.length === 0) return err({ code: "no-roads", message: "the file has no roads for vehicles (ways with highway=...): nothing to route on" });
    const extent = extentOf(ways);
    if (extent.east - extent.west > WIDEST_DEG || extent.north - extent.south > WIDEST_DEG) {
      return err({ code: "too-wide", message: `the roads reach over ${(extent.east - extent.west).toFixed(1)} x ${(extent.north - extent.south).toFixed(1)} degrees: expected a city of at most ${WIDEST_DEG}` });
    }
    const raw = buildRoadGraph(ways, restrictions);
    if (raw.edgeFrom.length === 0) return err({ code: "no-roads", message: "the file's roads have no length: nothing to route on" });
    const found = [...features.values()];
    const byOtherNames = [...features].flatMap(([key, f]) => (alternates.get(key) ?? []).map((other) => ({ ...f, name: `${other} (${f.name})` })));
    const { graph, gazetteer } = buildGazetteer(raw, addresses, [...districts.values()], [...found, ...byOtherNames]);
    for (const f of found) if (f.name !== "" || POI_WITHOUT_NAME.has(f.kind)) draw("pois", { type: "point", lonE7: f.lonE7, latE7: f.latE7 }, { kind: f.kind, ...(f.name === "" ? {} : { name: f.name }) });
    const sea = drawSea(given ?? extent, options?.guessSea === true);
    return ok({ sea, turnsLeftOut, bounds: given ?? extent, graph, hierarchy: { stateOrder: orderOf(graph) }, gazetteer, buildings: buildingPartsOf(buildings), map, roadMetres: graph.edgeLengthM.reduce((sum, m) => sum + m, 0) });
  };
  return { add, addRestriction: (r) => void restrictions.push(r), leaveOutTurn: (why) => void turnsLeftOut[why]++, finish };
}

function orderOf(parts: RoadGraphParts): Uint32Array {
  const graph = createRoadGraph(parts);
  if (!graph.ok) throw new Error(`the graph just built has a wrong ${graph.error.field}: expected ${graph.error.expected}`);
  return orderStates(graph.value);
}

/** Everything drawn that stands on land. */
function* landOf(map: ReadonlyMap<MapLayer, readonly MapFeature[]>): Generator<MapShape> {
  for (const [layer, features] of map) if (layer !== "water" && layer !== "waterway" && layer !== "sea" && layer !== "places") for (const { shape } of features) yield shape;
}

const POI_WITHOUT_NAME: ReadonlySet<FeatureKind> = new Set<FeatureKind>(["school", "police", "hospital", "fire-station", "signal"]);
const isSet = (value: string | undefined): boolean => value !== undefined && value !== "no";

function reversed(lineE7: readonly number[]): number[] {
  const line: number[] = [];
  for (let i = lineE7.length - 2; i >= 0; i -= 2) line.push(lineE7[i]!, lineE7[i + 1]!);
  return line;
}

function areaPlace(ring: readonly number[]): { lonE7: number; latE7: number; areaM2: number } {
  const centre = ringCentroid(ring);
  const squareM = (METRES_PER_DEGREE / 1e7) * (metresPerDegreeLon(centre.latE7 / 1e7) / 1e7);
  return { lonE7: centre.lonE7, latE7: centre.latE7, areaM2: centre.areaE14 * squareM };
}

function extentOf(ways: readonly RoadWay[]): Bounds {
  let west = Infinity;
  let south = Infinity;
  let east = -Infinity;
  let north = -Infinity;
  for (const way of ways) {
    for (let i = 0; i + 1 < way.shapeE7.length; i += 2) {
      west = Math.min(west, way.shapeE7[i]!);
      east = Math.max(east, way.shapeE7[i]!);
      south = Math.min(south, way.shapeE7[i + 1]!);
      north = Math.max(north, way.shapeE7[i + 1]!);
    }
  }
  return { west: west / 1e7, south: south / 1e7, east: east / 1e7, north: north / 1e7 };
}
