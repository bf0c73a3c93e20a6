// One camera, as the recorder keeps it: joined when wanted, tried again when lost, its samples handed to the recording and to live viewers. One tick a
// second for all cameras drives every waiting; a camera has no timers of its own. Whatever one camera does stays in its worker: errors end its
// session, never the process.
import type { MonotonicMs } from "../../base/time.ts";
import type { Stream } from "../../contract/cameras.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import { decodeRtcp, type HeardSenderReport } from "../../media/rtp/rtcp.ts";
import type { PlayingTrack } from "../../protocol/rtsp/client-state.ts";
import { certificatePolicyOf } from "../../video/camera/certificate.ts";
import { type CameraProblem, gapCauseOf, isLoginProblem } from "../../video/camera/gap-cause.ts";
import { STEADY_MS, correctionOf, findGivenUp } from "../../video/camera/given-up.ts";
import { reconnectDelayMs } from "../../video/camera/reconnect.ts";
import type { Wish } from "../../video/camera/wanted.ts";
import { ActivityMeter } from "../../video/motion/activity-meter.ts";
import { type Sample, type SampleSink, VideoIngest } from "../../video/ingest/video-ingest.ts";
import { LiveStream, type LiveViewerPort } from "../../video/live/live-stream.ts";
import type { GapCause } from "../../video/ports.ts";
import { CameraSession, type CameraSessionEvents } from "../tcp/camera-session.ts";
import type { StoredCamera } from "./camera-list.ts";
import { CameraRecording } from "./camera-recording.ts";
import { CameraVitals } from "./camera-vitals.ts";
import { CameraWish } from "./camera-wish.ts";
import type { LiveSource } from "./live-source.ts";
import type { RecordingWriter } from "./recording-writer.ts";
import { type SecondTracks, listWantedTracks } from "./second-tracks.ts";
import { SessionReports } from "./session-reports.ts";
import { SubStream } from "./sub-stream.ts";
import type { WorkerContext, WorkerFigures, WorkerHealth } from "./worker-context.ts";

/** Particulars by which a camera is joined. */
const JOINING = ["address", "userName", "password", "transport", "certificateSha256", "sound", "metadata"] as const;

export class CameraWorker implements LiveSource, CameraSessionEvents, SampleSink {
  readonly stream = "main";
  readonly live: LiveStream;
  readonly activity = new ActivityMeter();
  readonly #context: WorkerContext;
  readonly #recording: CameraRecording;
  /** Made for the first who watches it. */
  #sub: SubStream | undefined;
  readonly #wishes: CameraWish;
  /** What was wished at the last tick. */
  #wish: Wish;
  /** Why there are no pictures, whether or not they are wished for. */
  #cause: GapCause;
  #camera: StoredCamera;
  #session: CameraSession | undefined;
  #playing: PlayingTrack | undefined;
  #ingest: VideoIngest | undefined;
  readonly #reports = new SessionReports();
  /** Wall time less monotonic time, as taken when the run began: within a run, time cannot step. */
  #wallOffsetMs: number;
  readonly #vitals: CameraVitals;
  #failures = 0;
  #retryAt = 0;
  #joinedAt = 0;
  /** When the bytes came that are being worked through. */
  #now = 0;
  #lastRtpAt = 0;
  #lastSampleAt = 0;
  #lastViewerLeftAt: number | undefined;
  #stopped = false;
  /** False while the worker that had this camera before is still writing: a camera never has two writers. */
  #mayJoin = true;
  /** Of the pictures that the measure of movement has learned from. */
  #learnedFormat = "";

