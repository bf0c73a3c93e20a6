// Road times and routes. One target, many sources: a single Dijkstra run backwards from the target that stops when every source is reached or the
// bound is passed (planning figures: nearest 5 of 500 in 1.4 ms with no preparation). Point to point: Dijkstra from both ends.
// Contraction hierarchies answer in microseconds but must be prepared anew when a road closes; they can come behind the same
// two functions, whose callers know no more of a graph than its type.
import type { Point } from "./point.ts";
import { sliceLine } from "./polyline.ts";
import { BACKWARD, FORWARD, type RoadGraph, edgeShape } from "./road-graph.ts";
import { type RoadPosition, snapToRoad } from "./road-snap.ts";
import { type MinHeap, createMinHeap } from "./min-heap.ts";

/** reached; no road within reach of the point; no way on the roads; farther than the bound. */
export type RoadVerdict = "reached" | "off-road" | "unreachable" | "beyond-bound";

export interface RoadTimes {
  /** Driving time from each source to the target; Infinity unless reached. */
  readonly seconds: Float64Array;
  /** Road metres of that way; Infinity unless reached. */
  readonly metres: Float64Array;
  readonly verdicts: readonly RoadVerdict[];
  /** The way of one source, from its place on the road to the target's; empty unless reached. */
  readonly pathOf: (source: number) => Point[];
}

export interface RoadTimesOptions {
  /** No way longer than this is looked for. Default: two hours. */
  readonly maxSeconds?: number;
  /** How far from a road a point may be. Default: 1,000 m. */
  readonly snapRadiusM?: number;
}

export interface Route {
  readonly seconds: number;
  readonly metres: number;
  readonly path: Point[];
}

interface Search {
  readonly heap: MinHeap;
  readonly ms: Uint32Array;
  readonly via: Int32Array; // index of the arc entry by which the state was reached, -1 at a seed
  readonly stamp: Uint32Array; // the search in which ms and via were written
  readonly settled: Uint32Array;
  run: number;
}
const searches = new WeakMap<RoadGraph, { forward: Search; backward: Search }>();

/** Scratch arrays are kept per graph, so that a query allocates almost nothing; two queries never overlap since none of them waits. */
function searchesOf(graph: RoadGraph): { forward: Search; backward: Search } {
  let both = searches.get(graph);
  if (both === undefined) {
    const create = (): Search => ({
      heap: createMinHeap(graph.stateCount), ms: new Uint32Array(graph.stateCount), via: new Int32Array(graph.stateCount),
      stamp: new Uint32Array(graph.stateCount), settled: new Uint32Array(graph.stateCount), run: 0,
    });
    both = { forward: create(), backward: create() };
    searches.set(graph, both);
  }
  return both;
}

function begin(search: Search): void {
  search.heap.clear();
  search.run++;
}

function reach(search: Search, state: number, ms: number, via: number): void {
  if (search.settled[state] === search.run) return;
  if (search.stamp[state] === search.run && search.ms[state]! <= ms) return;
  search.stamp[state] = search.run;
  search.ms[state] = ms;
  search.via[state] = via;
  search.heap.push(state, ms);
}

const DEFAULT_MAX_SECONDS = 7_200;
const directionsOf = (graph: RoadGraph, edge: number): number => graph.parts.edgeDirections[edge]!;

/** The two ways in which driving can start at a position: the arc and what remains of it, in ms. */
function departures(graph: RoadGraph, at: RoadPosition): { arc: number; ms: number }[] {
  const ms = graph.edgeMs[at.edge]!;
  const ways: { arc: number; ms: number }[] = [];
  if (directionsOf(graph, at.edge) & FORWARD) ways.push({ arc: at.edge * 2, ms: Math.round(ms * (1 - at.share)) });
  if (directionsOf(graph, at.edge) & BACKWARD) ways.push({ arc: at.edge * 2 + 1, ms: Math.round(ms * at.share) });
  return ways;
}

/** Both places on one edge, and the way between them on it allowed: its time in ms, else Infinity. */
function directMs(graph: RoadGraph, from: RoadPosition, to: RoadPosition): number {
  if (from.edge !== to.edge) return Infinity;
  const allowed = from.share <= to.share ? FORWARD : BACKWARD;
  const either = from.share === to.share || (directionsOf(graph, from.edge) & allowed) !== 0;
  return either ? Math.round(graph.edgeMs[from.edge]! * Math.abs(to.share - from.share)) : Infinity;
}

/** Starts a backward search at the states from which an arc leads to the target's place. */
function seedBackward(graph: RoadGraph, search: Search, target: RoadPosition): void {
  const ms = graph.edgeMs[target.edge]!;
  for (const [bit, arc, part] of [[FORWARD, target.edge * 2, target.share], [BACKWARD, target.edge * 2 + 1, 1 - target.share]] as const) {
    if (!(directionsOf(graph, target.edge) & bit)) continue;
    const head = graph.stateAfterArc[arc]!;
    for (let i = graph.inFirst[head]!; i < graph.inFirst[head + 1]!; i++) if (graph.inArc[i] === arc) reach(search, graph.inState[i]!, Math.round(ms * part), -1 - arc);
  }
}

