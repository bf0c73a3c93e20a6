// Retention and evidence holds against a real index and real files: whatever is held, made, deleted and restarted, nothing that is held ever goes, and the sums
// that the index keeps stay true.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import fc from "fast-check";
import { DAY_MS } from "../../base/time.ts";
import { JOINING_DEFAULTS } from "../../contract/cameras.ts";
import type { CameraKeeping } from "../../video/retention/plan.ts";
import { CameraList, type StoredCamera } from "./camera-list.ts";
import { DiskMonitor } from "./disk-monitor.ts";
import { HoldList } from "./hold-list.ts";
import { IndexStore } from "./index-store.ts";
import { listDeleting, listOldestFree, markDeleting } from "./deletion-store.ts";
import { repairRecordings } from "./repair.ts";
import { type RetentionOptions, deleteOldRecordings } from "./retention-job.ts";
import { cameraFolder, segmentPath, soundPath } from "./segment-files.ts";
import { ampleRoom } from "./testing/ample-room.ts";
import { refuseMarks } from "./testing/refused-marks.ts";
import { findTrackFile, insertMetadata, insertSound } from "./track-file-store.ts";
import { markAtOnce } from "./testing/mark-at-once.ts";

const T0 = 20_000 * DAY_MS;
const STORED: StoredCamera = {
  cameraId: 1, code: "C", name: "n", address: "rtsp://10.0.0.1/x", userName: null, password: null, ...JOINING_DEFAULTS, subAddress: null, certificateSha256: null, sound: false, metadata: false, schedule: null, keyFrameIntervalS: null,
  recording: "continuous", retentionDays: 3, leastDays: null, mostGigabytes: null,
};
let root = "";
let index: IndexStore;
let holds: HoldList;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "citywatch-retention-"));
  index = new IndexStore(join(root, "index.sqlite"));
  holds = new HoldList(index);
  holds.replace([], 0);
});
afterEach(async () => {
  index.close();
  await rm(root, { recursive: true, force: true });
});

/** A closed segment of so many bytes, with a file. */
async function record(cameraId: number, startMs: number, endMs = startMs + 60_000, bytes = 100): Promise<number> {
  const runId = index.insertRun(cameraId, startMs);
  index.endRun(runId, endMs, "camera-closed");
  const segmentId = index.insertSegment(cameraId, runId, startMs, 10, "k");
  index.closeSegment(segmentId, { endMs, bytes, frames: 1, gops: [], sha256: null }, "closed");
  await mkdir(cameraFolder(root, cameraId), { recursive: true });
  await writeFile(segmentPath(root, cameraId, segmentId), new Uint8Array(bytes));
  return segmentId;
}
const go = (): Promise<boolean> => Promise.resolve(true);
const keep = (mostDays: number, leastDays = 0, mostBytes = Infinity): CameraKeeping => ({ mostDays, leastDays, mostBytes });
const options = (now: number, keeping: CameraKeeping, more: Partial<RetentionOptions> = {}): RetentionOptions => ({
  root, index, holds, clock: { wallMs: () => now, monotonicMs: () => now }, markDurably: markAtOnce, floorBytes: 0, mostBytes: Infinity, findKeeping: (cameraId) => (cameraId < 9 ? keeping : undefined), fallback: keep(2), log: () => undefined, ...more,
});
const listKept = async (cameraId: number): Promise<number[]> => (await readdir(cameraFolder(root, cameraId)).catch(() => [])).map((name) => Number(name.slice(0, -4))).sort((a, b) => a - b);

