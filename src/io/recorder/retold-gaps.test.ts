import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import type { GapCause } from "../../video/ports.ts";
import { IndexStore } from "./index-store.ts";
import { retellGaps } from "./retold-gaps.ts";

const DAY_MS = 86_400_000;
const NOW = 100 * DAY_MS;
let root = "";
let index: IndexStore;
before(async () => {
  root = await mkdtemp(join(tmpdir(), "citywatch-gaps-"));
  index = new IndexStore(join(root, "index.sqlite"));
});
after(async () => {
  index.close();
  await rm(root, { recursive: true, force: true });
});

test("[RCD7] of a time that is told anew each moment that had the one cause has the other, and no other moment or cause changes, however long the gaps are", () => {
  let cameraId = 0;
  const lengthMs = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: DAY_MS, max: 3 * DAY_MS }));
  const gap = fc.record({ cause: fc.constantFrom<GapCause>("no-event", "camera-closed", "disk-full"), lengthMs });
  fc.assert(fc.property(fc.array(gap, { minLength: 1, maxLength: 8 }), lengthMs, fc.option(lengthMs), (gaps, back, length) => {
    const id = ++cameraId;
    let at = NOW - gaps.reduce((sum, each) => sum + each.lengthMs, 0);
    for (const { cause, lengthMs: ms } of gaps) {
      index.noteGap(id, at, cause);
      at += ms;
    }
    const from = NOW - back;
    const to = length === null ? Number.POSITIVE_INFINITY : from + length;
    const moments = [from - 1, from, from + 1, to - 1, to, NOW - 1, NOW + 5 * DAY_MS, ...index.listGaps(id, 0, 2 * NOW).flatMap(({ start, end }) => [start, end - 1])].filter(Number.isFinite);
    const causeAt = (ms: number): readonly string[] => index.listGaps(id, 0, 2 * NOW).filter(({ start, end }) => start <= ms && ms < end).map(({ cause }) => cause);
    const wanted = moments.map((ms) => causeAt(ms).map((cause) => (cause === "no-event" && ms >= from && ms < to ? "disk-slow" : cause)));
    const lasting = index.findLastingGap(id)!.cause;
    index.transaction(() => retellGaps(index, id, { from, to }, "no-event", "disk-slow"));
    assert.deepEqual(moments.map(causeAt), wanted);
    assert.equal(index.findLastingGap(id)!.cause, lasting === "no-event" && to === Number.POSITIVE_INFINITY ? "disk-slow" : lasting);
  }), { numRuns: 300 });
});
