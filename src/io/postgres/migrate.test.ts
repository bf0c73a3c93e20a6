import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { openDatabase, type Database } from "./database.ts";
import { listMigrations, migrate, planMigrations } from "./migrate.ts";
import { createTestDatabase } from "../../../tests/support/database.ts";

function makeFolder(t: TestContext, files: Record<string, string>): string {
  const dir = mkdtempSync(join(tmpdir(), "citywatch-migrations-"));
  t.after(() => rmSync(dir, { recursive: true }));
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(dir, name), sql);
  return dir;
}

async function openFresh(t: TestContext): Promise<Database> {
  const { url, drop } = await createTestDatabase();
  const database = openDatabase(url);
  await database`delete from migration`; // as if nothing had run: these tests bring their own files, in their own schema
  await database`create schema own`;
  t.after(async () => {
    await database.end();
    await drop();
  });
  return database;
}

test("files run in the order of their numbers, once", async (t) => {
  const dir = makeFolder(t, { "020-second.sql": "insert into own.a values (2)", "010-first.sql": "create table own.a (n integer); insert into own.a values (1)" });
  const database = await openFresh(t);
  assert.deepEqual(await migrate(database, dir), ["010-first.sql", "020-second.sql"]);
  assert.deepEqual(await migrate(database, dir), []);
  assert.deepEqual([...(await database`select n from own.a order by n`)], [{ n: 1 }, { n: 2 }]);
});

test("two programs that start at once take turns", async (t) => {
  const dir = makeFolder(t, { "010-first.sql": "create table own.a (n integer)" });
  const database = await openFresh(t);
  const ran = await Promise.all([migrate(database, dir), migrate(database, dir), migrate(database, dir)]);
  assert.deepEqual(ran.flat(), ["010-first.sql"]);
});

test("a file that fails leaves nothing of itself, keeps what came before, and is named", async (t) => {
  const dir = makeFolder(t, { "010-good.sql": "create table own.a (n integer)", "020-bad.sql": "create table own.b (n integer); select nonsense" });
  const database = await openFresh(t);
  await assert.rejects(migrate(database, dir), { message: /^Migration 020-bad\.sql failed: .*nonsense/ });
  const tables = await database`select table_name from information_schema.tables where table_schema = 'own'`;
  assert.deepEqual([...tables], [{ table_name: "a" }]);
  writeFileSync(join(dir, "020-bad.sql"), "create table own.b (n integer)");
  assert.deepEqual(await migrate(database, dir), ["020-bad.sql"]);
});

test("a database of a newer program and an edited file are refused", () => {
  const known = [{ number: 10, name: "010-a.sql", sql: "", checksum: "aa" }];
  assert.throws(() => planMigrations(known, [{ number: 10, name: "010-a.sql", checksum: "aa" }, { number: 11, name: "011-b.sql", checksum: "bb" }]), { message: /newer than this program.*011-b\.sql.*Update Citywatch/ });
  assert.throws(() => planMigrations(known, [{ number: 10, name: "010-a.sql", checksum: "changed" }]), { message: /010-a\.sql was changed after it ran/ });
  assert.deepEqual(planMigrations(known, []), known);
});

test("wrong names and numbers used twice are refused", (t) => {
  assert.throws(() => listMigrations(makeFolder(t, { "1-x.sql": "" })), { message: /expected a name like/ });
  assert.throws(() => listMigrations(makeFolder(t, { "010-x.sql": "", "010-y.sql": "" })), { message: /same number/ });
});
