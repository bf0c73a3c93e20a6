// Brings a database to the shape this program knows: numbered SQL files, each run once, in order, in one transaction with its record. A file is
// frozen once it has run anywhere: its checksum is kept and compared, for an edited migration is a database nobody can reproduce. The
// advisory lock makes two programs that start at once take turns. A library was not chosen: this is all there is to it.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Database } from "./database.ts";
import { ToldError } from "../../base/told-error.ts";

export interface Migration {
  readonly number: number;
  readonly name: string; // the file's name
  readonly sql: string;
  readonly checksum: string; // SHA-256 of the text, hex
}

const LOCK_KEY = 7_300_180_001; // any number that nothing else in the database uses
const MIGRATIONS_DIR = join(import.meta.dirname, "migrations");

/** The migrations of a folder, by number. Throws on a name that is not NNN-name.sql and on a number used twice. */
export function listMigrations(dir: string = MIGRATIONS_DIR): Migration[] {
  const migrations = readdirSync(dir)
    .filter((name) => name.endsWith(".sql"))
    .map((name): Migration => {
      const match = /^(\d{3})-[a-z0-9-]+\.sql$/.exec(name);
      if (!match) throw new ToldError(`migration ${name}: expected a name like 010-dispatch-log.sql`);
      const sql = readFileSync(join(dir, name), "utf8");
      return { number: Number(match[1]), name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    })
    .sort((a, b) => a.number - b.number);
  for (const [i, migration] of migrations.entries()) {
    if (migrations[i + 1]?.number === migration.number) throw new ToldError(`migrations ${migration.name} and ${migrations[i + 1]!.name} have the same number`);
  }
  return migrations;
}

export interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

/** What is to be run, given what was. Throws where the database is newer than the program or a file was edited after it ran. */
export function planMigrations(known: readonly Migration[], applied: readonly AppliedMigration[]): Migration[] {
  const byNumber = new Map(known.map((migration) => [migration.number, migration]));
  for (const past of applied) {
    const migration = byNumber.get(past.number);
    if (!migration) throw new ToldError(`The database is newer than this program: it knows the migration ${past.name}, which this program does not. Update Citywatch.`);
    if (migration.checksum !== past.checksum) throw new ToldError(`Migration ${migration.name} was changed after it ran on this database: put the old text back and write a new migration`);
  }
  const done = new Set(applied.map((past) => past.number));
  return known.filter((migration) => !done.has(migration.number));
}

/** Runs what is missing. Returns the names of the files that ran now. Each file is whole or absent in the database. */
export async function migrate(database: Database, dir: string = MIGRATIONS_DIR): Promise<string[]> {
  const known = listMigrations(dir);
  const connection = await database.reserve();
  try {
    await connection`select pg_advisory_lock(${LOCK_KEY})`;
    try {
      await connection`
        create table if not exists migration (
          number integer primary key,
          name text not null,
          checksum text not null,
          applied_at timestamptz not null default now()
        )`;
      const applied = await connection<AppliedMigration[]>`select number, name, checksum from migration order by number`;
      const plan = planMigrations(known, applied);
      for (const migration of plan) {
        await connection`begin`;
        try {
          await connection.unsafe(migration.sql);
          await connection`insert into migration (number, name, checksum) values (${migration.number}, ${migration.name}, ${migration.checksum})`;
          await connection`commit`;
        } catch (error) {
          await connection`rollback`;
          throw new ToldError(`Migration ${migration.name} failed: ${(error as Error).message}`, { cause: error });
        }
      }
      return plan.map((migration) => migration.name);
    } finally {
      await connection`select pg_advisory_unlock(${LOCK_KEY})`;
    }
  } finally {
    connection.release();
  }
}
