// Roads to a graph. Ways meet where they share a point, to the last ten-millionth of a degree: that holds in OpenStreetMap data, where a
// bridge over a road shares none, and it also joins again the ways that tiles have cut. Joining by node ids was rejected since tiles carry none.
import type { RoadAttributes } from "./road-class.ts";
import { ROAD_CLASSES } from "./road-class.ts";
import { distanceOf } from "./point.ts";
import { BACKWARD, FORWARD, type RoadGraphParts } from "./road-graph.ts";

export interface RoadWay {
  readonly id: number;
  /** lon, lat, lon, lat in 1e-7 degree. */
  readonly shapeE7: ArrayLike<number>;
  readonly road: RoadAttributes;
}

/** "no": from `fromWay` over the via point, or along the via ways, never into `toWay`; "only": into nothing else. */
export type TurnRestriction = {
  readonly kind: "no" | "only";
  readonly fromWay: number;
  readonly toWay: number;
} & ({ readonly viaLonE7: number; readonly viaLatE7: number; readonly viaWays?: undefined } | { readonly viaWays: readonly number[] });

/** Points as exact numbers: needs an extent under 9 degrees each way, which any city has. */
export function pointKeys(westE7: number, southE7: number): (lonE7: number, latE7: number) => number {
  return (lonE7, latE7) => (lonE7 - westE7) * 94_906_265 + (latE7 - southE7);
}

/** Splits ways at shared points and gives every named stretch its name's number. Ways of fewer than two distinct points are left out. */
export function buildRoadGraph(ways: readonly RoadWay[], restrictions: readonly TurnRestriction[] = []): RoadGraphParts {
  let west = Infinity;
  let south = Infinity;
  for (const way of ways) {
    for (let i = 0; i + 1 < way.shapeE7.length; i += 2) {
      west = Math.min(west, way.shapeE7[i]!);
      south = Math.min(south, way.shapeE7[i + 1]!);
    }
  }
  const keyOf = pointKeys(west, south);
  const uses = new Map<number, number>();
  for (const way of ways) {
    const last = way.shapeE7.length - 2;
    for (let i = 0; i <= last; i += 2) {
      const key = keyOf(way.shapeE7[i]!, way.shapeE7[i + 1]!);
      uses.set(key, (uses.get(key) ?? 0) + (i === 0 || i === last ? 2 : 1)); // an end counts twice: it is always a node
    }
  }

  const nodeOf = new Map<number, number>();
  const nodeLon: number[] = [];
  const nodeLat: number[] = [];
  const node = (lonE7: number, latE7: number): number => {
    const key = keyOf(lonE7, latE7);
    let number = nodeOf.get(key);
    if (number === undefined) {
      number = nodeLon.length;
      nodeOf.set(key, number);
      nodeLon.push(lonE7);
      nodeLat.push(latE7);
    }
    return number;
  };
  const nameOf = new Map<string, number>();
  const from: number[] = [];
  const to: number[] = [];
  const length: number[] = [];
  const roadClass: number[] = [];
  const speed: number[] = [];
  const directions: number[] = [];
  const street: number[] = [];
  const shapeFirst: number[] = [0];
  const shape: number[] = [];
  const edgesOfWay = new Map<number, number[]>();
  const restricted = new Set(restrictions.flatMap((r) => [r.fromWay, r.toWay, ...(r.viaWays ?? [])]));

  for (const way of ways) {
    const { road } = way;
    if (!road.forward && !road.backward) continue;
    let streetNumber = -1;
    if (road.name !== null) {
      streetNumber = nameOf.get(road.name) ?? nameOf.size;
      nameOf.set(road.name, streetNumber);
    }
    let start = 0;
    for (let i = 2; i < way.shapeE7.length; i += 2) {
      if (uses.get(keyOf(way.shapeE7[i]!, way.shapeE7[i + 1]!))! < 2) continue;
      let metres = 0;
      for (let k = start + 2; k <= i; k += 2) metres += distanceOf(way.shapeE7[k - 2]! / 1e7, way.shapeE7[k - 1]! / 1e7, way.shapeE7[k]! / 1e7, way.shapeE7[k + 1]! / 1e7);
      if (metres > 0) {
        const edge = from.length;
        from.push(node(way.shapeE7[start]!, way.shapeE7[start + 1]!));
        to.push(node(way.shapeE7[i]!, way.shapeE7[i + 1]!));
        length.push(metres);
        roadClass.push(ROAD_CLASSES.indexOf(road.roadClass));
        speed.push(road.speedKmh);
        directions.push((road.forward ? FORWARD : 0) | (road.backward ? BACKWARD : 0));
        street.push(streetNumber);
        for (let k = start; k <= i; k++) shape.push(way.shapeE7[k]!);
        shape.push(way.shapeE7[i + 1]!);
        shapeFirst.push(shape.length / 2);
        if (restricted.has(way.id)) {
          const list = edgesOfWay.get(way.id);
          if (list === undefined) edgesOfWay.set(way.id, [edge]);
          else list.push(edge);
        }
      }
      start = i;
    }
  }
  const parts: RoadGraphParts = {
    nodeLonE7: Int32Array.from(nodeLon), nodeLatE7: Int32Array.from(nodeLat), edgeFrom: Uint32Array.from(from), edgeTo: Uint32Array.from(to),
    edgeLengthM: Float32Array.from(length), edgeClass: Uint8Array.from(roadClass), edgeSpeedKmh: Uint8Array.from(speed), edgeDirections: Uint8Array.from(directions),
    edgeStreet: Int32Array.from(street), shapeFirst: Uint32Array.from(shapeFirst), shapeE7: Int32Array.from(shape), bannedTurns: new Uint32Array(0), bannedPaths: new Uint32Array(0), streetNames: [...nameOf.keys()],
  };
  return { ...parts, ...bansOf(parts, restrictions, edgesOfWay, (r) => nodeOf.get(keyOf(r.viaLonE7, r.viaLatE7))) };
}

