// Which cameras can possibly see a place? All poses in typed arrays, found by a grid whose cells are as wide as the camera's range: a camera that reaches a place stands in
// its cell or one of the eight around, on the level of its range. Cameras come and go one by one, which a static tree (kdbush) would answer with a rebuild.
import { type Point, METRES_PER_DEGREE, distanceOf, metresPerDegreeLon } from "./point.ts";
import type { ViewPose } from "./line-of-sight.ts";

/** Where a camera that turns looks just now, where that is known. */
export interface PresentView {
  readonly bearingDeg: number;
  readonly tiltDeg: number;
  readonly horizontalFovDeg: number;
  /** When that was told, wall time in ms: it grows old where nobody tells more. */
  readonly toldAt: number;
}
export interface IndexedCamera extends ViewPose {
  readonly id: number;
  readonly imageWidthPx: number;
  /** It can be turned all round (PTZ). */
  readonly turns: boolean;
}
export interface FoundCamera extends IndexedCamera {
  /** null: it looks as it was entered, as far as is known. */
  readonly present: PresentView | null;
}
/** The view of now: what turned or zoomed changes all but where the camera hangs; a lens that zooms keeps its picture's shape. */
export const presentPose = (camera: FoundCamera): ViewPose =>
  camera.present === null ? camera : { ...camera, bearingDeg: camera.present.bearingDeg, tiltDeg: camera.present.tiltDeg, horizontalFovDeg: camera.present.horizontalFovDeg, verticalFovDeg: Math.min(180, (camera.verticalFovDeg * camera.present.horizontalFovDeg) / camera.horizontalFovDeg) };

export interface CameraIndex {
  readonly size: () => number;
  /** Puts a camera in, or moves it. Where it looks just now stays known unless it was entered to look elsewhere. */
  readonly set: (camera: IndexedCamera) => void;
  /** Where it looks just now; null: as it was entered. False where there is no such camera, or it does not turn. */
  readonly turn: (id: number, present: PresentView | null) => boolean;
  readonly remove: (id: number) => void;
  readonly find: (id: number) => FoundCamera | undefined;
  /** Every camera whose range reaches into the circle about the place, and every one that stands within `nearM` of its middle; ids in rising order. */
  readonly around: (p: Point, radiusM?: number, nearM?: number) => number[];
}

const NUMBERS = 15; // per camera: lon, lat, height, bearing, tilt, fields of view, range, image width, id, turns, and of now bearing (NaN: as entered), tilt, field of view, when told
const FIRST_CELL_M = 64;
const MOST_LEVELS = 8; // 64 m to 8,192 m

const levelOf = (rangeM: number): number => Math.min(MOST_LEVELS - 1, Math.max(0, Math.ceil(Math.log2(rangeM / FIRST_CELL_M))));

