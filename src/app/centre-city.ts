// The city as the API sees it: facts, search, tiles, what a spot is called, and which cameras see it. Places that the register adds (cameras, platforms,
// campuses) are put into the gazetteer here and kept there as they change.
import { createHash } from "node:crypto";
import type { CameraRegistry, NamePlace } from "../api/cameras/camera-registry.ts";
import type { PlatformBook, Roadside } from "../api/duty/platform-book.ts";
import type { CityPort, SeeingPort, TimerPort } from "../api/ports.ts";
import type { Clock } from "../base/time.ts";
import type { Campus } from "../contract/city.ts";
import type { Closure } from "../dispatch/entities.ts";
import { findReachedAreas } from "../geo/isochrone.ts";
import { edgeName } from "../geo/road-graph.ts";
import type { AddedPlace } from "../geo/gazetteer.ts";
import { type LargeCodes, sortCodes } from "../geo/large-codes.ts";
import { distanceM, type Point } from "../geo/point.ts";
import { nearestNode, nodePoint, snapToRoad } from "../geo/road-snap.ts";
import { findEdgesOfPiece, pieceOfEdge } from "../geo/road-pieces.ts";
import { type RoadHour, SPEED_SHARES, roadHourOf } from "../geo/road-hours.ts";
import { closeRoads, forkRoads, setRoadHour } from "../geo/roads.ts";
import { sunAt } from "../geo/sun.ts";
import type { LoadedCity } from "../io/city/city-folder.ts";
import { camerasThatSee } from "../workflow/cameras-that-see.ts";
import type { DispatchServiceOptions } from "../workflow/dispatch-service.ts";
import { roadTimesOf } from "../workflow/ranking.ts";
import type { Logger } from "./roles.ts";

const NAME_REACH_M = 150;
const CLOSE_REACH_M = 100;
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const SETTLE_MS = 2_000; // a list of cameras that is being imported is put in once
const PREPARE_EVERY_MS = 250; // what waits after a crash is served first
/** Up to here cameras are found by their names, too. */
const MOST_CAMERAS_BY_NAME = 50_000;
/** So many codes that changed are looked through in each search; beyond it all are sorted anew. */
const MOST_CODES_CHANGED = 5_000;

export function createCityPort(city: LoadedCity, demo: boolean): CityPort {
  const { manifest } = city;
  return {
    facts: {
      name: city.name, demo, bounds: city.bounds, centre: city.centre, timeZone: city.timeZone, attribution: city.attribution,
      notice: demo && manifest.notes.length > 0 ? manifest.notes.join(" ") : null,
      counts: { streets: manifest.counts.streets, addresses: manifest.counts.addresses, edges: manifest.counts.edges },
      tiles: { base: "/tiles/base/{z}/{x}/{y}.mvt", cameras: "/tiles/cameras/{z}/{x}/{y}.mvt", minZoom: manifest.tiles.minZoom, maxZoom: manifest.tiles.maxZoom },
    },
    searchPlaces: (query, limit, near) => {
      const { places, reason } = city.gazetteer.search(query, { limit, near });
      return { places: [...places], reason: reason === null ? null : { code: reason.code, params: { ...reason.params } }, camerasByCodeOnly: city.gazetteer.isFoundByCodeAlone("camera") };
    },
    findTile: city.findTile,
    listDistricts: () => city.gazetteer.parts.districtNames,
    findReach: inTurns((point: Point, seconds: readonly number[]) => findReachedAreas(city.roads, point, seconds)),
    findNearRoad: (point) => {
      const at = snapToRoad(city.graph, point, CLOSE_REACH_M);
      if (at === null) return null;
      const { edge, ...piece } = pieceOfEdge(city.graph, at.edge);
      return { ...piece, closed: city.roads.closed.has(edge) };
    },
  };
}

