import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { GAP_CAUSES } from "../ports.ts";
import { type Gop, decodeGops, encodeGops } from "./gop-index.ts";
import { type PlayableSegment, findByteSpan, formatPlaylist, listParts } from "./hls.ts";
import { MOST_SERVED_RANGES, type ServedRange, addServed } from "./served-ranges.ts";
import { buildTimeline } from "./timeline.ts";

describe("timeline", () => {
  const segment = (id: number, start: number, end: number) => ({ id, start, end, bytes: 1, frames: 1, open: false });

  test("[PLY1] [PLY2] segments, explained gaps, and unexplained time", () => {
    const timeline = buildTimeline(0, 100, [segment(1, 10, 30), segment(2, 30, 50)], [{ start: 50, end: 70, cause: "camera-closed" }, { start: 70, end: 500, cause: "camera-unreachable" }], 0);
    assert.deepEqual(timeline.segments.map(({ start, end }) => [start, end]), [[10, 30], [30, 50]]);
    assert.deepEqual(timeline.gaps, [{ start: 0, end: 10, cause: "not-wanted" }, { start: 50, end: 70, cause: "camera-closed" }, { start: 70, end: 100, cause: "camera-unreachable" }]);
  });

  test("[PLY2] before the first fact about a camera nobody decided anything: it was not yet added", () => {
    const timeline = buildTimeline(0, 100, [segment(1, 50, 60)], [{ start: 40, end: 50, cause: "camera-unreachable" }], 40);
    assert.deepEqual(timeline.gaps, [{ start: 0, end: 40, cause: "not-yet-added" }, { start: 40, end: 50, cause: "camera-unreachable" }, { start: 60, end: 100, cause: "not-wanted" }]);
    assert.deepEqual(buildTimeline(0, 30, [], [], 40).gaps, [{ start: 0, end: 30, cause: "not-yet-added" }]);
    assert.deepEqual(buildTimeline(0, 30, [], [], 20).gaps, [{ start: 0, end: 20, cause: "not-yet-added" }, { start: 20, end: 30, cause: "not-wanted" }]);
  });

  test("[PLY2] a gap within a run counts where its segment lies, over a rotation too; where that is gone, it is told among others", () => {
    const within = { start: 25, end: 35, cause: "no-data", isWithinRun: true } as const;
    const timeline = buildTimeline(0, 50, [segment(1, 0, 30), segment(2, 30, 50)], [within], 0);
    assert.deepEqual([timeline.coverage, timeline.gaps], [[{ start: 0, end: 25 }, { start: 35, end: 50 }], [{ start: 25, end: 35, cause: "no-data" }]]);
    assert.deepEqual(timeline.segments.map(({ start, end }) => [start, end]), [[0, 30], [30, 50]], "the files are where they were");
    assert.deepEqual(buildTimeline(0, 50, [segment(2, 30, 50)], [{ start: 0, end: 30, cause: "deleted" }, within], 0).gaps, [{ start: 0, end: 30, cause: "deleted" }, { start: 30, end: 35, cause: "no-data" }]);
    assert.deepEqual(buildTimeline(0, 50, [segment(1, 0, 50)], [{ ...within, isWithinRun: false }], 0).gaps, []);
  });

  test("[PLY1] whatever the facts, the range is covered once", () => {
    const spans = fc.array(fc.tuple(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 200 })), { maxLength: 20 });
    fc.assert(fc.property(spans, spans, fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 800 }), fc.integer({ min: 0, max: 1_500 }), (recorded, missing, from, length, knownSince) => {
      const segments = recorded.map(([start, size], i) => segment(i + 1, start, start + size)).sort((a, b) => a.start - b.start);
      const gaps = missing.map(([start, size], i) => ({ start, end: start + size, cause: GAP_CAUSES[i % GAP_CAUSES.length]!, isWithinRun: i % 3 === 0 })).sort((a, b) => a.start - b.start);
      const timeline = buildTimeline(from, from + length, segments, gaps, knownSince);
      const parts = [...timeline.coverage, ...timeline.gaps].sort((a, b) => a.start - b.start);
      let at = from;
      for (const part of parts) {
        assert.equal(part.start, at);
        assert.ok(part.end > part.start);
        at = part.end;
      }
      assert.equal(at, from + length);
    }));
  });
});

