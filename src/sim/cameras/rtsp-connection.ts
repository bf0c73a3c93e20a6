// The server's side of one RTSP connection (RFC 2326), interleaved over TCP only: what our recorder, ffmpeg and any other client use where UDP is not to be
// had. One session per connection, with the pictures and, where the camera has it, the sound. The grammar is in protocol/rtsp; here are the methods and their order.
import { randomBytes, randomInt } from "node:crypto";
import type { Socket } from "node:net";
import type { Clock } from "../../base/time.ts";
import type { Stream } from "../../contract/cameras.ts";
import { encodeBase64 } from "../../protocol/rtsp/challenge.ts";
import type { DigestGuard } from "../../protocol/rtsp/digest-guard.ts";
import { formatResponse } from "../../protocol/rtsp/format.ts";
import { formatTransport, parseTransport } from "../../protocol/rtsp/headers.ts";
import { findCSeq, findHeader, type RtspHeader, type RtspMessage, type RtspRequest } from "../../protocol/rtsp/message.ts";
import { RtspStreamReader } from "../../protocol/rtsp/stream-reader.ts";
import { formatSdp } from "../../protocol/sdp/sdp.ts";
import type { Broadcaster } from "./broadcaster.ts";
import { pictureAt, type CameraStream } from "./camera-stream.ts";
import { PICTURE_MS } from "./clock-strip.ts";
import { GOP_PICTURES } from "./clip.ts";
import type { CameraSound } from "./camera-sound.ts";
import { PAYLOAD_TYPE, Player, type PlayerSink, type TrackPlayer } from "./player.ts";
import { SoundPlayer } from "./sound-player.ts";

export interface ConnectionContext {
  readonly clock: Clock;
  readonly guard: DigestGuard;
  readonly broadcaster: Broadcaster;
  findPassword(userName: string): string | undefined;
  findCamera(code: string, stream: Stream): CameraStream | undefined;
  /** Of its large stream. */
  findSound(code: string): CameraSound | undefined;
  /** Told once per refused password, without the password. */
  onRefused(reason: string): void;
}

const METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN";
const LIMITS = { headerBytes: 16 * 1024, bodyBytes: 16 * 1024 };
const IDLE_MS = 65_000;
const MOST_REFUSALS = 6;
/** The pictures, then the sound. */
const TRACKS = ["trackID=0", "trackID=1"] as const;
type Track = (typeof TRACKS)[number];

interface Session {
  readonly id: string;
  readonly stream: CameraStream;
  readonly players: Map<Track, TrackPlayer>;
  playing: boolean;
}

/** What an address names. */
interface Addressed {
  readonly stream: CameraStream;
  readonly sound: CameraSound | undefined;
  readonly track: Track;
}

export class RtspConnection {
  readonly #socket: Socket;
  readonly #context: ConnectionContext;
  #session: Session | undefined;
  #refusals = 0;

