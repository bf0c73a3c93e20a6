import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { TICKS_MS, missingShare, placeOf, plotBars, plotEdges } from "./plot-scale.ts";

describe("the axis of spans", () => {
  it("keeps the order of times and stays within its ends", () => {
    fc.assert(fc.property(fc.nat(8.64e7), fc.nat(8.64e7), (a, b) => {
      assert.ok(placeOf(a) >= 0 && placeOf(a) <= 1 && (a > b || placeOf(a) <= placeOf(b)));
    }));
    assert.deepEqual([placeOf(-5), placeOf(0), placeOf(8.64e7)], [0, 0, 1]);
  });
  it("has its marks apart enough to be read", () => {
    for (const [i, tick] of TICKS_MS.entries()) assert.ok(i === 0 || placeOf(tick) - placeOf(TICKS_MS[i - 1]!) > 0.08, String(tick));
  });
});
describe("the bars", () => {
  it("begin and end with something, and keep what is empty between", () => {
    assert.deepEqual(plotBars([0, 2, 0, 4, 0], [10, 20, 30, 40]).map(({ from, to, n, height }) => [from, to, n, height]), [[10, 20, 2, 0.5], [20, 30, 0, 0], [30, 40, 4, 1]]);
    assert.deepEqual(plotBars([0, 0, 1], [10, 20]), [{ from: 20, to: null, n: 1, height: 1 }]);
    assert.deepEqual(plotBars([0, 0], [10]), []);
  });
});
describe("the names below the bars", () => {
  const of = (n: number, open = false) => plotEdges(Array.from({ length: n }, (_, i) => ({ from: i * 10, to: open && i === n - 1 ? null : i * 10 + 10, n: 1, height: 1 })));
  it("stand at the borders of the bars that they belong to, the last where the last bar ends", () => {
    assert.deepEqual(of(2), [{ at: 0, ms: 0, isOpen: false }, { at: 1, ms: 10, isOpen: false }, { at: 2, ms: 20, isOpen: false }]);
    assert.deepEqual(of(0), []);
  });
  it("a bar without an end is named where it begins", () => {
    assert.deepEqual(of(1, true), [{ at: 0, ms: 0, isOpen: true }]);
    assert.deepEqual(of(2, true), [{ at: 0, ms: 0, isOpen: false }, { at: 1, ms: 10, isOpen: true }]);
  });
  it("are few enough to be read however many bars there are, the first and the last among them", () => {
    for (let n = 1; n <= 40; n++) {
      const at = of(n).map((edge) => edge.at);
      const step = Math.ceil(n / 7);
      assert.ok(at[0] === 0 && at.at(-1) === n && at.length <= 8, `${n}: ${at.join(" ")}`);
      assert.ok(at.every((one, i) => i === 0 || one - at[i - 1]! >= step), `${n}: ${at.join(" ")}`);
    }
  });
});
it("what is missing is told of all that should be there", () => {
  assert.deepEqual([missingShare(0, 0), missingShare(3, 1), missingShare(0, 2)], [0, 0.25, 1]);
});
