// Which rows are drawn, where keys lead, and how far a list scrolls.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { rowsInSight, scrolledTo, stepRow } from "./row-window.ts";

const ROW = 28;
describe("the window of a long list", () => {
  it("draws every row in sight, and few more, however long the list is", () => {
    fc.assert(fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 2_000 }), fc.nat(40_000), (top, height, rows) => {
      const { first, end } = rowsInSight(top, height, ROW, rows);
      assert.ok(0 <= first && first <= end && end <= rows);
      assert.ok(end - first <= Math.ceil(height / ROW) + 14, `${end - first} rows`);
      for (const at of [Math.floor(top / ROW), Math.ceil((top + height) / ROW) - 1]) if (at < rows && end > first) assert.ok(at >= first && at < end, `row ${at}`);
    }));
  });
  it("scrolls no farther than it takes to have the row whole in sight", () => {
    assert.deepEqual([scrolledTo(3, 0, 280, ROW), scrolledTo(9, 0, 280, ROW), scrolledTo(10, 0, 280, ROW), scrolledTo(2, 280, 280, ROW), scrolledTo(12, 280, 280, ROW)], [0, 0, 28, 56, 280]);
    fc.assert(fc.property(fc.nat(5_000), fc.nat(140_000), fc.integer({ min: ROW, max: 900 }), (row, top, height) => {
      const now = scrolledTo(row, top, height, ROW);
      assert.ok(now <= row * ROW && (row + 1) * ROW <= now + height);
    }));
  });
  it("goes from row to row, page to page, to the ends and no farther", () => {
    const step = (key: string, found: number): number | null => stepRow(key, found, found, 20, 5);
    assert.deepEqual([step("ArrowDown", 3), step("ArrowUp", 3), step("PageDown", 3), step("PageUp", 3), step("Home", 3), step("End", 3)], [4, 2, 8, 0, 0, 19]);
    assert.deepEqual([step("ArrowDown", 19), step("ArrowUp", 0), step("x", 3), stepRow("ArrowDown", -1, -1, 0, 5)], [19, 0, null, null]);
  });
  it("begins at the first row, and where the row has gone, at the one that took its place", () => {
    assert.equal(stepRow("ArrowDown", -1, -1, 20, 5), 0);
    assert.deepEqual([stepRow("ArrowDown", -1, 7, 20, 5), stepRow("ArrowUp", -1, 7, 20, 5), stepRow("ArrowDown", -1, 20, 20, 5)], [7, 6, 19]);
  });
});
