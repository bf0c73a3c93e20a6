// The plan of a movie and the moving of its fragments, on invented segments; what players make of it is tried in tests/recorder.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { FRAGMENT_HEAD_BYTES, FragmentTable, paddingTo, writeFree } from "../../media/fmp4/fragment.ts";
import { findBoxHeader, parseMoof } from "../../media/fmp4/reading.ts";
import { formatFileName } from "./file-name.ts";
import { FragmentMover } from "./fragment-mover.ts";
import type { PlayableSegment } from "./hls.ts";
import { type MoviePlan, MoviePlanner, findParts } from "./movie.ts";

const T0 = 1_790_000_000_000;
const HEAD = 4_096;
const GOP_BYTES = 10_000;

function segment(segmentId: number, runId: number, startMs: number, gops: number, more: Partial<PlayableSegment> = {}): PlayableSegment {
  return {
    segmentId, runId, startMs, endMs: startMs + gops * 1_000, bytes: HEAD + gops * GOP_BYTES, initBytes: HEAD, formatKey: "a",
    gops: Array.from({ length: gops }, (_, i) => ({ offset: HEAD + i * GOP_BYTES, startMs: i * 1_000, duration90k: 90_000, frames: 25 })), ...more,
  };
}
function plan(from: number, to: number, ...segments: PlayableSegment[]): MoviePlan | undefined {
  const planner = new MoviePlanner(from, to);
  for (const each of segments) planner.add(each);
  return planner.finish();
}

describe("a plan", () => {
  test("[PLY11] takes the GOPs that touch the range, and begins at its start by an edit", () => {
    const made = plan(T0 + 1_500, T0 + 4_200, segment(1, 1, T0, 3), segment(2, 1, T0 + 3_000, 3))!;
    assert.deepEqual(made.pieces.map((piece) => [piece.segmentId, piece.offset, piece.bytes, piece.beginsRun, piece.firstGop]), [[1, HEAD + GOP_BYTES, 2 * GOP_BYTES, true, 0], [2, HEAD, 2 * GOP_BYTES, false, 2]]);
    assert.deepEqual([made.edit90k, made.startMs, made.endMs, made.bytes], [45_000, T0 + 1_000, T0 + 5_000, 4 * GOP_BYTES]);
    assert.equal(plan(T0 + 10_000, T0 + 20_000, segment(1, 1, T0, 3)), undefined);
  });

  test("[PLY12] a run begins where the wall clock had it, and what is before lasts until then", () => {
    const made = plan(T0, T0 + 100_000, segment(1, 1, T0, 2), segment(2, 2, T0 + 10_000, 2))!;
    assert.deepEqual(made.pieces.map((piece) => [piece.runStart90k, piece.stretch90k]), [[0, 8 * 90_000], [10 * 90_000, 0]]);
    assert.deepEqual(made.references.map((each) => each.duration90k / 90_000), [1, 9, 1, 1]);
  });

  test("[PLY12] a run whose clock was set back never begins before the run before it has ended", () => {
    const made = plan(T0, T0 + 100_000, segment(1, 1, T0, 5), segment(2, 2, T0 + 4_500, 3))!;
    assert.deepEqual(made.pieces.map((piece) => piece.runStart90k), [0, 5 * 90_000]);
    const far = plan(T0, T0 + 100_000, segment(1, 1, T0, 5), segment(2, 2, T0 + 2_000, 6))!;
    assert.deepEqual(far.pieces.map((piece) => [piece.segmentId, piece.bytes / GOP_BYTES]), [[1, 5], [2, 4]], "what is there already is not there twice");
  });

  test("[PLY13] its references are all its bytes, however many GOPs there are", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.nat(20)), { minLength: 1, maxLength: 20 }), (runs) => {
      let at = T0;
      const segments = runs.map(([gops, pause], i) => {
        const made = segment(i + 1, i + 1, at, gops);
        at += (gops + pause) * 1_000;
        return made;
      });
      const made = plan(T0, at + 1, ...segments)!;
      const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
      assert.equal(sum(made.references.map((each) => each.bytes)), made.bytes);
      assert.equal(sum(made.references.map((each) => each.duration90k)), (made.endMs - made.startMs) * 90);
      for (const [start, end] of [[0, made.bytes], [Math.floor(made.bytes / 3), Math.floor(made.bytes / 2)], [5, 6]] as const) {
        assert.equal(sum([...findParts(made, start, end)].map(({ from, to }) => to - from)), end - start);
      }
    }));
    const day = Array.from({ length: 1_440 }, (_, i) => segment(i + 1, 1, T0 + i * 60_000, 60));
    const whole = plan(T0, T0 + 86_400_000, ...day)!;
    assert.ok(whole.references.length <= 20_000, `${whole.references.length} references`);
    assert.equal(whole.references.reduce((all, each) => all + each.bytes, 0), 86_400 * GOP_BYTES);
  });
});

