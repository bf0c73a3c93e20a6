// All cameras in memory, for what must not wait for the database: the map, nearness, sight, the states. Numbers are in typed arrays by slot (600,000
// cameras: some 100 MB with their names); a grid of some 400 m gives the cameras of a map tile and around a place and, unlike a packed tree, takes
// changes one by one. Poses are in geo's own index, whose cells follow what cameras can see. Rejected: kdbush, built again for each change.
import { createCameraIndex as createSightIndex, type CameraIndex as SightIndex } from "../../geo/camera-index.ts";
import { boundsAround, distanceOf, type Bounds, type Point } from "../../geo/point.ts";
import { CAMERA_KINDS, NIGHT_VIEWS } from "../../contract/cameras.ts";
import type { CameraRegistration } from "../../contract/register.ts";

const CELL_DEG = 0.004;
const ROW = 100_000; // more than 360 / CELL_DEG

export interface IndexedCamera {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly kind: (typeof CAMERA_KINDS)[number];
  readonly nightView: (typeof NIGHT_VIEWS)[number];
  readonly bearingDeg: number;
  readonly hasStream: boolean;
  readonly recorderId: number;
}

/** Kinds that somebody can turn to a place. */
const TURNING: readonly CameraRegistration["kind"][] = ["ptz"];
const cellOf = (degrees: number): number => Math.floor(degrees / CELL_DEG) + 45_000;
const keyOf = (lon: number, lat: number): number => cellOf(lat) * ROW + cellOf(lon);

export interface CameraIndex {
  readonly size: number;
  /** Grows with each change, so that what was counted once can be kept until then. */
  readonly version: number;
  /** Their poses, for who sees what. */
  readonly sight: SightIndex;
  put(camera: CameraRegistration): void;
  remove(id: number): void;
  find(id: number): IndexedCamera | null;
  /** Calls for every camera in the bounds; the order is that of the grid. */
  forEachIn(bounds: Bounds, visit: (id: number, lon: number, lat: number) => void): void;
  /** Those within the radius, nearest first. */
  listWithin(point: Point, radiusM: number): { readonly id: number; readonly distanceM: number }[];
  /** The nearest, nearest first. */
  listNearest(point: Point, limit: number): number[];
  /** Ids in ascending order that satisfy the test, after an id. */
  listIdsWhere(after: number, limit: number, test: (id: number) => boolean): number[];
  forEachId(visit: (id: number) => void): void;
  countWhere(test: (id: number) => boolean): number;
  list(): IndexedCamera[];
  /** Without making objects, for what is asked of all cameras at once. */
  has(id: number): boolean;
  hasStream(id: number): boolean;
  isJoinedAlways(id: number): boolean;
  recorderOf(id: number): number | null;
  /** How many cameras with a stream each recorder has; kept as they come and go, since it is asked for with each camera that is added. */
  readonly streamsOf: ReadonlyMap<number, number>;
}

