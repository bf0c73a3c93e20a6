import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type Json, formatCanonicalJson } from "./canonical-json.ts";

describe("canonical JSON (RFC 8785)", () => {
  test("[EXP5] the RFC's own examples: numbers, escapes, and names by UTF-16 code units", () => {
    // RFC 8785 section 3.2.2 and 3.2.3.
    assert.equal(
      formatCanonicalJson({ numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001], string: "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/", literals: [null, true, false] }),
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    const sorted = formatCanonicalJson({ "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis" });
    assert.deepEqual([...sorted.matchAll(/:"([^"]*)"/g)].map((match) => match[1]), ["Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"]);
    assert.equal(formatCanonicalJson(-0), "0");
  });

  test("[EXP5] what it writes reads back as the same, and is the same whatever the order of the names", () => {
    fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const plain = JSON.parse(JSON.stringify(value)) as Json;
      const text = formatCanonicalJson(plain);
      assert.deepEqual(JSON.parse(text), plain);
      const reversed = (one: Json): Json => (Array.isArray(one) ? one.map((each: Json) => reversed(each)) : one !== null && typeof one === "object" ? Object.fromEntries(Object.entries(one).reverse().map(([name, each]) => [name, reversed(each)])) : one);
      assert.equal(formatCanonicalJson(reversed(plain)), text);
    }));
  });

  test("[EXP5] what JSON cannot tell is refused", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, "\ud800", undefined, { a: undefined }]) assert.throws(() => formatCanonicalJson(value as Json), TypeError);
  });
});
