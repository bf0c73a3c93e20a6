// The state in blocks: read back and brought up to date with the rest of the log, it is the state that a fold of the whole log makes, wherever the cut was.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { apply } from "./apply.ts";
import type { StoredEvent } from "./events.ts";
import type { FrozenState, StateBlocks, StoredBlock } from "./state-blocks.ts";
import { type BlockName, blocksAtHand, isReadAtStart, keepBlocks } from "./state-blocks.ts";
import type { State } from "./state.ts";
import { createLayer, createState, mergeLayer } from "./state.ts";
import { describeState } from "./testing/describe-state.ts";
import { play, rebuilt, step, stepsOf } from "./testing/histories.ts";
import { createWorld } from "./testing/world.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const idsOf = (log: readonly StoredEvent[]): string[] => log.flatMap(({ body }) => (body.type === "contact.received" ? [body.externalId] : []));
const plain = (state: State, log: readonly StoredEvent[]): unknown => JSON.parse(JSON.stringify(describeState(state, idsOf(log))));

/** Where blocks are kept: the latest of each; and the log, which is asked for ids of switches. */
class Shelf {
  readonly blocks = new Map<string, StoredBlock>();
  log: readonly StoredEvent[] = [];
  head = "";
  readonly read: string[] = [];
  readonly ranges: (string | number)[][] = [];

  put(name: Pick<StoredBlock, "kind" | "number">, text: string): void {
    const key = `${name.kind} ${name.number}`;
    this.blocks.set(key, { ...name, read: () => (this.read.push(key), text) });
  }
  take(frozen: FrozenState, log: readonly StoredEvent[]): void {
    for (const name of frozen.changed) this.put(name, frozen.textOf(name));
    this.keep(frozen, log);
  }
  keep(frozen: FrozenState, log: readonly StoredEvent[]): void {
    this.head = frozen.head;
    this.log = log.slice(0, frozen.sequence);
    frozen.end(true);
  }
  /** `away`: nothing is at hand but what a start reads at once. */
  open(away = false): { state: State; blocks: StateBlocks } {
    const state = createState();
    const blocks = [...this.blocks.values()].filter(({ kind }) => !away || isReadAtStart(kind));
    return { state, blocks: keepBlocks(state, { head: this.head, blocks, away: { readBlock: (name) => this.readAway(name), readBlocks: async (kind, numbers) => this.readRange(kind, numbers), findContactId: (id) => this.findContactId(id) } }) };
  }
  readAway({ kind, number }: BlockName): string | null {
    return this.blocks.get(`${kind} ${number}`)?.read() ?? null;
  }
  readRange(kind: BlockName["kind"], numbers: readonly number[]): Map<number, string> {
    this.ranges.push([kind, ...numbers]);
    return new Map(numbers.flatMap((number) => {
      const text = this.blocks.get(`${kind} ${number}`)?.read();
      return text === undefined ? [] : [[number, text] as const];
    }));
  }
  findContactId(externalId: string): number | null {
    this.read.push(`id ${externalId}`);
    const received = this.log.findLast(({ body }) => body.type === "contact.received" && body.externalId === externalId)?.body;
    return received?.type === "contact.received" ? received.contactId : null;
  }
}

/** Calls and incidents of several blocks, stored. */
function longShelf(): { shelf: Shelf; log: readonly StoredEvent[] } {
  const w = createWorld(hash);
  for (let i = 0; i < 260; i++) w.ring(`ring-${i}`);
  for (let i = 0; i < 12; i++) w.open();
  const shelf = new Shelf();
  const first = createState();
  const blocks = keepBlocks(first, null);
  applyAll(first, w.log);
  shelf.take(blocks.freeze(), w.log);
  return { shelf, log: w.log };
}
/** In layers, as the writer does. */
function applyAll(state: State, events: readonly StoredEvent[]): void {
  for (const event of JSON.parse(JSON.stringify(events)) as StoredEvent[]) {
    const layer = createLayer(state);
    apply(layer, event);
    mergeLayer(state, layer);
  }
}

const logOf = (steps: Parameters<typeof play>[1]): StoredEvent[] => {
  const w = createWorld(hash);
  play(w, steps);
  return w.log;
};

/** A log of so many steps, the state that it makes, and that state's blocks as they were stored. */
function storedAfter(steps: number) {
  const log = logOf(stepsOf(3, steps));
  const shelf = new Shelf();
  const first = createState();
  const firstBlocks = keepBlocks(first, null);
  applyAll(first, log);
  shelf.take(firstBlocks.freeze(), log);
  return { log, shelf, first, firstBlocks };
}

