// The check of the recordings: bytes against index against hashes, each file read once from its first byte to its last. Without `mend` it changes nothing; with it, it
// puts right what can be (damage-repair.ts), and then what the recorder would put right at its next start. What nobody can put right is told as such.
// It needs the index for itself: a recorder that runs has it, and is told of.
import { existsSync } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { ToldError } from "../../base/told-error.ts";
import { walkTrackFile } from "../../media/fmp4/track-walk.ts";
import { hashFile, repairSegment } from "./damage-repair.ts";
import type { CheckedRow, IndexStore } from "./index-store.ts";
import { repairRecordings } from "./repair.ts";
import { type SegmentWalk, cameraFolder, listSegmentFiles, listTrackFilesOnDisk, segmentPath, trackFilePath, walkSegment } from "./segment-files.ts";
import { TRACK_FILE_KINDS, type TrackFileKind } from "./track-file-kinds.ts";
import { type TrackFileRow, dropTrackFile, findTrackFile, listAllTrackFiles } from "./track-file-store.ts";

export const FINDINGS = ["file-missing", "file-unreadable", "wrong-size", "wrong-hash", "torn", "wrong-contents", "not-settled", "deletion-unfinished", "file-unknown"] as const;
export type FindingKind = (typeof FINDINGS)[number];
/** Those that the recorder settles at its next start. */
export const SETTLED_AT_START: ReadonlySet<FindingKind> = new Set(["not-settled", "deletion-unfinished", "file-unknown"]);

export interface Finding {
  readonly kind: FindingKind;
  readonly cameraId: number;
  readonly segmentId: number;
  readonly detail: string;
  /** What was done about it; null: nothing, or nothing could be. */
  readonly repaired: string | null;
}
export interface CheckReport {
  readonly segments: number;
  readonly bytes: number;
  readonly frames: number;
  /** Segments whose bytes were compared with the hash that was made when they were written; of the others, written when a crash came, the structure alone can be checked. */
  readonly hashed: number;
  readonly findings: readonly Finding[];
}

/** So many missing files, or a tenth of all, somebody may have deleted; where more are missing, or all, the volume is away. */
const FEW_MISSING = 2;

export interface RepairOptions {
  /** Somebody has said that the files that are missing will not come back. */
  readonly takesMissingAsLost: boolean;
}

/** Checks everything below `root`. `progress` hears how many bytes are read, of how many. Repairs where `repair` is given; throws ToldError, with nothing changed, where the files seem to be elsewhere. */
export async function checkRecordings(root: string, index: IndexStore, progress: (done: number, of: number) => void, repair?: RepairOptions): Promise<CheckReport> {
  const doesRepair = repair !== undefined;
  if (doesRepair && !repair.takesMissingAsLost) refuseWithoutFiles(root, index);
  const findings: Finding[] = [];
  const add = (kind: FindingKind, { cameraId, segmentId }: { readonly cameraId: number; readonly segmentId: number }, detail: string, repaired: string | null = null): void => {
    findings.push({ kind, cameraId, segmentId, detail, repaired });
  };
  const all = index.sumBytes();
  const totals = { segments: 0, bytes: 0, frames: 0, hashed: 0 };
  let done = 0;
  for (const cameraId of index.listRecordedCameras()) {
    for (const row of index.listForCheck(cameraId)) {
      progress(Math.min(done, all), all);
      totals.segments++;
      if (row.state === "deleting") {
        add("deletion-unfinished", row, "it was being deleted");
        continue;
      }
      done += row.bytes;
      if (row.state !== "closed") {
        add("not-settled", row, row.state === "open" ? "it was being written" : "a write or a sync failed");
        continue;
      }
      const found = await checkSegment(segmentPath(root, row.cameraId, row.segmentId), row);
      const repaired = doesRepair && found.length > 0 ? await repairSegment(root, index, row, found.map(({ kind }) => kind)) : null;
      for (const { kind, detail } of found) add(kind, row, detail, repaired);
      totals.bytes += row.bytes;
      totals.frames += row.frames;
      if (row.sha256 !== null) totals.hashed++;
    }
  }
  for (const kindOfFile of TRACK_FILE_KINDS) {
    for (const row of listAllTrackFiles(index, kindOfFile)) {
      const found = await checkTrackFile(trackFilePath(kindOfFile)(root, row.cameraId, row.segmentId), row);
      const repaired = doesRepair && found.some(({ kind }) => kind === "file-missing") ? forgetTrackFile(index, kindOfFile, row.segmentId) : null;
      for (const { kind, detail } of found) add(kind, row, `${kindOfFile}: ${detail}`, repaired);
      totals.bytes += row.bytes;
    }
  }
  progress(all, all);
  for await (const file of listSegmentFiles(root, (cameraId, error) => add("file-unreadable", { cameraId, segmentId: 0 }, error.message))) {
    if (!index.hasSegment(file.segmentId)) add("file-unknown", file, "no row of the index names it");
  }
  for (const kind of TRACK_FILE_KINDS) {
    for await (const file of listTrackFilesOnDisk(root, kind, () => undefined)) {
      if (findTrackFile(index, kind, file.segmentId) === undefined) add("file-unknown", file, `${kind}: no row of the index names it`);
    }
  }
  if (!doesRepair) return { ...totals, findings };
  const unread = new Set<number>();
  const asides = new Map<number, string>();
  await repairRecordings(root, index, ({ segmentId, setAsideAs }) => {
    if (segmentId !== undefined && setAsideAs !== undefined) asides.set(segmentId, setAsideAs);
    else unread.add(segmentId ?? 0);
  });
  const settled = findings.map((finding): Finding => {
    if (!SETTLED_AT_START.has(finding.kind) || unread.has(finding.segmentId)) return finding;
    const aside = asides.get(finding.segmentId);
    return { ...finding, repaired: aside === undefined ? SETTLED_AS[finding.kind as keyof typeof SETTLED_AS] : `it cannot be shown, and is kept as ${aside}` };
  });
  return { ...totals, findings: settled };
}

