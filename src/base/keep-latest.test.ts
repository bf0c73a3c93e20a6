import assert from "node:assert/strict";
import { test } from "node:test";
import { keepLatest } from "./keep-latest.ts";

test("the latest are remembered in the order of their last word, and the one that was silent for longest is forgotten", () => {
  const map = new Map<string, number>();
  for (const [i, key] of ["a", "b", "c", "a", "d"].entries()) keepLatest(map, key, i, 3);
  assert.deepEqual([...map], [["c", 2], ["a", 3], ["d", 4]]);
});

test("one more word of thousands looks at one of them, not at all", () => {
  let looks = 0;
  class Counting extends Map<number, number> {
    override *keys(): MapIterator<number> {
      for (const key of super.keys()) {
        looks++;
        yield key;
      }
    }
  }
  const map = new Counting();
  for (let i = 0; i < 2_000; i++) keepLatest(map, i, i, 1_000);
  assert.equal(map.size, 1_000);
  assert.ok(looks <= 1_000, `${looks} looks for 1,000 that were forgotten`);
});
