// What start-up puts right after a crash ([RCD9] to [RCD12] in video/SPEC.md): segments that were being written, and suspect ones, are cut behind their
// last whole fragment, synced and closed; runs end as "recorder-crashed"; deletions are finished. Files that no row names are taken in as far as they are whole, and never cut or
// removed: nobody knows that they were being written, so what cannot be read of them is damage, and may be pictures. One file that cannot be read is told and left for the next start: the others are mended all the same.
import { type FileHandle, open } from "node:fs/promises";
import type { WallMs } from "../../base/time.ts";
import { HoldList } from "./hold-list.ts";
import type { ClosedSegmentFacts, IndexStore } from "./index-store.ts";
import { unmarkHeld } from "./retention-job.ts";
import { type SegmentWalk, formatKeyOf, listSegmentFiles, removeFile, segmentPath, setAside, walkSegment } from "./segment-files.ts";
import { type Attempt, mendTrackFiles } from "./track-file-repair.ts";
import { TRACK_FILE_KINDS } from "./track-file-kinds.ts";

export interface RepairReport {
  readonly segmentsMended: number;
  readonly bytesCut: number;
  readonly segmentsEmpty: number;
  readonly filesTakenIn: number;
  /** Without a single fragment. */
  readonly filesRemoved: number;
  readonly deletionsFinished: number;
  readonly runsEnded: number;
  readonly filesUnread: number;
  /** Files of sound or metadata that were being written. */
  readonly trackFilesMended: number;
  /** Files that no row names and of which nothing can be shown. */
  readonly filesSetAside: number;
}
/** `setAsideAs`: where the file is now. */
type Tell = (fields: { readonly cameraId: number; readonly segmentId?: number; readonly setAsideAs?: string }, message: string) => void;

/** `tell` hears of files and folders that could not be worked through. Throws only where the index cannot be used. */
export async function repairRecordings(root: string, index: IndexStore, tell: Tell): Promise<RepairReport> {
  const report = { segmentsMended: 0, bytesCut: 0, segmentsEmpty: 0, filesTakenIn: 0, filesRemoved: 0, deletionsFinished: 0, runsEnded: 0, filesUnread: 0, trackFilesMended: 0, filesSetAside: 0 };
  const tellFolder = (cameraId: number, error: Error): void => tell({ cameraId }, `a folder of the recordings cannot be read: ${error.message}`);
  const attempt: Attempt = async (file, work) => {
    try {
      return { done: await work() };
    } catch (error) {
      report.filesUnread++;
      tell({ cameraId: file.cameraId, segmentId: file.segmentId }, `a file of the recordings cannot be worked through; it is tried again at the next start: ${(error as Error).message}`);
      return undefined;
    }
  };
  const tellSetAside = ({ cameraId, segmentId }: { readonly cameraId: number; readonly segmentId: number }, setAsideAs: string): void => {
    report.filesSetAside++;
    tell({ cameraId, segmentId, setAsideAs }, `a file of the recordings that no row names cannot be shown; it is kept as ${setAsideAs}, and nothing here deletes it`);
  };
  const holds = new HoldList(index);
  for (const file of index.listDeleting()) {
    if (holds.isHeld(file.cameraId, file.startMs, file.endMs)) {
      const kept = await attempt(file, () => unmarkHeld(root, index, file));
      if (kept?.done !== false) continue;
    }
    if ((await attempt(file, () => removeFile(root, file.cameraId, file.segmentId))) === undefined) continue;
    index.transaction(() => index.finishDeleting(file.segmentId));
    report.deletionsFinished++;
  }
  const unsettled = index.listUnsettledSegments();
  for (const row of unsettled) {
    const mended = await attempt(row, async () => {
      const found = await mend(root, row.cameraId, row.segmentId);
      if (found === undefined) await removeFile(root, row.cameraId, row.segmentId);
      return found;
    });
    if (mended === undefined) {
      index.markUnread(row.segmentId);
    } else if (mended.done === undefined) {
      index.deleteSegmentRow(row.segmentId);
      report.segmentsEmpty++;
    } else {
      index.closeSegment(row.segmentId, mended.done.facts, "closed");
      report.segmentsMended++;
      report.bytesCut += mended.done.cut;
    }
  }
  for await (const file of listSegmentFiles(root, tellFolder)) {
    if (index.hasSegment(file.segmentId)) continue;
    const found = await attempt(file, async () => {
      const looked = await lookAt(root, file.cameraId, file.segmentId);
      if (looked === "empty") await removeFile(root, file.cameraId, file.segmentId);
      else if (looked === "unreadable") tellSetAside(file, await setAside(root, file));
      return looked;
    });
    if (found === undefined || found.done === "unreadable") continue;
    if (found.done === "empty") {
      report.filesRemoved++;
    } else {
      takeIn(index, file.cameraId, file.segmentId, found.done);
      report.filesTakenIn++;
    }
  }
  const wereOpen = new Set(unsettled.map(({ segmentId }) => segmentId));
  for (const kind of TRACK_FILE_KINDS) report.trackFilesMended += await mendTrackFiles(root, index, kind, wereOpen, tellFolder, attempt, tellSetAside);
  const aliveAt = Number(index.findSetting("alive-at") ?? "0");
  for (const run of index.listOpenRuns()) {
    const end = Math.max(run.startMs, index.findLastSegmentEnd(run) ?? run.startMs);
    index.endRun(run.runId, end, "recorder-crashed");
    index.noteGap(run.cameraId, end, "recorder-crashed");
    report.runsEnded++;
  }
  // Gaps that lasted when the recorder died go on under that cause; a clean stop has left "recorder-stopped", and nobody's wish stays nobody's wish.
  for (const gap of index.listLastingGaps()) {
    if (gap.cause !== "recorder-stopped" && gap.cause !== "not-wanted" && gap.cause !== "recorder-crashed") index.noteGap(gap.cameraId, aliveAt, "recorder-crashed");
  }
  return report;
}

interface Mended {
  readonly facts: ClosedSegmentFacts;
  readonly startMs: WallMs;
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
  return { facts: { endMs, bytes: walk.wholeBytes, frames: walk.frames, gops: walk.gops, sha256: null }, startMs, initBytes: walk.initBytes, formatKey: formatKeyOf(walk.init), cut };
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
  });
}
