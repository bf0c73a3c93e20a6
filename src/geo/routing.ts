// Road times and routes. One target, many sources: one sweep of the hierarchy from the target over the whole city, then a look-up for each source, so that
// ten thousand units cost little more than ten. The way of one of them goes down that sweep: at each state on by the arc that loses what the sweep says
// is lost. Point to point, and where the sources are few: a walk from both ends. Metres and the way itself are worked out for those who are asked about only.
import type { Point } from "./point.ts";
import { sliceLine } from "./polyline.ts";
import { BACKWARD, FORWARD, type RoadGraph, edgeShape, statesAfterArc } from "./road-graph.ts";
import { NO_WAY } from "./hierarchy/metric.ts";
import type { Seed } from "./hierarchy/search.ts";
import { type Roads, closedMs, splitMs } from "./roads.ts";
import { type RoadPosition, snapToRoad } from "./road-snap.ts";

/** reached; no road within reach of the point; no way on the roads; farther than the bound. */
export type RoadVerdict = "reached" | "off-road" | "unreachable" | "beyond-bound";

export interface RoadTimes {
  /** Driving time from each source to the target; Infinity unless reached. */
  readonly seconds: Float64Array;
  /** How many closed pieces of road its way leads through, where no other way is left; the first and the last are not counted where only their nearer end is used. */
  readonly closedPieces: Uint16Array;
  readonly verdicts: readonly RoadVerdict[];
  /** The way of one source, as the roads are when this is called; null unless reached. */
  readonly findWay: (source: number) => Route | null;
  /** How long that way is; null unless reached. */
  readonly findMetres: (source: number) => number | null;
}

/**
 * Many places, by column. `keys`: a small whole number for each that stays the same from question to question (a unit's id), by which it is kept where on
 * the roads the place is.
 */
export interface PlaceColumns {
  readonly count: number;
  readonly keys: Int32Array;
  readonly lon: Float64Array;
  readonly lat: Float64Array;
}

export interface RoadTimesOptions {
  /** No way longer than this is looked for. Default: two hours. */
  readonly maxSeconds?: number;
}

export interface Route {
  readonly seconds: number;
  readonly metres: number;
  /** From the origin's place on the road to the target's. */
  readonly path: Point[];
}

const DEFAULT_MAX_SECONDS = 7_200;
/** Of an answer that no sweep was made for: sweeps are numbered from 0. */
const NO_SWEEP = -1;
/** So few sources are walked to one by one: a walk takes tens of microseconds, a sweep of a city's roads some milliseconds. */
const FEW_SOURCES = 8;
const directionsOf = (graph: RoadGraph, edge: number): number => graph.parts.edgeDirections[edge]!;

/**
 * What it costs beside its time to go between a place on an edge and one of its ends: on a closed edge nothing to the nearer end, and to the other as
 * much as a closed piece does, for it is driven along.
 */
function extraMs(roads: Roads, edge: number, share: number, end: "from" | "to"): number {
  return roads.closed.has(edge) && (share < 0.5) !== (end === "from") ? closedMs(roads) : 0;
}

/** A seed, and the arc of the graph of which the first or last part is driven. */
interface End extends Seed {
  readonly arc: number;
}

/** The two ways in which driving can start at a position: what remains of its edge leads to a state. */
function departures(roads: Roads, at: Spot): End[] {
  const { graph } = roads;
  const senses = directionsOf(graph, at.edge);
  const ms = roads.edgeMs[at.edge]!;
  const ends: End[] = [];
  if (senses & FORWARD) ends.push({ state: graph.stateAfterArc[at.edge * 2]!, ms: Math.round(ms * (1 - at.share)) + extraMs(roads, at.edge, at.share, "to"), arc: at.edge * 2 });
  if (senses & BACKWARD) ends.push({ state: graph.stateAfterArc[at.edge * 2 + 1]!, ms: Math.round(ms * at.share) + extraMs(roads, at.edge, at.share, "from"), arc: at.edge * 2 + 1 });
  return ends;
}

