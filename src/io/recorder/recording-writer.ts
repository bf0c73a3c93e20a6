// One camera's files: the RecordingPort on a disk. Calls return at once and are done one after the other; what waits stands in chunks of an arena that all
// cameras of the process share and that is bounded, so a slow disk costs pictures (with their cause) and never memory. A fragment is one write of
// whole blocks, past the page cache where the file system allows it: the cache is the largest cost of recording, and pushes everything else
// out of memory. What hashes and writes is a port (disk-port.ts). A file is synced when it ends, then its row is closed. After a failed write or sync the run ends and its file is not touched again; a write for which there is no room is
// refused before it, and ends its file whole. The index is on the
// same disk and fails with it: what it could not take is owed to it, and no run begins before that is settled.
import { open, unlink } from "node:fs/promises";
import type { WallMs } from "../../base/time.ts";
import type { Chunk, FragmentFacts, GapCause, RecordingPort } from "../../video/ports.ts";
import type { Sample } from "../../video/ingest/video-ingest.ts";
import { readStoredSamples } from "../../video/live/recalled.ts";
import type { KeptSenderReport } from "../../video/ingest/sender-reports.ts";
import type { Gop } from "../../video/playback/gop-index.ts";
import { type DiskPort, type FileWriting, POOLED_DISK } from "./disk-port.ts";
import type { IndexStore, SegmentRow } from "./index-store.ts";
import { type FilePort, type NewFile, createFilePort, gapCauseOfDisk } from "./file-port.ts";
import { cameraFolder, formatKeyOf, makeCameraFolder, removeFile, segmentPath } from "./segment-files.ts";
import { skipSegmentIdsAround } from "./segment-numbers.ts";
import type { WriteRoom } from "./room-keeper.ts";
import { type RetoldRange, retellGaps } from "./retold-gaps.ts";
import { insertSenderReports } from "./sender-report-store.ts";

export interface WriterCounters {
  bytesWritten: number;
  /** Of the segments that are being written: what no closed row tells of yet. */
  bytesOpen: number;
  writes: number;
  fsyncs: number;
  /** Writes and syncs that the disk refused, but for want of room. */
  failures: number;
}

type Job =
  | { readonly kind: "begin"; readonly segment: OpenSegment }
  | { readonly kind: "write"; readonly segment: OpenSegment; readonly chunk: Chunk; readonly start: number; readonly end: number; readonly facts: FragmentFacts }
  | { readonly kind: "close"; readonly segment: OpenSegment; readonly endMs: WallMs }
  | { readonly kind: "reached"; readonly tell: () => void }
  | { readonly kind: "end-run"; readonly runId: number; readonly last: OpenSegment | undefined; readonly endMs: WallMs; readonly cause: GapCause };

/** The segment that is being written. `gops`, `bytes`, `frames` and `endMs` tell of what the disk has taken. */
interface OpenSegment {
  readonly segmentId: number;
  readonly runId: number;
  readonly startMs: WallMs;
  readonly formatKey: string;
  readonly initBytes: number;
  file: NewFile | undefined;
  writing: FileWriting | undefined;
  failed: boolean;
  /** Nothing more goes into it: the disk failed, or has no room for what comes. */
  isOver: boolean;
  gops: Gop[];
  bytes: number;
  frames: number;
  endMs: WallMs;
}

export interface RecordingWriterOptions {
  readonly root: string;
  readonly cameraId: number;
  readonly index: IndexStore;
  /** The real one where it is not given. */
  readonly files?: FilePort;
  readonly counters: WriterCounters;
  /** What hashes and writes; Node's thread pool where it is not said. */
  readonly disk?: DiskPort;
  /** Asked before each write; where it is not given nothing is refused but by the disk. */
  readonly room?: WriteRoom;
  /** A write or a sync failed: the caller ends its run. */
  readonly onDiskFailed: (error: Error) => void;
  /** The segment that pictures go into from now on; undefined: none. */
  readonly onSegment?: (segmentId: number | undefined, atMs: WallMs) => void;
  /** How much moved meanwhile, a byte a second; stored with the segment. */
  readonly readActivity?: (fromMs: WallMs, toMs: WallMs) => Uint8Array;
}

