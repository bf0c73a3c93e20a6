// The writer against the project's reader: what one writes the other reads, whatever the alignment, and no start code can arise inside a unit.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BitReader } from "../../media/bits.ts";
import { BitWriter, escapeNal, unescapeNal } from "./bit-writer.ts";

test("codes written are the codes read", () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.record({ kind: fc.constant("ue" as const), value: fc.nat(1_000_000) }), fc.record({ kind: fc.constant("se" as const), value: fc.integer({ min: -50_000, max: 50_000 }) }), fc.record({ kind: fc.constant("bits" as const), value: fc.nat(8191) }))), (codes) => {
    const w = new BitWriter();
    for (const { kind, value } of codes) {
      if (kind === "bits") w.bits(value, 13);
      else w[kind](value);
    }
    const nal = escapeNal(0x65, w.finish());
    const r = new BitReader(nal, 1, nal.length);
    for (const { kind, value } of codes) assert.equal((kind === "bits" ? r.bits(13) : r[kind]()) + 0, value);
    assert.equal(r.overrun, false);
  }));
});

test("a run of bits is copied from any offset to any offset", () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.nat(), fc.nat(), fc.nat(9), (source, a, b, lead) => {
    const bits = source.length * 8;
    const [from, to] = [a % (bits + 1), b % (bits + 1)].sort((x, y) => x - y) as [number, number];
    const w = new BitWriter();
    w.bits(0, lead);
    w.copyBits(source, from, to);
    const out = w.finish();
    const bitOf = (bytes: Uint8Array, i: number): number => (bytes[i >> 3]! >> (7 - (i & 7))) & 1;
    for (let i = from; i < to; i++) assert.equal(bitOf(out, lead + i - from), bitOf(source, i));
    assert.equal(bitOf(out, lead + to - from), 1); // the stop bit
  }));
});

test("escaping is undone by unescaping and leaves no start code", () => {
  fc.assert(fc.property(fc.array(fc.constantFrom(0, 0, 0, 1, 2, 3, 4, 255), { maxLength: 80 }), (bytes) => {
    const payload = Uint8Array.from([...bytes, 0x80]);
    const nal = escapeNal(0x41, payload);
    for (let i = 1; i + 2 < nal.length; i++) assert.ok(!(nal[i] === 0 && nal[i + 1] === 0 && nal[i + 2]! < 3), "start code or reserved sequence inside");
    assert.deepEqual([...unescapeNal(nal)], [...payload]);
  }));
});
