// One RTSP session with one camera over one TCP connection: the pure session machine on a socket. Bytes are read into one buffer that all sockets of the
// process share (`onread`): a read is consumed before the next is made, so there are no stream objects and no copies on the way to the
// depacketiser. Ends exactly once, with a problem of the contract's words; nothing a camera sends throws past here.
import { randomBytes, createHash } from "node:crypto";
import { type Socket, connect } from "node:net";
import type { Clock } from "../../base/time.ts";
import type { Credentials, HashHex } from "../../protocol/rtsp/challenge.ts";
import { NEW_RTSP_CLIENT, type PlayingTrack, type RtspClientAction, type RtspClientConfig, type RtspClientInput, type RtspClientState, stepRtspClient } from "../../protocol/rtsp/client-session.ts";
import type { RtspLimits, RtspMessage } from "../../protocol/rtsp/message.ts";
import { DEFAULT_POLICIES } from "../../protocol/rtsp/policies.ts";
import { RtspStreamReader, type RtspStreamSink } from "../../protocol/rtsp/stream-reader.ts";
import { parseRtspUrl } from "../../protocol/rtsp/url.ts";
import { type VideoTrack } from "../../protocol/rtsp/video-track.ts";
import type { AddressPolicy } from "../../video/camera/camera-networks.ts";
import type { CameraProblem } from "../../video/camera/gap-cause.ts";
import { resolveCameraHost } from "./resolve-camera.ts";

export interface CameraAddress {
  /** rtsp URL; credentials in it are used where none are given apart. */
  readonly address: string;
  readonly userName: string | null;
  readonly password: string | null;
}
export interface CameraSessionOptions {
  readonly userAgent: string;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly addressPolicy: AddressPolicy;
  readonly clock: Clock;
}
export interface CameraSessionEvents {
  onDescribed(track: VideoTrack, trackNames: readonly string[], server: string | undefined): void;
  onPlaying(playing: PlayingTrack): void;
  /** RTP of the video track; bytes are borrowed. */
  onRtp(bytes: Uint8Array, start: number, end: number): void;
  onRtcp(bytes: Uint8Array, start: number, end: number): void;
  /** Once, and never after `close`. */
  onEnded(problem: CameraProblem, message: string): void;
}

/** A camera that says more than this beside its pictures is not worked for: a session needs some ten messages, then one each half minute. */
const MOST_MESSAGES_PER_SECOND = 100;
/** A camera that does not read our answers gets no more of them. */
const MOST_UNSENT_BYTES = 65_536;

export const RTSP_LIMITS: RtspLimits = { headerBytes: 16_384, bodyBytes: 65_536 };
const SHARED_READ_BUFFER = Buffer.allocUnsafeSlow(256 * 1024);

const hash: HashHex = (algorithm, text) => createHash(algorithm === "MD5" ? "md5" : "sha256").update(text, "utf8").digest("hex");

export class CameraSession implements RtspStreamSink {
  readonly #options: CameraSessionOptions;
  readonly #events: CameraSessionEvents;
  readonly #reader = new RtspStreamReader(RTSP_LIMITS, this);
  #state: RtspClientState = NEW_RTSP_CLIENT;
  #config: RtspClientConfig | undefined;
  #socket: Socket | undefined;
  #startedAt: number;
  #connected = false;
  #heard = false;
  #over = false;
  #rtpChannel = -1;
  #messages = 0;
  #messagesSince = 0;
  /** Bytes received, for health. */
  bytes = 0;

