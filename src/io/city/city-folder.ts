// A city on disk: manifest.json, graph.bin, hierarchy.bin, gazetteer.bin, buildings.bin, map.mbtiles. A folder is written beside its place and renamed into it, so that a half-written city
// never has the right name. Every .bin carries its own checksum; the manifest says how long each file must be.
import { open, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import type { BuildingParts } from "../../geo/buildings.ts";
import { type CityFacts, type CityModel, type CityParts, type HierarchyParts, createCityModel } from "../../geo/city/city-model.ts";
import type { GazetteerParts } from "../../geo/gazetteer-parts.ts";
import { type RoadGraphParts, createRoadGraph } from "../../geo/road-graph.ts";
import { createRoads } from "../../geo/roads.ts";
import { CityError } from "./city-error.ts";
import { type MbTiles, openMbTiles } from "./mbtiles.ts";
import { type Sections, decodeSections, encodeSections, sectionReader } from "./section-file.ts";

/** Raised whenever what is in the files, or how it is worked out of the map, changes. */
export const CITY_FORMAT_VERSION = 4;
/** From then on a graph has banned paths; in all else the one before is the same. */
const WITH_PATHS = 4;
const OLDEST_READ = 3;

const Bounds = z.object({ west: z.number(), south: z.number(), east: z.number(), north: z.number() });
export const CityManifest = z.object({
  format: z.literal("citywatch-city"), version: z.int(), name: z.string(), demo: z.boolean(), timeZone: z.string(), cornerWord: z.string(), bounds: Bounds, attribution: z.string(),
  notes: z.array(z.string()), source: z.string(), importedAt: z.string(),
  counts: z.object({ roads: z.int(), roadMetres: z.number(), nodes: z.int(), edges: z.int(), bannedTurns: z.int(), bannedPaths: z.int().default(0), turnsLeftOut: z.object({ hours: z.int(), vehicles: z.int(), incomplete: z.int() }).optional(), streets: z.int(), addresses: z.int(), features: z.int(), buildings: z.int(), tiles: z.int() }),
  tiles: z.object({ minZoom: z.int(), maxZoom: z.int() }),
  files: z.record(z.string(), z.int()),
});
export type CityManifest = z.infer<typeof CityManifest>;

export interface LoadedCity extends CityModel {
  readonly manifest: CityManifest;
  /** A vector tile packed with gzip, or null. */
  readonly findTile: (zoom: number, x: number, y: number) => Uint8Array | null;
  readonly close: () => void;
}

const PART_FILES = { graph: "graph.bin", hierarchy: "hierarchy.bin", gazetteer: "gazetteer.bin", buildings: "buildings.bin" } as const;
export const TILES_FILE = "map.mbtiles";

const sectionsOf = (part: object): Sections => part as Sections;

/**
 * Writes a city into `dir`, replacing one that is there; `writeTiles` gets the path for the tile file and returns how many tiles it wrote. Throws CityError "in-the-way" where
 * something else than a city is in the place.
 */
export async function writeCityFolder(dir: string, parts: CityParts, manifest: Omit<CityManifest, "format" | "version" | "files">, writeTiles: (path: string) => Promise<number>): Promise<CityManifest> {
  await refuseStranger(dir);
  await mkdir(dirname(dir), { recursive: true });
  const temporary = join(dirname(dir), `.${basename(dir)}.${process.pid}.part`);
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary);
  try {
    const files: Record<string, number> = {};
    for (const [part, name] of Object.entries(PART_FILES)) {
      const bytes = encodeSections(sectionsOf(parts[part as keyof CityParts]));
      await writeDurably(join(temporary, name), bytes);
      files[name] = bytes.length;
    }
    const tiles = await writeTiles(join(temporary, TILES_FILE));
    files[TILES_FILE] = (await stat(join(temporary, TILES_FILE))).size;
    const whole: CityManifest = { format: "citywatch-city", version: CITY_FORMAT_VERSION, ...manifest, counts: { ...manifest.counts, tiles }, files };
    await writeDurably(join(temporary, "manifest.json"), new TextEncoder().encode(`${JSON.stringify(whole, null, 2)}\n`));
    const old = `${temporary}.old`;
    await rm(old, { recursive: true, force: true });
    await rename(dir, old).catch(() => undefined);
    await rename(temporary, dir);
    await rm(old, { recursive: true, force: true });
    return whole;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** Nothing but a city is ever replaced. */
async function refuseStranger(dir: string): Promise<void> {
  const there = await stat(dir).catch(() => null);
  if (there === null) return;
  if (!there.isDirectory() || (await stat(join(dir, "manifest.json")).catch(() => null)) === null) throw new CityError("in-the-way", `${dir} exists and holds no city: choose another place or remove it`);
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(path, bytes, { flag: "wx" });
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The manifest of a folder. Throws CityError: not-found, not-a-city, other-format. */
export async function readCityManifest(dir: string): Promise<CityManifest> {
  const path = join(dir, "manifest.json");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    throw new CityError("not-found", `there is no city in ${dir}: ${path} cannot be read`);
  }
  const version = versionOf(text);
  if (version === null) throw new CityError("not-a-city", `${path} is not the manifest of a city`);
  if (version < OLDEST_READ || version > CITY_FORMAT_VERSION) {
    throw new CityError("other-format", `${path} has format version ${version}, expected ${CITY_FORMAT_VERSION}: ${version > CITY_FORMAT_VERSION ? "it was made by a newer Citywatch" : "import the city again"}`);
  }
  const manifest = CityManifest.safeParse(JSON.parse(text));
  if (!manifest.success) {
    const issue = manifest.error.issues[0]!;
    throw new CityError("damaged", `${path} is damaged: ${issue.path.join(".")}: ${issue.message}`);
  }
  return manifest.data;
}

function versionOf(text: string): number | null {
  try {
    const value = JSON.parse(text) as { format?: unknown; version?: unknown } | null;
    return value?.format === "citywatch-city" && Number.isInteger(value.version) ? (value.version as number) : null;
  } catch {
    return null;
  }
}

/** Of a city what roads are worked with, for a thread that asks for nothing else. Throws as `loadCity`. */
export async function loadRoads(dir: string): Promise<Pick<LoadedCity, "graph" | "roads" | "manifest" | "timeZone">> {
  const manifest = await readCityManifest(dir);
  const graph = createRoadGraph(await readGraph(dir, manifest));
  const roads = graph.ok ? createRoads(graph.value, (await readHierarchy(dir)).stateOrder) : graph;
  if (!roads.ok) throw new CityError("damaged", `${dir} is damaged: ${roads.error.field}: expected ${roads.error.expected}`);
  return { graph: roads.value.graph, roads: roads.value, manifest, timeZone: manifest.timeZone };
}

/** Reads a city from its folder. Throws CityError with what is wrong and what to do. */
export async function loadCity(dir: string): Promise<LoadedCity> {
  const manifest = await readCityManifest(dir);
  for (const [name, bytes] of Object.entries(manifest.files)) {
    const there = await stat(join(dir, basename(name))).catch(() => null);
    if (there === null) throw new CityError("damaged", `${join(dir, name)} is missing: import the city again`);
    if (there.size !== bytes) throw new CityError("damaged", `${join(dir, name)} is ${there.size} bytes, expected ${bytes}: import the city again`);
  }
  const facts: CityFacts = { name: manifest.name, timeZone: manifest.timeZone, bounds: manifest.bounds, attribution: manifest.attribution, cornerWord: manifest.cornerWord };
  const model = createCityModel(facts, { graph: await readGraph(dir, manifest), hierarchy: await readHierarchy(dir), gazetteer: await readGazetteer(dir), buildings: await readBuildings(dir) });
  if (!model.ok) throw new CityError("damaged", `${dir} is damaged: ${model.error.field}: expected ${model.error.expected}`);
  const tiles: MbTiles = openMbTiles(join(dir, TILES_FILE));
  return { ...model.value, manifest, findTile: tiles.findTile, close: tiles.close };
}

async function readPart<T>(dir: string, name: string, take: (read: ReturnType<typeof sectionReader>) => T): Promise<T> {
  const path = join(dir, name);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new CityError("damaged", `${path} cannot be read: ${error.code ?? "unknown"}`);
  });
  const sections = decodeSections(bytes);
  if (!sections.ok) throw new CityError("damaged", `${path} ${sections.error}: import the city again`);
  const read = sectionReader(sections.value);
  const part = take(read);
  const missing = read.missing();
  if (missing !== null) throw new CityError("damaged", `${path} lacks its section ${missing}: import the city again`);
  return part;
}

