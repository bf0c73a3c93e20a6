// What of one camera goes to the disk, and when: pictures through the gate that its wish opens and closes, what is beside them, what a failing disk or a lost camera makes of it ([RCD], [CAM14], [CAM15]).
// Why there are no pictures is known to the worker; here it is noted while no run lasts.
import type { MonotonicMs, WallMs } from "../../base/time.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import type { TrackMoment } from "../../video/ingest/track-alignment.ts";
import type { Sample } from "../../video/ingest/video-ingest.ts";
import type { GapCause } from "../../video/ports.ts";
import type { FragmentBuffer } from "../../video/recording/fragment-buffer.ts";
import { GatedRecording } from "../../video/recording/gated-recording.ts";
import { PreRoll } from "../../video/recording/pre-roll.ts";
import { StreamRecording } from "../../video/recording/stream-recording.ts";
import { CameraClass } from "./camera-class.ts";
import type { StoredCamera } from "./camera-list.ts";
import { DiskHold } from "./disk-hold.ts";
import { RecordingWriter } from "./recording-writer.ts";
import { SecondTracks } from "./second-tracks.ts";
import type { SessionReports } from "./session-reports.ts";
import type { WorkerContext } from "./worker-context.ts";

export interface CameraRecordingPort {
  /** The latest picture of the session. */
  latest(): TrackMoment | undefined;
  readActivity(fromMs: WallMs, toMs: WallMs): Uint8Array;
  readonly reports: SessionReports;
  /** The run is over, for this cause. */
  onDiskFailed(cause: GapCause): void;
}

export class CameraRecording {
  readonly beside: SecondTracks;
  readonly writer: RecordingWriter;
  readonly #context: WorkerContext;
  readonly #stream: StreamRecording;
  readonly #gate: GatedRecording;
  readonly #hold: DiskHold;
  readonly #class: CameraClass;
  readonly #reports: SessionReports;

