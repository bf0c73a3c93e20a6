// What start-up puts right after a crash ([RCD9] to [RCD12] in video/SPEC.md). Before any camera is joined: segments that were being written, and suspect ones, are cut behind their
// last whole fragment, synced and closed; runs end as "recorder-crashed"; deletions are finished. That costs what was open, however long the past. Whether all other files have their rows is looked at beside recording, some files
// at a time ([RCD17]): those that no row names are taken in as far as they are whole, and never cut or removed, since nobody knows that they were being written, so what cannot be read of them is damage, and may be pictures. One file that
// cannot be read is told and left for the next start: the others are mended all the same.
import { existsSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { WallMs } from "../../base/time.ts";
import type { PictureGap } from "../../video/recording/picture-gaps.ts";
import { HoldList } from "./hold-list.ts";
import type { ClosedSegmentFacts, IndexStore, OpenSegmentRow } from "./index-store.ts";
import { listDeleting, finishDeleting } from "./deletion-store.ts";
import { unmarkHeld } from "./retention-job.ts";
import { type FileSlice, type SegmentWalk, formatKeyOf, listFileSlices, removeFile, renumberSegment, segmentPath, trackFilePath, walkSegment } from "./segment-files.ts";
import { listTaken, listUnnamed, skipForgottenSegmentIds, takeSegmentId } from "./segment-numbers.ts";
import { setAside } from "./set-aside.ts";
import { TRACK_FILE_KINDS, type TrackFileKind } from "./track-file-kinds.ts";
import { takeInTrackFile } from "./track-file-repair.ts";

const NOTHING = {
  segmentsMended: 0, bytesCut: 0, segmentsEmpty: 0, deletionsFinished: 0, runsEnded: 0, filesUnread: 0,
  filesTakenIn: 0,
  /** Without a single fragment. */
  filesRemoved: 0,
  /** Files of sound or metadata that were being written. */
  trackFilesMended: 0,
  /** Files that no row names and of which nothing can be shown. */
  filesSetAside: 0,
};
export type RepairReport = Readonly<typeof NOTHING>;
/** `setAsideAs`: where the file is now. */
export type Tell = (fields: { readonly cameraId: number; readonly segmentId?: number; readonly setAsideAs?: string }, message: string) => void;

/** All of it, while nobody records. `tell` hears of files and folders that could not be worked through. Throws only where the index cannot be used. */
export async function repairRecordings(root: string, index: IndexStore, tell: Tell): Promise<RepairReport> {
  const repair = new Repair(root, index, tell);
  await repair.settle();
  await repair.takeInUnnamed();
  return repair.report;
}

/** What was open when the recorder ended, before the next one begins. */
export async function settleRecordings(root: string, index: IndexStore, tell: Tell): Promise<RepairReport> {
  const repair = new Repair(root, index, tell);
  await repair.settle();
  return repair.report;
}

export interface BesideRecording {
  /** The first number that this process gave: what comes from it on is its writers' business. */
  readonly before: number;
  /** Between two slices; false: no more. */
  readonly pause: () => Promise<boolean>;
}

/** Files that no row names, beside a recorder that records. */
export async function takeInUnnamed(root: string, index: IndexStore, tell: Tell, beside: BesideRecording): Promise<RepairReport> {
  const repair = new Repair(root, index, tell);
  await repair.takeInUnnamed(beside);
  return repair.report;
}

class Repair {
  readonly report = { ...NOTHING };
  readonly #root: string;
  readonly #index: IndexStore;
  readonly #tell: Tell;
  /** Numbers given here are ones that no file can have which the index forgot. */
  #hasSkipped = false;

  constructor(root: string, index: IndexStore, tell: Tell) {
    this.#root = root;
    this.#index = index;
    this.#tell = tell;
  }

  async settle(): Promise<void> {
    await this.#finishDeletions();
    for (const row of this.#index.listUnsettledSegments()) await this.#settleSegment(row);
    const aliveAt = Number(this.#index.findSetting("alive-at") ?? "0");
    for (const run of this.#index.listOpenRuns()) {
      const end = Math.max(run.startMs, this.#index.findLastSegmentEnd(run) ?? run.startMs);
      this.#index.endRun(run.runId, end, "recorder-crashed");
      this.#index.noteGap(run.cameraId, end, "recorder-crashed");
      this.report.runsEnded++;
    }
    // Gaps that lasted when the recorder died go on under that cause; a clean stop has left "recorder-stopped", and nobody's wish stays nobody's wish.
    for (const gap of this.#index.listLastingGaps()) {
      if (gap.cause !== "recorder-stopped" && gap.cause !== "not-wanted" && gap.cause !== "recorder-crashed") this.#index.noteGap(gap.cameraId, aliveAt, "recorder-crashed");
    }
  }

  async takeInUnnamed(beside?: BesideRecording): Promise<void> {
    const before = beside?.before ?? Infinity;
    this.#hasSkipped = beside !== undefined; // by the start, and synced
    const tellFolder = (cameraId: number, error: Error): void => this.#tell({ cameraId }, `a folder of the recordings cannot be read: ${error.message}`);
    for await (const slice of listFileSlices(this.#root, tellFolder)) {
      await this.#takeInSlice(slice, before);
      if ((await beside?.pause()) === false) return;
    }
  }

  async #finishDeletions(): Promise<void> {
    const root = this.#root;
    const holds = new HoldList(this.#index);
    for (const file of listDeleting(this.#index)) {
      if (holds.isHeld(file.cameraId, file.startMs, file.endMs)) {
        const kept = await this.#attempt(file, () => unmarkHeld(root, this.#index, file));
        if (kept?.done !== false) continue;
      }
      if ((await this.#attempt(file, () => removeFile(root, file.cameraId, file.segmentId))) === undefined) continue;
      this.#index.transaction(() => finishDeleting(this.#index, file.segmentId));
      this.report.deletionsFinished++;
    }
  }

  async #settleSegment(row: OpenSegmentRow): Promise<void> {
    const mended = await this.#attempt(row, async () => {
      const found = await mend(this.#root, row.cameraId, row.segmentId);
      if (found === undefined) await removeFile(this.#root, row.cameraId, row.segmentId);
      return found;
    });
    if (mended === undefined) {
      this.#index.markUnread(row.segmentId);
    } else if (mended.done === undefined) {
      this.#index.deleteSegmentRow(row.segmentId);
      this.report.segmentsEmpty++;
      return;
    } else {
      const { facts, gapsWithin } = mended.done;
      this.#index.transaction(() => {
        this.#index.closeSegment(row.segmentId, facts, "closed");
        noteGapsWithin(this.#index, row.cameraId, gapsWithin);
      });
      this.report.segmentsMended++;
      this.report.bytesCut += mended.done.cut;
    }
    for (const kind of TRACK_FILE_KINDS) {
      if (listUnnamed(this.#index, row.cameraId, [row.segmentId], kind).length > 0 && existsSync(trackFilePath(kind)(this.#root, row.cameraId, row.segmentId))) await this.#takeInTrackFile(kind, row, true);
    }
  }

  async #takeInSlice({ cameraId, pictures, tracks }: FileSlice, before: number): Promise<void> {
    const renumbered = await this.#renumber(cameraId, new Set([pictures, ...Object.values(tracks)].flat().filter((id) => id < before)));
    const listMine = (ids: readonly number[], table: "segment" | TrackFileKind): number[] => listUnnamed(this.#index, cameraId, ids.filter((id) => id < before).map((id) => (renumbered.has(id) ? renumbered.get(id) : id)).filter((id) => id !== undefined), table);
    for (const segmentId of listMine(pictures, "segment")) await this.#takeInPictures({ cameraId, segmentId });
    for (const kind of TRACK_FILE_KINDS) {
      for (const segmentId of listMine(tracks[kind], kind)) {
        const file = { cameraId, segmentId };
        // Its pictures may stand in a slice to come.
        if (!this.#index.hasSegment(segmentId) && existsSync(segmentPath(this.#root, cameraId, segmentId))) await this.#takeInPictures(file);
        if (!this.#index.hasSegment(segmentId) && existsSync(segmentPath(this.#root, cameraId, segmentId))) continue; // they could not be read this time
        if (existsSync(trackFilePath(kind)(this.#root, cameraId, segmentId))) await this.#takeInTrackFile(kind, file, false);
      }
    }
  }

  /** Files of a number that is another camera's get one of their own; answers the new ones, undefined for what could not be renamed. */
  async #renumber(cameraId: number, segmentIds: ReadonlySet<number>): Promise<ReadonlyMap<number, number | undefined>> {
    const renumbered = new Map<number, number | undefined>();
    for (const segmentId of listTaken(this.#index, cameraId, [...segmentIds])) {
      if (!this.#hasSkipped) skipForgottenSegmentIds(this.#index);
      this.#hasSkipped = true;
      const to = takeSegmentId(this.#index);
      const moved = await this.#attempt({ cameraId, segmentId }, () => renumberSegment(this.#root, cameraId, segmentId, to));
      renumbered.set(segmentId, moved === undefined ? undefined : to);
    }
    return renumbered;
  }

  async #takeInPictures(file: { readonly cameraId: number; readonly segmentId: number }): Promise<void> {
    const found = await this.#attempt(file, async () => {
      const looked = await lookAt(this.#root, file.cameraId, file.segmentId);
      if (looked === "empty") await removeFile(this.#root, file.cameraId, file.segmentId);
      else if (looked === "unreadable") this.#tellSetAside(file, await setAside(this.#root, file));
      return looked;
    });
    if (found === undefined || found.done === "unreadable") return;
    if (found.done === "empty") {
      this.report.filesRemoved++;
    } else {
      takeIn(this.#index, file.cameraId, file.segmentId, found.done);
      this.report.filesTakenIn++;
    }
  }

  async #takeInTrackFile(kind: (typeof TRACK_FILE_KINDS)[number], file: { readonly cameraId: number; readonly segmentId: number }, wasOpen: boolean): Promise<void> {
    const done = await this.#attempt(file, async () => {
      const found = await takeInTrackFile(this.#root, this.#index, kind, file, wasOpen);
      if (found === "unreadable") this.#tellSetAside(file, await setAside(this.#root, file, this.#index.hasSegment(file.segmentId) ? kind : undefined)); // pictures that the index names stay
      return found;
    });
    if (done?.done === "taken") this.report.trackFilesMended++;
  }

  /** Undefined where the work failed, and was told. A file that is gone since it was listed is no failure. */
  async #attempt<T>(file: { readonly cameraId: number; readonly segmentId: number }, work: () => Promise<T>): Promise<{ readonly done: T } | undefined> {
    try {
      return { done: await work() };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      this.report.filesUnread++;
      this.#tell({ cameraId: file.cameraId, segmentId: file.segmentId }, `a file of the recordings cannot be worked through; it is tried again at the next start: ${(error as Error).message}`);
      return undefined;
    }
  }

  #tellSetAside({ cameraId, segmentId }: { readonly cameraId: number; readonly segmentId: number }, setAsideAs: string | undefined): void {
    if (setAsideAs === undefined) return;
    this.report.filesSetAside++;
    this.#tell({ cameraId, segmentId, setAsideAs }, `a file of the recordings that no row names cannot be shown; it is kept as ${setAsideAs}`);
  }
}

interface Mended {
  readonly facts: ClosedSegmentFacts;
  readonly startMs: WallMs;
  readonly gapsWithin: readonly PictureGap[];
  readonly initBytes: number;
  readonly formatKey: string;
  readonly cut: number;
}

/** What a file without a row holds; it is not changed. What stands behind its whole part stays where it is, and the row does not name it. */
async function lookAt(root: string, cameraId: number, segmentId: number): Promise<Mended | "empty" | "unreadable"> {
  const handle = await open(segmentPath(root, cameraId, segmentId), "r");
  try {
    const { size } = await handle.stat();
    const walk = await walkSegment(handle, size);
    if (walk.startMs === undefined || walk.endMs === undefined) return size === walk.wholeBytes && walk.tornBy === undefined ? "empty" : "unreadable";
    await handle.sync();
    return toMended(walk, walk.startMs, walk.endMs, 0);
  } finally {
    await handle.close();
  }
}

function toMended(walk: SegmentWalk, startMs: WallMs, endMs: WallMs, cut: number): Mended {
  return { facts: { endMs, bytes: walk.wholeBytes, frames: walk.frames, gops: walk.gops, sha256: null }, startMs, gapsWithin: walk.gapsWithin, initBytes: walk.initBytes, formatKey: formatKeyOf(walk.init), cut };
}

/** Cuts the torn end off and syncs; undefined where no whole fragment is in the file, or there is no file. */
async function mend(root: string, cameraId: number, segmentId: number): Promise<Mended | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(segmentPath(root, cameraId, segmentId), "r+");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const { size } = await handle.stat();
    const walk = await walkSegment(handle, size);
    if (walk.startMs === undefined || walk.endMs === undefined) return undefined;
    if (walk.wholeBytes < size) await handle.truncate(walk.wholeBytes);
    await handle.sync();
    return toMended(walk, walk.startMs, walk.endMs, size - walk.wholeBytes);
  } finally {
    await handle.close();
  }
}

function takeIn(index: IndexStore, cameraId: number, segmentId: number, mended: Mended): void {
  index.transaction(() => {
    const runId = index.insertRun(cameraId, mended.startMs);
    index.endRun(runId, mended.facts.endMs, "recorder-crashed");
    index.insertSegment(cameraId, runId, mended.startMs, mended.initBytes, mended.formatKey, segmentId);
    index.closeSegment(segmentId, mended.facts, "closed");
    noteGapsWithin(index, cameraId, mended.gapsWithin);
  });
}

/** What the index was told while the file was written stays as it is: it knows the cause. */
function noteGapsWithin(index: IndexStore, cameraId: number, gaps: readonly PictureGap[]): void {
  for (const { start, end, cause } of gaps) {
    const isKnown = index.listGaps(cameraId, start, end).some((known) => known.isWithinRun === true && known.start < end && known.end > start);
    if (!isKnown) index.insertGap(cameraId, start, end, cause, true);
  }
}
