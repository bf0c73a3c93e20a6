// Rule ids are those of video/SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MinuteCount } from "./minute-count.ts";

test("[SND4] what happened within the last minute is counted, and forgotten after it", () => {
  const count = new MinuteCount();
  assert.equal(count.get(), 0);
  for (let s = 0; s <= 300; s++) {
    count.note(Math.min(Math.max(0, s - 100), 20), s * 1_000); // one each second from 100 s to 120 s
    const expected = Math.min(Math.max(0, s - 100), 20) - Math.min(Math.max(0, s - 160), 20);
    assert.ok(Math.abs(count.get() - expected) <= 5, `${s} s: ${count.get()} for ${expected}`);
  }
  assert.equal(count.get(), 0);
});
