import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { EMPTY_DRAFT, EMPTY_HELD, pickFields, stillUnsaved, takeKept, type Draft, type DraftField, type HeldDraft } from "./draft.ts";

const MINE = "this-page";
const draft = fc.record({ where: fc.string(), place: fc.constant(null), what: fc.string(), who: fc.string(), type: fc.constantFrom(null, "theft" as const, "fight" as const), priority: fc.constantFrom(null, 1, 2), answers: fc.constantFrom({}, { awake: "no" }, { awake: "no", breathing: "none" }), verdicts: fc.constantFrom({}, { 7: "seen" as const }, { 7: "not-seen" as const, 9: "seen" as const }) }) satisfies fc.Arbitrary<Draft>;
const FIELDS = Object.keys(EMPTY_DRAFT) as DraftField[];
const fields = fc.subarray(FIELDS);
const stamped = (of: readonly DraftField[], version: number, writer: string): HeldDraft["stamps"] => Object.fromEntries(of.map((field) => [field, { version, writer, number: 1 }]));

describe("the draft of a call", () => {
  it("what was typed here over what the server has still stands; all else is as the server has it", () => {
    fc.assert(fc.property(draft, fields, draft, fields, (local, unsaved, server, kept) => {
      const stamps = stamped(kept, 3, "another-page");
      const after = takeKept({ draft: local, unsaved, stamps, setAside: {} }, { draft: pickFields(server, kept), stamps }, MINE);
      for (const field of FIELDS) assert.equal(after.draft[field], unsaved.includes(field) || !kept.includes(field) ? local[field] : server[field], field);
      assert.deepEqual([after.unsaved, after.setAside], [unsaved, {}]);
    }));
  });
  it("[CON10] what somebody else typed later goes into the form, and what was typed here before is set aside, not sent and not lost", () => {
    const held: HeldDraft = { draft: { ...EMPTY_DRAFT, what: "A: smoke", who: "x" }, unsaved: ["what", "who"], stamps: stamped(["what"], 1, MINE), setAside: {} };
    const after = takeKept(held, { draft: { what: "B: two people trapped" }, stamps: stamped(["what"], 2, "another-page") }, MINE);
    assert.deepEqual([after.draft.what, after.draft.who, after.unsaved, after.setAside], ["B: two people trapped", "x", ["who"], { what: "A: smoke" }]);
  });
  it("[CON10] where and place are set aside as one", () => {
    const held: HeldDraft = { ...EMPTY_HELD, draft: { ...EMPTY_DRAFT, where: "cordon" }, unsaved: ["where"] };
    const place = { kind: "street", label: "Rivera" } as Draft["place"];
    const after = takeKept(held, { draft: { where: "riv", place }, stamps: stamped(["where", "place"], 1, "another-page") }, MINE);
    assert.deepEqual([after.draft.where, after.draft.place, after.setAside], ["riv", place, { where: "cordon" }]);
  });
  it("the page's own words of before a reload, kept though their answer was lost, are nobody else's", () => {
    const held: HeldDraft = { ...EMPTY_HELD, draft: { ...EMPTY_DRAFT, what: "smoke" }, unsaved: ["what"] };
    const after = takeKept(held, { draft: { what: "smo" }, stamps: stamped(["what"], 1, MINE) }, MINE);
    assert.deepEqual([after.draft.what, after.unsaved, after.setAside, after.stamps.what?.version], ["smoke", ["what"], {}, 1]);
  });
  it("an answer that comes late, from before a newer one, changes nothing", () => {
    const held: HeldDraft = { ...EMPTY_HELD, draft: { ...EMPTY_DRAFT, what: "smoke" }, stamps: stamped(["what"], 5, MINE) };
    assert.deepEqual(takeKept(held, { draft: { what: "smo" }, stamps: stamped(["what"], 4, MINE) }, MINE), held);
  });
  it("no word of this page is dropped silently, whatever the server has", () => {
    const stamp = fc.record({ version: fc.nat(4), writer: fc.constantFrom(MINE, "another-page"), number: fc.constant(1) });
    const stamps = fc.dictionary(fc.constantFrom(...FIELDS), stamp) as fc.Arbitrary<HeldDraft["stamps"]>;
    fc.assert(fc.property(draft, fields, stamps, draft, stamps, (local, unsaved, known, server, now) => {
      const kept = pickFields(server, FIELDS.filter((field) => now[field] !== undefined));
      const after = takeKept({ draft: local, unsaved, stamps: known, setAside: {} }, { draft: kept, stamps: now }, MINE);
      for (const field of unsaved) assert.ok([after.draft[field], after.setAside[field]].includes(local[field]), field);
    }));
  });
  it("a field that was typed on while it was being kept is kept again", () => {
    const sent = { what: "smo" };
    assert.deepEqual(stillUnsaved({ ...EMPTY_DRAFT, what: "smoke" }, ["what"], sent), ["what"]);
    assert.deepEqual(stillUnsaved({ ...EMPTY_DRAFT, what: "smo", who: "x" }, ["what", "who"], sent), ["who"]);
  });
});
