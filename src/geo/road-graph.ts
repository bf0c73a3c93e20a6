// The roads of a city in typed arrays: nodes where roads meet, edges between them with their true shape, and arcs (an edge driven one way).
// An arc's number is edge * 2, plus 1 when driven from `to` back to `from`. Times are whole milliseconds, so that sums never drift.
//
// Turn restrictions are built into the nodes: an arc that may not go on everywhere ends in a twin of its node that has only the allowed
// arcs, and an arc in the midst of a banned path leads to a state that remembers how it was come by (the automaton of Aho and Corasick over arcs).
// Searches stay plain node searches. A search over arcs was rejected: it triples the states for a few hundred restricted turns.
import Flatbush from "flatbush";
import { lazily } from "../base/lazily.ts";
import { type Result, err, ok } from "../base/result.ts";
import { ROAD_CLASSES, type RoadClass } from "./road-class.ts";
import { strongComponents } from "./strong-components.ts";

export const FORWARD = 1;
export const BACKWARD = 2;

/** What a city file holds; everything else is worked out from it. Coordinates in units of 1e-7 degree. */
export interface RoadGraphParts {
  readonly nodeLonE7: Int32Array;
  readonly nodeLatE7: Int32Array;
  readonly edgeFrom: Uint32Array;
  readonly edgeTo: Uint32Array;
  readonly edgeLengthM: Float32Array;
  readonly edgeClass: Uint8Array; // index in ROAD_CLASSES
  readonly edgeSpeedKmh: Uint8Array;
  readonly edgeDirections: Uint8Array; // FORWARD | BACKWARD
  readonly edgeStreet: Int32Array; // index in streetNames, -1 without a name
  readonly shapeFirst: Uint32Array; // edgeCount + 1, counted in points
  readonly shapeE7: Int32Array; // lon, lat, lon, lat; both end nodes included
  readonly bannedTurns: Uint32Array; // pairs: arc in, arc out
  readonly bannedPaths: Uint32Array; // of three arcs and more, each after how many they are: the last may not follow on the others
  readonly streetNames: readonly string[];
}

export interface RoadGraph {
  readonly parts: RoadGraphParts;
  readonly nodeCount: number; // of the map; searches see `stateCount`, twins included
  readonly edgeCount: number;
  readonly stateCount: number;
  /** Arcs that leave a state: those from outFirst[s] up to outFirst[s + 1]. */
  readonly outFirst: Uint32Array;
  readonly outArc: Uint32Array;
  readonly outState: Uint32Array;
  /** Arcs that come into a state. */
  readonly inFirst: Uint32Array;
  readonly inArc: Uint32Array;
  readonly inState: Uint32Array;
  /** The state that driving an arc to its end leads to, for who begins on it or comes by no banned path. */
  readonly stateAfterArc: Uint32Array;
  /** Further states that driving an arc leads to, in the midst of a banned path; most arcs have none. */
  readonly moreStatesAfterArc: ReadonlyMap<number, readonly number[]>;
  readonly edgeMs: Uint32Array;
  /** 1 where the edge is in the largest part of the graph in which every place reaches every other. */
  readonly edgeInMain: Uint8Array;
  /** Where to look for an edge; null without edges. Made when it is asked for first: some tens of milliseconds for a city. */
  readonly edgeBoxes: Flatbush | null;
}

export interface GraphFault {
  readonly field: string;
  readonly expected: string;
}

