// The simulator as a client meets it: RTSP over real sockets, with the project's own grammar and depacketizer on the other side.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, before, test } from "node:test";
import { splitLengthPrefixed } from "../../media/annexb.ts";
import { H264Depacketizer } from "../../media/rtp/h264-depacketizer.ts";
import { RtpPacket } from "../../media/rtp/packet.ts";
import { decodeRtcp, type SenderReport } from "../../media/rtp/rtcp.ts";
import { chooseChallenge, formatAuthorization, type Challenge } from "../../protocol/rtsp/challenge.ts";
import { formatRequest } from "../../protocol/rtsp/format.ts";
import { findHeader, listHeaders, type RtspHeader, type RtspMessage, type RtspResponse } from "../../protocol/rtsp/message.ts";
import { RtspStreamReader } from "../../protocol/rtsp/stream-reader.ts";
import { parseRtpInfo } from "../../protocol/rtsp/headers.ts";
import { chooseTracks } from "../../protocol/rtsp/media-tracks.ts";
import { DEFAULT_POLICIES } from "../../protocol/rtsp/policies.ts";
import { parseSdp } from "../../protocol/sdp/sdp.ts";
import { parseH264Sps } from "../../media/h264/sps.ts";
import { SOUND_KINDS, createSoundShelf } from "./camera-sound.ts";
import { CameraStream } from "./camera-stream.ts";
import { ASSETS_DIR, openClipFolder } from "./clip-folder.ts";
import { CAMERA_USER, startCameraServer, type CameraServer, type SimulatedCamera } from "./server.ts";

const PASSWORD = randomBytes(9).toString("base64url");
const cameras: SimulatedCamera[] = Array.from({ length: 2000 }, (_, i) => ({ code: `MVD-${String(i).padStart(4, "0")}`, name: `Río Negro ${i}`, hints: [(["school", "square", "signal"] as const)[i % 3]!], ...(i < 10 || i > 12 ? {} : { sound: SOUND_KINDS[i - 10]! }) }));
const quiet = { info: () => undefined, warn: () => undefined };
const clock = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };
let server: CameraServer;

before(async () => {
  server = await startCameraServer({ host: "127.0.0.1", port: 0, password: PASSWORD, cameras, clock, log: quiet, seed: 3, timeZone: "America/Montevideo" });
});
after(() => server.stop());

const hashOf = (nal: Uint8Array): string => createHash("sha256").update(nal).digest("hex");

interface Picture {
  readonly timestamp: number;
  readonly key: boolean;
  readonly nals: Uint8Array[];
}

class TestClient {
  readonly socket: Socket;
  readonly url: string;
  readonly pictures: Picture[] = [];
  readonly reports: SenderReport[] = [];
  /** Packets of channel 6, as they came. */
  readonly sound: { timestamp: number; payload: Uint8Array }[] = [];
  readonly soundReports: SenderReport[] = [];
  readonly faults: string[] = [];
  saidBye = false;
  sequences = 0;
  #cseq = 0;
  #count = 0;
  #challenge: Challenge | undefined;
  #waiting: ((response: RtspResponse) => void) | undefined;

  constructor(port: number, path: string) {
    this.url = `rtsp://127.0.0.1:${port}${path}`;
    this.socket = connect(port, "127.0.0.1");
    const packet = new RtpPacket();
    const depacketizer = new H264Depacketizer({ onAccessUnit: (unit) => this.pictures.push({ timestamp: unit.timestamp, key: unit.key, nals: splitLengthPrefixed(unit.bytes.slice(0, unit.length), unit.length)! }) }, 1 << 20);
    const reader = new RtspStreamReader({ headerBytes: 16_384, bodyBytes: 65_536 }, {
      onMessage: (message: RtspMessage) => message.kind === "response" && this.#waiting?.(message),
      onInvalid: (_at, reason) => this.faults.push(reason),
      onInterleaved: (channel, bytes, start, end) => {
        if (channel === 5) {
          const rtcp = decodeRtcp(bytes, start, end);
          if (rtcp.senderReport) this.reports.push(rtcp.senderReport);
          this.saidBye ||= rtcp.bye;
          return;
        }
        if (channel === 7) {
          const report = decodeRtcp(bytes, start, end).senderReport;
          if (report) this.soundReports.push(report);
          return;
        }
        if (channel === 6) {
          const broken = packet.read(bytes, start, end);
          if (broken !== undefined) this.faults.push(broken);
          else this.sound.push({ timestamp: packet.timestamp, payload: Uint8Array.from(bytes.subarray(packet.payloadStart, packet.payloadEnd)) });
          return;
        }
        const fault = packet.read(bytes, start, end) ?? depacketizer.push(packet, bytes);
        if (fault !== undefined) this.faults.push(fault);
        this.sequences++;
      },
    });
    this.socket.on("data", (bytes: Uint8Array) => reader.feed(bytes, 0, bytes.length));
    this.socket.on("error", () => undefined);
  }

