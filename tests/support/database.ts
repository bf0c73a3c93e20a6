// A database of its own for each test that asks: PostgreSQL copies a migrated template in some 30 ms. All files of one `npm test` share a cluster,
// whose URL the test command hands over in CITYWATCH_TEST_DATABASE_URL; a file run by itself starts a cluster and ends it with the process.

import { createHash } from "node:crypto";
import { randomBytes } from "node:crypto";
import { after } from "node:test";
import { openDatabase, withDatabase } from "../../src/io/postgres/database.ts";
import { listMigrations, migrate } from "../../src/io/postgres/migrate.ts";
import { startThrowawayCluster, type ThrowawayCluster } from "../../src/io/postgres/throwaway-cluster.ts";

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

let own: Promise<ThrowawayCluster> | undefined;
let ready: Promise<{ adminUrl: string; template: string }> | undefined;

// Registered while the file loads, hence for the whole file; inside a test it would run at that test's end. Where a cluster is there nothing is to be ended, and a bench is not told at its end that it ran no tests.
if (process.env["CITYWATCH_TEST_DATABASE_URL"] === undefined) after(async () => (await own)?.stop());

/** Makes the migrated template once per cluster; its name carries the migrations' checksums, and a lock makes test files take turns. */
async function prepareTemplate(adminUrl: string): Promise<string> {
  const sum = createHash("sha256").update(listMigrations().map((migration) => migration.checksum).join()).digest("hex").slice(0, 16);
  const template = `template_${sum}`;
  const admin = openDatabase(adminUrl, { max: 1 });
  try {
    await admin`select pg_advisory_lock(7300180002)`;
    const [found] = await admin`select datistemplate from pg_database where datname = ${template}`;
    if (found?.["datistemplate"] !== true) {
      await admin.unsafe(`drop database if exists ${template}`);
      await admin.unsafe(`create database ${template}`);
      const database = openDatabase(withDatabase(adminUrl, template), { max: 1 });
      try {
        await migrate(database);
      } finally {
        await database.end();
      }
      await admin.unsafe(`alter database ${template} is_template true`);
    }
    await admin`select pg_advisory_unlock(7300180002)`;
  } finally {
    await admin.end();
  }
  return template;
}

async function prepare(): Promise<{ adminUrl: string; template: string }> {
  let adminUrl = process.env["CITYWATCH_TEST_DATABASE_URL"];
  if (!adminUrl) {
    own = startThrowawayCluster();
    adminUrl = (await own).url;
  }
  return { adminUrl, template: await prepareTemplate(adminUrl) };
}

/** A fresh, migrated database. End your pools before `drop`; it ends the rest by force. */
export async function createTestDatabase(): Promise<TestDatabase> {
  ready ??= prepare();
  const { adminUrl, template } = await ready;
  const name = `test_${randomBytes(8).toString("hex")}`;
  const run = async (sql: string): Promise<void> => {
    const admin = openDatabase(adminUrl, { max: 1 });
    try {
      await admin.unsafe(sql);
    } finally {
      await admin.end();
    }
  };
  await run(`create database ${name} template ${template} strategy file_copy`);
  return { url: withDatabase(adminUrl, name), drop: () => run(`drop database if exists ${name} with (force)`) };
}