describe("evidence holds at the recorder", () => {
  test("[HLD2] what touches a held range stays, by age, by size, on a full disk and after its camera is gone; after the release it goes", async () => {
    const ids: number[] = [];
    for (let i = 0; i < 6; i++) ids.push(await record(1, T0 + i * 60_000), await record(9, T0 + i * 60_000));
    holds.replace([{ holdId: 1, cameraIds: [1, 9], from: T0 + 60_000, to: T0 + 120_000 }], 1); // touches the end of the first and the start of the third
    const late = T0 + 90 * DAY_MS;
    for (const more of [{}, { mostBytes: 0 }, { floorBytes: Number.MAX_SAFE_INTEGER }]) {
      const outcome = await deleteOldRecordings(options(late, keep(1, 0, 0), more));
      assert.equal(outcome.lacking > 0, "floorBytes" in more);
      assert.deepEqual([await listKept(1), await listKept(9)], [[ids[0], ids[2], ids[4]], [ids[1], ids[3], ids[5]]]);
    }
    holds.release(1, 2);
    await deleteOldRecordings(options(late, keep(1)));
    assert.deepEqual([await listKept(1), await listKept(9), index.sumBytes(), index.listStored()], [[], [], 0, []]);
  });

  test("[RET4] the sound beside a segment goes with it, and stays with it", async () => {
    const [gone, held] = [await record(1, T0), await record(1, T0 + 600_000)];
    for (const id of [gone, held]) await writeFile(soundPath(root, 1, id), new Uint8Array(10));
    holds.replace([{ holdId: 1, cameraIds: [1], from: T0 + 600_000, to: T0 + 600_000 }], 1);
    await deleteOldRecordings(options(T0 + 9 * DAY_MS, keep(1)));
    assert.deepEqual((await readdir(cameraFolder(root, 1))).sort(), [`${held}.mp4`, `${held}.sound.mp4`]);
  });

  test("[RET6] [RET8] [SND2] what a deletion gives back is pictures and sound: no more goes than has to", async () => {
    const ids: number[] = [];
    for (let i = 0; i < 4; i++) {
      const startMs = T0 + i * 60_000;
      ids.push(await record(1, startMs));
      insertSound(index, { segmentId: ids[i]!, cameraId: 1, codec: "pcmu", startMs, endMs: startMs + 60_000, bytes: 100, sha256: null });
    }
    assert.equal(index.sumBytes(), 800);
    await deleteOldRecordings(options(T0 + 600_000, keep(9), { mostBytes: 600 }));
    assert.deepEqual(await listKept(1), ids.slice(1));
    await deleteOldRecordings(options(T0 + 600_000, keep(9, 0, 400)));
    assert.deepEqual(await listKept(1), ids.slice(2));
  });

  test("[RET6] what is being written counts among what recordings may take together", async () => {
    const ids = [await record(1, T0), await record(1, T0 + 60_000), await record(1, T0 + 120_000)];
    await deleteOldRecordings(options(T0 + 600_000, keep(9), { mostBytes: 300, findOpenBytes: () => 0 }));
    assert.deepEqual(await listKept(1), ids);
    await deleteOldRecordings(options(T0 + 600_000, keep(9), { mostBytes: 300, findOpenBytes: () => 150 }));
    assert.deepEqual(await listKept(1), ids.slice(2));
    const { overBound } = await deleteOldRecordings(options(T0 + 600_000, keep(9), { mostBytes: 300, findOpenBytes: () => 400 }));
    assert.deepEqual([await listKept(1), overBound], [[], 100]);
  });

  test("[RET15] [RET9] a pass ends though what comes does not: one whole plan is as far as it goes, be it for the aim or at the cost of a least", async () => {
    for (const [leastDays, gone] of [[0, 7], [3, 2]] as const) {
      for (let i = 0; i < 40; i++) await record(1, T0 + i * 60_000);
      let looks = 0;
      const freeAt = index.sumBytes() + 950;
      // Between two looks as much comes as a segment takes.
      const findSpace = async (): Promise<{ readonly totalBytes: number; readonly freeBytes: number }> => ({ totalBytes: 1e6, freeBytes: freeAt - index.sumBytes() - 100 * looks++ });
      const { deletions, isScarce } = await deleteOldRecordings(options(T0 + DAY_MS, keep(9, leastDays), { floorBytes: 1_000, aimBytes: 1_600, findSpace, isUrgent: () => true, onlyForRoom: true }));
      assert.deepEqual([deletions.length, looks, isScarce], [gone, 2, leastDays > 0]);
      await deleteOldRecordings(options(T0 + 99 * DAY_MS, keep(1), { isUrgent: () => true }));
    }
  });

  test("[RET3] [RCD9] a pass ends with the recorder's stop, in the midst of a batch; what was marked goes with the next", async () => {
    for (let i = 0; i < 60; i++) await record(1 + (i % 3), T0 + i * 60_000);
    const late = options(T0 + 9 * DAY_MS, keep(1), { isUrgent: () => true });
    const countKept = async (): Promise<number> => (await Promise.all([1, 2, 3].map(listKept))).flat().length;
    let asked = 0;
    let isEnding = false;
    const holdsOfStop = { isKnown: true, listMerged: () => [], isHeld: () => (isEnding ||= listDeleting(index).length > 0 && ++asked === 7, false) };
    const { deletions } = await deleteOldRecordings({ ...late, holds: holdsOfStop, isEnding: () => isEnding });
    assert.deepEqual([deletions.length, await countKept(), listDeleting(index).length], [20, 40, 40]);
    assert.deepEqual((await deleteOldRecordings({ ...late, isEnding: () => true })).deletions, [], "none begins");
    await deleteOldRecordings(late);
    assert.deepEqual([await countKept(), listDeleting(index)], [0, []]);
  });

  test("[RET4] where the disk does not take the marks nothing goes that is only old, or more than may be, until it does; for want of room it goes all the same", async () => {
    const ids: number[] = [];
    for (let i = 0; i < 4; i++) ids.push(await record(1, T0 + i * 60_000));
    let isTaken = false;
    const markDurably: RetentionOptions["markDurably"] = async (mark) => {
      mark();
      return isTaken;
    };
    for (const more of [{}, { mostBytes: 100 }]) {
      assert.deepEqual((await deleteOldRecordings(options(T0 + 9 * DAY_MS, keep(1), { markDurably, ...more }))).deletions, []);
      assert.deepEqual(await listKept(1), ids);
    }
    isTaken = true;
    await deleteOldRecordings(options(T0 + 9 * DAY_MS, keep(1), { markDurably }));
    assert.deepEqual([await listKept(1), listDeleting(index)], [[], []]);
    isTaken = false;
    await record(1, T0 + 600_000);
    await deleteOldRecordings(options(T0 + 9 * DAY_MS, keep(1), { markDurably, floorBytes: Number.MAX_SAFE_INTEGER }));
    assert.deepEqual([await listKept(1), listDeleting(index)], [[], []]);
  });

  test("[RET4] a file that cannot be removed is told, holds up no other, and goes with a later pass", async () => {
    const [stuck, other] = [await record(1, T0), await record(1, T0 + 60_000)];
    await rm(segmentPath(root, 1, stuck));
    await mkdir(segmentPath(root, 1, stuck)); // no file any more: it cannot be unlinked
    const told: string[] = [];
    const more = { log: (_level: string, _fields: object, message: string) => void told.push(message) };
    const { deletions } = await deleteOldRecordings(options(T0 + 9 * DAY_MS, keep(1), more));
    assert.deepEqual([deletions.map((each) => each.segment.segmentId), told.length, listDeleting(index).map((each) => each.segmentId)], [[other], 1, [stuck]]);
    await rm(segmentPath(root, 1, stuck), { recursive: true });
    await deleteOldRecordings(options(T0 + 9 * DAY_MS, keep(1), more));
    assert.deepEqual([listDeleting(index), index.listGaps(1, 0, T0 * 2)], [[], [{ start: T0, end: T0 + 60_000, cause: "deleted" }, { start: T0 + 60_000, end: T0 + 120_000, cause: "deleted" }]]);
  });

  test("[RET11] a camera that left is kept as its own days said, wherever these are known", async () => {
    const list = new CameraList(index, "token");
    list.replace([{ ...STORED, cameraId: 1, retentionDays: 3, leastDays: 2, mostGigabytes: 5 }, { ...STORED, cameraId: 2, retentionDays: 60 }], 1);
    list.save({ ...STORED, cameraId: 1, retentionDays: 4, leastDays: 2, mostGigabytes: 5 }, 2);
    list.remove(1, 3, null);
    list.replace([], 4);
    assert.deepEqual([list.findFormerKeeping(1), list.findFormerKeeping(2), list.findFormerKeeping(3)], [{ retentionDays: 4, leastDays: 2, mostGigabytes: 5 }, { retentionDays: 60, leastDays: null, mostGigabytes: null }, undefined]);
  });

  test("[HLD2] a hold in front of many others does not keep what stands behind it", async () => {
    for (let i = 0; i < 60; i++) await record(1, T0 + i * 60_000);
    const free = await record(1, T0 + 70 * 60_000);
    holds.replace([{ holdId: 1, cameraIds: [1], from: T0, to: T0 + 3_600_000 }], 1);
    const { deletions } = await deleteOldRecordings(options(T0 + 9 * DAY_MS, keep(1)));
    assert.deepEqual(deletions.map((each) => each.segment.segmentId), [free]);
  });

  test("[HLD3] holds are there after a restart, without the centre, and one that came since the plan is heeded", async () => {
    const id = await record(1, T0);
    holds.save({ holdId: 7, cameraIds: [1], from: T0, to: T0 + 1 }, 12);
    index.close();
    index = new IndexStore(join(root, "index.sqlite"));
    holds = new HoldList(index);
    assert.deepEqual([holds.revision, holds.isHeld(1, T0 - 5, T0), holds.isHeld(1, T0 + 2, T0 + 3), holds.isHeld(2, T0, T0)], [12, true, false, false]);
    // The plan sees no hold; the moment of the mark does.
    const { deletions } = await deleteOldRecordings(options(T0 + 9 * DAY_MS, keep(1), { holds: { isKnown: true, listMerged: () => [], isHeld: (...of) => holds.isHeld(...of) } }));
    assert.deepEqual([deletions, await listKept(1)], [[], [id]]);
  });

  test("[HLD9] before the centre has told the holds once, nothing is deleted, and a full disk is told", async () => {
    const id = await record(1, T0);
    index.database.exec("DELETE FROM setting");
    const told: string[] = [];
    const more = { floorBytes: Number.MAX_SAFE_INTEGER, log: (_level: string, _fields: object, message: string) => void told.push(message) };
    const outcome = await deleteOldRecordings(options(T0 + 9 * DAY_MS, keep(1), more));
    assert.deepEqual([outcome.deletions, outcome.lacking > 0, await listKept(1), told.length], [[], true, [id], 1]);
    assert.match(told[0]!, /the centre has not told yet/);
    holds.replace([], 0);
    await deleteOldRecordings(options(T0 + 9 * DAY_MS, keep(1)));
    assert.deepEqual(await listKept(1), []);
  });

  test("[HLD10] what was marked and is held by now stays with its sound, by a pass and by the next start; what had gone already is a gap", async () => {
    for (const finish of [() => deleteOldRecordings(options(T0 + 9 * DAY_MS, keep(90))), () => repairRecordings(root, index, (_fields, message) => assert.fail(message))]) {
      for (const table of ["sound", "segment", "gap"]) index.database.exec(`DELETE FROM ${table}`);
      await rm(join(root, "segments"), { recursive: true, force: true });
      const [still, gone, silent, free] = [await record(1, T0), await record(1, T0 + 60_000), await record(1, T0 + 120_000), await record(1, T0 + 600_000)];
      for (const id of [still, gone, silent, free]) {
        insertSound(index, { segmentId: id, cameraId: 1, codec: "aac", startMs: T0, endMs: T0 + 1, bytes: 10, sha256: null });
        markDeleting(index, id, "deleted");
      }
      await writeFile(soundPath(root, 1, still), new Uint8Array(10));
      await rm(segmentPath(root, 1, gone));
      holds.replace([{ holdId: 1, cameraIds: [1], from: T0 - 1, to: T0 + 200_000 }], 3);
      await finish();
      const kept = [`${still}.mp4`, `${still}.sound.mp4`, `${silent}.mp4`].sort();
      assert.deepEqual([(await readdir(cameraFolder(root, 1))).sort(), listDeleting(index), index.sumBytes()], [kept, [], 210]);
      assert.deepEqual([index.listSegments(1, T0, T0 * 2).map((each) => each.segmentId), findTrackFile(index, "sound", still) !== undefined, findTrackFile(index, "sound", silent)], [[still, silent], true, undefined]);
      assert.deepEqual(index.listGaps(1, 0, T0 * 2).map((gap) => gap.start), [T0 + 60_000, T0 + 600_000]);
    }
  });

  test("[HLD10] a hold that comes while a batch is removed keeps what is left of it, also where the disk could not take the marks", async () => {
    for (const canMark of [true, false]) {
      holds.replace([], 1);
      const ids = [await record(2, T0), await record(2, T0 + 60_000), await record(2, T0 + 120_000)];
      const takeMarks = canMark ? () => undefined : refuseMarks(root, index);
      let asked = 0;
      // Asked for each once as the batch is marked; then the first goes, and the hold comes.
      const isHeld = (...of: Parameters<HoldList["isHeld"]>): boolean => {
        if (++asked === ids.length + 2) holds.replace([{ holdId: 1, cameraIds: [2], from: T0, to: T0 * 2 }], 2);
        return holds.isHeld(...of);
      };
      const { deletions } = await deleteOldRecordings(options(T0 + 9 * DAY_MS, keep(1), { holds: { isKnown: true, listMerged: (cameraId) => holds.listMerged(cameraId), isHeld } }));
      takeMarks();
      assert.deepEqual([deletions.map((each) => each.segment.segmentId), await listKept(2), listDeleting(index)], [[ids[0]], ids.slice(1), []]);
      holds.replace([], 3);
      await deleteOldRecordings(options(T0 + 9 * DAY_MS, keep(1)));
    }
  });

  test("[RET5] where the marks cannot be taken, a file that cannot be removed holds up no other", async () => {
    const [stuck, other] = [await record(1, T0), await record(1, T0 + 60_000)];
    await rm(segmentPath(root, 1, stuck));
    await mkdir(join(segmentPath(root, 1, stuck), "x"), { recursive: true });
    refuseMarks(root, index);
    // The next plan has only the stuck one, and says so.
    await assert.rejects(deleteOldRecordings(options(T0 + 9 * DAY_MS, keep(1))));
    assert.deepEqual([await listKept(1), index.listSegments(1, 0, T0 * 2).map((each) => each.segmentId), other > stuck], [[stuck], [stuck], true]);
  });

  test("[HLD10] [RET5] a pass for room alone leaves what is only past its time or over a bound; where room is lacking, what is past its time goes first, as that", async () => {
    await record(1, T0);
    const onlyForRoom = true;
    for (const more of [{}, { mostBytes: 0 }]) assert.deepEqual((await deleteOldRecordings(options(T0 + 9 * DAY_MS, keep(1, 0, 0), { onlyForRoom, ...more }))).deletions, []);
    const { deletions } = await deleteOldRecordings(options(T0 + 9 * DAY_MS, keep(1), { onlyForRoom, floorBytes: Number.MAX_SAFE_INTEGER }));
    assert.deepEqual(deletions.map((each) => each.why), ["age"]);
  });

  test("[HLD4] of a range the holds that reach into it, cut to it; what they keep is summed once", async () => {
    await record(1, T0);
    await record(1, T0 + 60_000);
    await record(2, T0);
    holds.replace([{ holdId: 1, cameraIds: [1, 2], from: T0 - 10, to: T0 + 10 }, { holdId: 2, cameraIds: [1], from: T0 + 5, to: T0 + 100_000 }, { holdId: 3, cameraIds: [2], from: T0 + DAY_MS, to: T0 + 2 * DAY_MS }], 1);
    assert.deepEqual(holds.listWithin(1, T0, T0 + 50), [{ id: 1, start: T0, end: T0 + 10 }, { id: 2, start: T0 + 5, end: T0 + 50 }]);
    assert.deepEqual(holds.listWithin(2, T0 + 20, T0 + 30), []);
    assert.equal(await holds.sumBytes(go), 300);
  });

  test("[SND2] [MET2] [HLD2] what holds keep is summed with its sound and metadata, and with what began long before the range", async () => {
    const heard = await record(1, T0);
    insertSound(index, { segmentId: heard, cameraId: 1, codec: "aac", startMs: T0, endMs: T0 + 60_000, bytes: 7, sha256: null });
    insertMetadata(index, { segmentId: heard, cameraId: 1, startMs: T0, endMs: T0 + 60_000, bytes: 50, sha256: null });
    await record(1, T0 - 7_200_000, T0 + 1_000, 1_000); // long
    await record(1, T0 - 300_000, T0 + 1_000, 10_000); // just over what counts as short from the range's start
    await record(1, T0 - 60_000, T0 - 1); // before it
    await record(1, T0 + 60_001); // after it
    holds.replace([{ holdId: 1, cameraIds: [1], from: T0, to: T0 + 60_000 }], 1);
    assert.equal(await holds.sumBytes(go), 11_157);
  });

  test("[RET4] [HLD2] model: recordings come and go, holds are made and released, the recorder restarts in the midst of a deletion", async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant("record" as const), cameraId: fc.integer({ min: 1, max: 2 }), minutes: fc.integer({ min: 1, max: 3 }) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant("hold" as const), holdId: fc.integer({ min: 1, max: 3 }), from: fc.integer({ min: -30, max: 0 }), minutes: fc.integer({ min: 0, max: 20 }) }) },
      fc.record({ kind: fc.constant("release" as const), holdId: fc.integer({ min: 1, max: 3 }) }),
      { weight: 2, arbitrary: fc.record({ kind: fc.constant("retain" as const), mostMinutes: fc.integer({ min: 1, max: 20 }), mostBytes: fc.constantFrom(Infinity, 0, 250), floorBytes: fc.constantFrom(0, Number.MAX_SAFE_INTEGER) }) },
      fc.constant({ kind: "crash" as const }),
    );
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      for (const table of ["segment", "run", "hold", "gap", "stored_day"]) index.database.exec(`DELETE FROM ${table}`);
      await rm(join(root, "segments"), { recursive: true, force: true });
      let now = T0;
      const held = new Map<number, { from: number; to: number }>();
      const kept = new Map<number, { cameraId: number; start: number; end: number }>();
      for (const one of steps) {
        if (one.kind === "record") {
          const start = now;
          now += one.minutes * 60_000;
          kept.set(await record(one.cameraId, start, now), { cameraId: one.cameraId, start, end: now });
        } else if (one.kind === "hold") {
          const range = { from: now + one.from * 60_000, to: now + (one.from + one.minutes) * 60_000 };
          held.set(one.holdId, range);
          holds.save({ holdId: one.holdId, cameraIds: [1], ...range }, 1);
        } else if (one.kind === "release") {
          held.delete(one.holdId);
          holds.release(one.holdId, 1);
        } else if (one.kind === "crash") {
          // Between the mark and the removal of the oldest that may go.
          const [oldest] = listOldestFree(index, 2, [], 1);
          if (oldest !== undefined) {
            markDeleting(index, oldest.segmentId, "deleted");
            kept.delete(oldest.segmentId);
          }
          await repairRecordings(root, index, (_fields, message) => assert.fail(message));
        } else {
          const { deletions } = await deleteOldRecordings(options(now, keep(one.mostMinutes / 1_440), one));
          for (const { segment } of deletions) kept.delete(segment.segmentId);
          for (const [id, { cameraId, start, end }] of kept) {
            const isHeld = cameraId === 1 && [...held.values()].some((range) => range.from <= end && range.to >= start);
            assert.ok(isHeld || (now - end <= one.mostMinutes * 60_000 && one.mostBytes > 0 && one.floorBytes === 0), `segment ${id} should have gone`);
          }
          for (const { segment } of deletions) {
            assert.equal(segment.cameraId === 1 && [...held.values()].some((range) => range.from <= segment.endMs && range.to >= segment.startMs), false, "what was held went");
          }
        }
        assert.deepEqual([...(await listKept(1)), ...(await listKept(2))].sort((a, b) => a - b), [...kept.keys()]);
        assert.equal(index.sumBytes(), kept.size * 100);
      }
    }), { numRuns: 40 });
  });
});

