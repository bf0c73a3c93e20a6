// Where sound stands in a movie, on invented fragments; what players make of it is tried in tests/recorder.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NUMBERS_A_GOP } from "./fragment-mover.ts";
import { type PieceSound, SoundPlacer, type SoundShape, type StoredSoundFragment, numberInGop } from "./movie-sound.ts";

const T0 = 1_790_000_000_000;
const G711: SoundShape = { clockHz: 8_000, unitDuration: 1, silenceBytes: (units) => 100 + units };
const AAC: SoundShape = { clockHz: 16_000, unitDuration: 1_024, silenceBytes: (units) => 100 + units * 8 };
const HEAD = 100;
/** Sixty GOPs of a second. */
const piece = (startMs: number, media90k: number, gops = 60) => ({
  gopTimes: Array.from({ length: gops }, (_, i) => startMs + i * 1_000), gopMedia90k: Array.from({ length: gops }, (_, i) => media90k + i * 90_000), endMedia90k: media90k + gops * 90_000, stretch90k: 0, endMs: startMs + gops * 1_000,
});
const fragment = (wallMs: number, units: number): StoredSoundFragment => ({ start: 0, end: HEAD + units, wallMs, units, bytesWithout: (skip) => HEAD + units - skip });
const listOf = (sound: PieceSound): { kind: "sound" | "silence"; start: number; units: number; bytes: number; gop: number }[] =>
  [...sound.froms].map((from, i) => ({ kind: from < 0 ? "silence" : "sound", start: sound.starts[i]!, units: sound.units[i]!, bytes: sound.bytes[i]!, gop: sound.gops[i]! }));

test("[PLY16] fragments stand behind the GOP in which they begin, end to end; jitter of 20 ms moves none", () => {
  const placer = new SoundPlacer(T0, T0 + 60_000, G711);
  const made = listOf(placer.place(piece(T0, 0, 3), [fragment(T0, 8_000), fragment(T0 + 1_015, 8_000), fragment(T0 + 1_985, 8_000)], 0, true));
  assert.deepEqual(made.map(({ kind, start, gop }) => [kind, start, gop]), [["sound", 0, 0], ["sound", 8_000, 1], ["sound", 16_000, 1]]);
});

test("[PLY16] a hole in the pictures is filled before it: behind it the first sound stands with its picture", () => {
  const holeMs = 13 * 3_600_000;
  const placer = new SoundPlacer(T0, T0 + 86_400_000, G711);
  const before = listOf(placer.place({ ...piece(T0, 0, 2), stretch90k: holeMs * 90 }, [fragment(T0, 8_000), fragment(T0 + 1_000, 8_000)], 0, false));
  const after = listOf(placer.place(piece(T0 + 2_000 + holeMs, 2 * 90_000 + holeMs * 90, 1), [fragment(T0 + 2_000 + holeMs, 8_000)], 0, true));
  assert.deepEqual(before.map(({ kind, gop }) => `${kind} ${gop}`).filter((each, i, all) => each !== all[i - 1]), ["sound 0", "sound 1", "silence 1"]);
  assert.deepEqual(after.map(({ kind, start }) => [kind, start]), [["sound", 16_000 + holeMs * 8]]);
});

test("[PLY16] a hole of a day is silence of few enough fragments that their numbers rise within the GOP behind which they stand", () => {
  const holeMs = 23 * 3_600_000;
  const made = new SoundPlacer(T0, T0 + 86_400_000, AAC).place({ ...piece(T0, 0, 3), stretch90k: holeMs * 90 }, [0, 1, 2].map((i) => fragment(T0 + i * 1_000, 16)), 0, false);
  const numbers = [...made.gops].map((gop, at) => gop * NUMBERS_A_GOP + NUMBERS_A_GOP / 2 + numberInGop(made, at));
  assert.ok(numbers.length > 500 && numbers.every((number, i) => i === 0 || number > numbers[i - 1]!), `${numbers.length} fragments`);
  assert.ok(numbers.at(-1)! < 3 * NUMBERS_A_GOP, "and stay below those of the next GOP");
  const units = [...made.froms].reduce((sum, from, i) => sum + (from < 0 ? made.units[i]! : 16 - made.units[i]!), 0);
  assert.ok(Math.abs(units - ((3_000 + holeMs) * 16) / 1_024) <= 1, `${units} frames: as long as the hole`);
});

