// Live pictures by WebRTC ([LIV12]), as a client without a browser sees them: offer and answer, what comes first, and every way in which a view ends.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { RTCPeerConnection, RTCRtpCodecParameters, type RtpPacket } from "werift";
import { startRecorder } from "../../src/app/recorder.ts";
import { MOST_WHEP_VIEWS } from "../../src/io/recorder/whep-views.ts";
import { LOOPBACK_NETWORKS } from "../../src/video/camera/camera-networks.ts";
import { createRandom } from "../../src/base/random.ts";
import { mutate } from "../support/mutations.ts";
import { TestCamera } from "./test-camera.ts";
import { CONSOLE_ORIGIN, LINK_TOKEN, TestCentre, camera, until } from "./test-centre.ts";

const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
const H264 = { mimeType: "video/H264", clockRate: 90_000, rtcpFeedback: [{ type: "nack" }, { type: "nack", parameter: "pli" }], parameters: "packetization-mode=1;profile-level-id=42e01f" } as const;

/** Long enough for four clients to be connected meanwhile, on a busy machine too. */
const TOKEN_MS = 15_000;

/** A WHEP client; keeps the packets that come. */
class Client {
  readonly packets: RtpPacket[] = [];
  readonly peer: RTCPeerConnection;
  location = "";

  constructor(codec: ConstructorParameters<typeof RTCRtpCodecParameters>[0] = { ...H264, rtcpFeedback: [...H264.rtcpFeedback] }) {
    this.peer = new RTCPeerConnection({ iceServers: [], iceUseIpv4: false, iceUseIpv6: false, iceAdditionalHostAddresses: ["127.0.0.1"], iceInterfaceAddresses: { udp4: "127.0.0.1" }, codecs: { video: [new RTCRtpCodecParameters(codec)] } });
    this.peer.addTransceiver("video", { direction: "recvonly" }).onTrack.subscribe((track) => track.onReceiveRtp.subscribe((packet) => this.packets.push(packet)));
  }

  async ask(port: number, cameraId: number, token: string): Promise<Response> {
    await this.peer.setLocalDescription(await this.peer.createOffer());
    const response = await post(port, cameraId, token, this.peer.localDescription!.sdp);
    if (response.status === 201) {
      this.location = `http://127.0.0.1:${port}${response.headers.get("location")}`;
      await this.peer.setRemoteDescription({ type: "answer", sdp: await response.clone().text() });
    }
    return response;
  }
}

