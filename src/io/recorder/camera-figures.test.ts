// What is measured of a stream, from packets to what the centre is told.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { StreamFigures } from "../../contract/cameras.ts";
import type { CameraWorker } from "./camera-worker.ts";
import { CAMERA, createWorkerWorld, Pictures, play, T0, type TestClock, type WorkerWorld, createWorker, createPool } from "./testing/worker-world.ts";
import type { WorkerContext } from "./worker-context.ts";

let world: WorkerWorld;
let clock: TestClock;
let context: WorkerContext;

beforeEach(async () => {
  world = await createWorkerWorld();
  ({ clock, context } = world);
});
afterEach(() => world.close());

/** Seconds of pictures with the ticks between them; one packet in `lose` does not come. */
function film(worker: CameraWorker, pictures: Pictures, seconds: number, lose = Infinity): void {
  let packets = 0;
  const onRtp = worker.onRtp.bind(worker);
  worker.onRtp = (bytes, start, end) => {
    if (++packets % lose !== 0) onRtp(bytes, start, end);
  };
  for (let i = 0; i < seconds; i++) {
    pictures.send(worker, 25, 50);
    worker.tick();
  }
  worker.onRtp = onRtp;
}

test("[HLT1] rates, key frames, loss, the camera's clock and its breaks are measured and told", async () => {
  const worker = createWorker({ ...CAMERA, keyFrameIntervalS: 4 }, context);
  play(worker, clock);
  const pictures = new Pictures(clock);
  film(worker, pictures, 30);
  worker.onSenderReport(0, { ssrc: 1, wallMs: clock.wall + 7_000, rtpTimestamp: 0, packets: 0, octets: 0, ntpMiddle: 0 }, clock.mono);
  const { framesPerSecond, bitsPerSecond } = worker.health();
  assert.ok(Math.abs(framesPerSecond! - 25) < 1 && bitsPerSecond! > 25 * 300 * 8 && bitsPerSecond! < 25 * 400 * 8, `${framesPerSecond} ${bitsPerSecond}`);
  assert.deepEqual(worker.figures(), { keyIntervalMs: 2_000, keyIntervalSetMs: 4_000, clockOffsetMs: 7_000, lossShare: 0, stillMs: 0, reconnectsHour: 0, reconnectsDay: 0, faults: {}, dropped: { sound: 0, metadata: 0 } });
  film(worker, pictures, 60, 20);
  assert.ok(Math.abs(worker.figures().lossShare! - 0.05) < 0.01, String(worker.figures().lossShare));
  assert.ok(worker.figures().faults["picture-lost"]! > 10);
  worker.onEnded("closed", "the camera closed the connection");
  const { lossShare, keyIntervalMs, reconnectsHour, reconnectsDay, clockOffsetMs } = worker.figures();
  assert.deepEqual({ lossShare, keyIntervalMs, reconnectsHour, reconnectsDay, clockOffsetMs }, { lossShare: null, keyIntervalMs: null, reconnectsHour: 1, reconnectsDay: 1, clockOffsetMs: null }, "of no stream nothing is measured");
  play(worker, clock);
  worker.onEnded("timeout", "no answer");
  assert.equal(worker.figures().reconnectsHour, 1, "a try that brought no picture broke nothing off");
  await worker.stop("not-wanted");
});

test("[HLT1] [MOT3] the centre's message takes them, and what moved is measured by the same pictures", async () => {
  const pool = createPool({ ...context, pictures: { isMissing: false, find: () => ({ at: T0, state: "good", luma: 80, sharpness: 200, usualSharpness: null, sameSince: null }) } });
  pool.put(CAMERA);
  const worker = pool.find(1)!;
  play(worker, clock);
  film(worker, new Pictures(clock), 20);
  const { figures } = pool.health(1)!;
  assert.deepEqual(StreamFigures.parse(figures), figures);
  assert.deepEqual([figures!.pictureChecks, figures!.picture?.luma], ["on", 80]);
  const values = worker.activity.read(T0 + 10_000, T0 + 20_000);
  assert.ok(values.every((value) => value < 100), `even pictures are no movement: ${values}`);
  await pool.stop("not-wanted");
});
