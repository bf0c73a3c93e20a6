// One RTSP session with one camera: the pure session machine on a socket, and on UDP ports where packets come by these. Follows the few redirections that are allowed. Ends exactly
// once, with a problem of the contract's words; nothing a camera sends throws past here.
import { randomBytes, createHash } from "node:crypto";
import type { Socket } from "node:net";
import type { Clock, MonotonicMs } from "../../base/time.ts";
import { type HeardSenderReport, decodeRtcp } from "../../media/rtp/rtcp.ts";
import type { Credentials, HashHex } from "../../protocol/rtsp/challenge.ts";
import { stepRtspClient } from "../../protocol/rtsp/client-session.ts";
import {
  NEW_RTSP_CLIENT, type PlayingTrack, type RtspClientAction, type RtspClientConfig, type RtspClientInput, type RtspClientState, type TransportPolicy,
} from "../../protocol/rtsp/client-state.ts";
import type { TrackKind } from "../../protocol/rtsp/media-tracks.ts";
import type { RtspLimits, RtspMessage } from "../../protocol/rtsp/message.ts";
import { DEFAULT_POLICIES } from "../../protocol/rtsp/policies.ts";
import { type RtspEndpoint, decideRedirect } from "../../protocol/rtsp/redirect.ts";
import { RtspStreamReader, type RtspStreamSink } from "../../protocol/rtsp/stream-reader.ts";
import { parseRtspUrl } from "../../protocol/rtsp/url.ts";
import { type VideoTrack } from "../../protocol/rtsp/video-track.ts";
import type { AddressPolicy } from "../../video/camera/camera-networks.ts";
import { type CertificatePolicy, SYSTEM_AUTHORITIES } from "../../video/camera/certificate.ts";
import type { CameraProblem } from "../../video/camera/gap-cause.ts";
import { DEFAULT_REORDER, MediaReceiver, type UdpFigures } from "../udp/media-receiver.ts";
import { openCameraSocket, readWaiting } from "./camera-socket.ts";
import { resolveCameraHost } from "./resolve-camera.ts";

export interface CameraAddress {
  /** rtsp URL; credentials in it are used where none are given apart. */
  readonly address: string;
  readonly userName: string | null;
  readonly password: string | null;
  /** How packets come; TCP where it is not said. */
  readonly transport?: TransportPolicy;
  /** For rtsps; the system's authorities where it is not said. */
  readonly certificate?: CertificatePolicy;
}
export interface CameraSessionOptions {
  readonly userAgent: string;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly addressPolicy: AddressPolicy;
  readonly clock: Clock;
  /** What is joined beside the pictures. What nobody takes is not asked for. */
  readonly tracks?: readonly TrackKind[];
}
export interface CameraSessionEvents {
  /** Bytes have come, at this moment; what is in them follows. */
  onBytes?(now: MonotonicMs): void;
  onDescribed(track: VideoTrack, trackNames: readonly string[], server: string | undefined): void;
  onPlaying(playing: PlayingTrack): void;
  /** RTP of the video track; bytes are borrowed. */
  onRtp(bytes: Uint8Array, start: number, end: number): void;
  onRtcp(bytes: Uint8Array, start: number, end: number): void;
  /** RTP of another track, `at` in `PlayingTrack.tracks`; bytes are borrowed. */
  onTrackRtp?(at: number, bytes: Uint8Array, start: number, end: number): void;
  /** The camera's own clock against the RTP time of one track, and when we heard it. */
  onSenderReport?(at: number, report: HeardSenderReport, arrival: MonotonicMs): void;
  /** Once, and never after `close`. `certificateSha256`: of the certificate that was not trusted. */
  onEnded(problem: CameraProblem, message: string, certificateSha256?: string): void;
}

/** A camera that says more than this beside its pictures is not worked for: a session needs some ten messages, then one each half minute. */
const MOST_MESSAGES_PER_SECOND = 100;
/** Of a camera that is read from only every so often: more than this at once and the other cameras get their turn first. */
const MOST_READS_AT_ONCE = 8;
/** A camera that does not read our answers gets no more of them. */
const MOST_UNSENT_BYTES = 65_536;

export const RTSP_LIMITS: RtspLimits = { headerBytes: 16_384, bodyBytes: 65_536 };
const PICTURES_ALONE: readonly TrackKind[] = ["video"];

const hash: HashHex = (algorithm, text) => createHash(algorithm === "MD5" ? "md5" : "sha256").update(text, "utf8").digest("hex");

