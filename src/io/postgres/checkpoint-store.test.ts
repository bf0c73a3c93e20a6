// Checkpoints in a real database: a start takes the newest whole one of its own code, passes over the others with a word, and comes to the same state as a fold of the whole log.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { createTestDatabase, type TestDatabase } from "../../../tests/support/database.ts";
import { apply } from "../../dispatch/apply.ts";
import type { StoredEvent } from "../../dispatch/events.ts";
import { createLayer, mergeLayer, type State } from "../../dispatch/state.ts";
import { describeState } from "../../dispatch/testing/describe-state.ts";
import { play, rebuilt, stepsOf } from "../../dispatch/testing/histories.ts";
import { createWorld } from "../../dispatch/testing/world.ts";
import { createCheckpointer, type CheckpointStorePort } from "../../workflow/checkpoint.ts";
import { type Folded, foldLog } from "../../workflow/fold-log.ts";
import { createMemoryStore } from "../../workflow/testing/memory-store.ts";
import { openCheckpointStore } from "./checkpoint-store.ts";
import { openDatabase, type Database } from "./database.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const plain = (state: State): unknown => JSON.parse(JSON.stringify(describeState(state, [])));
const LOG: StoredEvent[] = (() => {
  const w = createWorld(hash);
  play(w, stepsOf(11, 300));
  return w.log;
})();

