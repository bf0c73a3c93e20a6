// The roads of a city as questions are asked of them: the graph, its hierarchy, and the times of now with the closures that operators have set. A closed
// edge is not driven through; who stands on it may leave it by its nearer end, and a place on it is reached from there.
import { type Result, err, ok } from "../base/result.ts";
import { type Metric, NO_WAY, changeEdges, createMetric } from "./hierarchy/metric.ts";
import { HierarchySearch } from "./hierarchy/search.ts";
import { type Hierarchy, buildHierarchy, orderStates } from "./hierarchy/topology.ts";
import type { GraphFault, RoadGraph } from "./road-graph.ts";
import { SnapCache } from "./snap-cache.ts";

export interface Roads {
  readonly graph: RoadGraph;
  readonly hierarchy: Hierarchy;
  readonly metric: Metric;
  readonly search: HierarchySearch;
  readonly snaps: SnapCache;
  /** Edges that are closed just now. */
  readonly closed: ReadonlySet<number>;
}

/** `order` is what `orderStates` made of this graph, where it was kept: making it anew takes seconds for a large city. */
export function createRoads(graph: RoadGraph, order: Uint32Array = orderStates(graph)): Result<Roads, GraphFault> {
  const hierarchy = buildHierarchy(graph, order);
  if (!hierarchy.ok) return err(hierarchy.error);
  const metric = createMetric(graph, hierarchy.value, graph.edgeMs.slice());
  return ok({ graph, hierarchy: hierarchy.value, metric, search: new HierarchySearch(graph, hierarchy.value), snaps: new SnapCache(graph), closed: new Set() });
}

/** From now on these edges are closed and no others. An answer to any question asked after it knows of them. */
export function closeRoads(roads: Roads, edges: ReadonlySet<number>): void {
  const closed = roads.closed as Set<number>;
  const changes: { edge: number; ms: number }[] = [];
  for (const edge of closed) if (!edges.has(edge)) changes.push({ edge, ms: roads.graph.edgeMs[edge]! });
  for (const edge of edges) if (!closed.has(edge) && edge < roads.graph.edgeCount) changes.push({ edge, ms: NO_WAY });
  for (const { edge, ms } of changes) {
    if (ms === NO_WAY) closed.add(edge);
    else closed.delete(edge);
  }
  changeEdges(roads.graph, roads.hierarchy, roads.metric, changes);
}
