// Question cards: what answers are worth, what follows from them, and that nothing waits for one.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DETERMINANTS, DETERMINANT_PRIORITIES, isMoreSevere, usualDeterminant, type Determinant, type TriageAnswers } from "../base/triage-grade.ts";
import { INCIDENT_TYPES, type IncidentType } from "./entities.ts";
import { createRunCardDeck, BUILT_IN_RUN_CARDS } from "./run-cards.ts";
import { countMissing } from "./wants.ts";
import { ANA, BEN, PLACE, createWorld } from "./testing/world.ts";
import { followPriority } from "./decide-triage.ts";
import { CARD_OF_TYPE, TRIAGE_CARDS, cardOfType, gradeType } from "./triage-cards.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const world = () => createWorld(hash);
const TYPES = Object.keys(INCIDENT_TYPES) as IncidentType[];
const FIRE = { code: "fire", version: 1 };
const usual = (type: IncidentType): Determinant => usualDeterminant(INCIDENT_TYPES[type].defaultPriority);

/** A digest of each version: cards that were in use are never edited. A new version adds a line here. */
const DIGESTS: Readonly<Record<string, string>> = {
  "fire 1": "5c53437b24ca667e", "medical 1": "3d7b63811ad26fe8", "traffic 1": "1aaa0ca31507ed04", "road 1": "b30d2b22dc3b19fb", "violence 1": "cf3cd5dbd87b13f3", "intruder 1": "7b844915a40e4b93", "missing 1": "1191c4ad19c37a8a", "theft 1": "7065f0b52a40ae47",
};

const anyType = fc.constantFrom(...TYPES);
const answersFor = (type: IncidentType): fc.Arbitrary<TriageAnswers> =>
  fc.record(Object.fromEntries((cardOfType(type)?.questions ?? []).map(({ code, options }) => [code, fc.option(fc.constantFrom(...options.map((option) => option.code)), { nil: undefined })]))).map((answers) => Object.fromEntries(Object.entries(answers).filter(([, answer]) => answer !== undefined)) as TriageAnswers);

describe("question cards", () => {
  it("[TRI1] a version that was in use is never edited", () => {
    assert.deepEqual(Object.fromEntries(TRIAGE_CARDS.map((card) => [`${card.code} ${card.version}`, hash(JSON.stringify(card)).slice(0, 16)])), DIGESTS);
  });
  it("[TRI1] codes are told once, versions rise, every type names a card that is there, and every word is in both languages", () => {
    for (const card of TRIAGE_CARDS) {
      assert.deepEqual(TRIAGE_CARDS.filter(({ code }) => code === card.code).map(({ version }) => version), TRIAGE_CARDS.filter(({ code }) => code === card.code).map((_, i) => i + 1));
      assert.equal(new Set(card.questions.map(({ code }) => code)).size, card.questions.length);
      for (const { options, words } of card.questions) {
        assert.equal(new Set(options.map(({ code }) => code)).size, options.length);
        assert.ok(options.length >= 2 && options.length <= 9, "a digit for each");
        for (const { en, zh } of [words, ...options.map((option) => option.words)]) assert.ok(/^[A-Z]/.test(en) && !/\p{Script=Han}/u.test(en) && /\p{Script=Han}/u.test(zh), `${en} ${zh}`);
      }
    }
    for (const type of TYPES) assert.equal(cardOfType(type)?.code ?? null, CARD_OF_TYPE[type]);
  });
  it("[TRI2] nothing answered, or only what the caller cannot tell, is what is usual for the type", () => {
    for (const type of TYPES) {
      const card = cardOfType(type);
      const unclear = Object.fromEntries((card?.questions ?? []).map(({ code }) => [code, "unclear"]));
      for (const answers of [{}, unclear, { nonsense: "x" }]) assert.equal(gradeType(type, card, answers), usual(type));
      assert.equal(DETERMINANT_PRIORITIES[usual(type)], INCIDENT_TYPES[type].defaultPriority);
    }
  });
  it("[TRI2] every combination of answers has a grade", () => {
    fc.assert(fc.property(anyType.chain((type) => fc.tuple(fc.constant(type), answersFor(type))), ([type, answers]) => {
      assert.ok(DETERMINANTS.includes(gradeType(type, cardOfType(type), answers)));
    }), { numRuns: 2_000 });
  });
  it("[TRI2] a more severe answer never makes the grade milder, lowers the priority or sends fewer units", () => {
    const deck = createRunCardDeck(BUILT_IN_RUN_CARDS, "UTC");
    fc.assert(fc.property(anyType.filter((type) => cardOfType(type) !== null).chain((type) => fc.tuple(fc.constant(type), answersFor(type), fc.nat(), fc.nat(), fc.nat())), ([type, answers, at, one, two]) => {
      const card = cardOfType(type)!;
      const question = card.questions[at % card.questions.length]!;
      const severityOf = (option: (typeof question.options)[number]): Determinant => option.determinant ?? usual(type);
      const [milder, worse] = [question.options[one % question.options.length]!, question.options[two % question.options.length]!].sort((a, b) => (isMoreSevere(severityOf(a), severityOf(b)) ? 1 : -1)) as [typeof question.options[number], typeof question.options[number]];
      const [before, after] = [milder, worse].map((option) => gradeType(type, card, { ...answers, [question.code]: option.code })) as [Determinant, Determinant];
      assert.ok(!isMoreSevere(before, after));
      assert.ok(DETERMINANT_PRIORITIES[after] <= DETERMINANT_PRIORITIES[before]);
      for (const current of [1, 2, 3, 4]) assert.ok(followPriority(current, before, after) <= current);
      const wantsOf = (determinant: Determinant) => deck.choose({ type, determinant, district: null, now: 0 }).wants;
      const sent = wantsOf(after).flatMap(({ kinds, count, skills = [] }) => Array.from({ length: count }, () => ({ kind: kinds.at(-1)!, skills })));
      assert.equal(countMissing(wantsOf(before), sent), 0, `${type}: ${before} asks for more than ${after}`);
    }), { numRuns: 2_000 });
  });
});

