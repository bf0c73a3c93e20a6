// Waits beside times in which nobody could be heard.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Span, addSpan, momentAfter } from "./unheard.ts";

const MOST = 60;
const drawn = fc.array(fc.record({ from: fc.integer({ min: 0, max: MOST }), ms: fc.integer({ min: -3, max: 20 }) }), { maxLength: 8 }).map((all) => all.map(({ from, ms }): Span => ({ from, to: from + ms })));
const isIn = (spans: readonly Span[], moment: number): boolean => spans.some(({ from, to }) => moment >= from && moment < to);

describe("times in which nobody was heard", () => {
  it("[ASG15] are kept in order and apart, each moment once, however they came", () => {
    fc.assert(fc.property(drawn, (all) => {
      const kept = all.reduce(addSpan, [] as readonly Span[]);
      for (let moment = -5; moment < MOST + 25; moment++) assert.equal(isIn(kept, moment), isIn(all, moment), `${moment}`);
      for (let i = 1; i < kept.length; i++) assert.ok(kept[i - 1]!.to < kept[i]!.from);
    }));
  });
  it("[ASG15] are added to a wait, and nothing else is", () => {
    fc.assert(fc.property(drawn, fc.integer({ min: 0, max: MOST }), fc.integer({ min: 1, max: MOST }), (all, since, ms) => {
      const kept = all.reduce(addSpan, [] as readonly Span[]);
      let [at, heard] = [since, 0]; // moment by moment
      for (; heard < ms; at++) if (!isIn(kept, at)) heard++;
      assert.equal(momentAfter(kept, since, ms), at);
    }));
  });
});
