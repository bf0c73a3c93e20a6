// citywatch.mjs in a small checkout of its own, with an npm that does as it is told: what a newcomer sees at the first start, and when it fails.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { waitUntil } from "../support/wait.ts";

const LOCK = { packages: { "": {}, "node_modules/a": { version: "1.0.0" }, "node_modules/other-machine": { version: "1.0.0", optional: true, os: ["aix"] }, "node_modules/maybe": { version: "1.0.0", optional: true } } };

interface Checkout {
  readonly dir: string;
  calls(): number; // of npm
  run(...args: string[]): { readonly ended: Promise<{ code: number | null; out: string; err: string }>; kill(signal: NodeJS.Signals): void };
}

/** A checkout whose npm is the given shell script; it runs in the checkout and counts its calls. */
function makeCheckout(t: TestContext, npm: string, main: string = "console.log(process.argv.slice(2).join(' '));"): Checkout {
  const dir = mkdtempSync(join(tmpdir(), "citywatch-door-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  copyFileSync(join(import.meta.dirname, "..", "..", "citywatch.mjs"), join(dir, "citywatch.mjs"));
  for (const folder of ["bin", "src/cli", "runtime"]) mkdirSync(join(dir, folder), { recursive: true });
  writeFileSync(join(dir, "package-lock.json"), JSON.stringify(LOCK));
  writeFileSync(join(dir, "src/cli/main.ts"), main);
  writeFileSync(join(dir, "bin/npm"), `#!/bin/sh\necho "$*" >> "${dir}/calls"\n${npm}\n`);
  chmodSync(join(dir, "bin/npm"), 0o755);
  return {
    dir,
    calls: () => (existsSync(join(dir, "calls")) ? readFileSync(join(dir, "calls"), "utf8").trim().split("\n").length : 0),
    run(...args) {
      const child = spawn(process.execPath, [join(dir, "citywatch.mjs"), ...args], { cwd: dir, env: { ...process.env, PATH: [join(dir, "bin"), dirname(process.execPath), process.env["PATH"]].join(delimiter) }, stdio: ["ignore", "pipe", "pipe"] });
      let out = "";
      let err = "";
      child.stdout.on("data", (chunk: Buffer) => void (out += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => void (err += chunk.toString()));
      const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => child.once("close", (code) => resolve({ code, out, err })));
      return { ended, kill: (signal) => void child.kill(signal) };
    },
  };
}

const INSTALLS = 'echo "npm warn deprecated something" >&2; mkdir -p node_modules/a; sleep 0.3';

test("the packages are installed once, again when the lock changes, and not for a second start", async (t) => {
  const checkout = makeCheckout(t, INSTALLS);
  const first = await checkout.run("start", "--port", "1").ended;
  assert.deepEqual([first.code, first.out], [0, "start --port 1\n"]);
  assert.match(first.err, /^ {2}ok {2}packages {2}1 {2}\d+\.\d s\n$/, "one line, and npm's warnings are its own");
  assert.equal((await checkout.run("start").ended).err, "");
  assert.equal(checkout.calls(), 1);
  writeFileSync(join(checkout.dir, "package-lock.json"), JSON.stringify({ packages: { ...LOCK.packages, "node_modules/b": { version: "2.0.0" } } }));
  assert.equal((await checkout.run("start").ended).code, 0);
  assert.equal(checkout.calls(), 2);
});

test("what npm itself has installed by the same lock is taken as it is", async (t) => {
  const checkout = makeCheckout(t, "exit 1");
  mkdirSync(join(checkout.dir, "node_modules"));
  writeFileSync(join(checkout.dir, "node_modules/.package-lock.json"), JSON.stringify({ packages: { "node_modules/a": { version: "1.0.0" } } }));
  assert.equal((await checkout.run("x").ended).out, "x\n");
  assert.equal(checkout.calls(), 0);
});

test("two first starts at once install once", async (t) => {
  const checkout = makeCheckout(t, INSTALLS);
  const ends = await Promise.all([checkout.run("a").ended, checkout.run("b").ended, checkout.run("c").ended]);
  assert.deepEqual(ends.map(({ code }) => code), [0, 0, 0]);
  assert.equal(checkout.calls(), 1);
  assert.equal(existsSync(join(checkout.dir, "node_modules.lock")), false);
});

test("a lock whose installer died is taken over", async (t) => {
  const checkout = makeCheckout(t, INSTALLS);
  writeFileSync(join(checkout.dir, "node_modules.lock"), "2147483646");
  assert.equal((await checkout.run("a").ended).code, 0);
});

for (const [what, npm, expected] of [
  ["no network", 'echo "npm error code ENOTFOUND" >&2; echo "npm error network request failed" >&2; exit 1', /The npm registry cannot be reached\. .*HTTPS_PROXY.*\nnpm error code ENOTFOUND/s],
  ["a full disk", 'echo "npm error code ENOSPC" >&2; exit 228', /The disk is full/],
  ["a package that was tampered with", 'echo "npm error code EINTEGRITY" >&2; exit 1', /was refused/],
  ["anything else", 'echo "npm error code EWHAT" >&2; exit 7', /npm ended with code 7\.\nnpm error code EWHAT/],
] as const) {
  test(`a first start with ${what} says so, without a stack`, async (t) => {
    const { code, err } = await makeCheckout(t, npm).run("start").ended;
    assert.equal(code, 1);
    assert.match(err, expected);
    assert.ok(!err.includes("    at "), err);
  });
}

test("a package for just this machine that npm passed over in silence is not taken as installed: the cause is told, and the next start tries again", async (t) => {
  const checkout = makeCheckout(
    t,
    `if [ "$1" = view ]; then echo "npm error code SELF_SIGNED_CERT_IN_CHAIN" >&2; exit 1; fi; ${INSTALLS}; [ ! -f online ] || mkdir -p node_modules/native; echo '{"packages":{"node_modules/a":{"version":"1.0.0"}}}' > node_modules/.package-lock.json`,
  );
  const native = { version: "1.0.0", optional: true, os: [process.platform], cpu: [process.arch] };
  const elsewhere = { ...native, cpu: ["mips"] };
  writeFileSync(join(checkout.dir, "package-lock.json"), JSON.stringify({ packages: { ...LOCK.packages, "node_modules/native": native, "node_modules/elsewhere": elsewhere } }));
  for (const round of [1, 2]) {
    const { code, err } = await checkout.run("start").ended;
    assert.equal(code, 1, `start ${round}`);
    assert.match(err, /certificate is not trusted here\..*\nnpm error code SELF_SIGNED_CERT_IN_CHAIN/s);
  }
  writeFileSync(join(checkout.dir, "online"), "");
  assert.equal((await checkout.run("start").ended).out, "start\n");
});

test("a signal reaches the program, which decides its exit code", async (t) => {
  const checkout = makeCheckout(t, INSTALLS, 'process.on("SIGTERM", () => { console.log("bye"); process.exit(0); }); setInterval(() => {}, 1000); (await import("node:fs")).writeFileSync("up", "");');
  const { ended, kill } = checkout.run("start");
  await waitUntil(() => existsSync(join(checkout.dir, "up")));
  kill("SIGTERM");
  assert.deepEqual([(await ended).code, (await ended).out], [0, "bye\n"]);
});
