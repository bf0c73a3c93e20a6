// What a start from a checkpoint still owes the log: it must be of this log, and what was not folded is looked through afterwards.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import type { StoredEvent } from "../dispatch/events.ts";
import { isReadAtStart, type StoredBlock } from "../dispatch/state-blocks.ts";
import type { State } from "../dispatch/state.ts";
import { describeState } from "../dispatch/testing/describe-state.ts";
import { play, rebuilt, stepsOf } from "../dispatch/testing/histories.ts";
import { createWorld } from "../dispatch/testing/world.ts";
import { AwayError, type AwayBlocks, checkBlocks, checkChain, type Checkpoint, type CheckpointStorePort, createCheckpointer } from "./checkpoint.ts";
import type { EventStorePort } from "./event-store.ts";
import { createFoldProgress, type Folded, foldLog } from "./fold-log.ts";
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
  const away: AwayBlocks = { readBlock: () => null, readBlocks: async () => new Map(), findContactId: () => null, check: async () => null, close: async () => undefined };
  const store = {
    fails: false,
    find: async (upTo: number) => (kept !== null && kept.sequence <= upTo ? kept : null),
    save: async ({ sequence, head, changed, textOf }: Parameters<CheckpointStorePort["save"]>[0]) => {
      const blocks = changed.map((name): StoredBlock => {
        const text = textOf(name);
        return { ...name, read: () => text };
      });
      if (store.fails) throw new Error("the disk is full");
      const mark = { number: 1, sum: 0n };
      kept ??= { sequence, head, blocks, mark, away };
      return mark;
    },
    discard: async () => void (kept = null),
    close: async () => undefined,
  };
  return store;
}
async function write({ state, blocks, from }: Folded, store: CheckpointStorePort, onWarning: (fields: object) => void = (fields) => assert.fail(JSON.stringify(fields))): Promise<void> {
  const checkpointer = createCheckpointer({ store, state, blocks, from, everyEvents: 1, onWarning });
  checkpointer.tick();
  await checkpointer.stop();
}

const plain = (state: State, log: readonly StoredEvent[]): unknown => JSON.parse(JSON.stringify(describeState(state, log.flatMap(({ body }) => (body.type === "contact.received" ? [body.externalId] : [])))));

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
    assert.deepEqual(plain(state, ours), plain(rebuilt(ours), ours));
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
    assert.deepEqual(plain(state, []), plain(rebuilt(log), []));
  });

  it("[CMD8] an event is not kept out because what it speaks of cannot be read just now: the start fails, and the next one tries again", async () => {
    const log = logOf(5);
    const store = createMemoryStore();
    store.rewind(log.slice(0, 60));
    const checkpoints = createOneCheckpoint();
    await write(await foldLog({ store, hash, onWarning: assert.fail }), checkpoints);
    store.rewind(log);
    const found = (await checkpoints.find(log.length, assert.fail))!;
    const away = { ...found.away, readBlock: () => { throw new AwayError("the database is away"); }, findContactId: () => { throw new AwayError("the database is away"); } };
    const cut: CheckpointStorePort = { ...checkpoints, find: async () => ({ ...found, blocks: found.blocks.filter(({ kind }) => isReadAtStart(kind)), away }) };
    await assert.rejects(foldLog({ store, hash, checkpoints: cut, onWarning: assert.fail }), AwayError);
  });

  it("[CMD8] what was left where it is stored is looked through; where it is not what was written, that is told and no checkpoint is used or written any more", async () => {
    const outcomes: (string | null | Error)[] = [new Error("connection lost"), "block contact 7 is not what was written"];
    const told: object[] = [];
    let [stops, discards, ended] = [0, 0, false];
    let tick = (): void => assert.fail("nothing was begun");
    checkBlocks({
      away: { check: async () => { const next = outcomes.shift()!; if (next instanceof Error) throw next; return next; } }, store: { discard: async () => void discards++ }, checkpointer: { stop: async () => void stops++ }, onWarning: (fields) => told.push(fields),
      every: (_ms, work) => {
        tick = work;
        return () => void (ended = true);
      },
    });
    for (let i = 0; i < 2; i++) {
      tick();
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual([told, stops, discards, ended], [[{ error: "connection lost" }, { fault: "block contact 7 is not what was written" }], 1, 1, true]);
  });

  it("[REC5] without a checkpoint the log is gone on with where somebody before had come to, one whose reading failed half way, too; for an earlier moment it begins anew", async () => {
    const log = logOf(7);
    const third = Math.floor(log.length / 3);
    const asked: number[] = [];
    let fails = true;
    const store: Pick<EventStorePort, "readAll" | "findEnd"> = {
      findEnd: async () => log.length,
      readAll: async (after, take, upTo = Infinity) => {
        asked.push(after);
        take(log.filter(({ sequence }) => sequence > after && sequence <= Math.min(upTo, fails ? third : Infinity)));
        if (fails) throw new Error("connection lost");
      },
    };
    const progress = createFoldProgress();
    const fold = (upTo: number): Promise<Folded> => foldLog({ store, hash, onWarning: assert.fail, progress, upTo });
    await assert.rejects(fold(third * 2), /connection lost/);
    fails = false;
    for (const upTo of [third * 2, log.length, third]) {
      const { state } = await fold(upTo);
      assert.deepEqual(plain(state, log), plain(rebuilt(log.slice(0, upTo)), log), `up to ${upTo}`);
    }
    assert.deepEqual(asked, [0, third, third * 2, 0]);
  });

  it("[CMD8] a damaged checkpoint that could not be discarded is discarded as soon as it can be: the next start folds the whole log", async () => {
    const log = logOf(5);
    const store = createMemoryStore();
    store.rewind(log);
    const checkpoints = createOneCheckpoint();
    const first = await foldLog({ store, hash, checkpoints, onWarning: assert.fail });
    await write(first, checkpoints);
    assert.notEqual((await foldLog({ store, hash, checkpoints, onWarning: assert.fail })).from, null);
    const told: string[] = [];
    let [looks, failures, tick, ended] = [0, 2, (): void => assert.fail("nothing was begun"), false];
    const discard = async (): Promise<void> => {
      if (failures-- > 0) throw new Error("connection lost");
      await checkpoints.discard();
    };
    checkBlocks({
      away: { check: async () => { looks++; return "block contact 7 is not what was written"; } }, store: { discard }, checkpointer: { stop: async () => undefined }, onWarning: (_fields, message) => told.push(message),
      every: (_ms, work) => {
        tick = work;
        return () => void (ended = true);
      },
    });
    for (let i = 0; i < 3; i++) {
      assert.equal(ended, false);
      tick();
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual([looks, told.length, ended], [1, 2, true], "damaged is told once, and that it cannot be discarded once");
    assert.equal((await foldLog({ store, hash, checkpoints, onWarning: assert.fail })).from, null);
  });
});
