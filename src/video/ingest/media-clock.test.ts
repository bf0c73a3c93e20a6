import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { MediaClock } from "./media-clock.ts";

const T0 = 1_790_000_000_000;

describe("wall time", () => {
  test("[ING3] [ING4] steady pictures with network jitter: wall time keeps the camera's pace, not the jitter", () => {
    const clock = new MediaClock(0);
    let worst = 0;
    for (let frame = 0; frame < 5_000; frame++) {
      const jitter = frame === 0 ? 0 : (frame * 7_919) % 180;
      clock.note(frame * 3_600, T0 + frame * 40 + jitter);
      worst = Math.max(worst, Math.abs(clock.wallMs - (T0 + frame * 40)));
    }
    assert.ok(worst <= 5, `${worst} ms from the truth`);
  });

  test("[ING3] a burst of old pictures at the start never puts wall time into the future", () => {
    const clock = new MediaClock(0);
    for (let frame = 0; frame < 100; frame++) {
      const arrival = frame < 50 ? T0 + frame : T0 + (frame - 50) * 40 + 50;
      clock.note(frame * 3_600, arrival);
      assert.ok(clock.wallMs <= arrival);
    }
  });

  test("[ING5] the RTP clock wraps, jumps ahead, or starts anew: decoding time goes on", () => {
    const clock = new MediaClock(0);
    const stamps = [4_294_960_000, 4_294_963_600, 4_294_967_200, 3_504, 7_104, 900_000_000, 900_003_600, 12, 3_612];
    const decode = stamps.map((stamp, i) => {
      assert.equal(clock.note(stamp, T0 + i * 40), true);
      return clock.decode90k;
    });
    assert.deepEqual(decode, stamps.map((_, i) => i * 3_600));
  });

  test("[ING6] a stall that the camera makes up for is borne; one that stays ends the run", () => {
    const borne = new MediaClock(0);
    for (let frame = 0; frame < 500; frame++) assert.equal(borne.note(frame * 3_600, T0 + (frame < 50 ? frame * 40 : Math.max(frame * 40, 14_000))), true);
    const lost = new MediaClock(0);
    let ended = -1;
    for (let frame = 0; frame < 1_000 && ended < 0; frame++) if (!lost.note(frame * 3_600, T0 + frame * 40 + (frame < 50 ? 0 : 15_000))) ended = frame;
    assert.ok(ended > 250 && ended < 400, `ended at picture ${ended}`);
  });

  test("[ING3] [ING7] whatever arrives, wall time never steps back or passes arrival, and decoding time rises", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 4_294_967_295 }), fc.integer({ min: 0, max: 2_000 })), { maxLength: 200 }), (notes) => {
      const clock = new MediaClock(undefined);
      let arrival = T0;
      let wall = 0;
      let decode = -1;
      for (const [stamp, passed] of notes) {
        arrival += passed;
        clock.note(stamp, arrival);
        assert.ok(clock.wallMs >= wall && clock.wallMs <= arrival);
        assert.ok(clock.decode90k > decode);
        wall = clock.wallMs;
        decode = clock.decode90k;
      }
    }));
  });
});

test("[ING7] reordered pictures: decoding time + composition offset = presentation time", () => {
  for (const told of [1, undefined]) {
    const clock = new MediaClock(told);
    const order = [0, 3, 1, 2, 6, 4, 5, 9, 7, 8];
    const shown = order.map((place, i) => {
      clock.note(1_000 + place * 3_600, T0 + i * 40);
      return clock.decode90k + clock.composition90k;
    });
    assert.deepEqual(shown, order.map((place) => place * 3_600), `reordering told: ${told}`);
  }
});