/** Checks the parts (every index in range, every length right) and makes them searchable. */
export function createRoadGraph(parts: RoadGraphParts): Result<RoadGraph, GraphFault> {
  const fault = faultOf(parts);
  if (fault !== null) return err(fault);
  const nodeCount = parts.nodeLonE7.length;
  const edgeCount = parts.edgeFrom.length;
  const edgeMs = new Uint32Array(edgeCount);
  for (let e = 0; e < edgeCount; e++) edgeMs[e] = Math.max(1, Math.round((parts.edgeLengthM[e]! * 3_600) / parts.edgeSpeedKmh[e]!));
  const { stateCount, stateAfterArc, moreStatesAfterArc, tails, arcs, heads } = statesOf(parts, nodeCount, edgeCount);

  const outFirst = new Uint32Array(stateCount + 1);
  const inFirst = new Uint32Array(stateCount + 1);
  for (let i = 0; i < arcs.length; i++) {
    outFirst[tails[i]! + 1]!++;
    inFirst[heads[i]! + 1]!++;
  }
  for (let s = 0; s < stateCount; s++) {
    outFirst[s + 1]! += outFirst[s]!;
    inFirst[s + 1]! += inFirst[s]!;
  }
  const outArc = new Uint32Array(arcs.length);
  const outState = new Uint32Array(arcs.length);
  const inArc = new Uint32Array(arcs.length);
  const inState = new Uint32Array(arcs.length);
  const outNext = outFirst.slice();
  const inNext = inFirst.slice();
  for (let i = 0; i < arcs.length; i++) {
    const arc = arcs[i]!;
    const head = heads[i]!;
    const o = outNext[tails[i]!]!++;
    outArc[o] = arc;
    outState[o] = head;
    const n = inNext[head]!++;
    inArc[n] = arc;
    inState[n] = tails[i]!;
  }

  const component = strongComponents(stateCount, outFirst, outState);
  const edgeInMain = new Uint8Array(edgeCount);
  for (let s = 0; s < stateCount; s++) {
    if (component.of[s] !== component.largest) continue;
    for (let i = outFirst[s]!; i < outFirst[s + 1]!; i++) if (component.of[outState[i]!] === component.largest) edgeInMain[outArc[i]! >> 1] = 1;
  }
  const boxes = lazily(() => boxesOf(parts, edgeCount));
  const graph: RoadGraph = {
    parts, nodeCount, edgeCount, stateCount, outFirst, outArc, outState, inFirst, inArc, inState, stateAfterArc, moreStatesAfterArc, edgeMs, edgeInMain,
    get edgeBoxes() {
      return boxes();
    },
  };
  return ok(graph);
}

/** All states that driving an arc leads to. */
export const statesAfterArc = (graph: Pick<RoadGraph, "stateAfterArc" | "moreStatesAfterArc">, arc: number): readonly number[] => [graph.stateAfterArc[arc]!, ...(graph.moreStatesAfterArc.get(arc) ?? [])];

/** The arcs that have led here and with which a banned turn or path begins, as a tree; each is a state of the graph. */
interface Prefix {
  readonly state: number;
  readonly arc: number;
  readonly children: Map<number, Prefix>;
  /** Arcs that end a banned turn or path here. */
  readonly banned: Set<number>;
  /** The longest other prefix that the same drive ends with. */
  fallback: Prefix | null;
}
interface States {
  readonly stateCount: number;
  readonly stateAfterArc: Uint32Array;
  readonly moreStatesAfterArc: ReadonlyMap<number, readonly number[]>;
  /** One entry each: from this state, by this arc, to that state. */
  readonly tails: readonly number[];
  readonly arcs: readonly number[];
  readonly heads: readonly number[];
}

function* bansOf({ bannedTurns, bannedPaths }: RoadGraphParts): Generator<Uint32Array> {
  for (let i = 0; i < bannedTurns.length; i += 2) yield bannedTurns.subarray(i, i + 2);
  for (let i = 0; i < bannedPaths.length; i += bannedPaths[i]! + 1) yield bannedPaths.subarray(i + 1, i + 1 + bannedPaths[i]!);
}

