import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { cutCsv, inWholeList, joinCsv, partRecords, piecesOf } from "./csv-records.ts";

const LIST = '\ufeffname,lat\r\nA,1\r\n"Two\nlines, one ""record""",2\r\n\r\nC,3';

test("a list is cut at line ends outside quotes; lines are counted as the server counts", () => {
  const list = cutCsv(LIST)!;
  assert.equal(list.header, "name,lat");
  assert.deepEqual(list.records, [{ text: "A,1", line: 2 }, { text: '"Two\nlines, one ""record""",2', line: 4 }, { text: "C,3", line: 6 }]);
  assert.equal(cutCsv(" \n\n"), null);
});

test("a quote that is never closed swallows the rest, and counts as the row in which it was opened", () => {
  const list = cutCsv('name,lat\nA,1\n"B,2\nC,3')!;
  assert.deepEqual(list.records, [{ text: "A,1", line: 2 }, { text: '"B,2\nC,3', line: 3 }]);
});

test("rows that were not taken come back as they were written, under the same first row", () => {
  const list = cutCsv(LIST)!;
  const { good, faulty } = partRecords(list, [4]);
  assert.equal(joinCsv(list.header, faulty), 'name,lat\r\n"Two\nlines, one ""record""",2\r\n');
  assert.deepEqual(good.map((one) => one.line), [2, 6]);
});

test("a fault in a piece is told with its line in the whole list", () => {
  const list = cutCsv(LIST)!;
  const [, second] = [...piecesOf(list.header, list.records, 2)];
  assert.equal(second!.csv, "name,lat\r\nC,3\r\n");
  assert.equal(inWholeList(list.header, second!.records)(2), 6);
  const [whole] = [...piecesOf(list.header, list.records, 10)];
  assert.deepEqual([4, 5].map(inWholeList(list.header, whole!.records)), [4, 6]);
});

test("whatever stands in the cells: as many records, at the same lines, as the server's parser finds, whole and in pieces", () => {
  const cell = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom("a,b", 'say "x"', "two\nlines", "two\r\nlines", "安全", ""));
  const quote = (text: string): string => (/[",\r\n]/.test(text) || text.trim() !== text ? `"${text.replaceAll('"', '""')}"` : text);
  fc.assert(fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 12 }), fc.constantFrom("\n", "\r\n"), fc.integer({ min: 1, max: 5 }), (rows, newline, most) => {
    const text = ["a,b,c", ...rows.map(([a, b]) => `x${quote(a) === a ? a : ""},${quote(a)},${quote(b)}`)].join(newline);
    const list = cutCsv(text)!;
    const options = { info: true, skip_empty_lines: true, relax_column_count: true, trim: true } as const;
    const read = parse(text, options) as unknown as { info: { lines: number } }[];
    assert.deepEqual(list.records.map((one) => one.line), read.slice(1).map((one) => one.info.lines));
    for (const piece of piecesOf(list.header, list.records, most)) assert.equal((parse(piece.csv, options) as unknown[]).length, piece.records.length + 1);
  }));
});