describe("fragments on their way", () => {
  /** Two GOPs of two fragments each, three samples in each. */
  function stored(): { readonly bytes: Uint8Array; readonly made: MoviePlan } {
    const table = new FragmentTable();
    const fragments = Array.from({ length: 4 }, (_, n) => {
      table.clear();
      for (let i = 0; i < 3; i++) {
        table.add(500, 7_000_000 + n * 45_000 + i * 15_000, 0, n % 2 === 0 && i === 0, T0 + n * 500);
        table.setLastDuration(15_000);
      }
      const size = FRAGMENT_HEAD_BYTES + 1_500;
      const out = new Uint8Array(size + paddingTo(4_096, size));
      table.writeHead(out, FRAGMENT_HEAD_BYTES, n + 1);
      writeFree(out, size, out.length - size);
      return out;
    });
    const bytes = Buffer.concat(fragments);
    const gops = [0, 2].map((n) => ({ offset: HEAD + n * fragments[0]!.length, startMs: n * 500, duration90k: 90_000, frames: 6 }));
    const first = segment(1, 1, T0, 2, { gops, bytes: HEAD + bytes.length });
    return { bytes, made: plan(T0, T0 + 60_000, first, segment(2, 2, T0 + 20_000, 1))! };
  }

  test("[PLY12] get the movie's times and numbers, and the last before a gap lasts to its end, however the bytes are cut", () => {
    const { bytes, made } = stored();
    const [piece] = made.pieces;
    fc.assert(fc.property(fc.integer({ min: 1_300, max: 9_000 }), (size) => {
      const mover = new FragmentMover(piece!, 0, piece!.runStart90k - 7_000_000);
      const out: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; ) {
        const some = Uint8Array.from(bytes.subarray(at, at + size));
        const done = mover.take(some, piece!.offset + at);
        assert.ok(done !== undefined && done > 0);
        out.push(some.subarray(0, done));
        at += done;
      }
      const moved = new Uint8Array(Buffer.concat(out));
      const moofs: { sequence: number; start90k: number; duration90k: number }[] = [];
      for (let at = 0, box = findBoxHeader(moved, 0); box !== undefined; at += box.size, box = findBoxHeader(moved, at)) {
        if (box.type !== "moof") continue;
        const parsed = parseMoof(moved.slice(at, at + box.size));
        assert.ok(parsed.ok);
        moofs.push(parsed.value);
      }
      assert.deepEqual(moofs.map(({ start90k }) => start90k), [0, 45_000, 90_000, 135_000]);
      assert.deepEqual(moofs.map(({ duration90k }) => duration90k), [45_000, 45_000, 45_000, 45_000 + 18 * 90_000]);
      assert.ok(moofs.every(({ sequence }, i) => i === 0 || sequence > moofs[i - 1]!.sequence));
    }), { numRuns: 200 });
  });

  test("[PLY13] bent bytes end it; nothing throws and nothing stands still for ever", () => {
    const { bytes, made } = stored();
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }), (changes) => {
      const bent = Uint8Array.from(bytes);
      for (const [at, value] of changes) bent[at] = value;
      const mover = new FragmentMover(made.pieces[0]!, 0, -7_000_000);
      let turns = 0;
      for (let at = 0; at < bent.length && turns <= bent.length; turns++) {
        const done = mover.take(bent.subarray(at), made.pieces[0]!.offset + at);
        if (done === undefined || done === 0) break;
        at += done;
      }
      assert.ok(turns <= 20);
    }), { numRuns: 3_000 });
  });
});

test("[PLY14] a file's name: code, day and local times; signs that a file system refuses are left out", () => {
  assert.equal(formatFileName("C-2001", Date.UTC(2026, 10, 22, 15, 59, 58), Date.UTC(2026, 10, 22, 16, 0, 3), "Asia/Shanghai"), "C-2001 2026-11-22 23.59.58 to 2026-11-23 00.00.03.mp4");
  assert.equal(formatFileName("../a:b\n", Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1, 1), "no such zone"), "..ab 2026-01-01 00.00.00 to 01.00.00.mp4");
  assert.equal(formatFileName("//", 0, 1_000, "UTC"), "camera 1970-01-01 00.00.00 to 00.00.01.mp4");
});