test("[PLY16] a picture that shows later than it is decoded has its sound later too", () => {
  const placer = new SoundPlacer(T0, T0 + 60_000, G711);
  const made = listOf(placer.place(piece(T0, 0, 2), [fragment(T0, 8_000)], 7_200, false));
  assert.deepEqual(made.map(({ kind, start, units }) => [kind, start, units]), [["silence", 0, 640], ["sound", 640, 0]]);
  const next = listOf(placer.place(piece(T0 + 2_000, 2 * 90_000, 2), [fragment(T0 + 2_000, 8_000)], 7_200, true));
  assert.deepEqual(next.map(({ kind, start, units }) => [kind, start, units]), [["silence", 8_640, 8_000], ["sound", 16_640, 0], ["silence", 24_640, 8_000]], "and so to the end");
});

test("[PLY16] sound that began before the first picture leads; more than a fragment of it is left out", () => {
  const placer = new SoundPlacer(T0 + 200, T0 + 60_000, G711);
  const made = listOf(placer.place(piece(T0, 0, 2), [fragment(T0 - 1_700, 8_000), fragment(T0 - 700, 8_000), fragment(T0 + 300, 8_000)], 0, true));
  assert.equal(placer.lead, 5_600);
  assert.deepEqual(made[0], { kind: "sound", start: -5_600, units: 0, bytes: HEAD + 8_000, gop: 0 }, "of what began before it nothing reaches the range");
});

test("[PLY16] whatever is lost, doubled, early or late, the track has no hole, what is heard is within 40 ms or half a frame and the correction of its picture, and bytes are counted as they come", () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: -900, max: 4_000 }), fc.integer({ min: 1, max: 12 })), { minLength: 0, maxLength: 80 });
  for (const shape of [G711, AAC]) {
    const units = shape === G711 ? 8_000 : 16;
    const lengthMs = (units * shape.unitDuration * 1_000) / shape.clockHz;
    fc.assert(fc.property(steps, fc.integer({ min: -1_500, max: 3_000 }), (list, firstMs) => {
      let at = T0 + firstMs;
      const fragments = list.flatMap(([gapMs, count]) => {
        at += Math.max(gapMs, -lengthMs);
        return Array.from({ length: count }, () => {
          at += lengthMs;
          return fragment(at - lengthMs, units);
        });
      });
      const placer = new SoundPlacer(T0, T0 + 120_000, shape);
      const [first, second] = [piece(T0, 0), piece(T0 + 60_000, 60 * 90_000)];
      const split = (which: typeof first, isLast: boolean) => fragments.filter(({ wallMs }) => (isLast ? wallMs >= which.endMs - 60_000 : wallMs < which.endMs));
      const parts = [listOf(placer.place(first, split(first, false), 0, false)), listOf(placer.place(second, split(second, true), 0, true))];
      let end = 0 - placer.lead;
      for (const [i, part] of parts.entries()) {
        let gop = 0;
        for (const each of part) {
          assert.equal(each.start, end, "end to end");
          assert.ok(each.gop >= gop);
          gop = each.gop;
          const length = each.kind === "silence" ? each.units : units - each.units;
          assert.ok(length > 0);
          assert.equal(each.bytes, each.kind === "silence" ? shape.silenceBytes(each.units) : HEAD + length);
          end += length * shape.unitDuration;
          // It stands no further ahead in the file than the GOP after its own.
          assert.ok(each.start / shape.clockHz <= i * 60 + each.gop + 2 + lengthMs / 1_000);
        }
      }
      assert.ok(Math.abs(end / shape.clockHz - 120) < 0.04 || end / shape.clockHz > 120, `filled to the end: ${end / shape.clockHz} s`);
    }), { numRuns: 300 });
  }
});

test("[PLY16] a clock that runs half a percent slow: no unit is more than 40 ms from its picture, at the end of ten minutes as at the beginning", () => {
  const placer = new SoundPlacer(T0, T0 + 600_000, G711);
  for (let minute = 0; minute < 10; minute++) {
    const startMs = T0 + minute * 60_000;
    const fragments = Array.from({ length: 60 }, (_, i) => fragment(startMs + i * 1_000, 8_040));
    const made = placer.place(piece(startMs, minute * 60 * 90_000), fragments, 0, minute === 9);
    for (const [i, start] of made.starts.entries()) {
      const wantedMs = minute * 60_000 + i * 1_000;
      assert.ok(Math.abs((start - made.units[i]!) / 8 - wantedMs) <= 40, `fragment ${i} of minute ${minute} at ${start / 8} ms`);
    }
  }
});