function statesOf(parts: RoadGraphParts, nodeCount: number, edgeCount: number): States {
  const headOf = (arc: number): number => (arc % 2 === 0 ? parts.edgeTo : parts.edgeFrom)[arc >> 1]!;
  const tailOf = (arc: number): number => headOf(arc ^ 1);
  const prefixes: Prefix[] = [];
  const roots = new Map<number, Prefix>();
  const step = (children: Map<number, Prefix>, arc: number): Prefix => {
    const known = children.get(arc);
    if (known !== undefined) return known;
    const made: Prefix = { state: nodeCount + prefixes.length, arc, children: new Map(), banned: new Set(), fallback: null };
    prefixes.push(made);
    children.set(arc, made);
    return made;
  };
  for (const path of bansOf(parts)) {
    let at = step(roots, path[0]!);
    for (const arc of path.subarray(1, -1)) at = step(at.children, arc);
    at.banned.add(path.at(-1)!);
  }
  /** Where a drive that has come to a prefix is after one arc more; null: at no prefix. */
  const next = (from: Prefix | null, arc: number): Prefix | null => {
    for (let at = from; at !== null; at = at.fallback) {
      const child = at.children.get(arc);
      if (child !== undefined) return child;
    }
    return roots.get(arc) ?? null;
  };
  for (let level = [...roots.values()]; level.length > 0; level = level.flatMap(({ children }) => [...children.values()])) {
    for (const prefix of level) for (const child of prefix.children.values()) child.fallback = next(prefix.fallback, child.arc);
  }
  const isBanned = (from: Prefix, arc: number): boolean => from.banned.has(arc) || (from.fallback !== null && isBanned(from.fallback, arc));

  const stateAfterArc = new Uint32Array(edgeCount * 2);
  for (let arc = 0; arc < stateAfterArc.length; arc++) stateAfterArc[arc] = roots.get(arc)?.state ?? headOf(arc);
  const [tails, arcs, heads]: [number[], number[], number[]] = [[], [], []];
  const enter = (tail: number, arc: number, head: number): void => void (tails.push(tail), arcs.push(arc), heads.push(head));
  const ends = new Set(prefixes.map(({ arc }) => headOf(arc)));
  const leaving = new Map<number, number[]>();
  for (let arc = 0; arc < stateAfterArc.length; arc++) {
    if (!(parts.edgeDirections[arc >> 1]! & (arc % 2 === 0 ? FORWARD : BACKWARD))) continue;
    const tail = tailOf(arc);
    enter(tail, arc, stateAfterArc[arc]!);
    if (!ends.has(tail)) continue;
    const list = leaving.get(tail);
    if (list === undefined) leaving.set(tail, [arc]);
    else list.push(arc);
  }
  const moreStatesAfterArc = new Map<number, number[]>();
  for (const prefix of prefixes) {
    for (const arc of leaving.get(headOf(prefix.arc)) ?? []) if (!isBanned(prefix, arc)) enter(prefix.state, arc, next(prefix, arc)?.state ?? headOf(arc));
    if (stateAfterArc[prefix.arc] !== prefix.state) moreStatesAfterArc.set(prefix.arc, [...(moreStatesAfterArc.get(prefix.arc) ?? []), prefix.state]);
  }
  return { stateCount: nodeCount + prefixes.length, stateAfterArc, moreStatesAfterArc, tails, arcs, heads };
}

function boxesOf(parts: RoadGraphParts, edgeCount: number): Flatbush | null {
  if (edgeCount === 0) return null;
  const boxes = new Flatbush(edgeCount, 16, Int32Array);
  for (let e = 0; e < edgeCount; e++) {
    let west = Infinity;
    let south = Infinity;
    let east = -Infinity;
    let north = -Infinity;
    for (let i = parts.shapeFirst[e]!; i < parts.shapeFirst[e + 1]!; i++) {
      const lon = parts.shapeE7[i * 2]!;
      const lat = parts.shapeE7[i * 2 + 1]!;
      if (lon < west) west = lon;
      if (lon > east) east = lon;
      if (lat < south) south = lat;
      if (lat > north) north = lat;
    }
    boxes.add(west, south, east, north);
  }
  boxes.finish();
  return boxes;
}

