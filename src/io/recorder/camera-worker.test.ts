// One camera's worker, driven as its session drives it (testing/worker-world.ts).
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, test } from "node:test";
import { waitUntil } from "../../../tests/support/wait.ts";
import { ChunkArena } from "./chunk-arena.ts";
import type { CameraWorker } from "./camera-worker.ts";
import { begin, CAMERA, createWorkerWorld, Pictures, play, T0, type TestClock, TestViewer, type WorkerWorld, createWorker, createPool } from "./testing/worker-world.ts";
import { listSenderReports } from "./sender-report-store.ts";
import { listTrackFiles } from "./track-file-store.ts";
import { trackFilePath } from "./segment-files.ts";
import type { WorkerContext } from "./worker-context.ts";
import type { IndexStore } from "./index-store.ts";

let world: WorkerWorld;
let index: IndexStore;
let clock: TestClock;
let context: WorkerContext;

beforeEach(async () => {
  world = await createWorkerWorld();
  ({ index, clock, context } = world);
});
afterEach(() => world.close());

test("[CAM12] [SND1] sound is written beside the pictures where a purpose asks for it, with wall time by our clock, also after that was corrected; else nothing is made of it", async () => {
  const packet = (sequence: number): Uint8Array => Uint8Array.of(0x80, 8, 0, sequence, 0, 0, 0, sequence * 160, 0, 0, 0, 1, 0xaa);
  const worker = createWorker({ ...CAMERA, sound: true }, context);
  play(worker, clock);
  new Pictures(clock).send(worker, 2);
  worker.onTrackRtp(1, packet(1), 0, 13);
  worker.onSenderReport(1, { ssrc: 1, wallMs: 5, rtpTimestamp: 0, packets: 0, octets: 0, ntpMiddle: 0 }, clock.mono);
  worker.onSenderReport(0, { ssrc: 1, wallMs: T0, rtpTimestamp: 0, packets: 0, octets: 0, ntpMiddle: 0 }, clock.mono);
  assert.equal(worker.clockOffsetMs, -2_080);
  clock.wall += 60_000;
  new Pictures(clock).send(worker, 2);
  worker.onTrackRtp(1, packet(2), 0, 13);
  assert.equal(worker.clockOffsetMs, undefined, "a new run begins with no report");
  worker.onTrackRtp(1, Uint8Array.of(1, 2, 3), 0, 3);
  assert.equal(worker.faults?.get("too-short"), 1);
  await worker.stop("not-wanted");
  worker.onTrackRtp(1, packet(3), 0, 13);
  assert.deepEqual(listTrackFiles(index, "sound", 1, 0, T0 * 2).map(({ codec, startMs }) => [codec, startMs - T0]), [["pcma", 2_040], ["pcma", 62_120]], "a file for each of two runs");
  const silent = createWorker({ ...CAMERA, cameraId: 2 }, context);
  play(silent, clock);
  new Pictures(clock).send(silent, 2);
  silent.onTrackRtp(1, Uint8Array.of(1), 0, 1);
  assert.equal(silent.faults?.size, 0);
  await silent.stop("not-wanted");
  assert.deepEqual(listTrackFiles(index, "sound", 2, 0, T0 * 2), []);
});

test("[CAM12] [MET1] ONVIF metadata is kept beside the pictures where the register says so; else nothing is made of it", async () => {
  const packet = (sequence: number, marker: boolean, text: string): Uint8Array => Uint8Array.of(0x80, (marker ? 0x80 : 0) + 107, 0, sequence, 0, 0, 0, sequence, 0, 0, 0, 1, ...Buffer.from(text));
  const send = (worker: CameraWorker): void => {
    for (const [sequence, marker, text] of [[1, false, "<tt:MetadataStream>"], [2, true, "</tt:MetadataStream>"]] as const) {
      const bytes = packet(sequence, marker, text);
      worker.onTrackRtp(2, bytes, 0, bytes.length);
    }
  };
  for (const [cameraId, metadata] of [[1, true], [2, false]] as const) {
    const worker = createWorker({ ...CAMERA, cameraId, metadata }, context);
    play(worker, clock);
    new Pictures(clock).send(worker, 2);
    send(worker);
    await worker.stop("not-wanted");
  }
  const [row] = listTrackFiles(index, "metadata", 1, 0, T0 * 2);
  const file = await readFile(trackFilePath("metadata")(world.root, 1, row!.segmentId));
  assert.ok(file.includes("<tt:MetadataStream></tt:MetadataStream>"));
  assert.deepEqual(listTrackFiles(index, "metadata", 2, 0, T0 * 2), []);
});

