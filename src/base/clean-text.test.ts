import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { cleanText } from "./clean-text.ts";

describe("text to be stored", () => {
  it("loses NUL and halves of a pair, however deep, and nothing else", () => {
    assert.deepEqual(cleanText({ a: ["x\u0000y", 1, null], b: { c: "\ud83d!" } }), { a: ["x\ufffdy", 1, null], b: { c: "\ufffd!" } });
    fc.assert(fc.property(fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\u0000")), (text) => assert.equal(cleanText(text), text)));
  });
});
