// A recorder's clock that is set wrong, on a real index and real files: what retention and the forgetting of causes do by it.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../base/time.ts";
import type { CameraKeeping } from "../../video/retention/plan.ts";
import { createClockTrust, formatClockTrust } from "../../video/retention/clock-trust.ts";
import { ClockWords } from "./clock-words.ts";
import { DiskMonitor } from "./disk-monitor.ts";
import { forgetOldCauses } from "./forget-causes.ts";
import { HoldList } from "./hold-list.ts";
import { findLastWritten } from "./last-written.ts";
import { IndexStore } from "./index-store.ts";
import { type RetentionOptions, deleteOldRecordings } from "./retention-job.ts";
import { cameraFolder, segmentPath } from "./segment-files.ts";
import { VouchedClock } from "./vouched-clock.ts";
import { ampleRoom } from "./testing/ample-room.ts";
import { markAtOnce } from "./testing/mark-at-once.ts";

const T0 = 20_000 * DAY_MS;
const YEAR_MS = 365 * DAY_MS;
const KEEPING: CameraKeeping = { mostDays: 30, leastDays: 7, mostBytes: Infinity };
const DAYS = 40;
let root = "";
let index: IndexStore;
let holds: HoldList;
let wallMs = T0;
let monotonicMs = 0;
let told: string[] = [];
const clock = { wallMs: () => wallMs, monotonicMs: () => monotonicMs };

/** The wall clock and the recorder go on. */
function run(ms: number, vouched: VouchedClock): void {
  for (let left = ms; left > 0; left -= 10 * MINUTE_MS) {
    wallMs += 10 * MINUTE_MS;
    monotonicMs += 10 * MINUTE_MS;
    vouched.keep();
  }
}
const openClock = (): VouchedClock => new VouchedClock({ index, clock, log: (_level, _fields, message) => told.push(message) });
const options = (vouched: VouchedClock, floorBytes = 0): RetentionOptions => ({ root, index, holds, clock: vouched, listBehind: () => vouched.listBehind(), markDurably: markAtOnce, floorBytes, mostBytes: Infinity, findKeeping: () => KEEPING, fallback: KEEPING, log: () => undefined });
const countGaps = (): Record<string, number> => Object.fromEntries((index.database.prepare("SELECT cause, count(*) AS n FROM gap GROUP BY cause").all() as { cause: string; n: number }[]).map(({ cause, n }) => [cause, n]));
const countFiles = async (): Promise<number> => (await readdir(cameraFolder(root, 1))).length;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "citywatch-vouched-"));
  index = new IndexStore(join(root, "index.sqlite"));
  holds = new HoldList(index);
  holds.replace([], 0);
  index.saveSetting("alive-at", String(T0));
  wallMs = T0;
  monotonicMs = 0;
  told = [];
  await mkdir(cameraFolder(root, 1), { recursive: true });
  // A minute of each of the last 40 days, and a gap behind each.
  for (let day = 1; day <= DAYS; day++) {
    const startMs = T0 - day * DAY_MS;
    const runId = index.insertRun(1, startMs);
    index.endRun(runId, startMs + MINUTE_MS, "no-data");
    index.insertGap(1, startMs + MINUTE_MS, startMs + DAY_MS, "no-data");
    const segmentId = index.insertSegment(1, runId, startMs, 10, "k");
    index.closeSegment(segmentId, { endMs: startMs + MINUTE_MS, bytes: 100, frames: 1, gops: [], sha256: null }, "closed");
    await writeFile(segmentPath(root, 1, segmentId), new Uint8Array(100));
  }
});
afterEach(async () => {
  index.close();
  await rm(root, { recursive: true, force: true });
});

test("[RET13] [RET9] [RET12] a clock that is a year ahead deletes nothing, before its recorder's restart and after it; by the vouched time what is due goes, and for room what may", async () => {
  const vouched = openClock();
  vouched.keep();
  wallMs += YEAR_MS;
  const { deletions } = await deleteOldRecordings(options(vouched));
  assert.deepEqual([deletions.length, await countFiles()], [10, 30]);
  await forgetOldCauses(options(vouched));
  assert.deepEqual(countGaps(), { deleted: 1, "no-data": 30 });
  vouched.keep();
  index.close();
  index = new IndexStore(join(root, "index.sqlite"));
  holds = new HoldList(index);
  monotonicMs = 5; // another boot
  const again = openClock();
  assert.deepEqual([(await deleteOldRecordings(options(again))).deletions.length, await forgetOldCauses(options(again))], [0, 0]);
  assert.deepEqual(countGaps(), { deleted: 1, "no-data": 30 });
  run(2 * HOUR_MS, again);
  // Seven days are to be kept at least, by the vouched time too; of the seventh day the minute is just past that.
  const forRoom = await deleteOldRecordings({ ...options(again), mostBytes: 0 });
  assert.deepEqual([new Set(forRoom.deletions.map(({ why }) => why)), await countFiles()], [new Set(["age", "space"]), 6]);
  assert.equal(told.length, 2);
});

