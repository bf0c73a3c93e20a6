// One camera's files: the RecordingPort on a disk. Calls return at once and are done one after the other; what waits is bounded by a budget that all
// cameras of the process share, so a slow disk costs pictures (with their cause) and never memory. A fragment is one vectored write. A file is
// synced when it ends, then its row is closed. After a failed write or sync the run ends and its file is not touched again.
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

  constructor(options: RecordingWriterOptions) {
    this.#options = options;
  }

  beginRun(startWallMs: WallMs): void {
    const { index, cameraId } = this.#options;
    index.transaction(() => {
      this.#runId = index.insertRun(cameraId, startWallMs);
      index.endGap(cameraId, startWallMs);
    });
    this.#segment = undefined;
    this.knownUntilMs = startWallMs;
  }

  beginSegment(startWallMs: WallMs, _format: VideoFormat, init: Uint8Array): void {
    if (this.#segment !== undefined) this.#add({ kind: "close", segment: this.#segment, endMs: startWallMs });
    const formatKey = formatKeyOf(init);
    const segmentId = this.#options.index.insertSegment(this.#options.cameraId, this.#runId, startWallMs, init.length, formatKey);
    this.#segment = {
      segmentId, runId: this.#runId, startMs: Math.round(startWallMs), formatKey, initBytes: init.length, handle: undefined, failed: false, gops: [], bytes: 0, frames: 0,
      endMs: Math.round(startWallMs),
    };
    this.#add({ kind: "begin", segment: this.#segment, init });
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
    this.#options.index.noteGap(this.#options.cameraId, endWallMs, cause);
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
      index.endRun(job.runId, job.endMs, job.cause);
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
        this.knownUntilMs = Math.max(this.knownUntilMs, segment.endMs);
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
        index.closeSegment(segment.segmentId, { endMs: job.endMs, bytes: segment.bytes, frames: segment.frames, gops: segment.gops }, "closed");
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
    index.deleteSegmentRow(segment.segmentId);
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
    try {
      if (segment.frames > 0) index.closeSegment(segment.segmentId, { endMs: segment.endMs, bytes: segment.bytes, frames: segment.frames, gops: segment.gops }, "suspect");
      else index.deleteSegmentRow(segment.segmentId);
    } catch {
      // The index is on the same disk. The row stays open, and the next start settles it.
    }
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
