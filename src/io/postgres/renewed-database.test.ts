// The pool of the stores: what a server that went without a word leaves hanging is given up, and only that.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestDatabase } from "../../../tests/support/database.ts";
import { openDatabase } from "./database.ts";
import { openRenewedDatabase } from "./renewed-database.ts";
import { startRelay } from "./testing/silent-relay.ts";

test("a transaction on a connection that fell silent rejects, and the next ones are served by new connections, through the same pool", async () => {
  const { url, drop } = await createTestDatabase();
  const relay = await startRelay(url);
  const database = openRenewedDatabase(() => openDatabase(relay.url, { max: 1 }), 5_000);
  const ask = (): Promise<unknown> => database.begin(async (sql) => (await sql`select 1 as one`)[0]!["one"]);
  assert.equal(await ask(), 1);
  assert.deepEqual([...(await database`select ${database.json({ a: 1 })}::jsonb as value`)], [{ value: { a: 1 } }]);
  relay.freeze();
  await assert.rejects(ask(), /did not answer within 5 s/);
  assert.equal(await ask(), 1);
  assert.deepEqual([...(await database`select 2 as two`)], [{ two: 2 }]);
  await database.end({ timeout: 1 });
  await relay.stop();
  await drop();
});

test("a fault of the work itself comes through as it is, and rolls back", async () => {
  const { url, drop } = await createTestDatabase();
  const database = openRenewedDatabase(() => openDatabase(url, { max: 1 }));
  await database`create table kept (n int)`;
  await assert.rejects(database.begin(async (sql) => {
    await sql`insert into kept values (1)`;
    throw new Error("no");
  }), /^Error: no$/);
  assert.equal((await database`select * from kept`).length, 0);
  await database.end({ timeout: 1 });
  await drop();
});
