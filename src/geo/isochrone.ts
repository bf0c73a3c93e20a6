// What can be reached from a place within so many seconds of driving, as areas for a map. One sweep of the hierarchy gives the time to every junction; along each road the time goes on evenly, and marks the squares of a
// grid that the road runs through. The squares reached in time are one area with holes. Rejected: a hull round the junctions that are reached, which covers the river and the far bank.
import { METRES_PER_DEGREE, type Point, metresPerDegreeLon } from "./point.ts";
import { BACKWARD, FORWARD } from "./road-graph.ts";
import { type Roads, closedMs } from "./roads.ts";
import { snapToRoad } from "./road-snap.ts";

export interface ReachedArea {
  readonly seconds: number;
  /** Each an outer ring and its holes; rings are closed. */
  readonly polygons: readonly (readonly (readonly Point[])[])[];
}

/** As wide as a block of houses, so that roads that are all reached lie in one area. */
const CELL_M = 100;
const SAMPLE_M = CELL_M / 3;
const COLUMNS = 1 << 20;

/** So many junctions, cells or corners are one step. */
const STEP = 4_000;

/** null: no road within reach of the place. A road that is closed is not driven. In steps of a few milliseconds: a whole city takes some hundred, and others wait. */
export function* findReachedAreas(roads: Roads, origin: Point, limitsSeconds: readonly number[]): Generator<void, ReachedArea[] | null> {
  const cells = yield* reachedCells(roads, origin, Math.max(...limitsSeconds) * 1_000);
  if (cells === null) return null;
  const areas: ReachedArea[] = [];
  for (const seconds of limitsSeconds) {
    const within = new Set<number>();
    for (const [cell, ms] of cells) if (ms <= seconds * 1_000) within.add(cell);
    yield;
    const polygons = yield* polygonsOf(within);
    areas.push({ seconds, polygons: polygons.map((rings) => rings.map((ring) => ring.map((corner) => pointOf(origin, corner)))) });
    yield;
  }
  return areas;
}

/** By cell of the grid about the origin, the least ms in which a road in it is reached. */
function* reachedCells(roads: Roads, origin: Point, mostMs: number): Generator<void, Map<number, number> | null> {
  const { graph, edgeMs, closed } = roads;
  const at = snapToRoad(graph, origin);
  if (at === null) return null;
  const forward = (graph.parts.edgeDirections[at.edge]! & FORWARD) !== 0;
  const backward = (graph.parts.edgeDirections[at.edge]! & BACKWARD) !== 0;
  const seeds = [
    ...(forward ? [{ state: graph.stateAfterArc[at.edge * 2]!, ms: Math.round(edgeMs[at.edge]! * (1 - at.share)) }] : []),
    ...(backward ? [{ state: graph.stateAfterArc[at.edge * 2 + 1]!, ms: Math.round(edgeMs[at.edge]! * at.share) }] : []),
  ];
  const reached = new Int32Array(graph.stateCount);
  roads.search.sweepFrom(roads.metric, seeds, reached);
  const bound = closed.size === 0 ? mostMs : Math.min(mostMs, closedMs(roads) - 1);
  const cells = new Map<number, number>();
  const mark = (point: Point, ms: number): void => {
    if (ms > bound) return;
    const cell = cellOf(origin, point);
    if (ms < (cells.get(cell) ?? Infinity)) cells.set(cell, ms);
  };
  const { shapeFirst, shapeE7, edgeLengthM } = graph.parts;
  /** Drives one arc of the graph from `startMs` on, from `fromShare` of its edge to `toShare`. */
  const drive = (edge: number, startMs: number, fromShare: number, toShare: number): void => {
    if (closed.has(edge) || startMs > bound) return;
    const whole = Math.max(edgeLengthM[edge]!, 0.1);
    let before = 0;
    for (let i = shapeFirst[edge]!; i < shapeFirst[edge + 1]! - 1; i++) {
      const a = { lon: shapeE7[i * 2]! / 1e7, lat: shapeE7[i * 2 + 1]! / 1e7 };
      const b = { lon: shapeE7[i * 2 + 2]! / 1e7, lat: shapeE7[i * 2 + 3]! / 1e7 };
      const metres = Math.hypot((b.lon - a.lon) * metresPerDegreeLon(a.lat), (b.lat - a.lat) * METRES_PER_DEGREE);
      const steps = Math.max(1, Math.ceil(metres / SAMPLE_M));
      for (let s = 0; s <= steps; s++) {
        const share = Math.min(1, (before + (metres * s) / steps) / whole);
        if ((share - fromShare) * (share - toShare) > 1e-9) continue;
        mark({ lon: a.lon + ((b.lon - a.lon) * s) / steps, lat: a.lat + ((b.lat - a.lat) * s) / steps }, startMs + edgeMs[edge]! * Math.abs(share - fromShare));
      }
      before += metres;
    }
  };
  if (forward) drive(at.edge, 0, at.share, 1);
  if (backward) drive(at.edge, 0, at.share, 0);
  let driven = 0;
  for (let state = 0; state < graph.stateCount; state++) {
    if (reached[state]! > bound) continue;
    for (let i = graph.outFirst[state]!; i < graph.outFirst[state + 1]!; i++) {
      const arc = graph.outArc[i]!;
      if (++driven % STEP === 0) yield;
      if ((arc & 1) === 0) drive(arc >> 1, reached[state]!, 0, 1);
      else drive(arc >> 1, reached[state]!, 1, 0);
    }
  }
  return cells;
}

