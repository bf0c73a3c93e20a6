// A city as the running program holds it: everything that is read from its folder once and never changes. The demo city generator, the centre and the
// simulator all work on this; the folder format is io/city's business.
import { lazily } from "../../base/lazily.ts";
import { type Result, err, ok } from "../../base/result.ts";
import { type BuildingParts, type Buildings, createBuildings } from "../buildings.ts";
import type { CrossingFinder } from "../crossings.ts";
import { type Gazetteer, createGazetteer } from "../gazetteer.ts";
import { type GazetteerParts, checkGazetteerParts } from "../gazetteer-parts.ts";
import { type Bounds, type Point, centreOf } from "../point.ts";
import { type GraphFault, type RoadGraph, type RoadGraphParts, createRoadGraph } from "../road-graph.ts";
import { type Roads, createRoads } from "../roads.ts";
import { FEATURE_KINDS, type FeatureKind } from "./feature-kinds.ts";

export interface CityFacts {
  readonly name: string;
  readonly timeZone: string; // IANA name
  readonly bounds: Bounds;
  readonly attribution: string;
  readonly cornerWord: string; // "y" in Montevideo
}

export interface CityFeature {
  readonly kind: FeatureKind;
  readonly name: string; // "" where the map has none
  readonly point: Point;
  readonly radiusM: number;
  readonly district: string | null;
  readonly bearing: number | null;
}

export interface CityModel extends CityFacts {
  readonly centre: Point;
  readonly graph: RoadGraph;
  readonly roads: Roads;
  readonly gazetteer: Gazetteer;
  readonly buildings: Buildings;
  readonly crossings: CrossingFinder;
  /** Mapped features of one kind, in the order of the file. */
  readonly featuresOf: (kind: FeatureKind) => readonly CityFeature[];
}

export interface CityParts {
  readonly graph: RoadGraphParts;
  readonly hierarchy: HierarchyParts;
  readonly gazetteer: GazetteerParts;
  readonly buildings: BuildingParts;
}
export interface HierarchyParts {
  /** As `orderStates` made it of this graph. */
  readonly stateOrder: Uint32Array;
}

/** Checks all parts and makes the city; the fault names the part. */
export function createCityModel(facts: CityFacts, parts: CityParts): Result<CityModel, GraphFault> {
  const graph = createRoadGraph(parts.graph);
  if (!graph.ok) return err({ ...graph.error, field: `graph.${graph.error.field}` });
  const roads = createRoads(graph.value, parts.hierarchy.stateOrder);
  if (!roads.ok) return err({ ...roads.error, field: `hierarchy.${roads.error.field}` });
  const gazetteerParts = checkGazetteerParts(parts.gazetteer, FEATURE_KINDS.length);
  if (!gazetteerParts.ok) return err({ ...gazetteerParts.error, field: `gazetteer.${gazetteerParts.error.field}` });
  const buildings = createBuildings(parts.buildings);
  if (!buildings.ok) return err({ ...buildings.error, field: `buildings.${buildings.error.field}` });
  const g = gazetteerParts.value;
  const byKind = lazily(() => listFeatures(g));
  const gazetteer = createGazetteer(g, graph.value, { cityName: facts.name, bounds: facts.bounds, cornerWord: facts.cornerWord });
  return ok({
    ...facts, centre: medianNode(graph.value) ?? centreOf(facts.bounds), graph: graph.value, roads: roads.value, gazetteer, crossings: gazetteer.crossings, buildings: buildings.value,
    featuresOf: (kind) => byKind().get(kind) ?? [],
  });
}

function listFeatures(g: GazetteerParts): Map<FeatureKind, CityFeature[]> {
  const byKind = new Map<FeatureKind, CityFeature[]>();
  const namesAt = new Map<string, string[]>();
  for (let f = 0; f < g.featureKind.length; f++) {
    const kind = FEATURE_KINDS[g.featureKind[f]!]!;
    const feature: CityFeature = {
      kind, name: g.featureNames[f]!, point: { lon: g.featureLonE7[f]! / 1e7, lat: g.featureLatE7[f]! / 1e7 }, radiusM: g.featureRadiusM[f]!,
      district: g.featureDistrict[f]! < 0 ? null : g.districtNames[g.featureDistrict[f]!]!, bearing: g.featureBearing[f]! < 0 ? null : g.featureBearing[f]!,
    };
    const spot = `${kind} ${g.featureLonE7[f]} ${g.featureLatE7[f]}`;
    const named = namesAt.get(spot) ?? [];
    if (named.some((name) => name !== "" && feature.name.endsWith(` (${name})`))) continue; // what it is called besides: one thing, found by either name
    namesAt.set(spot, [...named, feature.name]);
    const list = byKind.get(kind);
    if (list === undefined) byKind.set(kind, [feature]);
    else list.push(feature);
  }
  return byKind;
}

/** Where half the junctions lie to each side: in the town, where the middle of the bounds may be sea or fields. */
function medianNode(graph: RoadGraph): Point | null {
  if (graph.nodeCount === 0) return null;
  const middle = (values: Int32Array): number => values.slice().sort()[values.length >> 1]! / 1e7;
  return { lon: middle(graph.parts.nodeLonE7), lat: middle(graph.parts.nodeLatE7) };
}
