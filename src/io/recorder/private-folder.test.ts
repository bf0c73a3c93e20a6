import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { closeToOthers } from "./private-folder.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "citywatch-private-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const modeOf = (): number => statSync(folder).mode & 0o777;
const skip = process.platform === "win32" ? "no modes here" : false;

test("a folder that others may enter is its owner's alone afterwards, and that is answered once", { skip }, () => {
  for (const mode of [0o755, 0o777, 0o701, 0o704]) {
    chmodSync(folder, mode);
    assert.deepEqual([closeToOthers(folder), modeOf(), closeToOthers(folder)], [true, 0o700, false], mode.toString(8));
  }
});

test("a group that somebody has given it is left", { skip }, () => {
  chmodSync(folder, 0o750);
  assert.deepEqual([closeToOthers(folder), modeOf()], [false, 0o750]);
});

test("where it cannot be ended, what to do is said", { skip: process.platform === "linux" ? false : "a folder of the kernel's" }, () => {
  assert.throws(() => closeToOthers("/proc/self"), { message: /may enter the recordings' folder \/proc\/self.*chmod 700.*umask=077/ });
});
