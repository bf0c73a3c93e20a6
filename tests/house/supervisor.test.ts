// The supervisor with a real PostgreSQL and roles that do nothing: what a person who runs Citywatch relies on when a part dies.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { defaultConfiguration } from "../../src/app/configuration.ts";
import { startSystem, type RunningSystem, type StartOptions } from "../../src/app/supervisor.ts";
import { openDatabase } from "../../src/io/postgres/database.ts";
import { createSettingStore } from "../../src/io/postgres/setting-store.ts";
import { isAlive } from "../support/alive.ts";
import { createTestDatabase } from "../support/database.ts";
import { waitUntil } from "../support/wait.ts";

const ENTRY = join(import.meta.dirname, "..", "support", "fake-role.ts");

interface Told {
  readonly notes: string[];
  readonly steps: string[];
}

function makeOptions(dataDir: string, told: Told, over: Partial<StartOptions["configuration"]> = {}): StartOptions {
  return {
    configuration: { ...defaultConfiguration(), dataDir, port: 0, recorderPort: 0, cameraPort: 0, ...over },
    version: "0.0.0-test",
    demo: true,
    entry: ENTRY,
    prepare: [],
    signal: new AbortController().signal,
    watcher: {
      async step(title, work, outcome) {
        const value = await work(() => undefined);
        told.steps.push(`${title}: ${outcome(value)}`);
        return value;
      },
      note: (message) => void told.notes.push(message),
      complain: () => undefined,
    },
  };
}

function makeFolder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), "citywatch-start-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

