// The roads of a city as questions are asked of them: the graph, its hierarchy, and the times of now with the closures that operators have set. A closed
// edge costs so much more than any way in a city that it is driven only where nothing else leads there: an incident behind a barrier, or the very one that
// the road was closed for, is still reached, and it is said through how many closed pieces. The hierarchy and its times are made with the first question: after a crash, calls come first.
import { lazily } from "../base/lazily.ts";
import { type Result, err, ok } from "../base/result.ts";
import { type EdgeChange, type Metric, changeEdges, createMetric } from "./hierarchy/metric.ts";
import { HierarchySearch } from "./hierarchy/search.ts";
import { type Hierarchy, buildHierarchy, findOrderFault, orderStates } from "./hierarchy/topology.ts";
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
  /** Whether a question has been asked yet, so that there is a metric to keep up. */
  readonly isLaid: boolean;
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
  const fault = findOrderFault(graph, order);
  if (fault !== null) return err(fault);
  const hierarchy = lazily(() => {
    const built = buildHierarchy(graph, order);
    if (!built.ok) throw new Error(`${built.error.field}: expected ${built.error.expected}`);
    return built.value;
  });
  return ok(roadsOn(graph, hierarchy, new SnapCache(graph)));
}

/** The same roads at this kind of hour without any closure, to be asked beside those of now: what stands where is not that of the living units, so it is kept apart. */
export const forkRoads = (roads: Roads, hour: RoadHour = "day"): Roads => roadsOn(roads.graph, () => roads.hierarchy, new SnapCache(roads.graph), edgeMsAt(roads.graph, hour));

/** From now on driving takes what it does at this kind of hour; closures stay. All times are laid anew: some tens of milliseconds for a city. */
export function setRoadHour(roads: Roads, hour: RoadHour): void {
  roads.edgeMs.set(edgeMsAt(roads.graph, hour));
  roads.sweep.number++;
  if (!roads.isLaid) return;
  const { graph, hierarchy, metric } = roads;
  const laid = createMetric(graph, hierarchy, closedTimes(roads));
  for (const key of ["edgeMs", "up", "down", "upEntry", "downEntry"] as const) metric[key].set(laid[key]);
}

/** What driving each edge costs, with the closures of now. */
function closedTimes(roads: Pick<Roads, "edgeMs" | "closed">): Uint32Array {
  const cost = closedMs(roads);
  return roads.edgeMs.map((ms, e) => (roads.closed.has(e) ? ms + cost : ms));
}

const edgeMsAt = (graph: RoadGraph, hour: RoadHour): Uint32Array =>
  graph.edgeMs.map((ms, e) => Math.max(1, Math.round(ms / SPEED_SHARES[ROAD_CLASSES[graph.parts.edgeClass[e]!]!][hour])));

function roadsOn(graph: RoadGraph, hierarchyOf: () => Hierarchy, snaps: SnapCache, edgeMs: Uint32Array = graph.edgeMs.slice()): Roads {
  const closed = new Set<number>();
  const search = lazily(() => new HierarchySearch(graph, hierarchyOf()));
  let metric: Metric | null = null;
  return {
    graph, edgeMs, snaps, sweep: { leftMs: new Int32Array(graph.stateCount), number: 0 }, closed,
    get hierarchy() {
      return hierarchyOf();
    },
    get search() {
      return search();
    },
    get metric() {
      return (metric ??= createMetric(graph, hierarchyOf(), closedTimes({ edgeMs, closed })));
    },
    get isLaid() {
      return metric !== null;
    },
  };
}

/** From now on these edges are closed and no others. An answer to any question asked after it knows of them. */
export function closeRoads(roads: Roads, edges: ReadonlySet<number>): void {
  const { graph, edgeMs } = roads;
  const closed = roads.closed as Set<number>;
  const opened = [...closed].filter((edge) => !edges.has(edge));
  closed.clear();
  for (const edge of edges) if (edge < graph.edgeCount) closed.add(edge);
  roads.sweep.number++;
  if (!roads.isLaid) return;
  const { hierarchy, metric } = roads;
  const changes: EdgeChange[] = opened.map((edge) => ({ edge, ms: edgeMs[edge]! }));
  const cost = closedMs(roads);
  for (const edge of closed) if (metric.edgeMs[edge] !== edgeMs[edge]! + cost) changes.push({ edge, ms: edgeMs[edge]! + cost });
  changeEdges(graph, hierarchy, metric, changes);
}

/** What driving a closed edge costs beside its own time. */
export const closedMs = ({ closed }: Pick<Roads, "closed">): number => Math.max(LEAST_CLOSED_MS, Math.min(MOST_CLOSED_MS, Math.floor(ALL_CLOSED_MS / (closed.size + 1))));

/** A sum of the metric as its driving time and the number of closed pieces in it. */
export function splitMs(roads: Roads, ms: number): { readonly drivingMs: number; readonly closedPieces: number } {
  if (roads.closed.size === 0 || ms === Infinity) return { drivingMs: ms, closedPieces: 0 };
  const cost = closedMs(roads);
  return { drivingMs: ms % cost, closedPieces: Math.floor(ms / cost) };
}
