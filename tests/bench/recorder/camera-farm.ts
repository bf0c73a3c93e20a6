// Many cameras in one process, for benches of the recorder: RTSP over TCP without log-in, and beside it a bare port that sends the same bytes with no
// conversation before them, for the floor. All play the same ten seconds of H.264: a real parameter set, pictures of the sizes that a street camera at a
// constant 4 Mbit/s and 25 pictures a second gives (a key frame every 2 s, some ten times a delta picture; deltas vary by a third). Slice data are
// random bytes: nobody in a recorder decodes them. A picture is one write; its packets are made once and stamped for each connection.
// Counts what the kernel took, so that "sent" is what a recorder could have.
import { type Server, type Socket, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { createRandom } from "../../../src/base/random.ts";
import { writeUint32 } from "../../../src/media/bytes.ts";
import { H264Packetizer } from "../../../src/media/rtp/h264-packetizer.ts";

export interface FarmConfig {
  readonly bitsPerSecond: number;
  readonly framesPerSecond: number;
  readonly gopFrames: number;
  readonly seed: number;
}
/** Parent to farm. `stop-sending` answers with `sent`: the farm closes every connection after the picture it is at. */
export type ToFarm = { readonly type: "start"; readonly config: FarmConfig } | { readonly type: "stop-sending" };
export type FromFarm =
  | { readonly type: "ready"; readonly rtspPort: number; readonly barePort: number }
  | { readonly type: "sent"; readonly cameras: readonly { readonly name: string; readonly frames: number; readonly late: number }[] };

// 1920 x 1080, High, one reference, no reordering: x264's, written once.
const SPS = Buffer.from("67640028acd100780227e5c05a808080a0000003002000000651e30632c0", "hex");
const PPS = Buffer.from("68ebe3cb22c0", "hex");
const CLIP_SECONDS = 10;
const PAYLOAD_TYPE = 96;
const HZ = 90_000;
/** From one connection to the next, in pictures; has no divisor in common with usual lengths of GOPs. */
const GOP_STRIDE = 17;
/** A connection whose kernel buffer is full waits; more than this and pictures are dropped at the sender, and counted as such. */
const MOST_WAITING_BYTES = 4_000_000;

interface Picture {
  readonly bytes: Uint8Array; // interleaved packets, sequence and timestamp counted from 0
  readonly packets: readonly number[]; // where each begins
}

function makeClip(config: FarmConfig): Picture[] {
  const random = createRandom(config.seed);
  const count = CLIP_SECONDS * config.framesPerSecond;
  const weights = Array.from({ length: count }, (_, i) => (i % config.gopFrames === 0 ? 10 : 1) * (0.67 + random.next() * 0.66));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const clipBytes = (config.bitsPerSecond / 8) * CLIP_SECONDS;
  const packetizer = new H264Packetizer({ payloadType: PAYLOAD_TYPE, ssrc: 0, firstSequence: 0, channel: 0, mostPayloadBytes: 1_400 });
  return weights.map((weight, i) => {
    const key = i % config.gopFrames === 0;
    const slice = new Uint8Array(Math.max(64, Math.round((weight / total) * clipBytes)));
    for (let at = 1; at < slice.length; at++) slice[at] = 1 + random.integer(255); // no zeros: nothing that needs escaping
    slice[0] = key ? 0x65 : 0x41;
    slice[1] = 0x88;
    const bytes = packetizer.packetize(key ? [SPS, PPS, slice] : [slice], 0);
    const packets: number[] = [];
    for (let at = 0; at < bytes.length; at += 4 + ((bytes[at + 2]! << 8) | bytes[at + 3]!)) packets.push(at);
    return { bytes, packets };
  });
}

class Connection {
  readonly name: string;
  frames = 0;
  late = 0;
  done = false;
  /** Pictures until its first. */
  #wait: number;
  readonly #socket: Socket;
  readonly #clip: readonly Picture[];
  readonly #ticks: number; // per picture, of the RTP clock
  #next: number;
  #sequence = 0;
  #timestamp: number;

  constructor(name: string, socket: Socket, clip: readonly Picture[], config: FarmConfig, start: number, wait: number) {
    this.name = name;
    this.#socket = socket;
    this.#clip = clip;
    this.#ticks = HZ / config.framesPerSecond;
    this.#next = start;
    this.#wait = wait;
    this.#timestamp = start * 3_000;
    socket.on("close", () => { this.done = true; });
  }

  send(): void {
    if (this.done) return;
    if (this.#wait > 0) {
      this.#wait--;
      return;
    }
    const picture = this.#clip[this.#next]!;
    this.#next = (this.#next + 1) % this.#clip.length;
    this.#timestamp = (this.#timestamp + this.#ticks) >>> 0;
    if (this.#socket.writableLength > MOST_WAITING_BYTES) {
      this.late++; // the sequence shows the hole
      this.#sequence = (this.#sequence + picture.packets.length) & 0xffff;
      return;
    }
    const bytes = Buffer.allocUnsafe(picture.bytes.length);
    bytes.set(picture.bytes);
    for (const at of picture.packets) {
      bytes[at + 6] = this.#sequence >>> 8;
      bytes[at + 7] = this.#sequence;
      writeUint32(bytes, at + 8, this.#timestamp);
      this.#sequence = (this.#sequence + 1) & 0xffff;
    }
    this.#socket.write(bytes);
    this.frames++;
  }

  end(): void {
    this.#socket.end();
    this.done = true;
  }
}

function describe(host: string): string {
  const sets = `${SPS.toString("base64")},${PPS.toString("base64")}`;
  return ["v=0", `o=- 1 1 IN IP4 ${host}`, "s=bench", "t=0 0", "a=control:*", `m=video 0 RTP/AVP ${PAYLOAD_TYPE}`, `a=rtpmap:${PAYLOAD_TYPE} H264/90000`,
    `a=fmtp:${PAYLOAD_TYPE} packetization-mode=1;profile-level-id=640028;sprop-parameter-sets=${sets}`, "a=control:trackID=0", ""].join("\r\n");
}

/** The few requests that recorders make, answered by hand: a bench's server has nothing to judge. */
function serveRtsp(socket: Socket, play: (name: string) => void): void {
  let text = "";
  let name = "";
  socket.on("data", (data: Buffer) => {
    text += data.toString("latin1");
    for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
      const head = text.slice(0, end);
      text = text.slice(end + 4);
      if (head.startsWith("$")) continue; // receiver reports of the client; none of ours is large
      const [, method, path] = /^([A-Z_]+) rtsp:\/\/[^/\s]+\/?(\S*)/.exec(head.slice(Math.max(0, head.search(/[A-Z_]+ rtsp:/)))) ?? [];
      const answer = (headers: readonly string[], body = ""): void => {
        const cseq = /^CSeq:\s*(\d+)/im.exec(head)?.[1] ?? "0";
        socket.write([`RTSP/1.0 200 OK`, `CSeq: ${cseq}`, ...headers, "", body].join("\r\n"));
      };
      name = (path ?? "").split("/")[0]!;
      if (method === "OPTIONS") answer(["Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"]);
      else if (method === "DESCRIBE") {
        const body = describe("127.0.0.1");
        answer(["Content-Type: application/sdp", `Content-Base: rtsp://127.0.0.1:${socket.localPort}/${name}/`, `Content-Length: ${body.length}`], body);
      } else if (method === "SETUP") answer(["Session: 1;timeout=60", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"]);
      else if (method === "PLAY") {
        answer(["Session: 1"]);
        play(name);
      } else answer(["Session: 1"]);
    }
  });
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 2_048, resolve));
  return (server.address() as AddressInfo).port;
}

function run(config: FarmConfig): void {
  const clip = makeClip(config);
  const connections: Connection[] = [];
  // Connections are dealt over the picture's time and over the GOP's, and start at different key frames: cameras do not have their key frames together.
  const slots = 20;
  const gops = clip.length / config.gopFrames;
  const add = (name: string, socket: Socket): void => {
    connections.push(new Connection(name, socket, clip, config, (connections.length % gops) * config.gopFrames, (connections.length * GOP_STRIDE) % config.gopFrames));
  };
  const guard = (socket: Socket): void => { socket.on("error", () => socket.destroy()); };
  const rtsp = createServer({ noDelay: true }, (socket) => {
    guard(socket);
    serveRtsp(socket, (name) => add(name, socket));
  });
  const bare = createServer({ noDelay: true }, (socket) => {
    guard(socket);
    socket.resume();
    add(`bare-${connections.length}`, socket);
  });
  const stepMs = 1_000 / config.framesPerSecond / slots;
  const begun = performance.now();
  let step = 0;
  const timer = setInterval(() => {
    for (const due = Math.floor((performance.now() - begun) / stepMs); step < due; step++) {
      for (let i = step % slots; i < connections.length; i += slots) connections[i]!.send();
    }
  }, 1);
  process.on("message", (message: ToFarm) => {
    if (message.type !== "stop-sending") return;
    clearInterval(timer);
    for (const connection of connections) connection.end();
    process.send!({ type: "sent", cameras: connections.map(({ name, frames, late }) => ({ name, frames, late })) } satisfies FromFarm);
    connections.length = 0;
    rtsp.close();
    bare.close();
  });
  void Promise.all([listen(rtsp), listen(bare)]).then(([rtspPort, barePort]) => process.send!({ type: "ready", rtspPort, barePort } satisfies FromFarm));
}

// Whoever started it may be killed: it does not go on by itself.
process.once("disconnect", () => process.exit());
process.once("message", (message: ToFarm) => {
  if (message.type === "start") run(message.config);
});
