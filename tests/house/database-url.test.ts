// A PostgreSQL that somebody else runs, reached over TCP with a password. What cannot work is told with the remedy, nothing is started, nothing is written, and no
// message holds the password. TCP comes by a relay to the socket of a cluster of the test's own, for that cluster listens on no port.
import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { defaultConfiguration } from "../../src/app/configuration.ts";
import { startSystem } from "../../src/app/supervisor.ts";
import { startThrowawayCluster, type ThrowawayCluster } from "../../src/io/postgres/throwaway-cluster.ts";
import { openDatabase, parseDatabaseUrl, withDatabase, type Database } from "../../src/io/postgres/database.ts";

const SECRET = "hush-hush-7";

describe("DATABASE_URL", () => {
  let dir: string;
  let cluster: ThrowawayCluster;
  let admin: Database;
  let relay: Server;
  const sockets = new Set<Socket>();
  const urlOf = (user: string, database: string, password = SECRET): string => `postgres://${user}:${password}@127.0.0.1:${(relay.address() as AddressInfo).port}/${database}`;

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "citywatch-url-"));
    cluster = await startThrowawayCluster();
    admin = openDatabase(cluster.url, { max: 1 });
    const [hba] = await admin<{ file: string }[]>`select current_setting('hba_file') as file`;
    appendFileSync(hba!.file, "local all stranger reject\nlocal all all scram-sha-256\n");
    await admin`select pg_reload_conf()`;
    for (const role of ["owner", "guest", "stranger"]) await admin.unsafe(`create role ${role} login password '${SECRET}'`);
    for (const name of ["fresh", "foreign_tables", "newer", "closed"]) await admin.unsafe(`create database ${name} owner owner`);
    await admin.unsafe("create database latin owner owner encoding 'LATIN1' locale 'C' template template0");
    const { path } = parseDatabaseUrl(cluster.url);
    relay = createServer((outside) => {
      const inside = connect(path!);
      for (const socket of [outside, inside]) {
        sockets.add(socket);
        socket.on("error", () => undefined);
      }
      outside.pipe(inside).pipe(outside);
    });
    await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    relay?.close();
    await admin?.end({ timeout: 1 });
    await cluster?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const dataDir = (): string => join(dir, "data");
  const start = (databaseUrl: string) => startSystem({
    configuration: { ...defaultConfiguration(), dataDir: dataDir(), port: 0, recorderPort: 0, cameraPort: 0, databaseUrl }, version: "0.0.0-test", demo: true, prepare: [],
    entry: join(import.meta.dirname, "..", "support", "fake-role.ts"), signal: new AbortController().signal,
    watcher: { step: async (_title, work) => work(() => undefined), note: () => undefined, complain: () => undefined },
  });
  const isRefused = (databaseUrl: string, words: RegExp): Promise<void> =>
    assert.rejects(start(databaseUrl), (error: Error) => error.name === "ToldError" && words.test(error.message) && !error.message.includes(SECRET) ? true : assert.fail(`${error.name}: ${error.message}`) as never);
  const inDatabase = async (name: string, sql: string): Promise<void> => {
    const database = openDatabase(withDatabase(cluster.url, name), { max: 1 });
    try {
      await database.unsafe(sql);
    } finally {
      await database.end();
    }
  };

  test("an empty database of one's own is taken, twice, and no PostgreSQL of ours is made beside it", async () => {
    for (const round of ["first", "second"]) {
      const system = await start(urlOf("owner", "fresh"));
      assert.deepEqual(Object.keys(system.pids()).filter((name) => system.pids()[name] !== undefined).sort(), ["centre", "recorder", "sim"], round);
      await system.stop();
    }
    assert.equal(existsSync(join(dataDir(), "postgres")), false);
  });

  test("nobody there, a wrong password, somebody who may not come in, a database that is not there", async () => {
    await isRefused(`postgres://owner:${SECRET}@127.0.0.1:1/fresh`, /^DATABASE_URL: No PostgreSQL answers at 127\.0\.0\.1:1\. Is it running/);
    await isRefused(`postgres://owner:${SECRET}@no-such-host.invalid/fresh`, /^DATABASE_URL: The host no-such-host\.invalid is not known/);
    await isRefused(urlOf("owner", "fresh", "wrong"), /^DATABASE_URL: PostgreSQL at 127\.0\.0\.1:\d+ refuses the password of owner/);
    await isRefused(urlOf("stranger", "fresh"), /^DATABASE_URL: .* does not let stranger in .*pg_hba\.conf/);
    await isRefused(urlOf("owner", "nowhere"), /^DATABASE_URL: There is no database nowhere .*create database "nowhere" owner "owner"/);
  });

  test("no right to make tables; a standby or one that is set to be read only", async () => {
    await isRefused(urlOf("guest", "closed"), /^DATABASE_URL: guest may not make tables in the database closed .*alter database "closed" owner to "guest"/);
    await admin.unsafe("alter database closed set default_transaction_read_only = on");
    await isRefused(urlOf("owner", "closed"), /^DATABASE_URL: The database closed .* can only be read/);
  });

  test("somebody else's tables are left alone, and so is a database of a newer version or of another encoding", async () => {
    await inDatabase("foreign_tables", "create table customer (id int); create table orders (id int); create table migration (id int)");
    await isRefused(urlOf("owner", "foreign_tables"), /The database foreign_tables is not empty and not Citywatch's: it holds customer, migration, orders\. Give one of its own/);
    await (await start(urlOf("owner", "newer"))).stop();
    await inDatabase("newer", "insert into migration (number, name, checksum) values (999, '999-of-tomorrow.sql', 'x')");
    await isRefused(urlOf("owner", "newer"), /The database is newer than this program: it knows the migration 999-of-tomorrow\.sql.*Update Citywatch/);
    await isRefused(urlOf("owner", "latin"), /The database latin is in LATIN1; Citywatch needs UTF8/);
  });
});
