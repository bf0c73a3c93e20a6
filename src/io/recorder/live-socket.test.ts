// A browser's live socket on a link that is too slow, by a clock of the test's own: for how long it is backed up is the socket's to know. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { beforeEach, describe, test } from "node:test";
import { ok } from "../../base/result.ts";
import { LIVE_FRAME_KINDS } from "../../contract/media.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import { Sample } from "../../video/ingest/video-ingest.ts";
import { GopBudget, LiveStream } from "../../video/live/live-stream.ts";
import { LiveLooks } from "./live-looks.ts";
import { LiveSocket, type LiveSocketContext } from "./live-socket.ts";
import type { LiveSource } from "./live-source.ts";

const FORMAT: VideoFormat = { codec: "h264", codecString: "avc1.42c01e", width: 240, height: 160, frameRate: 25, reorderFrames: 0, configuration: new Uint8Array([1, 66, 192, 30, 255, 224, 0]) };
const T0 = 1_790_000_000_000;
const FRAME_MS = 40;
const GOP = 200;
const NAMES = Object.fromEntries(Object.entries(LIVE_FRAME_KINDS).map(([name, kind]) => [kind, name]));

describe("a live socket whose link is slow", () => {
  let now = 0;
  let frame = 0;
  /** Bytes that the socket, and what is to go into it, have not sent. */
  let inSocket = 0;
  let inOutbox = 0;
  let sent: string[] = [];
  let stream: LiveStream;

  beforeEach(async () => {
    [now, frame, inSocket, inOutbox] = [5_000, 0, 0, 0];
    sent = [];
    stream = new LiveStream(new GopBudget(1e8));
    stream.onFormat(FORMAT);
    const source: LiveSource = { stream: "main", live: stream, addViewer: (port) => stream.add(port), removeViewer: (port) => stream.remove(port), health: () => ({ state: "connected", problem: null }) };
    const ws = Object.assign(new EventEmitter(), { OPEN: 1, readyState: 1, send: (text: string) => void sent.push((JSON.parse(text) as { type: string }).type), close: () => undefined, terminate: () => undefined, ping: () => undefined });
    Object.defineProperty(ws, "bufferedAmount", { get: () => inSocket });
    const outbox = { get waitingBytes() { return inOutbox; }, flush: () => undefined, clear: () => undefined, send: (kind: number) => void sent.push(NAMES[kind]!) };
    const context = { pool: { find: () => ({ findSource: () => source }) }, verifier: { verify: async () => ok({ claims: { viewId: 1, sound: false }, expiresAt: T0 * 2 }) }, clock: { wallMs: () => T0 + now, monotonicMs: () => now }, looks: new LiveLooks({ verifier: { endView: () => undefined }, onViewEnded: () => undefined }) };
    const socket = new LiveSocket(ws as never, outbox as never, context as unknown as LiveSocketContext);
    ws.emit("message", Buffer.from(JSON.stringify({ type: "open", channel: 1, cameraId: 1, token: "t" })), false);
    while (socket.channels === 0) await new Promise(setImmediate);
    sent = [];
  });

  /** The next picture, and what was sent for it. */
  function picture(): string[] {
    const sample = new Sample();
    Object.assign(sample, { bytes: new Uint8Array(1_000), length: 1_000, key: frame % GOP === 0, decode90k: frame * FRAME_MS * 90, wallMs: T0 + now });
    stream.onSample(sample);
    frame++;
    now += FRAME_MS;
    return sent.splice(0);
  }
  /** How long it sends all pictures, from the next one on, in ms. */
  function sendUntilItFalls(most: number): number {
    const from = now;
    while (now - from < most) if (!picture().includes("delta")) return now - FRAME_MS - from;
    return Infinity;
  }

  for (const where of ["the socket", "the outbox"] as const)
    test(`[LIV2] more than 250 KB that wait in ${where}: pictures go on for 1.5 s, and then the first that is missed is told`, () => {
      assert.deepEqual(picture(), ["opened", "init", "key"]);
      for (let i = 0; i < 10; i++) assert.deepEqual(picture(), ["delta"]);
      if (where === "the socket") inSocket = 250_001;
      else inOutbox = 250_001;
      // It was last seen drained with the picture before.
      for (let ms = FRAME_MS; ms <= 1_500; ms += FRAME_MS) assert.deepEqual(picture(), ["delta"], `${ms} ms`);
      assert.deepEqual(picture(), ["pace", "dropped"]);
      assert.deepEqual(picture(), [], "nothing more before a key frame");
    });

  test("[LIV2] as much as that and no more is no backlog, however long", () => {
    picture();
    inSocket = 250_000;
    assert.equal(sendUntilItFalls((GOP - 2) * FRAME_MS), Infinity);
  });

  test("[LIV2] a socket that drains in between begins its 1.5 s anew: bursts are no slow link", () => {
    picture();
    for (let burst = 0; burst < 2; burst++) {
      inSocket = 400_000;
      for (let ms = 0; ms < 1_400; ms += FRAME_MS) assert.deepEqual(picture(), ["delta"]);
      inSocket = 0;
      assert.deepEqual(picture(), ["delta"]);
    }
    inSocket = 400_000;
    assert.equal(sendUntilItFalls(2_000), 1_480);
  });

  test("[LIV2] more than 2 MB is too much at once; a key frame that finds it drained goes out and tells what was missed, and after a time without trouble everything does", () => {
    picture();
    inSocket = 2_000_001;
    assert.deepEqual(picture(), ["pace", "dropped"]);
    while (frame % GOP !== 0) assert.deepEqual(picture(), []);
    inSocket = 250_001;
    assert.deepEqual(picture(), [], "not with so much waiting");
    while (frame % GOP !== 0) picture();
    inSocket = 250_000;
    assert.deepEqual(picture().toSorted(), ["dropped", "key"]);
    assert.deepEqual(picture(), [], "key frames only, as long as the link may still be slow");
    let got: string[] = [];
    for (let i = 0; i < GOP && !got.includes("pace"); i++) got = picture();
    assert.deepEqual(got.toSorted(), ["dropped", "key", "pace"]);
    assert.deepEqual(picture(), ["delta"], "and everything again, told before");
  });
});
