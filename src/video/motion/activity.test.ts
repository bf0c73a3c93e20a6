import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { createRandom } from "../../base/random.ts";
import { ActivityMeter, MOST_ACTIVITY, MOVING_ACTIVITY, UNKNOWN_ACTIVITY } from "./activity-meter.ts";
import { buildActivity, rangeOfActivity } from "./activity-series.ts";

const T0 = 1_700_000_000_000;
interface Scene {
  readonly fps?: number;
  readonly gop?: number;
  /** Bytes of a still picture at its place behind the key frame. */
  readonly still?: (place: number) => number;
  /** By how much more in this second. */
  readonly times?: (second: number) => number;
}
function film(meter: ActivityMeter, seconds: number, { fps = 25, gop = 50, still = () => 2_000, times = () => 1 }: Scene = {}, from = 0): void {
  const random = createRandom(7 + from);
  for (let i = from * fps; i < (from + seconds) * fps; i++) {
    const place = i % gop;
    const noise = 0.9 + random.next() * 0.2;
    meter.note(place === 0 ? 40_000 : Math.round(still(place) * noise * times(Math.floor(i / fps))), place === 0, T0 + (i * 1_000) / fps);
  }
}
const valuesOf = (meter: ActivityMeter, seconds: number): number[] => [...meter.read(T0, T0 + seconds * 1_000)];

describe("movement by the sizes of pictures", () => {
  test("[MOT1] [MOT2] a second with larger pictures than the quiet ones is movement, the others are not", () => {
    const meter = new ActivityMeter();
    const moving = (second: number): boolean => second % 20 >= 17 && second > 40;
    film(meter, 200, { times: (second) => (moving(second) ? 2.5 : 1) });
    const values = valuesOf(meter, 200);
    values.forEach((value, second) => {
      if (second < 5) assert.equal(value, UNKNOWN_ACTIVITY, `second ${second} is still learning`);
      else if (second > 30) assert.equal(value >= MOVING_ACTIVITY, moving(second), `second ${second}: ${value}`);
    });
  });

  test("[MOT2] what is usual at a place behind the key frame is no movement: layers, and small pictures after the key frame", () => {
    const meter = new ActivityMeter();
    // Every second picture is of a lower layer, the first second of each GOP of 10 s has three times the rest: it stands out by 1.6 octaves though nothing moves.
    film(meter, 300, { gop: 250, still: (place) => (place % 2 === 0 ? 3_000 : 1_000) * (place < 25 ? 3 : 1) });
    assert.deepEqual(valuesOf(meter, 300).slice(100).filter((value) => value >= MOVING_ACTIVITY), []);
  });

  test("[MOT2] key frames count for nothing, and the same scene at four times the bits has the same values", () => {
    const [little, much] = [new ActivityMeter(), new ActivityMeter()];
    const times = (second: number): number => (second % 30 < 3 ? 2 : 1);
    film(little, 120, { times });
    film(much, 120, { times, still: () => 8_000 });
    const values = valuesOf(much, 120);
    valuesOf(little, 120).forEach((value, second) => assert.ok(Math.abs(value - values[second]!) <= 25, `second ${second}: ${value} and ${values[second]}`));
  });

  test("[MOT1] seconds without pictures, of key frames alone, or out of reach have no value; a new encoding is learned anew", () => {
    const meter = new ActivityMeter();
    film(meter, 20);
    film(meter, 10, {}, 30);
    const values = valuesOf(meter, 60);
    assert.deepEqual(values.slice(20, 30), Array.from({ length: 10 }, () => UNKNOWN_ACTIVITY));
    assert.notEqual(values[35], UNKNOWN_ACTIVITY);
    assert.deepEqual(values.slice(40), Array.from({ length: 20 }, () => UNKNOWN_ACTIVITY));
    const onlyKeys = new ActivityMeter();
    for (let i = 0; i < 100; i++) onlyKeys.note(30_000, true, T0 + i * 200);
    assert.ok(valuesOf(onlyKeys, 20).every((value) => value === UNKNOWN_ACTIVITY));
    meter.forget();
    film(meter, 4, {}, 40);
    assert.ok(valuesOf(meter, 44).slice(40).every((value) => value === UNKNOWN_ACTIVITY));
  });

  test("[MOT1] a clock that is put back keeps no values of times to come", () => {
    const meter = new ActivityMeter();
    film(meter, 1_900); // more than is kept: the places of earlier seconds are taken by later ones
    film(meter, 10, {}, 1_000);
    assert.deepEqual([...meter.read(T0 + 860_000, T0 + 990_000)].filter((value) => value !== UNKNOWN_ACTIVITY), []);
    assert.ok([...meter.read(T0 + 1_001_000, T0 + 1_009_000)].every((value) => value !== UNKNOWN_ACTIVITY));
    assert.ok([...meter.read(T0 + 1_010_000, T0 + 1_900_000)].every((value) => value === UNKNOWN_ACTIVITY));
  });

  test("[MOT1] values are bytes whatever comes", () => {
    fc.assert(fc.property(fc.array(fc.record({ bytes: fc.nat(10_000_000), key: fc.boolean(), step: fc.integer({ min: -5_000, max: 5_000_000 }) }), { maxLength: 300 }), (pictures) => {
      const meter = new ActivityMeter();
      let at = T0;
      for (const { bytes, key, step } of pictures) meter.note(bytes, key, (at += step));
      const values = meter.read(at - 60_000, at + 5_000);
      assert.ok(values.length >= 65 && values.length <= 66);
      assert.ok(values.every((value) => value <= MOST_ACTIVITY || value === UNKNOWN_ACTIVITY));
    }));
  });
});

describe("movement over a range", () => {
  test("[MOT4] whole steps hold the range, and are few enough for a screen", () => {
    assert.deepEqual(rangeOfActivity(T0 + 1_500, T0 + 9_200, 5_000), { from: T0, to: T0 + 10_000, stepMs: 5_000 });
    assert.equal(rangeOfActivity(T0, T0 + 86_400_000).stepMs, 60_000);
    assert.equal(rangeOfActivity(T0, T0 + 600_000).stepMs, 1_000);
  });

  test("[MOT4] a step has its busiest second, a shared second the greater value, and what nobody measured is null", () => {
    const pieces = [{ startMs: T0 - 2_500, values: Uint8Array.of(254, 9, 8, 7, 30) }, { startMs: T0 + 1_900, values: Uint8Array.of(40, 255, 90, 3) }];
    assert.deepEqual(buildActivity({ from: T0, to: T0 + 10_000, stepMs: 1_000 }, pieces), [7, 40, null, 90, 3, null, null, null, null, null].map((value, i) => (i === 1 ? 40 : value)));
    assert.deepEqual(buildActivity({ from: T0, to: T0 + 10_000, stepMs: 5_000 }, pieces), [90, null]);
  });

  test("[MOT4] steps are the maximum of their seconds, wherever the pieces begin", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: -100, max: 100 }), fc.uint8Array({ maxLength: 80 })), { maxLength: 6 }), fc.integer({ min: 1, max: 30 }), (raw, seconds) => {
      const pieces = raw.map(([start, values]) => ({ startMs: T0 + start * 1_000, values }));
      const range = rangeOfActivity(T0, T0 + 60_000, seconds * 1_000);
      const fine = buildActivity({ ...range, stepMs: 1_000 }, pieces);
      const coarse = buildActivity(range, pieces);
      coarse.forEach((value, i) => {
        const known = fine.slice(i * seconds, (i + 1) * seconds).filter((one) => one !== null);
        assert.equal(value, known.length === 0 ? null : Math.max(...known));
      });
    }));
  });
});
