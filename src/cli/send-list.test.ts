import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ToldError } from "../base/told-error.ts";
import { piecesOf, sendList, type ListAnswer } from "./send-list.ts";

test("a long list goes in pieces: each with the first row, cut between rows and never within quotes, nothing lost and each row with its line of the file", () => {
  const cell = fc.oneof(fc.stringMatching(/^[a-z]{0,6}$/), fc.constantFrom('"a,b"', '"two\nlines"', '"say ""it"""'));
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }).map((cells) => cells.join(",")), { maxLength: 30 });
  fc.assert(fc.property(rows, fc.constantFrom("\n", "\r\n"), fc.boolean(), fc.integer({ min: 1, max: 60 }), (lines, eol, ends, most) => {
    const header = "call_sign,starts";
    const text = [header, ...lines].join(eol) + (ends ? eol : "");
    const pieces = [...piecesOf(text, most)];
    const bodies = pieces.map(({ csv }) => csv.slice(csv.indexOf("\n") + 1));
    if (pieces.length > 1) {
      assert.equal(bodies.join(""), text.slice(header.length + eol.length));
      assert.ok(pieces.every(({ csv }) => csv.startsWith(`${header}\n`)));
    }
    let before = 0;
    for (const [i, body] of bodies.entries()) {
      if (pieces.length > 1) assert.equal(pieces[i]!.before, before);
      assert.equal(body.split('"').length % 2, 1, "no quote is left open");
      before += body.split("\n").length - 1;
    }
  }), { numRuns: 300 });
});

test("faults are told in lines of the file, in whichever piece they stand; how many rows were left out is the sum", async (t) => {
  const said: string[] = [];
  t.mock.method(console, "error", (line: string) => void said.push(line));
  const row = "M1,2026-03-23 07:00,2026-03-23 15:00,".padEnd(1_000_000, "x");
  const csv = ["call_sign,starts,ends,crew", ...Array<string>(9).fill(row)].join("\n");
  let sent = 0;
  const left = await sendList(csv, async (piece): Promise<ListAnswer> => {
    sent++;
    const rows = piece.split("\n").length - 1;
    return { rejected: [{ line: rows + 1, field: "crew", value: "x", code: "not-empty", expected: "something", params: {} }], rejectedLines: [rows + 1], notices: [] };
  });
  assert.ok(sent > 1, "it was one piece");
  assert.equal(left, sent);
  assert.match(said.at(-1)!, /^line 10: /, "the last row of the file");
});

test("a refusal in a later piece says from which line on; what was sent before stands", async (t) => {
  t.mock.method(console, "error", () => undefined);
  const csv = ["call_sign,starts,ends,crew", ...Array<string>(9).fill("M1,2026-03-23 07:00,2026-03-23 15:00,".padEnd(1_000_000, "x"))].join("\n");
  let sent = 0;
  await assert.rejects(sendList(csv, async (): Promise<ListAnswer> => {
    if (sent++ > 0) throw new ToldError("the roster is full");
    return { rejected: [], rejectedLines: [], notices: [] };
  }), { message: "the roster is full\nThat was said from line 6 on; the lines before it were taken." });
});