/** The states from which an arc leads to the target's place, twins of banned turns included. */
function arrivals(roads: Roads, target: RoadPosition): End[] {
  const { graph } = roads;
  const senses = directionsOf(graph, target.edge);
  const ms = roads.edgeMs[target.edge]!;
  const ends: End[] = [];
  for (const [bit, arc, part] of [[FORWARD, target.edge * 2, target.share], [BACKWARD, target.edge * 2 + 1, 1 - target.share]] as const) {
    if (!(senses & bit)) continue;
    for (const head of statesAfterArc(graph, arc)) {
      for (let i = graph.inFirst[head]!; i < graph.inFirst[head + 1]!; i++) if (graph.inArc[i] === arc) ends.push({ state: graph.inState[i]!, ms: Math.round(ms * part) + extraMs(roads, target.edge, target.share, bit === FORWARD ? "from" : "to"), arc });
    }
  }
  return ends;
}

/** From a place on the target's own edge: the time along it in ms, where that way is allowed, else Infinity. */
function directMs({ graph, edgeMs }: Roads, share: number, to: RoadPosition): number {
  const allowed = share <= to.share ? FORWARD : BACKWARD;
  const either = share === to.share || (directionsOf(graph, to.edge) & allowed) !== 0;
  return either ? Math.round(edgeMs[to.edge]! * Math.abs(to.share - share)) : Infinity;
}

type Spot = Pick<RoadPosition, "edge" | "share">;
interface Way {
  readonly from: Spot;
  readonly to: Spot;
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
export function roadTimesTo(roads: Roads, target: Point | RoadPosition, sources: readonly (Point | RoadPosition)[] | PlaceColumns, options: RoadTimesOptions = {}): RoadTimes {
  const { graph, sweep } = roads;
  const boundMs = (options.maxSeconds ?? DEFAULT_MAX_SECONDS) * 1000;
  const to = "edge" in target ? target : snapToRoad(graph, target);
  const places = placesOf(roads, sources);
  const seconds = new Float64Array(places.count).fill(Infinity);
  const closedPieces = new Uint16Array(places.count);
  const verdicts = new Array<RoadVerdict>(places.count).fill("off-road");
  if (to === null) return { seconds, closedPieces, verdicts, findWay: () => null, findMetres: () => null };

  const ends = arrivals(roads, to);
  const walks = places.count <= FEW_SOURCES;
  if (!walks) roads.search.sweepTo(roads.metric, ends, sweep.leftMs);
  const number = walks ? NO_SWEEP : ++sweep.number;
  const leastClosed = roads.closed.size === 0 ? NO_WAY : closedMs(roads);
  for (let i = 0; i < places.count; i++) {
    const edge = places.edge[i]!;
    if (edge < 0) continue;
    const ms = walks ? walkedMs(roads, { edge, share: places.share[i]! }, to, ends) : msFrom(roads, sweep.leftMs, edge, places.share[i]!, to);
    if (ms < leastClosed) {
      verdicts[i] = ms > boundMs ? "beyond-bound" : "reached";
      if (ms <= boundMs) seconds[i] = ms / 1000;
      continue;
    }
    const { drivingMs, closedPieces: closed } = splitMs(roads, ms);
    verdicts[i] = ms === Infinity ? "unreachable" : drivingMs > boundMs ? "beyond-bound" : "reached";
    if (verdicts[i] !== "reached") continue;
    seconds[i] = drivingMs / 1000;
    closedPieces[i] = closed;
  }
  const findWay = (source: number): Way | null => {
    if (verdicts[source] !== "reached") return null;
    const from = { edge: places.edge[source]!, share: places.share[source]! };
    return sweep.number === number ? wayDown(roads, from, to, ends) : (findFastest(roads, from, to)?.way ?? null);
  };
  return {
    seconds, closedPieces, verdicts,
    findWay: (source) => {
      const way = findWay(source);
      return way === null ? null : { seconds: seconds[source]!, metres: metresOf(graph, way), path: pathOfWay(graph, way) };
    },
    findMetres: (source) => {
      const way = findWay(source);
      return way === null ? null : metresOf(graph, way);
    },
  };
}

/** Where each source is on the roads; edge -1: no road within reach. */
function placesOf({ graph, snaps }: Roads, sources: readonly (Point | RoadPosition)[] | PlaceColumns): { readonly count: number; readonly edge: Int32Array; readonly share: Float64Array } {
  const count = "count" in sources ? sources.count : sources.length;
  const edge = new Int32Array(count);
  const share = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    if ("count" in sources) {
      const slot = snaps.look(sources.keys[i]!, sources.lon[i]!, sources.lat[i]!);
      edge[i] = snaps.edge(slot);
      share[i] = snaps.share(slot);
      continue;
    }
    const source = sources[i]!;
    const at = "edge" in source ? source : snapToRoad(graph, source);
    edge[i] = at?.edge ?? -1;
    share[i] = at?.share ?? 0;
  }
  return { count, edge, share };
}

