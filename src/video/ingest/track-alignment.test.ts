// Sound laid to its pictures by sender reports. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { TrackAlignment } from "./track-alignment.ts";

const T0 = 1_790_000_000_000;

test("[ING11] wherever RTP times begin and whatever the camera's clock says, sound has the wall time of the picture of its moment", () => {
  const u32 = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(fc.property(u32, u32, fc.integer({ min: -4_900, max: 4_900 }), fc.integer({ min: 0, max: 4_000_000_000_000 }), fc.constantFrom(8_000, 16_000, 44_100, 48_000), fc.integer({ min: 0, max: 20_000 }), (firstPicture, firstSound, delayMs, cameraMs, clockHz, atMs) => {
    const alignment = new TrackAlignment(clockHz);
    const pictureAt = (ms: number): number => (firstPicture + ms * 90) >>> 0;
    const soundAt = (ms: number): number => (firstSound + Math.round((ms * clockHz) / 1_000)) >>> 0;
    const moment = (ms: number): number => alignment.align({ rtpTime: soundAt(ms), ms: T0 + ms + delayMs }, { rtpTime: pictureAt(ms + 120), ms: T0 + ms + 120 });
    assert.equal(moment(atMs), T0 + atMs + delayMs);
    alignment.notePictureReport({ rtpTime: pictureAt(3_000), ms: cameraMs + 3_000 });
    assert.equal(moment(atMs), T0 + atMs + delayMs, "one track alone tells nothing");
    alignment.noteSoundReport({ rtpTime: soundAt(5_500), ms: cameraMs + 5_500 });
    assert.ok(Math.abs(moment(atMs) - T0 - atMs) <= 21);
    assert.ok(Math.abs(moment(atMs + 3_600_000) - T0 - atMs - 3_600_000) <= 21, "an hour later");
  }));
});

test("[ING11] what sender reports say of more than 5 s is believed of none; jitter of 20 ms moves nothing; without a picture they wait", () => {
  const alignment = new TrackAlignment(8_000);
  const align = (picture = true): number => alignment.align({ rtpTime: 0, ms: T0 }, picture ? { rtpTime: 0, ms: T0 } : undefined) - T0;
  alignment.notePictureReport({ rtpTime: 0, ms: 0 });
  alignment.noteSoundReport({ rtpTime: 0, ms: 300 });
  assert.equal(align(false), 0);
  assert.equal(align(), 300);
  alignment.noteSoundReport({ rtpTime: 0, ms: 315 });
  assert.equal(align(), 300);
  alignment.noteSoundReport({ rtpTime: 0, ms: 2_208_988_800_000 }); // no clock set
  alignment.notePictureReport({ rtpTime: 0, ms: 0 });
  assert.deepEqual([align(), alignment.implausible], [300, 1]);
});

test("[ING11] a camera that sets its own clock, between whichever reports, moves no sound; what really changes between the tracks is taken once both have told of it", () => {
  const instants = fc.record({ stepAt: fc.integer({ min: 1, max: 60_000 }), stepMs: fc.integer({ min: -4_500, max: 4_500 }), pictureEach: fc.integer({ min: 1, max: 30 }), soundEach: fc.integer({ min: 1, max: 30 }), apartMs: fc.integer({ min: -4_000, max: 4_000 }) });
  fc.assert(fc.property(instants, ({ stepAt, stepMs, pictureEach, soundEach, apartMs }) => {
    const alignment = new TrackAlignment(8_000);
    const cameraMs = (ms: number): number => 1_000_000_000_000 + ms + (ms >= stepAt ? stepMs : 0);
    // The sound arrives `apartMs` late; after a minute and a half its encoder begins anew, with other RTP times. A step of 100 ms may be no step but a clock that is pulled straight.
    const anewAt = 90_000;
    const soundRtp = (ms: number): number => (ms * 8 + (ms >= anewAt ? 12_345_678 : 0)) >>> 0;
    const movedAt = (ms: number): number => alignment.align({ rtpTime: soundRtp(ms), ms: T0 + ms + apartMs }, { rtpTime: ms * 90, ms: T0 + ms }) - T0 - ms;
    for (let ms = 0; ms <= 180_000; ms += 500) {
      if ((ms / 500) % (pictureEach * 2) === 0) alignment.notePictureReport({ rtpTime: ms * 90, ms: cameraMs(ms) });
      if ((ms / 500) % (soundEach * 2) === 1) alignment.noteSoundReport({ rtpTime: soundRtp(ms), ms: cameraMs(ms) });
      const isTold = ms >= 500 && !(stepAt <= 500) && (ms < anewAt || ms > anewAt + 2_000 * Math.max(pictureEach, soundEach));
      const moved = movedAt(ms);
      if (isTold) assert.ok(Math.abs(moved) <= (Math.abs(stepMs) <= 100 ? 121 : 21), `off by ${moved} ms at ${ms} ms`);
    }
  }), { numRuns: 300 });
});
