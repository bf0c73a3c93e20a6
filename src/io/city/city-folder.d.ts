import { z } from "zod";
import type { BuildingParts } from "../../geo/buildings.ts";
import { type CityModel } from "../../geo/city/city-model.ts";
import type { GazetteerParts } from "../../geo/gazetteer-parts.ts";
import type { RoadGraphParts } from "../../geo/road-graph.ts";
/** Raised whenever what is in the files, or how it is worked out of the map, changes. */
export declare const CITY_FORMAT_VERSION = 2;
export declare const CityManifest: z.ZodObject<{
    format: z.ZodLiteral<"citywatch-city">;
    version: z.ZodInt;
    name: z.ZodString;
    demo: z.ZodBoolean;
    timeZone: z.ZodString;
    cornerWord: z.ZodString;
    bounds: z.ZodObject<{
        west: z.ZodNumber;
        south: z.ZodNumber;
        east: z.ZodNumber;
        north: z.ZodNumber;
    }, z.core.$strip>;
    attribution: z.ZodString;
    notes: z.ZodArray<z.ZodString>;
    source: z.ZodString;
    importedAt: z.ZodString;
    counts: z.ZodObject<{
        roads: z.ZodInt;
        roadMetres: z.ZodNumber;
        nodes: z.ZodInt;
        edges: z.ZodInt;
        bannedTurns: z.ZodInt;
        streets: z.ZodInt;
        addresses: z.ZodInt;
        features: z.ZodInt;
        buildings: z.ZodInt;
        tiles: z.ZodInt;
    }, z.core.$strip>;
    tiles: z.ZodObject<{
        minZoom: z.ZodInt;
        maxZoom: z.ZodInt;
    }, z.core.$strip>;
    files: z.ZodRecord<z.ZodString, z.ZodInt>;
}, z.core.$strip>;
export type CityManifest = z.infer<typeof CityManifest>;
export interface CityParts {
    readonly graph: RoadGraphParts;
    readonly gazetteer: GazetteerParts;
    readonly buildings: BuildingParts;
}
export interface LoadedCity extends CityModel {
    readonly manifest: CityManifest;
    /** A vector tile packed with gzip, or null. */
    readonly findTile: (zoom: number, x: number, y: number) => Uint8Array | null;
    readonly close: () => void;
}
export declare const TILES_FILE = "map.mbtiles";
/**
 * Writes a city into `dir`, replacing one that is there; `writeTiles` gets the path for the tile file and returns how many tiles it wrote. Throws CityError "in-the-way" where
 * something else than a city is in the place.
 */
export declare function writeCityFolder(dir: string, parts: CityParts, manifest: Omit<CityManifest, "format" | "version" | "files">, writeTiles: (path: string) => Promise<number>): Promise<CityManifest>;
/** The manifest of a folder. Throws CityError: not-found, not-a-city, other-format. */
export declare function readCityManifest(dir: string): Promise<CityManifest>;
/** Reads a city from its folder. Throws CityError with what is wrong and what to do. */
export declare function loadCity(dir: string): Promise<LoadedCity>;
