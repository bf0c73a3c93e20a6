// The cameras as a vector tile (Mapbox Vector Tile 2.1, layer "cameras"), made from memory for each request: the register changes, and 600,000 points are
// a few milliseconds. From zoom 15 on every camera is a point; below, cameras that fall together are one point with their `count` and how many
// of them are `failing`.
import vtpbf from "vt-pbf";
import type { Bounds } from "../../geo/point.ts";
import type { CameraState } from "./camera-health.ts";
import type { CameraIndex } from "./camera-index.ts";

const EXTENT = 4096;
const BUFFER = 64;
const ALL_FROM_ZOOM = 15;
const CLUSTER_UNITS = 128; // of the extent: 16 px of a tile of 512
const MOST_POINTS = 20_000;

interface Feature {
  readonly id: number;
  readonly type: 1;
  readonly geometry: [number, number][];
  readonly tags: Record<string, string | number>;
}

/** Degrees of a tile with its buffer (Web Mercator, EPSG:3857). */
export function tileBounds(z: number, x: number, y: number): Bounds {
  const n = 2 ** z;
  const margin = BUFFER / EXTENT;
  const lonAt = (column: number): number => Math.max(-180, Math.min(180, (column / n) * 360 - 180));
  const latAt = (row: number): number => (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / n))) * 180) / Math.PI;
  return { west: lonAt(x - margin), east: lonAt(x + 1 + margin), north: latAt(y - margin), south: latAt(y + 1 + margin) };
}

export function encodeCameraTile(index: CameraIndex, stateOf: (cameraId: number) => CameraState, z: number, x: number, y: number): Uint8Array {
  const n = 2 ** z;
  const single = z >= ALL_FROM_ZOOM;
  const clusters = new Map<number, { id: number; px: number; py: number; count: number; failing: number }>();
  index.forEachIn(tileBounds(z, x, y), (id, lon, lat) => {
    const sin = Math.sin((lat * Math.PI) / 180);
    const px = Math.round(((lon + 180) / 360) * n * EXTENT - x * EXTENT);
    const py = Math.round((0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * n * EXTENT - y * EXTENT);
    const key = single ? clusters.size : (Math.floor(py / CLUSTER_UNITS) + 1) * 1_000 + Math.floor(px / CLUSTER_UNITS) + 1;
    const cluster = clusters.get(key);
    const failing = stateOf(id) === "failing" ? 1 : 0;
    if (cluster === undefined) {
      if (clusters.size < MOST_POINTS) clusters.set(key, { id, px, py, count: 1, failing });
    } else {
      cluster.count++;
      cluster.failing += failing;
      if (id < cluster.id) Object.assign(cluster, { id, px, py }); // the same camera stands for the others at each request
    }
  });
  const features: Feature[] = [];
  for (const { id, px, py, count, failing } of clusters.values()) {
    const camera = index.find(id)!;
    features.push({
      id, type: 1, geometry: [[px, py]],
      tags: { id, code: camera.code, state: stateOf(id), bearing: camera.bearingDeg, kind: camera.kind, ...(count > 1 ? { count, failing } : {}) },
    });
  }
  return vtpbf.fromGeojsonVt({ cameras: { features } as never }, { version: 2, extent: EXTENT });
}
