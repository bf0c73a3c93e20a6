import assert from "node:assert/strict";
import { it } from "node:test";
import { parseHex } from "./colours.ts";

it("colours are read as they are written and as a build shortens them", () => {
  assert.deepEqual(parseHex(" #1a2B3c"), [26, 43, 60]);
  assert.deepEqual(parseHex("#fff"), [255, 255, 255]);
  assert.deepEqual(parseHex("canvas"), [128, 128, 128]);
});
