import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readFoldVersion } from "./fold-version.ts";

describe("the version of the code that folds", () => {
  const dir = mkdtempSync(join(tmpdir(), "citywatch-fold-"));
  before(() => ["base", "dispatch"].forEach((folder) => cpSync(join(import.meta.dirname, "..", folder), join(dir, folder), { recursive: true })));
  after(() => rmSync(dir, { recursive: true, force: true }));

  test("[CMD8] is another one when what applies events changes, or what that imports, by however many steps, and not when what decides does", async () => {
    let version = await readFoldVersion();
    assert.equal(await readFoldVersion(dir), version, "it does not depend on where the program lies");
    for (const same of ["dispatch/decide.ts", "dispatch/run-cards.ts", "dispatch/policy.ts", "dispatch/SPEC.md", "base/random.ts"]) {
      appendFileSync(join(dir, same), "\n// changed\n");
      assert.equal(await readFoldVersion(dir), version, same);
    }
    for (const other of ["dispatch/apply.ts", "dispatch/apply-needs.ts", "dispatch/wants.ts", "dispatch/table.ts", "dispatch/state-blocks.ts", "base/triage-grade.ts"]) {
      appendFileSync(join(dir, other), "\n// changed\n");
      const next = await readFoldVersion(dir);
      assert.notEqual(next, version, other);
      version = next;
    }
  });
});
