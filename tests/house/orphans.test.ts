// kill -9 of whoever started things: nothing it started goes on, and the next start finds its data as they were.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { defaultConfiguration } from "../../src/app/configuration.ts";
import { isAlive } from "../support/alive.ts";
import { waitUntil } from "../support/wait.ts";

const SOURCES = pathToFileURL(join(import.meta.dirname, "..", "..", "src")).href;

/** A process of its own that runs the script, says one line of JSON, and waits to be killed. */
async function startVictim(t: TestContext, script: string, env: Record<string, string> = {}): Promise<{ said: Record<string, unknown>; kill(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "citywatch-victim-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "victim.mjs"), `${script}\nsetInterval(() => undefined, 60_000);`);
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", join(folder, "victim.mjs")], { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...env } });
  t.after(() => child.kill("SIGKILL"));
  for await (const line of createInterface({ input: child.stdout })) {
    return { said: JSON.parse(line), kill: async () => { child.kill("SIGKILL"); await once(child, "exit"); } };
  }
  throw new Error("the process said nothing");
}

test("a test's own PostgreSQL ends with its process, and its folder goes", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "citywatch-orphan-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const { said, kill } = await startVictim(t, `
    import { chmodSync } from "node:fs";
    import { startThrowawayCluster } from "${SOURCES}/io/postgres/throwaway-cluster.ts";
    chmodSync(process.env.TMPDIR, 0o711);
    const { pid } = await startThrowawayCluster();
    console.log(JSON.stringify({ pid }));`, { TMPDIR: dir });
  assert.ok(isAlive(said["pid"] as number) && readdirSync(dir).length === 1);
  await kill();
  await waitUntil(() => !isAlive(said["pid"] as number));
  await waitUntil(() => readdirSync(dir).length === 0);
});

test("kill -9 of the supervisor: roles and PostgreSQL end by themselves, and the next start has everything", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "citywatch-orphan-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const options = `{ configuration: ${JSON.stringify({ ...defaultConfiguration(), dataDir: dir, port: 0, recorderPort: 0, cameraPort: 0 })}, version: "0.0.0-test", demo: true,
    entry: ${JSON.stringify(join(import.meta.dirname, "..", "support", "fake-role.ts"))}, prepare: [], signal: new AbortController().signal,
    watcher: { step: (_title, work) => work(() => undefined), note: () => undefined, complain: () => undefined } }`;
  const script = (statement: string): string => `
    import { startSystem } from "${SOURCES}/app/supervisor.ts";
    import { openDatabase } from "${SOURCES}/io/postgres/database.ts";
    import { readFileSync } from "node:fs";
    const system = await startSystem(${options});
    const password = encodeURIComponent(readFileSync(${JSON.stringify(join(dir, "postgres", "password"))}, "utf8").trim());
    const database = openDatabase("postgres://citywatch:" + password + "@localhost/citywatch?host=" + encodeURIComponent(${JSON.stringify(join(dir, "postgres", "run"))}), { max: 1 });
    const rows = await ${statement};
    console.log(JSON.stringify({ pids: Object.values(system.pids()), rows }));`;
  const first = await startVictim(t, script("database`create table survivor as select 7 as n`.then(() => [])"));
  const pids = first.said["pids"] as number[];
  assert.equal(pids.length, 4);
  await first.kill();
  await waitUntil(() => pids.every((pid) => !isAlive(pid)));
  assert.ok(!existsSync(join(dir, "postgres", "pg18", "postmaster.pid")), "shut down, not killed");

  // And at once: the guard has not come yet, so the next start takes over.
  const second = await startVictim(t, script("database`select n from survivor`"));
  await second.kill();
  const third = await startVictim(t, script("database`select n from survivor`"));
  assert.deepEqual(third.said["rows"], [{ n: 7 }]);
  await waitUntil(() => (second.said["pids"] as number[]).every((pid) => !isAlive(pid)));
  assert.ok((third.said["pids"] as number[]).every((pid) => isAlive(pid)), "what ended the old ones left the new ones alone");
  await third.kill();
  await waitUntil(() => (third.said["pids"] as number[]).every((pid) => !isAlive(pid)));
});
