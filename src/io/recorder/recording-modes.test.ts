// What of a camera is recorded by its mode, frame for frame. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { findBoxHeader } from "../../media/fmp4/reading.ts";
import { readStoredSamples } from "../../video/live/recalled.ts";
import { PreRollBudget } from "../../video/recording/pre-roll.ts";
import type { StoredCamera } from "./camera-list.ts";
import type { CameraWorker } from "./camera-worker.ts";
import { createFilePort } from "./file-port.ts";
import { IndexStore } from "./index-store.ts";
import { segmentPath } from "./segment-files.ts";
import { begin, CAMERA, createWorkerContext, listenMutely, onLoopback, Pictures, play, T0, TestClock, TestViewer, createWorker, stopRunning } from "./testing/worker-world.ts";
import type { WorkerContext } from "./worker-context.ts";

let root = "";
let index: IndexStore;
let clock: TestClock;
let context: WorkerContext;

let mute: Awaited<ReturnType<typeof listenMutely>>;
let address = "";
before(async () => {
  mute = await listenMutely();
  ({ address } = mute);
});
after(() => mute.close());

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "citywatch-modes-"));
  index = new IndexStore(join(root, "index.sqlite"));
  clock = new TestClock();
  context = onLoopback(createWorkerContext(root, index, clock));
});
afterEach(async () => {
  await stopRunning();
  index.close();
  await rm(root, { recursive: true, force: true });
});

/** The numbers of the pictures in each segment, as the files have them. */
async function readFrames(worker: CameraWorker): Promise<number[][]> {
  await worker.writer.idle();
  const all: number[][] = [];
  for (const { segmentId, initBytes } of index.listSegments(1, 0, T0 * 2)) {
    const bytes = new Uint8Array(await readFile(segmentPath(root, 1, segmentId)));
    let at = initBytes;
    while (findBoxHeader(bytes, at)?.type === "free") at += findBoxHeader(bytes, at)!.size;
    const samples = readStoredSamples(bytes.subarray(at));
    assert.ok(samples.ok, JSON.stringify(samples));
    for (const { bytes: whole, start, length } of samples.value) {
      // NAL units, each behind its length, fill the sample: nothing has written over its beginning.
      const view = new DataView(whole.buffer, whole.byteOffset);
      let end = start;
      while (end < start + length) end += 4 + view.getUint32(end);
      assert.equal(end, start + length, "a sample whose bytes are not those that came");
    }
    all.push(samples.value.map((sample) => new DataView(bytes.buffer).getUint32(sample.bytes.byteOffset + sample.start + sample.length - 4)));
  }
  return all;
}
const count = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** A second of pictures, then the tick that comes then. */
function seconds(worker: CameraWorker, pictures: Pictures, n: number): void {
  for (let i = 0; i < n; i++) {
    pictures.send(worker, 25);
    worker.tick();
  }
}
const gapsFrom = (at: number): string[] => index.listGaps(1, at, T0 * 2).map((gap) => gap.cause);