/** A running GOP of more than this is not read back for a viewer: the next key frame will be there sooner. */
const MOST_READ_BYTES = 8 * 1024 * 1024;
/** Gaps beyond these are not kept while the index takes nothing: a camera that comes and goes for days on a full disk. */
const MOST_OWED = 1_000;

export class RecordingWriter implements RecordingPort {
  /** End of what the disk has taken of the run that lasts. */
  knownUntilMs: WallMs = 0;
  /** Bytes of the segments closed since the start. */
  bytesClosed = 0;
  /** Pictures that the disk has taken since the start. */
  picturesWritten = 0;
  readonly #options: RecordingWriterOptions;
  readonly #files: FilePort;
  #jobs: Job[] = [];
  #working: Promise<void> | undefined;
  #runId = -1;
  #segment: OpenSegment | undefined;
  #onDisk: OpenSegment | undefined;
  /** What the index has to be told and could not take yet, in order. No run begins before it is settled, so only gaps could pile up. */
  #owed: { readonly work: () => void; readonly gap: GapCause | undefined }[] = [];

  constructor(options: RecordingWriterOptions) {
    this.#options = options;
    this.#files = options.files ?? createFilePort();
  }

  beginRun(startWallMs: WallMs): boolean {
    const { index, cameraId } = this.#options;
    this.#segment = undefined;
    const begun = this.#begin(() => index.transaction(() => {
      this.#runId = index.insertRun(cameraId, startWallMs);
      index.endGap(cameraId, startWallMs);
    }));
    if (begun) this.knownUntilMs = startWallMs;
    return begun;
  }

  beginSegment(startWallMs: WallMs, init: Uint8Array, initBytes: number): boolean {
    if (this.#segment !== undefined) this.#add({ kind: "close", segment: this.#segment, endMs: startWallMs });
    this.#segment = undefined;
    const formatKey = formatKeyOf(init);
    let segmentId = 0;
    if (!this.#begin(() => { segmentId = this.#options.index.insertSegment(this.#options.cameraId, this.#runId, startWallMs, initBytes, formatKey); })) return false;
    this.#segment = {
      segmentId, runId: this.#runId, startMs: Math.round(startWallMs), formatKey, initBytes, file: undefined, writing: undefined, failed: false, isOver: false, gops: [], bytes: 0,
      frames: 0, endMs: Math.round(startWallMs),
    };
    this.#add({ kind: "begin", segment: this.#segment });
    this.#options.onSegment?.(segmentId, startWallMs);
    return true;
  }

  writeFragment(chunk: Chunk, start: number, end: number, facts: FragmentFacts): boolean {
    if (this.#segment === undefined) {
      chunk.release();
      return false;
    }
    this.#add({ kind: "write", segment: this.#segment, chunk, start, end, facts });
    return true;
  }

  noteGapWithin(startWallMs: WallMs, endWallMs: WallMs, cause: GapCause): void {
    const { index, cameraId } = this.#options;
    if (this.#owed.length < MOST_OWED) this.#note(() => index.insertGap(cameraId, startWallMs, endWallMs, cause, true));
  }

  endRun(endWallMs: WallMs, cause: GapCause): void {
    const last = this.#segment;
    if (last !== undefined) this.#add({ kind: "close", segment: last, endMs: endWallMs });
    this.#segment = undefined;
    this.#options.onSegment?.(undefined, endWallMs);
    this.#add({ kind: "end-run", runId: this.#runId, last, endMs: endWallMs, cause });
    this.noteGap(keptUntil(last, endWallMs), cause);
  }

  /** Of the run that lasts. */
  noteSenderReports(reports: readonly KeptSenderReport[]): void {
    const { index, cameraId } = this.#options;
    const runId = this.#runId;
    this.#note(() => insertSenderReports(index, cameraId, runId, reports));
  }

  /** From `atMs` on there are no pictures, for this cause. To be called while no run lasts. */
  noteGap(atMs: WallMs, cause: GapCause): void {
    const { index, cameraId } = this.#options;
    if (this.#owed.at(-1)?.gap === cause || this.#owed.length >= MOST_OWED) return;
    this.#note(() => index.transaction(() => index.noteGap(cameraId, atMs, cause)), cause);
  }

  /** What was told as `was` of that time is told as `is`. */
  retellGaps(range: RetoldRange, was: GapCause, is: GapCause): void {
    const { index, cameraId } = this.#options;
    if (this.#owed.length < MOST_OWED) this.#note(() => index.transaction(() => retellGaps(index, cameraId, range, was, is)));
  }

  /** The same where it is not known yet why there are none. */
  noteFirstGap(atMs: WallMs, cause: GapCause): void {
    const { index, cameraId } = this.#options;
    this.#note(() => {
      if (index.findLastingGap(cameraId) === undefined) index.noteGap(cameraId, atMs, cause);
    });
  }

  /** Tells the index what is owed to it; the error where it still cannot take it. */
  settle(): Error | undefined {
    try {
      for (let next = this.#owed[0]; next !== undefined; next = this.#owed[0]) {
        next.work();
        this.#owed.shift();
      }
      return undefined;
    } catch (error) {
      this.#countFailure(error as Error);
      return error as Error;
    }
  }

  /** What of the segment being written can be played already. */
  findOpenSegment(): SegmentRow | undefined {
    const segment = this.#onDisk;
    if (segment === undefined || segment.frames === 0 || segment.failed) return undefined;
    return {
      segmentId: segment.segmentId, cameraId: this.#options.cameraId, runId: segment.runId, startMs: segment.startMs, endMs: segment.endMs, bytes: segment.bytes,
      frames: segment.frames, initBytes: segment.initBytes, formatKey: segment.formatKey, gops: segment.gops,
    };
  }

  /** The samples of the GOP that is being written, as far as it was handed over before this call; undefined where there is none, or too much of it. */
  async readRunningGop(): Promise<readonly Sample[] | undefined> {
    const segment = this.#segment;
    if (segment === undefined) return undefined;
    // What is handed over later is neither waited for nor read: while pictures come, there always is more.
    let gop: Gop | undefined;
    let length = 0;
    await new Promise<void>((resolve) => {
      this.#add({ kind: "reached", tell: () => {
        gop = segment.gops.at(-1);
        length = segment.bytes - (gop?.offset ?? 0);
        resolve();
      } });
    });
    if (gop === undefined || segment.failed || length > MOST_READ_BYTES) return undefined;
    const { root, cameraId } = this.#options;
    const handle = await open(segmentPath(root, cameraId, segment.segmentId), "r");
    try {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, gop.offset);
      const samples = readStoredSamples(bytes.subarray(0, bytesRead));
      return samples.ok ? samples.value : undefined;
    } finally {
      await handle.close();
    }
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  #note(work: () => void, gap?: GapCause): void {
    this.#owed.push({ work, gap });
    this.settle();
  }

  /** Work that must be in the index before there is anything to write; false, and told, where it cannot be. */
  #begin(work: () => void): boolean {
    let failed = this.settle();
    try {
      if (failed === undefined) work();
    } catch (error) {
      this.#countFailure(error as Error);
      failed = error as Error;
    }
    if (failed !== undefined) this.#options.onDiskFailed(failed);
    return failed === undefined;
  }

  #add(job: Job): void {
    this.#jobs.push(job);
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    // Yields first, so that `#working` is set before anything is done, and calls of one turn are seen together.
    await Promise.resolve();
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) {
      try {
        await this.#do(job);
      } catch (error) {
        await this.#failed(job, error as Error);
      } finally {
        if (job.kind === "write") job.chunk.release();
      }
    }
    this.#working = undefined; // here and not a microtask later: what is added in between would wait for the next job
  }

  async #do(job: Job): Promise<void> {
    const { root, cameraId, index, counters } = this.#options;
    if (job.kind === "reached") {
      job.tell();
      return;
    }
    if (job.kind === "end-run") {
      this.#note(() => index.endRun(job.runId, keptUntil(job.last, job.endMs), job.cause));
      return;
    }
    const { segment } = job;
    if (segment.isOver) return;
    switch (job.kind) {
      case "begin":
        await makeCameraFolder(root, cameraId, (folder) => this.#files.syncFolder(folder));
        segment.file = await this.#files.create(segmentPath(root, cameraId, segment.segmentId));
        segment.writing = (this.#options.disk ?? POOLED_DISK).begin(segment.file.fd);
        this.#onDisk = segment;
        return;
      case "write": {
        const size = job.end - job.start;
        const refusal = await this.#findRefusal(size);
        if (refusal !== undefined) {
          await this.#endRefused(segment, refusal);
          return;
        }
        await this.#write(segment, job.chunk.bytes, job.start, size).finally(() => this.#options.room?.settle(size));
        noteFragment(segment, job.facts, size);
        if (segment.runId === this.#runId) this.knownUntilMs = Math.max(this.knownUntilMs, segment.endMs);
        this.picturesWritten += job.facts.frames;
        counters.bytesWritten += size;
        counters.bytesOpen += size;
        counters.writes++;
        return;
      }
      case "close":
        await this.#close(segment, job.endMs);
        return;
    }
  }

  /** Whole and synced, then its row. */
  async #close(segment: OpenSegment, endMs: WallMs): Promise<void> {
    const { root, cameraId, index, counters } = this.#options;
    if (segment.frames === 0) {
      await this.#abandon(segment);
      return;
    }
    const sha256 = await segment.writing!.finish();
    await segment.file!.sync();
    await segment.file!.close();
    await this.#files.syncFolder(cameraFolder(root, cameraId));
    counters.fsyncs += 2;
    const facts = {
      endMs, bytes: segment.bytes, frames: segment.frames, gops: segment.gops, sha256, activity: this.#options.readActivity?.(segment.startMs, endMs),
    };
    this.#note(() => index.closeSegment(segment.segmentId, facts, "closed"));
    this.bytesClosed += segment.bytes;
    counters.bytesOpen -= segment.bytes;
    if (this.#onDisk === segment) this.#onDisk = undefined;
  }

  /** Waits where room is being made; answers why there will be none. */
  async #findRefusal(size: number): Promise<Error | undefined> {
    try {
      await this.#options.room?.take(size);
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  /** What was refused has not touched the disk: the file is whole, and ends as by its run's end. The run ends with it. */
  async #endRefused(segment: OpenSegment, refusal: Error): Promise<void> {
    await this.#close(segment, segment.endMs);
    segment.isOver = true;
    this.#endWith(segment, refusal);
  }

  /** What was to follow in the segment is lost for this cause. */
  #endWith(segment: OpenSegment, error: Error, closedMs = this.#findClose(segment)): void {
    const { index, cameraId, onDiskFailed } = this.#options;
    // Of a segment that nothing is added to any more, what follows is told already: only its own end is lost. The one being written loses all that follows, and its run's end says so.
    if (closedMs !== undefined) this.#note(() => index.insertGap(cameraId, segment.endMs, closedMs, gapCauseOfDisk(error)));
    onDiskFailed(error);
    if (this.#segment === segment) this.#segment = undefined;
  }

  #findClose(segment: OpenSegment): WallMs | undefined {
    for (const job of this.#jobs) if (job.kind === "close" && job.segment === segment) return job.endMs;
    return undefined;
  }

  /** Where the file system took the file for direct writes and refuses the first of them, the same file goes on through the page cache; one that has bytes already ends as it is, and the next is tried as before. */
  async #write(segment: OpenSegment, bytes: Uint8Array, start: number, size: number): Promise<void> {
    try {
      await segment.writing!.write(bytes, start, size);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EINVAL") throw error;
      if (segment.bytes > 0) segment.file!.noteRefused?.();
      const buffered = segment.bytes > 0 ? undefined : await segment.file!.reopenBuffered?.();
      if (buffered === undefined) throw error;
      segment.file = buffered;
      segment.writing!.drop();
      segment.writing = (this.#options.disk ?? POOLED_DISK).begin(buffered.fd);
      await segment.writing.write(bytes, start, size);
    }
  }

  /** A segment that never got a fragment: its file and its row go. */
  async #abandon(segment: OpenSegment): Promise<void> {
    const { root, cameraId, index } = this.#options;
    segment.writing?.drop();
    await segment.file?.close();
    await removeFile(root, cameraId, segment.segmentId);
    this.#note(() => index.deleteSegmentRow(segment.segmentId));
    if (this.#onDisk === segment) this.#onDisk = undefined;
  }

  /** A disk that is full is well: that is told as such, and not as one that fails. */
  #countFailure(error: Error): void {
    if (gapCauseOfDisk(error) === "disk-failed") this.#options.counters.failures++;
  }

  async #failed(job: Job, error: Error): Promise<void> {
    const { root, index, cameraId, counters } = this.#options;
    this.#countFailure(error);
    if (job.kind === "end-run" || job.kind === "reached") return;
    const { segment } = job;
    segment.failed = true;
    segment.isOver = true;
    counters.bytesOpen -= segment.bytes;
    segment.writing?.drop();
    void segment.file?.close().catch(() => undefined);
    if (this.#onDisk === segment) this.#onDisk = undefined;
    // What was written stays, to be walked and mended at the next start; until then it is suspect ([RCD10]).
    const facts = { endMs: segment.endMs, bytes: segment.bytes, frames: segment.frames, gops: segment.gops, sha256: null };
    if (facts.frames > 0) this.#note(() => index.closeSegment(segment.segmentId, facts, "suspect"));
    this.#endWith(segment, error, job.kind === "close" ? job.endMs : undefined);
    if (facts.frames > 0) return;
    // Under a number that has a file already, pictures that the index forgot: they are not this segment's to remove, and the numbers around it may be taken too.
    if (job.kind === "begin" && (error as NodeJS.ErrnoException).code === "EEXIST") this.#note(() => skipSegmentIdsAround(index, segment.segmentId));
    // Not one whole fragment: its file, where it made one, holds nothing but room. The row goes after it, so that no file is left that nothing counts.
    const removed = segment.file === undefined || await unlink(segmentPath(root, cameraId, segment.segmentId)).then(() => true, (refused: NodeJS.ErrnoException) => refused.code === "ENOENT" || refused.code === "ENOTDIR");
    this.#note(() => (removed ? index.deleteSegmentRow(segment.segmentId) : index.markUnread(segment.segmentId)));
  }
}

/** Where the pictures end of a run that was to end at `endMs`: where its last segment was over before, what the disk took of it. */
function keptUntil(last: OpenSegment | undefined, endMs: WallMs): WallMs {
  return last?.isOver === true ? Math.min(last.endMs, endMs) : endMs;
}

function noteFragment(segment: OpenSegment, facts: FragmentFacts, size: number): void {
  const last = segment.gops.at(-1);
  if (facts.startsWithKey || last === undefined) {
    segment.gops.push({ offset: segment.bytes + facts.initBytes, startMs: Math.max(0, Math.round(facts.startWallMs - segment.startMs)), duration90k: facts.duration90k, frames: facts.frames });
  } else {
    segment.gops[segment.gops.length - 1] = { ...last, duration90k: last.duration90k + facts.duration90k, frames: last.frames + facts.frames };
  }
  segment.bytes += size;
  segment.frames += facts.frames;
  segment.endMs = Math.round(facts.endWallMs);
}
