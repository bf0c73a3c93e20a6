// Where two streets meet: the nodes of the road graph that have edges of both. A dual carriageway crosses in several nodes, which are one crossing to the
// caller; two streets may also cross twice, far apart, and then there are two. Streets that only pass each other give their nearest points, not exact.
import { type Point, distanceM } from "./point.ts";
import type { RoadGraph } from "./road-graph.ts";
import { nodePoint } from "./road-snap.ts";

export interface CrossingFinder {
  /** The crossings of two streets, by their numbers. */
  readonly find: (a: number, b: number) => { readonly point: Point; readonly exact: boolean; readonly uncertaintyM: number }[];
  /** The streets that meet a street, each once, with one node where they do. */
  readonly meeting: (street: number) => ReadonlyMap<number, number>;
  /** The streets at a node, each once. */
  readonly streetsAt: (node: number) => number[];
}

const ONE_CROSSING_M = 70;
const CROSSING_M = 12;
const NEARLY_M = 60;

export function createCrossingFinder(graph: RoadGraph): CrossingFinder {
  const { edgeFrom, edgeTo, edgeStreet, streetNames } = graph.parts;
  const first = new Uint32Array(streetNames.length + 1);
  for (let e = 0; e < graph.edgeCount; e++) if (edgeStreet[e]! >= 0) first[edgeStreet[e]! + 1]! += 2;
  for (let s = 0; s < streetNames.length; s++) first[s + 1]! += first[s]!;
  const nodes = new Uint32Array(first[streetNames.length]!);
  const next = first.slice();
  const atNodeFirst = new Uint32Array(graph.nodeCount + 1);
  for (let e = 0; e < graph.edgeCount; e++) {
    const street = edgeStreet[e]!;
    if (street < 0) continue;
    nodes[next[street]!++] = edgeFrom[e]!;
    nodes[next[street]!++] = edgeTo[e]!;
    atNodeFirst[edgeFrom[e]! + 1]!++;
    atNodeFirst[edgeTo[e]! + 1]!++;
  }
  for (let n = 0; n < graph.nodeCount; n++) atNodeFirst[n + 1]! += atNodeFirst[n]!;
  const atNode = new Uint32Array(atNodeFirst[graph.nodeCount]!);
  const nextAtNode = atNodeFirst.slice();
  for (let e = 0; e < graph.edgeCount; e++) {
    if (edgeStreet[e]! < 0) continue;
    atNode[nextAtNode[edgeFrom[e]!]!++] = edgeStreet[e]!;
    atNode[nextAtNode[edgeTo[e]!]!++] = edgeStreet[e]!;
  }
  const nodesOf = (street: number): Set<number> => new Set(street < streetNames.length ? nodes.subarray(first[street]!, first[street + 1]!) : []);
  const streetsAt = (node: number): number[] => [...new Set(atNode.subarray(atNodeFirst[node]!, atNodeFirst[node + 1]!))];

  const find: CrossingFinder["find"] = (a, b) => {
    if (a === b) return [];
    const ofB = nodesOf(b);
    const shared = [...nodesOf(a)].filter((n) => ofB.has(n)).map((n) => nodePoint(graph, n));
    const groups: Point[][] = [];
    for (const p of shared) {
      const group = groups.find((members) => members.some((q) => distanceM(p, q) < ONE_CROSSING_M));
      if (group === undefined) groups.push([p]);
      else group.push(p);
    }
    if (groups.length > 0) {
      return groups.map((members) => {
        const point = { lon: members.reduce((sum, p) => sum + p.lon, 0) / members.length, lat: members.reduce((sum, p) => sum + p.lat, 0) / members.length };
        return { point, exact: true, uncertaintyM: CROSSING_M + Math.round(Math.max(...members.map((p) => distanceM(p, point)))) };
      });
    }
    return nearlyMeeting(graph, nodesOf(a), ofB);
  };
  const meeting: CrossingFinder["meeting"] = (street) => {
    const met = new Map<number, number>();
    for (const node of nodesOf(street)) for (const other of streetsAt(node)) if (other !== street && !met.has(other)) met.set(other, node);
    return met;
  };
  return { find, meeting, streetsAt };
}

const MOST_PAIRS = 60_000;

function nearlyMeeting(graph: RoadGraph, a: ReadonlySet<number>, b: ReadonlySet<number>): { point: Point; exact: boolean; uncertaintyM: number }[] {
  if (a.size * b.size > MOST_PAIRS) return [];
  let least = NEARLY_M;
  let point: Point | null = null;
  const ofB = [...b].map((n) => nodePoint(graph, n));
  for (const n of a) {
    const p = nodePoint(graph, n);
    for (const q of ofB) {
      const metres = distanceM(p, q);
      if (metres >= least) continue;
      least = metres;
      point = { lon: (p.lon + q.lon) / 2, lat: (p.lat + q.lat) / 2 };
    }
  }
  return point === null ? [] : [{ point, exact: false, uncertaintyM: Math.round(least) + CROSSING_M }];
}
