import type { MapFeature } from "../../geo/city/map-feature.ts";
import type { MapLayer } from "../../geo/city/feature-kinds.ts";
import type { Bounds } from "../../geo/point.ts";
export declare const MAP_MIN_ZOOM = 9;
export declare const MAP_MAX_ZOOM = 15;
export interface DrawnTile {
    readonly zoom: number;
    readonly x: number;
    readonly y: number;
    readonly gzip: Uint8Array;
}
/** Whether a feature is drawn at a zoom. */
export declare function isDrawnAt(layer: MapLayer, properties: Readonly<Record<string, unknown>>, zoom: number): boolean;
/** Draws every tile within the bounds that has anything on it. `progress` is told of each zoom row. */
export declare function drawMapTiles(map: ReadonlyMap<MapLayer, readonly MapFeature[]>, bounds: Bounds, progress: (done: number, of: number) => void): AsyncGenerator<DrawnTile>;
