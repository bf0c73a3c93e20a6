// Where the sea is. OpenStreetMap draws no sea, only its coastline: ways with the land on their left. They are joined and closed along the border of the map.
import type { Bounds } from "../point.ts";
import { joinLines, ringContains } from "./multipolygon.ts";

/** Polygons (outer ring and holes, 1e-7 degree, closed) of the sea within the bounds; empty where the coastline does not reach from border to border. */
export function seaOfCoastline(coastline: readonly (readonly number[])[], bounds: Bounds): number[][][] {
  const box: Box = { west: bounds.west * 1e7, south: bounds.south * 1e7, east: bounds.east * 1e7, north: bounds.north * 1e7 };
  const islands: number[][] = [];
  const lakes: number[][] = [];
  const pieces: number[][] = [];
  for (const line of joinLines(coastline)) {
    const closed = line[0] === line.at(-2) && line[1] === line.at(-1);
    if (closed && line.every((v, i) => (i % 2 === 0 ? v > box.west && v < box.east : v > box.south && v < box.north))) (doubleArea(line) > 0 ? islands : lakes).push(line);
    else pieces.push(...clipLine(line, box));
  }
  if (pieces.some((piece) => borderAt(piece[0]!, piece[1]!, box) === null || borderAt(piece.at(-2)!, piece.at(-1)!, box) === null)) return [];
  const rings = closeAlongBorder(pieces, box);
  if (rings.length === 0 && islands.length > 0) rings.push([box.west, box.south, box.west, box.north, box.east, box.north, box.east, box.south, box.west, box.south]);
  const polygons = [...rings, ...lakes].map((ring) => [ring.map(Math.round)]);
  for (const island of islands) polygons.find(([ring]) => ringContains(ring!, island[0]!, island[1]!))?.push(island);
  return polygons;
}

interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** The pieces of a line inside a box (Liang and Barsky, segment by segment). */
function clipLine(line: readonly number[], box: Box): number[][] {
  const pieces: number[][] = [];
  let piece: number[] = [];
  for (let i = 0; i + 3 < line.length; i += 2) {
    const [ax, ay] = [line[i]!, line[i + 1]!];
    const [dx, dy] = [line[i + 2]! - ax, line[i + 3]! - ay];
    let enter = 0;
    let leave = 1;
    for (const [p, q] of [[-dx, ax - box.west], [dx, box.east - ax], [-dy, ay - box.south], [dy, box.north - ay]] as const) {
      if (p === 0 && q < 0) leave = -1;
      else if (p < 0) enter = Math.max(enter, q / p);
      else if (p > 0) leave = Math.min(leave, q / p);
    }
    if (enter >= leave) {
      if (piece.length >= 4) pieces.push(piece);
      piece = [];
      continue;
    }
    if (piece.length === 0) piece = [ax + dx * enter, ay + dy * enter];
    piece.push(ax + dx * leave, ay + dy * leave);
    if (leave < 1) {
      pieces.push(piece);
      piece = [];
    }
  }
  if (piece.length >= 4) pieces.push(piece);
  return pieces;
}

const ON_BORDER = 2; // 1e-7 degree: rounding of the cut

/** How far round the border a point is, clockwise from the south-west corner, 0 to 4; null inside. */
function borderAt(x: number, y: number, box: Box): number | null {
  const [w, h] = [box.east - box.west, box.north - box.south];
  if (Math.abs(x - box.west) <= ON_BORDER) return (y - box.south) / h;
  if (Math.abs(y - box.north) <= ON_BORDER) return 1 + (x - box.west) / w;
  if (Math.abs(x - box.east) <= ON_BORDER) return 2 + (box.north - y) / h;
  return Math.abs(y - box.south) <= ON_BORDER ? 3 + (box.east - x) / w : null;
}

/** Water lies right of a coastline, so from a piece's end the border is followed clockwise to the start of the next. */
function closeAlongBorder(pieces: readonly number[][], box: Box): number[][] {
  const corners = [[box.west, box.south], [box.west, box.north], [box.east, box.north], [box.east, box.south]] as const;
  const left = new Set(pieces.keys());
  const rings: number[][] = [];
  while (left.size > 0) {
    const first = left.values().next().value!;
    const ring: number[] = [];
    for (let at = first; ;) {
      left.delete(at);
      const piece = pieces[at]!;
      ring.push(...piece);
      const end = borderAt(piece.at(-2)!, piece.at(-1)!, box)!;
      const ahead = (other: number): number => (borderAt(pieces[other]![0]!, pieces[other]![1]!, box)! - end + 4) % 4;
      let next = first;
      for (const other of left) if (ahead(other) < ahead(next)) next = other;
      const way = ahead(next);
      for (let corner = Math.ceil(end); corner < end + way; corner++) ring.push(...corners[corner % 4]!);
      if (next === first) break;
      at = next;
    }
    ring.push(ring[0]!, ring[1]!);
    rings.push(ring);
  }
  return rings;
}

function doubleArea(ring: readonly number[]): number {
  let area = 0;
  for (let i = 0; i + 3 < ring.length; i += 2) area += (ring[i]! - ring[0]!) * (ring[i + 3]! - ring[1]!) - (ring[i + 2]! - ring[0]!) * (ring[i + 1]! - ring[1]!);
  return area;
}