const cellOf = (origin: Point, p: Point): number =>
  (Math.floor(((p.lat - origin.lat) * METRES_PER_DEGREE) / CELL_M + 0.5) + COLUMNS / 2) * COLUMNS + Math.floor(((p.lon - origin.lon) * metresPerDegreeLon(origin.lat)) / CELL_M + 0.5) + COLUMNS / 2;
/** The lower left corner of a cell; corners are numbered as the cells above and right of them. */
const pointOf = (origin: Point, corner: number): Point => ({
  lon: origin.lon + (((corner % COLUMNS) - COLUMNS / 2 - 0.5) * CELL_M) / metresPerDegreeLon(origin.lat), lat: origin.lat + ((Math.floor(corner / COLUMNS) - COLUMNS / 2 - 0.5) * CELL_M) / METRES_PER_DEGREE,
});

/** The borders of a set of cells as rings of corners: outer ones counter-clockwise, each with the holes in it. */
function* polygonsOf(cells: ReadonlySet<number>): Generator<void, number[][][]> {
  const next = new Map<number, number[]>(); // from a corner along the border, with the inside on the left
  const step = (from: number, to: number): void => void (next.get(from)?.push(to) ?? next.set(from, [to]));
  let n = 0;
  for (const cell of cells) {
    if (++n % STEP === 0) yield;
    if (!cells.has(cell - COLUMNS)) step(cell, cell + 1);
    if (!cells.has(cell + 1)) step(cell + 1, cell + 1 + COLUMNS);
    if (!cells.has(cell + COLUMNS)) step(cell + 1 + COLUMNS, cell + COLUMNS);
    if (!cells.has(cell - 1)) step(cell + COLUMNS, cell);
  }
  const outer: number[][] = [];
  const holes: number[][] = [];
  for (const start of next.keys()) {
    while ((next.get(start)?.length ?? 0) > 0) {
      const ring = [start];
      let from = start;
      do {
        const ways = next.get(from)!;
        const last = ring.length > 1 ? from - ring.at(-2)! : 0;
        // Where two squares touch at a corner the border turns left, so that each has its own.
        const to = ways.find((way) => way - from === leftOf(last)) ?? ways[0]!;
        ways.splice(ways.indexOf(to), 1);
        ring.push(to);
        if (++n % STEP === 0) yield;
        from = to;
      } while (from !== start);
      (areaOf(ring) > 0 ? outer : holes).push(withoutStraight(ring));
    }
  }
  const polygons = outer.map((ring) => [ring]);
  const bySize = polygons.map((rings) => ({ rings, size: areaOf(rings[0]!) })).sort((a, b) => a.size - b.size);
  for (const hole of holes) {
    bySize.find(({ rings }) => isIn(rings[0]!, hole[0]!))?.rings.push(hole);
    yield; // a hole is looked for in rings of thousands of corners
  }
  return polygons;
}

const leftOf = (step: number): number => (step === 1 ? COLUMNS : step === COLUMNS ? -1 : step === -1 ? -COLUMNS : 1);
const xOf = (corner: number): number => corner % COLUMNS;
const yOf = (corner: number): number => Math.floor(corner / COLUMNS);
const areaOf = (ring: readonly number[]): number => ring.slice(1).reduce((sum, corner, i) => sum + xOf(ring[i]!) * yOf(corner) - xOf(corner) * yOf(ring[i]!), 0) / 2;
const withoutStraight = (ring: readonly number[]): number[] => ring.filter((corner, i) => i === 0 || i === ring.length - 1 || corner - ring[i - 1]! !== ring[i + 1]! - corner);

/** Whether the square left above a hole's corner is in a ring; a hole's corner alone may lie on it. */
function isIn(ring: readonly number[], corner: number): boolean {
  const [x, y] = [xOf(corner) + 0.01, yOf(corner) + 0.02];
  let inside = false;
  for (let i = 1; i < ring.length; i++) {
    const [ya, yb, xa, xb] = [yOf(ring[i - 1]!), yOf(ring[i]!), xOf(ring[i - 1]!), xOf(ring[i]!)];
    if (ya > y !== yb > y && x < ((xb - xa) * (y - ya)) / (yb - ya) + xa) inside = !inside;
  }
  return inside;
}
