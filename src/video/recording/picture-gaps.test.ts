// Rule ids are those of video/SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PictureGaps } from "./picture-gaps.ts";

const T0 = 1_790_000_000_000;
/** The gaps of a run whose pictures come at these times, in ms; after those in `losses` packets were missing. */
function gapsOf(times: readonly number[], losses: readonly number[] = []): (readonly [number, number, string])[] {
  const gaps = new PictureGaps();
  gaps.beginRun();
  const told = times.map((ms) => gaps.note({ decode90k: ms * 90, wallMs: T0 + ms, lossBefore: losses.includes(ms) }));
  return [...told, gaps.takeJoined()].flatMap((gap) => (gap === undefined ? [] : [[Math.round(gap.start - T0), Math.round(gap.end - T0), gap.cause] as const]));
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

test("[RCD18] of a camera that falls silent again and again the first five of a minute are told each by itself, the others of it as one; whatever it does, a minute has six at most, and together they hold every silence", () => {
  const silences = each(2_000, 0, 300_000); // 25 a second for a second, and none for the next
  const told = gapsOf(silences.flatMap((from) => each(40, from, from + 600)), silences.filter((ms) => ms % 14_000 === 0));
  assert.ok(told.length <= 6 * 6, `${told.length} of 149`);
  const [first] = told;
  const [joined] = told.filter(([start, end]) => end - start > 10_000);
  assert.deepEqual(first, [600, 2_000, "no-data"]);
  assert.deepEqual(joined?.slice(1), [62_000, "bad-data"], "to the last's end");
  assert.ok(joined[0] >= 10_600 && joined[0] < 10_610, `from the sixth's beginning, not ${joined[0]}`);
  for (const from of silences.slice(1)) assert.ok(told.some(([start, end]) => start <= from - 1_390 && end >= from), `the silence up to ${from}`);
});

test("[RCD18] what waits for the end of its minute is told when the run ends; the next run goes on with that minute", () => {
  const gaps = new PictureGaps();
  gaps.beginRun();
  const told: unknown[] = [];
  const feed = (ms: number): void => {
    const gap = gaps.note({ decode90k: ms * 90, wallMs: T0 + ms, lossBefore: false });
    if (gap !== undefined) told.push(gap);
  };
  for (let i = 0; i < 8; i++) for (const ms of each(40, i * 2_000, i * 2_000 + 600)) feed(ms);
  assert.equal(told.length, 5);
  const joined = gaps.takeJoined();
  assert.deepEqual([joined?.end, joined?.cause], [T0 + 14_000, "no-data"]);
  assert.ok(joined!.start >= T0 + 10_600 && joined!.start < T0 + 10_610);
  assert.equal(gaps.takeJoined(), undefined, "once");
  gaps.beginRun();
  for (const from of [20_000, 22_000]) for (const ms of each(40, from, from + 600)) feed(ms);
  assert.equal(told.length, 5);
  assert.deepEqual(gaps.takeJoined(), { start: T0 + 20_600, end: T0 + 22_000, cause: "no-data" });
});
