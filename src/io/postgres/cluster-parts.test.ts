// The pure parts of the cluster; the whole of it runs in tests/house/cluster.test.ts.

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parseLinkList } from "./cluster-binaries.ts";
import { parsePostmasterPid } from "./cluster-leftovers.ts";
import { explainServerLog, readTail } from "./cluster-log.ts";
import { canReach, parsePasswd } from "./cluster-owner.ts";

test("the last known cause in a server log is told in words", () => {
  const full = 'PANIC:  could not write to file "pg_wal/xlogtemp.12": No space left on device\n';
  assert.match(explainServerLog(full) ?? "", /^The disk is full/);
  assert.match(explainServerLog(`${full}FATAL:  lock file "postmaster.pid" already exists\n`) ?? "", /^Another PostgreSQL already works/);
  assert.equal(explainServerLog("LOG:  all is well\n"), undefined);
});

test("the tail of a log begins where this run began", (t) => {
  const dir = mkdtempSync(join(tmpdir(), "citywatch-log-"));
  t.after(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, "log"), "old run\nnew run\n");
  assert.equal(readTail(join(dir, "log"), 8), "new run\n");
  assert.equal(readTail(join(dir, "none"), 0), "");
});

test("a user of passwd is found by its whole name, never one with user id 0", () => {
  const text = "root:x:0:0::/root:/bin/sh\npostgresql:x:7:7::/:/bin/sh\npostgres:x:101:104:x:/var:/bin/sh\ntoor:x:0:0::/:/bin/sh\n";
  assert.deepEqual(parsePasswd(text, "postgres"), { uid: 101, gid: 104 });
  assert.equal(parsePasswd(text, "toor"), undefined);
  assert.equal(parsePasswd(text, "post"), undefined);
});

test("another user reaches a folder only through folders that let it pass", { skip: process.getuid?.() === 0 ? false : "only root changes to another user" }, (t) => {
  const dir = mkdtempSync(join(tmpdir(), "citywatch-reach-"));
  t.after(() => rmSync(dir, { recursive: true }));
  const inner = join(dir, "a", "b");
  mkdirSync(inner, { recursive: true });
  const other = { uid: 65534, gid: 65534, name: "nobody", drop: true };
  chmodSync(join(dir, "a"), 0o755);
  chmodSync(inner, 0o755);
  assert.equal(canReach(other, inner), false, "mkdtemp made the top 0700");
  chmodSync(dir, 0o711);
  assert.equal(canReach(other, inner), true);
  chmodSync(inner, 0o700);
  assert.equal(canReach(other, inner), false);
  assert.equal(canReach(other, join(dir, "none")), false);
});

test("a torn postmaster.pid names no process", () => {
  assert.equal(parsePostmasterPid("4711\n/data\n"), 4711);
  for (const text of ["", "\n", "x", "0\n", "1\n", "-5\n"]) assert.equal(parsePostmasterPid(text), undefined, JSON.stringify(text));
});

test("a list of links is read, and one that leaves the package refused", () => {
  assert.deepEqual(parseLinkList('[{"source":"native/lib/a.so.1","target":"native/lib/a.so"}]', "/p"), [{ source: "/p/native/lib/a.so.1", target: "/p/native/lib/a.so" }]);
  for (const text of ["{}", '[{"source":"a"}]', '[{"source":"native/a","target":"../outside"}]', '[{"source":"/etc/passwd","target":"native/a"}]', "[null]"]) {
    assert.throws(() => parseLinkList(text, "/p"), /pg-symlinks\.json/, text);
  }
});
