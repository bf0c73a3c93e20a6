import assert from "node:assert/strict";
import { test } from "node:test";
import { formatSocketUrl, openDatabase, parseDatabaseUrl, withDatabase } from "./database.ts";
import { createTestDatabase } from "../../../tests/support/database.ts";

test("a URL of a server and a URL of a socket are read", () => {
  assert.deepEqual(parseDatabaseUrl("postgres://ann:s%40fe@db.example:6000/city?sslmode=verify-full"), { host: "db.example", port: 6000, database: "city", user: "ann", password: "s@fe", ssl: "verify-full" });
  const socket = { user: "citywatch", password: "p:/?#w", database: "citywatch", socketDir: "/var/lib/a b/run", port: 5432 };
  assert.deepEqual(parseDatabaseUrl(formatSocketUrl(socket)), { host: "localhost", port: 5432, database: "citywatch", user: "citywatch", password: "p:/?#w", path: "/var/lib/a b/run/.s.PGSQL.5432" });
  assert.equal(parseDatabaseUrl(withDatabase(formatSocketUrl(socket), "other")).database, "other");
});

test("a wrong URL is told by its part, never with the password", () => {
  for (const [text, message] of [
    ["not a url", /expected postgres:\/\//],
    ["mysql://u:secret@h/db", /found mysql:/],
    ["postgres://u:secret@h/", /names no database/],
    ["postgres://u:secret@h/db?sslmode=sometimes", /sslmode sometimes/],
  ] as const) {
    assert.throws(() => parseDatabaseUrl(text), (error: Error) => message.test(error.message) && !error.message.includes("secret"), text);
  }
});

test("int8 comes as a number, and one that does not fit is an error rather than a wrong number", async () => {
  const { url, drop } = await createTestDatabase();
  const database = openDatabase(url, { max: 1 });
  assert.deepEqual([...(await database`select 9007199254740991::int8 as most, count(*) as none from pg_class where false`)], [{ most: 9007199254740991, none: 0 }]);
  await assert.rejects(database`select 9007199254740993::int8`.execute(), RangeError);
  await database.end({ timeout: 1 });
  await drop();
});
