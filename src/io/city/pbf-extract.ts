// Reads an OpenStreetMap extract (.osm.pbf): nodes, then ways, then relations, as every tool writes them. Places of nodes are kept in sorted typed arrays (16 bytes a node, where
// a Map takes 60), ways only while relations may still need them.
import { parse } from "osm-pbf-parser-node";
import { assemblePolygons } from "../../geo/city/multipolygon.ts";
import { type OsmFeature, isArea } from "../../geo/city/osm-feature.ts";
import type { Tags } from "../../geo/road-class.ts";
import { type UnkeptTurn, readTurnRelation } from "../../geo/city/turn-relation.ts";
import type { TurnRestriction } from "../../geo/road-graph-builder.ts";
import { CityError } from "./city-error.ts";
import { readPbfBlocks } from "./pbf-blocks.ts";

interface PbfNode {
  readonly type: "node";
  readonly id: number;
  readonly lat: number;
  readonly lon: number;
  readonly tags?: Tags;
}
interface PbfWay {
  readonly type: "way";
  readonly id: number;
  readonly refs: readonly number[];
  readonly tags?: Tags;
}
interface PbfRelation {
  readonly type: "relation";
  readonly id: number;
  readonly members: readonly { readonly type: string; readonly ref: number; readonly role: string }[];
  readonly tags?: Tags;
}
type PbfItem = PbfNode | PbfWay | PbfRelation;

export interface PbfSink {
  readonly add: (feature: OsmFeature) => void;
  readonly addRestriction: (restriction: TurnRestriction) => void;
  /** A restriction of turning that cannot be kept. */
  readonly leaveOutTurn: (why: UnkeptTurn) => void;
}

/** Reads a whole extract into the sink. `progress` gets the share read, 0 to 1. Throws CityError on a bad file. */
export async function readPbfExtract(path: string, sink: PbfSink, progress: (share: number) => void): Promise<{ nodes: number; ways: number; relations: number }> {
  const nodes = createNodePlaces();
  const ways = new Map<number, { readonly refs: readonly number[]; readonly highway: boolean }>();
  const counts = { nodes: 0, ways: 0, relations: 0 };
  let sawHeader = false;
  for await (const block of readPbfBlocks(path)) {
    if (block.type === "OSMHeader") sawHeader = true;
    if (block.type !== "OSMData") continue;
    if (!sawHeader) throw new CityError("bad-extract", `${path} is no readable .osm.pbf file: expected an OSMHeader block first`);
    for (const item of itemsOf(block.bytes, path)) {
      if (item.type === "node") {
        counts.nodes++;
        takeNode(item, nodes, sink);
      } else if (item.type === "way") {
        counts.ways++;
        ways.set(item.id, { refs: item.refs, highway: item.tags?.["highway"] !== undefined });
        takeWay(item, nodes, sink);
      } else {
        counts.relations++;
        takeRelation(item, nodes, ways, sink);
      }
    }
    progress(block.share);
  }
  return counts;
}

function itemsOf(bytes: Buffer, path: string): PbfItem[] {
  try {
    return parse(bytes, { withTags: true, withInfo: false }) as PbfItem[];
  } catch (error) {
    throw new CityError("bad-extract", `${path} is no readable .osm.pbf file: a block of map data cannot be decoded (${(error as Error).message})`);
  }
}

function takeNode(node: PbfNode, nodes: NodePlaces, sink: PbfSink): void {
  if (!Number.isSafeInteger(node.id) || !(Math.abs(node.lat) <= 90) || !(Math.abs(node.lon) <= 180)) return;
  const lonE7 = Math.round(node.lon * 1e7);
  const latE7 = Math.round(node.lat * 1e7);
  nodes.add(node.id, lonE7, latE7);
  if (node.tags !== undefined) sink.add({ id: node.id, element: "node", tags: node.tags, shape: "point", lonE7, latE7 });
}

function takeWay(way: PbfWay, nodes: NodePlaces, sink: PbfSink): void {
  if (way.tags === undefined) return;
  const line = nodes.lineOf(way.refs);
  if (line.length < 4) return;
  const closed = way.refs.length > 3 && way.refs[0] === way.refs.at(-1) && line.length === way.refs.length * 2;
  if (closed && isArea(way.tags)) sink.add({ id: way.id, element: "way", tags: way.tags, shape: "area", ringsE7: [line] });
  else sink.add({ id: way.id, element: "way", tags: way.tags, shape: "line", lineE7: line });
}

function takeRelation(relation: PbfRelation, nodes: NodePlaces, ways: ReadonlyMap<number, { readonly refs: readonly number[] }>, sink: PbfSink): void {
  const { tags } = relation;
  if (tags?.["type"] === "multipolygon") {
    const linesOf = (roles: readonly string[]): number[][] =>
      relation.members.filter((m) => m.type === "way" && roles.includes(m.role)).flatMap((m) => {
        const way = ways.get(m.ref);
        return way === undefined ? [] : [nodes.lineOf(way.refs)];
      });
    for (const ringsE7 of assemblePolygons(linesOf(["outer", ""]), linesOf(["inner"]))) sink.add({ id: relation.id, element: "relation", tags, shape: "area", ringsE7 });
  }
  const turn = tags === undefined ? null : readTurnRelation(tags, relation.members, (node) => nodes.findPlace(node));
  if (typeof turn === "string") sink.leaveOutTurn(turn);
  else turn?.forEach(sink.addRestriction);
}

interface NodePlaces {
  readonly add: (id: number, lonE7: number, latE7: number) => void;
  /** The places of nodes in order; those not in the extract are left out. */
  readonly lineOf: (refs: readonly number[]) => number[];
  readonly findPlace: (ref: number) => readonly [number, number] | undefined;
}

function createNodePlaces(): NodePlaces {
  let ids = new Float64Array(1 << 16);
  let lons = new Int32Array(1 << 16);
  let lats = new Int32Array(1 << 16);
  let count = 0;
  let sorted = true;
  const sort = (): void => {
    const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => ids[a]! - ids[b]!);
    ids = Float64Array.from(order, (i) => ids[i]!);
    lons = Int32Array.from(order, (i) => lons[i]!);
    lats = Int32Array.from(order, (i) => lats[i]!);
    sorted = true;
  };
  const find = (id: number): number => {
    let low = 0;
    let high = count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (ids[middle] === id) return middle;
      if (ids[middle]! < id) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  };
  const lineOf = (refs: readonly number[]): number[] => {
    if (!sorted) sort();
    const line: number[] = [];
    for (const ref of refs) {
      const at = find(ref);
      if (at >= 0) line.push(lons[at]!, lats[at]!);
    }
    return line;
  };
  return {
    lineOf,
    findPlace: (ref) => {
      const [lonE7, latE7] = lineOf([ref]);
      return lonE7 === undefined || latE7 === undefined ? undefined : [lonE7, latE7];
    },
    add: (id, lonE7, latE7) => {
      if (count === ids.length) {
        ids = widened(ids, new Float64Array(count * 2));
        lons = widened(lons, new Int32Array(count * 2));
        lats = widened(lats, new Int32Array(count * 2));
      }
      if (count > 0 && id < ids[count - 1]!) sorted = false;
      ids[count] = id;
      lons[count] = lonE7;
      lats[count] = latE7;
      count++;
    },
  };
}

function widened<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
