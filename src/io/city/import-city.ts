// Makes a city folder of map data: the demo city of the Montevideo tiles, or any city of an OpenStreetMap extract. One builder serves both.
import { basename } from "node:path";
import { type BuiltCity, type CityBuilder, createCityBuilder } from "../../geo/city/city-builder.ts";
import type { Bounds } from "../../geo/point.ts";
import { CityError } from "./city-error.ts";
import { type CityManifest, writeCityFolder } from "./city-folder.ts";
import { MAP_MAX_ZOOM, MAP_MIN_ZOOM, drawMapTiles } from "./map-tiles.ts";
import { writeMbTiles } from "./mbtiles.ts";
import { readPbfExtract } from "./pbf-extract.ts";
import { boundsOfTiles, listQaTiles, montevideoTilesDir, readQaTile } from "./qa-tiles.ts";

export const OSM_ATTRIBUTION = "© OpenStreetMap contributors";

/** `done` of `of` parts of a step; `of` is null where the whole is not known. */
export type ImportProgress = (step: string, done: number, of: number | null) => void;

export interface ImportOptions {
  readonly dir: string;
  readonly progress: ImportProgress;
  /** Wall time in ms, for the manifest. */
  readonly now: number;
}

const DEMO_NOTES = [
  "Streets, house numbers, schools, police stations, hospitals, signals and buildings are real, as OpenStreetMap had them in 2017.",
  "Cameras, platforms, crews, guards and calls are invented.",
];

const SEA_NOTE = "The data has no coastline: the sea is drawn where mapped things end, for orientation only.";

/** Imports the demo city, the streets of Montevideo. */
export async function importDemoCity(options: ImportOptions): Promise<CityManifest> {
  const builder = createCityBuilder();
  const tiles = await listQaTiles(montevideoTilesDir());
  for (const [i, tile] of tiles.entries()) {
    options.progress("read the map", i, tiles.length);
    await readQaTile(tile, builder.add);
  }
  options.progress("read the map", tiles.length, tiles.length);
  return finishCity(builder, boundsOfTiles(tiles), { name: "Montevideo", demo: true, timeZone: "America/Montevideo", cornerWord: "y", notes: DEMO_NOTES, source: "osm-qa-montevideo" }, options);
}

export interface ExtractOptions extends ImportOptions {
  readonly file: string;
  readonly name?: string;
  readonly timeZone?: string;
}

/** Imports a city of an .osm.pbf extract. */
export async function importExtract(options: ExtractOptions): Promise<CityManifest> {
  const builder = createCityBuilder();
  options.progress("read the map", 0, 100);
  await readPbfExtract(options.file, builder, (share) => options.progress("read the map", Math.floor(share * 100), 100));
  const name = options.name ?? nameOfFile(options.file);
  return finishCity(builder, null, { name, demo: false, timeZone: options.timeZone ?? "UTC", cornerWord: "/", notes: [], source: basename(options.file) }, options);
}

/** "porto-centre.osm.pbf" is Porto Centre. */
function nameOfFile(path: string): string {
  const bare = basename(path).replace(/(-latest)?(\.osm)?\.pbf$/i, "");
  return bare.split(/[-_ ]+/).filter((word) => word !== "").map((word) => word[0]!.toUpperCase() + word.slice(1)).join(" ") || "City";
}

async function finishCity(
  builder: CityBuilder, bounds: Bounds | null, facts: Pick<CityManifest, "name" | "demo" | "timeZone" | "cornerWord" | "notes" | "source">, options: ImportOptions,
): Promise<CityManifest> {
  options.progress("build roads and places", 0, 1);
  const built = builder.finish(bounds, { guessSea: facts.demo });
  if (!built.ok) throw new CityError(built.error.code, built.error.message);
  options.progress("build roads and places", 1, 1);
  const city = built.value;
  const manifest = await writeCityFolder(
    options.dir, city, { ...facts, notes: city.sea === "guessed" ? [...facts.notes, SEA_NOTE] : facts.notes, bounds: city.bounds, attribution: OSM_ATTRIBUTION, importedAt: new Date(options.now).toISOString(), counts: countsOf(city), tiles: { minZoom: MAP_MIN_ZOOM, maxZoom: MAP_MAX_ZOOM } },
    (path) => writeMbTiles(path, { name: facts.name, bounds: city.bounds, attribution: OSM_ATTRIBUTION, minZoom: MAP_MIN_ZOOM, maxZoom: MAP_MAX_ZOOM }, drawMapTiles(city.map, city.bounds, (done, of) => options.progress("draw the map", done, of))),
  );
  options.progress("write the city", 1, 1);
  return manifest;
}

function countPaths(paths: Uint32Array): number {
  let count = 0;
  for (let i = 0; i < paths.length; i += paths[i]! + 1) count++;
  return count;
}

const countsOf = (city: BuiltCity): CityManifest["counts"] => ({
  roads: city.map.get("roads")?.length ?? 0, roadMetres: Math.round(city.roadMetres), nodes: city.graph.nodeLonE7.length, edges: city.graph.edgeFrom.length, bannedTurns: city.graph.bannedTurns.length / 2, bannedPaths: countPaths(city.graph.bannedPaths), turnsLeftOut: city.turnsLeftOut,
  streets: city.gazetteer.streetNames.length, addresses: city.gazetteer.addressNumber.length, features: city.gazetteer.featureKind.length, buildings: city.buildings.heightDm.length, tiles: 0,
});