export function createCameraIndex(): CameraIndex {
  let poses = new Float64Array(1_024 * NUMBERS);
  const slotOf = new Map<number, number>();
  const free: number[] = [];
  /** The slots in each cell, so that a look around touches numbers only. */
  const levels: Map<number, number[]>[] = Array.from({ length: MOST_LEVELS }, () => new Map());

  /** Cells are as wide as the level's range in metres at the latitude of their row, a little wider towards the poles. */
  const rowOf = (lat: number, level: number): number => Math.floor((lat * METRES_PER_DEGREE) / (FIRST_CELL_M * 2 ** level));
  const columnOf = (lon: number, row: number, level: number): number => {
    const metres = FIRST_CELL_M * 2 ** level;
    const lat = Math.min(89, (Math.abs(row) + 2) * (metres / METRES_PER_DEGREE));
    return Math.floor((lon * metresPerDegreeLon(lat)) / metres);
  };
  const cellOf = (row: number, column: number): number => (row + 2_000_000) * 8_388_608 + (column + 4_194_304);
  const cellAt = (lon: number, lat: number, level: number): number => {
    const row = rowOf(lat, level);
    return cellOf(row, columnOf(lon, row, level));
  };
  const read = (id: number, slot: number): FoundCamera => {
    const at = slot * NUMBERS;
    return {
      id, point: { lon: poses[at]!, lat: poses[at + 1]! }, mountHeightM: poses[at + 2]!, bearingDeg: poses[at + 3]!, tiltDeg: poses[at + 4]!, horizontalFovDeg: poses[at + 5]!,
      verticalFovDeg: poses[at + 6]!, rangeM: poses[at + 7]!, imageWidthPx: poses[at + 8]!, turns: poses[at + 10] === 1,
      present: Number.isNaN(poses[at + 11]!) ? null : { bearingDeg: poses[at + 11]!, tiltDeg: poses[at + 12]!, horizontalFovDeg: poses[at + 13]!, toldAt: poses[at + 14]! },
    };
  };

  const remove: CameraIndex["remove"] = (id) => {
    const slot = slotOf.get(id);
    if (slot === undefined) return;
    const camera = read(id, slot);
    const level = levels[levelOf(camera.rangeM)]!;
    const cell = cellAt(camera.point.lon, camera.point.lat, levelOf(camera.rangeM));
    const left = level.get(cell)!.filter((other) => other !== slot);
    if (left.length === 0) level.delete(cell);
    else level.set(cell, left);
    slotOf.delete(id);
    free.push(slot);
  };
  const set: CameraIndex["set"] = (camera) => {
    const before = find(camera.id);
    const stays = before !== undefined && camera.turns && (["bearingDeg", "tiltDeg", "horizontalFovDeg"] as const).every((key) => before[key] === camera[key]);
    remove(camera.id);
    const slot = free.pop() ?? slotOf.size;
    if ((slot + 1) * NUMBERS > poses.length) {
      const wider = new Float64Array(poses.length * 2);
      wider.set(poses);
      poses = wider;
    }
    const { point } = camera;
    poses.set([point.lon, point.lat, camera.mountHeightM, camera.bearingDeg, camera.tiltDeg, camera.horizontalFovDeg, camera.verticalFovDeg, camera.rangeM, camera.imageWidthPx, camera.id, camera.turns ? 1 : 0, NaN, 0, 0, 0], slot * NUMBERS);
    slotOf.set(camera.id, slot);
    const level = levels[levelOf(camera.rangeM)]!;
    const cell = cellAt(point.lon, point.lat, levelOf(camera.rangeM));
    const there = level.get(cell);
    if (there === undefined) level.set(cell, [slot]);
    else there.push(slot);
    if (stays) turn(camera.id, before.present);
  };
  const turn: CameraIndex["turn"] = (id, present) => {
    const slot = slotOf.get(id);
    if (slot === undefined || poses[slot * NUMBERS + 10] !== 1) return false;
    poses.set(present === null ? [NaN, 0, 0, 0] : [present.bearingDeg, present.tiltDeg, present.horizontalFovDeg, present.toldAt], slot * NUMBERS + 11);
    return true;
  };
  const find: CameraIndex["find"] = (id) => {
    const slot = slotOf.get(id);
    return slot === undefined ? undefined : read(id, slot);
  };
  const around: CameraIndex["around"] = (p, radiusM = 0, nearM = 0) => {
    const ids: number[] = [];
    levels.forEach((cells, level) => {
      if (cells.size === 0) return;
      const row = rowOf(p.lat, level);
      const cellM = FIRST_CELL_M * 2 ** level;
      const reach = Math.max(1 + Math.ceil(radiusM / cellM), Math.ceil(nearM / cellM));
      for (let dy = -reach; dy <= reach; dy++) {
        const column = columnOf(p.lon, row + dy, level);
        for (let dx = -reach; dx <= reach; dx++) {
          for (const slot of cells.get(cellOf(row + dy, column + dx)) ?? []) {
            const at = slot * NUMBERS;
            if (distanceOf(p.lon, p.lat, poses[at]!, poses[at + 1]!) <= Math.max(poses[at + 7]! + radiusM, nearM)) ids.push(poses[at + 9]!);
          }
        }
      }
    });
    return ids.sort((a, b) => a - b);
  };
  return {
    size: () => slotOf.size, set, turn, remove, around, find,
  };
}
