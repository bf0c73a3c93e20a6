// One client of one stream, with a clock and a socket of the test's: what a slow reader gets, and that time is the wall clock's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeRtcp } from "../../media/rtp/rtcp.ts";
import { Broadcaster } from "./broadcaster.ts";
import { CameraStream } from "./camera-stream.ts";
import { ASSETS_DIR, openClipFolder } from "./clip-folder.ts";
import { Player, type PlayerSink } from "./player.ts";

const shelf = openClipFolder(ASSETS_DIR);
const FIRST_KEY = 22_329_876_525;

class TestSink implements PlayerSink {
  written: Uint8Array[] = [];
  queued = 0;
  dropped: string | undefined;
  write(bytes: Uint8Array): void {
    this.written.push(bytes);
  }
  queuedBytes(): number {
    return this.queued;
  }
  drop(reason: string): void {
    this.dropped = reason;
  }
  /** RTP timestamps of the pictures that were written. */
  get timestamps(): number[] {
    return this.written.filter((b) => b[1] === 0).map((b) => new DataView(b.buffer, b.byteOffset).getUint32(8));
  }
}

const streamOf = (code: string): CameraStream => new CameraStream({ code, name: code, hints: ["school"] }, 1, shelf, () => 0);
const playerOn = (sink: TestSink, timestampOffset = 0): Player => new Player(sink, { channel: 0, ssrc: 7, firstSequence: 65_530, timestampOffset });

test("nothing is sent before the first key picture; reports come every five seconds", () => {
  const sink = new TestSink();
  const player = playerOn(sink, 2 ** 32 - 10_000);
  const stream = streamOf("C-1");
  for (let p = FIRST_KEY - 3; p < FIRST_KEY + 130; p++) player.send(stream.accessUnit(p), p);
  assert.equal(sink.timestamps.length, 130);
  assert.equal(sink.timestamps[0], player.timestampOf(FIRST_KEY));
  const reports = sink.written.filter((b) => b[1] === 1).map((b) => decodeRtcp(b, 4, b.length).senderReport!);
  assert.deepEqual(reports.map((r) => Math.round(r.wallMs)), [FIRST_KEY, FIRST_KEY + 63, FIRST_KEY + 126].map((p) => p * 80));
  assert.deepEqual(reports.map((r) => r.rtpTimestamp), [FIRST_KEY, FIRST_KEY + 63, FIRST_KEY + 126].map((p) => player.timestampOf(p)));
});

test("a client that reads slowly falls to key pictures, and gets all again when it has caught up", () => {
  const sink = new TestSink();
  const player = playerOn(sink);
  const stream = streamOf("C-2");
  const sendUntil = (from: number, to: number): number => {
    const before = sink.timestamps.length;
    for (let p = from; p < to; p++) player.send(stream.accessUnit(p), p);
    return sink.timestamps.length - before;
  };
  assert.equal(sendUntil(FIRST_KEY, FIRST_KEY + 10), 10);
  sink.queued = 500 * 1024;
  assert.equal(sendUntil(FIRST_KEY + 10, FIRST_KEY + 25), 0);
  assert.equal(sendUntil(FIRST_KEY + 25, FIRST_KEY + 50), 1); // the key picture alone
  sink.queued = 0;
  assert.equal(sendUntil(FIRST_KEY + 60, FIRST_KEY + 75), 0); // its group was broken: nothing to decode
  assert.equal(sendUntil(FIRST_KEY + 75, FIRST_KEY + 100), 25);
  assert.ok(player.skipped > 0);
  assert.equal(sink.dropped, undefined);
});

test("a client that reads nothing is let go", () => {
  const sink = new TestSink();
  const player = playerOn(sink);
  const stream = streamOf("C-3");
  sink.queued = 2_000_000;
  for (let p = FIRST_KEY; p < FIRST_KEY + 300 && sink.dropped === undefined; p++) player.send(stream.accessUnit(p), p);
  assert.match(sink.dropped!, /does not read/);
  assert.equal(sink.written.length, 0);
});

test("[loop] what is sent follows a fake clock: each picture once, none twice, a sleep skipped to the next key picture", (t) => {
  let wallMs = FIRST_KEY * 80 - 200;
  const faults: string[] = [];
  const broadcaster = new Broadcaster({ wallMs: () => wallMs, monotonicMs: () => wallMs }, (code) => faults.push(code));
  t.after(() => broadcaster.stop());
  const sink = new TestSink();
  const player = playerOn(sink);
  const first = broadcaster.add(streamOf("C-4"), player);
  assert.equal(first, FIRST_KEY);
  const advance = (ms: number): void => {
    wallMs += ms;
    broadcaster.sendDue();
  };
  for (let i = 0; i < 60; i++) advance(37);
  const expected = Array.from({ length: Math.floor(wallMs / 80) - FIRST_KEY + 1 }, (_, i) => player.timestampOf(FIRST_KEY + i));
  assert.deepEqual(sink.timestamps, expected);
  const count = sink.timestamps.length;
  advance(60_010);
  const awake = Math.floor(wallMs / 80);
  for (let i = 0; i < 30; i++) advance(80);
  const resumed = sink.timestamps.slice(count);
  assert.equal(resumed[0], player.timestampOf(Math.ceil(awake / 25) * 25));
  wallMs -= 3_600_000; // the clock is set back an hour
  for (let i = 0; i < 40; i++) advance(80);
  assert.equal(sink.timestamps.at(-1), player.timestampOf(Math.floor(wallMs / 80)));
  assert.deepEqual(faults, []);
});

test("a camera whose clip cannot be read is told and left out; the others go on", (t) => {
  let wallMs = FIRST_KEY * 80 - 40;
  const faults: string[] = [];
  const broadcaster = new Broadcaster({ wallMs: () => wallMs, monotonicMs: () => wallMs }, (code) => faults.push(code));
  t.after(() => broadcaster.stop());
  const broken = new CameraStream({ code: "BROKEN", name: "x", hints: [] }, 1, { has: () => false, get: () => { throw new Error("clip: cut short"); } }, () => 0);
  const sink = new TestSink();
  broadcaster.add(broken, playerOn(new TestSink()));
  broadcaster.add(streamOf("C-5"), playerOn(sink));
  wallMs += 800;
  broadcaster.sendDue();
  assert.deepEqual(faults, ["BROKEN"]);
  assert.equal(sink.timestamps.length, 10);
});
