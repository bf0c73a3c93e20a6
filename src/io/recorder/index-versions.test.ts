// Who may read an index: nobody but its user, whatever the umask and the folder, and also one that was made before.
import assert from "node:assert/strict";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { IndexStore } from "./index-store.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "citywatch-index-mode-"));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Of all that is the index's; its lock is empty. */
const listModes = (): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).filter((name) => name.startsWith("index.sqlite") && !name.includes(".lock")).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]));
const OWN = { "index.sqlite": "600", "index.sqlite-shm": "600", "index.sqlite-wal": "600" };

test("an index, its log and its shared memory are their user's alone", { skip: process.platform === "win32" }, () => {
  const index = new IndexStore(join(folder, "index.sqlite"));
  index.saveSetting("a", "b");
  assert.deepEqual(listModes(), OWN);
  index.close();
});

test("so are those of an index that all could read, also where a crash left them", { skip: process.platform === "win32" }, () => {
  const names = Object.keys(OWN);
  const before = join(folder, "before");
  mkdirSync(before);
  const crashed = new IndexStore(join(folder, "index.sqlite"));
  crashed.saveSetting("a", "b");
  for (const name of names) copyFileSync(join(folder, name), join(before, name));
  crashed.close();
  for (const name of names) {
    copyFileSync(join(before, name), join(folder, name));
    chmodSync(join(folder, name), 0o644);
  }
  const index = new IndexStore(join(folder, "index.sqlite"));
  assert.deepEqual([listModes(), index.findSetting("a")], [OWN, "b"]);
  index.close();
});