test("[RET13] after a week off the recordings of that week are due a day of running later", async () => {
  openClock().keep();
  wallMs += 7 * DAY_MS;
  const back = openClock();
  assert.deepEqual([back.doubtedMs, back.wallMs(), (await deleteOldRecordings(options(back))).deletions.length], [7 * DAY_MS, wallMs - 7 * DAY_MS, 10]);
  run(DAY_MS, back);
  assert.deepEqual([back.doubtedMs, back.wallMs(), openClock().wallMs()], [0, wallMs, wallMs]);
  assert.equal((await deleteOldRecordings(options(back))).deletions.length, 7 + 1);
});

test("[RET13] a clock that is a year ahead over a weekend and longer is not believed where the centre says so, nor where most cameras do; without them it is after a day", async () => {
  for (const [said, camerasAheadMs] of [["centre", [0, 0, 0]], ["cameras", [-YEAR_MS, -YEAR_MS, 0]], ["nobody", [0, -YEAR_MS, 0]]] as const) {
    index.saveSetting("clock-trust", formatClockTrust(createClockTrust(T0)));
    wallMs = T0;
    const words = new ClockWords(clock, () => [undefined, ...camerasAheadMs]);
    if (said !== "nobody") words.noteCentre(said === "centre" ? T0 : T0 + YEAR_MS);
    const vouched = new VouchedClock({ index, clock, listWitnesses: () => words.list(), log: (_level, _fields, message) => told.push(message) });
    told = [];
    wallMs += YEAR_MS;
    run(3 * DAY_MS, vouched);
    assert.deepEqual([vouched.doubtedMs, vouched.wallMs()], said === "nobody" ? [0, wallMs] : [YEAR_MS, wallMs - YEAR_MS], said);
    assert.equal(told.filter((message) => message.includes("ahead: it is not believed")).length, said === "nobody" ? 0 : 1);
  }
});

test("[RET13] an index of before, or one that was made again, vouches by when the recorder last ran, else by what it recorded last; an empty one by nothing", () => {
  wallMs += YEAR_MS;
  assert.equal(openClock().wallMs(), T0);
  index.database.exec("DELETE FROM setting WHERE name = 'alive-at'");
  assert.equal(openClock().wallMs(), T0 - DAY_MS);
  index.saveSetting("alive-at", String(T0));
  index.saveSetting("clock-trust", "broken");
  assert.equal(openClock().wallMs(), T0);
  index.database.exec("DELETE FROM setting; DELETE FROM segment; DELETE FROM stored_day");
  assert.deepEqual([openClock().doubtedMs, openClock().wallMs()], [0, wallMs]);
});

test("[RET13] [RCD17] an empty index beside files vouches by when the newest of these was written, once they were looked at beside recording; what was recorded meanwhile does not count", async () => {
  const path = segmentPath(root, 1, DAYS);
  await utimes(path, (T0 - DAY_MS) / 1_000, (T0 - DAY_MS) / 1_000);
  index.database.exec("DELETE FROM setting; DELETE FROM segment; DELETE FROM stored_day");
  wallMs += YEAR_MS;
  const vouched = openClock();
  assert.deepEqual([vouched.isSought, vouched.wallMs(), vouched.doubtedMs], [true, wallMs, 0]);
  await writeFile(segmentPath(root, 1, DAYS + 1), new Uint8Array(100)); // written now, by this process
  wallMs += MINUTE_MS;
  monotonicMs += MINUTE_MS;
  vouched.keep();
  assert.equal(openClock().isSought, true, "a crash before they were looked at changes nothing, though the recorder's own running is kept by then");
  const lastMs = await findLastWritten(root, { before: DAYS + 1, pause: async () => true });
  assert.equal(lastMs, T0 - DAY_MS);
  vouched.noteLastWritten(lastMs);
  assert.deepEqual([vouched.isSought, vouched.wallMs(), vouched.doubtedMs], [false, T0 - DAY_MS + MINUTE_MS, YEAR_MS + DAY_MS], "as if it had been known at the start");
  const later = openClock();
  assert.deepEqual([later.isSought, later.doubtedMs], [false, YEAR_MS + DAY_MS], "and over the next start");
});

