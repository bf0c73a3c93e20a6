// One camera, as the recorder keeps it: joined when wanted, tried again when lost, its samples handed to the recording and to live viewers. One tick a
// second for all cameras drives every waiting; a camera has no timers of its own. Whatever one camera does stays in its worker: errors end its
// session, never the process.
import type { Clock, MonotonicMs } from "../../base/time.ts";
import type { Random } from "../../base/random.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import { decodeRtcp, type HeardSenderReport } from "../../media/rtp/rtcp.ts";
import type { PlayingTrack } from "../../protocol/rtsp/client-state.ts";
import type { TrackKind } from "../../protocol/rtsp/media-tracks.ts";
import { certificatePolicyOf } from "../../video/camera/certificate.ts";
import type { StreamFigures } from "../../contract/cameras.ts";
import { type CameraProblem, gapCauseOf, isLoginProblem } from "../../video/camera/gap-cause.ts";
import { reconnectDelayMs } from "../../video/camera/reconnect.ts";
import { isJoinWanted } from "../../video/camera/wanted.ts";
import { ActivityMeter } from "../../video/motion/activity-meter.ts";
import { StreamMeter } from "../../video/health/stream-meter.ts";
import { type KeptSenderReport, SenderReportLog } from "../../video/ingest/sender-reports.ts";
import { TrackIngest, type TrackSample } from "../../video/ingest/track-ingest.ts";
import { type Sample, type SampleSink, VideoIngest } from "../../video/ingest/video-ingest.ts";
import { type GopBudget, LiveStream, type LiveViewerPort } from "../../video/live/live-stream.ts";
import type { ChunkPort, GapCause } from "../../video/ports.ts";
import { StreamRecording } from "../../video/recording/stream-recording.ts";
import { CameraSession, type CameraSessionEvents, type CameraSessionOptions } from "../tcp/camera-session.ts";
import type { StoredCamera } from "./camera-list.ts";
import type { IndexStore } from "./index-store.ts";
import { RecordingWriter, type WriterCounters } from "./recording-writer.ts";

export interface WorkerContext {
  readonly root: string;
  readonly index: IndexStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly chunks: ChunkPort;
  readonly gopBudget: GopBudget;
  readonly counters: WriterCounters;
  readonly session: CameraSessionOptions;
  /** Who takes sound, metadata and sender reports. Without it these tracks are not asked for: what nobody takes does not leave the camera. */
  readonly tracks?: TrackTaker;
  readonly log: (level: "info" | "warn" | "error", fields: object, message: string) => void;
}

export interface TrackTaker {
  readonly kinds: readonly TrackKind[];
  /** The sample is borrowed: copy what must stay before returning. */
  onTrackSample(cameraId: number, sample: TrackSample): void;
  onSenderReport(cameraId: number, report: KeptSenderReport): void;
}

export interface WorkerHealth {
  readonly state: "connected" | "connecting" | "failing" | "idle";
  readonly since: number;
  readonly problem: { readonly code: string; readonly params: Readonly<Record<string, string | number>> } | null;
  readonly lastFrameAt: number | null;
  readonly format: VideoFormat | null;
  readonly bitsPerSecond: number | null;
  readonly framesPerSecond: number | null;
  readonly reconnects: number;
}

export type WorkerFigures = Omit<StreamFigures, "picture" | "pictureChecks">;

/** No RTP for so long: the session is given up. */
const SILENCE_MS = 10_000;
/** RTP comes, but no picture can be made of it. */
const NO_PICTURE_MS = 30_000;
/** After a disk failure, recording waits before it tries again. */
const DISK_HOLD_MS = 5_000;
/** The wall clock may leave the run's own by so much; a larger step was a correction, and a new run begins with right times. */
const WALL_STEP_MS = 1_000;
/** A session that lasted this long clears the count of failures. */
const STEADY_MS = 30_000;
/** Particulars by which a camera is joined. */
const JOINING = ["address", "userName", "password", "transport", "certificateSha256"] as const;

export class CameraWorker implements CameraSessionEvents, SampleSink {
  readonly live: LiveStream;
  readonly writer: RecordingWriter;
  readonly activity = new ActivityMeter();
  readonly #context: WorkerContext;
  readonly #recording: StreamRecording;
  #camera: StoredCamera;
  #session: CameraSession | undefined;
  #playing: PlayingTrack | undefined;
  #ingest: VideoIngest | undefined;
  /** By joined track; the pictures' place is empty. */
  #trackIngests: readonly (TrackIngest | undefined)[] = [];
  #reports = new SenderReportLog();
  /** Wall time less monotonic time, as taken when the run began: within a run, time cannot step. */
  #wallOffsetMs = 0;
  #state: WorkerHealth["state"] = "idle";
  #since: number;
  #problem: WorkerHealth["problem"] = null;
  #failures = 0;
  #reconnects = 0;
  #retryAt = 0;
  #joinedAt = 0;
  /** When the bytes came that are being worked through. */
  #now = 0;
  #lastRtpAt = 0;
  #lastSampleAt = 0;
  #lastFrameWall: number | null = null;
  #recordHeldUntil = -1;
  #lastViewerLeftAt: number | undefined;
  #stopped = false;
  /** False while the worker that had this camera before is still writing: a camera never has two writers. */
  #mayJoin = true;
  readonly #meter: StreamMeter;
  /** Of the pictures that the measure of movement has learned from. */
  #learnedFormat = "";

