// Where recordings are: remembered, marked, and never begun anew by mistake.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { findRecordingsFolder, listRecordingsFolders, openRecordingsFolder } from "./recordings-folder.ts";

let root = "";
let data = "";
let other = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "citywatch-recordings-folder-"));
  data = join(root, "data");
  other = join(root, "volume", "recordings");
  mkdirSync(data);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("unless told they are in the data folder", () => {
  assert.deepEqual(openRecordingsFolder(data, ""), { dir: join(data, "recordings"), left: null });
  assert.ok(existsSync(join(data, "recordings")));
  assert.equal(findRecordingsFolder(data), join(data, "recordings"));
});

test("a folder that was named once is remembered, also where it is not named again, and who only reads finds it", () => {
  assert.deepEqual(openRecordingsFolder(data, other), { dir: other, left: null });
  assert.deepEqual([openRecordingsFolder(data, "").dir, openRecordingsFolder(data, other).dir, findRecordingsFolder(data)], [other, other, other]);
});

test("a volume that is not mounted is told, and nothing is begun in the empty folder; mounted again it goes on", () => {
  openRecordingsFolder(data, other);
  renameSync(other, join(root, "away"));
  mkdirSync(other);
  for (const wanted of ["", other]) assert.throws(() => openRecordingsFolder(data, wanted), { name: "ToldError", message: /Is its volume mounted\?/ });
  rmSync(other, { recursive: true });
  assert.throws(() => openRecordingsFolder(data, ""), { name: "ToldError" }, "nor is it made");
  assert.equal(existsSync(other), false);
  renameSync(join(root, "away"), other);
  assert.equal(openRecordingsFolder(data, "").dir, other);
});

test("recordings of another data folder are not taken; what stays behind in the folder of before is told", () => {
  openRecordingsFolder(data, other);
  const second = join(root, "second");
  mkdirSync(second);
  assert.throws(() => openRecordingsFolder(second, other), { name: "ToldError", message: /of another data folder/ });
  writeFileSync(join(other, "index.sqlite"), "");
  assert.deepEqual(openRecordingsFolder(data, join(data, "recordings")), { dir: join(data, "recordings"), left: other });
  assert.equal(openRecordingsFolder(data, "").dir, join(data, "recordings"));
  assert.equal(openRecordingsFolder(data, other).dir, other, "and back");
});

test("a folder that cannot be made is told in words", () => {
  writeFileSync(join(root, "file"), "");
  assert.throws(() => openRecordingsFolder(data, join(root, "file", "recordings")), { name: "ToldError", message: /cannot be used \(ENOTDIR\)/ });
});

test("each recorder has its own, remembered apart; one recorder does not take another's; who only reads finds them all", () => {
  assert.deepEqual(listRecordingsFolders(data), [{ recorderId: 1, dir: join(data, "recordings") }], "before anything was recorded");
  assert.equal(openRecordingsFolder(data, "", 1).dir, join(data, "recordings"));
  assert.equal(openRecordingsFolder(data, "", 2).dir, join(data, "recordings-2"));
  assert.equal(openRecordingsFolder(data, other, 10).dir, other);
  assert.deepEqual(listRecordingsFolders(data), [{ recorderId: 1, dir: join(data, "recordings") }, { recorderId: 2, dir: join(data, "recordings-2") }, { recorderId: 10, dir: other }]);
  for (const id of [1, 2]) assert.throws(() => openRecordingsFolder(data, other, id), { name: "ToldError", message: /or recorder/ });
  assert.equal(openRecordingsFolder(data, "", 10).dir, other);
});