test("[RET13] [RCD17] a look at the files that is ended tells nothing; where there are none the wall clock is what there is", async () => {
  assert.equal(await findLastWritten(root, { before: Infinity, pause: async () => false }), "ended");
  await rm(join(root, "segments"), { recursive: true });
  assert.equal(await findLastWritten(root, { before: Infinity, pause: async () => true }), undefined);
  index.database.exec("DELETE FROM setting; DELETE FROM segment; DELETE FROM stored_day");
  const vouched = openClock();
  vouched.noteLastWritten(undefined);
  assert.deepEqual([vouched.isSought, vouched.wallMs(), vouched.doubtedMs, openClock().isSought], [false, wallMs, 0, false]);
});

/** With a centre that says the time. */
function openLinkedClock(centreMs?: number): { readonly vouched: VouchedClock; readonly words: ClockWords } {
  const words = new ClockWords(clock, () => []);
  if (centreMs !== undefined) words.noteCentre(centreMs);
  return { words, vouched: new VouchedClock({ index, clock, listWitnesses: () => words.list(), log: (_level, _fields, message) => told.push(message) }) };
}

test("[RET13] [RET14] a new index on a machine whose clock is a year ahead: the centre's first word makes the doubt, in the pass that it is heard before; what was recorded since the start is as old as it truly is", async () => {
  index.database.exec("DELETE FROM setting");
  holds.replace([], 0);
  wallMs += YEAR_MS;
  index.saveSetting("clock-trust", formatClockTrust(createClockTrust(wallMs)));
  const { vouched, words } = openLinkedClock();
  assert.equal(vouched.doubtedMs, 0);
  const early = await record(vouched);
  words.noteCentre(wallMs - YEAR_MS);
  const { deletions } = await deleteOldRecordings(options(vouched));
  assert.deepEqual([vouched.doubtedMs, deletions.length, await countFiles()], [YEAR_MS, 11, 30]);
  const late = await record(vouched);
  run(3 * DAY_MS, vouched);
  assert.equal(vouched.doubtedMs, YEAR_MS, "however long it runs");
  wallMs -= YEAR_MS; // put right
  run(10 * MINUTE_MS, vouched);
  assert.deepEqual([vouched.doubtedMs, vouched.behindMs], [0, 0]);
  run(26 * DAY_MS, vouched);
  const before = (await deleteOldRecordings(options(vouched))).deletions.map(({ segment }) => segment.segmentId);
  run(2 * DAY_MS, vouched);
  const due = (await deleteOldRecordings(options(vouched))).deletions.map(({ segment }) => segment.segmentId);
  assert.deepEqual([early, late].map((id) => [before.includes(id), due.includes(id)]), [[false, true], [false, true]], "after 30 days, not after a year");
});

test("[RET13] [RET14] a step that was believed while the link was down is doubted again by the centre's word, with all that was recorded since it", async () => {
  openClock().keep();
  const { vouched, words } = openLinkedClock();
  wallMs += YEAR_MS;
  vouched.keep();
  const since = await record(vouched);
  run(2 * DAY_MS, vouched);
  assert.deepEqual([vouched.doubtedMs, vouched.listBehind()], [0, []]);
  words.noteCentre(wallMs - YEAR_MS);
  assert.deepEqual([vouched.doubtedMs, vouched.listBehind().length], [YEAR_MS, 1]);
  const again = openLinkedClock(wallMs - YEAR_MS).vouched; // the next start knows it too
  vouched.keep();
  assert.equal(openClock().doubtedMs, YEAR_MS);
  wallMs -= YEAR_MS;
  run(29 * DAY_MS, again);
  assert.equal((await deleteOldRecordings(options(again))).deletions.some(({ segment }) => segment.segmentId === since), true, "31 days after it was recorded");
});

test("[RET13] the doubt is an alarm with how far the clock is ahead, as long as it lasts", async () => {
  const vouched = openClock();
  const monitor = new DiskMonitor({ ...options(vouched), room: ampleRoom(root), isDirect: () => true, holds, clock, counters: { failures: 0 }, listRecording: () => [], findDoubtedMs: () => vouched.doubtedMs, findBehindMs: () => vouched.behindMs });
  assert.deepEqual([(await monitor.refresh()).alarms, monitor.latest?.clockAheadMs], [[], 0]);
  wallMs += 2 * HOUR_MS;
  assert.deepEqual([(await monitor.refresh()).alarms, monitor.latest?.clockAheadMs], [["clock"], 2 * HOUR_MS]);
  wallMs -= 2 * HOUR_MS;
  assert.deepEqual([(await monitor.refresh()).alarms, monitor.latest?.clockAheadMs, told.length], [[], 0, 2]);
});