export function createCameraIndex(): CameraIndex {
  const sight = createSightIndex();
  const slotOf = new Map<number, number>();
  const free: number[] = [];
  const cells = new Map<number, number[]>(); // key -> slots
  let capacity = 1024;
  let used = 0;
  let version = 0;
  let places = new Float64Array(capacity * 2); // lon, lat
  let flags = new Uint8Array(capacity); // 1: has a stream; 2: joined always; 4, 8: kind; from 16 on: what it sees at night
  let ids = new Int32Array(capacity);
  const recorders: number[] = [];
  const streamsOf = new Map<number, number>();
  const codes: string[] = [];
  const names: string[] = [];
  let sortedIds: number[] | null = null;

  const grow = (): void => {
    capacity *= 2;
    const copy = <T extends Float64Array | Uint8Array | Int32Array>(from: T, to: T): T => (to.set(from as never), to);
    places = copy(places, new Float64Array(capacity * 2));
    flags = copy(flags, new Uint8Array(capacity));
    ids = copy(ids, new Int32Array(capacity));
  };
  const countStream = (slot: number, by: 1 | -1): void => {
    if ((flags[slot]! & 1) === 0) return;
    const left = (streamsOf.get(recorders[slot]!) ?? 0) + by;
    if (left === 0) streamsOf.delete(recorders[slot]!);
    else streamsOf.set(recorders[slot]!, left);
  };
  const leaveCell = (slot: number): void => {
    const key = keyOf(places[slot * 2]!, places[slot * 2 + 1]!);
    const cell = cells.get(key)!;
    cell.splice(cell.indexOf(slot), 1);
    if (cell.length === 0) cells.delete(key);
  };
  const flagsOf = (id: number): number => {
    const slot = slotOf.get(id);
    return slot === undefined ? 0 : flags[slot]!;
  };
  const read = (slot: number): IndexedCamera => {
    const of = flags[slot]!;
    return {
      id: ids[slot]!, code: codes[slot]!, name: names[slot]!, kind: CAMERA_KINDS[(of >> 2) & 3]!, nightView: NIGHT_VIEWS[of >> 4]!, bearingDeg: sight.find(ids[slot]!)!.bearingDeg, hasStream: (of & 1) !== 0,
      recorderId: recorders[slot]!,
    };
  };

  const forEachSlotIn = (bounds: Bounds, visit: (slot: number) => void): void => {
    const west = cellOf(bounds.west);
    const east = cellOf(bounds.east);
    const south = cellOf(bounds.south);
    const north = cellOf(bounds.north);
    const inside = (slot: number): boolean => {
      const lon = places[slot * 2]!;
      const lat = places[slot * 2 + 1]!;
      return lon >= bounds.west && lon <= bounds.east && lat >= bounds.south && lat <= bounds.north;
    };
    if ((east - west + 1) * (north - south + 1) > cells.size) {
      for (const cell of cells.values()) for (const slot of cell) if (inside(slot)) visit(slot);
      return;
    }
    for (let row = south; row <= north; row++)
      for (let column = west; column <= east; column++) for (const slot of cells.get(row * ROW + column) ?? []) if (inside(slot)) visit(slot);
  };

  const listWithin = (point: Point, radiusM: number): { id: number; distanceM: number }[] => {
    const found: { id: number; distanceM: number }[] = [];
    forEachSlotIn(boundsAround(point, radiusM), (slot) => {
      const distanceM = distanceOf(point.lon, point.lat, places[slot * 2]!, places[slot * 2 + 1]!);
      if (distanceM <= radiusM) found.push({ id: ids[slot]!, distanceM });
    });
    return found.sort((a, b) => a.distanceM - b.distanceM || a.id - b.id);
  };

  const orderedIds = (): number[] => (sortedIds ??= [...slotOf.keys()].sort((a, b) => a - b));

  return {
    sight, streamsOf,
    get size() {
      return slotOf.size;
    },
    get version() {
      return version;
    },
    put: (camera) => {
      version++;
      let slot = slotOf.get(camera.id);
      if (slot !== undefined) {
        leaveCell(slot);
        countStream(slot, -1);
      } else {
        slot = free.pop() ?? used++;
        if (slot >= capacity) grow();
        slotOf.set(camera.id, slot);
        if (sortedIds !== null && camera.id > (sortedIds.at(-1) ?? 0)) sortedIds.push(camera.id);
        else sortedIds = null;
      }
      const { pose } = camera;
      places.set([pose.point.lon, pose.point.lat], slot * 2);
      flags[slot] = (camera.address === null ? 0 : 1) | (camera.recording === "continuous" || camera.recording === "on-event" ? 2 : 0) | (CAMERA_KINDS.indexOf(camera.kind) << 2) | (NIGHT_VIEWS.indexOf(camera.nightView) << 4);
      sight.set({ id: camera.id, ...pose, imageWidthPx: camera.imageWidthPx, turns: TURNING.includes(camera.kind) });
      ids[slot] = camera.id;
      recorders[slot] = camera.recorderId;
      countStream(slot, 1);
      codes[slot] = camera.code;
      names[slot] = camera.name;
      const key = keyOf(pose.point.lon, pose.point.lat);
      const cell = cells.get(key);
      if (cell === undefined) cells.set(key, [slot]);
      else cell.push(slot);
    },
    remove: (id) => {
      const slot = slotOf.get(id);
      if (slot === undefined) return;
      version++;
      leaveCell(slot);
      countStream(slot, -1);
      slotOf.delete(id);
      sight.remove(id);
      free.push(slot);
      sortedIds = null;
    },
    find: (id) => {
      const slot = slotOf.get(id);
      return slot === undefined ? null : read(slot);
    },
    forEachIn: (bounds, visit) => forEachSlotIn(bounds, (slot) => visit(ids[slot]!, places[slot * 2]!, places[slot * 2 + 1]!)),
    listWithin,
    listNearest: (point, limit) => {
      for (let radiusM = 500; ; radiusM *= 2) {
        const within = listWithin(point, radiusM);
        if (within.length >= Math.min(limit, slotOf.size) || radiusM > 20_100_000) return within.slice(0, limit).map((one) => one.id);
      }
    },
    listIdsWhere: (after, limit, test) => {
      const found: number[] = [];
      for (const id of orderedIds()) {
        if (id > after && test(id)) found.push(id);
        if (found.length >= limit) break;
      }
      return found;
    },
    forEachId: (visit) => {
      for (const id of slotOf.keys()) visit(id);
    },
    countWhere: (test) => {
      let n = 0;
      for (const id of slotOf.keys()) if (test(id)) n++;
      return n;
    },
    list: () => [...slotOf.values()].map(read),
    has: (id) => slotOf.has(id),
    hasStream: (id) => (flagsOf(id) & 1) !== 0,
    isJoinedAlways: (id) => (flagsOf(id) & 2) !== 0,
    recorderOf: (id) => {
      const slot = slotOf.get(id);
      return slot === undefined ? null : recorders[slot]!;
    },
  };
}
