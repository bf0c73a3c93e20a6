import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { dropCentreAddress, findCentreAddress, keepCentreAddress } from "./centre-address.ts";

test("the folder says where its centre answers, while one runs on it", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "citywatch-address-"));
  t.after(() => rmSync(folder, { recursive: true }));
  assert.equal(findCentreAddress(folder), undefined);
  keepCentreAddress(folder, "http://127.0.0.1:9300");
  assert.equal(findCentreAddress(folder), "http://127.0.0.1:9300");
  dropCentreAddress(folder);
  assert.equal(findCentreAddress(folder), undefined);
  dropCentreAddress(folder);
  writeFileSync(join(folder, "centre-address.txt"), "half a li");
  assert.equal(findCentreAddress(folder), undefined);
});
