// One camera's files: the RecordingPort on a disk. Calls return at once and are done one after the other; what waits is bounded by a budget that all
// cameras of the process share, so a slow disk costs pictures (with their cause) and never memory. A fragment is one vectored write. A file is
// synced when it ends, then its row is closed. After a failed write or sync the run ends and its file is not touched again. The index is on the
// same disk and fails with it: what it could not take is owed to it, and no run begins before that is settled.
import { type FileHandle, mkdir, open } from "node:fs/promises";
import type { WallMs } from "../../base/time.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import type { FragmentFacts, GapCause, RecordingPort } from "../../video/ports.ts";
import type { Gop } from "../../video/playback/gop-index.ts";
import type { IndexStore, SegmentRow } from "./index-store.ts";
import { cameraFolder, formatKeyOf, removeFile, segmentPath, syncFolder } from "./segment-files.ts";

/** Bytes that may wait for the disk, over all cameras. */
export class WriteBudget {
  waiting = 0;
  readonly most: number;
  constructor(most: number) {
    this.most = most;
  }
}

export interface WriterCounters {
  bytesWritten: number;
  writes: number;
  fsyncs: number;
  failures: number;
}

type Job =
  | { readonly kind: "begin"; readonly segment: OpenSegment; readonly init: Uint8Array }
  | { readonly kind: "write"; readonly segment: OpenSegment; readonly header: Uint8Array; readonly data: Uint8Array; readonly facts: FragmentFacts }
  | { readonly kind: "close"; readonly segment: OpenSegment; readonly endMs: WallMs }
  | { readonly kind: "end-run"; readonly runId: number; readonly endMs: WallMs; readonly cause: GapCause };

/** The segment that is being written. `gops`, `bytes`, `frames` and `endMs` tell of what the disk has taken. */
interface OpenSegment {
  readonly segmentId: number;
  readonly runId: number;
  readonly startMs: WallMs;
  readonly formatKey: string;
  readonly initBytes: number;
  handle: FileHandle | undefined;
  failed: boolean;
  gops: Gop[];
  bytes: number;
  frames: number;
  endMs: WallMs;
}

export interface RecordingWriterOptions {
  readonly root: string;
  readonly cameraId: number;
  readonly index: IndexStore;
  readonly budget: WriteBudget;
  readonly counters: WriterCounters;
  /** A write or a sync failed: the caller ends its run. */
  readonly onDiskFailed: (error: Error) => void;
}

/** Gaps beyond these are not kept while the index takes nothing: a camera that comes and goes for days on a full disk. */
const MOST_OWED = 1_000;

export class RecordingWriter implements RecordingPort {
  /** End of what the disk has taken of the run that lasts. */
  knownUntilMs: WallMs = 0;
  /** Bytes of the segments closed since the start. */
  bytesClosed = 0;
  readonly #options: RecordingWriterOptions;
  #jobs: Job[] = [];
  #working: Promise<void> | undefined;
  #runId = -1;
  #segment: OpenSegment | undefined;
  #onDisk: OpenSegment | undefined;
  /** What the index has to be told and could not take yet, in order. No run begins before it is settled, so only gaps could pile up. */
  #owed: { readonly work: () => void; readonly gap: GapCause | undefined }[] = [];

