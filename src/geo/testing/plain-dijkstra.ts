// The oracle of the hierarchy: one search over all roads with nothing prepared. Slow, and simple enough to be believed.
import { NO_WAY } from "../hierarchy/metric.ts";
import { createMinHeap } from "../min-heap.ts";
import type { RoadGraph } from "../road-graph.ts";

/** By state, the ms from `origin`; NO_WAY where it cannot be reached. */
export function plainDijkstra(graph: RoadGraph, edgeMs: Uint32Array, origin: number): Int32Array {
  const ms = new Int32Array(graph.stateCount).fill(NO_WAY);
  const open = createMinHeap(graph.stateCount);
  ms[origin] = 0;
  open.push(origin, 0);
  for (let state = open.pop(); state >= 0; state = open.pop()) {
    for (let i = graph.outFirst[state]!; i < graph.outFirst[state + 1]!; i++) {
      const sum = ms[state]! + edgeMs[graph.outArc[i]! >> 1]!;
      const head = graph.outState[i]!;
      if (sum >= ms[head]!) continue;
      ms[head] = sum;
      open.push(head, sum);
    }
  }
  return ms;
}
