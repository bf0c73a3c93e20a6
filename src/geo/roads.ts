// The roads of a city as questions are asked of them: the graph, its hierarchy, and the times of now with the closures that operators have set. A closed
// edge costs so much more than any way in a city that it is driven only where nothing else leads there: an incident behind a barrier, or the very one that
// the road was closed for, is still reached, and it is said through how many closed pieces.
import { type Result, err, ok } from "../base/result.ts";
import { type EdgeChange, type Metric, changeEdges, createMetric } from "./hierarchy/metric.ts";
import { HierarchySearch } from "./hierarchy/search.ts";
import { type Hierarchy, buildHierarchy, orderStates } from "./hierarchy/topology.ts";
import { ROAD_CLASSES } from "./road-class.ts";
import type { GraphFault, RoadGraph } from "./road-graph.ts";
import { type RoadHour, SPEED_SHARES } from "./road-hours.ts";
import { SnapCache } from "./snap-cache.ts";

/** The sum of all costs stays far below NO_WAY, and one closed edge costs more than any way in a city takes. */
const MOST_CLOSED_MS = 20_000_000;
const LEAST_CLOSED_MS = 3_600_000;
const ALL_CLOSED_MS = 1_000_000_000;

export interface Roads {
  readonly graph: RoadGraph;
  readonly hierarchy: Hierarchy;
  readonly metric: Metric;
  readonly search: HierarchySearch;
  readonly snaps: SnapCache;
  /** What driving each edge takes at the hour that it is, closed or not. */
  readonly edgeMs: Uint32Array;
  /** By state, the ms that were left to the target of the last question of many to one; `number` rises with each that makes the ones before worthless. */
  readonly sweep: { readonly leftMs: Int32Array; number: number };
  /** Edges that are closed just now. */
  readonly closed: ReadonlySet<number>;
}

/** `order` is what `orderStates` made of this graph, where it was kept: making it anew takes seconds for a large city. */
export function createRoads(graph: RoadGraph, order: Uint32Array = orderStates(graph)): Result<Roads, GraphFault> {
  const hierarchy = buildHierarchy(graph, order);
  if (!hierarchy.ok) return err(hierarchy.error);
  return ok(roadsOn(graph, hierarchy.value, new SnapCache(graph)));
}

/** The same roads at this kind of hour without any closure, to be asked beside those of now: what stands where is not that of the living units, so it is kept apart. */
export const forkRoads = ({ graph, hierarchy }: Roads, hour: RoadHour = "day"): Roads => roadsOn(graph, hierarchy, new SnapCache(graph), edgeMsAt(graph, hour));

/** From now on driving takes what it does at this kind of hour; closures stay. All times are laid anew: some tens of milliseconds for a city. */
export function setRoadHour(roads: Roads, hour: RoadHour): void {
  const { graph, hierarchy, metric, edgeMs } = roads;
  edgeMs.set(edgeMsAt(graph, hour));
  const cost = closedMs(roads);
  const laid = createMetric(graph, hierarchy, edgeMs.map((ms, e) => (roads.closed.has(e) ? ms + cost : ms)));
  for (const key of ["edgeMs", "up", "down", "upEntry", "downEntry"] as const) metric[key].set(laid[key]);
  roads.sweep.number++;
}

const edgeMsAt = (graph: RoadGraph, hour: RoadHour): Uint32Array =>
  graph.edgeMs.map((ms, e) => Math.max(1, Math.round(ms / SPEED_SHARES[ROAD_CLASSES[graph.parts.edgeClass[e]!]!][hour])));

function roadsOn(graph: RoadGraph, hierarchy: Hierarchy, snaps: SnapCache, edgeMs: Uint32Array = graph.edgeMs.slice()): Roads {
  const metric = createMetric(graph, hierarchy, edgeMs.slice());
  return { graph, hierarchy, metric, edgeMs, search: new HierarchySearch(graph, hierarchy), snaps, sweep: { leftMs: new Int32Array(graph.stateCount), number: 0 }, closed: new Set() };
}

/** From now on these edges are closed and no others. An answer to any question asked after it knows of them. */
export function closeRoads(roads: Roads, edges: ReadonlySet<number>): void {
  const { graph, hierarchy, metric, edgeMs } = roads;
  const closed = roads.closed as Set<number>;
  const changes: EdgeChange[] = [];
  for (const edge of closed) if (!edges.has(edge)) changes.push({ edge, ms: edgeMs[edge]! });
  closed.clear();
  for (const edge of edges) if (edge < graph.edgeCount) closed.add(edge);
  const cost = closedMs(roads);
  for (const edge of closed) if (metric.edgeMs[edge] !== edgeMs[edge]! + cost) changes.push({ edge, ms: edgeMs[edge]! + cost });
  changeEdges(graph, hierarchy, metric, changes);
  roads.sweep.number++;
}

/** What driving a closed edge costs beside its own time. */
export const closedMs = ({ closed }: Roads): number => Math.max(LEAST_CLOSED_MS, Math.min(MOST_CLOSED_MS, Math.floor(ALL_CLOSED_MS / (closed.size + 1))));

/** A sum of the metric as its driving time and the number of closed pieces in it. */
export function splitMs(roads: Roads, ms: number): { readonly drivingMs: number; readonly closedPieces: number } {
  if (roads.closed.size === 0 || ms === Infinity) return { drivingMs: ms, closedPieces: 0 };
  const cost = closedMs(roads);
  return { drivingMs: ms % cost, closedPieces: Math.floor(ms / cost) };
}
