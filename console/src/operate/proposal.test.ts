import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isJustChanged, NO_CHOICE, SEEN_MS, showChoice, standProposal } from "./proposal.ts";

const ranked = (...ids: readonly (number | `${number}+`)[]) => ids.map((id, i) => ({ unitId: parseInt(String(id), 10), rank: i + 1, suggested: String(id).endsWith("+") }));

describe("a proposal stands still", () => {
  const first = standProposal(null, "theft", ranked("1+", 2, 3));
  it("at first: what the plan suggests is ticked, rows by rank, an engine far down among them", () => {
    assert.deepEqual(first, { about: "theft", rows: [1, 2, 3], ticked: [1], better: [], gone: [] });
    assert.deepEqual(standProposal(null, "fire", ranked(1, 2, 3, 4, 5, 6, 7, 8, "9+")).rows, [1, 2, 3, 4, 5, 9]);
  });
  it("a better unit is offered at the end of the rows and not ticked; the rows keep their places", () => {
    const next = standProposal(first, "theft", ranked("4+", 3, 1, 2));
    assert.deepEqual(next, { about: "theft", rows: [1, 2, 3, 4], ticked: [1], better: [4], gone: [] });
    assert.deepEqual(standProposal(next, "theft", ranked("1+", 2, 3, 4)).better, [], "no longer better");
  });
  it("a unit that cannot go any more is taken out and named, and none takes its tick", () => {
    assert.deepEqual(standProposal(first, "theft", ranked("2+", 3)), { about: "theft", rows: [2, 3], ticked: [], better: [2], gone: [1] });
  });
  it("another job, another proposal", () => assert.deepEqual(standProposal(first, "robbery", ranked("2+", 1)).ticked, [2]));
  it("another job while somebody points at the rows: those that can go keep their places, what the plan wants now is ticked", () => {
    assert.deepEqual(standProposal(first, "robbery", ranked("4+", 3, "1+"), true), { about: "robbery", rows: [1, 3, 4], ticked: [4, 1], better: [], gone: [] });
    assert.deepEqual(standProposal(first, "robbery", ranked("4+", 3, "1+")).rows, [4, 3, 1], "and let go of they stand as they rank");
  });
  it("nothing is ever ticked that was not ticked before, and no row changes its place", () => {
    const answer = fc.uniqueArray(fc.record({ unitId: fc.nat(20), rank: fc.nat(20), suggested: fc.boolean() }), { selector: (c) => c.unitId });
    fc.assert(fc.property(fc.array(answer, { minLength: 2 }), (answers) => {
      let standing = standProposal(null, "a", answers[0]!);
      for (const next of answers.slice(1)) {
        const now = standProposal(standing, "a", next);
        assert.ok(now.ticked.every((id) => standing.ticked.includes(id)));
        assert.deepEqual(now.rows.filter((id) => standing.rows.includes(id)), standing.rows.filter((id) => now.rows.includes(id)));
        assert.ok(next.filter((c) => c.suggested).every((c) => now.rows.includes(c.unitId)));
        standing = now;
      }
    }));
  });
});

describe("a key that was meant for what the button said a moment ago sends nobody", () => {
  const first = showChoice(NO_CHOICE, "1,2", false, 0);
  it("what it says at first may be sent at once", () => assert.equal(isJustChanged(first, 0), false));
  it("what has changed by itself may be sent once it could be seen", () => {
    const changed = showChoice(first, "2", false, 5_000);
    assert.deepEqual([5_000, 5_000 + SEEN_MS - 1, 5_000 + SEEN_MS].map((now) => isJustChanged(changed, now)), [true, true, false]);
  });
  it("what a person has ticked may be sent at once", () => assert.equal(isJustChanged(showChoice(first, "2", true, 5_000), 5_000), false));
  it("the same said again, and nothing to send meanwhile, begin nothing anew", () => {
    assert.equal(isJustChanged(showChoice(first, "1,2", false, 5_000), 5_000), false);
    assert.equal(showChoice(first, "", false, 5_000), first);
    assert.equal(isJustChanged(showChoice(showChoice(first, "", false, 5_000), "3", false, 6_000), 6_000), true);
  });
});
