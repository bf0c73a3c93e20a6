// One suite for every event store, and what only a real database and real processes show: kill -9, fencing, a lost connection, bad text.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createTestDatabase } from "../../../tests/support/database.ts";
import type { Command } from "../../dispatch/commands.ts";
import type { StoredEvent } from "../../dispatch/events.ts";
import { ANA, PLACE, createWorld } from "../../dispatch/testing/world.ts";
import type { Sender } from "../../workflow/dispatch-service.ts";
import { createDispatchService } from "../../workflow/dispatch-service.ts";
import type { EventStorePort, StoredOutcome } from "../../workflow/event-store.ts";
import { WriterFencedError } from "../../workflow/event-store.ts";
import { createMemoryStore } from "../../workflow/testing/memory-store.ts";
import { systemClock } from "../clock/clock.ts";
import { openDatabase } from "./database.ts";
import { WriterBusyError, openEventStore } from "./event-store.ts";
import { startRelay } from "./testing/silent-relay.ts";
import { noRoadTimes } from "../../workflow/testing/no-road-times.ts";

const hash = (text: string | Uint8Array): string => createHash("sha256").update(text).digest("hex");
const story = (): StoredEvent[] => {
  const w = createWorld(hash);
  const incidentId = w.open();
  w.report(w.assign(incidentId, 1), "on-scene", w.now - 0.5);
  w.ok(ANA, { type: "incident.note", incidentId, words: 'ñandú "消防" \\ \u2028 0.1', corrects: 1 });
  w.open("fire-smoke");
  return w.log;
};
const outcome = (commandId: string): StoredOutcome => ({ commandId, fingerprint: hash(commandId), at: 1_800_000_000_123, by: ANA, outcome: { outcome: "refused", rule: "unit-taken", message: "ñ", allowed: ["a"] } });
const readAll = async (store: EventStorePort, after = 0): Promise<StoredEvent[]> => {
  const all: StoredEvent[] = [];
  await store.readAll(after, (events) => all.push(...events));
  return all;
};

const STORES = [
  { name: "in memory", open: async () => ({ store: createMemoryStore() as EventStorePort, end: () => Promise.resolve() }) },
  {
    name: "PostgreSQL",
    open: async () => {
      const database = await createTestDatabase();
      const store = await openEventStore(database.url);
      return { store, end: async () => {
        await store.close();
        await database.drop();
      } };
    },
  },
];
for (const { name, open } of STORES) {
  describe(`an event store, ${name}`, () => {
    const use = (body: (store: EventStorePort) => Promise<void>) => async (): Promise<void> => {
      const { store, end } = await open();
      try {
        await body(store);
      } finally {
        await end();
      }
    };
    it("[CMD5] gives back what it was given, in order, from any point", use(async (store) => {
      const log = story();
      await store.append({ after: 0, events: log.slice(0, 4), outcomes: [] });
      await store.append({ after: 4, events: log.slice(4), outcomes: [] });
      assert.deepEqual(await readAll(store), log);
      assert.deepEqual(await readAll(store, 7), log.slice(7));
      assert.deepEqual((await store.readIncident(1)).map((event) => event.entry?.number), [1, 2, 3, 4]);
      assert.deepEqual(await store.readIncident(99), []);
    }));
    it("[ASG15] keeps when it could be written, each time from its beginning to where it was told last", use(async (store) => {
      assert.deepEqual(await store.readListening(0), []);
      await store.keepListening({ from: 1_000, to: 1_000 }, 0);
      await store.keepListening({ from: 9_000, to: 9_500 }, 0);
      await store.keepListening({ from: 1_000, to: 4_000 }, 0);
      await store.keepListening({ from: 1_000, to: 3_000 }, 0); // a clock that was set back
      assert.deepEqual(await store.readListening(0), [{ from: 1_000, to: 4_000 }, { from: 9_000, to: 9_500 }]);
      assert.deepEqual(await store.readListening(4_000), [{ from: 9_000, to: 9_500 }]);
      await store.keepListening({ from: 1_800_000_000_000, to: 1_800_000_002_000 }, 9_000);
      assert.deepEqual(await store.readListening(0), [{ from: 9_000, to: 9_500 }, { from: 1_800_000_000_000, to: 1_800_000_002_000 }]);
    }));
    it("[CMD1] keeps outcomes with their events", use(async (store) => {
      const one = outcome(randomUUID());
      await store.append({ after: 0, events: [], outcomes: [one] });
      assert.deepEqual(await store.findOutcomes([randomUUID(), one.commandId]), [one]);
      assert.deepEqual(await store.findOutcomes([]), []);
    }));
    it("[CMD6] takes a batch whole or not at all, and only at the log's end", use(async (store) => {
      const log = story();
      const one = outcome(randomUUID());
      await store.append({ after: 0, events: log.slice(0, 3), outcomes: [one] });
      await assert.rejects(store.append({ after: 3, events: log.slice(3, 5), outcomes: [one] })); // the outcome is there already
      await assert.rejects(store.append({ after: 2, events: log.slice(2, 4), outcomes: [] }));
      await assert.rejects(store.append({ after: 4, events: log.slice(4), outcomes: [] }));
      assert.equal((await readAll(store)).length, 3);
      await store.append({ after: 3, events: log.slice(3), outcomes: [] });
      assert.deepEqual(await readAll(store), log);
    }));
    it("[REC5] keeps what a decision was made on with it, once, and reads up to an event", use(async (store) => {
      const log = story();
      const inputs = { digest: hash("x"), incidentId: 1, sequence: 2, computedAt: 1_800_000_000_000, roads: "drawn", columns: Uint8Array.from({ length: 280 }, (_, i) => i % 256) };
      await store.append({ after: 0, events: log.slice(0, 3), outcomes: [], inputs: [inputs] });
      await store.append({ after: 3, events: log.slice(3), outcomes: [], inputs: [inputs] });
      const found = await store.findInputs(inputs.digest);
      assert.deepEqual({ ...found, columns: Uint8Array.from(found!.columns) }, inputs);
      assert.equal(await store.findInputs(hash("y")), null);
      const some: StoredEvent[] = [];
      await store.readAll(1, (events) => void some.push(...events), 3);
      assert.deepEqual(some, log.slice(1, 3));
    }));
  });
}