/** Settles the nearest open state of a backward search and looks at the arcs that come into it. */
function stepBackward(graph: RoadGraph, search: Search, boundMs: number): number {
  const state = search.heap.pop();
  if (state < 0) return -1;
  search.settled[state] = search.run;
  const base = search.ms[state]!;
  for (let i = graph.inFirst[state]!; i < graph.inFirst[state + 1]!; i++) {
    const ms = base + graph.edgeMs[graph.inArc[i]! >> 1]!;
    if (ms <= boundMs) reach(search, graph.inState[i]!, ms, graph.inArc[i]!);
  }
  return state;
}

function stepForward(graph: RoadGraph, search: Search): number {
  const state = search.heap.pop();
  if (state < 0) return -1;
  search.settled[state] = search.run;
  const base = search.ms[state]!;
  for (let i = graph.outFirst[state]!; i < graph.outFirst[state + 1]!; i++) reach(search, graph.outState[i]!, base + graph.edgeMs[graph.outArc[i]! >> 1]!, i);
  return state;
}

/** Arcs from a state to the target along a backward search's tree; the last arc is the one the target lies on. */
function arcsToTarget(graph: RoadGraph, search: Search, from: number): number[] {
  const arcs: number[] = [];
  for (let state = from; ;) {
    const via = search.via[state]!;
    if (via < 0) {
      arcs.push(-1 - via);
      return arcs;
    }
    arcs.push(via);
    state = graph.stateAfterArc[via]!;
  }
}

interface Way {
  readonly from: RoadPosition;
  readonly to: RoadPosition;
  readonly arcs: readonly number[]; // first and last are driven in part; empty: straight along one edge
}

function metresOf(graph: RoadGraph, way: Way): number {
  const length = (edge: number): number => graph.parts.edgeLengthM[edge]!;
  if (way.arcs.length === 0) return length(way.from.edge) * Math.abs(way.to.share - way.from.share);
  let metres = 0;
  way.arcs.forEach((arc, i) => {
    const edge = arc >> 1;
    const entered = i === 0 ? driven(arc, way.from.share) : 0;
    const left = i === way.arcs.length - 1 ? driven(arc, way.to.share) : 1;
    metres += length(edge) * (left - entered);
  });
  return metres;
}

/** How much of an arc lies before a share of its edge. */
const driven = (arc: number, share: number): number => ((arc & 1) === 0 ? share : 1 - share);

function pathOfWay(graph: RoadGraph, way: Way): Point[] {
  if (way.arcs.length === 0) return sliceLine(edgeShape(graph, way.from.edge), way.from.share, way.to.share);
  const path: Point[] = [];
  way.arcs.forEach((arc, i) => {
    const start = (arc & 1) === 0 ? 0 : 1;
    const piece = sliceLine(edgeShape(graph, arc >> 1), i === 0 ? way.from.share : start, i === way.arcs.length - 1 ? way.to.share : 1 - start);
    for (const p of piece) {
      const last = path[path.length - 1];
      if (last === undefined || last.lon !== p.lon || last.lat !== p.lat) path.push(p);
    }
  });
  return path;
}

/**
 * Driving times from many sources to one target (units to an incident). Every source gets a verdict; none is left out silently.
 * A source or target may be a point, or a place on the road that was found before.
 */
export function roadTimesTo(graph: RoadGraph, target: Point | RoadPosition, sources: readonly (Point | RoadPosition)[], options: RoadTimesOptions = {}): RoadTimes {
  const boundMs = (options.maxSeconds ?? DEFAULT_MAX_SECONDS) * 1000;
  const place = (p: Point | RoadPosition): RoadPosition | null => ("edge" in p ? p : snapToRoad(graph, p, options.snapRadiusM));
  const to = place(target);
  const from = sources.map(place);
  const seconds = new Float64Array(sources.length).fill(Infinity);
  const metres = new Float64Array(sources.length).fill(Infinity);
  const verdicts: RoadVerdict[] = from.map((at) => (at === null || to === null ? "off-road" : "unreachable"));
  const ways: (Way | null)[] = sources.map(() => null);
  if (to === null) return { seconds, metres, verdicts, pathOf: () => [] };

  const search = searchesOf(graph).backward;
  begin(search);
  seedBackward(graph, search, to);
  const starts = from.map((at) => (at === null ? [] : departures(graph, at)));
  const waiting = new Set<number>();
  for (const ways of starts) for (const start of ways) waiting.add(graph.stateAfterArc[start.arc]!);
  while (waiting.size > 0) {
    const state = stepBackward(graph, search, boundMs);
    if (state < 0) break;
    waiting.delete(state);
  }

  let cutOff: Uint8Array | null = null;
  for (let i = 0; i < sources.length; i++) {
    const at = from[i]!;
    if (at === null) continue;
    let bestMs = directMs(graph, at, to);
    let way: Way | null = bestMs === Infinity ? null : { from: at, to, arcs: [] };
    for (const start of starts[i]!) {
      const state = graph.stateAfterArc[start.arc]!;
      if (search.settled[state] !== search.run) continue;
      const ms = start.ms + search.ms[state]!;
      if (ms < bestMs) {
        bestMs = ms;
        way = { from: at, to, arcs: [start.arc, ...arcsToTarget(graph, search, state)] };
      }
    }
    if (way === null || bestMs > boundMs) {
      cutOff ??= canReach(graph, to);
      verdicts[i] = way !== null || starts[i]!.some((start) => cutOff![graph.stateAfterArc[start.arc]!] === 1) ? "beyond-bound" : "unreachable";
      continue;
    }
    seconds[i] = bestMs / 1000;
    metres[i] = metresOf(graph, way);
    verdicts[i] = "reached";
    ways[i] = way;
  }
  return { seconds, metres, verdicts, pathOf: (source) => (ways[source] == null ? [] : pathOfWay(graph, ways[source]!)) };
}

