// The hierarchy of a road network before any time is known (customizable contraction hierarchies, Dibbelt, Strasser, Wagner, ACM JEA 2016). Nodes are
// renumbered by their rank; contracting one joins its higher neighbours with each other. Every arc goes up from its lower to its higher end and
// stands for both driving directions. Each node's lowest higher neighbour is its parent: all that can be reached upwards lies on the way to the root.
import { type Result, err, ok } from "../../base/result.ts";
import { type GraphFault, type RoadGraph, statesAfterArc } from "../road-graph.ts";
import { dissect } from "./dissection.ts";

export interface Hierarchy {
  readonly count: number;
  readonly rankOfState: Uint32Array;
  readonly stateOfRank: Uint32Array;
  /** Arcs upwards from a rank: `upFirst[r]` up to `upFirst[r + 1]`, heads rising. */
  readonly upFirst: Uint32Array;
  readonly upHead: Uint32Array;
  readonly upTail: Uint32Array;
  /** The same arcs from above: those that come into a rank from below, tails rising. */
  readonly downFirst: Uint32Array;
  readonly downArc: Uint32Array;
  /** -1 at a root. */
  readonly parent: Int32Array;
  /** For each entry of the graph's `outArc`: the arc it lies on, and whether it is driven downwards there. A loop lies on none (-1). */
  readonly arcOfEntry: Int32Array;
  readonly entryGoesDown: Uint8Array;
}

/** null: `order` names every state once, as `orderStates` makes it. It comes from a file. */
export function findOrderFault(graph: RoadGraph, order: Uint32Array): GraphFault | null {
  const ranked = rankStates(graph.stateCount, order);
  return ranked instanceof Uint32Array ? null : ranked;
}
function rankStates(count: number, order: Uint32Array): Uint32Array | GraphFault {
  const rankOfState = new Uint32Array(count).fill(count);
  if (order.length !== count) return { field: "stateOrder", expected: `${count} values` };
  for (let rank = 0; rank < count; rank++) {
    const state = order[rank]!;
    if (state >= count || rankOfState[state] !== count) return { field: `stateOrder[${rank}]`, expected: `each state under ${count} once` };
    rankOfState[state] = rank;
  }
  return rankOfState;
}

/** `order` as `orderStates` made it. */
export function buildHierarchy(graph: RoadGraph, order: Uint32Array): Result<Hierarchy, GraphFault> {
  const count = graph.stateCount;
  const rankOfState = rankStates(count, order);
  if (!(rankOfState instanceof Uint32Array)) return err(rankOfState);
  const { upFirst, upHead, parent } = contract(graph, rankOfState);
  const upTail = new Uint32Array(upHead.length);
  const downFirst = new Uint32Array(count + 1);
  for (let r = 0; r < count; r++) {
    for (let a = upFirst[r]!; a < upFirst[r + 1]!; a++) {
      upTail[a] = r;
      downFirst[upHead[a]! + 1]!++;
    }
  }
  for (let r = 0; r < count; r++) downFirst[r + 1]! += downFirst[r]!;
  const downArc = new Uint32Array(upHead.length);
  const next = downFirst.slice();
  for (let a = 0; a < upHead.length; a++) downArc[next[upHead[a]!]!++] = a;
  const { arcOfEntry, entryGoesDown } = placeEntries(graph, rankOfState, upFirst, upHead);
  return ok({ count, rankOfState, stateOfRank: order, upFirst, upHead, upTail, downFirst, downArc, parent, arcOfEntry, entryGoesDown });
}

/** The states of a graph, from the one contracted first on. Takes seconds for a large city: made once and kept. */
export function orderStates(graph: RoadGraph): Uint32Array {
  const count = graph.stateCount;
  const neighbours = neighboursOf(graph);
  const first = new Uint32Array(count + 1);
  for (let s = 0; s < count; s++) first[s + 1] = first[s]! + neighbours[s]!.length;
  const to = new Uint32Array(first[count]!);
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const { nodeLonE7, nodeLatE7 } = graph.parts;
  const nodeOf = nodesOfStates(graph);
  for (let s = 0; s < count; s++) {
    to.set(neighbours[s]!, first[s]!);
    const node = nodeOf[s]!;
    x[s] = nodeLonE7[node]! * Math.cos((nodeLatE7[node]! / 1e7) * (Math.PI / 180));
    y[s] = nodeLatE7[node]!;
  }
  return dissect({ count, first, to, x, y });
}