  constructor(options: RecordingWriterOptions) {
    this.#options = options;
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

  beginSegment(startWallMs: WallMs, _format: VideoFormat, init: Uint8Array): boolean {
    if (this.#segment !== undefined) this.#add({ kind: "close", segment: this.#segment, endMs: startWallMs });
    this.#segment = undefined;
    const formatKey = formatKeyOf(init);
    let segmentId = 0;
    if (!this.#begin(() => { segmentId = this.#options.index.insertSegment(this.#options.cameraId, this.#runId, startWallMs, init.length, formatKey); })) return false;
    this.#segment = {
      segmentId, runId: this.#runId, startMs: Math.round(startWallMs), formatKey, initBytes: init.length, handle: undefined, failed: false, gops: [], bytes: 0, frames: 0,
      endMs: Math.round(startWallMs),
    };
    this.#add({ kind: "begin", segment: this.#segment, init });
    return true;
  }

  writeFragment(header: Uint8Array, data: Uint8Array, facts: FragmentFacts): boolean {
    const { budget } = this.#options;
    const size = header.length + data.length;
    if (this.#segment === undefined || budget.waiting + size > budget.most) return false;
    budget.waiting += size;
    this.#add({ kind: "write", segment: this.#segment, header, data, facts });
    return true;
  }

  endRun(endWallMs: WallMs, cause: GapCause): void {
    if (this.#segment !== undefined) this.#add({ kind: "close", segment: this.#segment, endMs: endWallMs });
    this.#segment = undefined;
    this.#add({ kind: "end-run", runId: this.#runId, endMs: endWallMs, cause });
    this.noteGap(endWallMs, cause);
  }

  /** From `atMs` on there are no pictures, for this cause. To be called while no run lasts. */
  noteGap(atMs: WallMs, cause: GapCause): void {
    const { index, cameraId } = this.#options;
    if (this.#owed.at(-1)?.gap === cause || this.#owed.length >= MOST_OWED) return;
    this.#note(() => index.transaction(() => index.noteGap(cameraId, atMs, cause)), cause);
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
      this.#options.counters.failures++;
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
      this.#options.counters.failures++;
      failed = error as Error;
    }
    if (failed !== undefined) this.#options.onDiskFailed(failed);
    return failed === undefined;
  }

  #add(job: Job): void {
    this.#jobs.push(job);
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async #work(): Promise<void> {
    // Yields first, so that `#working` is set before anything is done, and calls of one turn are seen together.
    await Promise.resolve();
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) {
      try {
        await this.#do(job);
      } catch (error) {
        this.#failed(job, error as Error);
      } finally {
        if (job.kind === "write") this.#options.budget.waiting -= job.header.length + job.data.length;
      }
    }
  }

  async #do(job: Job): Promise<void> {
    const { root, cameraId, index, counters } = this.#options;
    if (job.kind === "end-run") {
      this.#note(() => index.endRun(job.runId, job.endMs, job.cause));
      return;
    }
    const { segment } = job;
    if (segment.failed) return;
    switch (job.kind) {
      case "begin":
        await mkdir(cameraFolder(root, cameraId), { recursive: true });
        segment.handle = await open(segmentPath(root, cameraId, segment.segmentId), "wx");
        await segment.handle.write(job.init, 0, job.init.length, 0);
        segment.bytes = job.init.length;
        this.#onDisk = segment;
        return;
      case "write": {
        const size = job.header.length + job.data.length;
        const { bytesWritten } = await segment.handle!.writev([job.header, job.data], segment.bytes);
        if (bytesWritten !== size) throw new Error(`wrote ${bytesWritten} of ${size} bytes`);
        noteFragment(segment, job.facts, size);
        if (segment.runId === this.#runId) this.knownUntilMs = Math.max(this.knownUntilMs, segment.endMs);
        counters.bytesWritten += size;
        counters.writes++;
        return;
      }
      case "close": {
        if (segment.frames === 0) {
          await this.#abandon(segment);
          return;
        }
        await segment.handle!.sync();
        await segment.handle!.close();
        await syncFolder(cameraFolder(root, cameraId));
        counters.fsyncs += 2;
        this.#note(() => index.closeSegment(segment.segmentId, { endMs: job.endMs, bytes: segment.bytes, frames: segment.frames, gops: segment.gops }, "closed"));
        this.bytesClosed += segment.bytes;
        if (this.#onDisk === segment) this.#onDisk = undefined;
        return;
      }
    }
  }

  /** A segment that never got a fragment: its file and its row go. */
  async #abandon(segment: OpenSegment): Promise<void> {
    const { root, cameraId, index } = this.#options;
    await segment.handle?.close();
    await removeFile(root, cameraId, segment.segmentId);
    this.#note(() => index.deleteSegmentRow(segment.segmentId));
    if (this.#onDisk === segment) this.#onDisk = undefined;
  }

  #failed(job: Job, error: Error): void {
    const { index, counters, onDiskFailed } = this.#options;
    counters.failures++;
    if (job.kind === "end-run") return;
    const { segment } = job;
    segment.failed = true;
    void segment.handle?.close().catch(() => undefined);
    if (this.#onDisk === segment) this.#onDisk = undefined;
    // What was written stays, to be walked and mended at the next start; until then it is suspect ([RCD10]).
    const facts = { endMs: segment.endMs, bytes: segment.bytes, frames: segment.frames, gops: segment.gops };
    this.#note(() => (facts.frames > 0 ? index.closeSegment(segment.segmentId, facts, "suspect") : index.deleteSegmentRow(segment.segmentId)));
    if (this.#segment === segment) this.#segment = undefined;
    onDiskFailed(error);
  }
}

function noteFragment(segment: OpenSegment, facts: FragmentFacts, size: number): void {
  const last = segment.gops.at(-1);
  if (facts.startsWithKey || last === undefined) {
    segment.gops.push({ offset: segment.bytes, startMs: Math.max(0, Math.round(facts.startWallMs - segment.startMs)), duration90k: facts.duration90k, frames: facts.frames });
  } else {
    segment.gops[segment.gops.length - 1] = { ...last, duration90k: last.duration90k + facts.duration90k, frames: last.frames + facts.frames };
  }
  segment.bytes += size;
  segment.frames += facts.frames;
  segment.endMs = Math.round(facts.endWallMs);
}