type OverPoint = Extract<TurnRestriction, { readonly viaLonE7: number }>;
type OverWays = Exclude<TurnRestriction, OverPoint>;
const isOverWays = (r: TurnRestriction): r is OverWays => r.viaWays !== undefined;
/** A way in between has few edges; more is no restriction that anybody signed. */
const MOST_VIA_EDGES = 30;

/** Driven arcs by the node that they leave. */
function leavingOf(parts: RoadGraphParts): ReadonlyMap<number, readonly number[]> {
  const leaving = new Map<number, number[]>();
  for (let e = 0; e < parts.edgeFrom.length; e++) {
    for (const [tail, arc, bit] of [[parts.edgeFrom[e]!, e * 2, FORWARD], [parts.edgeTo[e]!, e * 2 + 1, BACKWARD]] as const) {
      if (!(parts.edgeDirections[e]! & bit)) continue;
      const list = leaving.get(tail);
      if (list === undefined) leaving.set(tail, [arc]);
      else list.push(arc);
    }
  }
  return leaving;
}

function bansOf(parts: RoadGraphParts, restrictions: readonly TurnRestriction[], edgesOfWay: ReadonlyMap<number, number[]>, viaOf: (r: OverPoint) => number | undefined): Pick<RoadGraphParts, "bannedTurns" | "bannedPaths"> {
  if (restrictions.length === 0) return { bannedTurns: new Uint32Array(0), bannedPaths: new Uint32Array(0) };
  const leaving = leavingOf(parts);
  const headOf = (arc: number): number => (arc % 2 === 0 ? parts.edgeTo : parts.edgeFrom)[arc >> 1]!;
  const isDriven = (arc: number): boolean => (parts.edgeDirections[arc >> 1]! & (arc % 2 === 0 ? FORWARD : BACKWARD)) !== 0;
  const arcsOf = (way: number): number[] => (edgesOfWay.get(way) ?? []).flatMap((e) => [e * 2, e * 2 + 1]).filter(isDriven);
  const turns = new Set<string>();
  const paths = new Set<string>();
  /** Where the way that a restriction speaks of does not leave, nothing is banned: "only" would close the node. */
  const meets = (out: readonly number[], meant: ReadonlySet<number>): boolean => out.some((arc) => meant.has(arc >> 1));
  for (const r of restrictions) {
    const meant = new Set(edgesOfWay.get(r.toWay) ?? []);
    const isBanned = (arc: number): boolean => meant.has(arc >> 1) === (r.kind === "no");
    if (!isOverWays(r)) {
      const via = viaOf(r);
      const out = via === undefined ? [] : (leaving.get(via) ?? []);
      if (meets(out, meant)) for (const a of arcsOf(r.fromWay)) if (headOf(a) === via) for (const b of out) if (isBanned(b)) turns.add(`${a},${b}`);
      continue;
    }
    const between = new Set(r.viaWays.flatMap((way) => edgesOfWay.get(way) ?? []));
    const follow = (path: readonly number[]): void => {
      const out = leaving.get(headOf(path.at(-1)!)) ?? [];
      if (path.length > 1 && meets(out, meant)) {
        const back = path.at(-1)! ^ 1; // turned round within the junction, it would be left by the way that is banned
        for (const b of out) if (isBanned(b) || b === back) paths.add([...path, b].join(","));
      } else if (path.length <= MOST_VIA_EDGES) {
        for (const next of out) if (between.has(next >> 1) && path.every((arc) => arc >> 1 !== next >> 1)) follow([...path, next]);
      }
    };
    for (const a of arcsOf(r.fromWay)) if (!between.has(a >> 1)) follow([a]);
  }
  const numbers = (text: string): number[] => text.split(",").map(Number);
  return { bannedTurns: Uint32Array.from([...turns].flatMap(numbers)), bannedPaths: Uint32Array.from([...paths].map(numbers).flatMap((path) => [path.length, ...path])) };
}
