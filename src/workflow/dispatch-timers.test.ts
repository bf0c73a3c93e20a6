// What the writer tells of timers that cannot be decided. Rule ids are those of src/dispatch/SPEC.md.
import assert from "node:assert/strict";
import { it } from "node:test";
import { SYSTEM } from "../dispatch/entities.ts";
import { DEFAULT_POLICY } from "../dispatch/policy.ts";
import { BUILT_IN_RUN_CARDS, createRunCardDeck, planOf } from "../dispatch/run-cards.ts";
import { createState } from "../dispatch/state.ts";
import { createDispatchWriter } from "./dispatch-writer.ts";
import { createMemoryStore } from "./testing/memory-store.ts";

it("[CMD7] of what it cannot be said whether something is due is told once, as long as it lasts", async () => {
  const state = createState();
  const told: object[] = [];
  const deck = createRunCardDeck(BUILT_IN_RUN_CARDS, "UTC");
  const writer = createDispatchWriter({
    store: createMemoryStore(), clock: { wallMs: () => 1_800_000_000_000, monotonicMs: () => 0 }, hash: (text) => text, state,
    contextOf: (by, now, addressee) => ({
      now, by, addressee, policy: DEFAULT_POLICY, leasesHoldUntil: 0, listeningSince: 0, unheard: [], positionOf: () => null, namePlace: () => null, findRoad: () => null,
      planFor: (question) => planOf(deck, question, () => true), findPlatform: () => null, proposalOf: () => null,
    }),
    listening: { answered: () => undefined, worked: () => undefined, failed: () => undefined, prove: () => Promise.resolve() }, contacts: { lookUp: () => Promise.resolve() }, inputsOf: () => null,
    onCommitted: () => undefined, onFatal: assert.fail, onWarning: (fields) => told.push(fields),
  });
  const run = () => writer.submit({ from: "system", by: SYSTEM, command: { type: "timers.run" } });
  await run();
  assert.deepEqual(told, []);
  state.openIncidents.set(7, true); // which is not there
  await run();
  await run();
  assert.equal(told.length, 1);
  assert.match(JSON.stringify(told), /incident 7: /);
  state.openIncidents.delete(7);
  await run();
  state.openIncidents.set(7, true);
  await run();
  assert.equal(told.length, 2, "it came anew");
});
