// The check of the recordings: bytes against index against hashes, each file read once. Without `repair` it changes nothing; with it, it
// puts right what can be (damage-repair.ts), and then what the recorder would put right at its next start. What nobody can put right is told as such.
// Without `repair` it may run beside the recorder, on an index that it only reads: it leaves out what the recorder is at, what is open and what is being deleted, asks again of whatever seems wrong whether that is still so, and
// leaves the disk as much time as it takes.
import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { ToldError } from "../../base/told-error.ts";
import { repairSegment } from "./damage-repair.ts";
import { DAMAGES, checkSegment, checkTrackFile } from "./file-checks.ts";
import type { IndexStore } from "./index-store.ts";
import { listRecordedCameras, listForCheck, type CheckedRow } from "./check-store.ts";
import { repairRecordings } from "./repair.ts";
import { cameraFolder, listFileSlices, segmentPath, trackFilePath } from "./segment-files.ts";
import { findNextSegmentId, listUnnamed } from "./segment-numbers.ts";
import { type SetAsideFile, listSetAside } from "./set-aside.ts";
import { TRACK_FILE_KINDS, type TrackFileKind } from "./track-file-kinds.ts";
import { type TrackFileRow, dropTrackFile, findTrackFile, listTrackFiles } from "./track-file-store.ts";

export const FINDINGS = [...DAMAGES, "not-settled", "deletion-unfinished", "file-unknown"] as const;
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
  /** What repairs have set aside, and when: it goes by its age, or by a command. */
  readonly setAside: readonly SetAsideFile[];
}

/** So long after a segment's end what is beside it may still be being closed. */
const CLOSING_MS = 600_000;
/** So many missing files, or a tenth of all, somebody may have deleted; where more are missing, or all, the volume is away. */
const FEW_MISSING = 2;

export interface RepairOptions {
  /** Somebody has said that the files that are missing will not come back. */
  readonly takesMissingAsLost: boolean;
}

export interface CheckOptions {
  /** Puts right what can be. */
  readonly repair?: RepairOptions;
  /** A recorder runs on it. */
  readonly beside?: boolean;
}

/** Checks everything below `root`. `progress` hears how many bytes are read, of how many. Throws ToldError, with nothing changed, where it is to repair and the files seem to be elsewhere. */
export async function checkRecordings(root: string, index: IndexStore, progress: (done: number, of: number) => void, { repair, beside = false }: CheckOptions = {}): Promise<CheckReport> {
  if (repair?.takesMissingAsLost === false) refuseWithoutFiles(root, index);
  const check = new Check(root, index, progress, repair !== undefined, beside);
  await check.checkSegments();
  await check.checkTrackFiles();
  await check.findUnknown();
  const { totals, findings } = check;
  const settled = repair === undefined ? findings : await settle(root, index, findings);
  return { ...totals, findings: settled, setAside: await listSetAside(root) };
}

class Check {
  readonly totals = { segments: 0, bytes: 0, frames: 0, hashed: 0 };
  readonly findings: Finding[] = [];
  readonly #root: string;
  readonly #index: IndexStore;
  readonly #progress: (done: number, of: number) => void;
  readonly #repairs: boolean;
  readonly #beside: boolean;
  /** Of the segments that were there when it began. */
  readonly #before: number;

  constructor(root: string, index: IndexStore, progress: (done: number, of: number) => void, repairs: boolean, beside: boolean) {
    this.#root = root;
    this.#index = index;
    this.#progress = progress;
    this.#repairs = repairs;
    this.#beside = beside;
    this.#before = beside ? findNextSegmentId(index) : Infinity;
  }

