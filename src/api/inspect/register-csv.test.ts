// What leaves as CSV is read again by a reader that is not ours.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { formatCsv } from "./register-csv.ts";

describe("CSV of a register", () => {
  test("whatever stands in a cell, a reader finds the same cells", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "é", "摄", ",", '"', "\n", "\r", " ", ";") });
    const cell = fc.oneof(text, fc.integer({ min: 0 }), fc.constant(null));
    fc.assert(fc.property(fc.array(fc.tuple(cell, cell, cell), { maxLength: 8 }), (rows) => {
      const read = parse(formatCsv([["a", "b", "c"], ...rows]), { record_delimiter: "\r\n", relax_column_count: false }) as string[][];
      const expected = rows.map((row) => row.map((value) => (typeof value === "string" && value.startsWith("\r") ? `'${value}` : String(value ?? ""))));
      assert.deepEqual(read, [["a", "b", "c"], ...expected]);
    }));
  });

  test("what a spreadsheet would run as a formula is text", () => {
    for (const first of ["=", "+", "-", "@", "\t"]) assert.ok(formatCsv([[`${first}HYPERLINK("http://x")`]]).includes(`'${first}HYPERLINK`), first);
    assert.equal(formatCsv([["n"], [-5]]), "n\r\n-5\r\n", "a number is a number");
  });
});
