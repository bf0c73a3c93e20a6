import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cellsOf, createCode, formatCells, hasFaultyLines, indexOfLine } from "./run-card-draft.ts";

const medical = cellsOf({ code: "medical", type: "medical", determinant: null, area: "Puerto \"viejo\"", hours: "mon-fri 07:00-19:00; sat 09:00-13:00", wants: [{ kinds: ["ambulance"], count: 1 }, { kinds: ["patrol", "platform-crew"], count: 2 }] });

describe("a table that is edited", () => {
  it("is one line a row, with what would part cells in quotes", () => {
    assert.equal(formatCells([medical]), 'code,type,determinant,area,hours,units\r\nmedical,medical,,"Puerto ""viejo""","mon-fri 07:00-19:00; sat 09:00-13:00","1 ambulance; 2 patrol|platform-crew"\r\n');
    assert.equal(formatCells([{ ...medical, area: "a\r\nb" }]).split("\r\n").length, 3);
    assert.equal(indexOfLine(2), 0);
  });
  it("is not to be edited where a file has lines that are no rows: they would be gone; a hole in the table is no such line", () =>
    assert.deepEqual([[{ line: 3 }, { line: null }], [{ line: null }], []].map(hasFaultyLines), [true, false, false]));
  it("names a new row by a code that is free", () => assert.equal(createCode([{ ...medical, code: "medical/row-1" }], "medical"), "medical/row-2"));
});