/** Runs work that comes in steps, one step at a turn of the loop and one work at a time: commands go on between them. */
function inTurns<A extends unknown[], R>(begin: (...asked: A) => Generator<void, R>): (...asked: A) => Promise<R> {
  let last: Promise<unknown> = Promise.resolve();
  return (...asked) => {
    const mine = last.then(async () => {
      const steps = begin(...asked);
      for (;;) {
        const { done, value } = steps.next();
        if (done === true) return value;
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    last = mine.catch(() => undefined);
    return mine;
  };
}

/** [REC5] By which a decision tells that the speeds of the hours, or the hours themselves, are others than when it was made. */
export function versionOfSpeeds(shares: object = SPEED_SHARES, hourOf: typeof roadHourOf = roadHourOf): string {
  const week = WEEKDAYS.map((_, weekday) => Array.from({ length: 24 }, (_hour, hour) => hourOf(hour, weekday)));
  return createHash("sha256").update(JSON.stringify([shares, week])).digest("hex").slice(0, 12);
}

/** Roads for dispatch: a closure names them by where they run, and its pieces are found on the map of today. */
/** `byHour`: times are those of the kind of hour that it is in the city. */
export function createRoadClosing(city: Pick<LoadedCity, "graph" | "roads" | "manifest" | "timeZone">, log: Pick<Logger, "warn">, byHour = false): Required<DispatchServiceOptions>["roads"] {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: city.timeZone, hour: "2-digit", hourCycle: "h23", weekday: "short" });
  const hourAt = (at: number): RoadHour => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return byHour ? roadHourOf(Number(parts["hour"]), WEEKDAYS.indexOf(parts["weekday"] ?? "")) : "day";
  };
  let hour: RoadHour = "day";
  const findEdges = (closures: readonly Closure[]): Set<number> => {
    const edges = new Set<number>();
    for (const { id, pieces } of closures) {
      for (const piece of pieces) {
        const found = findEdgesOfPiece(city.graph, piece);
        if (found.length === 0) log.warn({ closureId: id, road: piece.name }, "a closed road is not on this map any more: it closes nothing");
        for (const edge of found) edges.add(edge);
      }
    }
    return edges;
  };
  return {
    findRoad: (piece) => {
      const [edge] = findEdgesOfPiece(city.graph, piece);
      if (edge === undefined) return null;
      const { name, path } = pieceOfEdge(city.graph, edge);
      return { name, path };
    },
    close: (closures) => closeRoads(city.roads, findEdges(closures)),
    version: `${city.manifest.name}, imported ${city.manifest.importedAt}, speeds ${versionOfSpeeds()}`,
    setTime: (now) => {
      const next = hourAt(now);
      if (next !== hour) setRoadHour(city.roads, next);
      hour = next;
    },
    timesAt: (closures, at) => {
      const roads = forkRoads(city.roads, hourAt(at));
      closeRoads(roads, findEdges(closures));
      return roadTimesOf(roads);
    },
  };
}

/** The street beside a spot, or its coordinates where no street is near. */
export const createNamePlace = (city: LoadedCity): NamePlace => (point) => {
  const road = snapToRoad(city.graph, point, NAME_REACH_M);
  const street = road === null ? null : edgeName(city.graph, road.edge);
  return { place: street ?? `${point.lat.toFixed(5)}, ${point.lon.toFixed(5)}`, district: city.gazetteer.districtAt(point) };
};

const AT_CROSSING_M = 30;
/** A platform is a roadside post: farther from any road it is a slip in its coordinates. */
export const PLATFORM_REACH_M = 150;
export const createRoadside = (city: LoadedCity) => (point: Point): Roadside => {
  const at = snapToRoad(city.graph, point, PLATFORM_REACH_M);
  return { road: at === null ? null : { name: edgeName(city.graph, at.edge), metres: Math.round(at.distanceM) }, district: city.gazetteer.districtAt(point) };
};

/** As `createNamePlace`, but a crossing where the spot lies at one, and null where no street is near: coordinates tell nobody where to run. */
export const createNameSpot = (city: LoadedCity) => {
  const namePlace = createNamePlace(city);
  return (point: Point): { place: string; district: string | null } | null => {
    const node = nearestNode(city.graph, point);
    if (node === null) return null;
    const streets = distanceM(nodePoint(city.graph, node), point) <= AT_CROSSING_M ? city.gazetteer.crossings.streetsAt(node) : [];
    return streets.length >= 2 ? { place: city.gazetteer.crossingLabel(streets), district: city.gazetteer.districtAt(point) } : namePlace(point);
  };
};

export const createSeeing = (city: LoadedCity, { index, health }: CameraRegistry, clock: Clock): SeeingPort => {
  const status = {
    find: (cameraId: number) => {
      const camera = index.find(cameraId);
      return camera === null ? undefined : { code: camera.code, name: camera.name, state: health.stateOf(cameraId), hasStream: camera.hasStream, records: camera.hasStream && index.isJoinedAlways(cameraId), recordedSince: health.find(cameraId).recorded?.since ?? null, nightView: camera.nightView, fault: health.pictureFaultOf(cameraId) };
    },
  };
  return async ({ lon, lat, limit, uncertaintyM }) => camerasThatSee(index.sight, city.buildings, status, { lon, lat }, sunAt(clock.wallMs(), { lon, lat }), limit, uncertaintyM);
};

