// What a start from a checkpoint still owes the log: it must be of this log, and what was not folded is looked through afterwards.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import type { StoredEvent } from "../dispatch/events.ts";
import type { StoredBlock } from "../dispatch/state-blocks.ts";
import { describeState } from "../dispatch/testing/describe-state.ts";
import { play, rebuilt, stepsOf } from "../dispatch/testing/histories.ts";
import { createWorld } from "../dispatch/testing/world.ts";
import { checkChain, type Checkpoint, type CheckpointStorePort, createCheckpointer } from "./checkpoint.ts";
import { type Folded, foldLog } from "./fold-log.ts";
import { createMemoryStore } from "./testing/memory-store.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const logOf = (seed: number): StoredEvent[] => {
  const w = createWorld(hash);
  play(w, stepsOf(seed, 150));
  return w.log;
};
/** Holds the first that it is given. */
function createOneCheckpoint(): CheckpointStorePort & { fails: boolean } {
  let kept: Checkpoint | null = null;
  const store = {
    fails: false,
    find: async (upTo: number) => (kept !== null && kept.sequence <= upTo ? kept : null),
    save: async ({ sequence, head, changed, textOf }: Parameters<CheckpointStorePort["save"]>[0]) => {
      const blocks = changed.map((name): StoredBlock => {
        const text = textOf(name);
        return { ...name, read: () => text };
      });
      if (store.fails) throw new Error("the disk is full");
      const mark = { number: 1, digests: new Map(), sum: 0n };
      kept ??= { sequence, head, blocks, mark };
      return mark;
    },
    close: async () => undefined,
  };
  return store;
}
async function write({ state, blocks, from }: Folded, store: CheckpointStorePort, onWarning: (fields: object) => void = (fields) => assert.fail(JSON.stringify(fields))): Promise<void> {
  const checkpointer = createCheckpointer({ store, state, blocks, from, everyEvents: 1, onWarning });
  checkpointer.tick();
  await checkpointer.stop();
}

/** The chain check, turn by turn to its end. */
async function look(store: Parameters<typeof checkChain>[0]["store"], upTo: number): Promise<{ told: string[]; stopped: boolean }> {
  const told: string[] = [];
  let tick = (): void => assert.fail("nothing was begun");
  let stopped = false;
  checkChain({ store, hash, upTo, onWarning: (fields) => told.push((fields as { fault?: string }).fault ?? (fields as { error: string }).error), every: (_ms, work) => {
    tick = work;
    return () => void (stopped = true);
  } });
  for (let i = 0; i < 1_000 && !stopped; i++) {
    tick();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { told, stopped };
}

describe("after a start from a checkpoint", () => {
  it("[CMD8] [CMD5] an event that was altered or taken out before it is told", async () => {
    const log = logOf(5);
    for (const damage of ["none", "altered", "taken out"] as const) {
      const store = createMemoryStore();
      store.rewind(log);
      const at = log.findIndex((event) => event.body.type === "incident.noted" || event.body.type === "incident.created");
      if (damage === "altered") store.events[at] = { ...log[at]!, body: { ...log[at]!.body, words: "another", what: "another" } as StoredEvent["body"] };
      if (damage === "taken out") store.events.splice(at, 1);
      const { told, stopped } = await look(store, log.length);
      assert.ok(stopped, "it comes to an end");
      assert.equal(told.length > 0, damage !== "none", told.join());
      if (damage === "altered") assert.match(told[0]!, /is not what was hashed/);
    }
  });

  const bodies = { "nothing": null, "a text": "x", "an empty one": {}, "one of no incident": { type: "contact.renewed", contactId: 1, leaseUntil: 1 } } as const;
  for (const [name, body] of Object.entries(bodies)) {
    it(`[CMD8] [INC4] a line whose body was replaced by ${name} is told once, and what stands behind it is looked at`, async () => {
      const log = logOf(5);
      const store = createMemoryStore();
      store.rewind(log);
      const lines = log.flatMap(({ entry }, at) => (entry === null ? [] : [at]));
      const [first, last] = [lines[3]!, lines.at(-1)!];
      for (const at of [first, last]) store.events[at] = { ...log[at]!, body: body as unknown as StoredEvent["body"] };
      const { told, stopped } = await look(store, log.length);
      assert.ok(stopped, "it comes to an end");
      assert.deepEqual(told.map((fault) => /^event (\d+)/.exec(fault)?.[1]), [first, last].map((at) => String(log[at]!.sequence)));
    });
  }

  it("[CMD8] a store that is away for a while is told once, and no event of a page that broke off is taken twice", async () => {
    const log = logOf(5);
    const store = createMemoryStore();
    store.rewind(log);
    let reads = 0;
    const breaking: typeof store.readAll = async (after, take, upTo) => {
      if (++reads > 3) return store.readAll(after, take, upTo);
      await store.readAll(after, (events) => take(events.slice(0, 5)), upTo);
      throw new Error("connection lost");
    };
    const { told, stopped } = await look({ readAll: breaking }, log.length);
    assert.deepEqual([stopped, told], [true, ["connection lost"]]);
  });

  it("[CMD8] a checkpoint of another log is passed over with a word", async () => {
    const [ours, theirs] = [logOf(5), logOf(6)];
    const store = createMemoryStore();
    const checkpoints = createOneCheckpoint();
    store.rewind(theirs.slice(0, 40));
    const folded = await foldLog({ store, hash, onWarning: assert.fail });
    await write(folded, checkpoints);
    store.rewind(ours);
    const told: object[] = [];
    const { state, from } = await foldLog({ store, hash, checkpoints, onWarning: (fields) => told.push(fields) });
    assert.deepEqual([from, told.length], [null, 1]);
    assert.deepEqual(JSON.parse(JSON.stringify(describeState(state))), JSON.parse(JSON.stringify(describeState(rebuilt(ours)))));
  });

  it("[CMD8] one that could not be written is told and holds nothing up; the next one has all of it", async () => {
    const log = logOf(5);
    const store = createMemoryStore();
    store.rewind(log);
    const checkpoints = createOneCheckpoint();
    const folded = await foldLog({ store, hash, onWarning: assert.fail });
    checkpoints.fails = true;
    const told: object[] = [];
    await write(folded, checkpoints, (fields) => told.push(fields));
    assert.equal(told.length, 1);
    checkpoints.fails = false;
    await write(folded, checkpoints);
    const { state, from } = await foldLog({ store, hash, checkpoints, onWarning: assert.fail });
    assert.equal(from?.sequence, log.length);
    assert.deepEqual(JSON.parse(JSON.stringify(describeState(state))), JSON.parse(JSON.stringify(describeState(rebuilt(log)))));
  });
});