  constructor(camera: CameraAddress, options: CameraSessionOptions, events: CameraSessionEvents) {
    this.#options = options;
    this.#events = events;
    this.#startedAt = options.clock.monotonicMs();
    const url = parseRtspUrl(camera.address);
    if (!url.ok) {
      queueMicrotask(() => this.#end("bad-address", `${url.error.field} ${JSON.stringify(url.error.value)}, expected ${url.error.expected}`));
      return;
    }
    if (url.value.tls) {
      queueMicrotask(() => this.#end("bad-address", "rtsps is not spoken yet; give an rtsp:// address"));
      return;
    }
    const userName = camera.userName ?? url.value.userName;
    const credentials: Credentials | undefined = userName === undefined ? undefined : { userName, password: camera.password ?? url.value.password ?? "" };
    this.#config = {
      requestUri: url.value.requestUri, credentials, userAgent: options.userAgent, policies: DEFAULT_POLICIES, requestTimeoutMs: options.requestTimeoutMs, hash,
      cnonce: randomBytes(16).toString("hex"),
    };
    void this.#connect(url.value.host, url.value.port);
  }

  /** To be called about once a second. */
  tick(): void {
    if (this.#over) return;
    const now = this.#options.clock.monotonicMs();
    if (!this.#connected) {
      if (now - this.#startedAt > this.#options.connectTimeoutMs) this.#end("timeout", `no connection within ${this.#options.connectTimeoutMs} ms`);
      return;
    }
    this.#step({ kind: "tick" });
  }

  /** Takes leave of the camera; no event comes after. */
  close(): void {
    if (this.#over) return;
    if (this.#connected) this.#step({ kind: "leave" });
    this.#over = true;
    this.#reader.stop();
    this.#socket?.end();
    // A camera that does not close its side is not waited for.
    const socket = this.#socket;
    if (socket !== undefined) setTimeout(() => socket.destroy(), 1_000).unref();
  }

  /** Ends the session from the receiving side, as for a silent camera. */
  fail(problem: CameraProblem, message: string): void {
    this.#end(problem, message);
  }

  onMessage(message: RtspMessage): void {
    this.#heard = true;
    if (this.#over) return;
    const now = this.#options.clock.monotonicMs();
    if (now - this.#messagesSince >= 1_000) {
      this.#messagesSince = now;
      this.#messages = 0;
    }
    if (++this.#messages > MOST_MESSAGES_PER_SECOND) this.#end("malformed", `more than ${MOST_MESSAGES_PER_SECOND} messages within a second`);
    else if ((this.#socket?.writableLength ?? 0) > MOST_UNSENT_BYTES) this.#end("malformed", `${MOST_UNSENT_BYTES} bytes of answers that the camera does not read`);
    else this.#step({ kind: "message", message });
  }

  onInterleaved(channel: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.#over) return;
    if (channel === this.#rtpChannel) this.#events.onRtp(bytes, start, end);
    else if (channel === this.#rtpChannel + 1) this.#events.onRtcp(bytes, start, end);
  }

  onInvalid(offset: number, reason: string): void {
    this.#end(this.#heard ? "malformed" : "not-rtsp", `byte ${offset} of the answer: ${reason}`);
  }

  async #connect(host: string, port: number): Promise<void> {
    const address = await resolveCameraHost(host, this.#options.addressPolicy);
    if (this.#over) return;
    if (!address.ok) {
      this.#end(address.error.problem, address.error.message);
      return;
    }
    const socket = connect({
      host: address.value, port, noDelay: true,
      onread: {
        buffer: SHARED_READ_BUFFER,
        callback: (length, buffer) => {
          this.bytes += length;
          this.#feed(buffer, length);
          return true;
        },
      },
    });
    this.#socket = socket;
    socket.on("connect", () => {
      if (this.#over) return;
      this.#connected = true;
      this.#step({ kind: "connected" });
    });
    socket.on("error", (error: NodeJS.ErrnoException) => this.#end(this.#connected ? "closed" : error.code === "ETIMEDOUT" ? "timeout" : "refused", `${host}:${port}: ${error.code ?? error.message}`));
    socket.on("close", () => this.#end("closed", "the camera closed the connection"));
  }

  // Whatever goes wrong in working through one camera's bytes ends its session: nothing above this callback would catch it.
  #feed(buffer: Uint8Array, length: number): void {
    if (this.#over) return;
    try {
      this.#reader.feed(buffer, 0, length);
    } catch (error) {
      this.#end("malformed", `what the camera sent could not be worked through: ${(error as Error).message}`);
    }
  }

  #step(input: RtspClientInput): void {
    const { state, actions } = stepRtspClient(this.#state, input, this.#config!, this.#options.clock.monotonicMs());
    this.#state = state;
    for (const action of actions) this.#act(action);
  }

  #act(action: RtspClientAction): void {
    switch (action.kind) {
      case "send":
        this.#socket?.write(action.bytes);
        return;
      case "described":
        this.#events.onDescribed(action.track, action.trackNames, action.server);
        return;
      case "playing":
        this.#rtpChannel = action.playing.channel;
        this.#events.onPlaying(action.playing);
        return;
      case "failed":
        this.#end(action.problem, action.message);
        return;
      case "left":
        return;
    }
  }

  #end(problem: CameraProblem, message: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#reader.stop();
    this.#socket?.destroy();
    this.#events.onEnded(problem, message);
  }
}
