// Deleting old recordings, some at a time ([RET1] to [RET9]): mark the rows, remove the files, sync the folders, drop the rows. A crash between any two steps is
// finished by the next start. Holds are asked in the same turn as the mark is made.
import { statfs } from "node:fs/promises";
import type { Clock } from "../../base/time.ts";
import type { GapCause } from "../../video/ports.ts";
import { type CameraFacts, type CameraKeeping, type Deletion, type DeletionPlan, planDeletions } from "../../video/retention/plan.ts";
import type { HoldList } from "./hold-list.ts";
import type { IndexStore } from "./index-store.ts";
import { cameraFolder, syncFolder, unlinkSegment } from "./segment-files.ts";

export interface RetentionOptions {
  readonly root: string;
  readonly index: IndexStore;
  readonly holds: Pick<HoldList, "isKnown" | "listMerged" | "isHeld">;
  readonly clock: Clock;
  /** Free space below which recordings go before their time. */
  readonly floorBytes: number;
  /** What all recordings may take together; beyond it they go before their time. */
  readonly mostBytes: number;
  /** Undefined: the camera is no longer listed. */
  readonly findKeeping: (cameraId: number) => CameraKeeping | undefined;
  /** For recordings of such cameras. */
  readonly fallback: CameraKeeping;
  readonly log: (level: "info" | "warn" | "error", fields: object, message: string) => void;
}
export interface RetentionOutcome {
  readonly deletions: readonly Deletion[];
  /** Bytes that are wanted below the floor, and cannot be had. */
  readonly lacking: number;
  readonly overBound: number;
}

const MOST_AT_ONCE = 200;
/** Candidates of one camera in one plan. */
const MOST_OF_CAMERA = 20;
const CAMERAS_AT_ONCE = 16;
/** Between two batches, so that deleting a day does not push aside what is being recorded. */
const PAUSE_MS = 100;

export async function findDiskSpace(root: string): Promise<{ readonly totalBytes: number; readonly freeBytes: number }> {
  const facts = await statfs(root);
  return { totalBytes: facts.blocks * facts.bsize, freeBytes: facts.bavail * facts.bsize };
}

/** Deletes until nothing is due; answers what it deleted, and what room is lacking all the same. */
export async function deleteOldRecordings(options: RetentionOptions): Promise<RetentionOutcome> {
  await finishInterrupted(options);
  const all: Deletion[] = [];
  let plan: DeletionPlan;
  let done: readonly Deletion[];
  do {
    if (all.length > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    plan = await planNow(options);
    done = await deleteBatch(options, plan.deletions);
    all.push(...done);
  } while (done.length > 0);
  tell(options, all, plan);
  return { deletions: all, lacking: plan.lacking, overBound: plan.overBound };
}

function tell({ holds, floorBytes, mostBytes, log }: RetentionOptions, all: readonly Deletion[], plan: DeletionPlan): void {
  const count = (why: Deletion["why"]): number => all.filter((deletion) => deletion.why === why).length;
  if (count("space") > 0) log("warn", { segments: count("space"), floorBytes, mostBytes }, "recordings deleted before their time: there is no more room for them");
  if (count("below-least") > 0) log("error", { segments: count("below-least"), floorBytes }, "recordings deleted that had to be kept: the disk was full and held nothing else that may go");
  if (plan.lacking > 0) log("error", { lackingBytes: plan.lacking, floorBytes }, `the disk is full, and nothing on it may be deleted: ${holds.isKnown ? "what is left is held as evidence or is not of this recorder" : "the centre has not told yet what is held as evidence"}`);
  else if (plan.overBound > 0) log("warn", { overBytes: plan.overBound, mostBytes }, "recordings take more than they may: the rest is held or has to be kept at least so long");
}

async function planNow({ root, index, holds, clock, floorBytes, mostBytes, findKeeping, fallback }: RetentionOptions): Promise<DeletionPlan> {
  const { freeBytes } = await findDiskSpace(root);
  if (!holds.isKnown) return { deletions: [], lacking: Math.max(0, floorBytes - freeBytes), overBound: 0 };
  const cameras: CameraFacts[] = [];
  let storedBytes = 0;
  for (const { cameraId, bytes } of index.listStored()) {
    // Some 0.2 ms a camera: between a few of them the packets of all have their turn.
    if (cameras.length % CAMERAS_AT_ONCE === CAMERAS_AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
    const oldest = index.listOldestFree(cameraId, holds.listMerged(cameraId), MOST_OF_CAMERA + 1);
    cameras.push({ cameraId, keeping: findKeeping(cameraId) ?? fallback, storedBytes: bytes, oldest: oldest.slice(0, MOST_OF_CAMERA), hasMore: oldest.length > MOST_OF_CAMERA });
    storedBytes += bytes;
  }
  return planDeletions({ cameras, freeBytes, floorBytes, storedBytes, mostBytes, now: clock.wallMs(), most: MOST_AT_ONCE });
}

/** Deletions that files which could not be removed held up. */
async function finishInterrupted({ root, index, log }: RetentionOptions): Promise<void> {
  const marked = index.listDeleting();
  if (marked.length > 0) await removeMarked(root, index, marked, log);
}

/** Removes files of marked segments and drops their rows; one that cannot be removed stays marked, is told, and holds up no other. Answers which went; throws where none did. */
async function removeMarked(root: string, index: IndexStore, marked: readonly { readonly segmentId: number; readonly cameraId: number }[], log: RetentionOptions["log"]): Promise<ReadonlySet<number>> {
  const gone = new Set<number>();
  let failed: { readonly cameraId: number; readonly segmentId: number; readonly error: Error } | undefined;
  for (const { segmentId, cameraId } of marked) {
    try {
      await unlinkSegment(root, cameraId, segmentId);
      gone.add(segmentId);
    } catch (error) {
      failed ??= { cameraId, segmentId, error: error as Error };
    }
  }
  if (failed !== undefined && gone.size === 0) throw failed.error;
  if (failed !== undefined) log("error", { cameraId: failed.cameraId, segmentId: failed.segmentId, files: marked.length - gone.size }, `recordings could not be removed; it is tried again: ${failed.error.message}`);
  for (const cameraId of new Set(marked.map((segment) => segment.cameraId))) {
    await syncFolder(cameraFolder(root, cameraId)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
  index.transaction(() => {
    for (const segmentId of gone) index.finishDeleting(segmentId);
  });
  return gone;
}

const gapCauseOf = (why: Deletion["why"]): GapCause => (why === "age" || why === "size" ? "deleted" : "deleted-early");

async function deleteBatch({ root, index, holds, log }: RetentionOptions, planned: readonly Deletion[]): Promise<readonly Deletion[]> {
  // A hold may have come since the plan was made.
  const deletions = planned.filter(({ segment }) => !holds.isHeld(segment.cameraId, segment.startMs, segment.endMs));
  if (deletions.length === 0) return deletions;
  const mark = (): void => index.transaction(() => {
    for (const { segment, why } of deletions) index.markDeleting(segment.segmentId, gapCauseOf(why));
  });
  let isMarked = true;
  try {
    mark();
  } catch {
    // The disk is so full that the index cannot take even the marks. The files go first then: that makes room for them.
    isMarked = false;
  }
  if (isMarked) {
    const gone = await removeMarked(root, index, deletions.map(({ segment }) => segment), log);
    return deletions.filter(({ segment }) => gone.has(segment.segmentId));
  }
  for (const { segment } of deletions) await unlinkSegment(root, segment.cameraId, segment.segmentId);
  mark();
  await removeMarked(root, index, deletions.map(({ segment }) => segment), log);
  return deletions;
}