/** A minute of camera 1 by the wall clock. */
async function record(vouched: VouchedClock): Promise<number> {
  const runId = index.insertRun(1, wallMs);
  const segmentId = index.insertSegment(1, runId, wallMs, 10, "k");
  run(10 * MINUTE_MS, vouched);
  index.closeSegment(segmentId, { endMs: wallMs, bytes: 100, frames: 1, gops: [], sha256: null }, "closed");
  await writeFile(segmentPath(root, 1, segmentId), new Uint8Array(100));
  return segmentId;
}

for (const backMs of [60 * DAY_MS, 50 * YEAR_MS])
  test(`[RET14] what was recorded while the clock was ${backMs / DAY_MS} days behind stays when it is put right, and goes when its time has come; for want of room it goes in its turn`, async () => {
    openClock().keep();
    await deleteOldRecordings(options(openClock()));
    wallMs -= backMs;
    monotonicMs = 7; // started anew without a battery for its clock
    const vouched = openClock();
    const monitor = new DiskMonitor({ ...options(vouched), room: ampleRoom(root), isDirect: () => true, holds, clock, counters: { failures: 0 }, listRecording: () => [], findDoubtedMs: () => vouched.doubtedMs, findBehindMs: () => vouched.behindMs });
    assert.deepEqual([(await monitor.refresh()).alarms, monitor.latest?.clockBehindMs], [["clock-behind"], backMs]);
    const late: number[] = [];
    for (let i = 0; i < 3; i++) late.push(await record(vouched));
    assert.equal((await deleteOldRecordings(options(vouched))).deletions.length, 0);
    wallMs += backMs;
    vouched.keep();
    assert.deepEqual([vouched.doubtedMs, (await monitor.refresh()).alarms, vouched.listBehind().length], [0, [], 1]);
    const right = await record(vouched);
    const again = openClock(); // a restart knows it too
    assert.deepEqual(again.listBehind(), vouched.listBehind());
    const due = await deleteOldRecordings(options(again));
    assert.deepEqual(due.deletions.map(({ segment }) => segment.segmentId), [30], "of a month ago, which has become due meanwhile");
    const forRoom = await deleteOldRecordings({ ...options(again), mostBytes: 26 * 100 });
    assert.deepEqual(forRoom.deletions.map(({ segment }) => late.includes(segment.segmentId) || segment.segmentId === right), Array.from({ length: forRoom.deletions.length }, () => false));
    run(30 * DAY_MS + HOUR_MS, again);
    const { deletions } = await deleteOldRecordings(options(again));
    assert.ok(late.every((id) => deletions.some(({ segment }) => segment.segmentId === id)), "a month later they are due");
  });

test("[RET14] a clock that was ahead for two days, and was believed, is put right: what was recorded before and since goes when its time has come, and does not stay for a year", async () => {
  const vouched = openClock();
  wallMs += YEAR_MS;
  run(DAY_MS / 2, vouched);
  const ahead = await record(vouched);
  run(2 * DAY_MS, vouched);
  wallMs -= YEAR_MS;
  const since = await record(vouched);
  run(25 * DAY_MS, vouched);
  const early = (await deleteOldRecordings(options(vouched))).deletions.map(({ segment }) => segment.segmentId);
  assert.deepEqual([early.includes(ahead), early.includes(since)], [false, false]);
  run(6 * DAY_MS, vouched);
  const due = (await deleteOldRecordings(options(openClock()))).deletions.map(({ segment }) => segment.segmentId);
  assert.deepEqual([due.includes(ahead), due.includes(since), vouched.behindMs], [true, true, 0]);
});

test("[RET14] a clock that was sixty days behind over a weekend, and is put right while the recorder is off for hours: what was recorded meanwhile stays, and goes when its time has come", async () => {
  openClock().keep();
  await deleteOldRecordings(options(openClock()));
  wallMs -= 60 * DAY_MS;
  const vouched = openClock();
  const behind = [await record(vouched)];
  run(2 * DAY_MS, vouched);
  behind.push(await record(vouched));
  vouched.keep();
  wallMs += 60 * DAY_MS + 5 * HOUR_MS;
  monotonicMs = 7;
  const repaired = openClock();
  run(25 * HOUR_MS, repaired);
  assert.deepEqual([repaired.doubtedMs, repaired.wallMs()], [0, wallMs]);
  const kept = (await deleteOldRecordings(options(repaired))).deletions.map(({ segment }) => segment.segmentId);
  assert.deepEqual(behind.map((id) => kept.includes(id)), [false, false]);
  run(30 * DAY_MS, repaired);
  const due = (await deleteOldRecordings(options(repaired))).deletions.map(({ segment }) => segment.segmentId);
  assert.deepEqual(behind.map((id) => due.includes(id)), [true, true]);
});
