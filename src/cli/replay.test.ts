// Where `citywatch replay` looks for its centre, and by what it ends.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { keepCentreAddress } from "../app/centre-address.ts";
import { findCentreOrigin } from "./centre-client.ts";
import { exitCodeOf } from "./replay.ts";

test("the centre is the one that was named, else the one that runs on the data folder, else at the usual port", () => {
  const folder = mkdtempSync(join(tmpdir(), "citywatch-replay-"));
  const named = process.env["CITYWATCH_CENTRE"];
  delete process.env["CITYWATCH_CENTRE"];
  try {
    assert.equal(findCentreOrigin(undefined, folder), "http://127.0.0.1:7300");
    keepCentreAddress(folder, "http://127.0.0.1:9300");
    assert.equal(findCentreOrigin(undefined, folder), "http://127.0.0.1:9300");
    assert.equal(findCentreOrigin("http://127.0.0.1:9400", folder), "http://127.0.0.1:9400");
    assert.throws(() => findCentreOrigin("ftp://x", folder), /--centre: ftp:\/\/x: expected an address/);
  } finally {
    if (named !== undefined) process.env["CITYWATCH_CENTRE"] = named;
    rmSync(folder, { recursive: true, force: true });
  }
});

test("it ends with 0 only where every row came in", () => {
  assert.equal(exitCodeOf({ faults: 0, refusals: new Map() }, false), 0);
  assert.equal(exitCodeOf({ faults: 2, refusals: new Map() }, false), 1);
  assert.equal(exitCodeOf({ faults: 0, refusals: new Map([["unit-free", 1]]) }, false), 1);
  assert.equal(exitCodeOf({ faults: 2, refusals: new Map() }, true), 130);
});