test("[ING10] sender reports are in the index with their run, also those before its first picture, and go with the pictures of their time", async () => {
  const worker = createWorker(CAMERA, context);
  begin(worker);
  const report = (cameraMs: number) => ({ ssrc: 0xfedcba98, wallMs: cameraMs, rtpTimestamp: 4_000_000_000, packets: 7, octets: 900, ntpMiddle: 0 });
  worker.onBytes(clock.monotonicMs());
  worker.onSenderReport(0, report(T0 + 30_000.25), clock.mono);
  const pictures = new Pictures(clock);
  const heard: number[] = [Math.round(clock.wall)];
  for (let second = 0; second < 150; second++) {
    pictures.send(worker, 25);
    worker.onSenderReport(0, report(clock.wall + 30_000), clock.mono); // each second; one a minute is kept
    worker.onSenderReport(1, report(clock.wall + 30_000), clock.mono);
    worker.tick();
  }
  await worker.stop("not-wanted");
  const all = listSenderReports(index, 1, 0, T0 * 2);
  const ofPictures = all.filter(({ track }) => track === "video");
  assert.deepEqual(ofPictures.map(({ arrivalMs }) => Math.round((arrivalMs - heard[0]!) / 1_000)), [0, 60, 120]);
  assert.equal(all.length, 6, "three of the sound");
  assert.deepEqual(ofPictures[0], { runId: 1, track: "video", ssrc: 0xfedcba98, cameraMs: T0 + 30_000.25, rtpTime: 4_000_000_000, arrivalMs: heard[0], packets: 7, octets: 900 });
  for (const { segmentId, endMs } of index.listSegments(1, 0, T0 * 2)) {
    index.deleteSegmentRow(segmentId);
    assert.ok(listSenderReports(index, 1, 0, T0 * 2).every(({ arrivalMs }) => arrivalMs > endMs));
  }
});

test("[LIV4] a viewer of a camera that is not connected gets nothing until its next key frame", async () => {
  const worker = createWorker(CAMERA, context);
  play(worker, clock);
  new Pictures(clock).send(worker, 10);
  worker.onEnded("closed", "the camera closed the connection");
  clock.pass(3 * 3_600_000);
  const viewer = new TestViewer();
  worker.addViewer(viewer);
  assert.deepEqual(viewer.got, []);
  play(worker, clock);
  new Pictures(clock).send(worker, 2);
  assert.deepEqual(viewer.got, ["init", "K", "d"]);
  await worker.stop("not-wanted");
});

test("[LIV4] the first viewer is shown what the disk has of the running GOP, and all that follows", async () => {
  const worker = createWorker(CAMERA, context);
  begin(worker); // without a session, whose end would come in between
  const pictures = new Pictures(clock);
  pictures.send(worker, 40);
  const viewer = new TestViewer();
  worker.live.add(viewer);
  pictures.send(worker, 3);
  await waitUntil(() => viewer.got.length > 0);
  pictures.send(worker, 2);
  assert.deepEqual(viewer.got, ["init", "K", ...Array.from({ length: 19 }, () => "d")], "pictures 25 to 44");
  await worker.stop("not-wanted");
});

test("[RCD6] what is held is asked at the tick and never for a picture; an index that cannot say ends no session", async () => {
  let asked = 0;
  let logged = 0;
  const isHeldNow = (): boolean => {
    asked++;
    throw new Error("the index cannot be read");
  };
  const worker = createWorker(CAMERA, { ...context, chunks: new ChunkArena(1_500_000), isHeldNow, log: (level) => { if (level === "error") logged++; } });
  play(worker, clock);
  const before = asked;
  const pictures = new Pictures(clock);
  for (let burst = 0; burst < 4; burst++) pictures.send(worker, 100, 25); // of one turn: the disk takes nothing in between, and memory runs short
  assert.equal(asked, before);
  assert.equal(worker.health().state, "connected");
  worker.tick();
  assert.equal(asked, before + 1);
  assert.ok(logged > 0);
  await worker.stop("not-wanted");
});

test("[CAM4] a camera that answers and sends no picture is failing all the time, until one comes", async () => {
  const logged: string[] = [];
  const worker = createWorker(CAMERA, { ...context, log: (_level, _fields, message) => logged.push(message) });
  play(worker, clock);
  assert.equal(worker.health().state, "connecting", "an answer is not a picture");
  const states = new Set<string>();
  clock.pass(10_001);
  worker.tick();
  const { since } = worker.health();
  for (let tries = 0; tries < 5; tries++) {
    clock.pass(100_000);
    worker.tick();
    states.add(`${worker.health().state} ${worker.health().problem?.code}`);
    play(worker, clock);
    states.add(`${worker.health().state} ${worker.health().problem?.code}`);
    clock.pass(10_001);
    worker.tick();
  }
  assert.deepEqual([...states], ["failing timeout"]);
  assert.equal(worker.health().since, since, "it has failed since the first time");
  assert.deepEqual(logged, ["camera C1 lost: no packet for 10 s"], "told once, by its code");
  clock.pass(100_000);
  worker.tick();
  play(worker, clock);
  new Pictures(clock).send(worker, 2);
  assert.deepEqual([worker.health().state, worker.health().problem], ["connected", null]);
  assert.equal(logged.at(-1), "camera C1 joined");
  await worker.stop("not-wanted");
});

