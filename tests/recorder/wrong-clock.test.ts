// A whole recorder whose clock is a year ahead of the time that its index vouches for: what goes by age goes by that time, the centre is told, and the centre's own clock is heard.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { startRecorder } from "../../src/app/recorder.ts";
import { DAY_MS } from "../../src/base/time.ts";
import { HoldList } from "../../src/io/recorder/hold-list.ts";
import { IndexStore } from "../../src/io/recorder/index-store.ts";
import { cameraFolder, segmentPath } from "../../src/io/recorder/segment-files.ts";
import { createClockTrust, formatClockTrust } from "../../src/video/retention/clock-trust.ts";
import { TestArchive, readAnnexBClip } from "./archive.ts";
import { configOf, silentLog } from "./live-browser.ts";
import { TestCentre, camera, until } from "./test-centre.ts";

const YEAR_MS = 365 * DAY_MS;
const KEPT_DAYS = 30;

/** Segments that began so many days before the vouched time, and a gap behind each. */
async function archive(recordingsDir: string, vouchedMs: number, daysOld: readonly number[]): Promise<string[]> {
  const index = new IndexStore(join(recordingsDir, "index.sqlite"));
  index.saveSetting("clock-trust", formatClockTrust(createClockTrust(Math.round(vouchedMs))));
  index.saveSetting("alive-at", String(Math.round(vouchedMs)));
  new HoldList(index).replace([], 0);
  await mkdir(cameraFolder(recordingsDir, 1), { recursive: true });
  const paths: string[] = [];
  for (const days of daysOld) {
    const start = Math.round(vouchedMs - days * DAY_MS);
    const run = index.insertRun(1, start);
    index.endRun(run, start + 60_000, "camera-closed");
    const id = index.insertSegment(1, run, start, 10, "k");
    index.closeSegment(id, { endMs: start + 60_000, bytes: 100, frames: 1, gops: [], sha256: null }, "closed");
    paths.push(segmentPath(recordingsDir, 1, id));
    await writeFile(paths.at(-1)!, new Uint8Array(100));
  }
  index.close();
  return paths;
}

/** A city of one camera, whose recordings are kept for 30 days, and whose centre's clock is right: a year behind the recorder's. */
async function prepareCity(t: TestContext): Promise<{ readonly centre: TestCentre; readonly config: ReturnType<typeof configOf> }> {
  const centre = new TestCentre();
  const folder = await mkdtemp(join(tmpdir(), "citywatch-wrong-clock-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  centre.cameras = [camera(1, "rtsp://127.0.0.1:1/live", { recording: "on-demand", retentionDays: KEPT_DAYS })];
  centre.clockAheadMs = -YEAR_MS;
  await centre.start();
  t.after(() => centre.stop());
  return { centre, config: configOf(centre, folder) };
}

async function hearsOfYear(centre: TestCentre): Promise<void> {
  const told = await until("the alarm", () => centre.disk !== undefined && centre.disk.alarms.includes("clock") && centre.disk);
  assert.ok(Math.abs(told.clockAheadMs - YEAR_MS) < DAY_MS, `${told.clockAheadMs / DAY_MS} days`);
}

function countRows(recordingsDir: string): number {
  const index = new IndexStore(join(recordingsDir, "index.sqlite"));
  try {
    return index.listSegments(1, 0, Date.now()).length;
  } finally {
    index.close();
  }
}

test("[RET13] a recorder whose clock is a year ahead deletes nothing by age that is not due by the time that its index vouches for, and says so; what is due by that goes; the centre's word against its clock is heard", async (t) => {
  const { centre, config } = await prepareCity(t);
  const [due, ...young] = await archive(config.recordingsDir, Date.now() - YEAR_MS, [KEPT_DAYS + 10, KEPT_DAYS - 2, 10, 1]);
  const errors: string[] = [];
  const recorder = await startRecorder(config, { ...silentLog, error: (_fields: object, message: string) => void errors.push(message) }, { retentionMs: 200 });
  try {
    await until("what is due by the vouched time to go", () => !existsSync(due!));
    // All that is due is marked in one go with it: what were due by the wall clock would go before a camera's next pass.
    await hearsOfYear(centre);
    await until("the centre's word to be heard", () => errors.some((message) => message.startsWith("the centre's clock says")));
    assert.deepEqual(young.map((path) => existsSync(path)), [true, true, true]);
  } finally {
    await recorder.stop();
  }
  assert.equal(countRows(config.recordingsDir), young.length, "and its rows are there");
});

test("[RET13] a recorder whose index is lost, and whose clock is a year ahead, takes its archive in again and deletes nothing of it that is not due by the centre's clock", async (t) => {
  const { centre, config } = await prepareCity(t);
  const { recordingsDir } = config;
  const clip = readAnnexBClip(new URL("../../src/sim/assets/square-normal.h264", import.meta.url));
  const trueMs = Date.now() - YEAR_MS;
  const archived = await TestArchive.create();
  for (const days of [KEPT_DAYS + 10, KEPT_DAYS - 2, 1]) await archived.record(1, clip, trueMs - days * DAY_MS, 25);
  await archived.close();
  await rename(archived.root, recordingsDir);
  for (const name of await readdir(recordingsDir)) if (name.startsWith("index.sqlite")) await rm(join(recordingsDir, name));
  const listFiles = async (): Promise<string[]> => (await readdir(cameraFolder(recordingsDir, 1))).toSorted();
  assert.equal((await listFiles()).length, 3);
  const recorder = await startRecorder(config, silentLog, { retentionMs: 100 });
  try {
    await hearsOfYear(centre);
    await until("what is due by the centre's clock to go", async () => (await listFiles()).length < 3);
  } finally {
    await recorder.stop();
  }
  assert.deepEqual([countRows(recordingsDir), (await listFiles()).length], [2, 2]);
});