function post(port: number, cameraId: number, token: string, offer: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/v1/cameras/${cameraId}/whep`, { method: "POST", body: offer, headers: { "content-type": "application/sdp", authorization: `Bearer ${token}`, ...headers } });
}
const ruleOf = async (response: Response): Promise<[number, string]> => [response.status, ((await response.json()) as { rule: string }).rule];
const nalType = (packet: RtpPacket): number => packet.payload[0]! & 31;

describe("WHEP", () => {
  const centre = new TestCentre();
  const cameras = { plays: new TestCamera({ behaviour: "plays", gop: 50, sliceBytes: 5_000 }), onDemand: new TestCamera({ behaviour: "plays" }) };
  const clients: Client[] = [];
  let folder = "";
  let recorder: Awaited<ReturnType<typeof startRecorder>>;
  const make = (...codec: ConstructorParameters<typeof Client>): Client => {
    const client = new Client(...codec);
    clients.push(client);
    return client;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "citywatch-whep-"));
    await centre.start();
    for (const each of Object.values(cameras)) await each.start();
    centre.cameras = [camera(1, cameras.plays.address), camera(2, cameras.onDemand.address, { recording: "on-demand" }), camera(3, cameras.plays.address)];
    recorder = await startRecorder({
      role: "recorder", version: "test", recorderId: 1, centreUrl: centre.url, token: LINK_TOKEN, recordingsDir: folder, host: "127.0.0.1", port: 0, mediaUrl: "http://127.0.0.1:0", cameraNetworks: LOOPBACK_NETWORKS,
      mostRecordingBytes: null, evidencePage: "",
    }, silentLog);
    await until("camera 1", () => centre.health.get(1)?.state === "connected");
  });
  after(async () => {
    for (const client of clients) await client.peer.close();
    await recorder?.stop();
    for (const each of Object.values(cameras)) await each.stop();
    await centre.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test("[LIV12] the running GOP comes at once, its parameter sets first, then every packet in order; DELETE ends the view", async () => {
    const client = make();
    const token = await centre.sign({ viewId: 41 });
    const response = await client.ask(recorder.port, 1, token);
    assert.equal(response.status, 201, await response.clone().text());
    assert.equal(response.headers.get("content-type"), "application/sdp");
    const answer = await response.text();
    assert.match(answer, /a=ice-lite/);
    assert.deepEqual([...answer.matchAll(/^a=candidate:.*$/gm)].map(([line]) => line!.split(" ")[4]), ["127.0.0.1"], "one candidate, where the offer came");
    await until("two seconds of packets", () => client.packets.length > 200);
    assert.deepEqual(client.packets.slice(0, 3).map(nalType), [7, 8, 28], "parameter sets, then the key frame");
    // What the client's own socket overflowed with came again (NACK), as far back as is kept: three seconds without a hole, whatever the order.
    const first = client.packets[0]!.header;
    const whole = await until("three seconds without a hole", () => {
      const numbers = [...new Set(client.packets.map(({ header }) => (header.sequenceNumber - first.sequenceNumber) & 0xffff))].toSorted((a, b) => a - b);
      let from = 0;
      for (let i = 1; i < numbers.length; i++) {
        if (numbers[i] !== numbers[i - 1]! + 1) from = i;
        else if (i - from > 375) return numbers.slice(from, i);
      }
      return undefined;
    });
    const unbroken = new Set(whole);
    const times = [...new Set(client.packets.filter(({ header }) => unbroken.has((header.sequenceNumber - first.sequenceNumber) & 0xffff)).map(({ header }) => (header.timestamp - first.timestamp) >>> 0))].toSorted((a, b) => a - b);
    assert.ok(times.length > 50 && times.every((time, i) => i === 0 || time - times[i - 1]! < 9_000), "each picture follows the last");
    const other = make();
    assert.equal((await other.ask(recorder.port, 1, await centre.sign({ viewId: 43 }))).status, 201);
    await until("pictures for the other", () => other.packets.length > 10);
    const left = await fetch(client.location, { method: "DELETE", headers: { authorization: `Bearer ${token}` } });
    assert.equal(left.status, 200);
    await until("the centre to hear the end", () => centre.endedViews.includes(41));
    const otherEnd = other.packets.length;
    await until("the other to get more", () => other.packets.length > otherEnd + 200); // and the one that left what was under way
    const end = client.packets.length;
    await until("the other to get yet more", () => other.packets.length > otherEnd + 400);
    assert.equal(client.packets.length, end, "what was under way, and nothing more");
    await other.peer.close();
    assert.deepEqual(await ruleOf(await client.peer.createOffer().then(({ sdp }) => post(recorder.port, 1, token, sdp))), [401, "view-ended"]);
  });

  test("[LIV12] a client that just goes is noticed, and its view is over", async () => {
    const client = make();
    assert.equal((await client.ask(recorder.port, 1, await centre.sign({ viewId: 42 }))).status, 201);
    await until("packets", () => client.packets.length > 10);
    await client.peer.close();
    await until("the centre to hear the end", () => centre.endedViews.includes(42));
  });

  test("[LIV12] a view ends with its token, unless a new one came; by the centre's word; and with its camera", async () => {
    const [short, renewed, withdrawn, removed] = [make(), make(), make(), make()];
    assert.equal((await short.ask(recorder.port, 1, await centre.sign({ viewId: 51 }, TOKEN_MS))).status, 201);
    assert.equal((await renewed.ask(recorder.port, 1, await centre.sign({ viewId: 52 }, TOKEN_MS))).status, 201);
    assert.equal((await withdrawn.ask(recorder.port, 1, await centre.sign({ viewId: 53 }))).status, 201);
    assert.equal((await removed.ask(recorder.port, 3, await centre.sign({ viewId: 54, cameraId: 3 }))).status, 201);
    const next = await fetch(renewed.location, { method: "PATCH", headers: { authorization: `Bearer ${await centre.sign({ viewId: 52 })}` } });
    assert.equal(next.status, 204);
    const other = await fetch(renewed.location, { method: "PATCH", headers: { authorization: `Bearer ${await centre.sign({ viewId: 99 })}` } });
    assert.deepEqual(await ruleOf(other), [404, "unknown-view"]);
    await until("pictures for all", () => [short, renewed, withdrawn, removed].every(({ packets }) => packets.length > 10));
    centre.endView(53);
    centre.tell(centre.cameras.filter(({ cameraId }) => cameraId !== 3));
    await until("three ends", () => [51, 53, 54].every((viewId) => centre.endedViews.includes(viewId)));
    assert.ok(!centre.endedViews.includes(52));
    const before = renewed.packets.length;
    await until("more pictures", () => renewed.packets.length > before + 50);
    assert.equal((await fetch(renewed.location, { method: "DELETE", headers: { authorization: `Bearer ${await centre.sign({ viewId: 52 })}` } })).status, 200);
  });

  test("[LIV12] an on-demand camera is joined for a WebRTC viewer", async () => {
    const client = make();
    const token = await centre.sign({ cameraId: 2 });
    assert.equal((await client.ask(recorder.port, 2, token)).status, 201);
    await until("packets", () => client.packets.length > 10);
    await client.peer.close();
  });

  test("[LIV7] [LIV12] refused with the reason: no token, another camera or mode, no H.264 in the offer, no SDP, another origin", async () => {
    const offer = (await make().peer.createOffer()).sdp;
    assert.deepEqual(await ruleOf(await post(recorder.port, 1, "", offer)), [401, "token-missing"]);
    assert.deepEqual(await ruleOf(await post(recorder.port, 2, await centre.sign({}), offer)), [403, "other-camera"]);
    assert.deepEqual(await ruleOf(await post(recorder.port, 1, await centre.sign({ mode: "playback" }), offer)), [403, "other-mode"]);
    assert.deepEqual(await ruleOf(await post(recorder.port, 77, await centre.sign({ cameraId: 77 }), offer)), [404, "camera-unknown"]);
    assert.deepEqual(await ruleOf(await post(recorder.port, 1, await centre.sign({}), "v=0\r\n")), [406, "no-h264-offered"]);
    assert.deepEqual(await ruleOf(await post(recorder.port, 1, await centre.sign({}), offer, { origin: "https://elsewhere.example" })), [403, "other-origin"]);
    assert.deepEqual(await ruleOf(await make({ mimeType: "video/VP8", clockRate: 90_000 }).ask(recorder.port, 1, await centre.sign({}))), [406, "no-h264-offered"]);
    assert.equal((await post(recorder.port, 1, await centre.sign({}), offer, { "content-type": "text/plain" })).status, 415);
    const preflight = await fetch(`http://127.0.0.1:${recorder.port}/v1/cameras/1/whep`, { method: "OPTIONS", headers: { origin: CONSOLE_ORIGIN, "access-control-request-method": "POST" } });
    assert.match(preflight.headers.get("access-control-allow-methods") ?? "", /POST.*DELETE/);
  });

  test("[CAM5] mutated offers are answered, and the recorder goes on; views are bounded", async () => {
    const offer = (await make().peer.createOffer()).sdp;
    const random = createRandom(7);
    for (let i = 0; i < 150; i++) {
      const { status } = await post(recorder.port, 1, await centre.sign({ viewId: 10_000 + i }), Buffer.from(mutate(random, [Buffer.from(offer)])).toString());
      assert.ok([201, 400, 406, 503].includes(status), `${status}`);
    }
    const answers = [];
    for (let i = 0; i <= MOST_WHEP_VIEWS; i++) answers.push((await post(recorder.port, 1, await centre.sign({ viewId: 20_000 + i }), offer)).status);
    assert.equal(answers.at(-1), 503, String(answers));
    await until("those that never connected to be let go", async () => {
      const token = await centre.sign({});
      const made = await post(recorder.port, 1, token, offer);
      if (made.status !== 201) return false;
      await fetch(`http://127.0.0.1:${recorder.port}${made.headers.get("location")}`, { method: "DELETE", headers: { authorization: `Bearer ${token}` } }); // its place is the next one's
      return true;
    });
    const client = make();
    assert.equal((await client.ask(recorder.port, 1, await centre.sign({}))).status, 201);
    await until("packets", () => client.packets.length > 10);
  });
});
