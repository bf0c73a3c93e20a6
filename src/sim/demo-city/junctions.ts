// The corners of a city that matter: where named streets meet, how big they are, and the arms that lead away. Cameras, platforms and
// staged collisions are placed at them.
import type { CityModel } from "../../geo/city/city-model.ts";
import { type Point, bearingDeg, distanceM } from "../../geo/point.ts";
import { pointAlong } from "../../geo/polyline.ts";
import { type RoadGraph, edgeClassOf, edgeShape } from "../../geo/road-graph.ts";
import type { RoadClass } from "../../geo/road-class.ts";
import { nodePoint } from "../../geo/road-snap.ts";

export interface Arm {
  readonly edge: number;
  readonly street: number; // -1 without a name
  readonly bearingDeg: number; // away from the corner
  readonly shape: Float64Array; // [lon, lat, ...] from the corner outwards
  readonly lengthM: number;
}

export interface Junction {
  readonly node: number;
  readonly point: Point;
  readonly streets: readonly number[]; // biggest first, two or more
  readonly arms: readonly Arm[];
  /** Bigger roads, higher rank. */
  readonly rank: number;
  readonly signals: boolean;
}

const RANK_OF_CLASS: Record<RoadClass, number> = { motorway: 0, trunk: 6, primary: 6, secondary: 5, tertiary: 4, unclassified: 2, residential: 1.5, "living-street": 1, service: 0, track: 0, link: 1 };
const ARM_LOOK_M = 25;
const SIGNAL_REACH_M = 40;
/** Corners nearer than this are one corner: the two carriageways of an avenue. */
const SAME_CORNER_M = 45;

export function edgesAt(graph: RoadGraph, node: number): number[] {
  const edges = new Set<number>();
  for (let i = graph.outFirst[node]!; i < graph.outFirst[node + 1]!; i++) edges.add(graph.outArc[i]! >> 1);
  for (let i = graph.inFirst[node]!; i < graph.inFirst[node + 1]!; i++) edges.add(graph.inArc[i]! >> 1);
  return [...edges].sort((a, b) => a - b);
}

function armOf(graph: RoadGraph, node: number, edge: number): Arm {
  const shape = edgeShape(graph, edge);
  if (graph.parts.edgeFrom[edge] !== node) {
    for (let i = 0, j = shape.length - 2; i < j; i += 2, j -= 2) {
      [shape[i], shape[j]] = [shape[j]!, shape[i]!];
      [shape[i + 1], shape[j + 1]] = [shape[j + 1]!, shape[i + 1]!];
    }
  }
  return { edge, street: graph.parts.edgeStreet[edge]!, bearingDeg: bearingDeg(nodePoint(graph, node), pointAlong(shape, ARM_LOOK_M)), shape, lengthM: graph.parts.edgeLengthM[edge]! };
}

/** All corners of two or more named streets on the main road network, most important first; corners of one dual carriageway count once. */
export function listJunctions(city: CityModel): Junction[] {
  const { graph } = city;
  const signalCells = new Map<string, Point[]>();
  for (const { point } of city.featuresOf("signal")) {
    const key = cellKey(point, 0, 0);
    const list = signalCells.get(key);
    if (list === undefined) signalCells.set(key, [point]);
    else list.push(point);
  }
  const found: Junction[] = [];
  for (let node = 0; node < graph.nodeCount; node++) {
    const edges = edgesAt(graph, node);
    if (edges.length < 3 || !edges.some((e) => graph.edgeInMain[e] === 1)) continue;
    const rankOf = new Map<number, number>();
    for (const e of edges) {
      const street = graph.parts.edgeStreet[e]!;
      if (street >= 0) rankOf.set(street, Math.max(rankOf.get(street) ?? 0, RANK_OF_CLASS[edgeClassOf(graph, e)]));
    }
    if (rankOf.size < 2) continue;
    const streets = [...rankOf.keys()].sort((a, b) => rankOf.get(b)! - rankOf.get(a)! || a - b);
    const point = nodePoint(graph, node);
    const signals = around(signalCells, point).some((p) => distanceM(p, point) < SIGNAL_REACH_M);
    found.push({ node, point, streets, arms: edges.map((e) => armOf(graph, node, e)), rank: rankOf.get(streets[0]!)! + rankOf.get(streets[1]!)! + (signals ? 3 : 0), signals });
  }
  found.sort((a, b) => b.rank - a.rank || a.node - b.node);
  const kept = new Map<string, Junction[]>();
  return found.filter((junction) => {
    if (around(kept, junction.point).some((other) => distanceM(other.point, junction.point) < SAME_CORNER_M)) return false;
    const key = cellKey(junction.point, 0, 0);
    const list = kept.get(key);
    if (list === undefined) kept.set(key, [junction]);
    else list.push(junction);
    return true;
  });
}

const CELLS_PER_DEGREE = 1_000; // about 100 m
const cellKey = (p: Point, dx: number, dy: number): string => `${Math.floor(p.lon * CELLS_PER_DEGREE) + dx},${Math.floor(p.lat * CELLS_PER_DEGREE) + dy}`;

function around<T>(cells: ReadonlyMap<string, readonly T[]>, p: Point): T[] {
  const near: T[] = [];
  for (const dx of [-1, 0, 1]) for (const dy of [-1, 0, 1]) near.push(...(cells.get(cellKey(p, dx, dy)) ?? []));
  return near;
}

/** "Avenida Italia y Bulevar Artigas". */
export const labelOf = (city: CityModel, junction: Junction): string => city.gazetteer.crossingLabel(junction.streets);
