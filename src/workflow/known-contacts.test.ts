// Ids of switches that a start left in the log: asked for ahead of the decision, together, and once.
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import type { Command } from "../dispatch/commands.ts";
import { blocksAtHand, isReadAtStart, type StoredBlock } from "../dispatch/state-blocks.ts";
import { AwayError, type Checkpoint, type CheckpointStorePort, createCheckpointer } from "./checkpoint.ts";
import { createDispatchService, DispatchUnavailableError, type Sender } from "./dispatch-service.ts";
import { foldLog } from "./fold-log.ts";
import { createKnownContacts } from "./known-contacts.ts";
import { noRoadTimes } from "./testing/no-road-times.ts";
import { createMemoryStore } from "./testing/memory-store.ts";

const ring = (externalId: string): Command => ({ type: "contact.receive", source: "telephone", externalId, callerNumber: null, callerPoint: null, callerUncertaintyM: null, callerWords: null });

function open(inLog: Readonly<Record<string, number>>, here: readonly string[] = []) {
  const asked: string[][] = [];
  const told = new Map<string, number | null>();
  let fails = false;
  const contacts = createKnownContacts({
    findContactIds: async (ids, upTo) => {
      asked.push([...ids]);
      assert.equal(upTo, 70);
      await Promise.resolve();
      if (fails) throw new Error("connection lost");
      return new Map(Object.entries(inLog).filter(([id]) => ids.includes(id)));
    },
  }, { mustAsk: (id) => !here.includes(id) && !told.has(id), know: (id, contactId) => void told.set(id, contactId) }, 70);
  return { asked, told, contacts, fail: (value: boolean) => void (fails = value) };
}

describe("ids of switches", () => {
  it("[CON2] [CMD8] are asked for many together; what is known or names none is not asked for", async () => {
    const { asked, told, contacts } = open({ old: 7 }, ["here"]);
    await Promise.all([ring("old"), ring("new"), ring("here"), { type: "contact.hang-up", externalId: "old" } as const, { type: "contact.claim", contactId: 1 } as const].map((command) => contacts.lookUp(command)));
    assert.deepEqual([asked, [...told]], [[["old", "new"]], [["old", 7], ["new", null]]]);
    await contacts.lookUp(ring("new"));
    assert.equal(asked.length, 1);
  });
  it("[CMD7] a question that failed is told to whoever waits for it, and asked anew by the next", async () => {
    const { told, contacts, fail } = open({ old: 7 });
    fail(true);
    await assert.rejects(contacts.lookUp(ring("old")), /connection lost/);
    fail(false);
    await contacts.lookUp(ring("old"));
    assert.deepEqual([...told], [["old", 7]]);
  });
});

describe("a centre that was started from a checkpoint", () => {
  const TELEPHONY: Sender = { kind: "service", id: 1, name: "telephony", permissions: ["contact.receive"], unitId: null };
  const hash = (text: string | Uint8Array): string => createHash("sha256").update(text).digest("hex");

  it("[CON2] [CMD8] knows a call of before by its switch's id, though nothing of it was read, and asks nothing of that in the midst of a decision", async () => {
    const store = createMemoryStore();
    const clock = { wallMs: () => 1_800_000_000_000, monotonicMs: () => 0 };
    const options = { store, clock, hash, timeZone: "UTC", roadTimes: noRoadTimes, every: () => () => undefined, onFatal: (error: Error) => { throw error; } };
    const before = await createDispatchService(options);
    const send = (service: typeof before, command: Command) => service.send(TELEPHONY, { commandId: randomUUID(), expectedSequence: null, command });
    for (const id of ["first", "second"]) await send(before, ring(id));
    await before.stop();

    let kept: Checkpoint | undefined;
    let reads: string[] = [];
    const texts = new Map<string, string>();
    const checkpoints: CheckpointStorePort = {
      find: async () => kept ?? null,
      save: async ({ sequence, head, changed, textOf }) => {
        for (const name of changed) texts.set(`${name.kind} ${name.number}`, textOf(name));
        assert.equal(blocksAtHand(head).older.length, 0);
        const atHand = changed.filter(({ kind }) => isReadAtStart(kind)).map((name): StoredBlock => ({ ...name, read: () => texts.get(`${name.kind} ${name.number}`)! }));
        const away = {
          readBlock: ({ kind, number }: { kind: string; number: number }) => (reads.push(`${kind} ${number}`), texts.get(`${kind} ${number}`) ?? null),
          readBlocks: async () => new Map(), findContactId: () => { throw new AwayError("asked for in the midst of a decision"); }, check: async () => null, close: async () => undefined,
        };
        kept = { sequence, head, blocks: atHand, away, mark: { number: 1, sum: 0n } };
        return kept.mark;
      },
      discard: async () => undefined, close: async () => undefined,
    };
    const folded = await foldLog({ store, hash, onWarning: assert.fail });
    const checkpointer = createCheckpointer({ store: checkpoints, ...folded, everyEvents: 1, onWarning: assert.fail });
    checkpointer.tick();
    await checkpointer.stop();

    const after = await createDispatchService({ ...options, checkpoints });
    reads = [];
    const again = await send(after, ring("second"));
    assert.deepEqual([again.outcome, again.outcome === "accepted" && again.contactId, reads], ["accepted", 2, ["contact 0"]]);
    const other = await send(after, ring("third"));
    assert.deepEqual([other.outcome === "accepted" && other.contactId, store.events.length], [3, 3]);
    assert.equal((await after.findContactByExternalId("third"))?.id, 3);
    const both = await Promise.all(["first", "first#2"].map((id) => after.findContactByExternalId(id)));
    assert.deepEqual(both.map((contact) => contact?.id), [1, undefined], "who asks without a command waits for the log, and nobody waits with it");
    store.unreachable = true;
    await assert.rejects(after.findContactByExternalId("fourth"), DispatchUnavailableError);
    store.unreachable = false;
    await after.stop();
  });
});