const start = (store: EventStorePort, onFatal: (error: Error) => void = () => undefined) =>
  createDispatchService({ store, clock: systemClock, hash, timeZone: "UTC", roadTimes: noRoadTimes, every: () => () => undefined, onFatal });
const SWITCH: Sender = { kind: "service", id: 1, name: "switch", permissions: ["contact.receive", "incident.write"], unitId: null };
const create: Command = { type: "incident.create", contactId: null, incidentType: "theft", what: "", who: "", place: PLACE };
const send = (service: Awaited<ReturnType<typeof start>>, command: Command = create, commandId = randomUUID()) => service.send(SWITCH, { commandId, expectedSequence: null, command });

describe("writers of one database", () => {
  it("[CMD6] a second waits, gives up with the name of the first, and comes in when that has ended", async () => {
    const database = await createTestDatabase();
    const first = await openEventStore(database.url);
    await assert.rejects(openEventStore(database.url, { waitMs: 300 }), (error) => error instanceof WriterBusyError && error.message.includes(`process ${process.pid}`));
    const waiting = openEventStore(database.url, { waitMs: 60_000 });
    await first.close();
    await (await waiting).close();
    await database.drop();
  });
  it("[CMD6] one that lost its connection and was overtaken changes nothing and says so", async () => {
    const database = await createTestDatabase();
    const old = await openEventStore(database.url);
    const log = story();
    await old.append({ after: 0, events: log.slice(0, 3), outcomes: [] });
    const admin = openDatabase(database.url, { max: 1 });
    const waiting = openEventStore(database.url, { waitMs: 60_000 });
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'citywatch dispatch writer' and pid in (select pid from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database()))`;
    const next = await waiting;
    await next.append({ after: 3, events: log.slice(3, 5), outcomes: [] });
    let error: unknown;
    for (let attempt = 0; attempt < 10 && !(error instanceof WriterFencedError); attempt++) error = await old.append({ after: 3, events: log.slice(3, 4), outcomes: [] }).catch((reason: unknown) => reason);
    assert.ok(error instanceof WriterFencedError, String(error));
    await next.close();
    await assert.rejects(old.append({ after: 5, events: log.slice(5, 6), outcomes: [] }), WriterFencedError); // its epoch is over, even with the lock free
    assert.equal((await readAll(old)).length, 5);
    await old.close();
    await admin.end();
    await database.drop();
  });
  it("[CMD5] one whose connection broke and that nobody overtook goes on", async () => {
    const database = await createTestDatabase();
    const service = await start(await openEventStore(database.url));
    await send(service);
    const admin = openDatabase(database.url, { max: 1 });
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'citywatch dispatch%'`;
    const commandId = randomUUID();
    let accepted = false;
    for (let attempt = 0; attempt < 20 && !accepted; attempt++) accepted = await send(service, create, commandId).then((one) => one.outcome === "accepted", () => false);
    assert.ok(accepted);
    assert.equal(service.state().incidents.length, 2);
    await service.stop();
    await admin.end();
    await database.drop();
  });
});

