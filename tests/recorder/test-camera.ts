// A camera for tests: an RTSP server of our own grammar with behaviours that real cameras have on bad days. Its pictures are made of true parameter sets and
// slices of chance bytes: everything here carries them, no decoder is asked.
import { createHash, randomBytes } from "node:crypto";
import { type AddressInfo, type Server, type Socket, createServer } from "node:net";
import { encodeBye } from "../../src/media/rtp/rtcp.ts";
import { H264Packetizer } from "../../src/media/rtp/h264-packetizer.ts";
import { decodeBase64, encodeBase64 } from "../../src/protocol/rtsp/challenge.ts";
import { DigestGuard } from "../../src/protocol/rtsp/digest-guard.ts";
import { encodeInterleaved, formatResponse } from "../../src/protocol/rtsp/format.ts";
import { formatTransport, parseTransport } from "../../src/protocol/rtsp/headers.ts";
import { type RtspMessage, type RtspRequest, findHeader } from "../../src/protocol/rtsp/message.ts";
import { RtspStreamReader } from "../../src/protocol/rtsp/stream-reader.ts";
import { formatSdp } from "../../src/protocol/sdp/sdp.ts";

export const SMALL_SPS = decodeBase64("Z0LAHtkDxWhAAAADAEAAAAwDxYuS")!; // 240 x 160
export const LARGE_SPS = decodeBase64("Z00AKZpkA8ARPyzUBAQFAAADA+gAAOpgBA==")!; // 1920 x 1080
const PPS = decodeBase64("aMuMsg==")!;

export type Behaviour =
  | "plays"
  | "closes" // after `count` pictures
  | "says-bye" // likewise, and stays connected
  | "goes-silent" // likewise, and stays connected
  | "changes-size" // from picture `count` on
  | "not-found"
  | "mjpeg"
  | "no-video"
  | "http" // answers as a web server would
  | "mute"; // takes the connection and never answers

export interface TestCameraOptions {
  readonly behaviour: Behaviour;
  readonly count?: number;
  readonly credentials?: { readonly userName: string; readonly password: string };
  readonly frameMs?: number;
  /** Key frame every so many pictures. */
  readonly gop?: number;
  readonly sliceBytes?: number;
  /** Pictures that a decoder takes, each as its NAL units, from a key frame on, again and again; in place of chance bytes. */
  readonly pictures?: readonly (readonly Uint8Array[])[];
  /** A track of sound besides: G.711 (A-law), or these frames of AAC (16 kHz, one channel), again and again. */
  readonly sound?: boolean | { readonly aac: readonly Uint8Array[] };
}

/** Some bytes without start codes in them, so that they are a possible slice. */
export function makeSlice(header: number, size: number, seed: number): Uint8Array {
  const nal = new Uint8Array(size);
  nal[0] = header;
  for (let i = 1; i < size; i++) nal[i] = 1 + ((Math.imul(i, 2654435761) + seed) >>> 9) % 255;
  return nal;
}

/** One RTP packet of G.711 (A-law), as long as a picture lasts. */
function encodeSound(frame: number, frameMs: number): Uint8Array {
  const packet = Buffer.alloc(12 + frameMs * 8, frame & 0x7f);
  packet.writeUInt16BE(0x8008, 0);
  packet.writeUInt16BE(frame & 0xffff, 2);
  packet.writeUInt32BE(frame * frameMs * 8, 4);
  packet.writeUInt32BE(9, 8);
  return packet;
}

