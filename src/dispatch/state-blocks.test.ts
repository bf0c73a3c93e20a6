// The state in blocks: read back and brought up to date with the rest of the log, it is the state that a fold of the whole log makes, wherever the cut was.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { apply } from "./apply.ts";
import type { StoredEvent } from "./events.ts";
import type { FrozenState, StateBlocks, StoredBlock } from "./state-blocks.ts";
import { keepBlocks } from "./state-blocks.ts";
import type { State } from "./state.ts";
import { createLayer, createState, mergeLayer } from "./state.ts";
import { describeState } from "./testing/describe-state.ts";
import { play, rebuilt, step, stepsOf } from "./testing/histories.ts";
import { createWorld } from "./testing/world.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const plain = (state: State): unknown => JSON.parse(JSON.stringify(describeState(state)));

/** Where blocks are kept: the latest of each. */
class Shelf {
  readonly blocks = new Map<string, StoredBlock>();
  head = "";
  readonly read: string[] = [];

  put(name: Pick<StoredBlock, "kind" | "number">, text: string): void {
    const key = `${name.kind} ${name.number}`;
    this.blocks.set(key, { ...name, read: () => (this.read.push(key), text) });
  }
  take(frozen: FrozenState): void {
    for (const name of frozen.changed) this.put(name, frozen.textOf(name));
    this.head = frozen.head;
    frozen.end(true);
  }
  open(): { state: State; blocks: StateBlocks } {
    const state = createState();
    return { state, blocks: keepBlocks(state, { head: this.head, blocks: [...this.blocks.values()] }) };
  }
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

describe("a state in blocks", () => {
  it("[CMD8] with the rest of the log is the state of the whole log, for any history and any cuts, whatever was written in between", () => {
    fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 60, size: "max" }), fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), fc.boolean(), (steps, draws, fails) => {
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
        shelf.take(blocks.freeze());
        ({ state, blocks } = shelf.open()); // each time a start from what was written
        assert.equal(state.sequence, cut);
      }
      applyAll(state, log.slice(at));
      assert.deepEqual(plain(state), plain(rebuilt(log)));
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
      shelf.head = frozen.head;
      frozen.end(true);
      assert.deepEqual(plain(shelf.open().state), plain(rebuilt(log.slice(0, cut))), "the moment of the cut");
      applyAll(state, log.slice(at));
      shelf.take(blocks.freeze());
      assert.deepEqual(plain(shelf.open().state), plain(rebuilt(log)), "what changed meanwhile is in the next one");
    }), { numRuns: 80 });
  });

  it("[CMD8] reads nothing of calls that ended until somebody asks for one, and writes nothing anew that did not change", () => {
    const log = logOf(stepsOf(3, 120));
    const shelf = new Shelf();
    const first = createState();
    const firstBlocks = keepBlocks(first, null);
    applyAll(first, log);
    shelf.take(firstBlocks.freeze());
    assert.deepEqual(firstBlocks.freeze().changed, [], "nothing happened since");
    const { state, blocks } = shelf.open();
    assert.deepEqual(shelf.read.filter((key) => /^(contact|incident|assignment) /.test(key)), []);
    const [contact] = first.contacts.keys();
    assert.deepEqual(state.contacts.get(contact!), JSON.parse(JSON.stringify(first.contacts.get(contact!))));
    assert.deepEqual(shelf.read.filter((key) => /^(contact|incident|assignment) /.test(key)), ["contact 0"]);
    assert.deepEqual(blocks.freeze().changed, [], "reading changes nothing");
  });

  it("[CMD8] a question over all units goes through no block of calls, however many years of them wait", () => {
    const shelf = new Shelf();
    const first = createState();
    const firstBlocks = keepBlocks(first, null);
    applyAll(first, logOf(stepsOf(3, 60)));
    shelf.take(firstBlocks.freeze());
    let touched = 0;
    const watched = [...shelf.blocks.values()].map((block) => ({ get kind() { return touched++, block.kind; }, get number() { return touched++, block.number; }, read: () => (touched++, block.read()) }));
    const state = createState();
    keepBlocks(state, { head: shelf.head, blocks: watched });
    touched = 0;
    assert.deepEqual([[...state.units.values()].length, [...state.units.keys()].length, [...state.closures.keys()].length], [[...first.units.keys()].length, [...first.units.keys()].length, [...first.closures.keys()].length]);
    assert.equal(touched, 0);
    assert.deepEqual([...state.contacts.keys()], [...first.contacts.keys()]);
    assert.ok(touched > 0);
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
    for (const name of frozen.changed) shelf.put(name, frozen.textOf(name));
    shelf.head = frozen.head;
    const { state, blocks: after } = shelf.open();
    assert.deepEqual(after.lately(), [2]);
    applyAll(state, log.slice(cut));
    assert.ok(after.lately().includes(1), "whose block has changed since");
  });
});