/** A row goes with its hash where its file is missing: right for a file that is lost, ruin for all of them where only the volume is not there. */
function refuseWithoutFiles(root: string, index: IndexStore): void {
  let closed = 0;
  let missing = 0;
  const cameras = index.listRecordedCameras();
  const hasFolder = cameras.length === 0 || cameras.some((cameraId) => existsSync(cameraFolder(root, cameraId)));
  for (const cameraId of cameras) {
    for (const row of index.listForCheck(cameraId)) {
      if (row.state !== "closed") continue;
      closed++;
      if (!existsSync(segmentPath(root, row.cameraId, row.segmentId))) missing++;
    }
  }
  if (hasFolder && (missing === 0 || (missing < closed && missing <= Math.max(FEW_MISSING, closed / 10)))) return;
  throw new ToldError(`${missing} of ${closed} files that the index names are not in ${root}: is the volume there? Nothing was changed. If they are lost for good, say so by --missing-are-lost`);
}

const SETTLED_AS = {
  "not-settled": "its whole pictures are kept, its torn end is cut off", "deletion-unfinished": "deleted", "file-unknown": "taken in as far as it is whole; one without a fragment is removed",
} as const satisfies Partial<Record<FindingKind, string>>;

function forgetTrackFile(index: IndexStore, kind: TrackFileKind, segmentId: number): string {
  dropTrackFile(index, kind, segmentId);
  return "the index no longer names it";
}

async function checkTrackFile(path: string, row: TrackFileRow): Promise<{ kind: FindingKind; detail: string }[]> {
  try {
    const { size } = await stat(path);
    const bytes = row.sha256 === null ? await readFile(path) : undefined;
    const walk = bytes === undefined ? undefined : walkTrackFile(bytes);
    if (walk?.wholeBytes === row.bytes && walk.isCutOff) return [];
    if (size !== row.bytes) return [{ kind: "wrong-size", detail: `${size} bytes, the index says ${row.bytes}` }];
    if (walk !== undefined && walk.wholeBytes !== size) return [{ kind: "torn", detail: `whole up to byte ${walk.wholeBytes} of ${size}` }];
    return row.sha256 !== null && !(await hashFile(path, size)).equals(row.sha256) ? [{ kind: "wrong-hash", detail: "the bytes are not those that were written" }] : [];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return [code === "ENOENT" ? { kind: "file-missing", detail: "there is no such file" } : { kind: "file-unreadable", detail: message }];
  }
}

/** All that is wrong with one file. */
async function checkSegment(path: string, row: CheckedRow): Promise<{ kind: FindingKind; detail: string }[]> {
  try {
    return await compareSegment(path, row);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return [code === "ENOENT" ? { kind: "file-missing", detail: "there is no such file" } : { kind: "file-unreadable", detail: message }];
  }
}

async function compareSegment(path: string, row: CheckedRow): Promise<{ kind: FindingKind; detail: string }[]> {
  const found: { kind: FindingKind; detail: string }[] = [];
  const { size } = await stat(path);
  const walk = await walkFile(path, size);
  const isSame = walk.frames === row.frames && walk.gops.length === row.gopCount;
  // No row names the end that a crash, or whoever cut the file, left of a fragment; it stays, since it may hold pictures.
  if (row.sha256 === null && walk.isCutOff && walk.wholeBytes === row.bytes && isSame) return found;
  if (size !== row.bytes) found.push({ kind: "wrong-size", detail: `${size} bytes, the index says ${row.bytes}` });
  if (row.sha256 !== null && !(await hashFile(path, size)).equals(row.sha256)) found.push({ kind: "wrong-hash", detail: "the bytes are not those that were written" });
  if (walk.tornBy !== undefined) found.push({ kind: "torn", detail: walk.tornBy });
  else if (!isSame) found.push({ kind: "wrong-contents", detail: `${walk.frames} pictures after ${walk.gops.length} key frames, the index says ${row.frames} after ${row.gopCount}` });
  return found;
}

async function walkFile(path: string, size: number): Promise<SegmentWalk> {
  const handle = await open(path, "r");
  try {
    return await walkSegment(handle, size);
  } finally {
    await handle.close();
  }
}
