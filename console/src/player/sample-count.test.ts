import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { countSamples } from "./sample-count.ts";

const box = (type: string, ...parts: Uint8Array[]): Uint8Array => {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, body]);
};
const numbers = (...of: number[]): Uint8Array => Buffer.concat(of.map((n) => { const b = Buffer.alloc(4); b.writeUInt32BE(n); return b; }));
const fragment = (samples: number): Uint8Array =>
  Buffer.concat([box("moof", box("mfhd", numbers(0, 1)), box("traf", box("tfhd", numbers(0x020000, 1)), box("tfdt", numbers(0, 0)), box("trun", numbers(0x000201, samples, 0)))), box("mdat", new Uint8Array(30))]);

test("the runs of all fragments are counted, whatever stands between them", () => {
  assert.equal(countSamples(Buffer.concat([fragment(12), box("free", new Uint8Array(90)), fragment(1), fragment(13)])), 26);
  assert.equal(countSamples(new Uint8Array(0)), 0);
  assert.equal(countSamples(fragment(12).subarray(0, 30)), 0, "a fragment that is cut off is not counted");
});

test("whatever the bytes, an answer comes", () => {
  const good = Buffer.concat([fragment(3), fragment(4)]);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void countSamples(bytes)));
  fc.assert(fc.property(fc.nat(good.length - 1), fc.nat(255), (at, value) => {
    const bad = Uint8Array.from(good);
    bad[at] = value;
    assert.ok(countSamples(bad) >= 0);
  }));
});