/** Makes what the first recommendation, the first look for cameras and the first search for a place would wait for, a part at a time with commands between them. Returns the function that ends that. */
export function prepareCity(city: Pick<LoadedCity, "graph" | "roads" | "gazetteer" | "buildings">, timers: TimerPort): () => void {
  const steps = (function* () {
    yield void city.roads.hierarchy;
    yield void city.roads.metric;
    yield void city.graph.edgeBoxes;
    yield void city.buildings.boxes;
    yield* city.gazetteer.prepare();
  })();
  const stop = timers.every(PREPARE_EVERY_MS, () => {
    if (steps.next().done === true) stop();
  });
  return stop;
}

/** Puts the added places in and keeps the platforms' and cameras' up to date. Returns the function that ends that. */
export function keepPlacesFindable(city: LoadedCity, registry: CameraRegistry, platforms: Pick<PlatformBook, "subscribe">, campuses: readonly Campus[], timers: TimerPort, log: Logger, mostByName = MOST_CAMERAS_BY_NAME): () => void {
  platforms.subscribe((standing) => city.gazetteer.setAdded("platform", () => standing.map((platform) => ({ ...platform, kind: "platform" }))));
  city.gazetteer.setAdded("school", () => campuses.map((campus) => ({ ...campus, kind: "school", district: city.gazetteer.districtAt(campus.point) })));
  const cameras = keepCamerasFindable(city, registry, log, mostByName);
  cameras.take([]);
  let cancel: (() => void) | null = null;
  let changed: number[] = [];
  const unsubscribe = registry.subscribe(({ ids }) => {
    for (const id of ids) changed.push(id);
    cancel ??= timers.after(SETTLE_MS, () => {
      cancel = null;
      const taking = changed;
      changed = [];
      cameras.take(taking);
    });
  });
  return () => {
    unsubscribe();
    cancel?.();
    cameras.stop();
  };
}

/** Cameras as places of the search. `take` is told which changed, none at first. Where there are many they are found by their codes alone, and not before these are sorted, which is done in turns of the loop. */
function keepCamerasFindable(city: LoadedCity, { index }: CameraRegistry, log: Logger, most: number): { readonly take: (ids: readonly number[]) => void; readonly stop: () => void } {
  const placeOf = (id: number): AddedPlace | null => {
    const camera = index.find(id);
    if (camera === null) return null;
    const { point } = index.sight.find(id)!;
    return { kind: "camera", id, code: camera.code, name: camera.name, point, district: city.gazetteer.districtAt(point) };
  };
  let codes: LargeCodes | null = null;
  let stopped = false;
  let working: Promise<void> = Promise.resolve();
  const sortAll = async (): Promise<void> => {
    const startedAt = performance.now();
    const ids: number[] = [];
    index.forEachId((id) => void ids.push(id));
    if (codes === null) city.gazetteer.setFinder("camera", () => []);
    city.gazetteer.setAdded("camera", () => []);
    const steps = sortCodes(ids, (id) => index.find(id)?.code ?? null);
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) {
        codes = value;
        break;
      }
      await new Promise((resolve) => setImmediate(resolve));
      if (stopped) return;
    }
    const sorted = codes;
    city.gazetteer.setFinder("camera", (query, limit) => sorted.search(query, limit).flatMap(({ id, exact }) => {
      const place = placeOf(id);
      return place === null ? [] : [{ place, exact }];
    }));
    log.info({ cameras: ids.length, most, ms: Math.round(performance.now() - startedAt) }, "so many cameras are completed as places by their codes, not by their names; the register's search finds names");
  };
  const work = async (ids: readonly number[]): Promise<void> => {
    if (stopped) return;
    if (index.size <= most) {
      codes = null;
      city.gazetteer.setAdded("camera", () => index.list().flatMap(({ id }) => placeOf(id) ?? []));
      return city.gazetteer.setFinder("camera", null);
    }
    if (codes === null || codes.changes() + ids.length > MOST_CODES_CHANGED) return sortAll();
    for (const id of ids) codes.put(id, index.find(id)?.code ?? null);
  };
  return {
    take: (ids) => void (working = working.then(() => work(ids)).catch((error: unknown) => log.warn({ error: (error as Error).message }, "the codes of cameras could not be taken up"))),
    stop: () => void (stopped = true),
  };
}
