// Questions to what a start left in the database, answered within the turn that asks, by a thread of their own.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { createTestDatabase, type TestDatabase } from "../../../tests/support/database.ts";
import { apply } from "../../dispatch/apply.ts";
import { createLayer, mergeLayer } from "../../dispatch/state.ts";
import { play, stepsOf } from "../../dispatch/testing/histories.ts";
import { createWorld } from "../../dispatch/testing/world.ts";
import { AwayError, type Checkpoint, type CheckpointStorePort } from "../../workflow/checkpoint.ts";
import { type Folded, foldLog } from "../../workflow/fold-log.ts";
import { createMemoryStore } from "../../workflow/testing/memory-store.ts";
import { createAwayBlocks } from "./away-blocks.ts";
import { openCheckpointStore } from "./checkpoint-store.ts";
import { openDatabase, type Database } from "./database.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("what a start left where it is stored", () => {
  let database: TestDatabase;
  let asks: Database;
  let checkpoints: CheckpointStorePort;
  let folded: Folded;
  const log = createMemoryStore();
  const w = createWorld(hash);
  play(w, stepsOf(11, 200));
  before(async () => {
    database = await createTestDatabase();
    asks = openDatabase(database.url, { max: 1 });
    checkpoints = openCheckpointStore(database.url, "v1");
    log.rewind(w.log);
    folded = await foldLog({ store: log, hash, onWarning: assert.fail });
    const frozen = folded.blocks.freeze();
    await checkpoints.save(frozen, null);
    frozen.end(true);
  });
  after(async () => {
    await checkpoints.close();
    await asks.end();
    await database.drop();
  });
  const find = async (store = checkpoints): Promise<Checkpoint> => (await store.find(w.log.length, assert.fail))!;

  it("[CMD8] is the block that was written, and nothing where none was", async () => {
    const { away, blocks } = await find();
    const contacts = blocks.find(({ kind, number }) => kind === "contact" && number === 0)!;
    assert.equal(away.readBlock({ kind: "contact", number: 0 }), contacts.read());
    assert.equal(away.readBlock({ kind: "contact", number: 1_000 }), null);
    await away.close();
    assert.throws(() => away.readBlock({ kind: "contact", number: 0 }), AwayError);
  });

  it("[CMD8] is read by ranges beside the work, each block as it was written, and one that is not so is told", async () => {
    const { away, blocks } = await find();
    const numbers = blocks.filter(({ kind }) => kind === "contact").map(({ number }) => number);
    const texts = await away.readBlocks("contact", [...numbers, 1_000]);
    assert.deepEqual([...texts.keys()].sort(), numbers.toSorted());
    for (const [number, text] of texts) assert.equal(text, away.readBlock({ kind: "contact", number }));
    const [stored] = await asks<{ digest: string }[]>`select digest from dispatch_checkpoint_block where kind = 'contact' and number = 0`;
    await asks`update dispatch_checkpoint_block set digest = 'x' where kind = 'contact' and number = 0`;
    await assert.rejects(away.readBlocks("contact", [0]), AwayError);
    await asks`update dispatch_checkpoint_block set digest = ${stored!.digest} where kind = 'contact' and number = 0`;
    assert.equal((await away.readBlocks("contact", [0])).size, 1);
    await away.close();
    await assert.rejects(away.readBlocks("contact", [0]), AwayError);
  });

  it("[CMD8] [CON2] is the contact that came last under an id, up to the event of the checkpoint", async () => {
    const { away, sequence } = await find();
    const rows = [[sequence - 1, "twice", 7], [sequence, "twice", 8], [sequence + 1, "twice", 9], [sequence + 1 + 1, "later", 10]] as const;
    for (const [at, externalId, contactId] of rows) {
      await asks`insert into dispatch_event (sequence, at_ms, actor_kind, actor_id, actor_name, body) values (${at}, 1, 'system', 0, 'system', ${asks.json({ type: "contact.received", externalId, contactId })})`;
    }
    await asks`insert into dispatch_event (sequence, at_ms, actor_kind, actor_id, actor_name, body) values (1, 1, 'system', 0, 'system', ${asks.json({ type: "contact.hung-up", externalId: "no ring", contactId: 3 })})`;
    assert.deepEqual(["twice", "later", "no ring", "never"].map((id) => away.findContactId(id)), [8, null, null, null]);
    await away.close();
  });

  it("[CMD8] goes on being of its checkpoint while others are written, and all of it while that is let go, for whoever holds it", async () => {
    const holding = openCheckpointStore(database.url, "v1", { holds: true });
    const [live, held] = [await find(), await find(holding)];
    try {
      const before = held.away.readBlock({ kind: "incident", number: 0 });
      let { mark } = live;
      for (let i = 0; i < 4; i++) {
        const layer = createLayer(folded.state);
        const [id] = folded.state.incidents.keys();
        const { watch } = folded.state.incidents.get(id!);
        apply(layer, { ...w.log.at(-1)!, sequence: folded.state.sequence + 1, entry: null, body: { type: "incident.watch-overdue", incidentId: id!, dueAt: (watch.dueAt ?? 0) + 1 } as never });
        mergeLayer(folded.state, layer);
        const frozen = folded.blocks.freeze();
        mark = await checkpoints.save(frozen, mark);
        frozen.end(true);
      }
      assert.equal(held.away.readBlock({ kind: "incident", number: 0 }), before);
      assert.equal(live.away.readBlock({ kind: "contact", number: 0 }), held.away.readBlock({ kind: "contact", number: 0 }), "what did not change stands");
      assert.equal(await live.away.check(), null, "what only older ones had may be gone");
    } finally {
      await live.away.close();
      await holding.close();
    }
  });

  it("[CMD8] is refused where it is not what was written, and found by the look through all of it, also where it is missing", async () => {
    const { away } = (await checkpoints.find(Number.MAX_SAFE_INTEGER, assert.fail))!;
    await asks`update dispatch_checkpoint_block set bytes = set_byte(bytes, 20, (get_byte(bytes, 20) + 1) % 256) where until is null and kind = 'assignment' and number = 0`;
    assert.throws(() => away.readBlock({ kind: "assignment", number: 0 }), /assignment 0 is not what was written/);
    assert.match((await away.check())!, /assignment 0 is not what was written/);
    await asks`delete from dispatch_checkpoint_block where until is null and kind = 'assignment' and number = 0`;
    assert.match((await away.check())!, /missing/);
    await away.close();
  });

  it("[CMD8] is looked through however long that takes in all: no statement of it grows with the log", async () => {
    const [newest] = await asks<{ number: number; sequence: number }[]>`select number, sequence from dispatch_checkpoint order by number desc limit 1`;
    await asks`insert into dispatch_checkpoint_block (kind, number, since, bytes, digest) select 'contact', 1000 + n, ${newest!.number}, '\\x00', ${createHash("sha256").update(Uint8Array.of(0)).digest("hex")} from generate_series(1, 6) as n`;
    const away = createAwayBlocks({ databaseUrl: database.url, number: newest!.number, sequence: newest!.sequence, holds: false }, undefined, undefined, { pageBlocks: 1, pauseMs: 700, statementMs: 4_000 });
    assert.match((await away.check())!, /that were not written/, "to the end: their sum is none that was stored");
    await away.close();
    await asks`delete from dispatch_checkpoint_block where kind = 'contact' and number > 1000`;
  });

  const TIMES = { answerMs: 20, firstAnswerMs: 20, restMs: 1, longestRestMs: 4, helloMs: 3_600_000 };
  /** A thread that answers as `hello` and `question` say; each tells that it has begun. */
  const programOf = (channel: string, hello: string, question: string): URL => new URL(`data:text/javascript,${encodeURIComponent(`
    import { workerData, parentPort } from "node:worker_threads";
    const lives = new BroadcastChannel("${channel}"); lives.postMessage(1); lives.unref();
    parentPort.on("message", (errand) => { ${hello} });
    workerData.port.on("message", (asked) => { ${question} });`)}`);
  const ANSWERS = "workerData.port.postMessage({ call: asked.call, value: 5 }); Atomics.add(workerData.bell, 0, 1); Atomics.notify(workerData.bell, 0);";
  const errorOf = (ask: () => unknown): string | null => {
    try {
      ask();
      return null;
    } catch (error) {
      assert.ok(error instanceof AwayError);
      return error.message;
    }
  };

  it("[CMD8] a database that answers nothing is waited for once: the next threads say hello first, and nobody waits for that", async () => {
    let begun = 0;
    const lives = new BroadcastChannel("silent");
    lives.addEventListener("message", () => void begun++);
    const away = createAwayBlocks({ databaseUrl: "", number: 1, sequence: 1, holds: false }, programOf("silent", "", ""), { ...TIMES, helloMs: 2_000 }); // a life may end before it could tell that it began
    assert.throws(() => away.findContactId("one"), /could not be read in time/);
    while (begun < 2) {
      assert.throws(() => away.findContactId("two"), /just now/);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.throws(() => away.findContactId("three"), /just now/, "the next one has begun, and has heard nothing of its database yet");
    lives.close();
    await away.close();
  });

  it("[CMD8] one that comes back answers again, through a thread that was started while nobody waited", async () => {
    const hello = `parentPort.postMessage({ errand, fault: null });`;
    const away = createAwayBlocks({ databaseUrl: "", number: 1, sequence: 1, holds: false }, programOf("back", hello, `if (asked.externalId !== "hangs") { ${ANSWERS} }`), { ...TIMES, answerMs: 5_000 });
    assert.throws(() => away.findContactId("hangs"), /could not be read in time/);
    let told: string | null;
    while ((told = errorOf(() => assert.equal(away.findContactId("answered"), 5))) !== null) {
      assert.match(told, /just now/);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await away.close();
  });
});
