// Deleting old recordings, some at a time ([RET1] to [RET9]): mark the rows, remove the files, sync the folders, drop the rows. A crash between any two steps is
// finished by the next start: a mark is on the disk before its file goes, since a row that comes back with a power cut would promise pictures that are
// gone. Holds are asked in the same turn as the mark is made, and again in the turn in which a file goes: a hold that came in between takes the mark off
// what is still there.
import { stat } from "node:fs/promises";
import type { Clock } from "../../base/time.ts";
import type { GapCause } from "../../video/ports.ts";
import type { BehindStretch } from "../../video/retention/behind-stretches.ts";
import { type CameraFacts, type CameraKeeping, type Deletion, type DeletionPlan, type StoredSegment, agedFromMs, planDeletions } from "../../video/retention/plan.ts";
import { type FindDiskSpace, findDiskSpace } from "./disk-space.ts";
import type { HoldList } from "./hold-list.ts";
import type { IndexStore } from "./index-store.ts";
import { OutsideStretches } from "./outside-stretches.ts";
import { listOldestFree, listOldestOutside, markDeleting, unmarkDeleting, listDeleting, finishDeleting, type MarkedRow } from "./deletion-store.ts";
import { cameraFolder, segmentPath, syncFolder, trackFilePath, unlinkSegment } from "./segment-files.ts";
import { TRACK_FILE_KINDS, type TrackFileKind } from "./track-file-kinds.ts";
import { dropTrackFile } from "./track-file-store.ts";

export interface RetentionOptions {
  readonly root: string;
  readonly index: IndexStore;
  readonly holds: Pick<HoldList, "isKnown" | "listMerged" | "isHeld">;
  readonly clock: Clock;
  /** What was recorded while the clock was wrong: it is younger than its times say, or older ([RET14]). */
  readonly listBehind?: () => readonly BehindStretch[];
  /** Remembers over passes what has to be walked for ([RET14]). */
  readonly outside?: OutsideStretches;
  /** Free space below which recordings go before their time. */
  readonly floorBytes: number;
  /** Free space up to which they go once it is below the floor; the floor where it is not given. */
  readonly aimBytes?: number;
  /** Of the volume; the one that `root` is on where it is not given. */
  readonly findSpace?: FindDiskSpace;
  /** There is not the time to spare the disk. */
  readonly isUrgent?: () => boolean;
  /** The recorder stops: what is marked and still there goes with the next start. */
  readonly isEnding?: () => boolean;
  /** What all recordings may take together, with what is being written; beyond it they go before their time. */
  readonly mostBytes: number;
  /** Of the segments that are being written, which the index does not tell of; none where it is not given. */
  readonly findOpenBytes?: () => number;
  /** Undefined: the camera is no longer listed. */
  readonly findKeeping: (cameraId: number) => CameraKeeping | undefined;
  /** For recordings of such cameras. */
  readonly fallback: CameraKeeping;
  /** Nothing goes but to get above the floor: what is held may have changed while nobody could tell us. */
  readonly onlyForRoom?: boolean;
  /** Runs `mark`, and answers whether all that was written into the index is on the disk now; only then do files go, or where the disk has no room. Rejects where `mark` throws. */
  readonly markDurably: (mark: () => void) => Promise<boolean>;
  /** False: it was told a short while ago that recordings go so; always told where it is not given. */
  readonly mayTell?: (why: "space" | "below-least") => boolean;
  readonly log: (level: "info" | "warn" | "error", fields: object, message: string) => void;
}
export interface RetentionOutcome {
  readonly deletions: readonly Deletion[];
  /** Bytes that are wanted below the floor, and cannot be had. */
  readonly lacking: number;
  readonly overBound: number;
  /** What may go without breaking a least did not reach the aim. */
  readonly isScarce: boolean;
}

const MOST_AT_ONCE = 200;
/** Candidates of one camera in one plan. */
const MOST_OF_CAMERA = 20;
const CAMERAS_AT_ONCE = 16;
/** Between two batches, and after so many files of one, so that deleting a day does not push aside what is being recorded; not where room is wanted now. */
const PAUSE_MS = 100;
const FILES_AT_ONCE = 20;

/** Deletes until nothing is due; answers what it deleted, and what room is lacking all the same. */
export async function deleteOldRecordings(options: RetentionOptions): Promise<RetentionOutcome> {
  const { isEnding = () => false } = options;
  await finishInterrupted(options);
  if (isEnding()) return { deletions: [], lacking: 0, overBound: 0, isScarce: false };
  const all: Deletion[] = [];
  let plan: DeletionPlan;
  let done: readonly Deletion[];
  let isMakingRoom = false;
  let isScarce = false;
  do {
    if (all.length > 0) await pace(options);
    const { freeBytes } = await findSpaceOf(options);
    isMakingRoom ||= freeBytes < options.floorBytes;
    plan = await planNow(options, freeBytes, isMakingRoom);
    isScarce ||= plan.isScarce;
    // A whole plan goes as far as is wanted, or as can be: what came while its files went is the next pass's, or a fast inflow would keep this one going for ever.
    if (!plan.isCut) isMakingRoom = false;
    done = await deleteBatch(options, plan.deletions);
    all.push(...done);
  } while (done.length > 0 && !isEnding());
  tell(options, all, plan);
  return { deletions: all, lacking: plan.lacking, overBound: plan.overBound, isScarce };
}

