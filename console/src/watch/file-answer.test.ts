// What a recorder's answer before a download means to whoever asked for it. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readAnswer } from "./file-answer.ts";

const answer = (status: number, headers: Readonly<Record<string, string>> = {}): ReturnType<typeof readAnswer> => readAnswer({ ok: status < 300, status, headers: new Headers(headers) });

test("[PLY13] what was never recorded, what can no longer be read and what the recorder failed at are told apart", () => {
  assert.deepEqual([404, 410, 503, 500, 401].map((status) => answer(status)), ["nothing-recorded", "unreadable", "recorder-busy", "recorder-failed", "recorder-failed"]);
});

test("[PLY16] a file without the sound that was asked for says why, and one with a part of it how much is missing", () => {
  assert.deepEqual(answer(200), { fault: null }, "nobody asked for sound");
  assert.deepEqual(answer(200, { "x-citywatch-sound": "aac", "x-citywatch-sound-missing": "0" }), { fault: null });
  assert.deepEqual(answer(200, { "x-citywatch-sound": "aac", "x-citywatch-sound-missing": "61200" }), { fault: { missingMs: 61_200 } });
  for (const why of ["not-recorded", "unreadable", "other-format", "hours-without-pictures"] as const) assert.deepEqual(answer(200, { "x-citywatch-sound": "none", "x-citywatch-no-sound": why }), { fault: { none: why } });
});
