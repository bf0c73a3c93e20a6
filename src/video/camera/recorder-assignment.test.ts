// Rule ids are those of ../SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { assignRecorders, type RecorderLoad } from "./recorder-assignment.ts";

const load = (recorderId: number, cameras: number, more: Partial<RecorderLoad> = {}): RecorderLoad => ({ recorderId, isThere: true, cameras, toldCameras: 0, toldBitsPerSecond: 0, ...more });

test("[RDR1] the recorder with least to do gets the next camera; of equals the one with the lower number", () => {
  assert.deepEqual(assignRecorders([null, null, null, null], [load(2, 1), load(1, 3)]), [2, 2, 1, 2]);
  assert.deepEqual(assignRecorders([null], [load(7, 500)]), [7]);
});

test("[RDR1] what there is to do is the bit rate: few cameras of much weigh more than many of little", () => {
  const few = load(1, 2, { toldCameras: 2, toldBitsPerSecond: 32_000_000 });
  const many = load(2, 4, { toldCameras: 4, toldBitsPerSecond: 4_000_000 });
  assert.deepEqual(assignRecorders([null], [few, many]), [2]);
  assert.deepEqual(assignRecorders([null], [load(1, 2, { toldCameras: 1, toldBitsPerSecond: 1_000_000 }), load(2, 3, { toldCameras: 3, toldBitsPerSecond: 6_000_000 })]), [1], "one that told nothing counts as the middle of the others, 1.75 Mbit/s");
});

test("[RDR1] one that is away gets none while another is there; where none is there it does not matter", () => {
  assert.deepEqual(assignRecorders([null, null], [load(1, 0, { isThere: false }), load(2, 900)]), [2, 2]);
  assert.deepEqual(assignRecorders([null, null], [load(1, 0, { isThere: false }), load(2, 0, { isThere: false })]), [1, 2]);
});

test("[RDR1] a named recorder is taken as it is, and what it gets counts", () => {
  assert.deepEqual(assignRecorders([1, 1, null, null, null], [load(1, 0), load(2, 0)]), [1, 1, 2, 2, 1]);
});

test("[RDR1] whatever they had before: a long list ends with no recorder that got a camera having more than one camera above another", () => {
  fc.assert(fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 200 }), (counts, added) => {
    const after = new Map(counts.map((cameras, i) => [i + 1, cameras]));
    const got = assignRecorders(Array.from({ length: added }, () => null), counts.map((cameras, i) => load(i + 1, cameras)));
    for (const id of got) after.set(id, after.get(id)! + 1);
    const least = Math.min(...after.values());
    for (const id of new Set(got)) assert.ok(after.get(id)! <= least + 1);
  }));
});
