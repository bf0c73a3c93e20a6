// Reading registers beside the work of dispatchers: who asks much waits, and nobody else does.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Actor } from "../../contract/basics.ts";
import type { StoredAccessRecord } from "../../contract/register.ts";
import { startTestApi, type TestApi } from "../../../tests/support/api.ts";
import { createInspectHandlers, type InspectHandlerOptions } from "../handlers/inspect.ts";
import { createReadingLog } from "./reading-log.ts";

const by: Actor = { kind: "user", id: 4, name: "Ines" };

describe("questions that take long", () => {
  let api: TestApi;
  before(async () => void (api = await startTestApi({ inspectionTimeoutMs: 4_000 })));
  after(() => api.close());

  test("more of them than connections hold up nobody's other work, and each is answered: narrow it", async () => {
    const inspector = await api.person("ines", ["inspector"]);
    await api.database.begin(async (transaction) => {
      await transaction`lock table access_record in access exclusive mode`;
      let answered = 0;
      const asking = Array.from({ length: 8 }, (_, i) => inspector.try("summariseAccessRecords", { query: { q: `zebra ${i}` } }).finally(() => answered++));
      assert.equal((await inspector.call("getSession")).account.login, "ines");
      assert.equal(answered, 0, "and did not wait for them");
      for (const { status, problem } of await Promise.all(asking)) assert.deepEqual([status, problem?.rule], [422, "asks-too-much"]);
    });
    assert.equal((await inspector.call("summariseAccessRecords", { query: {} })).total, 0);
  });
});

describe("asking and taking along", () => {
  const look = (id: number): StoredAccessRecord => ({
    id, at: 0, accountId: 1, accountName: "Olga", cameraId: 1, cameraCode: "K1", cameraName: "Corner", cameraPlace: "Plaza", mode: "live", from: null, to: null, purpose: "patrol", incidentId: null, contactId: null, words: "round",
    sound: false, metadata: false, endedAt: null, renewedAt: null, served: null,
  });
  const recorded: unknown[][] = [];
  const handlersOf = (records: object) =>
    createInspectHandlers({
      clock: { wallMs: () => 0, monotonicMs: () => 0 }, timeZone: "UTC", records, findIncident: () => null, findContact: () => null,
      audit: { recordReading: async (action: string, body: object) => void recorded.push([action, body]) },
    } as unknown as InspectHandlerOptions);
  const call = (more: object) => ({ principal: { kind: "user", actor: by }, query: {}, body: {}, ...more }) as never;

  test("[AUD3] a file holds the newest 50,000 looks and says that it is cut; their number is what is written down", async () => {
    const readInPieces = async (_filter: object, limit: number, take: (rows: StoredAccessRecord[]) => void) => {
      for (let at = limit; at > 0; at -= 1_000) take(Array.from({ length: Math.min(1_000, at) }, (_, i) => look(at - i)));
    };
    const { csv, rows, cut } = await handlersOf({ readInPieces }).exportAccessRecords(call({}));
    const lines = csv.trimEnd().split("\r\n");
    assert.deepEqual([rows, cut, lines.length, lines[0]!.split(",")[0], lines[1]!.split(",")[0], lines.at(-1)!.split(",")[0]], [50_000, true, 50_001, "record", "50001", "2"]);
    assert.deepEqual(recorded, [["access-record.export", { filter: {}, rows: 50_000 }]]);
  });

  test("the same figures asked by several pages at once are counted once, and again for whoever asks later", async () => {
    let counts = 0;
    const handlers = handlersOf({ summarise: async () => { const n = ++counts; await new Promise(setImmediate); return n; } });
    assert.deepEqual(await Promise.all([handlers.summariseAccessRecords(call({})), handlers.summariseAccessRecords(call({})), handlers.summariseAccessRecords(call({ query: { q: "x" } }))]), [1, 1, 2]);
    assert.equal(await handlers.summariseAccessRecords(call({})), 3);
  });
});

describe("[AUD3] the reading log", () => {
  const start = (fails: () => boolean = () => false) => {
    const time = { wall: 10 * 3_600_000, monotonic: 0 };
    const entries: number[] = [];
    const log = createReadingLog({ wallMs: () => time.wall, monotonicMs: () => time.monotonic }, {
      recordReading: async (_action, _body, _by, now) => {
        await Promise.resolve();
        if (fails()) throw new Error("away");
        entries.push(now);
      },
    });
    return { time, entries, read: () => log.read("access-record.read", { q: "x" }, by) };
  };

  test("a list and its figures, asked at once, are one reading, and neither is shown before it is written down", async () => {
    const { entries, read } = start();
    await Promise.all([read(), read().then(() => assert.equal(entries.length, 1))]);
    assert.equal(entries.length, 1);
  });
  test("a wall clock that is put back hides no reading", async () => {
    const { time, entries, read } = start();
    await read();
    time.wall -= 6 * 3_600_000;
    for (let i = 0; i < 4; i++) {
      time.monotonic += 15 * 60_000;
      time.wall += 15 * 60_000;
      await read();
    }
    assert.equal(entries.length, 5);
  });
  test("what could not be written down is shown to nobody, and tried again by whoever asks next", async () => {
    let away = true;
    const { entries, read } = start(() => away);
    assert.deepEqual((await Promise.allSettled([read(), read()])).map(({ status }) => status), ["rejected", "rejected"]);
    away = false;
    await read();
    assert.equal(entries.length, 1);
  });
});