test("a start goes through its steps in order; a killed child and a killed PostgreSQL come back; a stop ends all", async (t) => {
  const dir = makeFolder(t);
  const told: Told = { notes: [], steps: [] };
  const system: RunningSystem = await startSystem(makeOptions(dir, told));
  t.after(() => system.stop());
  assert.deepEqual(told.steps.map((step) => step.split(":")[0]), ["PostgreSQL", "database", "centre", "sim", "recorder"]);
  assert.match(system.address, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.match(system.firstAccountToken ?? "", /^[A-Z2-9]{5}(-[A-Z2-9]{5}){3}$/, "there is no account yet");

  const first = system.pids();
  process.kill(first["recorder"]!, "SIGKILL");
  await waitUntil(() => told.notes.includes("recorder runs again"));
  const second = system.pids();
  assert.notEqual(second["recorder"], first["recorder"]);
  assert.equal(second["centre"], first["centre"], "its neighbours are left alone");
  assert.match(told.notes.join("\n"), /recorder ended by SIGKILL; starting it again in 0\.3 s/);

  process.kill(first["database"]!, "SIGKILL");
  await waitUntil(() => told.notes.includes("the database runs again"));
  assert.notEqual(system.pids()["database"], first["database"]);

  const last = Object.values(system.pids());
  assert.equal(last.length, 4);
  await system.stop();
  await system.stop();
  assert.deepEqual(last.map(isAlive), [false, false, false, false]);
  assert.match(readFileSync(join(dir, "logs", "sim.out"), "utf8"), /started sim\n.*\nstopped sim/, "roles are stopped, not killed");
  const settings = (role: string): string[] => readFileSync(join(dir, "logs", `${role}.out`), "utf8").match(/^flags .*$/gm)!;
  assert.deepEqual(settings("recorder"), Array(2).fill("flags --max-semi-space-size=4, arenas 1"), "the recorder's memory, after its death too");
  assert.deepEqual(settings("centre"), ["flags , arenas as they come"]);
});

test("several recorders are as many processes, each with its own folder, port and log; one that dies comes back alone", async (t) => {
  const dir = makeFolder(t);
  const told: Told = { notes: [], steps: [] };
  const system = await startSystem(makeOptions(dir, told, { recorders: 2 }));
  t.after(() => system.stop());
  assert.deepEqual(told.steps.map((step) => step.split(":")[0]).slice(2), ["centre", "sim", "recorder", "recorder-2"]);
  const first = system.pids();
  process.kill(first["recorder-2"]!, "SIGKILL");
  await waitUntil(() => told.notes.includes("recorder-2 runs again"));
  const second = system.pids();
  assert.deepEqual([second["recorder"], second["centre"], second["sim"]], [first["recorder"], first["centre"], first["sim"]], "its neighbours are left alone");
  assert.notEqual(second["recorder-2"], first["recorder-2"]);
  await system.stop();
  const given = (name: string): { id: number; dir: string; port: number }[] => [...readFileSync(join(dir, "logs", `${name}.out`), "utf8").matchAll(/^recorder (\d+) port (\d+) in (.*)$/gm)].map(([, id, port, folder]) => ({ id: Number(id), port: Number(port), dir: folder! }));
  const [one, two] = [given("recorder"), given("recorder-2")];
  assert.deepEqual([one.map(({ id }) => id), two.map(({ id }) => id)], [[1], [2, 2]]);
  assert.deepEqual([one[0]!.dir, two[0]!.dir], [join(dir, "recordings"), join(dir, "recordings-2")]);
  assert.ok(one[0]!.port > 0 && two[0]!.port > 0 && one[0]!.port !== two[0]!.port);

  const fewer: Told = { notes: [], steps: [] };
  await (await startSystem(makeOptions(dir, fewer))).stop();
  assert.match(fewer.notes.join("\n"), /recordings-2 are recordings of recorder 2, which is not started.*--recorders 2/, "what a start leaves out is told");
});

test("[RDR4] a recorder whose folder cannot be opened stops no start: the centre and the other recorder work, the log, the terminal and the centre hear why, and it runs once it can", async (t) => {
  const dir = makeFolder(t);
  const told: Told = { notes: [], steps: [] };
  const blocked = join(dir, "volume");
  const wanted = join(blocked, "recordings");
  writeFileSync(blocked, "");
  const system = await startSystem(makeOptions(dir, told, { recorders: 2, recordingsDir: [wanted] }));
  t.after(() => system.stop());
  assert.deepEqual(told.steps.slice(2), ["centre: ready", "sim: ready", "recorder: does not record, and is tried again", "recorder-2: ready"]);
  assert.match(told.notes.join("\n"), /recorder does not record: .*volume\/recordings: this folder cannot be used \(ENOTDIR\)/);
  assert.match(readFileSync(join(dir, "logs", "supervisor.log"), "utf8"), /"code":"folder-unusable".*cannot be used/);
  const heard = (): string => readFileSync(join(dir, "logs", "centre.out"), "utf8");
  await waitUntil(() => heard().includes(`recorder 1: folder-unusable ${wanted}`));
  process.kill(system.pids()["centre"]!, "SIGKILL");
  await waitUntil(() => heard().match(/recorder 1: folder-unusable/g)?.length === 2); // a centre that comes again is told again
  rmSync(blocked);
  await waitUntil(() => heard().includes("recorder 1: runs") && system.pids()["recorder"] !== undefined);
  assert.match(readFileSync(join(dir, "logs", "recorder.out"), "utf8"), new RegExp(`in ${wanted}`));
  assert.equal(told.notes.filter((note) => note.includes("ENOTDIR")).length, 1, "the same is told once");
});

test("[RET17] recorders on one volume are told that they share it, at the start and each by itself; one alone is told nothing", async (t) => {
  const dir = makeFolder(t);
  const told: Told = { notes: [], steps: [] };
  await (await startSystem(makeOptions(dir, told, { recorders: 2 }))).stop();
  assert.match(told.notes.join("\n"), /Recorders 1, 2 have their recordings on one volume/);
  for (const name of ["recorder", "recorder-2"]) assert.match(readFileSync(join(dir, "logs", `${name}.out`), "utf8"), /^2 on its volume$/m);
  const alone: Told = { notes: [], steps: [] };
  await (await startSystem(makeOptions(makeFolder(t), alone))).stop();
  assert.doesNotMatch(alone.notes.join("\n"), /Recorders/);
});

test("[RDR4] a recorder that fails by itself stops no start either", { skip: process.platform === "linux" ? false : "a folder of the kernel's" }, async (t) => {
  const dir = makeFolder(t);
  const told: Told = { notes: [], steps: [] };
  const entry = join(dir, "role.ts");
  writeFileSync(entry, `import { runRole } from ${JSON.stringify(join(import.meta.dirname, "../../src/app/role-process.ts"))};
import { closeToOthers } from ${JSON.stringify(join(import.meta.dirname, "../../src/io/recorder/private-folder.ts"))};
runRole(async (config) => {
  if (config.role === "recorder") closeToOthers("/proc/self");
  setInterval(() => undefined, 60_000);
  return { stop: async () => undefined, noteRecorder: (id, trouble) => console.log(id, trouble?.code) };
});
`);
  const system = await startSystem({ ...makeOptions(dir, told), entry });
  t.after(() => system.stop());
  await waitUntil(() => readFileSync(join(dir, "logs", "centre.out"), "utf8").includes("1 folder-open"));
  assert.match(told.notes.join("\n"), /recorder does not record: other users of this machine may enter/);
});

test("secrets are made once, for their owner alone, and survive a restart", async (t) => {
  const dir = makeFolder(t);
  const read = (): string[] => ["view-signing-key.pem", "seal-key", "service-recorder", "service-telephony", "service-fleet", "camera-password"].map((name) => {
    const path = join(dir, "secrets", name);
    assert.equal(statSync(path).mode & 0o777, 0o600, name);
    return readFileSync(path, "utf8");
  });
  const told: Told = { notes: [], steps: [] };
  await (await startSystem(makeOptions(dir, told))).stop();
  const before = read();
  assert.equal(new Set(before).size, before.length);
  await (await startSystem(makeOptions(dir, told))).stop();
  assert.deepEqual(read(), before);
});

test("the demo city keeps the seed that it was made with, for the centre and for the simulator, and says so", async (t) => {
  const dir = makeFolder(t);
  const { url, drop } = await createTestDatabase();
  t.after(drop);
  const seeds = (): string[] => ["centre", "sim"].map((role) => readFileSync(join(dir, "logs", `${role}.out`), "utf8").match(/seed \d+/g)!.at(-1)!);
  const fresh: Told = { notes: [], steps: [] };
  await (await startSystem(makeOptions(dir, fresh, { databaseUrl: url, seed: 7 }))).stop();
  assert.deepEqual([seeds(), fresh.notes], [["seed 7", "seed 7"], []]);

  const database = openDatabase(url, { max: 1 });
  await createSettingStore(database).save("demo-city", { seed: 7, addressPrefix: "", credentialDigest: "" });
  await database.end();
  const later: Told = { notes: [], steps: [] };
  await (await startSystem(makeOptions(dir, later, { databaseUrl: url, seed: 8 }))).stop();
  assert.deepEqual(seeds(), ["seed 7", "seed 7"]);
  assert.match(later.notes.join("\n"), /was made with seed 7 and stays so; for one with seed 8 use another folder/);
});

test("a taken port is told with the option that changes it, and nothing is left running", async (t) => {
  const dir = makeFolder(t);
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as { port: number };
  await assert.rejects(startSystem(makeOptions(dir, { notes: [], steps: [] }, { recorderPort: port })), (error: Error) => {
    assert.equal(error.name, "ToldError");
    assert.match(error.message, new RegExp(`^Port ${port}, for live and past pictures, is taken.*--recorder-port PORT`));
    return true;
  });
  assert.equal(existsSync(join(dir, "postgres")), false);
});

test("two starts on one data folder: the second is told who holds it, and may start once the first has stopped", async (t) => {
  const dir = makeFolder(t);
  const told: Told = { notes: [], steps: [] };
  const system = await startSystem(makeOptions(dir, told));
  t.after(() => system.stop());
  await assert.rejects(startSystem(makeOptions(dir, told)), { name: "ToldError", message: new RegExp(`already runs on the data folder .*process ${process.pid}.*--data FOLDER`) });
  await system.stop();
  await (await startSystem(makeOptions(dir, told))).stop();
});

test("a data folder of a newer version is refused and left as it was", async (t) => {
  const dir = makeFolder(t);
  const text = '{"format":99,"madeBy":"9.0.0"}\n';
  writeFileSync(join(dir, "format.json"), text);
  await assert.rejects(startSystem(makeOptions(dir, { notes: [], steps: [] })), { name: "ToldError", message: /has format 99, written by a newer Citywatch.*Update Citywatch/ });
  assert.equal(readFileSync(join(dir, "format.json"), "utf8"), text);
  assert.equal(existsSync(join(dir, "secrets")), false);
});

test("a role that cannot start fails the whole start with its own words", async (t) => {
  const dir = makeFolder(t);
  const told: Told = { notes: [], steps: [] };
  const entry = join(dir, "role.ts");
  writeFileSync(entry, `import { runRole } from ${JSON.stringify(join(import.meta.dirname, "../../src/app/role-process.ts"))};\nrunRole(async () => { throw new Error("the city folder is empty"); });\n`);
  await assert.rejects(startSystem({ ...makeOptions(dir, told), entry }), { name: "ToldError", message: /^The centre did not start: the city folder is empty/ });
});

test("an interrupted start stops what it had started", async (t) => {
  const dir = makeFolder(t);
  const told: Told = { notes: [], steps: [] };
  const abort = new AbortController();
  const options = makeOptions(dir, told);
  const starting = startSystem({
    ...options,
    signal: abort.signal,
    watcher: {
      ...options.watcher,
      step: async (title, work, outcome) => {
        if (title === "recorder") abort.abort();
        return options.watcher.step(title, work, outcome);
      },
    },
  });
  await assert.rejects(starting, { name: "ToldError" });
  await (await startSystem(options)).stop(); // the lock is free and no server is left on the folder
});
