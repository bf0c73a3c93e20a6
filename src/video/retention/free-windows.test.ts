import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { freeWindows, mergeRanges } from "./free-windows.ts";

test("[HLD2] a segment lies in a free window exactly where it touches no held range", () => {
  const range = fc.tuple(fc.nat(50), fc.nat(20)).map(([from, length]) => ({ from, to: from + length }));
  fc.assert(fc.property(fc.array(range, { maxLength: 8 }), range, (held, segment) => {
    const sorted = [...held].sort((a, b) => a.from - b.from);
    const isFree = freeWindows(mergeRanges(sorted)).some(({ after, before }) => segment.from > after && segment.to < before);
    assert.equal(isFree, !held.some(({ from, to }) => from <= segment.to && to >= segment.from));
  }));
});