describe("what was served", () => {
  test("[VIEW12] pieces in any order become few ranges in order, which hold all of them and little more", () => {
    assert.deepEqual([[0, 10], [12, 20], [8, 13]].map(([from, to]) => [from! * 1_000, to! * 1_000]).reduce<readonly ServedRange[]>((all, [from, to]) => addServed(all, from!, to!), []), [{ from: 0, to: 20_000 }]);
    assert.deepEqual(addServed([{ from: 0, to: 1_000 }], 3_001, 4_000), [{ from: 0, to: 1_000 }, { from: 3_001, to: 4_000 }]);
    const piece = fc.tuple(fc.nat(5_000_000), fc.nat(20_000));
    fc.assert(fc.property(fc.array(piece, { maxLength: 300 }), (pieces) => {
      const ranges = pieces.reduce<readonly ServedRange[]>((all, [from, length]) => addServed(all, from, from + length), []);
      assert.ok(ranges.length <= MOST_SERVED_RANGES);
      for (const [i, range] of ranges.entries()) assert.ok(range.to > range.from && (i === 0 || range.from > ranges[i - 1]!.to));
      for (const [from, length] of pieces) if (length > 0) assert.ok(ranges.some((range) => range.from <= from && range.to >= from + length));
      for (const range of ranges) assert.ok(pieces.some(([from]) => from === range.from) && pieces.some(([from, length]) => from + length === range.to), "none begins or ends where nothing was served");
    }));
  });
});

describe("GOP index", () => {
  test("[PLY6] reads back as written; broken bytes are an error", () => {
    const gop = fc.record({ offset: fc.integer({ min: 0, max: 2 ** 40 }), startMs: fc.integer({ min: 0, max: 2 ** 32 }), duration90k: fc.integer({ min: 0, max: 2 ** 32 }), frames: fc.integer({ min: 0, max: 10_000 }) });
    fc.assert(fc.property(fc.array(gop, { maxLength: 50 }), (gops) => {
      const rising = gops.map((each) => ({ ...each })).sort((a, b) => a.offset - b.offset);
      const starts = rising.map((each) => each.startMs).sort((a, b) => a - b);
      const ordered = rising.map((each, i) => ({ ...each, startMs: starts[i]! }));
      assert.deepEqual(decodeGops(encodeGops(ordered)), { ok: true, value: ordered });
    }));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => { decodeGops(bytes); }));
    assert.equal(decodeGops(new Uint8Array([0x80])).ok, false);
  });
});