const AAC_FRAME_MS = 64;
/** One frame of AAC in a packet (RFC 3640): the headers' length in bits, one header, the frame. */
function encodeAacFrame(at: number, frame: Uint8Array): Uint8Array {
  const packet = Buffer.alloc(12 + 4 + frame.length);
  packet.writeUInt16BE(0x80e1, 0); // the last of its unit, payload type 97
  packet.writeUInt16BE(at & 0xffff, 2);
  packet.writeUInt32BE((at * 1_024) >>> 0, 4);
  packet.writeUInt32BE(9, 8);
  packet.writeUInt16BE(16, 12);
  packet.writeUInt16BE(frame.length << 3, 14);
  packet.set(frame, 16);
  return packet;
}
const AAC_LINES = "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 mpeg4-generic/16000/1\r\na=fmtp:97 streamtype=5;profile-level-id=1;mode=AAC-hbr;config=1408;sizelength=13;indexlength=3;indexdeltalength=3\r\na=control:trackID=1\r\n";
const G711_LINES = "m=audio 0 RTP/AVP 8\r\na=control:trackID=1\r\n";

export class TestCamera {
  behaviour: Behaviour;
  /** Pictures sent, over all sessions. */
  sent = 0;
  sessions = 0;
  /** Pictures sent over the session that lasts. */
  sentInSession: number | undefined;
  teardowns = 0;
  /** Sessions of the sub stream that play just now; it is always small. */
  subSessions = 0;
  port = 0;
  readonly #options: TestCameraOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Where each session wants its sound. */
  readonly #soundChannels = new WeakMap<Socket, number>();
  readonly #guard = new DigestGuard({ realm: "test camera", algorithm: "SHA-256", nonceLifeMs: 60_000, mostNonces: 100 }, (algorithm, text) =>
    createHash(algorithm === "MD5" ? "md5" : "sha256").update(text).digest("hex"),
  );

  constructor(options: TestCameraOptions) {
    this.#options = options;
    this.behaviour = options.behaviour;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  async start(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    this.port = (this.#server.address() as AddressInfo).port;
    return this.address;
  }

  get address(): string {
    return `rtsp://127.0.0.1:${this.port}/live`;
  }

  get subAddress(): string {
    return `rtsp://127.0.0.1:${this.port}/sub`;
  }

  async stop(): Promise<void> {
    this.hangUp();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    let timer: NodeJS.Timeout | undefined;
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearInterval(timer);
      this.#sockets.delete(socket);
      if (timer !== undefined) this.sentInSession = undefined;
    });
    const play = (isSub: boolean): void => {
      if (isSub) {
        this.subSessions++;
        socket.on("close", () => this.subSessions--);
      } else this.sessions++;
      timer = this.#play(socket, isSub);
    };
    const reader = new RtspStreamReader({ headerBytes: 8_192, bodyBytes: 8_192 }, {
      onMessage: (message) => this.#answer(socket, message, play),
      onInterleaved: () => undefined,
      onInvalid: () => socket.destroy(),
    });
    socket.on("data", (data) => {
      if (this.behaviour === "http") socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
      else if (this.behaviour !== "mute") reader.feed(data, 0, data.length);
    });
  }

  #answer(socket: Socket, message: RtspMessage, play: (isSub: boolean) => void): void {
    if (message.kind !== "request") return;
    const headers = [{ name: "CSeq", value: findHeader(message.headers, "CSeq") ?? "0" }];
    if (!this.#isAllowed(message)) {
      socket.write(formatResponse(401, [...headers, { name: "WWW-Authenticate", value: this.#guard.challenge(randomBytes(16).toString("hex"), performance.now()) }]));
      return;
    }
    const isSub = message.uri.includes("/sub");
    const session = { name: "Session", value: "12345678;timeout=10" };
    switch (message.method) {
      case "OPTIONS":
        socket.write(formatResponse(200, [...headers, { name: "Public", value: "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN" }]));
        return;
      case "DESCRIBE":
        if (this.behaviour === "not-found" || message.uri.includes("/missing")) socket.write(formatResponse(404, headers));
        else socket.write(formatResponse(200, [...headers, { name: "Content-Type", value: "application/sdp" }, { name: "Content-Base", value: `${message.uri}/` }], new TextEncoder().encode(this.#describe(isSub))));
        return;
      case "SETUP": {
        const transport = parseTransport(findHeader(message.headers, "Transport") ?? "");
        if (message.uri.includes("trackID=1")) this.#soundChannels.set(socket, transport?.interleaved?.[0] ?? 2);
        socket.write(formatResponse(200, [...headers, session, { name: "Transport", value: formatTransport(transport?.interleaved ?? [0, 1], 7) }]));
        return;
      }
      case "PLAY":
        socket.write(formatResponse(200, [...headers, session, { name: "RTP-Info", value: "url=trackID=0;seq=1;rtptime=0" }]));
        play(isSub);
        return;
      case "TEARDOWN":
        this.teardowns++;
        socket.end(formatResponse(200, headers));
        return;
      default:
        socket.write(formatResponse(message.method === "GET_PARAMETER" ? 200 : 501, [...headers, session]));
    }
  }

  #isAllowed(message: RtspRequest): boolean {
    const { credentials } = this.#options;
    if (credentials === undefined) return true;
    const findPassword = (name: string): string | undefined => (name === credentials.userName ? credentials.password : undefined);
    return this.#guard.verify(findHeader(message.headers, "Authorization"), message, findPassword, performance.now()).ok;
  }

  #describe(isSub: boolean): string {
    const offer = { sessionId: 1, sessionName: "test", address: "127.0.0.1", payloadType: 96, frameRate: undefined, control: "trackID=0" } as const;
    if (this.behaviour === "mjpeg" && !isSub) return formatSdp({ ...offer, payloadType: 26, encoding: "JPEG", formatParameters: undefined });
    const h264 = formatSdp({ ...offer, encoding: "H264", formatParameters: `packetization-mode=1;sprop-parameter-sets=${encodeBase64(SMALL_SPS)},${encodeBase64(PPS)}` });
    const { sound = false } = this.#options;
    if (sound !== false && !isSub) return h264 + (sound === true ? G711_LINES : AAC_LINES);
    return this.behaviour === "no-video" ? h264.replace("m=video", "m=audio") : h264;
  }

  #play(socket: Socket, isSub: boolean): NodeJS.Timeout {
    const { count = Number.POSITIVE_INFINITY, frameMs = 40, gop = 25, sliceBytes = 3_000 } = this.#options;
    const packetizer = new H264Packetizer({ payloadType: 96, ssrc: 7, firstSequence: 1, channel: 0, mostPayloadBytes: 1_400 });
    const startedAt = performance.now();
    let frame = 0;
    let aacFrame = 0;
    // Catches up where timers are late, so that the pace is true on a busy machine.
    const timer = setInterval(() => {
      while (frame * frameMs <= performance.now() - startedAt && !socket.destroyed) {
        if (frame >= count && this.behaviour !== "plays" && this.behaviour !== "changes-size") {
          if (this.behaviour === "closes") socket.end();
          if (this.behaviour === "says-bye") socket.write(encodeInterleaved(1, encodeBye(7)));
          clearInterval(timer);
          return;
        }
        const key = frame % gop === 0;
        const sps = this.behaviour === "changes-size" && frame >= count && !isSub ? LARGE_SPS : SMALL_SPS;
        const { pictures } = this.#options;
        const nals = pictures !== undefined ? pictures[frame % pictures.length]! : key ? [sps, PPS, makeSlice(0x65, sliceBytes * 2, frame)] : [makeSlice(0x41, sliceBytes, frame)];
        socket.write(packetizer.packetize(nals, frame * frameMs * 90));
        const soundChannel = isSub ? undefined : this.#soundChannels.get(socket);
        const { sound } = this.#options;
        if (soundChannel !== undefined && sound === true) socket.write(encodeInterleaved(soundChannel, encodeSound(frame, frameMs)));
        else if (soundChannel !== undefined && typeof sound === "object") {
          for (; aacFrame * AAC_FRAME_MS <= frame * frameMs; aacFrame++) socket.write(encodeInterleaved(soundChannel, encodeAacFrame(aacFrame, sound.aac[aacFrame % sound.aac.length]!)));
        }
        this.sent++;
        frame++;
        this.sentInSession = frame;
      }
    }, Math.min(10, frameMs));
    return timer;
  }
}