export class CameraSession implements RtspStreamSink {
  readonly #options: CameraSessionOptions;
  readonly #events: CameraSessionEvents;
  readonly #camera: CameraAddress;
  /** Of the connection: a redirection makes a new one. */
  #reader = new RtspStreamReader(RTSP_LIMITS, this);
  #state: RtspClientState = NEW_RTSP_CLIENT;
  #config: RtspClientConfig | undefined;
  #endpoint: RtspEndpoint | undefined;
  #redirects = 0;
  #socket: Socket | undefined;
  #receiver: MediaReceiver | undefined;
  #startedAt: number;
  #connected = false;
  #heard = false;
  #over = false;
  /** By interleaved channel: twice the joined track, one more for its RTCP; -1 for none. */
  readonly #channels = new Int16Array(256).fill(-1);
  #messages = 0;
  #messagesSince = 0;
  /** Bytes received, for health. */
  bytes = 0;
  /** Nobody waits for these pictures: a read at each `readMore` instead of one for each packet that the kernel wakes us for. */
  batched = false;
  /** The socket is paused, because of `batched`. */
  #paused = false;

  constructor(camera: CameraAddress, options: CameraSessionOptions, events: CameraSessionEvents) {
    this.#camera = camera;
    this.#options = options;
    this.#events = events;
    this.#startedAt = options.clock.monotonicMs();
    const url = parseRtspUrl(camera.address);
    if (!url.ok) {
      queueMicrotask(() => this.#end("bad-address", `${url.error.field} ${JSON.stringify(url.error.value)}, expected ${url.error.expected}`));
      return;
    }
    const { tls, host, port, requestUri } = url.value;
    if (tls && camera.transport === "udp") {
      queueMicrotask(() => this.#end("bad-address", "rtsps with packets by UDP would send them in clear (SRTP is not spoken here): choose TCP"));
      return;
    }
    const userName = camera.userName ?? url.value.userName;
    const credentials: Credentials | undefined = userName === undefined ? undefined : { userName, password: camera.password ?? url.value.password ?? "" };
    void this.#connect({ tls, host, port, requestUri }, credentials);
  }

  /** To be called about once a second. */
  tick(): void {
    if (this.#over) return;
    const now = this.#options.clock.monotonicMs();
    if (!this.#connected) {
      if (now - this.#startedAt > this.#options.connectTimeoutMs) this.#end("timeout", `no connection within ${this.#options.connectTimeoutMs} ms`);
      return;
    }
    this.#receiver?.tick();
    if (!this.#over) this.#step({ kind: "tick" });
  }

  /** Reads what has come since; to be called every so often where `batched`, and once after. */
  readMore(): void {
    const socket = this.#socket;
    if (socket === undefined || !this.#connected) return;
    for (let reads = 0; this.#paused && this.batched && !this.#over && reads < MOST_READS_AT_ONCE; reads++) {
      const waiting = readWaiting(socket);
      if (waiting === undefined) break;
      if (waiting.length === 0) return;
      this.bytes += waiting.length;
      this.#feed(waiting, waiting.length);
      if (waiting.buffer.byteLength > waiting.length) return; // that was all
    }
    if (this.#over) return;
    this.#paused = false;
    socket.resume();
  }

  /** Takes leave of the camera; no event comes after. */
  close(): void {
    if (this.#over) return;
    if (this.#connected) this.#step({ kind: "leave" });
    this.#over = true;
    this.#reader.stop();
    this.#receiver?.close();
    this.#socket?.end();
    // A camera that does not close its side is not waited for.
    const socket = this.#socket;
    if (socket !== undefined) setTimeout(() => socket.destroy(), 1_000).unref();
  }

  /** Ends the session from the receiving side, as for a silent camera. */
  fail(problem: CameraProblem, message: string): void {
    this.#end(problem, message);
  }

  /** Loss and jitter of a joined track that comes by UDP; undefined over TCP, which loses nothing. */
  findUdpFigures(at: number): UdpFigures | undefined {
    return this.#receiver?.figures(at);
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
    const slot = this.#channels[channel]!;
    if (slot < 0) return;
    if ((slot & 1) === 0) this.onTrackRtp(slot >> 1, bytes, start, end);
    else this.onTrackRtcp(slot >> 1, bytes, start, end);
  }

  onTrackRtp(at: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.#over) return;
    if (this.#receiver !== undefined) {
      this.bytes += end - start; // of the connection they were counted there
      this.#events.onBytes?.(this.#options.clock.monotonicMs());
    }
    if (at === 0) this.#events.onRtp(bytes, start, end);
    else this.#events.onTrackRtp?.(at, bytes, start, end);
  }

  onTrackRtcp(at: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.#over) return;
    if (this.#events.onSenderReport !== undefined) {
      const { senderReport } = decodeRtcp(bytes, start, end);
      if (senderReport !== undefined) this.#events.onSenderReport(at, senderReport, this.#options.clock.monotonicMs());
    }
    if (at === 0) this.#events.onRtcp(bytes, start, end);
  }

  onBroken(error: Error): void {
    this.#end("malformed", `what the camera sent could not be worked through: ${error.message}`);
  }

  onInvalid(offset: number, reason: string): void {
    this.#end(this.#heard ? "malformed" : "not-rtsp", `byte ${offset} of the answer: ${reason}`);
  }

  async #connect(endpoint: RtspEndpoint, credentials: Credentials | undefined): Promise<void> {
    const { host, port, tls } = endpoint;
    this.#endpoint = endpoint;
    this.#config = {
      requestUri: endpoint.requestUri, credentials, userAgent: this.#options.userAgent, policies: DEFAULT_POLICIES, requestTimeoutMs: this.#options.requestTimeoutMs, hash,
      cnonce: randomBytes(16).toString("hex"), transport: tls ? "tcp" : (this.#camera.transport ?? "tcp"), tracks: this.#options.tracks ?? PICTURES_ALONE,
    };
    const address = await resolveCameraHost(host, this.#options.addressPolicy);
    if (this.#over) return;
    if (!address.ok) {
      this.#end(address.error.problem, this.#redirects === 0 ? address.error.message : `the camera redirects: ${address.error.message}`);
      return;
    }
    // After a redirection events of the former socket mean nothing.
    const ifCurrent = (act: () => void): void => {
      if (this.#socket === socket && !this.#over) act();
    };
    const socket = openCameraSocket(host, address.value, port, tls ? (this.#camera.certificate ?? SYSTEM_AUTHORITIES) : undefined, {
      onReady: () => ifCurrent(() => {
        this.#connected = true;
        this.#step({ kind: "connected" });
      }),
      onBytes: (buffer, length) => {
        if (this.#socket !== socket || this.#over) return false;
        this.bytes += length;
        this.#feed(buffer, length);
        this.#paused = this.batched && !tls; // a socket that is not read from costs nothing until `readMore`
        return !this.#paused;
      },
      onUntrusted: (message, sha256) => ifCurrent(() => this.#end("untrusted", message, sha256)),
      onError: (error) => ifCurrent(() => this.#end(this.#connected ? "closed" : error.code === "ETIMEDOUT" ? "timeout" : "refused", `${host}:${port}: ${error.code ?? error.message}`)),
      onClosed: () => ifCurrent(() => this.#end("closed", "the camera closed the connection")),
    });
    this.#socket = socket;
  }

  // Whatever goes wrong in working through one camera's bytes ends its session: nothing above this callback would catch it.
  #feed(buffer: Uint8Array, length: number): void {
    try {
      this.#events.onBytes?.(this.#options.clock.monotonicMs());
      this.#reader.feed(buffer, 0, length);
    } catch (error) {
      this.onBroken(error as Error);
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
      case "open-ports":
        void this.#openPorts(action.pairs);
        return;
      case "playing":
        this.#play(action.playing);
        return;
      case "redirected":
        this.#redirect(action.status, action.location);
        return;
      case "failed": {
        const withheld = action.problem === "credentials-missing" && this.#redirects > 0 && this.#config?.credentials === undefined && this.#camera.userName !== null;
        this.#end(action.problem, withheld ? `${action.message}; the camera redirected here, and its password is given to no other host or port` : action.message);
        return;
      }
      case "left":
        return;
    }
  }

  async #openPorts(pairs: number): Promise<void> {
    const local = this.#socket?.localAddress;
    const receiver = new MediaReceiver({ cname: this.#options.userAgent, ssrc: randomBytes(4).readUInt32BE(), clock: this.#options.clock, reorder: DEFAULT_REORDER }, this);
    this.#receiver = receiver;
    try {
      const opened = await receiver.open(pairs, local ?? "0.0.0.0");
      if (!this.#over) this.#step({ kind: "ports", pairs: opened });
    } catch (error) {
      this.#end("refused", `no UDP ports for the camera's packets: ${(error as Error).message}`);
    }
  }

  #play(playing: PlayingTrack): void {
    for (const [at, { path }] of playing.tracks.entries()) {
      if (path.kind !== "tcp") continue;
      this.#channels[path.channel] = at * 2;
      if (path.channel < 255) this.#channels[path.channel + 1] = at * 2 + 1;
    }
    this.#events.onPlaying(playing);
    if (!this.#over) this.#receiver?.play(playing.tracks, this.#socket?.remoteAddress ?? "");
  }

  #redirect(status: number, location: string | undefined): void {
    const to = decideRedirect(this.#endpoint!, status, location, this.#redirects);
    if (!to.ok) {
      this.#end("refused", to.error);
      return;
    }
    this.#redirects++;
    this.#reader.stop();
    this.#socket?.destroy();
    this.#socket = undefined;
    this.#reader = new RtspStreamReader(RTSP_LIMITS, this);
    this.#state = NEW_RTSP_CLIENT;
    this.#connected = false;
    this.#paused = false;
    this.#heard = false;
    this.#startedAt = this.#options.clock.monotonicMs();
    void this.#connect(to.value.endpoint, to.value.keepsCredentials ? this.#config?.credentials : undefined);
  }

  #end(problem: CameraProblem, message: string, certificateSha256?: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#reader.stop();
    this.#receiver?.close();
    this.#socket?.destroy();
    this.#events.onEnded(problem, message, certificateSha256);
  }
}
