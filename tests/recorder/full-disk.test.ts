// A whole recorder on a volume that its cameras fill within seconds, again and again: on one that only counts bytes, always, and on a real file system in memory where this machine lets us mount one. Cameras, writer, room,
// retention and hold are as in earnest; only the segments are short, since the volume is small.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, statSync, statfsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, describe, test } from "node:test";
import { startRecorder } from "../../src/app/recorder.ts";
import type { DiskSpace } from "../../src/io/recorder/disk-space.ts";
import { checkRecordings } from "../../src/io/recorder/check-recordings.ts";
import { IndexStore } from "../../src/io/recorder/index-store.ts";
import { repairRecordings } from "../../src/io/recorder/repair.ts";
import { roomLevelsOf } from "../../src/video/retention/room.ts";
import { configOf, silentLog } from "./live-browser.ts";
import { SMALL_SPS, TestCamera, makeSlice } from "./test-camera.ts";
import { TestCentre, camera, until } from "./test-centre.ts";
import { decodeBase64 } from "../../src/protocol/rtsp/challenge.ts";

const MIB = 2 ** 20;
const VOLUME_BYTES = 96 * MIB;
const CAMERAS = 6;
const SLICE_BYTES = 48_000;
const FRAME_MS = 40;
const GOP = 10;
/** More than twice what the volume holds. */
const WRITTEN_BYTES = 2.5 * VOLUME_BYTES;
const MOST_MS = 240_000;
const PPS = decodeBase64("aMuMsg==")!;
/** One GOP, made once: the test's own work is sending it. */
const PICTURES = Array.from({ length: GOP }, (_, i) => (i === 0 ? [SMALL_SPS, PPS, makeSlice(0x65, SLICE_BYTES * 2, i)] : [makeSlice(0x41, SLICE_BYTES, i)]));

interface Volume {
  readonly folder: string;
  readonly findSpace: () => Promise<DiskSpace>;
  /** The least that recordings ever left, as far as anybody looked, whatever their index took of it: how long its log is hangs on when a thread of its own gets its turn ([RCD16]). */
  readonly least: { left: number };
}

/** In one go, so that nothing of this process comes in between. Files that go meanwhile take nothing. */
function sumFiles(folder: string, name: RegExp = /./): number {
  let sum = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) if (entry.isFile() && name.test(entry.name)) sum += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  return sum;
}
const sumIndex = (folder: string): number => sumFiles(folder, /^index\./);

function watch(folder: string, readSpace: () => DiskSpace): Volume {
  const least = { left: Infinity };
  const findSpace = async (): Promise<DiskSpace> => {
    const before = sumIndex(folder);
    const space = readSpace();
    least.left = Math.min(least.left, space.freeBytes + Math.max(before, sumIndex(folder))); // its log may just have been cut
    return space;
  };
  return { folder, findSpace, least };
}

async function countedVolume(t: TestContext): Promise<Volume> {
  const folder = await mkdtemp(join(tmpdir(), "citywatch-counted-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return watch(folder, () => ({ totalBytes: VOLUME_BYTES, freeBytes: VOLUME_BYTES - sumFiles(folder) }));
}

async function mountedVolume(t: TestContext): Promise<Volume | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "citywatch-small-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${VOLUME_BYTES}`, "tmpfs", folder], { stdio: "ignore" });
  } catch {
    await rm(folder, { recursive: true });
    t.skip("this user may not mount a tmpfs; the counted volume stands for it");
    return undefined;
  }
  t.after(async () => {
    execFileSync("umount", ["-l", folder], { stdio: "ignore" });
    await rm(folder, { recursive: true, force: true });
  });
  return watch(folder, () => {
    const { blocks, bavail, bsize } = statfsSync(folder);
    return { totalBytes: blocks * bsize, freeBytes: bavail * bsize };
  });
}

/** Of the running recorder, or of one that has stopped. */
function readIndex<T>(folder: string, read: (index: IndexStore) => T): T {
  const index = new IndexStore(join(folder, "index.sqlite"), "read");
  try {
    return read(index);
  } finally {
    index.close();
  }
}
const FAR = Date.now() * 2;
const listFullGaps = (folder: string): { cameraId: number; start: number }[] =>
  readIndex(folder, (index) => Array.from({ length: CAMERAS }, (_, i) => i + 1).flatMap((cameraId) => index.listGaps(cameraId, 0, FAR).filter(({ cause }) => cause === "disk-full").map(({ start }) => ({ cameraId, start }))));

