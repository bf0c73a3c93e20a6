// The reader of exported files: whatever the pieces in which the bytes come, and whatever the bytes.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { encodeSampleFragment } from "../media/fmp4/fragment.ts";
import { encodeInitSegment } from "../media/fmp4/init-segment.ts";
import { type Mp4Facts, Mp4Scanner } from "./mp4-scanner.ts";

const init = encodeInitSegment({ codec: "h264", codecString: "avc1.42c01e", width: 240, height: 160, frameRate: 25, reorderFrames: 0, configuration: new Uint8Array([1, 66, 192, 30, 255, 224, 0]) });
const picture = new Uint8Array(300).map((_, i) => i & 255);
const fragments = Array.from({ length: 12 }, (_, i) => encodeSampleFragment(i + 1, i * 3_600, 3_600, 0, i === 0, picture, 0, 100 + i * 10));
const file = Uint8Array.from([init, ...fragments].flatMap((part) => [...part]));

function scan(bytes: Uint8Array, cuts: readonly number[] = []): Mp4Facts {
  const scanner = new Mp4Scanner();
  let at = 0;
  for (const cut of [...cuts, bytes.length].toSorted((a, b) => a - b)) {
    scanner.feed(bytes.subarray(at, cut));
    at = Math.max(at, cut);
  }
  return scanner.finish();
}

describe("the reader of exported files", () => {
  test("[EXP6] counts pictures and their time, in whatever pieces the bytes come", () => {
    const whole = scan(file);
    assert.deepEqual(whole, { fault: undefined, frames: 12, fragments: 12, duration: 12 * 3_600, timescale: 90_000 });
    fc.assert(fc.property(fc.array(fc.nat({ max: file.length }), { maxLength: 30 }), (cuts) => assert.deepEqual(scan(file, cuts), whole)), { numRuns: 300 });
    assert.deepEqual(scan(file, Array.from({ length: file.length }, (_, i) => i)), whole, "byte by byte");
  });

  test("[EXP6] a file that is cut anywhere but between fragments is not whole", () => {
    const borders = new Set<number>();
    let at = init.length;
    for (const fragment of fragments) borders.add((at += fragment.length));
    for (let end = 1; end < file.length; end++) assert.equal(scan(file.subarray(0, end)).fault === undefined, borders.has(end) || end === init.length, `cut at ${end}`);
    assert.match(scan(new Uint8Array(0)).fault!, /no video track/);
    assert.match(scan(Uint8Array.from([...file, ...init])).fault!, /a second moov/);
    const twoMoofs = Uint8Array.from([...init, ...fragments[0]!.subarray(0, 104), ...fragments[1]!]);
    assert.match(scan(twoMoofs).fault!, /moof/);
  });

  test("[EXP6] mutated files are read to a verdict, never to an exception", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat({ max: file.length - 1 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 }), fc.nat({ max: file.length }), (edits, cut) => {
      const bytes = Uint8Array.from(file);
      for (const [index, value] of edits) bytes[index] = value;
      const { frames, fault } = scan(bytes, [cut]);
      assert.ok(fault !== undefined || frames <= 12 * 2);
    }), { numRuns: 10_000 });
  });
});
