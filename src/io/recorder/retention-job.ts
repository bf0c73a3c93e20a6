// Deleting old recordings, some at a time ([RET1] to [RET4]): mark the row, remove the file, sync the folder, drop the row. A crash between any two steps is
// finished by the next start.
import { statfs } from "node:fs/promises";
import type { Clock } from "../../base/time.ts";
import { type Deletion, type StoredSegment, planDeletions } from "../../video/retention/plan.ts";
import type { IndexStore } from "./index-store.ts";
import { removeFile } from "./segment-files.ts";

export interface RetentionOptions {
  readonly root: string;
  readonly index: IndexStore;
  readonly clock: Clock;
  /** Free space below which the oldest recordings go before their time. */
  readonly floorBytes: number;
  /** What all recordings may take together; beyond it the oldest go before their time. */
  readonly mostBytes: number;
  /** For recordings of cameras that are no longer listed. */
  readonly fallbackDays: number;
  readonly findRetentionDays: (cameraId: number) => number | undefined;
  readonly log: (level: "info" | "warn" | "error", fields: object, message: string) => void;
}

const MOST_AT_ONCE = 200;

export async function findFreeBytes(root: string): Promise<number> {
  const facts = await statfs(root);
  return facts.bavail * facts.bsize;
}

async function removeMarked(root: string, index: IndexStore, { segmentId, cameraId }: StoredSegment): Promise<void> {
  try {
    index.markDeleting(segmentId);
  } catch {
    // The disk is so full that the index cannot take even the mark. The file goes first then: that makes room for it.
    await removeFile(root, cameraId, segmentId);
    index.markDeleting(segmentId);
  }
  await removeFile(root, cameraId, segmentId);
}

/** Deletes until nothing is due; answers what it deleted. */
export async function deleteOldRecordings(options: RetentionOptions): Promise<readonly Deletion[]> {
  const all: Deletion[] = [];
  for (;;) {
    const deletions = await deleteSome(options);
    all.push(...deletions);
    if (deletions.length < MOST_AT_ONCE) break;
  }
  const forSpace = all.filter((deletion) => deletion.why === "space").length;
  if (forSpace > 0) options.log("warn", { segments: forSpace, floorBytes: options.floorBytes, mostBytes: options.mostBytes }, "recordings deleted before their time: there is no more room for them");
  return all;
}

async function deleteSome(options: RetentionOptions): Promise<readonly Deletion[]> {
  const { root, index, clock } = options;
  const now = clock.wallMs();
  const byId = new Map<number, StoredSegment>();
  for (const segment of index.listExpired(now, options.fallbackDays, MOST_AT_ONCE)) byId.set(segment.segmentId, segment);
  const freeBytes = await findFreeBytes(root);
  const storedBytes = index.sumBytes();
  if (freeBytes < options.floorBytes || storedBytes > options.mostBytes) for (const segment of index.listOldest(MOST_AT_ONCE)) byId.set(segment.segmentId, segment);
  const deletions = planDeletions({
    segments: [...byId.values()].sort((a, b) => a.endMs - b.endMs), retentionDays: (cameraId) => options.findRetentionDays(cameraId) ?? options.fallbackDays,
    freeBytes, floorBytes: options.floorBytes, storedBytes, mostBytes: options.mostBytes, now, most: MOST_AT_ONCE,
  });
  for (const { segment } of deletions) {
    await removeMarked(root, index, segment);
    index.finishDeleting(segment.segmentId);
  }
  return deletions;
}
