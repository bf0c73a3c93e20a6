// City files go in and come out the same; whatever else is in a file is told, never thrown.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeSections, encodeSections, sectionReader } from "./section-file.ts";

const sample = { numbers: Int32Array.of(1, -2, 3), bytes: Uint8Array.of(7), empty: new Float64Array(0), names: ["Rivera", "宁夏路", ""] };

describe("section files", () => {
  it("keep every kind of section", () => {
    const arrays = fc.record({
      i8: fc.int8Array(), u8: fc.uint8Array(), i16: fc.int16Array(), u16: fc.uint16Array(), i32: fc.int32Array(), u32: fc.uint32Array(), f32: fc.float32Array(), f64: fc.float64Array(), s: fc.array(fc.string()),
    });
    fc.assert(fc.property(arrays, (sections) => {
      const decoded = decodeSections(encodeSections(sections as never));
      assert.ok(decoded.ok);
      assert.deepEqual(Object.fromEntries(decoded.value), { ...sections });
    }), { numRuns: 60 });
  });
  it("of odd offset in a larger buffer are read all the same", () => {
    const file = encodeSections(sample);
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    const decoded = decodeSections(shifted.subarray(3));
    assert.ok(decoded.ok && (decoded.value.get("numbers") as Int32Array)[1] === -2);
  });
  it("cut short anywhere are refused", () => {
    const file = encodeSections(sample);
    for (let length = 0; length < file.length; length++) assert.equal(decodeSections(file.subarray(0, length)).ok, false, `at ${length}`);
  });
  it("with any one byte changed are refused", () => {
    const file = encodeSections(sample);
    fc.assert(fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = file.slice();
      damaged[at]! ^= change;
      assert.equal(decodeSections(damaged).ok, false);
    }), { numRuns: 500 });
  });
  it("of nonsense are refused without throwing", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => assert.equal(decodeSections(bytes).ok, false)), { numRuns: 500 });
  });
  it("say which section is missing or of another kind", () => {
    const decoded = decodeSections(encodeSections(sample));
    assert.ok(decoded.ok);
    const read = sectionReader(decoded.value);
    read.array("numbers", Int32Array);
    assert.equal(read.missing(), null);
    read.array("names", Int32Array);
    read.array("heights", Uint16Array);
    assert.equal(read.missing(), "names");
  });
});
