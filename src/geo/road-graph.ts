// The roads of a city in typed arrays: nodes where roads meet, edges between them with their true shape, and arcs (an edge driven one way).
// An arc's number is edge * 2, plus 1 when driven from `to` back to `from`. Times are whole milliseconds, so that sums never drift.
//
// Turn restrictions are built into the nodes: an arc that may not go on everywhere ends in a twin of its node that has only the allowed
// arcs. Searches stay plain node searches. A search over arcs was rejected: it triples the states for a few hundred restricted turns.
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
  /** The state that driving an arc to its end leads to. */
  readonly stateAfterArc: Uint32Array;
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
  const { stateCount, stateAfterArc, tails, arcs } = statesOf(parts, nodeCount, edgeCount);

  const outFirst = new Uint32Array(stateCount + 1);
  const inFirst = new Uint32Array(stateCount + 1);
  for (let i = 0; i < arcs.length; i++) {
    outFirst[tails[i]! + 1]!++;
    inFirst[stateAfterArc[arcs[i]!]! + 1]!++;
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
    const head = stateAfterArc[arc]!;
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
    parts, nodeCount, edgeCount, stateCount, outFirst, outArc, outState, inFirst, inArc, inState, stateAfterArc, edgeMs, edgeInMain,
    get edgeBoxes() {
      return boxes();
    },
  };
  return ok(graph);
}

/** Gives every arc that meets a banned turn a twin of its end node, with the banned arcs left out. */
function statesOf(parts: RoadGraphParts, nodeCount: number, edgeCount: number): { stateCount: number; stateAfterArc: Uint32Array; tails: number[]; arcs: number[] } {
  const stateAfterArc = new Uint32Array(edgeCount * 2);
  const tails: number[] = [];
  const arcs: number[] = [];
  for (let e = 0; e < edgeCount; e++) {
    stateAfterArc[e * 2] = parts.edgeTo[e]!;
    stateAfterArc[e * 2 + 1] = parts.edgeFrom[e]!;
    if (parts.edgeDirections[e]! & FORWARD) {
      tails.push(parts.edgeFrom[e]!);
      arcs.push(e * 2);
    }
    if (parts.edgeDirections[e]! & BACKWARD) {
      tails.push(parts.edgeTo[e]!);
      arcs.push(e * 2 + 1);
    }
  }
  const bannedAfter = new Map<number, Set<number>>();
  for (let i = 0; i < parts.bannedTurns.length; i += 2) {
    const into = parts.bannedTurns[i]!;
    let out = bannedAfter.get(into);
    if (out === undefined) bannedAfter.set(into, (out = new Set()));
    out.add(parts.bannedTurns[i + 1]!);
  }
  const leaving = new Map<number, number[]>();
  const wanted = new Set([...bannedAfter.keys()].map((arc) => stateAfterArc[arc]!));
  for (let i = 0; i < arcs.length; i++) {
    if (!wanted.has(tails[i]!)) continue;
    const list = leaving.get(tails[i]!);
    if (list === undefined) leaving.set(tails[i]!, [arcs[i]!]);
    else list.push(arcs[i]!);
  }
  let stateCount = nodeCount;
  for (const [into, banned] of bannedAfter) {
    const twin = stateCount++;
    for (const arc of leaving.get(stateAfterArc[into]!) ?? []) {
      if (banned.has(arc)) continue;
      tails.push(twin);
      arcs.push(arc);
    }
    stateAfterArc[into] = twin;
  }
  return { stateCount, stateAfterArc, tails, arcs };
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