describe("a camera that records on events", () => {
  const onEvent: StoredCamera = { ...CAMERA, recording: "on-event", preRollS: 3, postRollS: 2 };
  function start(camera: StoredCamera = onEvent): { worker: CameraWorker; pictures: Pictures } {
    const worker = createWorker({ ...camera, address }, context);
    play(worker, clock);
    return { worker, pictures: new Pictures(clock) };
  }

  test("[CAM15] nothing is written before an event; then the pre-roll from a key frame on, all that follows, and the post-roll up to a key frame: frame for frame", async () => {
    const { worker, pictures } = start();
    seconds(worker, pictures, 8);
    assert.deepEqual([await readFrames(worker), context.counters.bytesWritten, gapsFrom(clock.wall)], [[], 0, ["no-event"]]);
    assert.equal(worker.onEvent(), clock.mono + 2_000);
    seconds(worker, pictures, 4);
    assert.deepEqual(await readFrames(worker), [count(125, 250)], "3 s before the event at picture 200, 2 s after it");
    const [segment] = index.listSegments(1, 0, T0 * 2);
    assert.equal(segment!.endMs - segment!.startMs, 5_000);
    assert.deepEqual(gapsFrom(clock.wall), ["no-event"]);
    assert.deepEqual(index.listGaps(1, segment!.endMs + 1, T0 * 2).map((gap) => gap.start), [segment!.endMs], "known without a hole");
    await worker.stop("recorder-stopped");
  });

  test("[CAM15] an event soon after another: no picture is missing between the two recordings, and none comes twice", async () => {
    const { worker, pictures } = start();
    seconds(worker, pictures, 5);
    worker.onEvent();
    seconds(worker, pictures, 2);
    pictures.send(worker, 10); // the first recording ended at the key frame before these
    worker.onEvent();
    seconds(worker, pictures, 5);
    assert.deepEqual((await readFrames(worker)).flat(), count(50, 250));
    await worker.stop("recorder-stopped");
  });

  test("[CAM15] the key frame that ends a recording, while pictures before it wait for the disk, begins the next pre-roll as it came", async () => {
    const { worker, pictures } = start();
    pictures.send(worker, 90);
    worker.onEvent();
    pictures.send(worker, 50);
    worker.tick();
    pictures.send(worker, 20); // over the key frame 150, with ten pictures before it in memory
    worker.onEvent();
    pictures.send(worker, 10);
    await worker.stop("recorder-stopped");
    assert.deepEqual(await readFrames(worker), [count(0, 150), count(150, 170)]);
  });

  test("[CAM15] events while one lasts make it longer", async () => {
    const { worker, pictures } = start();
    seconds(worker, pictures, 4);
    worker.onEvent();
    seconds(worker, pictures, 1);
    worker.onEvent();
    seconds(worker, pictures, 5);
    assert.deepEqual((await readFrames(worker)).flat(), count(25, 175));
    await worker.stop("recorder-stopped");
  });

  test("[CAM15] a wall clock that is put forward or back, before an event or while one lasts, makes its recording neither shorter nor longer", async () => {
    const { worker, pictures } = start({ ...onEvent, postRollS: 4 });
    for (const [nth, stepMs] of [60_000, 86_400_000].entries()) {
      const first = nth * 350;
      seconds(worker, pictures, 4);
      clock.wall += stepMs;
      worker.onEvent(); // before a packet of the camera tells of it
      seconds(worker, pictures, 1);
      clock.wall -= 2 * stepMs;
      seconds(worker, pictures, 9);
      clock.wall += stepMs;
      assert.deepEqual(new Set((await readFrames(worker)).flat().filter((frame) => frame >= first)), new Set(count(first + 25, first + 200)), `${stepMs} ms`);
    }
    await worker.stop("recorder-stopped");
  });

  test("[CAM15] in the middle of a GOP, with a picture half received, nothing is lost", async () => {
    const { worker, pictures } = start();
    seconds(worker, pictures, 4);
    pictures.send(worker, 7);
    worker.onEvent();
    pictures.send(worker, 18);
    seconds(worker, pictures, 3);
    assert.deepEqual((await readFrames(worker)).flat(), count(25, 175), "the key frame before 3 s before, up to the key frame after 2 s after");
    await worker.stop("recorder-stopped");
  });

  test("[CAM15] the last seconds of a camera that was lost are there for an event that is told right after", async () => {
    const { worker, pictures } = start();
    seconds(worker, pictures, 6);
    worker.onEnded("closed", "somebody cut the cable");
    clock.pass(500);
    worker.onEvent();
    assert.deepEqual((await readFrames(worker)).flat(), count(75, 150), "from the key frame before 3 s before the event");
    assert.deepEqual(gapsFrom(clock.wall), ["camera-closed"]);
    begin(worker);
    seconds(worker, new Pictures(clock), 4);
    assert.deepEqual((await readFrames(worker)).flat(), [...count(75, 150), ...count(0, 50)], "and the event goes on when it comes back");
    await worker.stop("recorder-stopped");
  });

  test("[CAM15] a cable that is cut brings no end: the event that is told before the silence is noticed, or while the next connection is being tried, has its pre-roll", async () => {
    for (const isNoticed of [false, true]) {
      const { worker, pictures } = start({ ...onEvent, preRollS: 30 });
      seconds(worker, pictures, 40);
      const ended = clock.wall;
      const wait = async (n: number): Promise<void> => {
        for (let i = 0; i < n; i++) {
          clock.pass(1_000);
          worker.tick();
          await worker.writer.idle();
        }
      };
      await wait(isNoticed ? 14 : 1);
      assert.equal(worker.health().state, isNoticed ? "failing" : "connected");
      worker.onEvent();
      await wait(isNoticed ? 9 : 22); // as the disk takes it
      const segments = index.listSegments(1, ended - 40_000, T0 * 2);
      assert.deepEqual([segments.at(-1)!.endMs, segments.reduce((sum, { frames }) => sum + frames, 0)], [ended, isNoticed ? 16 * 25 : 29 * 25], "from the key frame 30 s before the event up to the last picture");
      assert.equal(index.listGaps(1, ended, ended + 1).at(-1)?.cause, "no-data");
      await worker.stop("recorder-stopped");
      clock.pass(100_000);
    }
  });

  test("[CAM15] what an event wants of cameras that a fallen switch took goes to the disk no faster than that takes it; one that is back first has all of it", async () => {
    for (const isBack of [false, true]) {
      const { worker, pictures } = start({ ...onEvent, preRollS: 30 });
      seconds(worker, pictures, 40);
      const ended = clock.wall;
      worker.onEvent();
      worker.onEnded("closed", "the switch fell");
      const used = context.chunks.used;
      // The disk gets no turn: nothing more of the thirty seconds is brought.
      for (let i = 0; i < 3; i++) {
        clock.pass(1_000);
        worker.tick();
      }
      assert.deepEqual([context.chunks.used, worker.isRecording], [used, true]);
      if (isBack) begin(worker);
      for (let i = 0; i < 12 && worker.isRecording; i++) {
        await worker.writer.idle();
        clock.pass(1_000);
        worker.tick();
      }
      await worker.writer.idle();
      const segments = index.listSegments(1, ended - 40_000, T0 * 2);
      assert.deepEqual([segments.at(-1)!.endMs, segments.reduce((sum, { frames }) => sum + frames, 0)], [ended, 30 * 25]);
      assert.equal(index.listGaps(1, ended, ended + 1).at(-1)?.cause, "camera-closed");
      await worker.stop("recorder-stopped");
      clock.pass(100_000);
    }
  });

  test("[CAM15] [ING9] an event that is told after the clock was put right, and before the next picture, has its pre-roll by the clock of before", async () => {
    for (const stepMs of [3_600_000, -3_600_000]) {
      const { worker, pictures } = start();
      seconds(worker, pictures, 6);
      const ended = clock.wall;
      clock.wall += stepMs;
      worker.onEvent();
      seconds(worker, pictures, 1);
      await worker.writer.idle();
      const before = index.listSegments(1, ended - 10_000, ended);
      assert.deepEqual([before.at(-1)!.endMs, before.reduce((sum, { frames }) => sum + frames, 0)], [ended, 75], `${stepMs}`);
      await worker.stop("recorder-stopped");
      clock.pass(100_000_000);
    }
  });

  test("[RCD10] [CAM15] an event of a lost camera while the disk may not be tried is written when it may", async () => {
    let isFull = true;
    context = { ...context, hasRoom: () => !isFull };
    const files = createFilePort();
    const create: typeof files.create = (path) => isFull ? Promise.reject(Object.assign(new Error("the test's disk is full"), { code: "ENOSPC" })) : files.create(path);
    context = { ...context, files: { ...files, create } };
    const { worker, pictures } = start();
    seconds(worker, pictures, 6);
    worker.onEvent();
    pictures.send(worker, 25);
    await worker.writer.idle(); // it has heard that the disk is full
    seconds(worker, pictures, 8);
    const ended = clock.wall;
    worker.onEnded("closed", "somebody cut the cable");
    clock.pass(500);
    worker.onEvent();
    const findLast = async (): Promise<readonly [number, number] | undefined> => {
      clock.pass(6_000);
      worker.tick();
      await worker.writer.idle();
      const last = index.listSegments(1, ended - 2_000, T0 * 2).at(-1);
      return last === undefined ? undefined : [last.endMs - ended, last.frames];
    };
    assert.equal(await findLast(), undefined);
    isFull = false;
    let last = await findLast();
    for (let i = 0; i < 5 && last === undefined; i++) last = await findLast(); // as the disk takes it
    const [endMs, frames] = last!;
    assert.equal(endMs, 0);
    assert.ok(frames >= 75, `${frames}`);
    await worker.stop("recorder-stopped");
  });

  test("[CAM15] [RCD6] a viewer gets each picture as it came, also where the memory is short while a pre-roll goes to the disk", async () => {
    const { worker, pictures } = start({ ...onEvent, preRollS: 10, postRollS: 60 });
    const bad: string[] = [];
    let shown = 0;
    const onFragment = (fragment: Uint8Array): void => {
      shown++;
      const view = new DataView(fragment.buffer, fragment.byteOffset, fragment.byteLength);
      let at = 0;
      while (findBoxHeader(fragment, at)!.type !== "mdat") at += findBoxHeader(fragment, at)!.size;
      // NAL units, each behind its length, fill the box: nothing has written over them.
      const end = at + findBoxHeader(fragment, at)!.size;
      at += 8;
      while (at + 4 <= end) at += 4 + view.getUint32(at);
      if (at !== end) bad.push(`picture ${shown}`);
    };
    worker.addViewer({ waitingBytes: () => 0, onInit: () => undefined, onDropped: () => undefined, onGone: () => undefined, onFragment });
    seconds(worker, pictures, 20);
    worker.onEvent();
    pictures.send(worker, 3); // three GOPs of the pre-roll are given
    context.preRollBudget.used += context.preRollBudget.most; // of other cameras
    pictures.send(worker, 47);
    assert.deepEqual([shown, bad], [550, []]);
    await worker.stop("recorder-stopped");
    assert.deepEqual((await readFrames(worker)).flat(), [...count(250, 325), ...count(525, 550)], "what had to go is missing, and it goes on with the next key frame");
    assert.ok(gapsFrom(T0).includes("disk-slow"));
  });

  test("[CAM15] without memory the pre-roll is shorter, in whole GOPs, and the recording begins no later than the event's next key frame", async () => {
    context = { ...context, preRollBudget: new PreRollBudget(20_000) };
    const { worker, pictures } = start({ ...onEvent, preRollS: 30 });
    seconds(worker, pictures, 20);
    assert.ok(context.preRollBudget.used <= 20_000 && context.preRollBudget.used > 8_000, `${context.preRollBudget.used}`);
    worker.onEvent();
    seconds(worker, pictures, 3);
    const frames = (await readFrames(worker)).flat();
    assert.deepEqual(frames, count(frames[0]!, 550));
    assert.ok(frames[0]! % 25 === 0 && frames[0]! < 500 && frames[0]! > 400, `begins with ${frames[0]}`);
    await worker.stop("recorder-stopped");
    assert.equal(context.preRollBudget.used, 0);
  });

  test("[CAM15] [LIV4] who watches it without an event sees the running GOP at once, and that records nothing", async () => {
    const { worker, pictures } = start();
    pictures.send(worker, 40);
    const viewer = new TestViewer();
    worker.live.add(viewer);
    await new Promise(setImmediate);
    pictures.send(worker, 5);
    assert.deepEqual(viewer.got, ["init", "K", ...Array.from({ length: 19 }, () => "d")]);
    assert.deepEqual(await readFrames(worker), []);
    await worker.stop("recorder-stopped");
  });

  test("[CAM15] another mode takes it over: what was kept goes, and the recording begins with the next key frame", async () => {
    const { worker, pictures } = start();
    seconds(worker, pictures, 4);
    worker.change({ ...onEvent, address, recording: "continuous" });
    worker.tick();
    assert.equal(context.preRollBudget.used, 0);
    seconds(worker, pictures, 2);
    assert.equal(worker.onEvent(), undefined, "it does not go by events any more");
    await worker.stop("recorder-stopped");
    assert.deepEqual((await readFrames(worker)).flat(), count(100, 150));
  });
});

