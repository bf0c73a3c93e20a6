import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { EMPTY_DRAFT, mergeDraft, pickFields, stillUnsaved, type Draft, type DraftField } from "./draft.ts";

const draft = fc.record({ where: fc.string(), place: fc.constant(null), what: fc.string(), who: fc.string(), type: fc.constantFrom(null, "theft" as const, "fight" as const), priority: fc.constantFrom(null, 1, 2) }) satisfies fc.Arbitrary<Draft>;
const fields = fc.subarray(Object.keys(EMPTY_DRAFT) as DraftField[]);

describe("the draft of a call", () => {
  it("what was typed here and is not kept yet is never overwritten; all else is as the server has it", () => {
    fc.assert(fc.property(draft, fields, draft, fields, (local, unsaved, server, kept) => {
      const merged = mergeDraft(local, unsaved, pickFields(server, kept));
      for (const field of Object.keys(EMPTY_DRAFT) as DraftField[]) assert.equal(merged[field], unsaved.includes(field) || !kept.includes(field) ? local[field] : server[field], field);
    }));
  });
  it("a field that was typed on while it was being kept is kept again", () => {
    const sent = { what: "smo" };
    assert.deepEqual(stillUnsaved({ ...EMPTY_DRAFT, what: "smoke" }, ["what"], sent), ["what"]);
    assert.deepEqual(stillUnsaved({ ...EMPTY_DRAFT, what: "smo", who: "x" }, ["what", "who"], sent), ["who"]);
  });
});
