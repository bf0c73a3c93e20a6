import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { atDecodeTime, decodeLiveFrame, findDecodeTime, findTimescale } from "./frame.ts";

const message = (kind: number, channel: number, wallMs: number, body: readonly number[]): ArrayBuffer => {
  const buffer = new ArrayBuffer(11 + body.length);
  const view = new DataView(buffer);
  view.setUint8(0, kind);
  view.setUint16(1, channel);
  view.setFloat64(3, wallMs);
  new Uint8Array(buffer).set(body, 11);
  return buffer;
};
const box = (type: string, ...content: readonly (readonly number[])[]): number[] => {
  const inner = content.flat();
  const size = inner.length + 8;
  return [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255, ...[...type].map((c) => c.charCodeAt(0)), ...inner];
};
const u32 = (n: number): number[] => [(n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];

test("a frame's header is read as the contract lays it out", () => {
  const frame = decodeLiveFrame(message(1, 0x0203, 1_795_000_000_123, [9, 8, 7]));
  assert.ok(!("fault" in frame));
  assert.deepEqual({ ...frame, bmff: [...frame.bmff] }, { kind: "key", channel: 0x0203, wallMs: 1_795_000_000_123, bmff: [9, 8, 7] });
});

test("what is not a frame is told, each with its own word", () => {
  assert.deepEqual(decodeLiveFrame(new ArrayBuffer(10)), { fault: "too-short" });
  assert.deepEqual(decodeLiveFrame(message(4, 1, 5, [1])), { fault: "unknown-kind" });
  assert.deepEqual(decodeLiveFrame(message(1, 1, Number.NaN, [1])), { fault: "bad-time" });
  assert.deepEqual(decodeLiveFrame(message(2, 1, 5, [])), { fault: "empty" });
});

test("the time scale is found in both versions of mdhd", () => {
  const init = (mdhd: number[]) => new Uint8Array([...box("ftyp", u32(0)), ...box("moov", box("mvhd", u32(0)), box("trak", box("tkhd", u32(0)), box("mdia", mdhd)))]);
  assert.equal(findTimescale(init(box("mdhd", [0, 0, 0, 0], u32(1), u32(2), u32(90_000), u32(0)))), 90_000);
  assert.equal(findTimescale(init(box("mdhd", [1, 0, 0, 0], u32(0), u32(1), u32(0), u32(2), u32(12_800)))), 12_800);
  assert.equal(findTimescale(init(box("mdhd", [0, 0, 0, 0], u32(1), u32(2), u32(0)))), null, "a scale of nought would divide by it");
});

test("the decode time is found in both versions of tfdt", () => {
  const fragment = (tfdt: number[]) => new Uint8Array([...box("moof", box("mfhd", u32(0), u32(7)), box("traf", box("tfhd", u32(0)), tfdt)), ...box("mdat", [1, 2, 3])]);
  assert.equal(findDecodeTime(fragment(box("tfdt", u32(0), u32(4_000_000_000)))), 4_000_000_000);
  assert.equal(findDecodeTime(fragment(box("tfdt", [1, 0, 0, 0], u32(2), u32(5)))), 2 * 2 ** 32 + 5);
});

test("a fragment is placed at another decode time, and the one that came stays as it was", () => {
  for (const tfdt of [box("tfdt", u32(0), u32(4_000)), box("tfdt", [1, 0, 0, 0], u32(0), u32(4_000))]) {
    const fragment = new Uint8Array([...box("moof", box("mfhd", u32(0), u32(7)), box("traf", box("tfhd", u32(0)), tfdt)), ...box("mdat", [1, 2, 3])]);
    const moved = atDecodeTime(fragment, 7_600)!;
    assert.deepEqual([findDecodeTime(moved), findDecodeTime(fragment), moved.length, [...moved.slice(-3)]], [7_600, 4_000, fragment.length, [1, 2, 3]]);
  }
  assert.equal(atDecodeTime(new Uint8Array(box("mdat", [1])), 1), null);
});

test("no bytes make the readers throw or run on", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(199), fc.integer({ min: 0, max: 255 }), (noise, at, value) => {
      const sound = new Uint8Array([...box("moov", box("trak", box("mdia", box("mdhd", u32(0), u32(1), u32(2), u32(90_000))))), ...box("moof", box("traf", box("tfdt", u32(0), u32(1))))]);
      if (at < sound.length) sound[at] = value;
      for (const bytes of [noise, sound]) {
        decodeLiveFrame(bytes.slice().buffer);
        findTimescale(bytes);
        findDecodeTime(bytes);
        atDecodeTime(bytes.slice(), value);
      }
    }),
    { numRuns: 2_000 },
  );
});
