// What simulated callers say fits the question cards: every fact is an answer that its card has.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "../../base/random.ts";
import { TRIAGE_CARDS } from "../../dispatch/triage-cards.ts";
import { pickCallKind, writeCall } from "./call-scripts.ts";
import { FIRST_WORDS, SAID, type SpokenLanguage } from "./call-words.ts";

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
    let told = 0;
    for (let seed = 1; seed <= 400; seed++) {
      const random = createRandom(seed);
      const { words, kind } = writeCall(pickCallKind(random), "Rivera 200", random);
      const again = createRandom(seed);
      assert.equal(writeCall(pickCallKind(again), "Rivera 200", again).words, words);
      const asked = (SAID[kind]?.facts ?? []).filter(([, , said]) => words?.includes(` ${said.es}`) || words?.includes(` ${said.en}`)).map(([question]) => question);
      assert.equal(new Set(asked).size, asked.length, words ?? "");
      told += asked.length;
    }
    assert.ok(told > 100, String(told));
  });
  it("one caller speaks one language; most speak the city's, some English", () => {
    const said = { es: 0, en: 0 };
    for (let seed = 1; seed <= 1_000; seed++) {
      const random = createRandom(seed);
      const kind = pickCallKind(random);
      const { words } = writeCall(kind, "Rivera 200", random);
      if (words === null || kind === "silent" || kind === "hang-up") continue;
      const begins = (language: SpokenLanguage): boolean => FIRST_WORDS[kind][language].some((first) => words.startsWith(first.replace("{place}", "Rivera 200")));
      const language: SpokenLanguage = begins("es") ? "es" : "en";
      assert.ok(begins(language), words);
      said[language]++;
      const first = FIRST_WORDS[kind][language].map((one) => one.replace("{place}", "Rivera 200")).find((one) => words.startsWith(one))!;
      let rest = words.slice(first.length);
      for (const [, , fact] of SAID[kind]?.facts ?? []) rest = rest.replace(` ${fact[language]}`, "");
      assert.equal(rest, "", `${language}: ${words}`);
    }
    const share = said.en / (said.en + said.es);
    assert.ok(share > 0.12 && share < 0.3, String(share));
  });
});
