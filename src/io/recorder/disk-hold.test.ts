import assert from "node:assert/strict";
import { test } from "node:test";
import { DiskHold } from "./disk-hold.ts";

test("[RCD10] [RCD15] after a failure 5 s pass; a full disk is told of, and not tried before there is room", () => {
  let hasRoom = true;
  let told = 0;
  const hold = new DiskHold({ hasRoom: () => hasRoom, onDiskFull: () => { told++; } });
  assert.equal(hold.mayRecord(0), true);
  assert.equal(hold.begin(Object.assign(new Error("x"), { code: "EIO" }), 1_000), "disk-failed");
  assert.deepEqual([hold.mayRecord(5_999), hold.mayRecord(6_000), told], [false, true, 0]);
  assert.equal(hold.begin(Object.assign(new Error("x"), { code: "ENOSPC" }), 10_000), "disk-full");
  hasRoom = false;
  assert.deepEqual([told, hold.mayRecord(15_000)], [1, false]);
  hasRoom = true;
  assert.deepEqual([hold.mayRecord(19_999), hold.mayRecord(20_000)], [false, true], "asked again after as long");
});
