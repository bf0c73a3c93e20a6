// What simulated callers say fits the question cards: every fact is an answer that its card has.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "../../base/random.ts";
import { TRIAGE_CARDS } from "../../dispatch/triage-cards.ts";
import { SAID, pickCallKind, writeCall } from "./call-scripts.ts";

describe("what callers say", () => {
  it("[TRI1] answers questions of the cards by their codes", () => {
    for (const [kind, { card, facts }] of Object.entries(SAID)) {
      const known = TRIAGE_CARDS.findLast(({ code }) => code === card);
      assert.ok(known !== undefined && facts.length > 0, kind);
      for (const [question, answer] of facts) assert.ok(known.questions.find(({ code }) => code === question)?.options.some(({ code }) => code === answer), `${kind}: ${card} ${question} ${answer}`);
    }
    assert.deepEqual([...new Set(Object.values(SAID).map(({ card }) => card))].sort(), TRIAGE_CARDS.map(({ code }) => code).sort(), "every card can be practised");
  });
  it("tells some facts, never two for one question, and the same for the same seed", () => {
    const facts = new Map(Object.values(SAID).flatMap(({ facts: all }) => all.map(([question, , words]) => [words, question] as const)));
    let told = 0;
    for (let seed = 1; seed <= 400; seed++) {
      const random = createRandom(seed);
      const { words, kind } = writeCall(pickCallKind(random), "Rivera 200", random);
      const again = createRandom(seed);
      assert.equal(writeCall(pickCallKind(again), "Rivera 200", again).words, words);
      const asked = (SAID[kind]?.facts ?? []).filter((fact) => words?.includes(` ${fact[2]}`)).map((fact) => facts.get(fact[2]));
      assert.equal(new Set(asked).size, asked.length, words ?? "");
      told += asked.length;
    }
    assert.ok(told > 100, String(told));
  });
});
