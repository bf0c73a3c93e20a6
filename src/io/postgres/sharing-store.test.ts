// How often an agency was given a shared incident, in a real database.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createTestDatabase, type TestDatabase } from "../../../tests/support/database.ts";
import { openDatabase, type Database } from "./database.ts";
import { createSharingStore } from "./sharing-store.ts";

const ANA = { kind: "user", id: 1, name: "Ana" } as const;
const FIRE = { kind: "service", id: 1_000_005, name: "Fire brigade" } as const;
const WEBHOOK = { kind: "webhook", id: 5, name: "Fire brigade" } as const;

describe("readings of a shared incident", () => {
  let database: TestDatabase;
  let asks: Database;
  before(async () => {
    database = await createTestDatabase();
    asks = openDatabase(database.url, { max: 2 });
  });
  after(async () => {
    await asks.end();
    await database.drop();
  });

  it("[EID5] a delivery is written down once however often it is tried, each delivery by itself, and a request each time", async () => {
    const store = createSharingStore(asks);
    const now = Date.UTC(2026, 10, 23);
    await store.add({ incidentId: 7, agency: WEBHOOK, purpose: "smoke", until: now + 3_600_000 }, ANA, now);
    const read = (deliveryId?: number) => store.recordRead(7, WEBHOOK, FIRE, now, deliveryId);
    for (let tries = 0; tries < 16; tries++) assert.equal(await read(41), true);
    assert.equal((await store.list(7))[0]!.reads, 1);
    await read(42);
    assert.equal((await store.list(7))[0]!.reads, 2);
    await read();
    await read();
    assert.equal((await store.list(7))[0]!.reads, 4);
    assert.equal(await store.recordRead(7, WEBHOOK, FIRE, now + 3_600_001, 41), false, "over is over, also for a try that is late");
  });
});
