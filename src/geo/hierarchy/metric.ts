// Times on a hierarchy: what each arc takes upwards and downwards, over the best way through lower nodes. Made for a whole city within tens of
// milliseconds, so each hour of the week can have its own; a road that closes or opens changes only the arcs that stand on it.
import { createMinHeap } from "../min-heap.ts";
import { type RoadGraph, statesAfterArc } from "../road-graph.ts";
import { type Hierarchy, findArc } from "./topology.ts";

/** No way. Two of them still add up within 31 bits. */
export const NO_WAY = 0x3fff_ffff;

export interface Metric {
  /** What driving each edge takes, in ms; NO_WAY where it is closed. */
  readonly edgeMs: Uint32Array;
  /** By arc: from its lower to its higher end, and back. */
  readonly up: Int32Array;
  readonly down: Int32Array;
  /** The entry of the graph's `outArc` that gives the arc its own time; -1 where only lower nodes join its ends. */
  readonly upEntry: Int32Array;
  readonly downEntry: Int32Array;
}

/** `edgeMs`: whole milliseconds by edge, NO_WAY where it cannot be driven. It is kept, and changed by `changeEdges` only. */
export function createMetric(graph: RoadGraph, hierarchy: Hierarchy, edgeMs: Uint32Array): Metric {
  const arcs = hierarchy.upHead.length;
  const metric: Metric = {
    edgeMs, up: new Int32Array(arcs).fill(NO_WAY), down: new Int32Array(arcs).fill(NO_WAY), upEntry: new Int32Array(arcs).fill(-1), downEntry: new Int32Array(arcs).fill(-1),
  };
  for (let entry = 0; entry < graph.outArc.length; entry++) layEntry(graph, hierarchy, metric, entry);
  const { count, upFirst, upHead, upTail, downFirst, downArc } = hierarchy;
  const { up, down } = metric;
  const arcTo = new Int32Array(count).fill(-1);
  for (let v = 0; v < count; v++) {
    for (let a = upFirst[v]!; a < upFirst[v + 1]!; a++) arcTo[upHead[a]!] = a;
    for (let i = downFirst[v]!; i < downFirst[v + 1]!; i++) {
      // A lower node whose own arcs are all final: over it, v is joined with each node above v that it has.
      const below = downArc[i]!;
      const last = upFirst[upTail[below]! + 1]!;
      const fromV = down[below]!;
      const toV = up[below]!;
      for (let b = below + 1; b < last; b++) {
        const a = arcTo[upHead[b]!]!;
        const there = fromV + up[b]!;
        if (there < up[a]!) up[a] = there;
        const back = down[b]! + toV;
        if (back < down[a]!) down[a] = back;
      }
    }
  }
  return metric;
}

function layEntry(graph: RoadGraph, hierarchy: Hierarchy, metric: Metric, entry: number): void {
  const arc = hierarchy.arcOfEntry[entry]!;
  if (arc < 0) return;
  const ms = metric.edgeMs[graph.outArc[entry]! >> 1]!;
  const [best, by] = hierarchy.entryGoesDown[entry] === 1 ? [metric.down, metric.downEntry] : [metric.up, metric.upEntry];
  if (ms >= best[arc]!) return;
  best[arc] = ms;
  by[arc] = entry;
}

export interface EdgeChange {
  readonly edge: number;
  /** NO_WAY closes it. */
  readonly ms: number;
}

/** Gives edges other times, in place: only what stands on them is worked out anew. Returns how many arcs changed. */
export function changeEdges(graph: RoadGraph, hierarchy: Hierarchy, metric: Metric, changes: readonly EdgeChange[]): number {
  const { upFirst, upHead, upTail } = hierarchy;
  const waiting = createMinHeap(hierarchy.upHead.length);
  for (const { edge, ms } of changes) {
    metric.edgeMs[edge] = ms;
    for (const entry of entriesOf(graph, edge)) {
      const arc = hierarchy.arcOfEntry[entry]!;
      if (arc >= 0) waiting.push(arc, upTail[arc]!);
    }
  }
  // From below upwards: an arc is worked out when all that it can stand on is final.
  let changed = 0;
  for (let arc = waiting.pop(); arc >= 0; arc = waiting.pop()) {
    const beforeUp = metric.up[arc]!;
    const beforeDown = metric.down[arc]!;
    workOut(graph, hierarchy, metric, arc);
    if (metric.up[arc] === beforeUp && metric.down[arc] === beforeDown) continue;
    changed++;
    // It is a lower side of the triangles with the other arcs of its lower end.
    const tail = upTail[arc]!;
    const head = upHead[arc]!;
    for (let other = upFirst[tail]!; other < upFirst[tail + 1]!; other++) {
      if (other === arc) continue;
      const a = Math.min(head, upHead[other]!);
      waiting.push(findArc(hierarchy, a, Math.max(head, upHead[other]!)), a);
    }
  }
  return changed;
}

/** One arc, from the edges on it and the lower triangles below it. */
function workOut(graph: RoadGraph, hierarchy: Hierarchy, metric: Metric, arc: number): void {
  metric.up[arc] = NO_WAY;
  metric.down[arc] = NO_WAY;
  metric.upEntry[arc] = -1;
  metric.downEntry[arc] = -1;
  const tail = hierarchy.stateOfRank[hierarchy.upTail[arc]!]!;
  const head = hierarchy.stateOfRank[hierarchy.upHead[arc]!]!;
  for (const [from, to] of [[tail, head], [head, tail]] as const) {
    for (let entry = graph.outFirst[from]!; entry < graph.outFirst[from + 1]!; entry++) if (graph.outState[entry] === to) layEntry(graph, hierarchy, metric, entry);
  }
  eachLowerTriangle(hierarchy, arc, (toTail, toHead) => {
    metric.up[arc] = Math.min(metric.up[arc]!, metric.down[toTail]! + metric.up[toHead]!);
    metric.down[arc] = Math.min(metric.down[arc]!, metric.down[toHead]! + metric.up[toTail]!);
  });
}

/** The nodes below both ends of an arc, each by its arc to the lower end and its arc to the higher end. Stops where `visit` returns true. */
export function eachLowerTriangle(hierarchy: Hierarchy, arc: number, visit: (toTail: number, toHead: number) => boolean | void): void {
  const { downFirst, downArc, upTail, upHead } = hierarchy;
  let i = downFirst[upTail[arc]!]!;
  let j = downFirst[upHead[arc]!]!;
  const iEnd = downFirst[upTail[arc]! + 1]!;
  const jEnd = downFirst[upHead[arc]! + 1]!;
  while (i < iEnd && j < jEnd) {
    const a = upTail[downArc[i]!]!;
    const b = upTail[downArc[j]!]!;
    if (a === b && visit(downArc[i]!, downArc[j]!) === true) return;
    if (a <= b) i++;
    if (b <= a) j++;
  }
}

/** Where an edge stands in `outArc`: once for each direction, and for each twin that it leaves from. */
function entriesOf(graph: RoadGraph, edge: number): number[] {
  const entries: number[] = [];
  for (const arc of [edge * 2, edge * 2 + 1]) {
    for (const head of statesAfterArc(graph, arc)) {
      for (let i = graph.inFirst[head]!; i < graph.inFirst[head + 1]!; i++) {
        if (graph.inArc[i] !== arc) continue;
        const from = graph.inState[i]!;
        for (let entry = graph.outFirst[from]!; entry < graph.outFirst[from + 1]!; entry++) if (graph.outArc[entry] === arc) entries.push(entry);
      }
    }
  }
  return entries;
}
