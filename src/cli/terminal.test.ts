import assert from "node:assert/strict";
import { test } from "node:test";
import { createTerminalWatcher, formatStep } from "./terminal.ts";

test("a running step shows its count, a bar where the end is known, and the seconds", () => {
  assert.equal(formatStep("demo city", undefined, 1_234), "  ..  demo city  1.2 s");
  assert.equal(formatStep("demo city", { text: "read tiles", done: 5, of: 20 }, 2_000), "  ..  demo city: read tiles  [#####---------------] 5/20  2.0 s");
  assert.equal(formatStep("demo city", { text: "roads", done: 13_585, of: null }, 2_000), "  ..  demo city: roads  13585  2.0 s");
});

test("away from a terminal each step is one line, written at its end, a failed one too", async () => {
  let text = "";
  const watcher = createTerminalWatcher({ write: (chunk) => (text += chunk) });
  assert.equal(await watcher.step("database", async (progress) => (progress("x", 1, 2), 7), (value) => `${value} migrations ran`), 7);
  await assert.rejects(watcher.step("console", async () => Promise.reject(new Error("no")), String));
  assert.match(text, /^ {2}ok {2}database {4}7 migrations ran, \d+\.\d s\n {2}-- {2}console {5}failed after \d+\.\d s\n$/);
});

test("the same complaint is shown once, whatever its numbers; many kinds at once are cut short", () => {
  let text = "";
  const watcher = createTerminalWatcher({ write: (chunk) => (text += chunk) });
  for (let i = 0; i < 50; i++) watcher.complain(`camera ${i} is silent for ${i}.5 s`);
  for (const word of ["one", "two", "three", "four", "five", "six", "seven", "eight"]) watcher.complain(`part ${word} complains`);
  assert.deepEqual(text.trim().split("\n").map((line) => line.trim()), [
    "!   camera 0 is silent for 0.5 s",
    ...["one", "two", "three", "four", "five"].map((word) => `!   part ${word} complains`),
    "!   more is in the logs folder",
  ]);
});
