// Gaps within an export's files: cut to its parts, however many there are of both. Rule ids are those of video/SPEC.md.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { KnownGap } from "../playback/timeline.ts";
import { cutToParts } from "./plan.ts";

const gap = (start: number, end: number, cause: KnownGap["cause"] = "no-data"): KnownGap => ({ start, end, cause, isWithinRun: true });

describe("gaps within an export's files", () => {
  test("[EXP2] each is told as far as it lies in a part, in order", () => {
    const parts = [{ segmentId: 1, start: 0, end: 60_000 }, { segmentId: 2, start: 60_000, end: 100_000 }, { segmentId: 3, start: 200_000, end: 260_000 }];
    assert.deepEqual(cutToParts([gap(-5_000, 2_000), gap(58_000, 63_000, "bad-data"), gap(99_000, 150_000), gap(120_000, 130_000), gap(230_000, 231_000.4)], parts), [
      { start: 0, end: 2_000, cause: "no-data" }, { start: 58_000, end: 60_000, cause: "bad-data" }, { start: 60_000, end: 63_000, cause: "bad-data" }, { start: 99_000, end: 100_000, cause: "no-data" },
      { start: 230_000, end: 231_000, cause: "no-data" },
    ]);
  });

  test("[EXP2] whatever lies how, also where a time was recorded twice: what each gap has in common with each part", () => {
    const span = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 120 })).map(([start, length]) => ({ start, end: start + length }));
    fc.assert(fc.property(fc.array(span, { maxLength: 12 }), fc.array(span, { maxLength: 12 }), (gapSpans, partSpans) => {
      const gaps = gapSpans.toSorted((a, b) => a.start - b.start).map(({ start, end }) => gap(start, end));
      const parts = partSpans.toSorted((a, b) => a.start - b.start).map((part, i) => ({ ...part, segmentId: i + 1 }));
      const expected = gaps.flatMap((each) => parts.flatMap((part) => {
        const [start, end] = [Math.max(each.start, part.start), Math.min(each.end, part.end)];
        return end > start ? [{ start, end, cause: each.cause }] : [];
      }));
      assert.deepEqual(cutToParts(gaps, parts), expected);
    }));
  });

  test("[EXP2] a day of them is walked once, and those of a part are one where they are more than anybody reads: a manifest grows with its parts", () => {
    let looks = 0;
    const parts = Array.from({ length: 1_440 }, (_, i) => ({ segmentId: i + 1, get start() { looks++; return i * 60_000; }, get end() { looks++; return (i + 1) * 60_000; } }));
    const gaps = Array.from({ length: 43_200 }, (_, i) => gap(i * 2_000, i * 2_000 + 1_500, i % 30 === 7 ? "bad-data" : "no-data"));
    const told = cutToParts(gaps, parts);
    assert.ok(looks < 10 * (gaps.length + parts.length), `${looks} looks`);
    assert.deepEqual([told.length, told[0], told.at(-1)], [1_440, { start: 0, end: 59_500, cause: "bad-data" }, { start: 1_439 * 60_000, end: 1_440 * 60_000 - 500, cause: "bad-data" }]);
    assert.equal(cutToParts(gaps.slice(0, 2_000), parts).length, 2_000, "fewer are told each by itself");
  });
});
