// The small stream of one camera ([LIV11]): a session of its own, made for the first who watches it and left some seconds after the last. It is never recorded. Rejected: keeping it
// joined, which costs each camera a second stream all day for the minutes that a wall shows it.
import type { MonotonicMs } from "../../base/time.ts";
import { decodeRtcp } from "../../media/rtp/rtcp.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import type { PlayingTrack } from "../../protocol/rtsp/client-state.ts";
import { certificatePolicyOf } from "../../video/camera/certificate.ts";
import { type CameraProblem, isLoginProblem } from "../../video/camera/gap-cause.ts";
import { STEADY_MS, correctionOf, findGivenUp } from "../../video/camera/given-up.ts";
import { reconnectDelayMs } from "../../video/camera/reconnect.ts";
import { type Sample, type SampleSink, VideoIngest } from "../../video/ingest/video-ingest.ts";
import { LiveStream, type LiveViewerPort } from "../../video/live/live-stream.ts";
import { CameraSession, type CameraSessionEvents } from "../tcp/camera-session.ts";
import type { StoredCamera } from "./camera-list.ts";
import type { LiveSource } from "./live-source.ts";
import type { WorkerContext } from "./worker-context.ts";

/** Who turns from one layout of a wall to the next and back finds the stream joined. */
const LINGER_MS = 10_000;

export class SubStream implements LiveSource, CameraSessionEvents, SampleSink {
  readonly stream = "sub";
  readonly live: LiveStream;
  readonly #camera: StoredCamera;
  readonly #context: WorkerContext;
  #session: CameraSession | undefined;
  #playing: PlayingTrack | undefined;
  #ingest: VideoIngest | undefined;
  #state: "connected" | "connecting" | "failing" | "idle" = "idle";
  #problem: ReturnType<LiveSource["health"]>["problem"] = null;
  #wallOffsetMs = 0;
  #now = 0;
  #joinedAt = 0;
  #heardAt = 0;
  #pictureAt = 0;
  #retryAt = 0;
  #failures = 0;
  #lastViewerLeftAt = -Infinity;

  constructor(camera: StoredCamera, context: WorkerContext) {
    this.#camera = camera;
    this.#context = context;
    this.live = new LiveStream(context.gopBudget);
  }

  health(): ReturnType<LiveSource["health"]> {
    return { state: this.#state, problem: this.#problem };
  }

  addViewer(port: LiveViewerPort): void {
    this.live.add(port);
    if (this.#session !== undefined) return;
    if (!isLoginProblem(this.#problem?.code)) this.#retryAt = 0;
    this.tick();
  }

  removeViewer(port: LiveViewerPort): void {
    this.live.remove(port);
    if (this.live.viewers === 0) this.#lastViewerLeftAt = this.#context.clock.monotonicMs();
  }

  /** About once a second. */
  tick(): void {
    const now = this.#context.clock.monotonicMs();
    const wanted = this.live.viewers > 0 || now - this.#lastViewerLeftAt < LINGER_MS;
    if (this.#session === undefined) {
      if (wanted && this.live.viewers > 0 && now >= this.#retryAt) this.#join(now);
      else if (!wanted) this.#rest();
      return;
    }
    if (!wanted) {
      this.#dropSession();
      this.#rest();
      return;
    }
    this.#session.tick();
    if (this.#session === undefined) return;
    const over = this.#ingest === undefined ? undefined : findGivenUp({ now, heardAt: this.#heardAt, pictureAt: this.#pictureAt, waitingFor: this.#ingest.waitingFor });
    if (over !== undefined) this.onEnded(over.problem, over.message);
  }

  stop(): void {
    this.#dropSession();
    this.#rest();
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
    if (this.#playing !== undefined && correctionOf(this.#context.clock.wallMs() - now - this.#wallOffsetMs) !== 0) this.#beginRun(this.#playing, now);
  }

  onRtp(bytes: Uint8Array, start: number, end: number): void {
    if (this.#playing === undefined) return;
    this.#heardAt = this.#now;
    this.#ingest?.onRtp(bytes, start, end, Math.round(this.#now + this.#wallOffsetMs));
  }

  onRtcp(bytes: Uint8Array, start: number, end: number): void {
    if (decodeRtcp(bytes, start, end).bye) this.onEnded("closed", "the camera ended the stream (RTCP BYE)");
  }

  onEnded(problem: CameraProblem, message: string): void {
    const now = this.#context.clock.monotonicMs();
    if (this.#state === "connected" && now - this.#joinedAt > STEADY_MS) this.#failures = 0;
    this.#failures++;
    this.#dropSession();
    this.#retryAt = now + reconnectDelayMs(this.#failures, isLoginProblem(problem), this.#context.random);
    if (this.#problem?.code !== problem) this.#context.log("warn", { cameraId: this.#camera.cameraId, problem }, `sub stream of camera ${this.#camera.code} lost: ${message}`);
    this.#state = "failing";
    this.#problem = { code: problem, params: { message } };
  }

  onFormat(format: VideoFormat): void {
    this.live.onFormat(format);
  }

  onSample(sample: Sample): void {
    this.#pictureAt = this.#heardAt;
    this.#state = "connected";
    this.#problem = null;
    this.live.onSample(sample);
  }

  onTimeLost(): void {
    this.onEnded("malformed", "the camera's clock and its packets fell apart");
  }

  #join(now: number): void {
    const { subAddress, userName, password, transport, certificateSha256 } = this.#camera;
    if (subAddress === null) return;
    if (this.#state !== "failing") this.#state = "connecting";
    this.#joinedAt = now;
    this.#session = new CameraSession({ address: subAddress, userName, password, transport, certificate: certificatePolicyOf(certificateSha256) }, { ...this.#context.session, tracks: ["video"] }, this);
  }

  #beginRun(playing: PlayingTrack, now: number): void {
    this.#ingest = new VideoIngest(playing.track.codec, playing.track.payloadType, playing.track.parameterSets, this);
    this.live.beginRun();
    this.#wallOffsetMs = this.#context.clock.wallMs() - now;
    this.#joinedAt = now;
    this.#heardAt = now;
    this.#pictureAt = now;
  }

  #dropSession(): void {
    const session = this.#session;
    this.#session = undefined;
    this.#playing = undefined;
    this.#ingest = undefined;
    session?.close();
    this.live.endRun();
  }

  #rest(): void {
    this.#state = "idle";
    this.#problem = null;
    this.#failures = 0;
  }
}
