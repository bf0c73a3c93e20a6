// Our own PostgreSQL under the knife: what was acknowledged is there after kill -9, whatever a crash left behind is cleared, and what cannot work is said.

import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { startCluster, type Cluster } from "../../src/io/postgres/cluster.ts";
import { openDatabase } from "../../src/io/postgres/database.ts";
import { waitUntil } from "../support/wait.ts";

const quiet = { info: () => undefined, warn: () => undefined };

function makeFolder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), "citywatch-cluster-"));
  chmodSync(dir, 0o711); // as root, the database's user must pass through to what is below
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const ROUNDS = 5;
const WRITERS = 4;

test(`kill -9 of the server and its back-ends in the middle of commits, ${ROUNDS} times: everything acknowledged is there, and nothing twice`, async (t) => {
  const dir = makeFolder(t);
  let cluster: Cluster = await startCluster({ dataDir: dir, log: quiet });
  t.after(() => cluster.stop());
  const first = openDatabase(cluster.url, { max: 1 });
  await first`create table written (writer integer, number integer, primary key (writer, number))`;
  await first.end();

  const acknowledged = Array.from({ length: WRITERS }, () => 0);
  const skipped = Array.from({ length: WRITERS }, () => new Set<number>()); // tried, in flight at a kill, hence there or not
  const tried = Array.from({ length: WRITERS }, () => 0);
  for (let round = 0; round < ROUNDS; round++) {
    const target = acknowledged.reduce((a, b) => a + b, 0) + 60;
    const { url } = cluster;
    const writers = acknowledged.map(async (_, writer) => {
      const database = openDatabase(url, { max: 1 });
      try {
        for (;;) {
          const number = Math.max(tried[writer]!, acknowledged[writer]!) + 1;
          tried[writer] = number;
          await database`insert into written values (${writer}, ${number})`;
          acknowledged[writer] = number;
        }
      } catch {
        // the server is gone: what was in flight may be there or not
      } finally {
        await database.end({ timeout: 0 });
      }
    });
    await waitUntil(() => acknowledged.reduce((a, b) => a + b, 0) >= target);
    process.kill(cluster.pid, "SIGKILL");
    await cluster.exited;
    await Promise.all(writers);
    cluster = await startCluster({ dataDir: dir, log: quiet });

    const check = openDatabase(cluster.url, { max: 1 });
    for (let writer = 0; writer < WRITERS; writer++) {
      const rows = await check<{ number: number }[]>`select number from written where writer = ${writer} order by number`;
      const present = new Set(rows.map((row) => row.number));
      const lost = Array.from({ length: acknowledged[writer]! }, (_, i) => i + 1).filter((number) => !present.has(number) && !skipped[writer]!.has(number));
      assert.deepEqual(lost, [], `writer ${writer}, round ${round}`);
      assert.ok(Math.max(0, ...present) <= tried[writer]!, "nothing is there that nobody wrote");
      if (tried[writer]! > acknowledged[writer]!) skipped[writer]!.add(tried[writer]!);
    }
    await check.end();
  }
  assert.ok(acknowledged.reduce((a, b) => a + b, 0) >= 60 * ROUNDS);
});

test("a server that outlived its supervisor is ended and its data is taken over", async (t) => {
  const dir = makeFolder(t);
  const orphan = await startCluster({ dataDir: dir, log: quiet });
  const warnings: string[] = [];
  const cluster = await startCluster({ dataDir: dir, log: { info: () => undefined, warn: (_, message) => void warnings.push(message) } });
  t.after(() => cluster.stop());
  assert.notEqual(cluster.pid, orphan.pid);
  assert.equal((await orphan.exited).code, 0, "it was asked to shut down, not killed");
  assert.deepEqual(warnings, ["ended a PostgreSQL that an earlier run left behind"]);
});

test("a postmaster.pid whose number now belongs to another program does not stop the start, nor that program", async (t) => {
  const dir = makeFolder(t);
  await (await startCluster({ dataDir: dir, log: quiet })).stop();
  writeFileSync(join(dir, "pg18", "postmaster.pid"), `${process.pid}\n${join(dir, "pg18")}\n1700000000\n5432\n\n\n`);
  const cluster = await startCluster({ dataDir: dir, log: quiet });
  await cluster.stop();
});

test("data of a newer PostgreSQL is refused with both versions named", async (t) => {
  const dir = makeFolder(t);
  mkdirSync(join(dir, "pg18"), { mode: 0o700 });
  writeFileSync(join(dir, "pg18", "PG_VERSION"), "19\n");
  await assert.rejects(startCluster({ dataDir: dir, log: quiet }), { name: "ToldError", message: /written by PostgreSQL 19, this program brings 18: update Citywatch/ });
});

test("the password is needed, and without its file the start says so", async (t) => {
  const dir = makeFolder(t);
  const cluster = await startCluster({ dataDir: dir, log: quiet });
  const stranger = openDatabase(cluster.url.replace(/:[^:@]+@/, ":guess@"), { max: 1 });
  await assert.rejects(stranger`select 1`.execute(), { code: "28P01" });
  await stranger.end();
  await cluster.stop();
  assert.equal(existsSync(join(dir, "pg18", "postmaster.pid")), false);
  renameSync(join(dir, "password"), join(dir, "elsewhere"));
  await assert.rejects(startCluster({ dataDir: dir, log: quiet }), { name: "ToldError", message: /password is missing/ });
});

test("a folder path too long for a socket address works all the same", async (t) => {
  const dir = join(makeFolder(t), "d".repeat(120));
  mkdirSync(dir, { mode: 0o711 });
  const cluster = await startCluster({ dataDir: dir, log: quiet });
  const database = openDatabase(cluster.url, { max: 1 });
  assert.deepEqual([...(await database`select 1 as one`)], [{ one: 1 }]);
  await database.end();
  await cluster.stop();
  const socketDir = new URL(cluster.url).searchParams.get("host")!;
  rmSync(socketDir, { recursive: true });
  assert.ok(Buffer.byteLength(join(socketDir, ".s.PGSQL.5432")) <= 103);
});

test("a server that dies tells why, from its own log", async (t) => {
  const dir = makeFolder(t);
  await assert.rejects(startCluster({ dataDir: dir, log: quiet, settings: { shared_buffers: "nonsense" } }), { name: "ToldError", message: /shared_buffers.*nonsense/s });
  assert.match(readFileSync(join(dir, "postgres.log"), "utf8"), /nonsense/);
});