  async request(method: string, uri = this.url, headers: readonly RtspHeader[] = [], password = PASSWORD): Promise<RtspResponse> {
    const credentials = { userName: CAMERA_USER, password };
    const hash = (algorithm: string, text: string): string => createHash(algorithm === "MD5" ? "md5" : "sha256").update(text).digest("hex");
    const all: RtspHeader[] = [{ name: "CSeq", value: String(++this.#cseq) }, ...headers];
    if (this.#challenge) all.push({ name: "Authorization", value: formatAuthorization(this.#challenge, credentials, { method, uri, count: ++this.#count, cnonce: "0a4f113b" }, hash) });
    const answered = new Promise<RtspResponse>((resolve) => (this.#waiting = resolve));
    this.socket.write(formatRequest(method, uri, all));
    const response = await answered;
    const offered = chooseChallenge(listHeaders(response.headers, "WWW-Authenticate"));
    if (response.status === 401 && offered) {
      this.#challenge = offered;
      this.#count = 0;
    }
    return response;
  }

  /** DESCRIBE (asked twice for the challenge), SETUP on channels 4 and 5, PLAY. */
  async play(): Promise<{ session: string; rtpInfo: string }> {
    assert.equal((await this.request("DESCRIBE")).status, 401);
    const described = await this.request("DESCRIBE");
    assert.equal(described.status, 200);
    const sdp = parseSdp(new TextDecoder().decode(described.body));
    assert.ok(sdp.ok);
    const track = `${findHeader(described.headers, "Content-Base")}${sdp.value.media[0]!.control}`;
    const setUp = await this.request("SETUP", track, [{ name: "Transport", value: "RTP/AVP/TCP;unicast;interleaved=4-5" }]);
    assert.equal(setUp.status, 200);
    assert.match(findHeader(setUp.headers, "Transport")!, /interleaved=4-5/);
    const session = findHeader(setUp.headers, "Session")!.split(";")[0]!;
    const played = await this.request("PLAY", this.url, [{ name: "Session", value: session }]);
    assert.equal(played.status, 200);
    return { session, rtpInfo: findHeader(played.headers, "RTP-Info")! };
  }
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const end = performance.now() + 120_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited 120 s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("a session plays from a key picture, with timestamps of the wall clock and a sender report that says so", async () => {
  const client = new TestClient(server.port, "/cameras/MVD-0001");
  assert.match(findHeader((await client.request("OPTIONS")).headers, "Public")!, /DESCRIBE.*PLAY.*TEARDOWN/);
  const { session, rtpInfo } = await client.play();
  await until("30 pictures", () => client.pictures.length >= 30);
  assert.deepEqual(client.faults, []);
  const [first] = client.pictures;
  assert.equal(first!.key, true);
  assert.equal(Number(/rtptime=(\d+)/.exec(rtpInfo)![1]), first!.timestamp);
  client.pictures.slice(1, 30).forEach((p, i) => assert.equal((p.timestamp - client.pictures[i]!.timestamp + 2 ** 32) % 2 ** 32, 7_200));

  const report = client.reports[0]!;
  const picture = Math.round(report.wallMs / 80) + ((((first!.timestamp - report.rtpTimestamp) / 7_200) | 0));
  assert.ok(Math.abs(report.wallMs - Date.now()) < 60_000);
  const expected = new CameraStream(cameras[1]!, 3, openClipFolder(ASSETS_DIR), () => -180);
  client.pictures.slice(0, 30).forEach((p, i) => assert.deepEqual(p.nals.map(hashOf), expected.accessUnit(picture + i).nals.map(hashOf), `picture ${i}`));

  assert.equal((await client.request("GET_PARAMETER", client.url, [{ name: "Session", value: session }])).status, 200);
  assert.equal((await client.request("GET_PARAMETER", client.url, [{ name: "Session", value: "0000" }])).status, 454);
  assert.equal(server.activeStreams(), 1);
  assert.equal((await client.request("TEARDOWN", client.url, [{ name: "Session", value: session }])).status, 200);
  assert.equal(client.saidBye, true);
  assert.equal(server.activeStreams(), 0);
  client.socket.destroy();
});

test("the small stream of a camera is at its own path, and is small", async () => {
  const client = new TestClient(server.port, "/cameras/MVD-0002/sub");
  await client.play();
  await until("pictures", () => client.pictures.length >= 5);
  const size = parseH264Sps(client.pictures[0]!.nals.find((nal) => (nal[0]! & 31) === 7)!);
  assert.ok(size.ok);
  assert.deepEqual([size.value.width, size.value.height], [384, 224]);
  client.socket.destroy();
});

test("[sound] a camera with sound offers it beside the pictures, sends it in step with them, and only to whom asks for it; its small stream has none", async () => {
  for (const [i, kind] of SOUND_KINDS.entries()) {
    const expected = createSoundShelf(ASSETS_DIR).get(kind);
    const client = new TestClient(server.port, `/cameras/MVD-00${10 + i}`);
    await client.request("DESCRIBE");
    const described = await client.request("DESCRIBE");
    const sdp = parseSdp(new TextDecoder().decode(described.body));
    assert.ok(sdp.ok);
    const chosen = chooseTracks(sdp.value, ["video", "audio"], DEFAULT_POLICIES);
    assert.ok(chosen.ok && chosen.value.others.length === 1, JSON.stringify(chosen));
    const track = chosen.value.others[0]!;
    assert.deepEqual([track.kind, track.kind === "audio" && track.codec, track.clockHz], ["audio", kind, expected.clockHz]);
    const base = findHeader(described.headers, "Content-Base")!;
    const setUp = (control: string, channels: string, session?: string) => client.request("SETUP", `${base}${control}`, [{ name: "Transport", value: `RTP/AVP/TCP;unicast;interleaved=${channels}` }, ...(session === undefined ? [] : [{ name: "Session", value: session }])]);
    const first = await setUp("trackID=0", "4-5");
    const session = findHeader(first.headers, "Session")!.split(";")[0]!;
    assert.equal((await setUp(track.control!, "6-7")).status, 455, "only within the session");
    assert.equal((await setUp(track.control!, "6-7", "0000")).status, 454);
    assert.equal((await setUp(track.control!, "5-6", session)).status, 461, "channels of its own");
    assert.equal((await setUp(track.control!, "6-7", session)).status, 200);
    assert.equal((await setUp(track.control!, "8-9", session)).status, 455, "once");
    const info = findHeader((await client.request("PLAY", client.url, [{ name: "Session", value: session }])).headers, "RTP-Info")!;
    assert.equal(parseRtpInfo(info).length, 2);
    await until("a second of sound", () => client.sound.length * expected.unitMs > 1_000 && client.pictures.length > 12 && client.soundReports.length > 0);
    assert.deepEqual(client.faults, []);
    const [report] = client.soundReports;
    const unit = Math.round(report!.wallMs / expected.unitMs);
    client.sound.slice(0, 10).forEach(({ timestamp, payload }, n) => {
      assert.equal((timestamp - report!.rtpTimestamp + 2 ** 32) % 2 ** 32, (n * expected.unitMs * expected.clockHz) / 1_000);
      assert.deepEqual(payload, new Uint8Array(expected.payloadOf(unit + n)));
    });
    const [pictures] = client.reports;
    const beganApartMs = report!.wallMs - pictures!.wallMs;
    assert.ok(beganApartMs >= 0 && beganApartMs < expected.unitMs, `sound begins ${beganApartMs} ms after the first picture`);
    assert.equal((await client.request("TEARDOWN", client.url, [{ name: "Session", value: session }])).status, 200);
    assert.equal(server.activeStreams(), 0);
    client.socket.destroy();
  }
  const silent = new TestClient(server.port, "/cameras/MVD-0010");
  await silent.play();
  await until("pictures", () => silent.pictures.length > 15);
  assert.equal(silent.sound.length, 0);
  silent.socket.destroy();
  for (const path of ["/cameras/MVD-0010/sub/trackID=1", "/cameras/MVD-0009/trackID=1"]) {
    const client = new TestClient(server.port, path);
    await client.request("DESCRIBE");
    assert.equal((await client.request("SETUP", client.url, [{ name: "Transport", value: "RTP/AVP/TCP;unicast;interleaved=0-1" }])).status, 404, path);
    client.socket.destroy();
  }
  await until("the streams to end", () => server.activeStreams() === 0);
});

test("two viewers of one camera see the same picture at the same time", async () => {
  const two = [new TestClient(server.port, "/cameras/MVD-0002"), new TestClient(server.port, "/cameras/MVD-0002")];
  for (const client of two) await client.play();
  await until("pictures at both", () => two.every((c) => c.pictures.length >= 10));
  assert.equal(server.activeStreams(), 1);
  const seen = new Set(two[0]!.pictures.map((p) => Buffer.from(p.nals.at(-2)!).toString("hex")));
  assert.ok(two[1]!.pictures.slice(0, 8).some((p) => seen.has(Buffer.from(p.nals.at(-2)!).toString("hex"))));
  for (const client of two) client.socket.destroy();
  await until("the stream to end", () => server.activeStreams() === 0);
});

test("a wrong password is refused and in the end hung up on; no request passes without one", async () => {
  const client = new TestClient(server.port, "/cameras/MVD-0003");
  for (const method of ["DESCRIBE", "SETUP", "PLAY"]) assert.equal((await client.request(method, client.url, [], "wrong")).status, 401, method);
  const closed = once(client.socket, "close");
  for (let i = 0; i < 4; i++) assert.equal((await client.request("DESCRIBE", client.url, [], "wrong")).status, 401);
  await closed;
});

test("an unknown camera is not found, and only after the password", async () => {
  for (const path of ["/cameras/NOWHERE", "/", "/cameras/", "/cameras/..%2f..%2fetc", "/cameras/MVD-0001/trackID=7"]) {
    const client = new TestClient(server.port, path);
    assert.equal((await client.request("DESCRIBE")).status, 401, path);
    assert.equal((await client.request("DESCRIBE")).status, 404, path);
    client.socket.destroy();
  }
});

test("UDP is declined, a second track refused, an unknown method told", async () => {
  const client = new TestClient(server.port, "/cameras/MVD-0004");
  await client.request("DESCRIBE");
  assert.equal((await client.request("SETUP", `${client.url}/trackID=0`, [{ name: "Transport", value: "RTP/AVP;unicast;client_port=5000-5001" }])).status, 461);
  assert.equal((await client.request("PLAY")).status, 454);
  assert.equal((await client.request("SETUP", `${client.url}/trackID=0`, [{ name: "Transport", value: "RTP/AVP/TCP;unicast;interleaved=0-1" }])).status, 200);
  assert.equal((await client.request("SETUP", `${client.url}/trackID=0`, [{ name: "Transport", value: "RTP/AVP/TCP;unicast;interleaved=2-3" }])).status, 455);
  assert.equal((await client.request("RECORD")).status, 501);
  client.socket.destroy();
});

test("bytes that are no RTSP are answered with 400 and hung up on; the others play on", async () => {
  const good = new TestClient(server.port, "/cameras/MVD-0005");
  await good.play();
  const bad = connect(server.port, "127.0.0.1");
  let heard = "";
  bad.on("data", (bytes: Buffer) => (heard += bytes.toString("latin1")));
  const closed = once(bad, "close");
  bad.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await closed;
  assert.match(heard, /^RTSP\/1\.0 400 /);
  await until("pictures", () => good.pictures.length > 3);
  good.socket.destroy();
});

test("a staged event is seen by a client within the next group of pictures, and cleared", async () => {
  const client = new TestClient(server.port, "/cameras/MVD-0000"); // a school
  await client.play();
  await until("a picture", () => client.pictures.length > 0);
  assert.equal(server.stage("MVD-0000", "smoke", 60_000), true);
  const smoke = openClipFolder(ASSETS_DIR).get("school", "smoke");
  const has = (nal: Uint8Array): boolean => client.pictures.some((p) => Buffer.from(p.nals.at(-1)!).equals(nal));
  await until("the first picture of the smoke", () => has(smoke.pictures[0]!.nal));
  server.clear("MVD-0000");
  const before = client.pictures.length;
  await until("the next group", () => client.pictures.slice(before).some((p) => p.key));
  assert.equal(has(smoke.pictures[60]!.nal), false);
  client.socket.destroy();
  assert.equal(server.stage("NOWHERE", "smoke", 1_000), false);
});

test("start refuses an empty password, a code that comes twice, a taken port, a folder without clips", async () => {
  const options = { host: "127.0.0.1", port: 0, password: "x", cameras: [] as SimulatedCamera[], clock, log: quiet };
  await assert.rejects(startCameraServer({ ...options, password: "" }), /password/);
  await assert.rejects(startCameraServer({ ...options, cameras: [cameras[0]!, cameras[0]!] }), /MVD-0000 comes twice/);
  await assert.rejects(startCameraServer({ ...options, port: server.port }), /EADDRINUSE/);
  await assert.rejects(startCameraServer({ ...options, assetsDir: import.meta.dirname }), /junction-normal\.h264/);
});

test("stop says goodbye to those who watch, and may be called twice", async () => {
  const own = await startCameraServer({ host: "127.0.0.1", port: 0, password: PASSWORD, cameras, clock, log: quiet });
  const client = new TestClient(own.port, "/cameras/MVD-0001");
  await client.play();
  await until("a picture", () => client.pictures.length > 0);
  const closed = once(client.socket, "close");
  await Promise.all([own.stop(), own.stop(), closed]);
  assert.equal(client.saidBye, true);
});
