// Reading registers of a size: what is asked finds its way by an index, a file comes in pieces, and a question has an end.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { createTestDatabase, type TestDatabase } from "../../../tests/support/database.ts";
import { createSealer } from "../crypto/seal.ts";
import { createAccessRecordStore } from "./access-record-store.ts";
import { createCameraStore } from "./camera-store.ts";
import { createDatabaseStatus } from "./database-status.ts";
import { openDatabase, type Database } from "./database.ts";

const LOOKS = 20_000;
const CAMERAS = 10_000;

describe("the register of looks", () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let one: Database; // one connection, so that its counts of rows read are told by itself
  before(async () => {
    testDatabase = await createTestDatabase();
    database = openDatabase(testDatabase.url, { max: 2 });
    one = openDatabase(testDatabase.url, { max: 1 });
    await database`insert into account (name, login, password_hash, roles, created_at) values ('Olga', 'olga', '$argon2id$x', '{video-operator}', now())`;
    await database`
      insert into camera (code, name, kind, place, lon, lat, mount_height_m, bearing_deg, tilt_deg, horizontal_fov_deg, vertical_fov_deg, range_m, image_width_px, purpose, owner, recording, retention_days, created_at, removed_at)
      select 'K' || g, 'Camera ' || g, 'fixed', 'Street ' || g, -56, -34, 5, 0, 10, 60, 40, 80, 1920, 'p', 'City', 'continuous', 30, now(), case when g % 100 = 0 then now() - g * interval '1 minute' end from generate_series(1, ${CAMERAS}::integer) g`;
    await database`
      insert into access_record (at, account_id, account_name, camera_id, camera_code, mode, purpose, contact_id, words)
      select now() - (${LOOKS} - g) * interval '10 seconds', 1, 'Olga', 1 + g % ${CAMERAS}::integer, 'K' || (1 + g % ${CAMERAS}::integer), 'live', case when g % 1000 = 0 then 'call' else 'patrol' end, case when g % 1000 = 0 then g end, 'round ' || g
      from generate_series(1, ${LOOKS}::integer) g`;
    await database`analyze`;
  });
  after(async () => {
    await Promise.all([database.end(), one.end()]);
    await testDatabase.drop();
  });

  /** Rows of a table that were read without an index while the work was done. */
  const rowsScanned = async (table: string, work: () => Promise<unknown>): Promise<number> => {
    const told = async (): Promise<number> => {
      await one`select pg_stat_force_next_flush()`;
      return (await one`select seq_tup_read as n from pg_stat_user_tables where relname = ${table}`)[0]!["n"];
    };
    const sofar = await told();
    await work();
    return (await told()) - sofar;
  };

  test("words that few looks or cameras have, and the calls of an incident, are found without reading every look", async () => {
    const records = createAccessRecordStore(database, one);
    const found = async (filter: object): Promise<number> => {
      let n = 0;
      assert.equal(await rowsScanned("access_record", async () => { n = (await records.list({ contactIds: [], ...filter }, null, 50)).length; }), 0, JSON.stringify(filter));
      const n2 = (await records.summarise({ contactIds: [], ...filter }, "UTC")).total;
      assert.equal(n, n2);
      return n;
    };
    assert.equal(await found({ q: "zebra" }), 0);
    assert.equal(await found({ q: "round 7777" }), 1);
    assert.equal(await found({ q: "street 7777" }), 2);
    assert.equal(await found({ q: "K7777" }), 2);
    assert.equal(await found({ incidentId: 9, contactIds: [3_000, 5_000] }), 2);
  });

  test("removed cameras are found among many that are not", async () => {
    const cameras = createCameraStore(one, createSealer(randomBytes(32).toString("base64")));
    assert.equal(await rowsScanned("camera", async () => assert.deepEqual((await cameras.listRemoved("street 7700", 10)).cameras.map((camera) => camera.code), ["K7700"])), 0);
    assert.equal(await rowsScanned("camera", async () => {
      const { cameras: newest, total } = await cameras.listRemoved(undefined, 2);
      assert.deepEqual([newest.map((camera) => camera.code), total], [["K100", "K200"], CAMERAS / 100]);
    }), 0);
  });

  test("a file's rows come in pieces, newest first, as the list has them", async () => {
    const records = createAccessRecordStore(database, one);
    const pieces: number[][] = [];
    await records.readInPieces({ contactIds: [] }, 2_500, (rows) => pieces.push(rows.map((row) => row.id)));
    assert.ok(pieces.every((ids) => ids.length <= 1_000) && pieces.length > 2, `${pieces.map((ids) => ids.length)}`);
    assert.deepEqual(pieces.flat(), (await records.list({ contactIds: [] }, null, 2_500)).map((row) => row.id));
  });

  test("a question that takes too long is ended", async () => {
    const hurried = openDatabase(testDatabase.url, { max: 1, statementTimeoutMs: 50 });
    const records = createAccessRecordStore(database, hurried);
    try {
      await database.begin(async (transaction) => {
        await transaction`lock table access_record in access exclusive mode`;
        await assert.rejects(records.summarise({ contactIds: [] }, "UTC"), (error) => createDatabaseStatus(database).isOutOfTime(error));
      });
      assert.equal((await records.list({ contactIds: [] }, null, 1)).length, 1);
    } finally {
      await hurried.end();
    }
  });
});
