// Which table is in force.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BUILT_IN_RUN_CARDS } from "../dispatch/run-cards.ts";
import { createRunCardShelf } from "./run-card-shelf.ts";

test("[RUN4] a city's table is in force in place of the program's, also one that was made before the program's had the same number; an older one is not put back", () => {
  const shelf = createRunCardShelf("UTC");
  assert.equal(shelf.current().table, BUILT_IN_RUN_CARDS);
  const own = { version: BUILT_IN_RUN_CARDS.version, rows: [] };
  shelf.put(own);
  assert.equal(shelf.current().table, own);
  for (const [version, stands] of [[5, 5], [4, 5]] as const) {
    shelf.put({ version, rows: [] });
    assert.equal(shelf.current().table.version, stands);
  }
});