describe("answers", () => {
  const open = (w: ReturnType<typeof world>, answers: TriageAnswers, priority?: number): number =>
    w.ok(ANA, { type: "incident.create", contactId: null, incidentType: "fire-building", ...(priority === undefined ? {} : { priority }), what: "", who: "", place: PLACE, triage: { card: FIRE, answers } }).incidentId!;
  const answer = (w: ReturnType<typeof world>, incidentId: number, question: string, said: string | null) => w.ok(BEN, { type: "incident.answer", incidentId, card: FIRE, question, answer: said });
  const MILD = { people: "out", seen: "smell", burns: "rubbish", spread: "alone", hurt: "nobody" };

  it("[TRI3] given with a new incident grade it at once, and each is a line with the card's version", () => {
    const w = world();
    const id = open(w, { people: "trapped", seen: "flames" });
    const { triage, priority, runCard, neededUnits } = w.incident(id);
    assert.deepEqual(triage, { card: FIRE, answers: [{ question: "people", answer: "trapped" }, { question: "seen", answer: "flames" }], determinant: "critical" });
    assert.deepEqual([priority, runCard, neededUnits], [1, { code: "fire-building/critical", version: 3 }, 7]);
    assert.deepEqual(w.log.filter(({ body }) => "incidentId" in body && body.incidentId === id).map(({ body }) => body.type), ["incident.created", "incident.answered", "incident.answered"]);
    assert.ok(w.log.every(({ body }) => body.type !== "incident.answered" || body.card.version === 1));
  });
  it("[TRI2] no incident waits for one: it is made without, and with a single one", () => {
    const w = world();
    assert.deepEqual([w.incident(open(w, {})).triage!.determinant, w.incident(open(w, { hurt: "nobody" })).triage!.determinant], ["serious", "serious"]);
  });
  it("[TRI3] that change re-grade: priority and run card follow, with a line that says from what to what", () => {
    const w = world();
    const id = open(w, MILD);
    assert.deepEqual([w.incident(id).priority, w.incident(id).triage!.determinant], [2, "moderate"]);
    answer(w, id, "people", "trapped");
    assert.deepEqual([w.incident(id).priority, w.incident(id).runCard.code], [1, "fire-building/critical"]);
    const regraded = w.log.at(-1)!.body;
    assert.ok(regraded.type === "incident.regraded" && regraded.from === "moderate" && regraded.determinant === "critical" && regraded.cause === "answers");
    assert.equal(w.incident(id).shortfall!.missing, 7);
    answer(w, id, "people", "out");
    assert.deepEqual([w.incident(id).priority, w.incident(id).runCard.code], [2, "fire-building/moderate"]);
    assert.ok(w.log.some(({ body }) => body.type === "incident.answered" && body.was === "trapped" && body.answer === "out"));
  });
  it("[TRI3] that change nothing of the grade are a line and nothing more; the same again is none", () => {
    const w = world();
    const id = open(w, { people: "trapped" });
    const before = w.log.length;
    answer(w, id, "seen", "smell");
    assert.equal(w.log.length, before + 1);
    answer(w, id, "seen", "smell");
    assert.equal(w.log.length, before + 1);
  });
  it("[TRI3] can be taken back, and count no more", () => {
    const w = world();
    const id = open(w, { people: "trapped" });
    answer(w, id, "people", null);
    assert.deepEqual(w.incident(id).triage, { card: FIRE, answers: [], determinant: "serious" });
  });
  it("[TRI4] raise a priority that a person set, and do not lower it; one that nobody set follows", () => {
    const w = world();
    const id = open(w, MILD, 4);
    answer(w, id, "people", "trapped");
    assert.equal(w.incident(id).priority, 1);
    w.ok(BEN, { type: "incident.update", incidentId: id, priority: 2 });
    answer(w, id, "people", "out");
    assert.equal(w.incident(id).priority, 2);
  });
  it("[TRI4] leave alone what a person set against the grade, where the grade gets milder", () => {
    const w = world();
    const id = open(w, { ...MILD, people: "trapped" }, 3);
    answer(w, id, "people", "out");
    assert.equal(w.incident(id).priority, 3);
  });
  it("[TRI4] [INC6] a change of type alone takes the priority along, and how soon nobody-is-going is told", () => {
    const w = world();
    const id = w.open("noise-nuisance");
    w.ok(ANA, { type: "incident.update", incidentId: id, incidentType: "fire-building" });
    assert.deepEqual([w.incident(id).priority, w.incident(id).shortfall!.dueAt - w.now], [1, 60_000]);
    const line = w.log.at(-1)!.body;
    assert.ok(line.type === "incident.regraded" && line.cause === "type" && line.from === "routine" && line.determinant === "serious");
    w.ok(ANA, { type: "incident.update", incidentId: id, incidentType: "noise-nuisance" });
    assert.equal(w.incident(id).priority, 4, "and back");
    w.ok(ANA, { type: "incident.update", incidentId: id, incidentType: "fire-building", priority: 3 });
    assert.equal(w.incident(id).priority, 3, "what is said with the type counts");
    w.ok(ANA, { type: "incident.update", incidentId: id, incidentType: "other" });
    assert.equal(w.incident(id).priority, 3, "what a person set stays where the type is milder");
    w.ok(ANA, { type: "incident.update", incidentId: id, incidentType: "medical" });
    assert.equal(w.incident(id).priority, 1, "and is raised where it is worse");
  });
  it("[TRI4] [TIE6] another type's priority is the incident's own; what a merged one brought stays beside it", () => {
    const w = world();
    const [id, other] = [w.open("noise-nuisance"), w.open("medical")];
    w.ok(ANA, { type: "incident.merge", incidentId: other, intoId: id, words: "" });
    w.ok(ANA, { type: "incident.update", incidentId: id, incidentType: "theft" });
    assert.equal(w.incident(id).priority, 1);
    w.ok(ANA, { type: "incident.unmerge", incidentId: other, words: "" });
    assert.equal(w.incident(id).priority, INCIDENT_TYPES.theft.defaultPriority);
  });
  it("[TRI4] [RUN3] a priority that comes with a place in another district stays as said", () => {
    const w = world();
    w.deck = createRunCardDeck({ version: 3, rows: [...BUILT_IN_RUN_CARDS.rows, { code: "noise-centro", type: "noise-nuisance", determinant: null, area: "Centro", hours: null, wants: [{ kinds: ["patrol"], count: 2 }] }] }, "UTC");
    const id = w.open("noise-nuisance");
    w.ok(ANA, { type: "incident.update", incidentId: id, priority: 1, place: { ...PLACE, district: "Centro" } });
    assert.deepEqual([w.incident(id).priority, w.incident(id).runCard.code, w.incident(id).shortfall!.dueAt - w.now], [1, "noise-centro", 60_000]);
  });
  it("[TRI5] stay where the new type is asked by the same card, and go where it is not", () => {
    const w = world();
    const id = open(w, { people: "trapped" });
    w.ok(BEN, { type: "incident.update", incidentId: id, incidentType: "fire-smoke" });
    assert.deepEqual([w.incident(id).triage!.answers.length, w.incident(id).runCard.code], [1, "fire-smoke/critical"]);
    w.ok(BEN, { type: "incident.update", incidentId: id, incidentType: "medical" });
    assert.deepEqual(w.incident(id).triage, { card: null, answers: [], determinant: "serious" });
  });
  it("[TRI3] nobody needed is asked again where it has become worse, and only there", () => {
    const w = world();
    const id = open(w, MILD);
    w.ok(BEN, { type: "incident.no-unit-needed", incidentId: id, words: "it is out" });
    answer(w, id, "burns", "unclear"); // serious by what is usual
    assert.deepEqual([w.incident(id).noUnitNeeded, w.incident(id).neededUnits], [null, 4]);
    w.ok(BEN, { type: "incident.no-unit-needed", incidentId: id, words: "it is out" });
    answer(w, id, "burns", "rubbish");
    assert.equal(w.incident(id).noUnitNeeded, "it is out");
  });
  it("[TRI6] [TIE6] re-grade what an incident asks for itself; what a merged one brought stays", () => {
    const w = world();
    const id = open(w, MILD);
    const other = w.open("medical");
    w.ok(ANA, { type: "incident.merge", incidentId: other, intoId: id, words: "" });
    answer(w, id, "people", "trapped");
    assert.equal(w.incident(id).priority, 1);
    answer(w, id, "people", "out");
    assert.equal(w.incident(id).priority, 1, "the medical call is still priority 1");
    w.ok(ANA, { type: "incident.unmerge", incidentId: other, words: "" });
    assert.equal(w.incident(id).priority, 2);
    const milder = w.open("noise-nuisance");
    w.ok(ANA, { type: "incident.merge", incidentId: milder, intoId: id, words: "" });
    answer(w, id, "people", "trapped");
    assert.deepEqual([w.incident(id).priority, w.incident(id).runCard.code], [1, "fire-building/critical"], "its own grade holds beside a milder one");
    w.ok(ANA, { type: "incident.unmerge", incidentId: milder, words: "" });
    assert.equal(w.incident(id).priority, 1);
  });
  it("[TRI1] that no card of the type has are refused, with what is asked", () => {
    const w = world();
    const id = open(w, {});
    const rules = [
      w.send(ANA, { type: "incident.answer", incidentId: id, card: { code: "fire", version: 9 }, question: "people", answer: "out" }), w.send(ANA, { type: "incident.answer", incidentId: id, card: { code: "medical", version: 1 }, question: "awake", answer: "no" }),
      w.send(ANA, { type: "incident.answer", incidentId: id, card: FIRE, question: "weather", answer: "out" }), w.send(ANA, { type: "incident.answer", incidentId: id, card: FIRE, question: "people", answer: "some" }), w.send(ANA, { type: "incident.answer", incidentId: id, card: FIRE, question: "weather", answer: null }),
    ].map((decision) => (decision.kind === "refused" ? decision.rule : decision.kind));
    assert.deepEqual(rules, ["no-such-card", "no-such-card", "no-such-question", "no-such-answer", "no-such-question"]);
  });
  it("[TRI3] in any order come to the same grade, priority and run card", () => {
    fc.assert(fc.property(answersFor("fire-building"), fc.shuffledSubarray(cardOfType("fire-building")!.questions.map(({ code }) => code), { minLength: 5 }), (answers, order) => {
      const w = world();
      const [later, atOnce] = [open(w, {}), open(w, answers)];
      for (const question of order) if (answers[question] !== undefined) answer(w, later, question, answers[question]);
      const [a, b] = [w.incident(later), w.incident(atOnce)];
      assert.deepEqual([a.triage!.determinant, a.priority, a.runCard, a.needs], [b.triage!.determinant, b.priority, b.runCard, b.needs]);
    }), { numRuns: 200 });
  });
});
