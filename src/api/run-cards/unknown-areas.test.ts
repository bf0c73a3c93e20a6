// Rows for districts that are not there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { listUnknownAreas } from "./unknown-areas.ts";

test("[RUN2] a district that the map does not have is told once, with the nearest name where it is typed wrong", () => {
  const rows = ["Pocitos", " pocitos", "Positos", "POSITOS", "Nowhere at all", "渝中", null].map((area) => ({ area }));
  assert.deepEqual(listUnknownAreas(rows, ["Centro", "Pocitos", "渝中区"]), [{ area: "POSITOS", nearest: "Pocitos" }, { area: "Nowhere at all", nearest: null }, { area: "渝中", nearest: "渝中区" }]);
  assert.deepEqual(listUnknownAreas(rows, []), [], "of a map without districts nothing is said");
});
