// Rule ids are those of ../SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { listRecordersEver, partsOfRange } from "./recorder-stays.ts";

const STAYS = [{ recorderId: 1, since: 0 }, { recorderId: 2, since: 1_000 }, { recorderId: 1, since: 5_000 }];

test("[RDR2] all of a camera that never was moved is with the recorder that it has", () => {
  assert.deepEqual(partsOfRange([], 3, 100, 200), [{ recorderId: 3, from: 100, to: 200 }]);
  assert.deepEqual(listRecordersEver([], 3), [3]);
});

test("[RDR2] a range over a move is a part of each recorder; one that lies within a stay is asked of that one alone", () => {
  assert.deepEqual(partsOfRange(STAYS, 1, 500, 6_000), [{ recorderId: 1, from: 500, to: 1_000 }, { recorderId: 2, from: 1_000, to: 5_000 }, { recorderId: 1, from: 5_000, to: 6_000 }]);
  assert.deepEqual(partsOfRange(STAYS, 1, 2_000, 5_000), [{ recorderId: 2, from: 2_000, to: 5_000 }]);
  assert.deepEqual(partsOfRange(STAYS, 1, -500, 1_000), [{ recorderId: 1, from: -500, to: 1_000 }], "what was before the first is that one's");
  assert.deepEqual(listRecordersEver(STAYS, 1), [1, 2]);
});

test("[RDR2] whatever the moves were, the parts cover the range in order, without hole or overlap, and no two neighbours are of one recorder", () => {
  const moves = fc.uniqueArray(fc.record({ recorderId: fc.integer({ min: 1, max: 3 }), since: fc.nat(1_000) }), { selector: ({ since }) => since, maxLength: 8 });
  fc.assert(fc.property(moves, fc.nat(1_100), fc.integer({ min: 1, max: 1_000 }), (unordered, from, long) => {
    const stays = unordered.toSorted((a, b) => a.since - b.since);
    const parts = partsOfRange(stays, stays.at(-1)?.recorderId ?? 1, from, from + long);
    assert.deepEqual([parts[0]!.from, parts.at(-1)!.to], [from, from + long]);
    for (const [i, part] of parts.entries()) {
      assert.ok(part.from < part.to);
      if (i > 0) assert.ok(parts[i - 1]!.to === part.from && parts[i - 1]!.recorderId !== part.recorderId);
      const holder = stays.findLast(({ since }) => since <= part.from) ?? stays[0] ?? { recorderId: 1 };
      assert.equal(part.recorderId, holder.recorderId);
    }
  }));
});