describe("the log in PostgreSQL", () => {
  it("[CMD2] takes any text that a caller may speak or a sender may forge", async () => {
    const database = await createTestDatabase();
    const service = await start(await openEventStore(database.url));
    const texts = ["NUL \u0000", "half \ud800 pair", "'; drop table dispatch_event; --", "\\u0000", "消防 🚒"];
    for (const [i, callerWords] of texts.entries()) {
      const outcome = await send(service, { type: "contact.receive", source: "text", externalId: `t${i}`, callerNumber: null, callerPoint: null, callerUncertaintyM: null, callerWords });
      assert.equal(outcome.outcome, "accepted");
    }
    await service.stop();
    const again = await start(await openEventStore(database.url));
    assert.deepEqual(again.state().contacts.map((contact) => contact.callerWords), ["NUL \ufffd", "half \ufffd pair", ...texts.slice(2)]);
    await again.stop();
    await database.drop();
  });
  it("[CMD5] may have lost its first and its last line: a centre starts and goes on writing", async () => {
    const database = await createTestDatabase();
    const service = await start(await openEventStore(database.url));
    await send(service, { type: "contact.receive", source: "telephone", externalId: "x", callerNumber: null, callerPoint: null, callerUncertaintyM: null, callerWords: null });
    await send(service, { type: "contact.hang-up", externalId: "x" });
    await send(service);
    await send(service);
    await service.stop();
    const admin = openDatabase(database.url, { max: 1 });
    await admin.begin(async (sql) => {
      await sql`set local session_replication_role = replica`; // past the triggers that keep the log append-only
      await sql`delete from dispatch_event where sequence in (1, 4)`;
    });
    await admin.end();
    const again = await start(await openEventStore(database.url));
    assert.equal(again.state().sequence, 4);
    assert.deepEqual([again.state().contacts, again.state().incidents.map((incident) => incident.id)], [[], [1]]);
    assert.equal((await send(again)).outcome, "accepted");
    await again.stop();
    await database.drop();
  });
  it("[INC4] is append-only for everybody", async () => {
    const database = await createTestDatabase();
    const service = await start(await openEventStore(database.url));
    await send(service);
    const admin = openDatabase(database.url, { max: 1 });
    for (const statement of ["update dispatch_event set at_ms = 0", "delete from dispatch_event", "truncate dispatch_event", "delete from dispatch_outcome"]) {
      await assert.rejects(admin.unsafe(statement), /append-only/, statement);
    }
    await service.stop();
    await admin.end();
    await database.drop();
  });
  it("[CMD2] kill -9 of the writer, again and again: all that was acknowledged is there, exactly once", { timeout: 600_000 }, async () => {
    const database = await createTestDatabase();
    const acknowledged: string[] = [];
    for (let round = 0; round < 4; round++) {
      const child = spawn(process.execPath, [join(import.meta.dirname, "testing", "dispatch-writer-process.ts"), database.url], { stdio: ["ignore", "pipe", "inherit"] });
      let rest = "";
      const enough = 40 + round * 37;
      let seen = 0;
      await new Promise<void>((resolve, reject) => {
        child.stdout.on("data", (data: Buffer) => {
          const lines = (rest + data.toString()).split("\n");
          rest = lines.pop()!;
          acknowledged.push(...lines);
          seen += lines.length;
          if (seen >= enough) child.kill("SIGKILL");
        });
        child.on("error", reject);
        child.on("close", () => resolve());
      });
      assert.ok(seen >= enough, `the writer ended by itself after ${seen}`);
    }
    const store = await openEventStore(database.url, { waitMs: 60_000 });
    const service = await start(store);
    const stored = (await readAll(store)).map((event) => (event.body.type === "contact.received" ? event.body.externalId : "?"));
    assert.equal(new Set(stored).size, stored.length);
    const there = new Set(stored);
    assert.deepEqual(acknowledged.filter((id) => !there.has(id)), []);
    assert.equal((await store.findOutcomes(acknowledged)).length, acknowledged.length);
    assert.equal(service.state().sequence, stored.length);
    await service.stop();
    await database.drop();
  });
  it("[CMD1] one whose connection never answers again gives it up and goes on with a new one", async () => {
    const database = await createTestDatabase();
    const relay = await startRelay(database.url);
    const store = await openEventStore(relay.url, { answerMs: 5_000 });
    const log = story();
    await store.append({ after: 0, events: log.slice(0, 2), outcomes: [] });
    relay.freeze();
    await assert.rejects(store.append({ after: 2, events: log.slice(2, 3), outcomes: [] }), /did not answer within 5 s/);
    let end = -1;
    for (let attempt = 0; attempt < 100 && end !== 3; attempt++) {
      await store.append({ after: 2, events: log.slice(2, 3), outcomes: [] }).catch((error: unknown) => assert.ok(!(error instanceof WriterFencedError), String(error)));
      end = await store.findEnd().catch(() => -1);
    }
    assert.deepEqual((await readAll(store)).map((event) => event.sequence), [1, 2, 3]);
    await store.close();
    await relay.stop();
    await database.drop();
  });
});
