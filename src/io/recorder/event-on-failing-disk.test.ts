// Events while the disk fails or is full, as the worker has it with its hold, its gate and its index. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { buildTimeline } from "../../video/playback/timeline.ts";
import type { CameraWorker } from "./camera-worker.ts";
import { type DiskPort, POOLED_DISK } from "./disk-port.ts";
import { CAMERA, createWorker, createWorkerWorld, listenMutely, onLoopback, Pictures, play, T0, type WorkerWorld } from "./testing/worker-world.ts";
import type { WorkerContext } from "./worker-context.ts";

let mute: Awaited<ReturnType<typeof listenMutely>>;
before(async () => { mute = await listenMutely(); });
after(() => mute.close());

let world: WorkerWorld;
let context: WorkerContext;
/** How the disk refuses to write. */
let refusal: "ENOSPC" | "EIO" | undefined;
beforeEach(async () => {
  world = await createWorkerWorld();
  refusal = undefined;
  const disk: DiskPort = {
    begin: (fd) => {
      const writing = POOLED_DISK.begin(fd);
      const write: typeof writing.write = (...of) => (refusal === undefined ? writing.write(...of) : Promise.reject(Object.assign(new Error("the test's disk"), { code: refusal })));
      return { ...writing, write };
    },
  };
  context = { ...onLoopback(world.context), disk, hasRoom: () => refusal !== "ENOSPC" };
});
afterEach(() => world.close());

/** It records on events, 3 s before and 4 s after, and plays. */
function start(): { readonly worker: CameraWorker; readonly pictures: Pictures } {
  const worker = createWorker({ ...CAMERA, address: mute.address, recording: "on-event", preRollS: 3, postRollS: 4 }, context);
  play(worker, world.clock);
  return { worker, pictures: new Pictures(world.clock) };
}
/** A second of pictures each, and the tick that comes then; the disk has its turn. */
async function seconds(worker: CameraWorker, pictures: Pictures, n: number): Promise<void> {
  for (let i = 0; i < n; i++) {
    pictures.send(worker, 25);
    worker.tick();
    await worker.writer.idle();
  }
}
/** Seconds since `at` in which segments begin and end. */
const recordedSince = (at: number): number[][] => world.index.listSegments(1, at, T0 * 2).map(({ startMs, endMs }) => [(startMs - at) / 1_000, (endMs - at) / 1_000]);

const causesSince = (at: number): string[] => world.index.listGaps(1, at, T0 * 2).map(({ cause }) => cause);

for (const [code, cause] of [["ENOSPC", "disk-full"], ["EIO", "disk-failed"]] as const) {
  test(`[RCD10] [RCD15] [CAM15] of an event in whose midst the disk is away (${cause}) nothing is missing but the GOP that it failed in`, async () => {
    const { worker, pictures } = start();
    const at = world.clock.wall;
    await seconds(worker, pictures, 5);
    worker.onEvent();
    await seconds(worker, pictures, 2);
    refusal = code;
    pictures.send(worker, 15); // a fragment goes out
    await worker.writer.idle(); // and it is known that the disk takes none
    pictures.send(worker, 10);
    refusal = undefined;
    await seconds(worker, pictures, 12);
    const [first, second] = recordedSince(at);
    assert.deepEqual([first![0], first![1]! > 6.4, second], [2, true, [8, 9]]);
    assert.deepEqual(causesSince(at + 6_600), [cause, "no-event"]);
    await worker.stop("recorder-stopped");
  });

  test(`[RCD7] [RCD10] [RCD15] [CAM15] where the disk goes away (${cause}) just when an event is over, nothing is missed for want of an event, and the next has its pre-roll`, async () => {
    const { worker, pictures } = start();
    const at = world.clock.wall;
    await seconds(worker, pictures, 5);
    worker.onEvent();
    await seconds(worker, pictures, 3);
    pictures.send(worker, 23);
    worker.tick();
    pictures.send(worker, 4); // over a key frame
    assert.equal(worker.isRecording, true);
    refusal = code;
    await seconds(worker, pictures, 30);
    if (code === "EIO") refusal = undefined;
    worker.onEvent();
    await seconds(worker, pictures, 1);
    refusal = undefined;
    await seconds(worker, pictures, 12);
    assert.deepEqual([recordedSince(at).map(([begin]) => begin), recordedSince(at).at(-1)], [[2, 36], [36, 44]]);
    assert.deepEqual(causesSince(at + 8_000).slice(0, 2), [cause, "no-event"], "the disk, and from the event's end on that there was none");
    await worker.stop("recorder-stopped");
  });
}

