// A guess at the sea for map data that has no coastline, as the demo city's tiles: what lies open from the southern border of the map up to near the first mapped
// thing. It is drawn for orientation only, and told as a guess in the city's notes; nothing is computed with it.
//
// On a grid: mark what is mapped; flood from the south through everything far from a mark, so that no gap between fields lets the sea in; then let it come
// nearer to the marks; trace the outline and round its corners.
import { type Bounds, METRES_PER_DEGREE, metresPerDegreeLon } from "../point.ts";
import type { MapShape } from "./map-feature.ts";
import { ringContains } from "./multipolygon.ts";

const CELL_M = 60;
/** The flood keeps this far from anything mapped, in cells. */
const FAR_CELLS = 7;
/** The sea then comes as near as this. */
const NEAR_CELLS = 1.5;
/** A basin or a hole smaller than this many cells is not drawn. */
const LEAST_CELLS = 60;

interface Grid {
  readonly width: number;
  readonly height: number;
  readonly xOf: (lonE7: number) => number;
  readonly yOf: (latE7: number) => number; // rows from the south
  readonly toE7: (x: number, y: number) => [number, number];
}

function gridOf(bounds: Bounds): Grid {
  const kx = metresPerDegreeLon((bounds.south + bounds.north) / 2) / CELL_M;
  const ky = METRES_PER_DEGREE / CELL_M;
  return {
    width: Math.ceil((bounds.east - bounds.west) * kx), height: Math.ceil((bounds.north - bounds.south) * ky), xOf: (lonE7) => (lonE7 / 1e7 - bounds.west) * kx, yOf: (latE7) => (latE7 / 1e7 - bounds.south) * ky,
    toE7: (x, y) => [Math.round((bounds.west + x / kx) * 1e7), Math.round((bounds.south + y / ky) * 1e7)],
  };
}

/** Polygons of the guessed sea (outer ring and holes, 1e-7 degree, closed). `land`: everything mapped that stands on land. */
export function guessSea(land: Iterable<MapShape>, bounds: Bounds): number[][][] {
  const grid = gridOf(bounds);
  const away = distances(grid, markLand(grid, land));
  const sea = flood(grid, away);
  return outlines(grid, sea);
}

function markLand(grid: Grid, land: Iterable<MapShape>): Uint8Array {
  const marks = new Uint8Array(grid.width * grid.height);
  const mark = (x: number, y: number): void => {
    const [column, row] = [Math.floor(x), Math.floor(y)];
    if (column >= 0 && row >= 0 && column < grid.width && row < grid.height) marks[row * grid.width + column] = 1;
  };
  const markLine = (line: readonly number[]): void => {
    for (let i = 0; i + 3 < line.length; i += 2) {
      const [ax, ay, bx, by] = [grid.xOf(line[i]!), grid.yOf(line[i + 1]!), grid.xOf(line[i + 2]!), grid.yOf(line[i + 3]!)];
      const steps = Math.min(10_000, Math.ceil(Math.hypot(bx - ax, by - ay) * 1.5) + 1);
      for (let k = 0; k <= steps; k++) mark(ax + ((bx - ax) * k) / steps, ay + ((by - ay) * k) / steps);
    }
  };
  for (const shape of land) {
    if (shape.type === "point") mark(grid.xOf(shape.lonE7), grid.yOf(shape.latE7));
    else if (shape.type === "line") markLine(shape.lineE7);
    else {
      markLine(shape.ringsE7[0]!);
      fillRing(grid, shape.ringsE7[0]!, mark);
    }
  }
  return marks;
}

/** Marks the cells whose middle lies in the ring, row by row. */
function fillRing(grid: Grid, ring: readonly number[], mark: (x: number, y: number) => void): void {
  const xs: number[] = [];
  const ys: number[] = [];
  for (let i = 0; i + 1 < ring.length; i += 2) {
    xs.push(grid.xOf(ring[i]!));
    ys.push(grid.yOf(ring[i + 1]!));
  }
  for (let row = Math.max(0, Math.floor(Math.min(...ys))); row <= Math.min(grid.height - 1, Math.max(...ys)); row++) {
    const y = row + 0.5;
    const cuts: number[] = [];
    for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) if (ys[i]! > y !== ys[j]! > y) cuts.push(xs[i]! + ((y - ys[i]!) * (xs[j]! - xs[i]!)) / (ys[j]! - ys[i]!));
    cuts.sort((a, b) => a - b);
    for (let c = 0; c + 1 < cuts.length; c += 2) for (let x = Math.floor(cuts[c]!) + 0.5; x < cuts[c + 1]!; x++) mark(x, y);
  }
}