const findSpaceOf: (options: RetentionOptions) => ReturnType<FindDiskSpace> = ({ root, findSpace = () => findDiskSpace(root) }) => findSpace();

async function pace({ isUrgent = () => false }: RetentionOptions): Promise<void> {
  if (!isUrgent()) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}

function tell({ holds, floorBytes, mostBytes, mayTell = () => true, log }: RetentionOptions, all: readonly Deletion[], plan: DeletionPlan): void {
  const count = (why: Deletion["why"]): number => all.filter((deletion) => deletion.why === why).length;
  if (count("space") > 0 && mayTell("space")) log("warn", { segments: count("space"), floorBytes, mostBytes }, "recordings deleted before their time: there is no more room for them");
  if (count("below-least") > 0 && mayTell("below-least")) log("error", { segments: count("below-least"), floorBytes }, "recordings deleted that had to be kept: the disk was full and held nothing else that may go");
  if (plan.lacking > 0) log("error", { lackingBytes: plan.lacking, floorBytes }, `the disk is full, and nothing on it may be deleted: ${holds.isKnown ? "what is left is held as evidence or is not of this recorder" : "the centre has not told yet what is held as evidence"}`);
  else if (plan.overBound > 0) log("warn", { overBytes: plan.overBound, mostBytes }, "recordings take more than they may: the rest is held or has to be kept at least so long");
}

/** The oldest of a camera that may go, one more than are asked for where there are more. */
function listCandidates(index: IndexStore, cameraId: number, held: ReturnType<HoldList["listMerged"]>, behind: readonly BehindStretch[], outside: OutsideStretches): StoredSegment[] {
  if (behind.length === 0) return listOldestFree(index, cameraId, held, MOST_OF_CAMERA + 1);
  const oldest = listOldestOutside(index, cameraId, held, MOST_OF_CAMERA + 1, behind, outside);
  const late = behind.flatMap((only, i) => listOldestFree(index, cameraId, held, MOST_OF_CAMERA + 1, { only, but: behind.slice(i + 1) }).map((segment) => ({ ...segment, behindMs: only.behindMs })));
  return [...oldest, ...late].sort((a, b) => agedFromMs(a) - agedFromMs(b)).slice(0, MOST_OF_CAMERA + 1);
}