test("[LIV4] a camera that is removed gives back the bytes of its kept GOP", async () => {
  const pool = createPool(context);
  pool.put(CAMERA);
  const worker = pool.find(1)!;
  worker.addViewer(new TestViewer());
  play(worker, clock);
  new Pictures(clock).send(worker, 10);
  assert.ok(context.gopBudget.used > 0);
  pool.remove(1);
  assert.equal(context.gopBudget.used, 0);
  await pool.stop("recorder-stopped");
});

for (const stepMs of [-30 * 60_000, 30 * 60_000]) {
  test(`[ING3] [ING9] a wall clock that is corrected by ${stepMs / 60_000} min ends the run; the next one has right times`, async () => {
    const worker = createWorker(CAMERA, context);
    const pictures = new Pictures(clock);
    const viewer = new TestViewer();
    worker.live.add(viewer);
    play(worker, clock);
    pictures.send(worker, 50);
    clock.wall += stepMs;
    const steppedAt = clock.wall;
    pictures.send(worker, 3_000);
    worker.onEnded("closed", "the camera closed the connection");
    await worker.writer.idle();
    const after = viewer.wallTimes.slice(50);
    assert.ok(after.every((wallMs, i) => wallMs >= steppedAt && wallMs <= steppedAt + i * 40), "never after arrival, and not frozen");
    const segments = index.listSegments(1, 0, T0 * 2).filter((segment) => stepMs < 0 ? segment.startMs < T0 - 60_000 : segment.startMs > T0 + 60_000);
    assert.ok(segments.length >= 2, "segments go on being ended");
    assert.ok(segments.every((segment) => segment.startMs >= steppedAt && segment.endMs <= clock.wall && segment.gops.every((gop, i) => i === 0 || gop.startMs > segment.gops[i - 1]!.startMs)));
    assert.equal(segments.reduce((sum, segment) => sum + segment.frames, 0), 3_000);
    await worker.stop("not-wanted");
  });
}

test("[ING9] a clock that is slewed, or differs by less than a second, ends nothing", async () => {
  const worker = createWorker(CAMERA, context);
  play(worker, clock);
  const pictures = new Pictures(clock);
  pictures.send(worker, 30);
  clock.wall -= 900;
  pictures.send(worker, 30);
  worker.onEnded("closed", "the camera closed the connection");
  await worker.writer.idle();
  assert.deepEqual(index.listSegments(1, 0, T0 * 2).map((segment) => segment.frames), [60]);
  await worker.stop("not-wanted");
});

test("[RCD7] an address that we change ends the run as reconfigured, not as the camera's doing", async () => {
  const worker = createWorker(CAMERA, context);
  play(worker, clock);
  new Pictures(clock).send(worker, 10);
  worker.change({ ...CAMERA, address: "rtsp://127.0.0.1:1/other" });
  await worker.writer.idle();
  assert.equal(index.findLastingGap(1)?.cause, "reconfigured");
  await worker.stop("not-wanted");
});

test("[LIV9] the viewers of a camera that is removed are told; one that comes back begins anew", async () => {
  const pool = createPool(context);
  pool.put(CAMERA);
  const viewer = new TestViewer();
  pool.find(1)!.addViewer(viewer);
  pool.remove(1);
  pool.put(CAMERA);
  assert.deepEqual(viewer.got, ["gone"]);
  await pool.stop("recorder-stopped");
});

test("[RCD13] a camera that is removed and comes back at once is joined when its former worker has written all", async () => {
  const pool = createPool(context);
  pool.put(CAMERA);
  const former = pool.find(1)!;
  play(former, clock);
  new Pictures(clock).send(former, 40);
  pool.remove(1);
  pool.put(CAMERA);
  const present = pool.find(1)!;
  clock.pass(2_000);
  present.tick();
  assert.equal(present.health().state, "idle", "the former one is still writing");
  assert.equal(index.listOpenRuns().length, 1);
  await former.writer.idle();
  await new Promise(setImmediate);
  assert.equal(index.listOpenRuns().length, 0);
  present.tick();
  assert.equal(present.health().state, "connecting");
  await pool.stop("recorder-stopped");
});
