// What a recorder's answer before a download means to whoever asked for it. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type FoundFile, findShorter, readAnswer } from "./file-answer.ts";

const answer = (status: number, headers: Readonly<Record<string, string>> = {}): ReturnType<typeof readAnswer> => readAnswer({ ok: status < 300, status, headers: new Headers(headers) });

test("[PLY13] what was never recorded, what can no longer be read and what the recorder failed at are told apart", () => {
  assert.deepEqual([404, 410, 503, 500, 401].map((status) => answer(status)), ["nothing-recorded", "unreadable", "recorder-busy", "recorder-failed", "recorder-failed"]);
});

const whole: FoundFile = { fault: null, firstMs: null, lastMs: null, nextMs: null, leftOutMs: 0 };

test("[PLY11] where another format begins the answer says when, and what is no time is none", () => {
  assert.deepEqual(answer(200, { "x-citywatch-first-picture": "1000", "x-citywatch-last-picture": "720000", "x-citywatch-next-format": "720040" }), { ...whole, firstMs: 1_000, lastMs: 720_000, nextMs: 720_040 });
  assert.deepEqual(answer(200, { "x-citywatch-next-format": "soon" }), whole);
});

test("[PLY11] a file that leaves out what was recorded twice says how much of it", () => {
  assert.deepEqual(answer(200, { "x-citywatch-left-out": "3600000" }), { ...whole, leftOutMs: 3_600_000 });
  assert.deepEqual(answer(200, { "x-citywatch-left-out": "much" }), whole);
});

test("[PLY11] [PLY13] files that begin late or end early say what they hold; a key frame more or less, and what is not on the disk yet, is no loss", () => {
  const HOUR = 3_600_000;
  const range = { from: 10 * HOUR, to: 11 * HOUR };
  const file = (firstMs: number, lastMs: number): FoundFile => ({ ...whole, firstMs, lastMs });
  assert.equal(findShorter(range, [file(range.from - 1_500, range.to + 900)], 20 * HOUR), null);
  assert.equal(findShorter(range, [file(range.from, range.from + HOUR / 2), file(range.from + HOUR / 2, range.to)], 20 * HOUR), null, "two files, one after the other");
  assert.deepEqual(findShorter(range, [file(range.from - 1_500, range.from + 720_000)], 20 * HOUR), { from: range.from, to: range.from + 720_000 });
  assert.deepEqual(findShorter(range, [file(range.from + 60_000, range.to + 500)], 20 * HOUR), { from: range.from + 60_000, to: range.to });
  assert.equal(findShorter(range, [file(range.from, range.from + 600_000)], range.from + 605_000), null, "the range reaches beyond now");
  assert.equal(findShorter(range, [whole], 20 * HOUR), null, "an older recorder does not say");
});

test("[PLY16] a file without the sound that was asked for says why, and one with a part of it how much is missing", () => {
  assert.deepEqual(answer(200), whole, "nobody asked for sound");
  assert.deepEqual(answer(200, { "x-citywatch-sound": "aac", "x-citywatch-sound-missing": "0" }), whole);
  assert.deepEqual(answer(200, { "x-citywatch-sound": "aac", "x-citywatch-sound-missing": "61200" }), { ...whole, fault: { missingMs: 61_200 } });
  for (const why of ["not-recorded", "unreadable", "other-format", "hours-without-pictures"] as const) assert.deepEqual(answer(200, { "x-citywatch-sound": "none", "x-citywatch-no-sound": why }), { ...whole, fault: { none: why } });
});
