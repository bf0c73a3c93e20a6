// What stands beside the figures of a span about those that are not in it.
import assert from "node:assert/strict";
import { it } from "node:test";
import { countAbandoned, listLeftOut } from "./left-out.ts";

it("[FIG3] names what is missing, then what is excluded, most first, each with its number", () => {
  assert.deepEqual(listLeftOut({ missingBy: { answered: 1, created: 2 }, excludedBy: { "under-way": 3, abandoned: 6, elsewhere: 0 } }), [
    { kind: "missing", code: "created", n: 2 }, { kind: "missing", code: "answered", n: 1 }, { kind: "excluded", code: "abandoned", n: 6 }, { kind: "excluded", code: "under-way", n: 3 },
  ]);
  assert.deepEqual(listLeftOut({ missingBy: {}, excludedBy: {} }), []);
});
it("callers who hung up unanswered are counted, none where there are none", () => {
  assert.deepEqual([countAbandoned({ excludedBy: { abandoned: 6, "under-way": 3 } }), countAbandoned({ excludedBy: { "under-way": 3 } })], [6, 0]);
});
