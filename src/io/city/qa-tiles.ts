// Reads OpenStreetMap QA tiles: vector tiles of zoom 12 with every feature and its raw tags, at a grain of a centimetre. Features are cut at tile borders exactly, so that
// the cut points of both sides are equal and roads join again by them. Fields about mappers (@user, @uid, ...) are dropped here.
import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { VectorTile } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";
import type { OsmFeature } from "../../geo/city/osm-feature.ts";
import type { Bounds } from "../../geo/point.ts";
import type { Tags } from "../../geo/road-class.ts";
import { CityError } from "./city-error.ts";

const TILE_NAME = /^(\d{1,2})-(\d{1,7})-(\d{1,7})\.mvt$/;
const MOST_TILE_BYTES = 64_000_000;

/** The folder of the Montevideo tiles inside the installed package. */
export function montevideoTilesDir(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("@mapbox/mvt-fixtures/package.json")), "real-world", "osm-qa-montevideo");
  } catch {
    throw new CityError("not-found", "the package @mapbox/mvt-fixtures is not installed: run npm install");
  }
}

export interface QaTile {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
  readonly path: string;
}

/** The tiles of a folder, in the order of their names; other files are left alone. */
export async function listQaTiles(dir: string): Promise<QaTile[]> {
  const names = (await readdir(dir)).sort();
  const tiles = names.flatMap((name) => {
    const match = TILE_NAME.exec(name);
    return match === null ? [] : [{ zoom: Number(match[1]), x: Number(match[2]), y: Number(match[3]), path: join(dir, name) }];
  });
  if (tiles.length === 0) throw new CityError("not-found", `${dir} holds no tiles named z-x-y.mvt`);
  return tiles;
}

const lonOf = (x: number, zoom: number): number => (x / 2 ** zoom) * 360 - 180;
const latOf = (y: number, zoom: number): number => (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / 2 ** zoom))) * 180) / Math.PI;

export function boundsOfTiles(tiles: readonly QaTile[]): Bounds {
  return {
    west: Math.min(...tiles.map((t) => lonOf(t.x, t.zoom))), east: Math.max(...tiles.map((t) => lonOf(t.x + 1, t.zoom))),
    north: Math.max(...tiles.map((t) => latOf(t.y, t.zoom))), south: Math.min(...tiles.map((t) => latOf(t.y + 1, t.zoom))),
  };
}

/** Hands every feature of one tile to `take`. */
export async function readQaTile(tile: QaTile, take: (feature: OsmFeature) => void): Promise<number> {
  const bytes = await readFile(tile.path);
  if (bytes.length > MOST_TILE_BYTES) throw new CityError("bad-extract", `${tile.path} is ${bytes.length} bytes, expected at most ${MOST_TILE_BYTES}`);
  try {
    return decodeQaTile(bytes, tile, take);
  } catch (error) {
    throw new CityError("bad-extract", `${tile.path} is no readable vector tile: ${(error as Error).message}`);
  }
}

function decodeQaTile(bytes: Uint8Array, tile: QaTile, take: (feature: OsmFeature) => void): number {
  let count = 0;
  for (const layer of Object.values(new VectorTile(new PbfReader(bytes)).layers)) {
    const toE7 = (p: { readonly x: number; readonly y: number }): [number, number] => [
      Math.round(lonOf(tile.x + p.x / layer.extent, tile.zoom) * 1e7), Math.round(latOf(tile.y + p.y / layer.extent, tile.zoom) * 1e7),
    ];
    for (let i = 0; i < layer.length; i++) {
      const feature = layer.feature(i);
      const { id, element, tags } = describe(feature.properties);
      const rings = feature.loadGeometry().map((ring) => ring.flatMap(toE7));
      count++;
      if (feature.type === 1) for (const [lonE7, latE7] of rings) take({ id, element, tags, shape: "point", lonE7: lonE7!, latE7: latE7! });
      else if (feature.type === 2) for (const lineE7 of rings) take({ id, element, tags, shape: "line", lineE7 });
      else if (feature.type === 3) for (const ringsE7 of polygonsOf(rings)) take({ id, element, tags, shape: "area", ringsE7 });
    }
  }
  return count;
}

function describe(properties: Readonly<Record<string, unknown>>): { id: number; element: "node" | "way" | "relation"; tags: Tags } {
  const tags: Record<string, string> = {};
  for (const [key, value] of Object.entries(properties)) if (!key.startsWith("@")) tags[key] = String(value);
  const element = properties["@type"];
  return { id: Number(properties["@id"]), element: element === "way" || element === "relation" ? element : "node", tags };
}

/** Rings that turn like the first are polygons of their own, the others holes of the one before (vector tile specification 2.1, 4.3.4.4). */
function polygonsOf(rings: readonly number[][]): number[][][] {
  const polygons: number[][][] = [];
  let outerSign = 0;
  for (const ring of rings) {
    const sign = Math.sign(doubleArea(ring));
    if (sign === 0) continue;
    if (outerSign === 0) outerSign = sign;
    if (sign === outerSign) polygons.push([ring]);
    else polygons.at(-1)!.push(ring);
  }
  return polygons;
}

function doubleArea(ring: readonly number[]): number {
  let area = 0;
  for (let i = 0; i < ring.length; i += 2) {
    const j = (i + 2) % ring.length;
    area += (ring[i]! - ring[0]!) * (ring[j + 1]! - ring[1]!) - (ring[j]! - ring[0]!) * (ring[i + 1]! - ring[1]!);
  }
  return area;
}