/** Of each state, the others that a road joins it with, rising. */
function neighboursOf(graph: RoadGraph): number[][] {
  const neighbours: Set<number>[] = Array.from({ length: graph.stateCount }, () => new Set());
  for (let s = 0; s < graph.stateCount; s++) {
    for (let i = graph.outFirst[s]!; i < graph.outFirst[s + 1]!; i++) {
      const head = graph.outState[i]!;
      if (head === s) continue;
      neighbours[s]!.add(head);
      neighbours[head]!.add(s);
    }
  }
  return neighbours.map((set) => [...set].sort((a, b) => a - b));
}

/** The map's node of each state; one of a banned turn or path stands at the end of the arc that leads to it. */
function nodesOfStates(graph: RoadGraph): Uint32Array {
  const node = new Uint32Array(graph.stateCount);
  for (let s = 0; s < graph.nodeCount; s++) node[s] = s;
  for (let e = 0; e < graph.edgeCount; e++) {
    for (const state of statesAfterArc(graph, e * 2)) node[state] = graph.parts.edgeTo[e]!;
    for (const state of statesAfterArc(graph, e * 2 + 1)) node[state] = graph.parts.edgeFrom[e]!;
  }
  return node;
}

function contract(graph: RoadGraph, rankOfState: Uint32Array): { upFirst: Uint32Array; upHead: Uint32Array; parent: Int32Array } {
  const count = graph.stateCount;
  const up: number[][] = Array.from({ length: count }, () => []);
  for (const [state, others] of neighboursOf(graph).entries()) {
    const rank = rankOfState[state]!;
    for (const other of others) if (rankOfState[other]! > rank) up[rank]!.push(rankOfState[other]!);
  }
  const parent = new Int32Array(count).fill(-1);
  let total = 0;
  for (let r = 0; r < count; r++) {
    const heads = up[r]!.sort((a, b) => a - b); // what came from below was merged in order, what is the map's own was not
    total += heads.length;
    if (heads.length === 0) continue;
    parent[r] = heads[0]!;
    // It is enough to hand them to the parent: it hands them on to its own.
    up[heads[0]!] = union(up[heads[0]!]!.sort((a, b) => a - b), heads);
  }
  const upFirst = new Uint32Array(count + 1);
  const upHead = new Uint32Array(total);
  for (let r = 0; r < count; r++) {
    upHead.set(up[r]!, upFirst[r]!);
    upFirst[r + 1] = upFirst[r]! + up[r]!.length;
  }
  return { upFirst, upHead, parent };
}

/** Both rising; the first of `heads` is the node itself and is left out. */
function union(own: readonly number[], heads: readonly number[]): number[] {
  const all: number[] = [];
  let i = 0;
  let j = 1;
  while (i < own.length || j < heads.length) {
    const a = own[i] ?? Infinity;
    const b = heads[j] ?? Infinity;
    all.push(Math.min(a, b));
    if (a <= b) i++;
    if (b <= a) j++;
  }
  return all;
}

function placeEntries(graph: RoadGraph, rankOfState: Uint32Array, upFirst: Uint32Array, upHead: Uint32Array): { arcOfEntry: Int32Array; entryGoesDown: Uint8Array } {
  const arcOfEntry = new Int32Array(graph.outState.length).fill(-1);
  const entryGoesDown = new Uint8Array(graph.outState.length);
  const upwards = { upFirst, upHead };
  for (let s = 0; s < graph.stateCount; s++) {
    for (let i = graph.outFirst[s]!; i < graph.outFirst[s + 1]!; i++) {
      const from = rankOfState[s]!;
      const to = rankOfState[graph.outState[i]!]!;
      if (from === to) continue;
      entryGoesDown[i] = from > to ? 1 : 0;
      arcOfEntry[i] = findArc(upwards, Math.min(from, to), Math.max(from, to));
    }
  }
  return { arcOfEntry, entryGoesDown };
}

/** The arc between two ranks that an arc is known to join: heads rise, so by halving. */
export function findArc({ upFirst, upHead }: Pick<Hierarchy, "upFirst" | "upHead">, tail: number, head: number): number {
  let low = upFirst[tail]!;
  let high = upFirst[tail + 1]! - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (upHead[middle]! < head) low = middle + 1;
    else high = middle;
  }
  return low;
}