/** 1 for each state from which the place can be driven to at all, whatever the time. */
export function canReach(graph: RoadGraph, target: RoadPosition): Uint8Array {
  const seen = new Uint8Array(graph.stateCount);
  const open: number[] = [];
  const visit = (state: number): void => {
    if (seen[state] === 1) return;
    seen[state] = 1;
    open.push(state);
  };
  for (const [bit, arc] of [[FORWARD, target.edge * 2], [BACKWARD, target.edge * 2 + 1]] as const) {
    if (!(directionsOf(graph, target.edge) & bit)) continue;
    const head = graph.stateAfterArc[arc]!;
    for (let i = graph.inFirst[head]!; i < graph.inFirst[head + 1]!; i++) if (graph.inArc[i] === arc) visit(graph.inState[i]!);
  }
  while (open.length > 0) {
    const state = open.pop()!;
    for (let i = graph.inFirst[state]!; i < graph.inFirst[state + 1]!; i++) visit(graph.inState[i]!);
  }
  return seen;
}

/** The fastest way between two places, or why there is none. */
export function findRoute(graph: RoadGraph, origin: Point | RoadPosition, target: Point | RoadPosition): Route | Exclude<RoadVerdict, "reached" | "beyond-bound"> {
  const from = "edge" in origin ? origin : snapToRoad(graph, origin);
  const to = "edge" in target ? target : snapToRoad(graph, target);
  if (from === null || to === null) return "off-road";
  const { forward, backward } = searchesOf(graph);
  begin(forward);
  begin(backward);
  for (const start of departures(graph, from)) reach(forward, graph.stateAfterArc[start.arc]!, start.ms, -1 - start.arc);
  seedBackward(graph, backward, to);
  let bestMs = directMs(graph, from, to);
  let meeting = -1;
  // stop when no way through unsettled states can beat the best one found (Pohl's rule for a search from both ends)
  while (forward.heap.minKey() + backward.heap.minKey() < bestMs) {
    const ahead = forward.heap.minKey() <= backward.heap.minKey();
    const state = ahead ? stepForward(graph, forward) : stepBackward(graph, backward, Infinity);
    const other = ahead ? backward : forward;
    const own = ahead ? forward : backward;
    if (other.stamp[state] === other.run && own.ms[state]! + other.ms[state]! < bestMs) {
      bestMs = own.ms[state]! + other.ms[state]!;
      meeting = state;
    }
  }
  if (bestMs === Infinity) return "unreachable";
  const way: Way = { from, to, arcs: meeting < 0 ? [] : [...arcsFromOrigin(graph, forward, meeting), ...arcsToTarget(graph, backward, meeting)] };
  return { seconds: bestMs / 1000, metres: metresOf(graph, way), path: pathOfWay(graph, way) };
}

function arcsFromOrigin(graph: RoadGraph, search: Search, to: number): number[] {
  const arcs: number[] = [];
  for (let state = to; ;) {
    const via = search.via[state]!;
    if (via < 0) {
      arcs.push(-1 - via);
      return arcs.reverse();
    }
    const arc = graph.outArc[via]!;
    arcs.push(arc);
    state = tailOf(graph, via, arc);
  }
}

/** The state an out-entry leaves from: its arc's own tail node or one of the twins; the entry's place in `outFirst` tells which. */
function tailOf(graph: RoadGraph, entry: number, arc: number): number {
  const node = (arc & 1) === 0 ? graph.parts.edgeFrom[arc >> 1]! : graph.parts.edgeTo[arc >> 1]!;
  if (entry >= graph.outFirst[node]! && entry < graph.outFirst[node + 1]!) return node;
  let low = graph.nodeCount;
  let high = graph.stateCount;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (graph.outFirst[middle]! <= entry) low = middle;
    else high = middle;
  }
  return low;
}
