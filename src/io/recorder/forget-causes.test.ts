// What is forgotten of old gaps and runs, and what is kept, on an index of its own. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { DAY_MS } from "../../base/time.ts";
import { buildTimeline } from "../../video/playback/timeline.ts";
import { forgetOldCauses } from "./forget-causes.ts";
import { HoldList } from "./hold-list.ts";
import { IndexStore } from "./index-store.ts";

const T0 = 1_790_000_000_000;
const HOUR_MS = 3_600_000;
let root = "";
let index: IndexStore;
let holds: HoldList;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "citywatch-causes-"));
  index = new IndexStore(join(root, "index.sqlite"));
  holds = new HoldList(index);
  holds.replace([], 1);
});
afterEach(async () => {
  index.close();
  await rm(root, { recursive: true, force: true });
});

const forget = (now: number): Promise<number> =>
  forgetOldCauses({ index, holds, clock: { wallMs: () => now, monotonicMs: () => now }, findKeeping: (cameraId) => ({ mostDays: cameraId === 2 ? 6 : 3, leastDays: 0, mostBytes: Infinity }), fallback: { mostDays: 3, leastDays: 0, mostBytes: Infinity } });
/** A run of half an hour and a gap of as long, each hour, of so many days. */
function comeAndGo(cameraId: number, days: number): void {
  for (let at = T0; at < T0 + days * DAY_MS; at += HOUR_MS) {
    index.transaction(() => {
      const runId = index.insertRun(cameraId, at);
      index.endGap(cameraId, at);
      index.endRun(runId, at + HOUR_MS / 2, "no-data");
      index.noteGap(cameraId, at + HOUR_MS / 2, "no-data");
    });
  }
}
const count = (table: "gap" | "run", cameraId: number): number => (index.database.prepare(`SELECT count(*) AS n FROM ${table} WHERE camera_id = ?`).get(cameraId) as { n: number }).n;
const keepSegment = (cameraId: number, at: number): void => {
  const runId = (index.database.prepare("SELECT run_id FROM run WHERE camera_id = ? AND start_ms <= ? ORDER BY start_ms DESC").get(cameraId, at) as { run_id: number }).run_id;
  index.closeSegment(index.insertSegment(cameraId, runId, at, 0, "key"), { endMs: at + 60_000, bytes: 1_000, frames: 1_500, gops: [], sha256: null }, "closed");
};
const timelineOf = (cameraId: number, from: number, to: number): { start: number; end: number; cause: string }[] => [...buildTimeline(from, to, [], index.listGaps(cameraId, from, to), index.findKnownSince(cameraId) ?? to).gaps];

test("[RET12] what is older than its camera's longest age is one gap, and its runs are gone; what is younger stays as it was", async () => {
  comeAndGo(1, 10);
  comeAndGo(2, 10);
  const now = T0 + 10 * DAY_MS;
  const before = timelineOf(1, now - 3 * DAY_MS + HOUR_MS, now);
  assert.ok((await forget(now)) > 0);
  assert.deepEqual([1, 2].map((cameraId) => [count("gap", cameraId), count("run", cameraId)]), [[3 * 24 + 1, 3 * 24], [6 * 24 + 1, 6 * 24]]);
  assert.deepEqual(timelineOf(1, now - 3 * DAY_MS + HOUR_MS, now), before);
  const horizon = now - 3 * DAY_MS;
  assert.deepEqual(timelineOf(1, T0 - HOUR_MS, horizon), [{ start: T0 - HOUR_MS, end: T0 + HOUR_MS / 2, cause: "not-yet-added" }, { start: T0 + HOUR_MS / 2, end: horizon, cause: "deleted" }], "known since when it was");
  assert.equal(await forget(now), 0);
  await forget(now + DAY_MS);
  assert.equal(count("gap", 1), 2 * 24 + 1, "the one gap grows");
});

test("[RET12] [EXP2] what is stored or held longer keeps its causes; before the holds are known nothing is forgotten", async () => {
  for (const cameraId of [1, 3, 4]) comeAndGo(cameraId, 10);
  const now = T0 + 10 * DAY_MS;
  keepSegment(1, T0 + 1 * DAY_MS);
  holds.save({ holdId: 1, cameraIds: [3], from: T0 + 2 * DAY_MS, to: T0 + 3 * DAY_MS } as never, 2);
  index.database.exec("DELETE FROM setting WHERE name = 'hold-revision'");
  assert.equal(await forget(now), 0);
  index.saveSetting("hold-revision", "2");
  await forget(now);
  assert.deepEqual([1, 3, 4].map((cameraId) => [count("gap", cameraId), count("run", cameraId)]), [[9 * 24 + 1, 9 * 24], [8 * 24 + 1, 8 * 24], [3 * 24 + 1, 3 * 24]]);
  assert.deepEqual(index.database.prepare("PRAGMA foreign_key_check").all(), []);
  assert.equal((index.database.prepare("PRAGMA foreign_keys").get() as { foreign_keys: number }).foreign_keys, 1);
});

test("[RET12] a day's gaps are found by two indexes, not by reading all before them; one that began long before and one that lasts are among them", () => {
  index.insertGap(1, T0, T0 + 40 * DAY_MS, "disk-full");
  index.insertGap(1, T0 + 39 * DAY_MS, T0 + 39.5 * DAY_MS, "damaged");
  index.noteGap(1, T0 + 40 * DAY_MS, "no-data");
  const listed = (from: number, to: number): string[] => index.listGaps(1, from, to).map(({ cause }) => cause);
  assert.deepEqual(listed(T0 + 39.2 * DAY_MS, T0 + 39.3 * DAY_MS), ["disk-full", "damaged"]);
  assert.deepEqual(listed(T0 + 39.8 * DAY_MS, T0 + 39.9 * DAY_MS), ["disk-full"]);
  assert.deepEqual(listed(T0 + 90 * DAY_MS, T0 + 91 * DAY_MS), ["no-data"]);
  assert.deepEqual(listed(T0 - 2, T0 - 1), []);
});
