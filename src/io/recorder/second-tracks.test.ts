// What is beside the pictures goes with them: the sound of the seconds before an event, and sound and pictures on one clock. A worker is driven as its session drives it. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { parseSoundFile } from "../../media/fmp4/sound-reading.ts";
import { PreRollBudget } from "../../video/recording/pre-roll.ts";
import type { StoredCamera } from "./camera-list.ts";
import type { CameraWorker } from "./camera-worker.ts";
import { createFilePort } from "./file-port.ts";
import { soundPath } from "./segment-files.ts";
import { begin, CAMERA, listenMutely, onLoopback, Pictures, T0, type WorkerWorld, createWorkerWorld, play, createWorker } from "./testing/worker-world.ts";
import { listTrackFiles } from "./track-file-store.ts";
import { TrackFileBudget } from "./track-file-writer.ts";
import type { WorkerContext } from "./worker-context.ts";

let mute: Awaited<ReturnType<typeof listenMutely>>;
let address = "";
let world: WorkerWorld;
let context: WorkerContext;
before(async () => {
  mute = await listenMutely();
  ({ address } = mute);
});
after(() => mute.close());
beforeEach(async () => {
  world = await createWorkerWorld();
  context = onLoopback(world.context);
});
afterEach(() => world.close());

const ONE_S = 25;
const UNIT_MS = 40;
/** A unit with each picture: its number, over and over. */
class Sound {
  #unit = 0;
  readonly #firstTime: number;

  constructor(firstTime = 0) {
    this.#firstTime = firstTime;
  }

