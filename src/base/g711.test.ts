import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeG711, encodeG711 } from "./g711.ts";

for (const law of ["pcma", "pcmu"] as const) {
  test(`${law}: each octet comes back to its value, and each sample to the value that is nearest`, () => {
    const values = Array.from({ length: 256 }, (_, octet) => decodeG711(law, octet));
    for (const value of values) assert.equal(decodeG711(law, encodeG711(law, value)), value);
    for (let sample = -32_768; sample < 32_768; sample += 37) {
      const found = Math.abs(decodeG711(law, encodeG711(law, sample)) - sample);
      assert.equal(found, values.reduce((least, value) => Math.min(least, Math.abs(value - sample)), Infinity), `sample ${sample}`);
    }
  });
}