async function fill(volume: Volume, { isToldLate }: { readonly isToldLate: boolean }): Promise<void> {
  const { folder, findSpace, least } = volume;
  const recordings = join(folder, "recordings");
  const database = join(folder, "database"); // on the same volume: its room is kept
  for (const each of [recordings, database]) mkdirSync(each, { mode: 0o755 });
  const centre = new TestCentre();
  if (isToldLate) centre.withholdHolds = true;
  const cameras = Array.from({ length: CAMERAS }, () => new TestCamera({ behaviour: "plays", frameMs: FRAME_MS, pictures: PICTURES }));
  await centre.start();
  centre.tell(await Promise.all(cameras.map(async (each, i) => camera(i + 1, await each.start(), { recording: "continuous", retentionDays: 30 }))));
  const faults: string[] = [];
  const recorder = await startRecorder(configOf(centre, recordings, { databaseDir: database }), { ...silentLog, error: (_fields: object, message: string) => void faults.push(message) }, { segmentMs: 1_000, findSpace });
  const watching = setInterval(() => void findSpace(), 50); // what is free is seen also between the recorder's own looks
  const { reserveBytes } = roomLevelsOf({ totalBytes: VOLUME_BYTES, inflow: 0, isShared: true });
  let fullBefore: { readonly cameraId: number; readonly start: number }[] = [];
  try {
    const readMetric = async (name: string): Promise<number> => {
      const text = await (await fetch(`http://127.0.0.1:${recorder.port}/metrics`)).text();
      return Number(new RegExp(`^citywatch_recorder_${name} (\\S+)$`, "m").exec(text)?.[1]);
    };
    if (isToldLate) {
      // Nothing may go before the centre has told what is held: the volume fills, once.
      await until("the disk to be full", () => listFullGaps(recordings).length > 0, MOST_MS);
      centre.withholdHolds = false;
      centre.hold([]);
      const from = await readMetric("bytes_written");
      await until("recording to go on", async () => (await readMetric("bytes_written")) > from, MOST_MS);
      // Each camera's first gap may still be told: those that had written less came later.
      await until("all cameras to record", () => listRecording(recordings) === CAMERAS, MOST_MS);
      fullBefore = listFullGaps(recordings);
    }
    const from = await readMetric("bytes_written");
    await until("the volume to be written over twice", async () => (await readMetric("bytes_written")) - from > WRITTEN_BYTES, MOST_MS);
    const told = await until("word of the disk", () => centre.disk !== undefined && centre.disk.alarms.includes("early") && centre.disk, MOST_MS);
    assert.deepEqual([told.isShared, told.reserveBytes], [true, reserveBytes]);
    assert.equal(statSync(recordings).mode & 0o777, 0o700, "a folder that others could enter is closed to them");
    assert.equal(told.alarms.includes("ran-full"), isToldLate, told.alarms.join());
    assert.deepEqual([told.alarms.includes("failing"), told.writeFailures], [false, 0], "a disk that is full is well");
    assert.ok(told.inflowBytesPerSecond > 0);
  } finally {
    clearInterval(watching);
    await recorder.stop();
    await Promise.all(cameras.map((each) => each.stop()));
    await centre.stop();
  }
  assert.deepEqual(listFullGaps(recordings), fullBefore, "no run ended for want of room since");
  assert.ok(least.left >= reserveBytes, `recordings left ${least.left} bytes, of which ${reserveBytes} are not theirs`);
  const index = new IndexStore(join(recordings, "index.sqlite"));
  try {
    // The oldest went first, of all cameras alike: what is left of each ends after everything that was deleted of any.
    const kept = Array.from({ length: CAMERAS }, (_, i) => {
      const [first] = index.listSegments(i + 1, 0, FAR);
      const deleted = index.listGaps(i + 1, 0, FAR).filter(({ cause }) => cause === "deleted-early");
      assert.ok(first !== undefined && deleted.length > 0, `camera ${i + 1}`);
      return { oldestEnd: first.endMs, deletedUntil: Math.max(...deleted.map(({ end }) => end)) };
    });
    const deletedUntil = Math.max(...kept.map((each) => each.deletedUntil));
    for (const { oldestEnd } of kept) assert.ok(oldestEnd >= deletedUntil, `${deletedUntil - oldestEnd} ms older than what was deleted`);
    const unproven = index.database.prepare("SELECT segment_id, state FROM segment WHERE state IN ('open', 'suspect') OR sha256 IS NULL").all();
    assert.deepEqual(unproven, [], "also what was being written when the disk was full is whole and hashed");
    await repairRecordings(recordings, index, (_fields, message) => assert.fail(message));
    assert.deepEqual((await checkRecordings(recordings, index, () => undefined)).findings, []);
  } finally {
    index.close();
  }
  assert.deepEqual(faults.filter((message) => /could not be deleted|could not be looked at|cannot be written/.test(message)), []);
}

/** Cameras whose run lasts. */
const listRecording = (folder: string): number =>
  readIndex(folder, (index) => Array.from({ length: CAMERAS }, (_, i) => index.findLastingGap(i + 1)).filter((gap) => gap === undefined).length);

describe("a recorder whose cameras fill the disk", () => {
  for (const [where, make] of [["a volume that counts bytes", countedVolume], ["a real small file system", mountedVolume]] as const) {
    test(`[RCD15] [RET15] [RET16] on ${where}: no run ends for want of room, the oldest goes first, the database's reserve is never touched`, async (t) => {
      const volume = await make(t);
      if (volume !== undefined) await fill(volume, { isToldLate: false });
    });

    test(`[RCD15] [RET16] [HLD9] on ${where}, where nothing may go until the centre has told the holds: full once, with the reserve left, and never again`, async (t) => {
      const volume = await make(t);
      if (volume !== undefined) await fill(volume, { isToldLate: true });
    });
  }
});