describe("a state in blocks", () => {
  it("[CMD8] with the rest of the log is the state of the whole log, for any history and any cuts, whatever was written in between", () => {
    fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 60, size: "max" }), fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), fc.boolean(), fc.boolean(), (steps, draws, fails, away) => {
      const log = logOf(steps);
      const cuts = draws.map((draw) => draw % (log.length + 1)).sort((a, b) => a - b);
      const shelf = new Shelf();
      let state = createState();
      let blocks = keepBlocks(state, null);
      let at = 0;
      for (const [i, cut] of cuts.entries()) {
        applyAll(state, log.slice(at, cut));
        at = cut;
        if (fails && i === 0) blocks.freeze().end(false); // it could not be stored: nothing of it may be missing in the next
        shelf.take(blocks.freeze(), log);
        ({ state, blocks } = shelf.open(away)); // each time a start from what was written
        assert.equal(state.sequence, cut);
      }
      applyAll(state, log.slice(at));
      assert.deepEqual(plain(state, log), plain(rebuilt(log), log));
    }), { numRuns: 120 });
  });

  it("[CMD8] a writing that takes many turns is of one moment, whatever is committed between them", () => {
    fc.assert(fc.property(fc.array(step, { minLength: 2, maxLength: 50, size: "max" }), fc.nat(), fc.integer({ min: 1, max: 5 }), (steps, draw, each) => {
      const log = logOf(steps);
      const cut = draw % log.length;
      const state = createState();
      const blocks = keepBlocks(state, null);
      applyAll(state, log.slice(0, cut));
      const frozen = blocks.freeze();
      const shelf = new Shelf();
      let at = cut;
      for (const name of frozen.changed) {
        applyAll(state, log.slice(at, (at += each)));
        shelf.put(name, frozen.textOf(name));
      }
      shelf.keep(frozen, log);
      const then = log.slice(0, cut);
      assert.deepEqual(plain(shelf.open().state, then), plain(rebuilt(then), then), "the moment of the cut");
      applyAll(state, log.slice(at));
      shelf.take(blocks.freeze(), log);
      assert.deepEqual(plain(shelf.open().state, log), plain(rebuilt(log), log), "what changed meanwhile is in the next one");
    }), { numRuns: 80 });
  });

  it("[CMD8] reads nothing of calls that ended until somebody asks for one, and writes nothing anew that did not change", () => {
    const { shelf, first, firstBlocks } = storedAfter(120);
    assert.deepEqual(firstBlocks.freeze().changed, [], "nothing happened since");
    const { state, blocks } = shelf.open();
    assert.deepEqual(shelf.read.filter((key) => /^(contact|incident|assignment) /.test(key)), []);
    const [contact] = first.contacts.keys();
    assert.deepEqual(state.contacts.get(contact!), JSON.parse(JSON.stringify(first.contacts.get(contact!))));
    assert.deepEqual(shelf.read.filter((key) => /^(contact|incident|assignment) /.test(key)), ["contact 0"]);
    assert.deepEqual(blocks.freeze().changed, [], "reading changes nothing");
  });

  it("[CMD8] a question over all units goes through no block of calls, however many years of them wait", () => {
    const { shelf, first } = storedAfter(60);
    const { state } = shelf.open();
    shelf.read.length = 0;
    assert.deepEqual([[...state.units.values()].length, [...state.units.keys()].length, [...state.closures.keys()].length], [[...first.units.keys()].length, [...first.units.keys()].length, [...first.closures.keys()].length]);
    assert.deepEqual(shelf.read, []);
    assert.deepEqual([...state.contacts.keys()], [...first.contacts.keys()]);
    assert.ok(shelf.read.length > 0);
  });

  it("[CMD8] the id of a switch is asked for once, whoever it is of, and not at all where that was told before", () => {
    const { log, shelf, first } = storedAfter(120);
    const { state, blocks } = shelf.open();
    const [asked, told] = [...new Set(idsOf(log))];
    const looks = (): string[] => shelf.read.filter((key) => key.startsWith("id "));
    for (let twice = 0; twice < 2; twice++) assert.equal(state.contactByExternalId.find(asked!), first.contactByExternalId.find(asked!));
    for (let twice = 0; twice < 2; twice++) assert.equal(state.contactByExternalId.find("never rang"), undefined);
    assert.deepEqual(looks(), [`id ${asked}`, "id never rang"]);
    assert.deepEqual([blocks.mustAsk(asked!), blocks.mustAsk(told!), blocks.mustAsk("nobody's")], [false, true, true]);
    blocks.know(told!, first.contactByExternalId.get(told!));
    blocks.know("nobody's", null);
    blocks.know("of a contact that was kept out", 9_999);
    assert.deepEqual([told!, "nobody's", "of a contact that was kept out"].map((id) => state.contactByExternalId.find(id)), [first.contactByExternalId.get(told!), undefined, undefined]);
    assert.equal(looks().length, 2);
    state.contactByExternalId.set("nobody's", 1);
    assert.equal(state.contactByExternalId.find("nobody's"), 1, "who rings under it now is found");
  });

  it("[CMD8] what cannot be read is asked for again, and nothing is taken for missing by it", () => {
    const { shelf, first } = storedAfter(60);
    const state = createState();
    let isAway = true;
    const away = { readBlock: (name: BlockName) => (isAway ? assert.fail("the database is away") : shelf.readAway(name)), readBlocks: () => Promise.reject(new Error("not asked for")), findContactId: () => assert.fail("not asked for") };
    keepBlocks(state, { head: shelf.head, blocks: [...shelf.blocks.values()].filter(({ kind }) => isReadAtStart(kind)), away });
    assert.throws(() => state.contacts.find(1), /database is away/);
    assert.throws(() => state.touches.find("contact 1"), /database is away/);
    assert.equal(state.contacts.find(1_000_000), undefined, "no such number was ever given");
    isAway = false;
    assert.deepEqual(state.contacts.get(1), JSON.parse(JSON.stringify(first.contacts.get(1))));
  });

  it("[CMD8] a range of old ones is read beside the work, in one statement, and asked for without another; what is here already is not read again", async () => {
    const { shelf, log } = longShelf();
    const { state, blocks } = shelf.open(true);
    const last = state.lastContactId;
    assert.ok(last > 64 * 3, `${last} contacts`);
    state.contacts.get(last);
    await blocks.load("contact", Array.from({ length: last }, (_, i) => i + 1));
    assert.deepEqual(shelf.ranges, [["contact", ...Array.from({ length: Math.floor(last / 64) }, (_, i) => i)]]);
    const looks = shelf.read.length;
    const whole = createState();
    applyAll(whole, log);
    for (let id = 1; id <= last; id++) assert.deepEqual(state.contacts.get(id), JSON.parse(JSON.stringify(whole.contacts.get(id))));
    assert.equal(shelf.read.length, looks, "all of them were at hand");
    await blocks.load("contact", [1, last, last + 1_000_000, -5]);
    await blocks.load("unit", [1]);
    assert.equal(shelf.ranges.length, 1);
  });

  it("[CMD8] what was asked for long ago goes out of memory and comes back as it was; what has changed since stays", async () => {
    const { shelf, log } = longShelf();
    const { state, blocks } = shelf.open(true);
    const last = state.lastContactId;
    const layer = createLayer(state);
    layer.contacts.set(70, { ...layer.contacts.get(70), callerWords: "changed since" });
    mergeLayer(state, layer);
    const textOf = (): string => JSON.stringify(describeState(state, []));
    const before = textOf();
    blocks.letGo(2);
    const kept = Array.from({ length: last }, (_, i) => i + 1).filter((id) => state.contacts.isHere(id));
    assert.equal(new Set(kept.map((id) => Math.floor(id / 64))).size, 3, "two that are cold, and the one that has changed");
    assert.equal(state.contacts.get(70).callerWords, "changed since");
    assert.equal(textOf(), before);
    blocks.letGo(0);
    await blocks.load("contact", [1, 2, 3]);
    blocks.letGo(0);
    assert.equal(state.contacts.isHere(1), false);
    assert.equal(state.contacts.get(70).callerWords, "changed since");
    // a write to one that is gone is laid upon what is stored of it, and is written with it
    const again = createLayer(state);
    again.incidents.set(1, { ...again.incidents.get(1), what: "after it was let go" });
    blocks.letGo(0);
    mergeLayer(state, again);
    shelf.take(blocks.freeze(), log);
    const anew = shelf.open(true).state;
    assert.equal(anew.incidents.get(1).what, "after it was let go");
    assert.deepEqual([anew.contacts.get(70).callerWords, anew.books.get(1)], ["changed since", state.books.get(1)]);
  });

  it("[CMD8] a start has at hand what is of late, and what is open or ended a moment ago however old it is", () => {
    const last = 64 * 10_000 + 7;
    const head = JSON.stringify({ sequence: 1, at: 1, last: [last, last, 100, 80, 5, 5, 2], open: [[last, 70], [130, 131], [79], [], []], endedIds: [last - 1, 64 * 500] });
    const { from, older } = blocksAtHand(head);
    assert.deepEqual(from.map(({ kind, number }) => [kind, Math.max(0, number)]), [["contact", 9_489], ["incident", 9_489], ["unit", 0], ["assignment", 0], ["closure", 0], ["hand-over", 0], ["roster", 0]]);
    assert.deepEqual(older.map(({ kind, number }) => `${kind} ${number}`), ["contact 1", "incident 2", "incident 500"]);
  });

  it("[CMD8] [CON13] knows which incidents may have ended a moment ago without reading them all", () => {
    const log = logOf(stepsOf(3, 400));
    const cut = Math.floor(log.length / 2);
    const shelf = new Shelf();
    const whole = createState();
    const blocks = keepBlocks(whole, null);
    applyAll(whole, log.slice(0, cut));
    const incidentIds = [...whole.incidents.keys()];
    assert.deepEqual(incidentIds.filter((id) => !blocks.lately().includes(id)), [], "without a checkpoint it may be any");
    const frozen = blocks.freeze([2]);
    shelf.take(frozen, log);
    const { state, blocks: after } = shelf.open();
    assert.deepEqual(after.lately(), [2]);
    applyAll(state, log.slice(cut));
    assert.ok(after.lately().includes(1), "whose block has changed since");
  });
});