describe("a scheduled camera", () => {
  const at = (text: string): StoredCamera => ({ ...CAMERA, address, recording: "scheduled", schedule: text });
  const day = T0 - (T0 % 86_400_000);

  test("[CAM14] is left and not recorded outside its hours, and joined in them", async () => {
    clock.wall = day + 6 * 3_600_000 + 59 * 60_000;
    const worker = createWorker(at("daily 07:00-07:01"), context);
    worker.tick();
    assert.deepEqual([worker.health().state, gapsFrom(clock.wall)], ["idle", ["not-scheduled"]]);
    clock.pass(60_000);
    worker.tick();
    assert.equal(worker.health().state, "connecting");
    begin(worker);
    seconds(worker, new Pictures(clock), 61);
    assert.deepEqual([worker.health().state, gapsFrom(clock.wall)], ["idle", ["not-scheduled"]]);
    await worker.writer.idle();
    const segments = index.listSegments(1, 0, T0 * 2);
    assert.equal(segments.reduce((sum, segment) => sum + segment.frames, 0), 60 * 25);
    assert.equal(segments.at(-1)!.endMs, day + 7 * 3_600_000 + 60_000);
    await worker.stop("recorder-stopped");
  });

  test("[CAM14] who watches it outside its hours sees it, and nothing of that is recorded", async () => {
    clock.wall = day;
    const worker = createWorker(at("daily 07:00-19:00"), context);
    const viewer = new TestViewer();
    worker.addViewer(viewer);
    begin(worker);
    seconds(worker, new Pictures(clock), 2);
    assert.equal(viewer.got.length, 51);
    worker.onEnded("closed", "the camera closed the connection");
    assert.deepEqual([await readFrames(worker), gapsFrom(clock.wall)], [[], ["not-scheduled"]], "what fails outside the hours is no reason of the gap");
    await worker.stop("recorder-stopped");
  });

  test("[CAM14] the hours are those of the city's time zone, also where the centre tells another", async () => {
    let zone = "UTC";
    context = { ...context, timeZone: () => zone };
    clock.wall = day;
    const worker = createWorker(at("daily 08:00-09:00"), context);
    worker.tick();
    assert.equal(worker.health().state, "idle");
    zone = "Asia/Shanghai";
    worker.tick();
    assert.equal(worker.health().state, "connecting");
    await worker.stop("recorder-stopped");
  });
});