  /** It joins only after `former`, the leaving of this camera's former worker. */
  constructor(camera: StoredCamera, context: WorkerContext, former?: Promise<void>) {
    this.#camera = camera;
    this.#context = context;
    this.#since = context.clock.wallMs();
    this.#meter = new StreamMeter(context.clock.monotonicMs());
    this.live = new LiveStream(context.gopBudget, () => this.#recallGop());
    this.writer = new RecordingWriter({
      root: context.root, cameraId: camera.cameraId, index: context.index, counters: context.counters,
      onDiskFailed: (error) => this.#onDiskFailed(error), readActivity: (fromMs, toMs) => this.activity.read(fromMs, toMs),
    });
    this.#recording = new StreamRecording(camera.cameraId, this.writer, context.chunks);
    // A first try at once, but spread: a recorder that starts does not call all its cameras in one millisecond.
    this.#retryAt = context.clock.monotonicMs() + (camera.recording === "continuous" ? context.random.next() * 1_000 : 0);
    if (former !== undefined) {
      this.#mayJoin = false;
      const join = (): void => { this.#mayJoin = true; };
      former.then(join, join);
    }
    this.writer.noteFirstGap(context.clock.wallMs(), camera.recording === "continuous" ? "camera-unreachable" : "not-wanted");
  }

  get camera(): StoredCamera {
    return this.#camera;
  }

  /** New particulars. Another way to join it ends the session; the rest is taken as it comes. */
  change(camera: StoredCamera): void {
    const before = this.#camera;
    this.#camera = camera;
    if (JOINING.every((field) => before[field] === camera[field])) return;
    this.#leave("reconfigured");
    this.#failures = 0;
    this.#retryAt = 0;
  }

  health(): WorkerHealth {
    return {
      state: this.#state, since: this.#since, problem: this.#problem, lastFrameAt: this.#lastFrameWall, format: this.#ingest?.format ?? this.live.format ?? null,
      bitsPerSecond: this.#meter.bitsPerSecond, framesPerSecond: this.#meter.framesPerSecond, reconnects: this.#reconnects,
    };
  }

  /** What is measured of the stream, beside its health. */
  figures(): WorkerFigures {
    const breaks = this.#meter.countBreaks(this.#context.clock.monotonicMs());
    return {
      keyIntervalMs: this.#meter.keyIntervalMs, clockOffsetMs: this.clockOffsetMs ?? null, lossShare: this.#meter.lossShare, stillMs: this.#state === "connected" ? this.#meter.stillMs : 0,
      reconnectsHour: breaks.hour, reconnectsDay: breaks.day, faults: Object.fromEntries(this.faults ?? []),
    };
  }

  get problem(): WorkerHealth["problem"] {
    return this.#problem;
  }

  /** A run lasts, also while no segment of it is open. */
  get isRecording(): boolean {
    return this.#recording.inRun;
  }

  /** Up to when it is known whether there are pictures: what is on disk while a run lasts, else now. */
  knownUntil(now: number): number {
    return this.#recording.inRun ? Math.min(now, this.writer.knownUntilMs) : now;
  }

  /** Of the session that lasts: what was wrong with its packets, over all its tracks, and what a network lost. */
  get faults(): ReadonlyMap<string, number> | undefined {
    if (this.#ingest === undefined) return undefined;
    const all = new Map(this.#ingest.faults);
    const add = (name: string, count: number): void => {
      if (count > 0) all.set(name, (all.get(name) ?? 0) + count);
    };
    for (const [at, ingest] of this.#trackIngests.entries()) {
      for (const [name, count] of ingest?.faults ?? []) add(name, count);
      const udp = this.#session?.findUdpFigures(at);
      add("packet-lost", udp?.lost ?? 0);
      add("packet-late", udp?.late ?? 0);
      add("packet-foreign", udp?.foreign ?? 0);
    }
    return all;
  }

  /** By how much the camera's own clock is ahead of ours; undefined where it has not told in this run. */
  get clockOffsetMs(): number | undefined {
    return this.#reports.clockOffsetMs("video");
  }

  addViewer(port: LiveViewerPort): void {
    this.live.add(port);
    // Somebody waits: a camera that is between two tries is tried now, unless more tries would lock its account.
    if (this.#session === undefined && !isLoginProblem(this.#problem?.code)) this.#retryAt = Math.min(this.#retryAt, this.#context.clock.monotonicMs());
    if (this.#session === undefined) this.tick();
  }

  removeViewer(port: LiveViewerPort): void {
    this.live.remove(port);
    if (this.live.viewers === 0) this.#lastViewerLeftAt = this.#context.clock.monotonicMs();
  }

  /** Several times a second: reads what has come of a camera that nobody watches. */
  readMore(): void {
    const session = this.#session;
    if (session === undefined) return;
    const watched = this.live.viewers > 0 || this.#state !== "connected";
    if (watched && !session.batched) return;
    session.batched = !watched;
    session.readMore();
  }

  /** About once a second. */
  tick(): void {
    if (this.#stopped) return;
    this.writer.settle();
    const now = this.#context.clock.monotonicMs();
    const wanted = isJoinWanted(this.#camera.recording, this.live.viewers, this.#lastViewerLeftAt, now);
    if (this.#session === undefined) {
      if (wanted && this.#mayJoin && now >= this.#retryAt) this.#join(now);
      else if (!wanted && this.#state !== "idle") this.#rest();
      return;
    }
    if (!wanted) {
      this.#leave("not-wanted");
      this.#rest();
      return;
    }
    this.#session.tick();
    if (this.#session === undefined) return;
    if (this.#playing !== undefined && now - this.#lastRtpAt > SILENCE_MS) {
      this.#lost("timeout", `no packet for ${SILENCE_MS / 1000} s`, "no-data");
    } else if (this.#ingest !== undefined && now - Math.max(this.#lastSampleAt, this.#joinedAt) > NO_PICTURE_MS) {
      this.#lost("malformed", `packets come, but no picture: waiting for ${this.#ingest.waitingFor ?? "the rest of one"}`, "bad-data");
    } else {
      this.#recording.tick(now);
      this.#meter.measure(now, this.#ingest?.lostPackets ?? 0, this.#ingest?.nextSequence ?? -1);
    }
  }

  /** Ends session and run, and waits until all is on disk. */
  async stop(cause: GapCause): Promise<void> {
    this.#stopped = true;
    this.#leave(cause);
    this.live.endRun();
    this.#noteGap(cause);
    await this.writer.idle();
  }

  onDescribed(): void {
    return;
  }

  onPlaying(playing: PlayingTrack): void {
    this.#playing = playing;
    this.#beginRun(playing, this.#context.clock.monotonicMs());
  }

  onBytes(now: MonotonicMs): void {
    this.#now = now;
    if (this.#playing === undefined) return;
    const stepMs = this.#context.clock.wallMs() - now - this.#wallOffsetMs;
    if (Math.abs(stepMs) <= WALL_STEP_MS) return;
    this.#context.log("warn", { cameraId: this.#camera.cameraId, stepMs: Math.round(stepMs) }, "the wall clock was corrected; a new run begins");
    this.#recording.end("clock-changed");
    this.#beginRun(this.#playing, now);
  }

  onRtp(bytes: Uint8Array, start: number, end: number): void {
    if (this.#playing === undefined) return;
    this.#lastRtpAt = this.#now;
    this.#ingest?.onRtp(bytes, start, end, Math.round(this.#now + this.#wallOffsetMs));
  }

  onTrackRtp(at: number, bytes: Uint8Array, start: number, end: number): void {
    this.#trackIngests[at]?.onRtp(bytes, start, end, Math.round(this.#now + this.#wallOffsetMs));
  }

  onSenderReport(at: number, report: HeardSenderReport, arrival: number): void {
    const kind = this.#playing?.tracks[at]?.track.kind;
    if (kind === undefined) return;
    const kept = this.#reports.note(kind, report, Math.round(arrival + this.#wallOffsetMs));
    if (kept !== undefined) this.#context.tracks?.onSenderReport(this.#camera.cameraId, kept);
  }

  onRtcp(bytes: Uint8Array, start: number, end: number): void {
    if (decodeRtcp(bytes, start, end).bye) this.#lost("closed", "the camera ended the stream (RTCP BYE)", "camera-closed");
  }

  onEnded(problem: CameraProblem, message: string): void {
    this.#lost(problem, message, gapCauseOf(problem));
  }

  onFormat(format: VideoFormat): void {
    const learned = `${format.codecString} ${format.width}x${format.height}`;
    if (learned !== this.#learnedFormat) this.activity.forget();
    this.#learnedFormat = learned;
    this.#recording.onFormat(format);
    this.live.onFormat(format);
  }

  onSample(sample: Sample): void {
    this.#lastSampleAt = this.#lastRtpAt;
    this.#lastFrameWall = Math.round(this.#now + this.#wallOffsetMs);
    this.#meter.noteFrame(sample.length, sample.key, sample.decode90k, this.#now);
    this.activity.note(sample.length, sample.key, sample.wallMs);
    if (this.#state !== "connected") this.#picturesCome();
    if (this.#lastSampleAt >= this.#recordHeldUntil) this.#recording.onSample(sample, this.#lastSampleAt);
    this.live.onSample(sample);
  }

  /** The running GOP as the disk has it, for the first viewer. */
  async #recallGop(): Promise<readonly Sample[] | undefined> {
    this.#recording.flush();
    return this.writer.readRunningGop();
  }

  onTimeLost(): void {
    this.#lost("malformed", "the camera's clock and its packets fell apart", "no-data");
  }

  /** Only a picture makes a camera connected [CAM4]: one that answers and plays may still send nothing. */
  #picturesCome(): void {
    this.#setState("connected", null);
    this.#context.log("info", { cameraId: this.#camera.cameraId, codec: this.#playing?.track.codec, server: this.#playing?.server }, `camera ${this.#camera.code} joined`);
  }

  #join(now: number): void {
    if (this.#state !== "failing") this.#setState("connecting", null); // what failed stays failing, with its reason, until a picture comes
    this.#joinedAt = now;
    const { address, userName, password, transport, certificateSha256 } = this.#camera;
    const certificate = certificatePolicyOf(certificateSha256);
    this.#session = new CameraSession({ address, userName, password, transport, certificate }, { ...this.#context.session, tracks: this.#context.tracks?.kinds ?? [] }, this);
  }

  #beginRun(playing: PlayingTrack, now: number): void {
    this.#ingest = new VideoIngest(playing.track.codec, playing.track.payloadType, playing.track.parameterSets, this, this.#recording.memory);
    const { tracks } = this.#context;
    const { cameraId } = this.#camera;
    this.#trackIngests = playing.tracks.map(({ track }) =>
      track.kind === "video" || tracks === undefined ? undefined : new TrackIngest(track, { onTrackSample: (sample) => tracks.onTrackSample(cameraId, sample) }));
    this.#reports = new SenderReportLog();
    this.activity.interrupt();
    this.#meter.beginRun(now);
    this.live.beginRun();
    this.#wallOffsetMs = this.#context.clock.wallMs() - now;
    this.#joinedAt = now;
    this.#lastRtpAt = now;
    this.#lastSampleAt = now;
  }

  /** The session is over, for a reason that is not ours. */
  #lost(problem: CameraProblem, message: string, cause: GapCause): void {
    const now = this.#context.clock.monotonicMs();
    if (this.#state === "connected" && now - this.#joinedAt > STEADY_MS) this.#failures = 0;
    this.#failures++;
    this.#reconnects++;
    if (this.#state === "connected") this.#meter.noteBreak(now);
    this.#dropSession(cause);
    this.#noteGap(cause);
    this.#retryAt = now + reconnectDelayMs(this.#failures, isLoginProblem(problem), this.#context.random);
    if (this.#problem?.code !== problem) this.#context.log("warn", { cameraId: this.#camera.cameraId, problem, failures: this.#failures }, `camera ${this.#camera.code} lost: ${message}`);
    this.#setState("failing", { code: problem, params: { message } });
  }

  /** We end the session. */
  #leave(cause: GapCause): void {
    if (this.#session === undefined) return;
    this.#dropSession(cause);
    this.#setState("connecting", null);
  }

  #rest(): void {
    this.#noteGap("not-wanted");
    this.#lastViewerLeftAt = undefined;
    this.#setState("idle", null);
  }

  #dropSession(cause: GapCause): void {
    const session = this.#session;
    this.#session = undefined;
    this.#playing = undefined;
    this.#ingest = undefined;
    this.#trackIngests = [];
    this.#reports = new SenderReportLog();
    session?.close();
    this.live.endRun();
    this.#recording.end(cause);
    this.#recording.memory.release();
    this.#meter.endRun();
  }

  #onDiskFailed(error: Error): void {
    this.#context.log("error", { cameraId: this.#camera.cameraId, code: (error as NodeJS.ErrnoException).code ?? "unknown" }, `recording of camera ${this.#camera.code} failed on the disk: ${error.message}`);
    this.#recordHeldUntil = this.#context.clock.monotonicMs() + DISK_HOLD_MS;
    this.#recording.abort("disk-failed");
    this.#noteGap("disk-failed");
  }

  #noteGap(cause: GapCause): void {
    if (!this.#recording.inRun) this.writer.noteGap(this.#context.clock.wallMs(), cause);
  }

  #setState(state: WorkerHealth["state"], problem: WorkerHealth["problem"]): void {
    if (state !== this.#state) this.#since = this.#context.clock.wallMs();
    this.#state = state;
    this.#problem = problem;
  }
}
