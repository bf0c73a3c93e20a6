// The index made again from the files, where it is damaged itself. The old one is set aside, never thrown away: it may still tell somebody the causes of gaps, which the
// files do not. Files that follow each other without a break, in time and in decoding time, are put back into one run; what is between others is a gap
// whose cause is `index-lost`. No file is cut or removed: what of one cannot be read is damage, not the end of a crash. Cameras, holds and keys come again from the centre; nothing is deleted before it has told the holds.
import { existsSync, renameSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { WallMs } from "../../base/time.ts";
import { IndexStore } from "./index-store.ts";
import { moveToRun } from "./check-store.ts";
import { type RepairReport, repairRecordings } from "./repair.ts";
import { segmentPath, walkSegment } from "./segment-files.ts";

export const INDEX_FILE = "index.sqlite";
/** Wall times of one run are rounded to milliseconds, and slewed by at most 500 ppm. */
const SAME_RUN_MS = 100;

export interface RebuiltIndex {
  readonly index: IndexStore;
  /** Where the damaged one is. */
  readonly setAside: string;
  readonly report: RepairReport;
}

/** `stamp` is part of the names of what is set aside. `tell` hears of files that could not be read. */
export async function rebuildIndex(root: string, stamp: string, tell: (fields: object, message: string) => void): Promise<RebuiltIndex> {
  const setAside = join(root, `${INDEX_FILE}.damaged-${stamp}`);
  for (const suffix of ["", "-wal", "-shm"]) {
    if (existsSync(join(root, INDEX_FILE + suffix))) renameSync(join(root, INDEX_FILE + suffix), setAside + suffix);
  }
  const index = new IndexStore(join(root, INDEX_FILE));
  const report = await repairRecordings(root, index, tell);
  for (const { cameraId } of index.listStored()) await joinRuns(root, index, cameraId);
  return { index, setAside, report };
}

async function joinRuns(root: string, index: IndexStore, cameraId: number): Promise<void> {
  let before: { readonly runId: number; readonly endMs: WallMs; readonly end90k: number; readonly formatKey: string } | undefined;
  for (const row of index.listSegments(cameraId, 0, Number.MAX_SAFE_INTEGER)) {
    const { start90k, end90k } = await walk(segmentPath(root, cameraId, row.segmentId));
    const follows = before !== undefined && Math.abs(row.startMs - before.endMs) <= SAME_RUN_MS && start90k === before.end90k && row.formatKey === before.formatKey;
    const runId = follows ? before!.runId : row.runId;
    index.transaction(() => {
      if (follows) moveToRun(index, row.segmentId, row.runId, runId, row.endMs);
      else if (before !== undefined) index.insertGap(cameraId, before.endMs, row.startMs, "index-lost");
    });
    before = { runId, endMs: row.endMs, end90k, formatKey: row.formatKey };
  }
}

async function walk(path: string): Promise<{ readonly start90k: number; readonly end90k: number }> {
  const handle = await open(path, "r");
  try {
    return await walkSegment(handle, (await handle.stat()).size);
  } finally {
    await handle.close();
  }
}
