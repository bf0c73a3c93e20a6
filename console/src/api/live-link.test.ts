// When a link that says nothing counts as silent.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SILENT_AFTER_MS, silentFor, waitsToFold } from "./live-link.ts";

describe("a live link", () => {
  it("is silent two seconds after the last message, whatever its state says", () => {
    assert.equal(silentFor(10_000 + SILENT_AFTER_MS, "open", 10_000), null);
    assert.equal(silentFor(10_001 + SILENT_AFTER_MS, "open", 10_000), SILENT_AFTER_MS + 1);
    assert.equal(silentFor(70_000, "broken", 10_000), 60_000, "counted from what was heard last, not from when it was noticed");
  });
  it("is not silent before it has said anything, or where there is none", () => {
    assert.equal(silentFor(1e9, "connecting", null), null);
    assert.equal(silentFor(1e9, "idle", 5), null);
  });
  it("folds a message that comes alone at once, and many that follow each other together, unless nobody sees the page", () => {
    assert.deepEqual([waitsToFold(1_000, Number.NEGATIVE_INFINITY, false), waitsToFold(1_000, 940, false)], [0, 0]);
    assert.deepEqual([waitsToFold(1_000, 1_000, false), waitsToFold(1_000, 980, false)], [50, 30]);
    assert.equal(waitsToFold(1_000, 999, true), 0);
  });
});
