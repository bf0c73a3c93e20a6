import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { test } from "node:test";
import { HOUR_MS } from "../base/time.ts";
import { pointAt } from "../geo/testing/features.ts";
import { startTestApi } from "../../tests/support/api.ts";
import { readPlatformRows, type PlatformRows } from "./platform.ts";

const read = (text: string): Promise<PlatformRows> => readPlatformRows(Readable.from([text], { objectMode: false }));

test("a list of platforms: bad rows are told with their line and the rest stays; a code stands once", async () => {
  const list = await read(["code,name,lat,lon", "P1,Old harbour,-34.9,-56.2", "P2,,-34.9,-56.2", "P3,Market,95,-56.2", "P1,Twice,-34.9,-56.2", ",No code,-34.9,x"].join("\n"));
  assert.deepEqual(list.items, [{ code: "P1", name: "Old harbour", point: { lat: -34.9, lon: -56.2 } }]);
  assert.deepEqual(list.rejected.map(({ line, field }) => [line, field]), [[3, "name"], [4, "lat"], [5, "code"], [6, "code"], [6, "lon"]]);
  assert.deepEqual([list.rejectedTotal, list.lines.get("P1")], [4, 2]);
});

test("what is no such list is told", async () => {
  await assert.rejects(read("code,lat\nP1,1\n"), { name: "ToldError", message: /missing: name, lon/ });
});

test("platform retire, as a process of its own: by its code; one that shifts name is kept, and they are named", async () => {
  const api = await startTestApi();
  const folder = mkdtempSync(join(tmpdir(), "citywatch-platform-"));
  try {
    mkdirSync(join(folder, "secrets"));
    writeFileSync(join(folder, "secrets", "seal-key"), api.sealKey, { mode: 0o600 });
    const run = (...args: string[]): Promise<{ readonly code: number; readonly said: string }> =>
      new Promise((resolve) => execFile(process.execPath, [join(import.meta.dirname, "main.ts"), "platform", ...args, "--centre", api.origin, "--data", folder], { cwd: folder }, (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), said: `${out}${err}` })));
    const keeper = await api.person("keeper", ["administrator"]);
    await keeper.call("registerPlatforms", { body: { platforms: [{ code: "PL1", name: "Quay", point: pointAt(600, 0) }] } });
    const startsAt = api.dispatch.state().at + HOUR_MS;
    await keeper.call("enterShifts", { body: { shifts: [{ callSign: "M1", startsAt, endsAt: startsAt + HOUR_MS, platform: "PL1" }] } });
    const kept = await run("retire", "PL1");
    assert.ok(kept.code === 1 && /1 shift names PL1: M1 \d{4}-/.test(kept.said), JSON.stringify(kept));
    const { units } = await keeper.call("listDuty", { query: { q: "M1" } });
    await keeper.call("removeShift", { params: { id: units[0]!.id }, body: { startsAt } });
    assert.deepEqual(await run("retire", "PL1"), { code: 0, said: "platform PL1 retired\n" });
    const gone = await run("retire", "PL1");
    assert.ok(gone.code === 1 && gone.said.includes("no platform PL1 stands"), JSON.stringify(gone));
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await api.close();
  }
});
