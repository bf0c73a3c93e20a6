import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_POLICY, readDispatchTimes } from "./policy.ts";

test("a city sets its own times by name; what it does not name is as installed", () => {
  assert.deepEqual(readDispatchTimes(""), { ok: true, value: DEFAULT_POLICY });
  assert.deepEqual(readDispatchTimes("acknowledge=90, nobody-4=900"), { ok: true, value: { ...DEFAULT_POLICY, acknowledgeWithinMs: 90_000, shortfallAfterMs: [60_000, 120_000, 600_000, 900_000] } });
});

test("a part that is wrong is told, with what was expected", () => {
  for (const [text, value] of [["acknowledge", "acknowledge"], ["acknowledge=4", "acknowledge=4"], ["silent=60,acknowledge=90000", "acknowledge=90000"], ["nobody-5=60", "nobody-5=60"], ["lease=60", "lease=60"], ["silent=-1", "silent=-1"]] as const) {
    const read = readDispatchTimes(text);
    assert.ok(!read.ok && read.error.value === value && read.error.expected !== "", text);
  }
});