async function planNow({ index, holds, clock, listBehind = () => [], outside = new OutsideStretches(clock), findOpenBytes = () => 0, floorBytes, aimBytes = floorBytes, mostBytes, findKeeping, fallback, onlyForRoom = false }: RetentionOptions, freeBytes: number, isMakingRoom: boolean): Promise<DeletionPlan> {
  if (!holds.isKnown) return { deletions: [], lacking: Math.max(0, floorBytes - freeBytes), overBound: 0, isCut: false, isScarce: false };
  const cameras: CameraFacts[] = [];
  const behind = listBehind();
  let storedBytes = findOpenBytes();
  for (const { cameraId, bytes } of index.listStored()) {
    // Some 0.2 ms a camera: between a few of them the packets of all have their turn.
    if (cameras.length % CAMERAS_AT_ONCE === CAMERAS_AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
    const oldest = listCandidates(index, cameraId, holds.listMerged(cameraId), behind, outside);
    cameras.push({ cameraId, keeping: findKeeping(cameraId) ?? fallback, storedBytes: bytes, oldest: oldest.slice(0, MOST_OF_CAMERA), hasMore: oldest.length > MOST_OF_CAMERA });
    storedBytes += bytes;
  }
  return planDeletions({ cameras, freeBytes, floorBytes, aimBytes: isMakingRoom ? aimBytes : floorBytes, storedBytes, mostBytes, now: clock.wallMs(), most: MOST_AT_ONCE, onlyForRoom });
}

/** Deletions that were held up: by files which could not be removed, or by a disk that did not take their marks. */
async function finishInterrupted(options: RetentionOptions): Promise<void> {
  if (listDeleting(options.index).length === 0) return;
  if (!(await options.markDurably(() => undefined)) && !(await isRoomLacking(options))) return;
  const marked = listDeleting(options.index);
  if (marked.length > 0) await removeMarked(options, marked);
}

/** Only then do files go without their marks on the disk: nobody is served by one that stays full. */
const isRoomLacking = async (options: RetentionOptions): Promise<boolean> => (await findSpaceOf(options)).freeBytes < options.floorBytes;

/** Takes the mark off a row that is held by now, if its pictures are still there; false where they are gone. What was beside them and went already is struck. */
export async function unmarkHeld(root: string, index: IndexStore, { cameraId, segmentId }: MarkedRow): Promise<boolean> {
  if (!(await isThere(segmentPath(root, cameraId, segmentId)))) return false;
  const gone: TrackFileKind[] = [];
  for (const kind of TRACK_FILE_KINDS) if (!(await isThere(trackFilePath(kind)(root, cameraId, segmentId)))) gone.push(kind);
  index.transaction(() => {
    unmarkDeleting(index, segmentId);
    for (const kind of gone) dropTrackFile(index, kind, segmentId);
  });
  return true;
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(() => true, (error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return false;
  });

interface Removal {
  readonly gone: ReadonlySet<number>;
  /** Still there, and held by now. */
  readonly held: readonly MarkedRow[];
}

/** Removes the files of what is not held, as far as the recorder does not stop; one that cannot be removed is told and holds up no other. Throws where none could be. */
async function removeFiles(options: RetentionOptions, segments: readonly MarkedRow[]): Promise<Removal> {
  const { root, holds, log, isEnding = () => false } = options;
  const gone = new Set<number>();
  const held: MarkedRow[] = [];
  let failed: { readonly cameraId: number; readonly segmentId: number; readonly error: Error } | undefined;
  for (const segment of segments) {
    const { segmentId, cameraId, startMs, endMs } = segment;
    if (gone.size > 0 && gone.size % FILES_AT_ONCE === 0) {
      if (isEnding()) break;
      await pace(options);
    }
    try {
      // What went before the hold came is gone all the same, and its row has to say so.
      if (holds.isHeld(cameraId, startMs, endMs) && (await isThere(segmentPath(root, cameraId, segmentId)))) {
        held.push(segment);
        continue;
      }
      await unlinkSegment(root, cameraId, segmentId);
      gone.add(segmentId);
    } catch (error) {
      failed ??= { cameraId, segmentId, error: error as Error };
    }
  }
  if (failed !== undefined && gone.size === 0 && held.length === 0) throw failed.error;
  if (failed !== undefined) log("error", { cameraId: failed.cameraId, segmentId: failed.segmentId, files: segments.length - gone.size - held.length }, `recordings could not be removed; it is tried again: ${failed.error.message}`);
  return { gone, held };
}

/** Removes files of marked segments and drops their rows; what cannot be removed stays marked. Answers which went. */
async function removeMarked(options: RetentionOptions, marked: readonly MarkedRow[]): Promise<ReadonlySet<number>> {
  const { gone, held } = await removeFiles(options, marked);
  for (const segment of held) await unmarkHeld(options.root, options.index, segment);
  await dropRows(options, marked.filter(({ segmentId }) => gone.has(segmentId)));
  return gone;
}

async function dropRows({ root, index }: RetentionOptions, gone: readonly MarkedRow[]): Promise<void> {
  for (const cameraId of new Set(gone.map((segment) => segment.cameraId))) {
    await syncFolder(cameraFolder(root, cameraId)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
  index.transaction(() => {
    for (const { segmentId } of gone) finishDeleting(index, segmentId);
  });
}

const gapCauseOf = (why: Deletion["why"]): GapCause => (why === "age" || why === "size" ? "deleted" : "deleted-early");

async function deleteBatch(options: RetentionOptions, planned: readonly Deletion[]): Promise<readonly Deletion[]> {
  const { index, holds, markDurably } = options;
  // A hold may have come since the plan was made.
  const deletions = planned.filter(({ segment }) => !holds.isHeld(segment.cameraId, segment.startMs, segment.endMs));
  if (deletions.length === 0) return deletions;
  const mark = (some: readonly Deletion[]): void => index.transaction(() => {
    for (const { segment, why } of some) markDeleting(index, segment.segmentId, gapCauseOf(why));
  });
  let isMarked = true;
  try {
    // What is only old waits, marked: after a power cut it would be back as pictures without files.
    if (!(await markDurably(() => mark(deletions))) && !(await isRoomLacking(options))) return [];
  } catch {
    // The disk is so full that the index cannot take even the marks. The files go first then: that makes room for them.
    isMarked = false;
  }
  const segments = deletions.map(({ segment }) => segment);
  const gone = isMarked ? await removeMarked(options, segments) : (await removeFiles(options, segments)).gone;
  const done = deletions.filter(({ segment }) => gone.has(segment.segmentId));
  if (!isMarked) {
    mark(done);
    await dropRows(options, done.map(({ segment }) => segment));
  }
  return done;
}