const readGraph = (dir: string, { version }: CityManifest): Promise<RoadGraphParts> =>
  readPart(dir, PART_FILES.graph, ({ array, strings }) => ({
    nodeLonE7: array("nodeLonE7", Int32Array), nodeLatE7: array("nodeLatE7", Int32Array), edgeFrom: array("edgeFrom", Uint32Array), edgeTo: array("edgeTo", Uint32Array),
    edgeLengthM: array("edgeLengthM", Float32Array), edgeClass: array("edgeClass", Uint8Array), edgeSpeedKmh: array("edgeSpeedKmh", Uint8Array), edgeDirections: array("edgeDirections", Uint8Array),
    edgeStreet: array("edgeStreet", Int32Array), shapeFirst: array("shapeFirst", Uint32Array), shapeE7: array("shapeE7", Int32Array), bannedTurns: array("bannedTurns", Uint32Array), bannedPaths: version < WITH_PATHS ? new Uint32Array(0) : array("bannedPaths", Uint32Array),
    streetNames: strings("streetNames"),
  }));

const readHierarchy = (dir: string): Promise<HierarchyParts> => readPart(dir, PART_FILES.hierarchy, ({ array }) => ({ stateOrder: array("stateOrder", Uint32Array) }));

const readGazetteer = (dir: string): Promise<GazetteerParts> =>
  readPart(dir, PART_FILES.gazetteer, ({ array, strings }) => ({
    streetNames: strings("streetNames"), streetDistrict: array("streetDistrict", Int32Array), streetLonE7: array("streetLonE7", Int32Array), streetLatE7: array("streetLatE7", Int32Array),
    streetRadiusM: array("streetRadiusM", Float32Array), addressFirst: array("addressFirst", Uint32Array), addressNumber: array("addressNumber", Int32Array), addressSuffix: array("addressSuffix", Uint16Array),
    addressLonE7: array("addressLonE7", Int32Array), addressLatE7: array("addressLatE7", Int32Array), suffixes: strings("suffixes"), districtNames: strings("districtNames"),
    districtLonE7: array("districtLonE7", Int32Array), districtLatE7: array("districtLatE7", Int32Array), featureKind: array("featureKind", Uint8Array), featureNames: strings("featureNames"),
    featureLonE7: array("featureLonE7", Int32Array), featureLatE7: array("featureLatE7", Int32Array), featureRadiusM: array("featureRadiusM", Float32Array), featureDistrict: array("featureDistrict", Int32Array),
    featureBearing: array("featureBearing", Int16Array),
  }));

const readBuildings = (dir: string): Promise<BuildingParts> =>
  readPart(dir, PART_FILES.buildings, ({ array }) => ({ ringFirst: array("ringFirst", Uint32Array), ringE7: array("ringE7", Int32Array), heightDm: array("heightDm", Uint16Array) }));
