// `citywatch hold` as a process of its own against a running centre.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { PASSWORD, cameraBody, startTestApi, type TestApi } from "../../tests/support/api.ts";

const MAIN = join(import.meta.dirname, "main.ts");

describe("citywatch hold", () => {
  let api: TestApi;
  const folder = mkdtempSync(join(tmpdir(), "citywatch-hold-"));
  before(async () => {
    api = await startTestApi();
    const engineer = await api.person("engineer", ["engineer"]);
    await engineer.call("createCamera", { body: cameraBody({ code: "K1" }) });
    await engineer.call("createCamera", { body: cameraBody({ code: "K12" }) });
    await api.person("administrator", ["administrator"]);
    mkdirSync(join(folder, "secrets"));
    writeFileSync(join(folder, "secrets", "seal-key"), api.sealKey, { mode: 0o600 });
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await api.close();
  });

  const run = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, ["--disable-warning=ExperimentalWarning", MAIN, "hold", ...args, "--centre", api.origin, "--data", folder], { env: { ...process.env, CITYWATCH_PASSWORD: PASSWORD } },
        (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }));
    });

  test("[HLD7] [HLD8] held, listed, reviewed by whoever has the machine; released by a person alone", async () => {
    const made = await run("add", "K1", "K12", "--from", "2026-01-02T03:00Z", "--to", "2026-01-02T04:00Z", "--why", "a knife was seen", "--review", "7");
    assert.equal(made.code, 0, made.err);
    assert.match(made.out, /^ +1 {2}held {6}2026-01-02T03:00Z to 2026-01-02T04:00Z {2}K1 K12 {2}a knife was seen {2}review .* by command line {2}not confirmed yet by recorder 1\n/);
    assert.match((await run("list")).out, /a knife was seen[^]*1 holds; 0 overdue/);
    assert.match((await run("list", "--state", "released")).out, /^0 holds/);
    assert.equal((await run("review", "1", "--why", "still needed", "--review", "60")).code, 0);
    const refused = await run("release", "1", "--why", "over");
    assert.equal(refused.code, 1);
    const released = await run("release", "1", "--why", "over", "--login", "administrator");
    assert.equal(released.code, 0, released.err);
    assert.match(released.out, /released/);
  });

  test("what is missing or wrong is told before anything is asked", async () => {
    for (const [args, told] of [
      [["add", "--from", "2026-01-02", "--to", "2026-01-03", "--why", "x"], /expected the codes/],
      [["add", "K1", "--from", "yesterday", "--to", "2026-01-03", "--why", "x"], /--from: yesterday: expected a time/],
      [["add", "K1", "--from", "2026-01-02", "--to", "2026-01-03"], /--why is missing/],
      [["add", "K1", "--from", "2026-01-02", "--to", "2026-01-03", "--why", "x", "--review", "0"], /--review: 0/],
      [["release", "one", "--why", "x"], /expected the number/],
      [["list", "--state", "gone"], /--state: gone/],
      [["add", "K9", "--from", "2026-01-02", "--to", "2026-01-03", "--why", "x"], /There is no camera K9/],
      [["add", "K1", "--from", "2026-01-03", "--to", "2026-01-02", "--why", "x"], /to: \d+: expected a time after/],
    ] as const) {
      const { code, err } = await run(...args);
      assert.equal(code, 1, args.join(" "));
      assert.match(err, told);
    }
  });
});