  async checkSegments(): Promise<void> {
    const all = this.#index.sumBytes();
    let done = 0;
    for (const cameraId of listRecordedCameras(this.#index)) {
      for (const row of listForCheck(this.#index, cameraId)) {
        this.#progress(Math.min(done, all), all);
        done += row.bytes;
        if (row.segmentId >= this.#before || (this.#beside && row.state !== "closed" && row.state !== "suspect")) continue;
        this.totals.segments++;
        if (row.state === "deleting") this.#add("deletion-unfinished", row, "it was being deleted");
        else if (row.state === "open") this.#add("not-settled", row, "it was being written");
        else if (row.state === "suspect") this.#add("not-settled", row, "a write or a sync failed");
        else await this.#checkSegment(row);
      }
    }
    this.#progress(all, all);
  }

  async #checkSegment(row: CheckedRow): Promise<void> {
    const found = await this.#paced(() => checkSegment(segmentPath(this.#root, row.cameraId, row.segmentId), row));
    if (found.length > 0 && this.#beside && !this.#isClosed(row.segmentId)) {
      this.totals.segments--;
      return; // deleted while it was read
    }
    const repaired = this.#repairs && found.length > 0 ? await repairSegment(this.#root, this.#index, row, found.map(({ kind }) => kind)) : null;
    for (const { kind, detail } of found) this.#add(kind, row, detail, repaired);
    this.totals.bytes += row.bytes;
    this.totals.frames += row.frames;
    if (row.sha256 !== null) this.totals.hashed++;
  }

  async checkTrackFiles(): Promise<void> {
    for (const kind of TRACK_FILE_KINDS) {
      for (const cameraId of listRecordedCameras(this.#index)) {
        for (const row of listTrackFiles(this.#index, kind, cameraId, 0, Number.MAX_SAFE_INTEGER)) if (row.segmentId < this.#before) await this.#checkTrackFile(kind, row);
      }
    }
  }

  async #checkTrackFile(of: TrackFileKind, row: TrackFileRow): Promise<void> {
    const found = await this.#paced(() => checkTrackFile(trackFilePath(of)(this.#root, row.cameraId, row.segmentId), row));
    if (found.length > 0 && this.#beside && !this.#isClosed(row.segmentId)) return;
    const repaired = this.#repairs && found.some(({ kind }) => kind === "file-missing") ? forgetTrackFile(this.#index, of, row.segmentId) : null;
    for (const { kind, detail } of found) this.#add(kind, row, `${of}: ${detail}`, repaired);
    this.totals.bytes += row.bytes;
  }

  async findUnknown(): Promise<void> {
    const tellFolder = (cameraId: number, error: Error): void => this.#add("file-unreadable", { cameraId, segmentId: 0 }, error.message);
    for await (const { cameraId, pictures, tracks } of listFileSlices(this.#root, tellFolder)) {
      const mine = (ids: readonly number[]): number[] => ids.filter((id) => id < this.#before);
      for (const segmentId of listUnnamed(this.#index, cameraId, mine(pictures))) {
        if (!this.#beside || existsSync(segmentPath(this.#root, cameraId, segmentId))) this.#add("file-unknown", { cameraId, segmentId }, "no row of the index names it");
      }
      for (const kind of TRACK_FILE_KINDS) {
        for (const segmentId of listUnnamed(this.#index, cameraId, mine(tracks[kind]), kind)) {
          if (!this.#beside || this.#isLeftAlone(kind, cameraId, segmentId)) this.#add("file-unknown", { cameraId, segmentId }, `${kind}: no row of the index names it`);
        }
      }
    }
  }

  /** The recorder neither writes it still nor has deleted it. A file beside the pictures gets its row a moment after theirs is closed. */
  #isLeftAlone(kind: TrackFileKind, cameraId: number, segmentId: number): boolean {
    if (!existsSync(trackFilePath(kind)(this.#root, cameraId, segmentId)) || findTrackFile(this.#index, kind, segmentId)?.cameraId === cameraId) return false;
    const row = this.#index.database.prepare("SELECT state, end_ms FROM segment WHERE segment_id = ? AND camera_id = ?").get(segmentId, cameraId) as { state: string; end_ms: number | null } | undefined;
    return row === undefined || (row.state === "closed" && Date.now() - (row.end_ms ?? 0) > CLOSING_MS);
  }

  #isClosed(segmentId: number): boolean {
    return this.#index.database.prepare("SELECT 1 FROM segment WHERE segment_id = ? AND state = 'closed'").get(segmentId) !== undefined;
  }

  async #paced<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#beside) return work();
    const begun = performance.now();
    const done = await work();
    await wait(performance.now() - begun);
    return done;
  }

  #add(kind: FindingKind, { cameraId, segmentId }: { readonly cameraId: number; readonly segmentId: number }, detail: string, repaired: string | null = null): void {
    this.findings.push({ kind, cameraId, segmentId, detail, repaired });
  }
}

/** What the next start would put right; answers the findings with what was done. */
async function settle(root: string, index: IndexStore, findings: readonly Finding[]): Promise<readonly Finding[]> {
  const unread = new Set<number>();
  const asides = new Map<number, string>();
  await repairRecordings(root, index, ({ segmentId, setAsideAs }) => {
    if (segmentId !== undefined && setAsideAs !== undefined) asides.set(segmentId, setAsideAs);
    else unread.add(segmentId ?? 0);
  });
  return findings.map((finding): Finding => {
    if (!SETTLED_AT_START.has(finding.kind) || unread.has(finding.segmentId)) return finding;
    const aside = asides.get(finding.segmentId);
    return { ...finding, repaired: aside === undefined ? SETTLED_AS[finding.kind as keyof typeof SETTLED_AS] : `it cannot be shown, and is kept as ${aside}` };
  });
}

/** A row goes with its hash where its file is missing: right for a file that is lost, ruin for all of them where only the volume is not there. */
function refuseWithoutFiles(root: string, index: IndexStore): void {
  let closed = 0;
  let missing = 0;
  const cameras = listRecordedCameras(index);
  const hasFolder = cameras.length === 0 || cameras.some((cameraId) => existsSync(cameraFolder(root, cameraId)));
  for (const cameraId of cameras) {
    for (const row of listForCheck(index, cameraId)) {
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
