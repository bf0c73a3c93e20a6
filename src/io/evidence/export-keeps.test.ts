// What an export takes stays on the disk until it has it, also where retention would delete it meanwhile. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Writable } from "node:stream";
import { DAY_MS } from "../../base/time.ts";
import { HoldList } from "../recorder/hold-list.ts";
import { deleteOldRecordings } from "../recorder/retention-job.ts";
import { markAtOnce } from "../recorder/testing/mark-at-once.ts";
import { PackageRig, T0, TOKEN } from "./testing/package-rig.ts";

const MINUTE_MS = 60_000;
let rig: PackageRig;
let holds: HoldList;
let monotonicMs = 0;
beforeEach(async () => {
  rig = await PackageRig.create();
  rig.desk = rig.createDesk({ clock: { wallMs: () => rig.wallMs, monotonicMs: () => monotonicMs } });
  holds = new HoldList(rig.index);
  holds.replace([], 0);
  await rig.record(1, T0, 4_500); // three minutes
  await rig.record(2, T0, 1_500);
});
afterEach(() => rig.close());

/** All is due: by age, and for want of room. Answers which segments of the camera are left. */
async function deleteAll(cameraId: number): Promise<number[]> {
  const now = T0 + 90 * DAY_MS;
  const keep = { mostDays: 1, leastDays: 0, mostBytes: 0 };
  await deleteOldRecordings({
    root: rig.root, index: rig.index, holds: holds.besides((id) => rig.desk.listInUse(id)), clock: { wallMs: () => now, monotonicMs: () => now }, markDurably: markAtOnce,
    floorBytes: Number.MAX_SAFE_INTEGER, mostBytes: Infinity, findKeeping: () => keep, fallback: keep, log: () => undefined,
  });
  return rig.index.listSegments(cameraId, T0 - DAY_MS, T0 + DAY_MS).map(({ startMs }) => startMs - T0);
}
const outcomeOf = (exportId: number): string | undefined => {
  const told = rig.told.findLast((message) => message.type === "export-ended" && message.exportId === exportId);
  return told?.type === "export-ended" ? told.end.outcome : undefined;
};

test("[HLD11] what is ordered stays from the order on until the package has left, whatever retention wants; other time and other cameras go", async () => {
  rig.desk.accept(rig.order(T0 + 2_000, T0 + 8_000, [1]));
  assert.deepEqual([await deleteAll(1), await deleteAll(2)], [[0], []]);
  const begun = rig.desk.begin(7, TOKEN);
  assert.ok(begun.ok);
  let left: number[] | undefined;
  await begun.value.send(new Writable({ write: (_chunk, _encoding, done) => void deleteAll(1).then((found) => { left = found; done(); }) }), () => undefined);
  assert.deepEqual([left, outcomeOf(7)], [[0], "complete"]);
  assert.deepEqual(await deleteAll(1), [], "with its end it is kept no more");
});

test("[HLD11] an export that was cancelled, that nobody began in time, or that came no further for ten minutes keeps nothing", async () => {
  rig.desk.accept(rig.order(T0, T0 + 10_000, [2], 8));
  rig.desk.cancel(8);
  assert.deepEqual(rig.desk.listInUse(2), []);

  rig.desk.accept(rig.order(T0, T0 + 10_000, [1], 9));
  monotonicMs += 10 * MINUTE_MS;
  assert.equal(rig.desk.listInUse(1).length, 1);
  monotonicMs += 1;
  assert.deepEqual(rig.desk.listInUse(1), [], "not begun");

  rig.desk.accept(rig.order(T0, T0 + 170_000, [1], 10));
  const begun = rig.desk.begin(10, TOKEN);
  assert.ok(begun.ok);
  const { promise: isStuck, resolve: stuck } = Promise.withResolvers<void>();
  const browser = new Writable({ write: () => stuck() }); // takes one piece, and no more
  const sent = begun.value.send(browser, () => undefined);
  await isStuck;
  assert.equal(rig.desk.listInUse(1).length, 1);
  monotonicMs += 10 * MINUTE_MS + 1;
  assert.deepEqual(rig.desk.listInUse(1), [], "stopped by its browser");
  browser.destroy();
  await sent;
});

test("[HLD11] an export that waits for its turn keeps its range as long as those before it come on", async () => {
  /** A download whose browser takes one piece and no more. */
  const begin = (exportId: number, cameraId: number): { readonly browser: Writable; readonly reads: Promise<void>; readonly ended: Promise<unknown> } => {
    rig.desk.accept(rig.order(T0, T0 + 170_000, [cameraId], exportId));
    const begun = rig.desk.begin(exportId, TOKEN);
    assert.ok(begun.ok);
    const { promise, resolve } = Promise.withResolvers<void>();
    const browser = new Writable({ write: () => resolve() });
    return { browser, reads: promise, ended: begun.value.send(browser, () => undefined) };
  };
  const four = [11, 12, 13, 14].map((id) => begin(id, 1));
  await Promise.all(four.map(({ reads }) => reads));
  const fifth = begin(15, 1);
  const sixth = begin(16, 2);
  monotonicMs += 9 * MINUTE_MS;
  four[0]!.browser.destroy();
  await fifth.reads; // its turn has come
  monotonicMs += 9 * MINUTE_MS;
  assert.equal(rig.desk.listInUse(2).length, 1, "the sixth, eighteen minutes after it began to wait");
  monotonicMs += 2 * MINUTE_MS;
  assert.deepEqual(rig.desk.listInUse(2), [], "nobody before it comes on any more");
  for (const { browser } of [...four, fifth, sixth]) browser.destroy();
  await Promise.all([...four, fifth, sixth].map(({ ended }) => ended));
});
