// What a camera sends of sound over a real connection is what its files hold, frame for frame: all connections read into one buffer, so what waits must be a copy. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { parseSoundFile } from "../../src/media/fmp4/sound-reading.ts";
import { soundPath } from "../../src/io/recorder/segment-files.ts";
import { CAMERA, createWorker, createWorkerWorld } from "../../src/io/recorder/testing/worker-world.ts";
import { listTrackFiles } from "../../src/io/recorder/track-file-store.ts";
import { LOOPBACK_NETWORKS, parseCameraNetworks } from "../../src/video/camera/camera-networks.ts";
import { waitUntil } from "../support/wait.ts";
import { TestCamera } from "./test-camera.ts";

/** Not to be decoded; each is known again. */
const frames = Array.from({ length: 50 }, (_, i) => new Uint8Array(300 + i).fill(i + 1));

for (const recording of ["continuous", "on-event"] as const) {
  test(`[SND1] [CAM15] frames of AAC are stored as they came, each once and in order: ${recording}`, async (t) => {
    const camera = new TestCamera({ behaviour: "plays", sound: { aac: frames } });
    const world = await createWorkerWorld();
    t.after(() => world.close());
    const loopback = parseCameraNetworks(LOOPBACK_NETWORKS);
    assert.ok(loopback.ok);
    const clock = { wallMs: () => Math.round(performance.timeOrigin + performance.now()), monotonicMs: () => performance.now() };
    const session = { ...world.context.session, connectTimeoutMs: 20_000, requestTimeoutMs: 20_000, addressPolicy: loopback.value, clock };
    const worker = createWorker({ ...CAMERA, sound: true, recording, address: await camera.start() }, { ...world.context, clock, session });
    const turn = setInterval(() => {
      worker.tick();
      worker.readMore();
    }, 100);
    try {
      const sentBefore = async (pictures: number): Promise<void> => waitUntil(() => camera.sent >= pictures);
      await sentBefore(75);
      if (recording === "on-event") worker.onEvent();
      await sentBefore(150);
    } finally {
      clearInterval(turn);
      await worker.stop("recorder-stopped");
      await camera.stop();
    }
    const stored: number[] = [];
    for (const { segmentId } of listTrackFiles(world.index, "sound", 1, 0, clock.wallMs())) {
      const bytes = await readFile(soundPath(world.root, 1, segmentId));
      const read = parseSoundFile(bytes);
      assert.ok(read.ok, JSON.stringify(read));
      stored.push(...read.value.units.map((unit) => frames.findIndex((frame) => Buffer.from(frame).equals(bytes.subarray(unit.offset, unit.offset + unit.bytes)))));
    }
    assert.ok(stored.length >= 40, `${stored.length} frames`);
    assert.deepEqual(stored, Array.from(stored, (_, i) => (stored[0]! + i) % frames.length));
  });
}
