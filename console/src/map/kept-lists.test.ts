import assert from "node:assert/strict";
import { it } from "node:test";
import { deriveOnce, keepEqual } from "./kept-lists.ts";

it("a list that says the same is the list of before; one that differs anywhere is the new one", () => {
  const point = { lon: 1, lat: 2 };
  const before = [{ id: 1, point, tone: "danger" }, { id: 2, point, tone: "decide" }];
  assert.equal(keepEqual(before, before.map((one) => ({ ...one }))), before);
  for (const now of [[before[0]!], [...before].reverse(), [before[0]!, { ...before[1]!, tone: "danger" }], [before[0]!, { ...before[1]!, point: { ...point } }], [...before, { id: 3, point, tone: "moving" }]]) assert.equal(keepEqual(before, now), now);
});

it("what is worked out from one list is worked out once, and from another list anew", () => {
  let worked = 0;
  const length = deriveOnce((list: readonly number[]) => { worked++; return [list.length]; });
  const list = [1, 2];
  assert.equal(length(list), length(list));
  assert.deepEqual([length([1, 2, 3]), worked], [[3], 2]);
});