/** The way that the last sweep found from here to its target, which is as fast as any. */
function wayDown(roads: Roads, from: Spot, to: RoadPosition, ends: readonly End[]): Way {
  const { graph, metric, sweep: { leftMs } } = roads;
  const best = msFrom(roads, leftMs, from.edge, from.share, to);
  if (from.edge === to.edge && directMs(roads, from.share, to) <= best) return { from, to, arcs: [] };
  const start = departures(roads, from).find((end) => best === end.ms + leftMs[end.state]!)!;
  const arcs = [start.arc];
  for (let state = start.state; ;) {
    const left = leftMs[state]!;
    const end = ends.find((one) => one.state === state && one.ms === left);
    if (end !== undefined) {
      arcs.push(end.arc);
      return { from, to, arcs };
    }
    let i = graph.outFirst[state]!;
    const last = graph.outFirst[state + 1]!;
    while (i < last && left !== metric.edgeMs[graph.outArc[i]! >> 1]! + leftMs[graph.outState[i]!]!) i++;
    if (i === last) throw new Error(`state ${state} has ${left} ms left, and none of its arcs does`);
    arcs.push(graph.outArc[i]!);
    state = graph.outState[i]!;
  }
}

/** As `departures` begins, and what is `left` from there, or straight along the edge; Infinity where there is no way. */
function msFrom(roads: Roads, left: Int32Array, edge: number, share: number, to: RoadPosition): number {
  const { graph } = roads;
  let ms = edge === to.edge ? directMs(roads, share, to) : Infinity;
  const whole = roads.edgeMs[edge]!;
  const senses = directionsOf(graph, edge);
  const ahead = senses & FORWARD ? left[graph.stateAfterArc[edge * 2]!]! : NO_WAY;
  if (ahead < NO_WAY) ms = Math.min(ms, Math.round(whole * (1 - share)) + extraMs(roads, edge, share, "to") + ahead);
  const back = senses & BACKWARD ? left[graph.stateAfterArc[edge * 2 + 1]!]! : NO_WAY;
  if (back < NO_WAY) ms = Math.min(ms, Math.round(whole * share) + extraMs(roads, edge, share, "from") + back);
  return ms;
}

/** As `msFrom`, by a walk from both ends. */
function walkedMs(roads: Roads, from: Spot, to: RoadPosition, ends: readonly End[]): number {
  const straight = from.edge === to.edge ? directMs(roads, from.share, to) : Infinity;
  const ms = roads.search.findMs(roads.metric, departures(roads, from), ends);
  return Math.min(straight, ms < NO_WAY ? ms : Infinity);
}

/** The fastest way between two places, or why there is none. */
export function findRoute(roads: Roads, origin: Point | RoadPosition, target: Point | RoadPosition): Route | Exclude<RoadVerdict, "reached" | "beyond-bound"> {
  const { graph } = roads;
  const from = "edge" in origin ? origin : snapToRoad(graph, origin);
  const to = "edge" in target ? target : snapToRoad(graph, target);
  if (from === null || to === null) return "off-road";
  const fastest = findFastest(roads, from, to);
  if (fastest === null) return "unreachable";
  return { seconds: splitMs(roads, fastest.ms).drivingMs / 1000, metres: metresOf(graph, fastest.way), path: pathOfWay(graph, fastest.way) };
}

function findFastest(roads: Roads, from: Spot, to: RoadPosition): { readonly way: Way; readonly ms: number } | null {
  const starts = departures(roads, from);
  const ends = arrivals(roads, to);
  const found = roads.search.findWay(roads.metric, starts, ends);
  const straightMs = from.edge === to.edge ? directMs(roads, from.share, to) : Infinity;
  if (found === undefined && straightMs === Infinity) return null;
  const straight = found === undefined || straightMs <= found.ms;
  return { ms: straight ? straightMs : found.ms, way: { from, to, arcs: straight ? [] : [starts[found.from]!.arc, ...found.arcs, ends[found.to]!.arc] } };
}