  send(to: CameraWorker): void {
    const packet = Buffer.alloc(12 + UNIT_MS * 8);
    packet.writeUInt16BE(0x8008, 0);
    packet.writeUInt16BE(this.#unit & 0xffff, 2);
    packet.writeUInt32BE((this.#firstTime + this.#unit * UNIT_MS * 8) >>> 0, 4);
    packet.writeUInt32BE(9, 8);
    for (let at = 12; at < packet.length; at += 2) packet.writeUInt16BE(this.#unit, at);
    to.onBytes(world.clock.monotonicMs());
    to.onTrackRtp(1, packet, 0, packet.length);
    this.#unit++;
  }
}
const onEvent: StoredCamera = { ...CAMERA, sound: true, metadata: true, recording: "on-event", preRollS: 30, postRollS: 10 };
function start(camera: StoredCamera): { worker: CameraWorker; sound: Sound; pass: (seconds: number) => Promise<void> } {
  const worker = createWorker({ ...camera, address }, context);
  play(worker, world.clock);
  const pictures = new Pictures(world.clock);
  const sound = new Sound();
  const pass = async (seconds: number): Promise<void> => {
    for (let i = 0; i < seconds * ONE_S; i++) {
      sound.send(worker);
      pictures.send(worker, 1);
      if (i % ONE_S !== ONE_S - 1) continue;
      worker.tick();
      await Promise.all([worker.writer.idle(), worker.beside.idle()]); // a disk that keeps up
    }
  };
  return { worker, sound, pass };
}
/** Wall time and number of each unit that was kept. */
async function readSound(): Promise<{ readonly wallMs: number; readonly unit: number }[]> {
  const all: { wallMs: number; unit: number }[] = [];
  for (const { segmentId } of listTrackFiles(world.index, "sound", 1, 0, T0 * 2)) {
    const bytes = await readFile(soundPath(world.root, 1, segmentId));
    const read = parseSoundFile(bytes);
    assert.ok(read.ok, JSON.stringify(read));
    for (const { offset, bytes: length, wallMs } of read.value.units) for (let at = 0; at < length; at += UNIT_MS * 8) all.push({ wallMs: wallMs + at / 8, unit: bytes.readUInt16BE(offset + at) });
  }
  return all;
}

test("[CAM15] [SND1] the sound of the seconds before an event is kept with their pictures: every unit once, at its time, in the file beside its pictures", async () => {
  const { worker, pass } = start(onEvent);
  const began = world.clock.wall;
  await pass(50);
  assert.deepEqual(await readSound(), []);
  worker.onEvent();
  await pass(40);
  await worker.stop("recorder-stopped");
  const segments = world.index.listSegments(1, 0, T0 * 2);
  const sound = await readSound();
  const [from, to] = [segments[0]!.startMs, segments.at(-1)!.endMs];
  assert.ok(to - from >= 40_000, `${to - from} ms of pictures`);
  assert.deepEqual(sound.map(({ unit }) => unit), Array.from({ length: sound.length }, (_, i) => sound[0]!.unit + i), "none is missing, none comes twice");
  assert.ok(Math.abs(sound[0]!.wallMs - from) <= UNIT_MS, `sound begins ${sound[0]!.wallMs - from} ms after the pictures`);
  assert.ok(Math.abs(sound.at(-1)!.wallMs + UNIT_MS - to) <= 2 * UNIT_MS, `sound ends ${to - sound.at(-1)!.wallMs} ms before the pictures`);
  for (const { wallMs, unit } of sound) assert.ok(Math.abs(wallMs - began - unit * UNIT_MS) <= UNIT_MS, `unit ${unit} at ${wallMs - began} ms`);
  const rows = listTrackFiles(world.index, "sound", 1, 0, T0 * 2);
  assert.deepEqual(rows.map(({ segmentId }) => segmentId), segments.map(({ segmentId }) => segmentId));
  for (const [i, { startMs, endMs }] of rows.entries()) assert.ok(startMs >= segments[i]!.startMs - 2 * UNIT_MS && endMs <= segments[i]!.endMs + 2 * UNIT_MS, `file ${i}: ${startMs - segments[i]!.startMs} to ${endMs - segments[i]!.endMs}`);
  assert.equal(context.preRollBudget.used, 0);
});

test("[CAM15] [SND1] a camera that is cut off just before its event keeps the sound of its last seconds too", async () => {
  const { worker, pass } = start({ ...onEvent, preRollS: 5 });
  await pass(12);
  const lostAt = world.clock.wall;
  worker.onEnded("closed", "the cable was cut");
  world.clock.pass(300);
  worker.onEvent();
  worker.tick();
  await worker.stop("recorder-stopped");
  const sound = await readSound();
  assert.ok(sound.length >= 4 * ONE_S, `${sound.length} units`);
  assert.ok(lostAt - sound.at(-1)!.wallMs <= 3 * UNIT_MS);
  assert.equal(context.preRollBudget.used, 0);
});

test("[CAM15] [SND3] where a camera is back from a break in its event, and what waited is written before its first picture, its sound goes with its pictures from then on and waits in no memory", async () => {
  let isFull = false;
  const files = createFilePort();
  const create: typeof files.create = (path) => (isFull ? Promise.reject(Object.assign(new Error("the test's disk is full"), { code: "ENOSPC" })) : files.create(path));
  context = { ...context, files: { ...files, create }, hasRoom: () => !isFull };
  const { worker, sound, pass } = start({ ...onEvent, metadata: false, preRollS: 5, postRollS: 100 });
  await pass(5);
  isFull = true;
  worker.onEvent();
  await pass(2);
  worker.onEnded("closed", "the cable was cut");
  isFull = false;
  world.clock.pass(6_000);
  begin(worker);
  for (let i = 0; i < 3 * ONE_S; i++) { // before its first picture
    sound.send(worker);
    world.clock.pass(UNIT_MS);
    if (i % ONE_S === 0) worker.tick();
    await worker.writer.idle();
  }
  for (let i = 0; i < 5; i++) {
    await pass(1);
    assert.equal(context.preRollBudget.used, 0, `after ${i + 1} s`);
  }
  await worker.stop("recorder-stopped");
  const last = world.index.listSegments(1, 0, T0 * 2).at(-1)!;
  const ofLast = (await readSound()).filter(({ wallMs }) => wallMs >= last.startMs - UNIT_MS);
  assert.ok(ofLast.length >= 5 * ONE_S - 2, `${ofLast.length} units`);
});

test("[CAM15] [SND4] [MET1] of what was kept beside a pre-roll all comes to the disk where the camera is lost, however much it is, and what a disk leaves out is told", async () => {
  const { worker, pass } = start(onEvent);
  const document = new Uint8Array(20_000).fill(0x20);
  const packet = Buffer.alloc(12 + 1_400);
  let sequence = 0;
  const describe = (seconds: number): void => {
    for (let at = 0; at < document.length; at += 1_400) {
      const length = Math.min(1_400, document.length - at);
      packet.writeUInt16BE(at + 1_400 >= document.length ? 0x80eb : 0x806b, 0);
      packet.writeUInt16BE(sequence++ & 0xffff, 2);
      packet.writeUInt32BE(Math.round(seconds * 90_000), 4);
      worker.onTrackRtp(2, packet, 0, 12 + length);
    }
  };
  for (let i = 0; i < 40; i++) {
    await pass(1);
    for (let n = 0; n < 5; n++) describe(i + n / 5); // 100 KB a second
  }
  worker.onEnded("closed", "the switch fell");
  worker.onEvent();
  await worker.stop("recorder-stopped"); // brings it all, as the disk takes it
  const bytes = listTrackFiles(world.index, "metadata", 1, 0, T0 * 2).reduce((sum, row) => sum + row.bytes, 0);
  assert.ok(bytes >= 28 * 100_000 && bytes < 35 * 100_000, `${bytes} bytes of about 3,000,000`);
  assert.deepEqual([worker.figures().dropped, context.preRollBudget.used, context.trackFileBudget.used], [{ sound: 0, metadata: 0 }, 0, 0]);
});

test("[SND4] sound and metadata that a slow disk leaves out are counted, for the last minute, and told to the centre", async () => {
  context = { ...context, trackFileBudget: new TrackFileBudget(1_000_000) };
  const { worker, pass } = start({ ...CAMERA, sound: true, metadata: true });
  await pass(5);
  assert.deepEqual(worker.figures().dropped, { sound: 0, metadata: 0 });
  context.trackFileBudget.used += context.trackFileBudget.most + 1; // other cameras' on the same disk
  await pass(4);
  context.trackFileBudget.used -= context.trackFileBudget.most + 1;
  await pass(2);
  assert.deepEqual(worker.figures().dropped, { sound: 4 * ONE_S, metadata: 0 });
  await pass(70);
  assert.deepEqual(worker.figures().dropped, { sound: 0, metadata: 0 });
  await worker.stop("recorder-stopped");
});

test("[CAM15] [SND1] the memory is bounded: where it is short, sound begins later than its pictures and no more is used; a camera that keeps no pictures keeps no sound", async () => {
  context = { ...context, preRollBudget: new PreRollBudget(60_000) };
  const { worker, pass } = start({ ...onEvent, metadata: false });
  for (let i = 0; i < 40; i++) {
    await pass(1);
    assert.ok(context.preRollBudget.used <= 60_000, `${context.preRollBudget.used}`);
  }
  worker.onEvent();
  await pass(15);
  await worker.stop("recorder-stopped");
  const units = (await readSound()).map(({ unit }) => unit);
  assert.deepEqual(units, Array.from({ length: units.length }, (_, i) => units[0]! + i));
  assert.ok(units.length >= 10 * ONE_S, "all of the event itself");
  assert.equal(context.preRollBudget.used, 0);
  const without = start({ ...onEvent, preRollS: 0 });
  await without.pass(5);
  assert.equal(context.preRollBudget.used, 0);
  await without.worker.stop("recorder-stopped");
});

test("[ING11] a camera whose sound comes 400 ms behind its pictures: once both tracks have told their clock, sound lies with the pictures of its moment, in the files and for who hears it", async () => {
  const { clock } = world;
  const worker = createWorker({ ...CAMERA, sound: true, address }, context);
  play(worker, clock);
  const pictures = new Pictures(clock);
  const firstTime = 0xfffff000; // it wraps
  const sound = new Sound(firstTime);
  const heard: number[] = [];
  worker.beside.addListener({ onSoundFormat: () => undefined, onSound: ({ wallMs }) => heard.push(wallMs) });
  const began = clock.wall;
  const cameraMs = T0 - 86_400_000 * 400; // its clock is a year behind
  /** The camera says at what moment of its clock a track's RTP time is 0: the moment of its first unit. */
  const report = (at: number, rtpTimestamp: number, afterMs: number): void =>
    worker.onSenderReport(at, { ssrc: 1, wallMs: cameraMs + afterMs, rtpTimestamp, packets: 0, octets: 0, ntpMiddle: 0 }, clock.mono);
  for (let i = 0; i < 40 * ONE_S; i++) {
    if (i >= 10) sound.send(worker); // its unit 0 was taken with picture 0, and comes with picture 10
    pictures.send(worker, 1);
    if (i % (5 * ONE_S) === 5 * ONE_S - 1) {
      report(0, (i * 3_600) >>> 0, i * 40);
      if (i > 10 * ONE_S) report(1, (firstTime + i * UNIT_MS * 8) >>> 0, i * 40);
    }
    if (i % ONE_S === 0) worker.tick();
  }
  await worker.stop("recorder-stopped");
  const offMs = (await readSound()).map(({ wallMs, unit }) => Math.round(wallMs - began - unit * UNIT_MS));
  assert.ok(offMs.slice(0, 10 * ONE_S).every((off) => Math.abs(off - 400) <= UNIT_MS), `as it arrived, before both told: ${offMs[0]}`);
  assert.ok(offMs.slice(16 * ONE_S).every((off) => Math.abs(off) <= UNIT_MS), `with its pictures: ${offMs.slice(16 * ONE_S).find((off) => Math.abs(off) > UNIT_MS)}`);
  assert.ok(Math.abs(heard.at(-1)! - began - (heard.length - 1) * UNIT_MS) <= UNIT_MS);
});