/** What the timeline says of each half second since `at`, where there are no pictures; `pictures` where there are. */
function toldSince(at: number, seconds: number): string[] {
  const segments = world.index.listSpans(1, at, T0 * 2).map(({ segmentId: id, startMs: start, endMs: end, bytes, frames }) => ({ id, start, end, bytes, frames, open: false }));
  const { gaps, coverage } = buildTimeline(at, at + seconds * 1_000, segments, world.index.listGaps(1, at, at + seconds * 1_000), 0);
  return [...gaps, ...coverage.map((range) => ({ ...range, cause: "pictures" }))].sort((a, b) => a.start - b.start).map(({ start, end, cause }) => `${(start - at) / 1_000}-${(end - at) / 1_000} ${cause}`);
}

test("[RCD7] [RCD15] [CAM15] an event while the disk is full, the one before it over: the time that it wants is told as the disk's, from its pre-roll to its first picture, and not as if nothing had happened", async () => {
  const { worker, pictures } = start();
  const at = world.clock.wall;
  await seconds(worker, pictures, 5);
  worker.onEvent();
  refusal = "ENOSPC";
  await seconds(worker, pictures, 20);
  worker.onEvent(); // at 25: wants 22 to 29
  await seconds(worker, pictures, 2);
  assert.equal(world.index.findLastingGap(1)?.cause, "disk-full");
  await seconds(worker, pictures, 2);
  refusal = undefined;
  await seconds(worker, pictures, 12);
  const told = ["0-2 no-event", "2-9 disk-full", "9-22 no-event", "22-25 disk-full", "25-29 pictures", "29-40 no-event"];
  assert.deepEqual(toldSince(at, 40), told, "it is tried 5 s later, and memory reaches back 6 s then");
  refusal = "ENOSPC";
  worker.onEvent(); // at 41
  await seconds(worker, pictures, 20);
  refusal = undefined;
  await seconds(worker, pictures, 12);
  assert.deepEqual(toldSince(at, 73).slice(5), ["29-38 no-event", "38-45 disk-full", "45-73 no-event"], "also where nothing of it is left");
  await worker.stop("recorder-stopped");
});

test("[CAM15] [RCD6] what an event wanted while no run could begin, and memory had to let go, is told as the slow disk's", async () => {
  const { worker, pictures } = start();
  const at = world.clock.wall;
  context.chunks.used += context.chunks.most; // other cameras', on a disk that lags
  await seconds(worker, pictures, 10);
  worker.onEvent(); // wants 7 to 14
  await seconds(worker, pictures, 8);
  context.chunks.used -= context.chunks.most;
  await seconds(worker, pictures, 6);
  const [before, missed, recorded, after] = toldSince(at, 24);
  assert.deepEqual([before, missed, recorded, after], ["0-7 no-event", "7-12 disk-slow", "12-14 pictures", "14-24 no-event"]);
  await worker.stop("recorder-stopped");
});

test("[ING10] [CAM15] sender reports of a session whose pictures wait for the disk come into the index with these, also where the camera is lost and back meanwhile", async () => {
  const { worker, pictures } = start();
  const { clock, index } = world;
  const hear = (cameraMs: number): void => worker.onSenderReport(0, { ssrc: 1, wallMs: cameraMs, rtpTimestamp: 0, packets: 0, octets: 0, ntpMiddle: 0 }, clock.mono);
  await seconds(worker, pictures, 5);
  refusal = "ENOSPC";
  worker.onEvent();
  await seconds(worker, pictures, 1);
  hear(1);
  pictures.send(worker, 25);
  worker.onEnded("closed", "the camera closed the connection");
  play(worker, clock);
  worker.onEvent(); // it goes on
  hear(2);
  await seconds(worker, pictures, 1);
  refusal = undefined;
  await seconds(worker, pictures, 12);
  const rows = index.database.prepare("SELECT r.camera_ms AS cameraMs, (SELECT count(*) FROM segment s WHERE s.run_id = r.run_id) AS segments FROM sender_report r ORDER BY arrival_ms").all() as unknown as { cameraMs: number; segments: number }[];
  assert.deepEqual(rows.map(({ cameraMs, segments }) => [cameraMs, segments > 0]), [[1, true], [2, true]]);
  const { runs } = index.database.prepare("SELECT count(DISTINCT run_id) AS runs FROM sender_report").get() as { runs: number };
  assert.equal(runs, 2, "each in its own run");
  await worker.stop("recorder-stopped");
});