describe("playlist", () => {
  const gops = (count: number, seconds: number): Gop[] => Array.from({ length: count }, (_, i) => ({ offset: 800 + i * 1_000, startMs: i * seconds * 1_000, duration90k: seconds * 90_000, frames: 25 * seconds }));
  const stored = (segmentId: number, runId: number, formatKey: string, startMs: number, count = 4, seconds = 1): PlayableSegment =>
    ({ segmentId, runId, formatKey, startMs, endMs: startMs + count * seconds * 1_000, bytes: 800 + count * 1_000, initBytes: 800, gops: gops(count, seconds) });
  const T0 = Date.UTC(2026, 10, 22, 20, 0, 0, 0);

  test("[PLY3] [PLY4] [PLY5] parts of 2 s with their wall times; a break between runs and formats only", () => {
    const text = formatPlaylist([stored(1, 1, "a", T0), stored(2, 1, "a", T0 + 4_000), stored(3, 1, "b", T0 + 8_000), stored(4, 2, "b", T0 + 60_000)], T0, T0 + 100_000, (id) => `s${id}.mp4`);
    const lines = text.split("\n");
    assert.deepEqual(lines.slice(6, 11), ['#EXT-X-MAP:URI="s1.mp4",BYTERANGE="800@0"', "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T20:00:00.000Z", "#EXTINF:2.00000,", "#EXT-X-BYTERANGE:2000@800", "s1.mp4"]);
    assert.equal(lines.filter((line) => line === "#EXT-X-DISCONTINUITY").length, 2);
    assert.equal(lines.filter((line) => line.startsWith("#EXT-X-MAP")).length, 3);
    assert.equal(lines.filter((line) => line.startsWith("#EXTINF")).length, 8);
    assert.ok(text.endsWith("#EXT-X-ENDLIST\n"));
  });

  test("[PLY8] while it is being written: whole parts only, no end, and what was listed stays as it was", () => {
    const whole = stored(2, 1, "a", T0 + 4_000, 9, 1);
    const listed = (gopsWritten: number): string[] => {
      const open = { ...whole, endMs: whole.startMs + gopsWritten * 1_000, bytes: 800 + gopsWritten * 1_000, gops: whole.gops.slice(0, gopsWritten) };
      const text = formatPlaylist([stored(1, 1, "a", T0), open], T0, T0 + 60_000, (id) => `s${id}.mp4`, { openSegmentId: 2 });
      assert.ok(!text.includes("ENDLIST") && text.includes("#EXT-X-PLAYLIST-TYPE:EVENT"));
      return text.trimEnd().split("\n");
    };
    for (let n = 1; n < 9; n++) assert.deepEqual(listed(n + 1).slice(0, listed(n).length), listed(n), `${n} GOPs`);
    assert.equal(listed(9).filter((line) => line === "s2.mp4").length, 4, "the fifth part has one GOP of two as yet");
    assert.equal(formatPlaylist([stored(1, 1, "a", T0), whole], T0, T0 + 60_000, (id) => `s${id}.mp4`).split("\n").slice(7, 20).join(), listed(9).slice(7, 20).join(), "closed, its parts are the same");
  });

  test("[PLY8] while no segment is open it has no end either, and lists all there is", () => {
    const all = [stored(1, 1, "a", T0), stored(2, 1, "a", T0 + 4_000)];
    const bodyOf = (text: string): string => text.slice(text.indexOf("#EXT-X-MAP")).replace("#EXT-X-ENDLIST\n", "");
    const growing = formatPlaylist(all, T0, T0 + 60_000, (id) => `s${id}.mp4`, { openSegmentId: null });
    assert.ok(!growing.includes("ENDLIST") && growing.includes("#EXT-X-PLAYLIST-TYPE:EVENT"));
    assert.equal(bodyOf(growing), bodyOf(formatPlaylist(all, T0, T0 + 60_000, (id) => `s${id}.mp4`)));
  });

  test("[PLY8] the target duration stays while parts of other lengths come, and always holds the longest", () => {
    const targetOf = (seconds: readonly number[], growth: { openSegmentId: null } | null): number => {
      const all = seconds.map((s, i) => stored(i + 1, 1, "a", T0 + i * 60_000, 1, s));
      return Number(/TARGETDURATION:(\d+)/.exec(formatPlaylist(all, T0, T0 + 600_000, (id) => `s${id}.mp4`, growth))![1]);
    };
    const growth = { openSegmentId: null };
    assert.deepEqual([[], [1], [1, 2], [1, 2, 3.9], [4]].map((s) => targetOf(s, growth)), [4, 4, 4, 4, 4]);
    assert.deepEqual([[4.1], [12], [40]].map((s) => targetOf(s, growth)), [8, 16, 64]);
    assert.equal(targetOf([1, 3], null), 3, "a list that is whole says how long its longest part is");
  });

  test("[PLY4] wall times are those of the calendar", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => {
      const text = formatPlaylist([stored(1, 1, "a", ms)], ms, ms + 1_000, () => "s");
      assert.ok(text.includes(`#EXT-X-PROGRAM-DATE-TIME:${new Date(ms).toISOString()}`));
    }));
  });

  test("[PLY7] the byte span is that of the GOPs which the range touches", () => {
    const segment = stored(1, 1, "a", T0, 10, 2);
    assert.deepEqual(findByteSpan(segment, T0 + 3_000, T0 + 5_000), { start: 1_800, end: 3_800 });
    assert.equal(findByteSpan(segment, T0 - 5_000, T0), undefined);
    assert.equal(findByteSpan(segment, T0 + 20_000, T0 + 30_000), undefined);
    assert.deepEqual(findByteSpan(segment, 0, Number.MAX_SAFE_INTEGER), { start: 800, end: 10_800 });
    assert.equal(listParts(segment, T0 + 3_000, T0 + 5_000).reduce((sum, part) => sum + part.bytes, 0), 2_000);
  });
});