/** Distance of each cell from the nearest mark, in cells, by two sweeps (chamfer 1, 1.41). */
function distances({ width, height }: Grid, marks: Uint8Array): Float32Array {
  const away = Float32Array.from(marks, (m) => (m === 1 ? 0 : Infinity));
  const relax = (at: number, x: number, y: number, dx: number, dy: number, cost: number): void => {
    if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height) return;
    const there = away[at + dy * width + dx]! + cost;
    if (there < away[at]!) away[at] = there;
  };
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) for (const [dx, dy, cost] of [[-1, 0, 1], [0, -1, 1], [-1, -1, 1.41], [1, -1, 1.41]] as const) relax(y * width + x, x, y, dx, dy, cost);
  for (let y = height - 1; y >= 0; y--) for (let x = width - 1; x >= 0; x--) for (const [dx, dy, cost] of [[1, 0, 1], [0, 1, 1], [1, 1, 1.41], [-1, 1, 1.41]] as const) relax(y * width + x, x, y, dx, dy, cost);
  return away;
}

function flood({ width, height }: Grid, away: Float32Array): Uint8Array {
  const sea = new Uint8Array(width * height);
  let front: number[] = [];
  const spread = (cells: readonly number[], allowed: (cell: number) => boolean): number[] => {
    const next: number[] = [];
    for (const cell of cells) {
      const x = cell % width;
      for (const other of [x > 0 ? cell - 1 : -1, x < width - 1 ? cell + 1 : -1, cell - width, cell + width]) {
        if (other < 0 || other >= sea.length || sea[other] === 1 || !allowed(other)) continue;
        sea[other] = 1;
        next.push(other);
      }
    }
    return next;
  };
  for (let x = 0; x < width; x++) {
    if (away[x]! <= FAR_CELLS) continue;
    sea[x] = 1;
    front.push(x);
  }
  while (front.length > 0) front = spread(front, (cell) => away[cell]! > FAR_CELLS);
  let shore = [...sea.keys()].filter((cell) => sea[cell] === 1);
  for (let step = 0; step < FAR_CELLS; step++) shore = spread(shore, (cell) => away[cell]! > NEAR_CELLS);
  return sea;
}

/** Traces the borders of the sea's cells: the sea to the left, so outer rings turn counter-clockwise and holes clockwise. */
function outlines(grid: Grid, sea: Uint8Array): number[][][] {
  const { width, height } = grid;
  const isSea = (x: number, y: number): boolean => x >= 0 && y >= 0 && x < width && y < height && sea[y * width + x] === 1;
  const corner = (x: number, y: number): number => y * (width + 1) + x;
  const edges = new Map<number, number[]>();
  const addEdge = (from: number, to: number): void => {
    const list = edges.get(from);
    if (list === undefined) edges.set(from, [to]);
    else list.push(to);
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isSea(x, y)) continue;
      if (!isSea(x, y - 1)) addEdge(corner(x, y), corner(x + 1, y));
      if (!isSea(x + 1, y)) addEdge(corner(x + 1, y), corner(x + 1, y + 1));
      if (!isSea(x, y + 1)) addEdge(corner(x + 1, y + 1), corner(x, y + 1));
      if (!isSea(x - 1, y)) addEdge(corner(x, y + 1), corner(x, y));
    }
  }
  const polygons: { ring: number[]; holes: number[][] }[] = [];
  const holes: number[][] = [];
  while (edges.size > 0) {
    const start = edges.keys().next().value!;
    const ring: number[] = [];
    for (let at = start; ;) {
      const outs = edges.get(at)!;
      const to = outs.pop()!;
      if (outs.length === 0) edges.delete(at);
      ring.push(at % (width + 1), Math.floor(at / (width + 1)));
      at = to;
      if (at === start) break;
    }
    const cells = cellArea(ring);
    if (Math.abs(cells) < LEAST_CELLS) continue;
    if (cells > 0) polygons.push({ ring, holes: [] });
    else holes.push(ring);
  }
  for (const hole of holes) polygons.find(({ ring }) => ringContains(ring, hole[0]! + 0.01, hole[1]! + 0.01))?.holes.push(hole);
  const place = (ring: readonly number[]): number[] => {
    const round = smooth(smooth(smooth(ring, width, height), width, height), width, height);
    const placed: number[] = [];
    for (let i = 0; i < round.length; i += 2) placed.push(...grid.toE7(round[i]!, round[i + 1]!));
    placed.push(placed[0]!, placed[1]!);
    return placed;
  };
  return polygons.map(({ ring, holes: inside }) => [place(ring), ...inside.map(place)]);
}

function cellArea(ring: readonly number[]): number {
  let area = 0;
  for (let i = 0; i < ring.length; i += 2) {
    const j = (i + 2) % ring.length;
    area += ring[i]! * ring[j + 1]! - ring[j]! * ring[i + 1]!;
  }
  return area / 2;
}

/** Each corner moves to the mean of itself and its neighbours; those on the border of the map stay on it. */
function smooth(ring: readonly number[], width: number, height: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < ring.length; i += 2) {
    const before = (i - 2 + ring.length) % ring.length;
    const after = (i + 2) % ring.length;
    const x = ring[i]!;
    const y = ring[i + 1]!;
    out.push(x <= 0 || x >= width ? x : (ring[before]! + 2 * x + ring[after]!) / 4, y <= 0 || y >= height ? y : (ring[before + 1]! + 2 * y + ring[after + 1]!) / 4);
  }
  return out;
}
