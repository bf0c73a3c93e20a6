// The console is built while a centre may be serving it: with a real Vite on a page of three lines.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { buildConsole, planPublication } from "./console-build.ts";

function makeCheckout(t: TestContext): { root: string; dist: string; write(script: string): void; assets(): string[] } {
  const root = mkdtempSync(join(tmpdir(), "citywatch-build-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const folder of ["console", "src/base", "src/contract", "src/evidence", "src/geo", "src/media"]) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "package-lock.json"), "{}");
  writeFileSync(join(root, "console", "index.html"), '<!doctype html><script type="module" src="/page.js"></script>');
  const dist = join(root, "console", "dist");
  return { root, dist, write: (script) => writeFileSync(join(root, "console", "page.js"), script), assets: () => readdirSync(join(dist, "assets")).sort() };
}

test("files go over before the page that names them; those of the build before stay, older ones go", () => {
  const { move, remove } = planPublication(["index.html", "assets/b-2.js", "assets/a-2.js"], ["index.html", "assets/a-1.js"], [".build.json", "index.html", "assets/a-1.js", "assets/a-0.js"]);
  assert.deepEqual(move, ["assets/a-2.js", "assets/b-2.js", "index.html"]);
  assert.deepEqual(remove, ["assets/a-0.js"]);
});

test("a new build goes over the one that is served: always a page, and the one before it still finds its files", async (t) => {
  const { root, dist, write, assets } = makeCheckout(t);
  write("document.title = 'one';");
  assert.equal((await buildConsole(root)).built, true);
  const [first] = assets();
  const { ino } = statSync(dist);
  assert.equal((await buildConsole(root)).built, false, "nothing changed");

  write("document.title = 'two';");
  await buildConsole(root);
  assert.equal(statSync(dist).ino, ino, "a server that holds the folder holds the right one");
  assert.equal(assets().length, 2);
  assert.ok(assets().includes(first!));
  const second = assets().find((file) => file !== first)!;
  assert.ok(readFileSync(join(dist, "index.html"), "utf8").includes(second));

  write("document.title = 'three';");
  await buildConsole(root);
  assert.equal(assets().length, 2);
  assert.ok(!assets().includes(first!) && assets().includes(second));
});

test("a build that fails leaves what is served as it was, and nothing beside it", async (t) => {
  const { root, dist, write, assets } = makeCheckout(t);
  write("document.title = 'one';");
  await buildConsole(root);
  const before = [assets(), readFileSync(join(dist, "index.html"), "utf8")];
  mkdirSync(join(root, "console", "dist.new-4194399"), { recursive: true }); // of a build that was killed: above every process number
  write("this is no script");
  await assert.rejects(buildConsole(root), { name: "ToldError", message: /^The console could not be built:/ });
  assert.deepEqual([assets(), readFileSync(join(dist, "index.html"), "utf8")], before);
  assert.deepEqual(readdirSync(join(root, "console")).sort(), ["dist", "index.html", "page.js"]);
  assert.equal(existsSync(dist), true);
});
