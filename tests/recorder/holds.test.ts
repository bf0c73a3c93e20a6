// A whole recorder that is told of an evidence hold: it keeps it, says so, shows it on the timeline, and tells of its disk.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startRecorder } from "../../src/app/recorder.ts";
import type { RecordingTimeline } from "../../src/contract/media.ts";
import { DAY_MS } from "../../src/base/time.ts";
import { HoldList } from "../../src/io/recorder/hold-list.ts";
import { IndexStore } from "../../src/io/recorder/index-store.ts";
import { cameraFolder, segmentPath } from "../../src/io/recorder/segment-files.ts";
import { getTimeline } from "../support/timeline.ts";
import { configOf, silentLog } from "./live-browser.ts";
import { TestCamera } from "./test-camera.ts";
import { TestCentre, camera, until } from "./test-centre.ts";

test("[HLD3] [HLD4] a hold is kept before it is confirmed, survives a restart without the centre, and stands on the timeline; the disk is told", async () => {
  const centre = new TestCentre();
  const source = new TestCamera({ behaviour: "plays" });
  const folder = await mkdtemp(join(tmpdir(), "citywatch-held-"));
  await centre.start();
  await source.start();
  centre.cameras = [camera(1, source.address)];
  const from = Date.now();
  const to = from + 3_600_000;
  const ask = async (port: number): Promise<RecordingTimeline> => getTimeline({ recorderUrl: `http://127.0.0.1:${port}`, token: await centre.sign({ cameraId: 1, mode: "playback" }), cameraId: 1, from });
  const first = await startRecorder(configOf(centre, folder), silentLog);
  try {
    await until("the recorder to hear that nothing is held", () => centre.heldRevision >= 0 && centre.links > 0 && centre.disk !== undefined);
    assert.ok(centre.disk!.totalBytes > centre.disk!.freeBytes && centre.disk!.forecast.kind === "unknown");
    const before = centre.heldRevision;
    centre.hold([{ holdId: 5, cameraIds: [1, 7], from: from - 1_000, to }]);
    await until("its word", () => centre.heldRevision > before);
    await until("pictures", () => source.sent > 50);
    const timeline = await until("a timeline with the hold", async () => {
      const found = await ask(first.port);
      return found.coverage.length > 0 && found;
    });
    assert.deepEqual(timeline.holds, [{ id: 5, start: from, end: timeline.to }]);
  } finally {
    await first.stop();
  }
  const address = centre.url;
  await centre.stop();
  const again = await startRecorder(configOf(centre, folder, { centreUrl: address }), silentLog);
  try {
    assert.deepEqual((await ask(again.port)).holds.map((hold) => hold.id), [5]);
  } finally {
    await again.stop();
    await source.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

test("[HLD10] what was put on hold while the recorder was off stays; the rest that is past its time goes once the centre has told its holds", async () => {
  const centre = new TestCentre();
  const folder = await mkdtemp(join(tmpdir(), "citywatch-held-"));
  const { recordingsDir } = configOf(centre, folder);
  const old = Math.round(Date.now() - 90 * DAY_MS);
  const index = new IndexStore(join(recordingsDir, "index.sqlite"));
  index.saveSetting("alive-at", String(Date.now())); // off for a moment
  new HoldList(index).replace([], 0);
  await mkdir(cameraFolder(recordingsDir, 1), { recursive: true });
  const [free, held] = await Promise.all([old, old + 3_600_000].map(async (start) => {
    const run = index.insertRun(1, start);
    index.endRun(run, start + 60_000, "camera-closed");
    const id = index.insertSegment(1, run, start, 10, "k");
    index.closeSegment(id, { endMs: start + 60_000, bytes: 100, frames: 1, gops: [], sha256: null }, "closed");
    await writeFile(segmentPath(recordingsDir, 1, id), new Uint8Array(100));
    return id;
  }));
  index.close();
  centre.hold([{ holdId: 1, cameraIds: [1], from: old + 3_600_000, to: old + 3_700_000 }]);
  await centre.start();
  const recorder = await startRecorder(configOf(centre, folder), silentLog);
  try {
    await until("what nobody holds to go", () => !existsSync(segmentPath(recordingsDir, 1, free!)));
    assert.ok(existsSync(segmentPath(recordingsDir, 1, held!)));
  } finally {
    await recorder.stop();
    await centre.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

test("[HLD10] after a stop that was not clean a disk below its floor waits some seconds for the centre's holds: what is held and was not on the disk yet stays, the rest makes room", async () => {
  const MIB = 1024 * 1024;
  const centre = new TestCentre();
  const folder = await mkdtemp(join(tmpdir(), "citywatch-held-"));
  const { recordingsDir } = configOf(centre, folder);
  const start = Math.round(Date.now() - DAY_MS);
  const index = new IndexStore(join(recordingsDir, "index.sqlite"));
  index.saveSetting("alive-at", String(Date.now()));
  index.saveSetting("stopped-cleanly", "no");
  new HoldList(index).replace([], 0); // an earlier change of holds is known, the last one went with the power
  const [held, free] = await Promise.all([1, 2].map(async (cameraId) => {
    await mkdir(cameraFolder(recordingsDir, cameraId), { recursive: true });
    const run = index.insertRun(cameraId, start);
    index.endRun(run, start + 60_000, "camera-closed");
    const id = index.insertSegment(cameraId, run, start, 10, "k");
    index.closeSegment(id, { endMs: start + 60_000, bytes: 100, frames: 1, gops: [], sha256: null }, "closed");
    const file = segmentPath(recordingsDir, cameraId, id);
    await writeFile(file, new Uint8Array(100));
    return file;
  }));
  index.close();
  centre.hold([{ holdId: 1, cameraIds: [1], from: start, to: start + 60_000 }]);
  await centre.start();
  const recorder = await startRecorder(configOf(centre, folder), silentLog, { findSpace: async () => ({ totalBytes: 8_192 * MIB, freeBytes: 900 * MIB }) }); // its floor is at 1,152, its reserve at 128
  try {
    await until("what nobody holds to go", () => !existsSync(free!));
    assert.ok(existsSync(held!));
  } finally {
    await recorder.stop();
    await centre.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
