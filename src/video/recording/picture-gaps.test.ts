// Rule ids are those of video/SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PictureGaps } from "./picture-gaps.ts";

const T0 = 1_790_000_000_000;
/** The gaps of a run whose pictures come at these times, in ms; after those in `losses` packets were missing. */
function gapsOf(times: readonly number[], losses: readonly number[] = []): (readonly [number, number, string])[] {
  const gaps = new PictureGaps();
  gaps.beginRun();
  return times.flatMap((ms) => {
    const gap = gaps.note({ decode90k: ms * 90, wallMs: T0 + ms, lossBefore: losses.includes(ms) });
    return gap === undefined ? [] : [[Math.round(gap.start - T0), Math.round(gap.end - T0), gap.cause] as const];
  });
}
const each = (ms: number, from: number, to: number): number[] => Array.from({ length: Math.ceil((to - from) / ms) }, (_, i) => from + i * ms);

test("[RCD18] seconds without a picture are a gap within the run, from the end of the picture before, with whether packets were missing", () => {
  assert.deepEqual(gapsOf([...each(40, 0, 2_000), ...each(40, 11_000, 12_000)]), [[2_000, 11_000, "no-data"]]);
  assert.deepEqual(gapsOf([...each(40, 0, 2_000), ...each(40, 3_500, 5_000), ...each(40, 10_000, 11_000)], [3_500]), [[2_000, 3_500, "bad-data"], [5_020, 10_000, "no-data"]]);
});

test("[RCD18] less than a second is none, nor is what a slow camera has as a rule", () => {
  assert.deepEqual(gapsOf([...each(40, 0, 2_000), 2_960, 3_900]), []);
  assert.deepEqual(gapsOf(each(5_000, 0, 100_000)), []);
  assert.deepEqual(gapsOf([...each(1_000, 0, 20_000), ...each(1_000, 23_000, 30_000)]), [], "three pictures of one a second");
  assert.deepEqual(gapsOf([...each(5_000, 0, 100_000), 160_000]), [[100_000, 160_000, "no-data"]]);
});

test("[RCD18] a camera that slows down is believed after some pictures; a new run begins without a rule", () => {
  const slow = gapsOf([...each(40, 0, 10_000), ...each(2_000, 12_000, 100_000)]);
  assert.ok(slow.length > 0 && slow.length < 12, `${slow.length} gaps`);
  const gaps = new PictureGaps();
  for (const ms of each(40, 0, 1_000)) gaps.note({ decode90k: ms * 90, wallMs: T0 + ms, lossBefore: false });
  gaps.beginRun();
  assert.equal(gaps.note({ decode90k: 0, wallMs: T0 + 60_000, lossBefore: false }), undefined);
  assert.equal(gaps.note({ decode90k: 450_000, wallMs: T0 + 65_000, lossBefore: false }), undefined);
});
