// The evidence holds that the centre told us, on disk, so that nothing of them is deleted without the centre either. A row is one camera of one hold; ranges of
// one camera may overlap. Asked before each deletion, in the same turn as the mark, so that a hold that was kept before is never passed over.
import type { WallMs } from "../../base/time.ts";
import type { RecorderHold } from "../../contract/recorder-link.ts";
import { type TimeRange, mergeRanges } from "../../video/retention/free-windows.ts";
import type { IndexStore } from "./index-store.ts";

export interface HeldRange {
  readonly id: number;
  readonly start: WallMs;
  readonly end: WallMs;
}

export class HoldList {
  readonly #index: IndexStore;

  constructor(index: IndexStore) {
    this.#index = index;
  }

  /** Of the last change that is kept here; 0 where none came yet. */
  get revision(): number {
    return Number(this.#index.findSetting("hold-revision") ?? "0");
  }

  /** The centre has told the holds once; before that nobody here knows what is held. */
  get isKnown(): boolean {
    return this.#index.findSetting("hold-revision") !== undefined;
  }

  /** The whole list; what is not in it is released. */
  replace(holds: readonly RecorderHold[], revision: number): void {
    this.#index.transaction(() => {
      this.#index.database.exec("DELETE FROM hold");
      for (const hold of holds) this.#insert(hold);
      this.#index.saveSetting("hold-revision", String(revision));
    });
  }

  save(hold: RecorderHold, revision: number): void {
    this.#index.transaction(() => {
      this.#index.database.prepare("DELETE FROM hold WHERE hold_id = ?").run(hold.holdId);
      this.#insert(hold);
      this.#index.saveSetting("hold-revision", String(revision));
    });
  }

  release(holdId: number, revision: number): void {
    this.#index.transaction(() => {
      this.#index.database.prepare("DELETE FROM hold WHERE hold_id = ?").run(holdId);
      this.#index.saveSetting("hold-revision", String(revision));
    });
  }

  /** Those of a camera that reach into `[from, to]`, cut to it, by start. */
  listWithin(cameraId: number, from: WallMs, to: WallMs): HeldRange[] {
    const rows = this.#index.database.prepare("SELECT hold_id, from_ms, to_ms FROM hold WHERE camera_id = ? AND from_ms <= ? AND to_ms >= ? ORDER BY from_ms, hold_id").all(cameraId, to, from);
    return (rows as unknown as { hold_id: number; from_ms: number; to_ms: number }[]).map((row) => ({ id: row.hold_id, start: Math.max(from, row.from_ms), end: Math.min(to, row.to_ms) }));
  }

  isHeld(cameraId: number, from: WallMs, to: WallMs): boolean {
    return this.#index.database.prepare("SELECT 1 FROM hold WHERE camera_id = ? AND from_ms <= ? AND to_ms >= ?").get(cameraId, Math.ceil(to), Math.floor(from)) !== undefined;
  }

  /** What is held of a camera, as ranges that do not touch each other, in order. */
  listMerged(cameraId: number): TimeRange[] {
    const rows = this.#index.database.prepare("SELECT from_ms, to_ms FROM hold WHERE camera_id = ? ORDER BY from_ms").all(cameraId) as unknown as { from_ms: number; to_ms: number }[];
    return mergeRanges(rows.map((row) => ({ from: row.from_ms, to: row.to_ms })));
  }

  /** Bytes that are kept by holds alone or also by age. `pause` is awaited after each range, since a hold may be of 200 cameras; undefined: it said that the sum is not wanted any more. */
  async sumBytes(pause: () => Promise<boolean>): Promise<number | undefined> {
    let bytes = 0;
    const cameras = this.#index.database.prepare("SELECT DISTINCT camera_id FROM hold").all() as unknown as { camera_id: number }[];
    for (const { camera_id: cameraId } of cameras) {
      for (const range of this.listMerged(cameraId)) {
        bytes += this.#index.sumBytesWithin(cameraId, range);
        if (!(await pause())) return undefined;
      }
    }
    return bytes;
  }

  /** For what deletes: held is also what is in use just now (`listInUse`, by start), as long as that lasts. */
  besides(listInUse: (cameraId: number) => readonly TimeRange[]): Pick<HoldList, "isKnown" | "listMerged" | "isHeld"> {
    const isKnown = (): boolean => this.isKnown;
    return {
      get isKnown() { return isKnown(); },
      listMerged: (cameraId) => mergeRanges([...this.listMerged(cameraId), ...listInUse(cameraId)].toSorted((a, b) => a.from - b.from)),
      isHeld: (cameraId, from, to) => listInUse(cameraId).some((range) => range.from <= Math.ceil(to) && range.to >= Math.floor(from)) || this.isHeld(cameraId, from, to),
    };
  }

  #insert({ holdId, cameraIds, from, to }: RecorderHold): void {
    const insert = this.#index.database.prepare("INSERT INTO hold (camera_id, hold_id, from_ms, to_ms) VALUES (?, ?, ?, ?)");
    for (const cameraId of new Set(cameraIds)) insert.run(cameraId, holdId, from, to);
  }
}
