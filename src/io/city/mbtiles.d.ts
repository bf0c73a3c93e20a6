import type { Bounds } from "../../geo/point.ts";
import type { DrawnTile } from "./map-tiles.ts";
export interface MbTilesFacts {
    readonly name: string;
    readonly bounds: Bounds;
    readonly attribution: string;
    readonly minZoom: number;
    readonly maxZoom: number;
}
/** Writes a new file; returns how many tiles went in. The path must not exist. */
export declare function writeMbTiles(path: string, facts: MbTilesFacts, tiles: AsyncIterable<DrawnTile>): Promise<number>;
export interface MbTiles {
    /** The tile, packed with gzip; null where there is none. Rows count from the north, as in URLs. */
    readonly findTile: (zoom: number, x: number, y: number) => Uint8Array | null;
    readonly close: () => void;
}
/** Opens a tile file for reading; throws CityError where it is none. */
export declare function openMbTiles(path: string): MbTiles;
