import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { filterTestFiles, listTestFiles } from "./test-files.ts";

test("test files are found beside the code, below tests and in the console, and nowhere else", (t) => {
  const root = mkdtempSync(join(tmpdir(), "citywatch-files-"));
  t.after(() => rmSync(root, { recursive: true }));
  for (const path of ["src/base/a.test.ts", "src/base/a.ts", "src/base/.tsbuild/b.test.ts", "console/src/c.test.ts", "console/src/d.test.tsx", "tests/e2e/path.test.ts", "docs/f.test.ts", "node_modules/g.test.ts"]) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), "");
  }
  assert.deepEqual(listTestFiles(root), ["console/src/c.test.ts", "src/base/a.test.ts", "tests/e2e/path.test.ts"]);
});

test("a filter is a part of the path; several filters add up", () => {
  const files = ["src/base/a.test.ts", "src/geo/b.test.ts", "tests/tidy/c.test.ts"];
  assert.deepEqual(filterTestFiles(files, []), files);
  assert.deepEqual(filterTestFiles(files, ["geo"]), ["src/geo/b.test.ts"]);
  assert.deepEqual(filterTestFiles(files, ["./src/base/a.test.ts", "tidy"]), ["src/base/a.test.ts", "tests/tidy/c.test.ts"]);
  assert.deepEqual(filterTestFiles(files, ["nothing"]), []);
});