function faultOf(parts: RoadGraphParts): GraphFault | null {
  const nodes = parts.nodeLonE7.length;
  const edges = parts.edgeFrom.length;
  if (parts.nodeLatE7.length !== nodes) return { field: "nodeLatE7", expected: `${nodes} values` };
  for (const field of ["edgeTo", "edgeLengthM", "edgeClass", "edgeSpeedKmh", "edgeDirections", "edgeStreet"] as const) {
    if (parts[field].length !== edges) return { field, expected: `${edges} values` };
  }
  if (parts.shapeFirst.length !== edges + 1) return { field: "shapeFirst", expected: `${edges + 1} values` };
  if (parts.shapeFirst[0] !== 0 || parts.shapeFirst[edges]! * 2 !== parts.shapeE7.length) return { field: "shapeFirst", expected: "0 at the start and all points at the end" };
  if (parts.bannedTurns.length % 2 !== 0) return { field: "bannedTurns", expected: "pairs" };
  for (let e = 0; e < edges; e++) {
    if (parts.edgeFrom[e]! >= nodes) return { field: `edgeFrom[${e}]`, expected: `a node under ${nodes}` };
    if (parts.edgeTo[e]! >= nodes) return { field: `edgeTo[${e}]`, expected: `a node under ${nodes}` };
    if (!(parts.edgeLengthM[e]! >= 0) || parts.edgeLengthM[e]! > 1e6) return { field: `edgeLengthM[${e}]`, expected: "0 to 1,000,000 m" };
    if (parts.edgeClass[e]! >= ROAD_CLASSES.length) return { field: `edgeClass[${e}]`, expected: `under ${ROAD_CLASSES.length}` };
    if (parts.edgeSpeedKmh[e] === 0) return { field: `edgeSpeedKmh[${e}]`, expected: "at least 1" };
    if (parts.edgeStreet[e]! < -1 || parts.edgeStreet[e]! >= parts.streetNames.length) return { field: `edgeStreet[${e}]`, expected: `-1 or under ${parts.streetNames.length}` };
    if (parts.shapeFirst[e + 1]! < parts.shapeFirst[e]! + 2) return { field: `shapeFirst[${e + 1}]`, expected: "two points or more in each edge" };
  }
  for (let i = 0; i < parts.bannedTurns.length; i++) if (parts.bannedTurns[i]! >= edges * 2) return { field: `bannedTurns[${i}]`, expected: `an arc under ${edges * 2}` };
  for (let i = 0; i < parts.bannedPaths.length; ) {
    const count = parts.bannedPaths[i]!;
    if (count < 3 || i + count >= parts.bannedPaths.length) return { field: `bannedPaths[${i}]`, expected: "3 arcs or more, all of them there" };
    for (let k = i + 1; k <= i + count; k++) if (parts.bannedPaths[k]! >= edges * 2) return { field: `bannedPaths[${k}]`, expected: `an arc under ${edges * 2}` };
    i += count + 1;
  }
  return null;
}

/** The edge's shape as [lon, lat, ...] in degrees, from its `from` node to its `to` node. */
export function edgeShape(graph: RoadGraph, edge: number): Float64Array {
  const { shapeFirst, shapeE7 } = graph.parts;
  const first = shapeFirst[edge]! * 2;
  const shape = new Float64Array(shapeFirst[edge + 1]! * 2 - first);
  for (let i = 0; i < shape.length; i++) shape[i] = shapeE7[first + i]! / 1e7;
  return shape;
}

export const edgeClassOf = (graph: RoadGraph, edge: number): RoadClass => ROAD_CLASSES[graph.parts.edgeClass[edge]!]!;

/** The street's name, or null. */
export function edgeName(graph: RoadGraph, edge: number): string | null {
  const street = graph.parts.edgeStreet[edge]!;
  return street < 0 ? null : graph.parts.streetNames[street]!;
}
