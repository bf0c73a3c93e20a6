// Draws the base map: vector tiles of each zoom from the city's features, cut by geojson-vt, written by vt-pbf, packed with gzip. What is drawn from which zoom on is
// decided here, so that a far view stays light. House numbers come only in the nearest zoom.
import { setImmediate as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { FeatureCollection, Geometry } from "geojson";
import GeoJSONVT, { type LegacyTile } from "geojson-vt";
import vtPbf from "vt-pbf";
import type { MapFeature, MapShape } from "../../geo/city/map-feature.ts";
import type { MapLayer } from "../../geo/city/feature-kinds.ts";
import type { Bounds } from "../../geo/point.ts";

export const MAP_MIN_ZOOM = 9;
export const MAP_MAX_ZOOM = 15;
const EXTENT = 4096;
const BUFFER = 64;
const TOLERANCE = 4;
/** Tiles around the city that hold nothing are not written; the map's background stands for them. */
const MOST_TILES = 400_000;

export interface DrawnTile {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
  readonly gzip: Uint8Array;
}

const FIRST_ZOOM_OF_LAYER: Record<MapLayer, number> = {
  sea: 9, landuse: 11, green: 11, water: 9, waterway: 12, aeroway: 11, railway: 11, buildings: 14, roads: 9, places: 9, pois: 13, addresses: 15,
};
const FIRST_ZOOM_OF_ROAD: Record<string, number> = {
  motorway: 9, trunk: 9, primary: 9, secondary: 10, tertiary: 11, unclassified: 12, residential: 12, "living-street": 13, "motorway-link": 11, "trunk-link": 11, "primary-link": 12,
};
const FIRST_ZOOM_OF_OTHER_ROAD = 13;
const FIRST_ZOOM_OF_PATH = 14;
const PLACES_UP_TO_RANK = [[12, 1], [13, 3], [14, 4]] as const;

/** Whether a feature is drawn at a zoom. */
export function isDrawnAt(layer: MapLayer, properties: Readonly<Record<string, unknown>>, zoom: number): boolean {
  if (zoom < FIRST_ZOOM_OF_LAYER[layer]) return false;
  if (layer === "roads") {
    const roadClass = String(properties["class"]);
    return zoom >= (FIRST_ZOOM_OF_ROAD[roadClass] ?? (roadClass === "path" ? FIRST_ZOOM_OF_PATH : FIRST_ZOOM_OF_OTHER_ROAD));
  }
  if (layer === "places") return PLACES_UP_TO_RANK.every(([below, rank]) => zoom >= below || Number(properties["rank"]) <= rank);
  if (layer === "pois") return zoom >= (properties["kind"] === "signal" || properties["kind"] === "landmark" ? 15 : 13);
  if (layer === "waterway") return zoom >= 14 || properties["kind"] === "river" || properties["kind"] === "canal";
  return true;
}

const tileX = (lon: number, zoom: number): number => Math.floor(((lon + 180) / 360) * 2 ** zoom);
const tileY = (lat: number, zoom: number): number => {
  const sine = Math.sin((lat * Math.PI) / 180);
  return Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 2 ** zoom);
};

/** Draws every tile within the bounds that has anything on it. `progress` is told of each zoom row. */
export async function* drawMapTiles(map: ReadonlyMap<MapLayer, readonly MapFeature[]>, bounds: Bounds, progress: (done: number, of: number) => void): AsyncGenerator<DrawnTile> {
  const edge = 1e-9; // a border that lies on a tile's edge belongs to the tile inside
  const rows: { zoom: number; y: number; west: number; east: number }[] = [];
  for (let zoom = MAP_MIN_ZOOM; zoom <= MAP_MAX_ZOOM; zoom++) {
    for (let y = tileY(bounds.north - edge, zoom); y <= tileY(bounds.south + edge, zoom); y++) rows.push({ zoom, y, west: tileX(bounds.west + edge, zoom), east: tileX(bounds.east - edge, zoom) });
  }
  const total = rows.reduce((sum, row) => sum + row.east - row.west + 1, 0);
  if (total > MOST_TILES) throw new RangeError(`the city would need ${total} map tiles, expected at most ${MOST_TILES}`);
  const indexes = [...map].map(([layer, features]) => ({ layer, index: new GeoJSONVT(collectionOf(features), { maxZoom: MAP_MAX_ZOOM, indexMaxZoom: 8, indexMaxPoints: 0, extent: EXTENT, buffer: BUFFER, tolerance: TOLERANCE }) }));
  let done = 0;
  for (const { zoom, y, west, east } of rows) {
    for (let x = west; x <= east; x++) {
      const gzip = drawTile(indexes, zoom, x, y);
      if (gzip !== null) yield { zoom, x, y, gzip };
    }
    done += east - west + 1;
    progress(done, total);
    await pause();
  }
}

function drawTile(indexes: readonly { readonly layer: MapLayer; readonly index: GeoJSONVT }[], zoom: number, x: number, y: number): Uint8Array | null {
  const layers: Record<string, LegacyTile> = {};
  for (const { layer, index } of indexes) {
    if (zoom < FIRST_ZOOM_OF_LAYER[layer]) continue;
    const features = index.getTile(zoom, x, y)?.features.filter((f) => isDrawnAt(layer, f.tags ?? {}, zoom)) ?? [];
    if (features.length > 0) layers[layer] = { features };
  }
  return Object.keys(layers).length === 0 ? null : gzipSync(vtPbf.fromGeojsonVt(layers, { version: 2, extent: EXTENT }), { level: 6 });
}

const collectionOf = (features: readonly MapFeature[]): FeatureCollection => ({
  type: "FeatureCollection", features: features.map((f) => ({ type: "Feature", geometry: geometryOf(f.shape), properties: f.properties })),
});

function geometryOf(shape: MapShape): Geometry {
  if (shape.type === "point") return { type: "Point", coordinates: [shape.lonE7 / 1e7, shape.latE7 / 1e7] };
  if (shape.type === "line") return { type: "LineString", coordinates: pairsOf(shape.lineE7) };
  return { type: "Polygon", coordinates: shape.ringsE7.map((ring) => closed(pairsOf(ring))) };
}

function pairsOf(flatE7: readonly number[]): number[][] {
  const pairs: number[][] = [];
  for (let i = 0; i + 1 < flatE7.length; i += 2) pairs.push([flatE7[i]! / 1e7, flatE7[i + 1]! / 1e7]);
  return pairs;
}

function closed(ring: number[][]): number[][] {
  const first = ring[0];
  const last = ring.at(-1);
  return first !== undefined && last !== undefined && (first[0] !== last[0] || first[1] !== last[1]) ? [...ring, first] : ring;
}