  constructor(socket: Socket, context: ConnectionContext) {
    this.#socket = socket;
    this.#context = context;
    const reader = new RtspStreamReader(LIMITS, {
      onMessage: (message) => this.#onMessage(message),
      onInterleaved: () => undefined, // receiver reports
      onInvalid: (_offset, reason) => this.#hangUp(400, undefined, [{ name: "X-Reason", value: reason.slice(0, 200) }]),
    });
    socket.setNoDelay(true);
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on("data", (bytes: Uint8Array) => reader.feed(bytes, 0, bytes.length));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      reader.stop();
      this.#endSession(false);
    });
  }

  /** Ends what plays and closes. */
  close(): void {
    this.#endSession(true);
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), 500).unref();
  }

  #onMessage(message: RtspMessage): void {
    if (message.kind === "response") return; // none was asked for
    const cseq = findCSeq(message);
    if (cseq === undefined) return this.#hangUp(400, undefined);
    if (message.method === "OPTIONS") return this.#answer(200, cseq, [{ name: "Public", value: METHODS }]);
    if (!this.#isAuthorized(message, cseq)) return;
    switch (message.method) {
      case "DESCRIBE":
        return this.#describe(message, cseq);
      case "SETUP":
        return this.#setUp(message, cseq);
      case "PLAY":
        return this.#play(message, cseq);
      case "GET_PARAMETER":
        if (findHeader(message.headers, "Session") !== undefined && !this.#sessionOf(message)) return this.#answer(454, cseq);
        return this.#answer(200, cseq, this.#session ? [{ name: "Session", value: this.#session.id }] : []);
      case "TEARDOWN":
        if (!this.#sessionOf(message)) return this.#answer(454, cseq);
        this.#endSession(true);
        return this.#answer(200, cseq);
      default:
        return this.#answer(501, cseq, [{ name: "Public", value: METHODS }]);
    }
  }

  #isAuthorized(request: RtspRequest, cseq: number): boolean {
    const { guard, clock } = this.#context;
    const now = clock.monotonicMs();
    const verdict = guard.verify(findHeader(request.headers, "Authorization"), request, (user) => this.#context.findPassword(user), now);
    if (verdict.ok) return true;
    if (verdict.reason !== "missing" && verdict.reason !== "stale") this.#context.onRefused(verdict.reason);
    const challenge: RtspHeader = { name: "WWW-Authenticate", value: guard.challenge(randomBytes(16).toString("hex"), now, verdict.reason === "stale") };
    if (++this.#refusals > MOST_REFUSALS) this.#hangUp(401, cseq, [challenge]);
    else this.#answer(401, cseq, [challenge]);
    return false;
  }

  #describe(request: RtspRequest, cseq: number): void {
    const addressed = this.#find(request.uri);
    if (!addressed) return this.#answer(404, cseq);
    const { stream, sound } = addressed;
    const [sps, pps] = stream.accessUnit(keyAtOrBefore(pictureAt(this.#context.clock.wallMs()))).nals as [Uint8Array, Uint8Array];
    const profile = Buffer.from(sps.subarray(1, 4)).toString("hex").toUpperCase();
    const sdp = formatSdp({
      sessionId: 1, sessionName: stream.camera.code, address: this.#socket.localAddress ?? "127.0.0.1", payloadType: PAYLOAD_TYPE, encoding: "H264",
      formatParameters: `packetization-mode=1;profile-level-id=${profile};sprop-parameter-sets=${encodeBase64(sps)},${encodeBase64(pps)}`, frameRate: 1000 / PICTURE_MS, control: TRACKS[0],
      sound: sound && { ...sound, control: TRACKS[1] },
    });
    const base = request.uri.endsWith("/") ? request.uri : `${request.uri}/`;
    this.#answer(200, cseq, [{ name: "Content-Base", value: base }, { name: "Content-Type", value: "application/sdp" }], new TextEncoder().encode(sdp));
  }

  #setUp(request: RtspRequest, cseq: number): void {
    const addressed = this.#find(request.uri);
    if (!addressed) return this.#answer(404, cseq);
    const { stream, sound, track } = addressed;
    const held = this.#session;
    if (held && findHeader(request.headers, "Session") !== undefined && !this.#sessionOf(request)) return this.#answer(454, cseq);
    // Another track joins the session that it names; one session for each connection, each track once, and none while it plays.
    if (held && (!this.#sessionOf(request) || held.playing || held.stream !== stream || held.players.has(track))) return this.#answer(455, cseq);
    const transport = parseTransport(findHeader(request.headers, "Transport") ?? "");
    if (!transport?.tcp) return this.#answer(461, cseq);
    const [low] = transport.interleaved ?? [TRACKS.indexOf(track) * 2, 0];
    if (held && Array.from(held.players.values()).some(({ channel }) => Math.abs(channel - low) < 2)) return this.#answer(461, cseq);
    const ssrc = randomInt(2 ** 32);
    const sink: PlayerSink = { write: (bytes) => this.#write(bytes), queuedBytes: () => this.#socket.writableLength, drop: () => this.#socket.destroy() };
    const options = { channel: low, ssrc, firstSequence: randomInt(2 ** 16), timestampOffset: randomInt(2 ** 32) };
    const session = (this.#session ??= { id: randomBytes(8).toString("hex"), stream, players: new Map(), playing: false });
    session.players.set(track, track === TRACKS[1] && sound !== undefined ? new SoundPlayer(sink, sound, options) : new Player(sink, options));
    this.#answer(200, cseq, [{ name: "Transport", value: formatTransport([low, low + 1], ssrc) }, { name: "Session", value: `${session.id};timeout=60` }]);
  }

  #play(request: RtspRequest, cseq: number): void {
    const session = this.#sessionOf(request);
    if (!session) return this.#answer(454, cseq);
    const sessionHeader: RtspHeader = { name: "Session", value: session.id };
    if (session.playing) return this.#answer(200, cseq, [sessionHeader]);
    session.playing = true;
    const base = request.uri.replace(/\/?(trackID=[01])?$/, "");
    const told = Array.from(session.players, ([track, player]) => {
      const first = this.#context.broadcaster.add(session.stream, player);
      return `url=${base}/${track};seq=${player.nextSequence};rtptime=${player.timestampOf(first)}`;
    });
    this.#answer(200, cseq, [sessionHeader, { name: "Range", value: "npt=now-" }, { name: "RTP-Info", value: told.join(",") }]);
  }

  #sessionOf(request: RtspRequest): Session | undefined {
    const id = findHeader(request.headers, "Session")?.split(";")[0]?.trim();
    return id !== undefined && id === this.#session?.id ? this.#session : undefined;
  }

  #find(uri: string): Addressed | undefined {
    const match = /^rtsps?:\/\/[^/]+\/cameras\/([A-Za-z0-9][A-Za-z0-9._-]{0,39})(\/sub)?(?:\/(?:trackID=([01]))?)?$/i.exec(uri);
    if (match === null) return undefined;
    const stream = this.#context.findCamera(match[1]!, match[2] === undefined ? "main" : "sub");
    const sound = match[2] === undefined ? this.#context.findSound(match[1]!) : undefined;
    const track = TRACKS[Number(match[3] ?? 0)]!;
    return stream === undefined || (track === TRACKS[1] && sound === undefined) ? undefined : { stream, sound, track };
  }

  #endSession(sayBye: boolean): void {
    const session = this.#session;
    if (!session) return;
    this.#session = undefined;
    if (!session.playing) return;
    for (const player of session.players.values()) {
      this.#context.broadcaster.remove(session.stream, player);
      if (sayBye) player.end();
    }
  }

  #answer(status: number, cseq: number | undefined, headers: readonly RtspHeader[] = [], body?: Uint8Array): void {
    const all = [...(cseq === undefined ? [] : [{ name: "CSeq", value: String(cseq) }]), { name: "Server", value: "Citywatch camera simulator" }, ...headers];
    this.#write(formatResponse(status, all, body));
  }

  #hangUp(status: number, cseq: number | undefined, headers: readonly RtspHeader[] = []): void {
    this.#answer(status, cseq, headers);
    this.close();
  }

  #write(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }
}

const keyAtOrBefore = (picture: number): number => picture - (picture % GOP_PICTURES);