  constructor(camera: StoredCamera, context: WorkerContext, port: CameraRecordingPort) {
    this.#context = context;
    this.#reports = port.reports;
    this.#hold = new DiskHold(context);
    this.#class = new CameraClass(camera, context);
    this.beside = new SecondTracks(camera, context, { keptSince: () => this.#gate.keptSince, run: () => this.#gate.run, recordedRun: () => this.#gate.recordedRun, latest: () => port.latest() });
    const onDiskFailed = (error: Error): void => {
      context.log("error", { cameraId: camera.cameraId, code: (error as NodeJS.ErrnoException).code ?? "unknown" }, `recording of camera ${camera.code} failed on the disk: ${error.message}`);
      const cause = this.#hold.begin(error, context.clock.monotonicMs());
      this.#stream.abort(cause);
      port.onDiskFailed(cause);
      this.#tellWanted(cause);
    };
    this.writer = new RecordingWriter({
      root: context.root, cameraId: camera.cameraId, index: context.index, files: context.files, counters: context.counters, ...(context.disk === undefined ? {} : { disk: context.disk }), ...(context.room === undefined ? {} : { room: context.room }),
      onDiskFailed, readActivity: (fromMs, toMs) => port.readActivity(fromMs, toMs), onSegment: (segmentId, atMs) => {
        this.beside.onSegment(segmentId, atMs);
        this.writeReports();
      },
    });
    this.#stream = new StreamRecording(camera.cameraId, this.writer, context.chunks.portOf(() => this.#class.current), context.segmentMs);
    this.#gate = new GatedRecording(this.#stream, new PreRoll(context.preRollBudget), () => this.writer.knownUntilMs, this.beside, (from, to) => this.writer.retellGaps({ from, to }, "no-event", "disk-slow"));
  }

  /** Where its access units are to be put together. */
  get memory(): FragmentBuffer {
    return this.#stream.memory;
  }

  /** A run lasts, also while no segment of it is open. */
  get inRun(): boolean {
    return this.#stream.inRun;
  }

  /** Up to when it is known whether there are pictures: what is on disk while a run lasts, else now. */
  knownUntil(now: WallMs): WallMs {
    return this.inRun ? Math.min(now, this.writer.knownUntilMs) : now;
  }

  /** How much is kept for an event. */
  keep(ms: number): void {
    this.#gate.keep(ms);
  }

  /** From `fromMs` on, as far as it is kept. */
  open(fromMs: WallMs): void {
    this.#gate.open(fromMs);
    const cause = this.#hold.findCause(this.#context.clock.monotonicMs());
    if (cause !== undefined) this.#tellWanted(cause);
  }

  /** The disk cannot be tried for what an event wants: that there was none would be untrue of its time. */
  #tellWanted(cause: GapCause): void {
    const { wanted } = this.#gate;
    if (wanted !== undefined) this.writer.retellGaps(wanted, "no-event", cause);
  }

  close(cause: GapCause): void {
    this.#gate.close(cause);
  }

  /** About once a second. `cause`: why there are no pictures, where there are none. */
  tick(now: MonotonicMs, camera: StoredCamera, { cause, isPlaying }: { readonly cause: GapCause; readonly isPlaying: boolean }): void {
    this.writer.settle();
    this.#class.refresh(camera);
    const mayGive = !isPlaying || (this.#gate.waitsSinceBreak && !this.memory.isUnitUnderWay);
    if (this.#gate.waits && mayGive) this.breakOff(now, cause, isPlaying);
  }

  /** Pictures that have waited too long for their successors are written. */
  flushLate(now: MonotonicMs): void {
    this.#stream.tick(now);
  }

  beginRun(): void {
    this.#gate.beginRun();
    this.#reports.beginRun(this.#gate.run);
  }

  onFormat(format: VideoFormat): void {
    this.#gate.onFormat(format);
  }

  onSample(sample: Sample, now: MonotonicMs): void {
    this.#gate.onSample(sample, now, this.#hold.mayRecord(now));
  }

  /** No sample continues those before; what an event wants of these goes to the disk as that takes it. `isPlaying`: the session goes on, and with it the unit that is being put together. */
  breakOff(now: MonotonicMs, cause: GapCause, isPlaying: boolean): void {
    this.#gate.breakOff(now, cause, this.#hold.mayRecord(now));
    if (!this.inRun && !isPlaying) this.memory.release();
  }

  /** Those of the run that is recorded, into it. */
  writeReports(): void {
    if (this.inRun) this.#reports.write(this.writer, this.#gate.recordedRun);
  }

  /** The running GOP as the disk or the pre-roll has it, for the first viewer. */
  async recallGop(): Promise<readonly Sample[] | undefined> {
    const kept = this.#gate.listRunningGop();
    if (kept !== undefined) return kept;
    this.#stream.flush();
    return this.writer.readRunningGop();
  }

  /** From now on there are no pictures, for this cause, unless there are. */
  noteGap(cause: GapCause): void {
    if (!this.inRun) this.writer.noteGap(this.#context.clock.wallMs(), cause);
  }

  /** All that an event wants is written before. Resolves when nothing waits any more. */
  async stop(cause: GapCause): Promise<void> {
    await this.#bringAll(cause);
    this.#gate.stop();
    this.noteGap(cause);
    await this.#idle();
  }

  /** The disk gets the more as soon as it has what it was given; where that brings nothing on, all the rest. */
  async #bringAll(cause: GapCause): Promise<void> {
    while (this.#gate.waits) {
      await this.#idle();
      const now = this.#context.clock.monotonicMs();
      if (!this.#hold.mayRecord(now)) return;
      const before = this.#gate.keptSince;
      this.#gate.breakOff(now, cause, true);
      const after = this.#gate.keptSince;
      if (after?.run !== before?.run || after?.ms !== before?.ms) continue;
      this.#gate.breakOff(now, cause, true, false);
      return;
    }
  }

  async #idle(): Promise<void> {
    await Promise.all([this.writer.idle(), this.beside.idle()]);
  }
}
