// When a link that says nothing counts as silent.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SILENT_AFTER_MS, silentFor } from "./live-link.ts";

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
});
