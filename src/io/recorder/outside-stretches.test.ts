// Rule ids are those of video/SPEC.md.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import fc from "fast-check";
import type { BehindStretch } from "../../video/retention/behind-stretches.ts";
import { mergeRanges } from "../../video/retention/free-windows.ts";
import { listOldestFree, listOldestOutside } from "./deletion-store.ts";
import { IndexStore } from "./index-store.ts";
import { OutsideStretches, listWindows } from "./outside-stretches.ts";

let root = "";
let index: IndexStore;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "citywatch-outside-"));
  index = new IndexStore(join(root, "index.sqlite"));
});
afterEach(() => {
  index.close();
  rmSync(root, { recursive: true, force: true });
});

function insert(startMs: number, isOpen = false): number {
  const id = index.insertSegment(1, index.insertRun(1, startMs), startMs, 10, "k");
  if (!isOpen) index.closeSegment(id, { endMs: startMs + 9, bytes: 100, frames: 1, gops: [], sha256: null }, "closed");
  return id;
}
const stretch = (afterId: number, uptoId: number | null, fromMs: number, beforeMs: number): BehindStretch => ({ afterId, uptoId, fromMs, beforeMs, behindMs: 1, isBelieved: false });

test("[RET14] what is in no stretch is found as by walking all of it, also as rows go and come, and the front of it is held", () => {
  const ids = fc.integer({ min: 0, max: 60 });
  const times = fc.integer({ min: 0, max: 900 });
  const stretches = fc.array(fc.tuple(ids, ids, times, times), { minLength: 1, maxLength: 3 }).map((all) => all.map(([after, upto, from, before]) => stretch(after, after < upto ? upto : null, Math.min(from, before), Math.max(from, before) + 1)));
  const held = fc.array(fc.tuple(times, times), { maxLength: 3 }).map((all) => mergeRanges(all.map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })).sort((a, b) => a.from - b.from)));
  fc.assert(fc.property(stretches, held, fc.array(times, { minLength: 1, maxLength: 60 }), fc.array(fc.nat(59), { maxLength: 20 }), fc.integer({ min: 1, max: 25 }), (behind, holds, starts, gone, limit) => {
    index.database.exec("DELETE FROM segment; DELETE FROM run; DELETE FROM sqlite_sequence");
    const inserted = starts.map((startMs, i) => insert(startMs, i % 11 === 10));
    let now = 0;
    const outside = new OutsideStretches({ monotonicMs: () => now });
    const check = (): void => assert.deepEqual(listOldestOutside(index, 1, holds, limit, behind, outside), listOldestFree(index, 1, holds, limit, { but: behind }));
    check();
    for (const at of gone) {
      if (at < inserted.length) index.deleteSegmentRow(inserted[at]!);
      check();
    }
    insert(5); // taken in again
    now += 3_600_000;
    check();
  }), { numRuns: 100 });
});

test("[RET14] a stretch of two months is walked once an hour, not in each pass; more than is remembered is walked on", () => {
  const behind = [stretch(0, 3_000, 0, 1_000_000)];
  index.transaction(() => { for (let i = 0; i < 3_000; i++) insert(i * 10); });
  index.transaction(() => { for (let i = 0; i < 2_500; i++) insert(i * 10 + 5); }); // in none
  let walks = 0;
  const { database } = index;
  const watched = { database: { prepare: (sql: string) => { if (sql.includes("AND NOT")) walks++; return database.prepare(sql); } } } as unknown as IndexStore;
  const outside = new OutsideStretches({ monotonicMs: () => 0 });
  const [window] = listWindows(behind);
  const list = (): readonly number[] => outside.list(watched, 1, behind, window!, 21);
  assert.deepEqual([list().slice(0, 3), list().length, walks], [[3_001, 3_002, 3_003], 1_000, 1]);
  for (let gone = 0; gone < 2_500; gone += 20) {
    assert.deepEqual(list().slice(0, 20), Array.from({ length: 20 }, (_, i) => 3_001 + gone + i));
    index.transaction(() => { for (let i = 0; i < 20; i++) index.deleteSegmentRow(3_001 + gone + i); });
  }
  assert.deepEqual([list(), walks <= 4], [[], true]);
});