describe("the disk", () => {
  test("[RET7] [RET9] gaps say which recordings went before their time, and the monitor remembers it for an hour", async () => {
    let monotonic = 0;
    const now = T0 + DAY_MS / 2;
    const clock = { wallMs: () => now, monotonicMs: () => monotonic };
    await record(1, T0);
    await record(2, T0);
    const keeping = (cameraId: number): CameraKeeping => keep(30, cameraId === 2 ? 10 : 0);
    const counters = { failures: 0 };
    const monitor = new DiskMonitor({ index, holds, clock, counters, room: ampleRoom(root), isDirect: () => true, mostBytes: Infinity, findKeeping: keeping, fallback: keep(30), listRecording: () => [], findDoubtedMs: () => 0, findBehindMs: () => 0 });
    const before = await monitor.refresh();
    assert.deepEqual([before.recordedBytes, before.alarms, before.forecast.kind], [200, [], "steady"]);
    const errors: string[] = [];
    monitor.noteRetention(await deleteOldRecordings(options(now, keep(30), { floorBytes: Number.MAX_SAFE_INTEGER, findKeeping: keeping, log: (_level, _fields, message) => errors.push(message) })));
    counters.failures++;
    const after = await monitor.refresh();
    assert.deepEqual(after.alarms, ["early", "below-least", "full", "failing"]);
    assert.deepEqual(monitor.deleted, { age: 0, size: 0, space: 1, "below-least": 1 });
    assert.equal(errors.length, 3);
    for (const cameraId of [1, 2]) assert.deepEqual(index.listGaps(cameraId, 0, T0 * 2), [{ start: T0, end: T0 + 60_000, cause: "deleted-early" }]);
    monotonic = 3_600_000;
    assert.deepEqual((await monitor.refresh()).alarms, []);
    const asked: string[] = [];
    for (const cameraId of [1, 2]) await record(cameraId, T0 + 60_000);
    errors.length = 0;
    await deleteOldRecordings(options(now, keep(30), { floorBytes: Number.MAX_SAFE_INTEGER, findKeeping: keeping, mayTell: (why) => asked.push(why) === 1, log: (_level, _fields, message) => errors.push(message) }));
    assert.deepEqual([asked, errors.length], [["space", "below-least"], 2], "the second of them was told before");
  });

  test("[RET10] a camera that began to be recorded just now is told beside the forecast until it counts in it, also before its first minute is stored", async () => {
    let now = T0 + 300_000;
    await record(1, T0 - DAY_MS);
    await record(2, T0);
    const monitor = new DiskMonitor({ index, holds, clock: { wallMs: () => now, monotonicMs: () => 0 }, counters: { failures: 0 }, room: ampleRoom(root), isDirect: () => true, mostBytes: Infinity, findKeeping: () => undefined, fallback: keep(1), listRecording: () => [1, 2, 3], findDoubtedMs: () => 0, findBehindMs: () => 0 });
    const young = await monitor.refresh();
    now = T0 + 660_000;
    const older = await monitor.refresh();
    assert.deepEqual([young.uncounted, older.uncounted], [2, 1]);
    assert.ok(young.forecast.kind !== "unknown" && older.forecast.kind !== "unknown" && older.forecast.bytesPerDay > young.forecast.bytesPerDay, "then it counts");
  });

  test("a write that was refused for want of room is told for an hour, and is not called full where something could go", async () => {
    const monitor = new DiskMonitor({ index, holds, clock: { wallMs: () => T0, monotonicMs: () => 0 }, counters: { failures: 0 }, room: ampleRoom(root), isDirect: () => false, mostBytes: Infinity, findKeeping: () => undefined, fallback: keep(1), listRecording: () => [], findDoubtedMs: () => 0, findBehindMs: () => 0 });
    monitor.noteRefused();
    const { alarms, isDirect, isShared } = await monitor.refresh();
    assert.deepEqual([alarms, isDirect, isShared], [["ran-full"], false, false]);
  });

  test("an index of before keeps what it has, and sums what is stored", async () => {
    await record(1, T0);
    await record(1, T0 + DAY_MS, T0 + DAY_MS + 1, 50);
    index.database.exec(`DROP INDEX gap_long; DROP TRIGGER camera_kept; DROP TABLE keeping; DROP TABLE sound; DROP TABLE metadata; ALTER TABLE camera DROP COLUMN metadata; ALTER TABLE gap DROP COLUMN within_run; DROP TRIGGER sender_report_dropped; DROP TABLE sender_report; DROP TABLE hold; DROP TRIGGER segment_stored; DROP TRIGGER segment_dropped; DROP TABLE stored_day; DROP INDEX segment_unsettled; DROP INDEX segment_deleting;
      ALTER TABLE segment DROP COLUMN deleted_as; CREATE INDEX segment_by_end ON segment (end_ms) WHERE state IN ('closed', 'suspect'); PRAGMA user_version = 6`);
    index.close();
    index = new IndexStore(join(root, "index.sqlite"));
    assert.deepEqual([index.sumBytes(), index.listStored(), index.findRecorded(1)], [150, [{ cameraId: 1, bytes: 150 }], { since: T0, bytes: 150 }]);
  });
});
