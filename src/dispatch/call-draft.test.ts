import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { layOver, type FieldChange, type Fields, type LaidOver } from "./call-draft.ts";

const NOTHING: LaidOver = { fields: {}, stamps: {}, notTaken: [] };
const change = (writer: string, number: number, fields: Fields, bases: FieldChange["bases"] = {}): FieldChange => ({ writer, number, fields, bases });

describe("[CON10] a change of a draft", () => {
  it("changes the fields that it names and no other", () => {
    const first = layOver(NOTHING, change("page-a", 1, { what: "smoke", who: "x" }));
    const second = layOver(first, change("page-b", 1, { what: "flames" }, { what: 1 }));
    assert.deepEqual([second.fields, second.notTaken], [{ what: "flames", who: "x" }, []]);
  });
  it("leaves a field that somebody else has typed since its page saw it", () => {
    const kept = layOver(NOTHING, change("page-b", 1, { what: "B: two people trapped" }));
    const late = layOver(kept, change("page-a", 9, { what: "A: smoke", who: "a neighbour" }));
    assert.deepEqual([late.fields, late.notTaken], [{ what: "B: two people trapped", who: "a neighbour" }, ["what"]]);
  });
  it("takes where and place as one: never the words of one and the place of the other", () => {
    const kept = layOver(NOTHING, change("page-b", 1, { place: { label: "Rivera" } }));
    assert.deepEqual(layOver(kept, change("page-a", 1, { where: "cordon", place: null })).notTaken, ["where", "place"]);
  });
  it("of one page, in whatever order its changes arrive, the last that was typed stays", () => {
    fc.assert(fc.property(fc.shuffledSubarray([1, 2, 3, 4, 5, 6], { minLength: 1 }), (order) => {
      const kept = order.reduce<LaidOver>((so, number) => layOver(so, change("page-a", number, { what: `typed ${number}` })), NOTHING);
      assert.equal(kept.fields["what"], `typed ${Math.max(...order)}`);
    }));
  });
  it("of several pages, none writes over what it has not seen", () => {
    const step = fc.record({ writer: fc.constantFrom("page-a", "page-b", "page-c"), base: fc.nat(4) });
    fc.assert(fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let kept = NOTHING;
      for (const [i, { writer, base }] of steps.entries()) {
        const before = kept.stamps["what"];
        kept = layOver(kept, change(writer, i + 1, { what: i }, { what: base }));
        if (before !== undefined && before.writer !== writer && before.version > base) assert.deepEqual([kept.stamps["what"], kept.notTaken], [before, ["what"]]);
        else assert.deepEqual([kept.fields["what"], kept.notTaken], [i, []]);
      }
    }));
  });
});