  /** It joins only after `former`, the leaving of this camera's former worker. */
  constructor(camera: StoredCamera, context: WorkerContext, former?: Promise<void>) {
    this.#camera = camera;
    this.#context = context;
    this.#vitals = new CameraVitals(context.clock);
    this.live = new LiveStream(context.gopBudget, () => this.#recording.recallGop());
    this.#recording = new CameraRecording(camera, context, { latest: () => this.#ingest?.latest, readActivity: (fromMs, toMs) => this.activity.read(fromMs, toMs), reports: this.#reports, onDiskFailed: (cause) => this.#noteGap(this.#wish.record ? cause : this.#wish.cause) });
    this.#wishes = new CameraWish(camera);
    this.#wallOffsetMs = context.clock.wallMs() - context.clock.monotonicMs();
    this.#wish = this.#decide(context.clock.monotonicMs());
    this.#cause = this.#wish.join ? "camera-unreachable" : this.#wish.cause;
    this.#moveGate();
    // A first try at once, but spread: a recorder that starts does not call all its cameras in one millisecond.
    this.#retryAt = context.clock.monotonicMs() + (this.#wish.join ? context.random.next() * 1_000 : 0);
    if (former !== undefined) {
      this.#mayJoin = false;
      const join = (): void => { this.#mayJoin = true; };
      former.then(join, join);
    }
    this.writer.noteFirstGap(context.clock.wallMs(), this.#causeToTell());
  }

  get writer(): RecordingWriter {
    return this.#recording.writer;
  }

  /** Its sound and metadata. */
  get beside(): SecondTracks {
    return this.#recording.beside;
  }

  get camera(): StoredCamera {
    return this.#camera;
  }

  /** New particulars. Another way to join it ends the session; the rest is taken as it comes. */
  change(camera: StoredCamera): void {
    const before = this.#camera;
    this.#camera = camera;
    this.#wishes.change(camera);
    this.#recording.keep(this.#wishes.keepMs);
    if ([...JOINING, "subAddress" as const].some((field) => before[field] !== camera[field])) this.#dropSub();
    if (JOINING.every((field) => before[field] === camera[field])) return;
    this.#leave("reconfigured");
    this.#failures = 0;
    this.#retryAt = 0;
  }

  health(): WorkerHealth {
    return this.#vitals.health(this.#ingest?.format ?? this.live.format ?? null);
  }

  figures(): WorkerFigures {
    return this.#vitals.figures({ keyFrameIntervalS: this.#camera.keyFrameIntervalS, clockOffsetMs: this.clockOffsetMs, faults: this.faults });
  }

  get problem(): WorkerHealth["problem"] {
    return this.#vitals.problem;
  }

  /** A run lasts, also while no segment of it is open. */
  get isRecording(): boolean {
    return this.#recording.inRun;
  }

  /** Up to when it is known whether there are pictures: what is on disk while a run lasts, else now. */
  knownUntil(now: number): number {
    return this.#recording.knownUntil(now);
  }

  /** Of the session that lasts: what was wrong with its packets, over all its tracks, and what a network lost. */
  get faults(): ReadonlyMap<string, number> | undefined {
    if (this.#ingest === undefined) return undefined;
    const all = new Map(this.#ingest.faults);
    const add = (name: string, count: number): void => {
      if (count > 0) all.set(name, (all.get(name) ?? 0) + count);
    };
    for (const [at, faults] of this.beside.listFaults().entries()) {
      for (const [name, count] of faults ?? []) add(name, count);
      const udp = this.#session?.findUdpFigures(at);
      add("packet-lost", udp?.lost ?? 0);
      add("packet-late", udp?.late ?? 0);
      add("packet-foreign", udp?.foreign ?? 0);
    }
    return all;
  }

  /** By how much the camera's own clock is ahead of ours; undefined where it has not told in this run. */
  get clockOffsetMs(): number | undefined {
    return this.#reports.clockOffsetMs;
  }

  /** What a viewer gets who asks for `stream`: where there is no sub stream, main. */
  findSource(stream: Stream): LiveSource {
    if (stream === "main" || this.#camera.subAddress === null) return this;
    this.#sub ??= new SubStream(this.#camera, this.#context);
    return this.#sub;
  }

  /** Something happens just now that a camera which records on events keeps. Answers until when it records; undefined where it does not go by events. */
  onEvent(): MonotonicMs | undefined {
    const now = this.#context.clock.monotonicMs();
    const until = this.#wishes.noteEvent(now);
    const before = this.#wish;
    this.#wish = this.#decide(now);
    if (before.record || !this.#wish.record) return until;
    this.#recording.open(now + this.#wallOffsetMs - this.#wishes.keepMs); // what is kept has the times of its run, also where the clock was corrected since its last picture
    if (this.#playing === undefined) this.#recording.breakOff(now, this.#cause, false);
    return until;
  }

  /** Of all its streams. */
  get viewers(): number {
    return this.live.viewers + (this.#sub?.live.viewers ?? 0);
  }

  listViewers(): LiveViewerPort[] {
    return [...this.live.listViewers(), ...(this.#sub?.live.listViewers() ?? [])];
  }

  addViewer(port: LiveViewerPort): void {
    this.live.add(port);
    // Somebody waits: a camera that is between two tries is tried now, unless more tries would lock its account.
    if (this.#session === undefined && !isLoginProblem(this.#vitals.problem?.code)) this.#retryAt = Math.min(this.#retryAt, this.#context.clock.monotonicMs());
    if (this.#session === undefined) this.tick();
    else this.readMore(); // from now on as it comes
  }

  removeViewer(port: LiveViewerPort): void {
    this.live.remove(port);
    if (this.live.viewers === 0) this.#lastViewerLeftAt = this.#context.clock.monotonicMs();
  }

  /** Several times a second: reads what has come of a camera that nobody watches. */
  readMore(): void {
    const session = this.#session;
    if (session === undefined) return;
    const watched = this.live.viewers > 0 || this.#vitals.state !== "connected";
    if (watched && !session.batched) return;
    session.batched = !watched;
    session.readMore();
  }

  /** About once a second. */
  tick(): void {
    if (this.#stopped) return;
    const now = this.#context.clock.monotonicMs();
    this.#vitals.noteDropped(this.beside.dropped, now);
    this.#tickSub(now);
    const before = this.#wish;
    this.#wish = this.#decide(now);
    if (this.#wish !== before) this.#applyWish();
    this.#recording.tick(now, this.#camera, { cause: this.#cause, isPlaying: this.#playing !== undefined });
    if (this.#session === undefined) {
      if (this.#wish.join && this.#mayJoin && now >= this.#retryAt) this.#join(now);
      else if (!this.#wish.join && this.#vitals.state !== "idle") this.#rest();
      return;
    }
    if (!this.#wish.join) {
      this.#leave(this.#wish.cause);
      this.#rest();
      return;
    }
    this.#session.tick();
    if (this.#session === undefined) return;
    const over = this.#ingest === undefined ? undefined : findGivenUp({ now, heardAt: this.#lastRtpAt, pictureAt: Math.max(this.#lastSampleAt, this.#joinedAt), waitingFor: this.#ingest.waitingFor });
    if (over !== undefined) {
      this.#lost(over.problem, over.message, over.cause);
    } else {
      this.#recording.flushLate(now);
      this.#recording.writeReports();
      this.#vitals.meter.measure(now, this.#ingest?.lostPackets ?? 0, this.#ingest?.nextSequence ?? -1);
    }
  }

  /** Ends session and run, and waits until all is on disk. */
  async stop(cause: GapCause): Promise<void> {
    this.#stopped = true;
    this.#dropSub();
    this.#leave(cause);
    this.live.endRun();
    await this.#recording.stop(cause);
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
    const stepMs = correctionOf(this.#context.clock.wallMs() - now - this.#wallOffsetMs);
    if (stepMs === 0) return;
    this.#context.log("warn", { cameraId: this.#camera.cameraId, stepMs: Math.round(stepMs) }, "the wall clock was corrected; a new run begins");
    this.#recording.breakOff(now, "clock-changed", true);
    this.#beginRun(this.#playing, now);
  }

  onRtp(bytes: Uint8Array, start: number, end: number): void {
    if (this.#playing === undefined) return;
    this.#lastRtpAt = this.#now;
    this.#ingest?.onRtp(bytes, start, end, Math.round(this.#now + this.#wallOffsetMs));
  }

  onTrackRtp(at: number, bytes: Uint8Array, start: number, end: number): void {
    this.beside.onRtp(at, bytes, start, end, Math.round(this.#now + this.#wallOffsetMs));
  }

  onSenderReport(at: number, report: HeardSenderReport, arrival: number): void {
    const kind = this.#playing?.tracks[at]?.track.kind;
    if (kind === undefined) return;
    this.beside.onSenderReport(kind, { rtpTime: report.rtpTimestamp, ms: report.wallMs });
    this.#reports.note(kind, report, Math.round(arrival + this.#wallOffsetMs));
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
    this.#vitals.noteFrame(sample.length, sample.key, sample.decode90k, this.#now, Math.round(this.#now + this.#wallOffsetMs));
    this.activity.note(sample.length, sample.key, sample.wallMs);
    if (this.#vitals.state !== "connected") this.#picturesCome();
    this.#recording.onSample(sample, this.#lastSampleAt);
    this.live.onSample(sample);
  }

  onTimeLost(): void {
    this.#lost("malformed", "the camera's clock and its packets fell apart", "no-data");
  }

  /** Only a picture makes a camera connected [CAM4]: one that answers and plays may still send nothing. */
  #picturesCome(): void {
    this.#vitals.set("connected", null);
    if (!this.#wish.record) this.#noteGap(this.#wish.cause);
    this.#context.log("info", { cameraId: this.#camera.cameraId, codec: this.#playing?.track.codec, server: this.#playing?.server }, `camera ${this.#camera.code} joined`);
  }

  #join(now: number): void {
    if (this.#vitals.state !== "failing") this.#vitals.set("connecting", null); // what failed stays failing, with its reason, until a picture comes
    this.#joinedAt = now;
    const { address, userName, password, transport, certificateSha256 } = this.#camera;
    const certificate = certificatePolicyOf(certificateSha256);
    this.#session = new CameraSession({ address, userName, password, transport, certificate }, { ...this.#context.session, tracks: listWantedTracks(this.#camera) }, this);
  }

  #beginRun(playing: PlayingTrack, now: number): void {
    this.#ingest = new VideoIngest(playing.track.codec, playing.track.payloadType, playing.track.parameterSets, this, this.#recording.memory);
    this.beside.beginRun(playing.tracks, this.#camera);
    this.activity.interrupt();
    this.#vitals.meter.beginRun(now);
    this.#recording.beginRun();
    this.live.beginRun();
    this.#wallOffsetMs = this.#context.clock.wallMs() - now;
    this.#joinedAt = now;
    this.#lastRtpAt = now;
    this.#lastSampleAt = now;
  }

  /** The session is over, for a reason that is not ours. */
  #lost(problem: CameraProblem, message: string, cause: GapCause): void {
    const now = this.#context.clock.monotonicMs();
    if (this.#vitals.state === "connected" && now - this.#joinedAt > STEADY_MS) this.#failures = 0;
    this.#failures++;
    this.#vitals.noteLost(now);
    this.#dropSession(cause);
    this.#noteGap(cause);
    this.#retryAt = now + reconnectDelayMs(this.#failures, isLoginProblem(problem), this.#context.random);
    if (this.#vitals.problem?.code !== problem) this.#context.log("warn", { cameraId: this.#camera.cameraId, problem, failures: this.#failures }, `camera ${this.#camera.code} lost: ${message}`);
    this.#vitals.set("failing", { code: problem, params: { message } });
  }

  /** We end the session. */
  #leave(cause: GapCause): void {
    if (this.#session === undefined) return;
    this.#dropSession(cause);
    this.#vitals.set("connecting", null);
  }

  #rest(): void {
    if (!this.#wish.record) this.#noteGap(this.#wish.cause);
    this.#lastViewerLeftAt = undefined;
    this.#vitals.set("idle", null);
  }

  #dropSession(cause: GapCause): void {
    const session = this.#session;
    this.#session = undefined;
    this.#playing = undefined;
    this.#ingest = undefined;
    this.beside.endSession();
    this.#reports.endRun();
    this.#recording.writeReports();
    session?.close();
    this.live.endRun();
    this.#recording.breakOff(this.#context.clock.monotonicMs(), cause, false);
    this.#vitals.meter.endRun();
  }

  #noteGap(cause: GapCause): void {
    this.#cause = cause;
    this.#recording.noteGap(this.#causeToTell());
  }

  /** Outside its hours, and while nobody watches it, a camera has no pictures because none are wished for, whatever else may be wrong with it. */
  #causeToTell(): GapCause {
    return this.#wish.record || this.#wish.cause === "no-event" ? this.#cause : this.#wish.cause;
  }

  #decide(now: MonotonicMs): Wish {
    return this.#wishes.decide(this.viewers, this.#lastViewerLeftAt, now, this.#context.clock.wallMs(), this.#context.timeZone());
  }

  /** A wish that became another: the gate follows, and so does the reason that is told. */
  #applyWish(): void {
    this.#moveGate();
    if (!this.#wish.record && (this.#vitals.state === "connected" || !this.#wish.join)) this.#noteGap(this.#wish.cause);
    else if (this.#vitals.state === "failing") this.#noteGap(this.#cause);
  }

  #moveGate(): void {
    this.#recording.keep(this.#wishes.keepMs);
    if (this.#wish.record) this.#recording.open(this.#context.clock.wallMs() - this.#wishes.keepMs);
    else this.#recording.close(this.#wish.cause);
  }

  #tickSub(now: MonotonicMs): void {
    if (this.#sub === undefined) return;
    const watched = this.#sub.live.viewers > 0;
    this.#sub.tick();
    if (watched) this.#lastViewerLeftAt = now; // also where it is the last one who leaves before the next tick
  }

  /** Its viewers are told, and get what there is now. */
  #dropSub(): void {
    const sub = this.#sub;
    this.#sub = undefined;
    sub?.stop();
    for (const viewer of sub?.live.listViewers() ?? []) viewer.onGone();
  }
}