describe("checkpoints", () => {
  let database: TestDatabase;
  let asks: Database;
  let checkpoints: CheckpointStorePort;
  const log = createMemoryStore();
  const told: string[] = [];
  const onWarning = (fields: object): void => void told.push((fields as { fault: string }).fault);
  before(async () => {
    database = await createTestDatabase();
    asks = openDatabase(database.url, { max: 1 });
    checkpoints = openCheckpointStore(database.url, "v1");
  });
  after(async () => {
    await checkpoints.close();
    await asks.end();
    await database.drop();
  });
  const fold = (store = checkpoints): Promise<Folded> => foldLog({ store: log, hash, onWarning, checkpoints: store });
  /** As a running centre: the log grows, and checkpoints are written after each so many events. */
  const grow = async ({ state, blocks, from }: Folded, events: readonly StoredEvent[], store = checkpoints): Promise<void> => {
    const checkpointer = createCheckpointer({ store, state, blocks, from, everyEvents: 40, onWarning });
    for (let i = 0; i < events.length; i += 30) {
      const layer = createLayer(state);
      for (const event of JSON.parse(JSON.stringify(events.slice(i, i + 30))) as StoredEvent[]) apply(layer, event);
      mergeLayer(state, layer);
      checkpointer.tick();
      if (i % 90 === 0) await new Promise((resolve) => setImmediate(resolve)); // now one is under way while more is committed, now it has ended
    }
    await checkpointer.stop();
  };
  const rewind = (to: number): void => log.rewind(LOG.slice(0, to));

  it("[CMD8] are written while commands go on; a start takes the newest and folds the rest", async () => {
    rewind(0);
    await grow(await fold(), LOG.slice(0, 200));
    rewind(200);
    const first = await fold();
    assert.ok(first.from !== null && first.from.sequence > 0 && first.from.sequence <= 200);
    assert.deepEqual(plain(first.state), plain(rebuilt(LOG.slice(0, 200))));
    await grow(first, LOG.slice(200));
    rewind(LOG.length);
    const second = await fold();
    assert.ok(second.from!.sequence > first.from.sequence);
    assert.deepEqual(plain(second.state), plain(rebuilt(LOG)));
    assert.deepEqual(told, []);
  });

  it("[REC5] an older state is made from a checkpoint that is older", async () => {
    const { state, from } = await foldLog({ store: log, hash, onWarning, checkpoints, upTo: 150, page: 7 });
    assert.ok(from === null || from.sequence <= 150);
    assert.deepEqual(plain(state), plain(rebuilt(LOG.slice(0, 150))));
  });

  it("[CMD8] one that is not whole is passed over with a word, and the next one that is written stands in its place", async () => {
    const newest = (await fold()).from!;
    await asks`update dispatch_checkpoint_block set bytes = substr(bytes, 1, 8) where until is null and kind = 'unit'`;
    const { state, blocks, from } = await fold();
    assert.match(told.splice(0).join(), /is not what was written/);
    assert.ok(from === null || from.sequence < newest.sequence);
    assert.deepEqual(plain(state), plain(rebuilt(LOG)));
    await createAndWrite({ state, blocks, from });
    const again = await fold();
    assert.equal(again.from!.sequence, LOG.length);
    assert.deepEqual(plain(again.state), plain(rebuilt(LOG)));
    assert.deepEqual(told, []);
  });

  const createAndWrite = async ({ state, blocks, from }: Folded, store = checkpoints): Promise<void> => {
    const checkpointer = createCheckpointer({ store, state, blocks, from, everyEvents: 0, onWarning });
    checkpointer.tick();
    await checkpointer.stop();
  };

  it("[CMD8] one of other code is passed over with a word; where the old code comes back, it finds none of the new", async () => {
    const other = openCheckpointStore(database.url, "v2");
    try {
      const folded = await fold(other);
      assert.equal(folded.from, null);
      assert.match(told.splice(0).join(), /another version/);
      await createAndWrite(folded, other);
      assert.equal((await fold(other)).from!.sequence, LOG.length);
      const back = await fold();
      assert.equal(back.from, null);
      assert.deepEqual(plain(back.state), plain(rebuilt(LOG)));
      told.length = 0;
    } finally {
      await other.close();
    }
  });

  it("[CMD8] one that speaks of more than the log has is not taken: a log that was restored from a backup is the truth", async () => {
    await createAndWrite(await fold());
    rewind(100);
    told.length = 0;
    const { state, from } = await fold();
    assert.ok(from === null || from.sequence <= 100);
    assert.deepEqual(plain(state), plain(rebuilt(LOG.slice(0, 100))));
    rewind(LOG.length);
  });

  it("[CMD8] [CMD6] a writer that was overtaken writes none, and spoils none of the one that took over", async () => {
    const { epoch } = (await asks<{ epoch: number }[]>`select epoch from dispatch_writer`)[0]!;
    const [old, taker] = [openCheckpointStore(database.url, "v1", { epoch }), openCheckpointStore(database.url, "v1", { epoch: epoch + 1 })];
    try {
      const before = await fold(old);
      await asks`update dispatch_writer set epoch = epoch + 1`;
      const taken = await fold(taker);
      await createAndWrite(taken, taker);
      const newest = (await fold(taker)).from!.mark.number;
      told.length = 0;
      const frozen = before.blocks.freeze();
      await assert.rejects(old.save(frozen, before.from?.mark ?? null), /taken over/);
      assert.equal((await fold(taker)).from!.mark.number, newest);
      assert.deepEqual(told, []);
    } finally {
      await Promise.all([old.close(), taker.close()]);
      await asks`update dispatch_writer set epoch = ${epoch}`;
    }
  });

  it("[CMD8] writes one after another from what the one before left, whatever changed, was taken in or changed back, and each is whole", async () => {
    const folded = await fold();
    let mark = folded.from?.mark ?? null;
    for (const activity of ["a", "b", "a", null]) {
      const unit = folded.state.units.get(2);
      folded.state.units.set(2, { ...unit, activity });
      const frozen = folded.blocks.freeze();
      const held = mark;
      mark = await checkpoints.save(frozen, mark);
      frozen.end(true);
      assert.notEqual(held?.sum, mark.sum);
      const read = (await checkpoints.find(LOG.length, assert.fail))!;
      assert.deepEqual([read.mark, read.sequence, await read.away.check()], [mark, frozen.sequence, null]);
      await read.away.close();
    }
  });

  it("keeps few: the newest two, and no block that none of them has", async () => {
    const folded = await fold();
    let mark = folded.from?.mark ?? null;
    for (let i = 0; i < 4; i++) {
      const unit = folded.state.units.get(1);
      folded.state.units.set(1, { ...unit, activity: `round ${i}` });
      const frozen = folded.blocks.freeze();
      mark = await checkpoints.save(frozen, mark);
      frozen.end(true);
    }
    const [counted] = await asks<{ checkpoints: number; blocks: number }[]>`select (select count(*) from dispatch_checkpoint) as checkpoints, (select count(*) from dispatch_checkpoint_block where kind = 'unit' and number = 0) as blocks`;
    assert.ok(counted!.checkpoints <= 3, `${counted!.checkpoints} checkpoints: two, and the first of its hundred thousand events`);
    assert.equal(counted!.blocks, counted!.checkpoints);
  });
});
