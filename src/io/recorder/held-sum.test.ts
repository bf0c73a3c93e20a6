// How much evidence holds keep, summed beside recording. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import fc from "fast-check";
import { DAY_MS } from "../../base/time.ts";
import { DiskMonitor } from "./disk-monitor.ts";
import { HoldList } from "./hold-list.ts";
import { IndexStore } from "./index-store.ts";
import { ampleRoom } from "./testing/ample-room.ts";

const T0 = 20_000 * DAY_MS;
let root = "";
let index: IndexStore;
let holds: HoldList;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "citywatch-held-sum-"));
  index = new IndexStore(join(root, "index.sqlite"));
  holds = new HoldList(index);
});
afterEach(async () => {
  index.close();
  await rm(root, { recursive: true, force: true });
});
function record(cameraId: number, startMs: number, endMs: number, bytes: number): void {
  const runId = index.insertRun(cameraId, startMs);
  index.endRun(runId, endMs, "camera-closed");
  index.closeSegment(index.insertSegment(cameraId, runId, startMs, 10, "k"), { endMs, bytes, frames: 1, gops: [], sha256: null }, "closed");
}
const go = (): Promise<boolean> => Promise.resolve(true);

test("[HLD12] is the sum of all segments that touch what is held, over days and their ends, each once", async () => {
  const HOUR = 3_600_000;
  const hour = fc.integer({ min: 0, max: 24 * 6 });
  await fc.assert(fc.asyncProperty(fc.array(fc.record({ at: hour, hours: fc.constantFrom(0.02, 1, 5, 30) }), { maxLength: 20 }), fc.array(fc.record({ from: hour, hours: fc.integer({ min: 0, max: 100 }) }), { minLength: 1, maxLength: 3 }), async (segments, ranges) => {
    for (const table of ["segment", "run", "stored_day"]) index.database.exec(`DELETE FROM ${table}`);
    const recorded = segments.map(({ at, hours }, i) => ({ start: T0 + at * HOUR, end: T0 + (at + hours) * HOUR, bytes: 1_000 + 2 ** i }));
    for (const { start, end, bytes } of recorded) record(1, start, end, bytes);
    const held = ranges.map(({ from, hours }, i) => ({ holdId: i + 1, cameraIds: [1], from: T0 + from * HOUR, to: T0 + (from + hours) * HOUR }));
    holds.replace(held, 1);
    const merged = holds.listMerged(1);
    // A segment that touches two ranges which do not touch each other counts in both: what is told of a disk needs it no more exact.
    const expected = merged.reduce((sum, { from, to }) => sum + recorded.filter(({ start, end }) => start <= to && end >= from).reduce((all, { bytes }) => all + bytes, 0), 0);
    assert.equal(await holds.sumBytes(go), expected);
  }));
});

test("[HLD12] whole days are not walked segment by segment, however many there are", async () => {
  record(1, T0 + 1_000, T0 + 61_000, 10);
  record(1, T0 + 3 * DAY_MS, T0 + 3 * DAY_MS + 60_000, 100);
  holds.replace([{ holdId: 1, cameraIds: [1], from: T0 + 500, to: T0 + 3 * DAY_MS + 500 }], 1);
  index.database.exec(`INSERT INTO stored_day (camera_id, day, bytes) VALUES (1, ${T0 / DAY_MS + 1}, 7000)`); // as if a day's segments were there
  assert.equal(await holds.sumBytes(go), 7_110);
});

test("[HLD12] cameras go on between any two ranges, and a recorder that stops waits for no sum", async () => {
  for (const cameraId of [1, 2, 3]) {
    record(cameraId, T0, T0 + 60_000, 100);
    record(cameraId, T0 + DAY_MS, T0 + DAY_MS + 60_000, 100);
  }
  holds.replace([{ holdId: 1, cameraIds: [1, 2, 3], from: T0, to: T0 + 10 }, { holdId: 2, cameraIds: [1, 2, 3], from: T0 + DAY_MS, to: T0 + DAY_MS + 10 }], 1);
  let pauses = 0;
  assert.equal(await holds.sumBytes(async () => ++pauses > 0), 600);
  assert.equal(pauses, 6);
  pauses = 0;
  assert.equal(await holds.sumBytes(async () => ++pauses < 2), undefined);
  assert.equal(pauses, 2);
});

test("[HLD12] the disk is told at once with the sum that was made last, and again when the new one is made; one is made at a time", async () => {
  record(1, T0, T0 + 60_000, 100);
  holds.replace([{ holdId: 1, cameraIds: [1], from: T0, to: T0 + 10 }], 1);
  const monitor = new DiskMonitor({ index, holds, clock: { wallMs: () => T0, monotonicMs: () => 0 }, counters: { failures: 0 }, room: ampleRoom(root), isDirect: () => true, mostBytes: Infinity, findKeeping: () => undefined, fallback: { mostDays: 1, leastDays: 0, mostBytes: Infinity }, listRecording: () => [], findDoubtedMs: () => 0, findBehindMs: () => 0 });
  assert.equal((await monitor.refresh()).heldBytes, 100);
  holds.release(1, 2);
  const [first, second] = [monitor.refresh(), monitor.refresh()];
  assert.deepEqual([(await first).heldBytes, (await second).heldBytes, monitor.latest!.heldBytes], [0, 0, 0]);
  holds.save({ holdId: 2, cameraIds: [1], from: T0, to: T0 + 10 }, 3);
  const third = monitor.refresh();
  monitor.stop();
  await third;
  index.close(); // nothing reads it any more
  index = new IndexStore(join(root, "index.sqlite"));
});
