// The compiler is the first guard of the house: a pure folder has no process, no timer, no fetch, and a folder sees only what its references name. Shown by
// breaking each in a copy of the real project files; the same copy unbroken must compile.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";

const ROOT = join(import.meta.dirname, "..", "..");
const TSC = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");

function copyProjects(t: TestContext, files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), "citywatch-tsc-"));
  t.after(() => rmSync(dir, { recursive: true }));
  for (const name of ["tsconfig.base.json", "tsconfig.pure.json", "src/pure-globals.d.ts"]) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    copyFileSync(join(ROOT, name), join(dir, name));
  }
  writeFileSync(join(dir, "package.json"), '{"type":"module"}\n');
  const wanted = (path: string): boolean => !path.includes(".tsbuild") && !path.endsWith(".test.ts") && !path.endsWith(".tsbuildinfo");
  cpSync(join(ROOT, "src/base"), join(dir, "src/base"), { recursive: true, filter: wanted });
  for (const folder of ["media", "dispatch"]) {
    mkdirSync(join(dir, "src", folder));
    copyFileSync(join(ROOT, "src", folder, "tsconfig.json"), join(dir, "src", folder, "tsconfig.json"));
    writeFileSync(join(dir, "src", folder, "plain.ts"), 'import { SECOND_MS } from "../base/time.ts";\nexport const twoSecondsMs: number = 2 * SECOND_MS;\n');
  }
  for (const [path, text] of Object.entries(files)) writeFileSync(join(dir, path), text);
  return dir;
}

function compile(dir: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [TSC, "-b", "src/media", "src/dispatch"], { cwd: dir }, (error, stdout) => resolve({ code: error ? 1 : 0, output: stdout }));
  });
}

test("unbroken, the copy compiles", async (t) => {
  assert.deepEqual(await compile(copyProjects(t, {})), { code: 0, output: "" });
});

for (const [what, source, expected] of [
  ["the process", "export const home = process.env;\n", /TS2\d+: Cannot find name 'process'/],
  ["a timer", "export const wait = (): unknown => setTimeout(() => undefined, 1);\n", /Cannot find name 'setTimeout'/],
  ["the console", "export const say = (): void => console.log(1);\n", /Cannot find name 'console'/],
  ["the network", 'export const get = (): unknown => fetch("http://example.org");\n', /Cannot find name 'fetch'/],
  ["Node's modules", 'import { readFileSync } from "node:fs";\nexport const read = readFileSync;\n', /Cannot find module 'node:fs'|node:fs/],
  ["another domain", 'import { twoSecondsMs } from "../dispatch/plain.ts";\nexport const x = twoSecondsMs;\n', /TS6307|TS6059/],
  ["another domain's types", 'import type { twoSecondsMs } from "../dispatch/plain.ts";\nexport type X = typeof twoSecondsMs;\n', /TS6307|TS6059/],
  ["an enum", "export enum Colour {\n  red,\n}\n", /TS1294/],
] as const) {
  test(`a pure folder that reaches for ${what} does not compile`, async (t) => {
    const { code, output } = await compile(copyProjects(t, { "src/media/planted.ts": source }));
    assert.equal(code, 1);
    assert.match(output, expected);
    assert.match(output, /src\/media\/planted\.ts/);
  });
}
