// Run cards as a table: which row is meant, what a whole table must have, and what differs between two.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DETERMINANTS } from "../base/triage-grade.ts";
import { parseWeeklyHours } from "../base/weekly-hours.ts";
import { INCIDENT_TYPES, SYSTEM, type IncidentType, type Want } from "./entities.ts";
import { BUILT_IN_RUN_CARDS, checkRunCards, createRunCardDeck, diffRunCards, findBuiltIn, findBuiltInBeside, type RunCardRow, type RunCardTable } from "./run-cards.ts";
import { ANA, PLACE, createWorld, profileOf } from "./testing/world.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const TYPES = Object.keys(INCIDENT_TYPES) as IncidentType[];
const NOON_MONDAY = Date.UTC(2026, 10, 23, 12);
const NIGHT_MONDAY = Date.UTC(2026, 10, 23, 23);
const row = (code: string, change: Partial<RunCardRow> = {}): RunCardRow => ({ code, type: "theft", determinant: null, area: null, hours: null, wants: [{ kinds: ["patrol"], count: 1 }], ...change });
const tableWith = (...rows: RunCardRow[]): RunCardTable => ({ version: 7, rows: [...BUILT_IN_RUN_CARDS.rows, ...rows] });
const chosen = (rows: RunCardRow[], question: Partial<Parameters<ReturnType<typeof createRunCardDeck>["choose"]>[0]> = {}): string =>
  createRunCardDeck(tableWith(...rows), "UTC").choose({ type: "theft", determinant: "moderate", district: "Centro", now: NOON_MONDAY, ...question }).code;

describe("the row that is meant", () => {
  const rows = [row("by-hours", { hours: "mon-fri 08:00-18:00" }), row("by-area", { area: "Centro" }), row("by-grade", { determinant: "moderate" }), row("grade-and-area", { determinant: "moderate", area: "centro " }), row("all", { determinant: "moderate", area: "Centro", hours: "mon 08:00-18:00" })];
  it("[RUN1] is the most specific one: grade before district before hours", () => {
    assert.equal(chosen(rows), "all");
    assert.equal(chosen(rows, { now: NIGHT_MONDAY }), "grade-and-area");
    assert.equal(chosen(rows, { district: "Pocitos" }), "by-grade");
    assert.equal(chosen(rows, { determinant: "minor" }), "by-area");
    assert.equal(chosen(rows, { determinant: "minor", district: null }), "by-hours");
    assert.equal(chosen(rows, { determinant: "minor", district: null, now: NIGHT_MONDAY }), "theft");
  });
  it("[RUN1] goes by the city's clock", () => assert.equal(createRunCardDeck(tableWith(row("by-hours", { hours: "daily 20:00-06:00" })), "Asia/Shanghai").choose({ type: "theft", determinant: "minor", district: null, now: NOON_MONDAY }).code, "by-hours"));
  it("[RUN1] is the same in whatever order the rows stand", () => {
    fc.assert(fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), fc.constantFrom(...DETERMINANTS), fc.constantFrom("Centro", "Pocitos", null), fc.constantFrom(NOON_MONDAY, NIGHT_MONDAY), (shuffled, determinant, district, now) => {
      assert.equal(chosen(shuffled, { determinant, district, now }), chosen(rows, { determinant, district, now }));
    }));
  });
});

describe("a whole table", () => {
  it("[RUN2] of the program has no hole", () => assert.deepEqual(checkRunCards(BUILT_IN_RUN_CARDS.rows), []));
  it("[RUN2] without a row for a type has a hole at each grade", () => {
    const faults = checkRunCards(BUILT_IN_RUN_CARDS.rows.filter((one) => one.type !== "medical" || one.determinant !== null));
    assert.deepEqual(faults.map((fault) => fault.kind === "hole" && [fault.type, fault.determinant, fault.fromMinute, fault.toMinute]), (["routine", "minor", "moderate", "serious"] as const).map((determinant) => ["medical", determinant, 0, 10_080]));
  });
  it("[RUN2] whose hours leave some of the week out tells which", () => {
    const rows = [...BUILT_IN_RUN_CARDS.rows.filter((one) => one.type !== "other"), row("o1", { type: "other", hours: "mon-sat 00:00-24:00" }), row("o2", { type: "other", hours: "sun 08:00-24:00" })];
    assert.deepEqual(checkRunCards(rows).map((fault) => fault.kind === "hole" && [fault.determinant, fault.fromMinute, fault.toMinute]), DETERMINANTS.map((determinant) => [determinant, 8_640, 9_120]));
    assert.deepEqual(checkRunCards([...rows, row("o3", { type: "other", hours: "sun 00:00-08:00" })]), []);
  });
  it("[RUN2] with a row for one district only has a hole everywhere else", () => {
    assert.ok(checkRunCards([...BUILT_IN_RUN_CARDS.rows.filter((one) => one.type !== "other"), row("o1", { type: "other", area: "Centro" })]).every((fault) => fault.kind === "hole" && fault.type === "other"));
  });
  it("[RUN2] with two rows that could both be meant, or of one code, tells both", () => {
    const kinds = (...rows: RunCardRow[]): unknown => checkRunCards(tableWith(...rows).rows).map((fault) => fault.kind);
    assert.deepEqual(kinds(row("a", { area: "Centro" }), row("b", { area: " CENTRO" })), ["same-case"]);
    assert.deepEqual(kinds(row("a", { hours: "mon 08:00-12:00" }), row("b", { hours: "mon 11:00-14:00" })), ["same-case"]);
    assert.deepEqual(kinds(row("a", { hours: "mon 08:00-12:00" }), row("b", { hours: "mon 12:00-14:00" })), []);
    assert.deepEqual(kinds(row("theft", { area: "Centro" })), ["code-twice"]);
  });
  it("[RUN2] without a fault has exactly one most specific row at each type, grade, district and minute", () => {
    const some = fc.array(fc.record({ type: fc.constantFrom<IncidentType>("theft", "medical"), determinant: fc.option(fc.constantFrom(...DETERMINANTS)), area: fc.option(fc.constantFrom("Centro", "Pocitos")), hours: fc.option(fc.constantFrom("mon-fri 08:00-18:00", "daily 22:00-06:00", "sat,sun 00:00-24:00", "mon 07:00-09:00")) }), { maxLength: 6 });
    fc.assert(fc.property(some, fc.integer({ min: 0, max: 10_079 }), fc.constantFrom(...DETERMINANTS), fc.constantFrom("Centro", "Pocitos", "Unión", null), fc.constantFrom<IncidentType>("theft", "medical"), (drawn, minute, determinant, district, type) => {
      const rows = tableWith(...drawn.map((one, i) => row(`r${i}`, one))).rows;
      if (checkRunCards(rows).length > 0) return;
      const now = Date.UTC(2026, 10, 23) + minute * 60_000;
      const isIn = ({ hours }: RunCardRow): boolean => {
        const read = hours === null ? null : parseWeeklyHours(hours, "hours");
        return read === null || (read.ok && read.value.spans.some((span) => minute >= span.start && minute < span.end));
      };
      const meant = rows.filter((one) => one.type === type && (one.determinant === null || one.determinant === determinant) && (one.area === null || one.area === district) && isIn(one));
      const rank = (one: RunCardRow): number => (one.determinant === null ? 0 : 100) + (one.area === null ? 0 : 10) + (one.hours === null ? 0 : 1);
      const best = Math.max(...meant.map(rank));
      assert.deepEqual(meant.filter((one) => rank(one) === best).map((one) => one.code), [createRunCardDeck({ version: 3, rows }, "UTC").choose({ type, determinant, district, now }).code]);
    }), { numRuns: 3_000 });
  });
});

describe("skills", () => {
  const skillsOf = (wants: readonly Want[]): string[] => wants.flatMap(({ skills = [] }) => skills);
  it("[RUN6] the program's own table asks for those that some unit has, a city's for what it says", () => {
    const w = createWorld(hash);
    const grade = (): readonly Want[] => {
      const id = w.open("medical");
      w.ok(ANA, { type: "incident.answer", incidentId: id, card: { code: "medical", version: 1 }, question: "breathing", answer: "none" });
      assert.equal(w.incident(id).runCard.code, "medical/critical");
      return w.incident(id).needs;
    };
    assert.deepEqual([skillsOf(grade()), grade().length], [[], 2]);
    w.ok(SYSTEM, { type: "units.register", units: [{ ...profileOf("U1", "patrol"), skills: ["First-Aid"] }] });
    assert.deepEqual(skillsOf(grade()), ["first-aid"]);
    w.deck = createRunCardDeck(tableWith(row("mine", { type: "medical", determinant: "critical", area: "Centro" }), row("theft/boat", { area: "Puerto", wants: [{ kinds: ["patrol"], count: 1, skills: ["boat"] }] })), "UTC");
    assert.deepEqual(skillsOf(w.incident(w.ok(ANA, { type: "incident.create", contactId: null, incidentType: "theft", what: "", who: "", place: { ...PLACE, district: "Puerto" } }).incidentId!).needs), ["boat"]);
  });
  it("[RUN3] the table of before there were skills is kept, and one of a city's own that has a built-in number stays what it was", () => {
    const [before, now] = [findBuiltIn(2)!, findBuiltIn(3)!];
    assert.deepEqual([now, findBuiltIn(4)], [BUILT_IN_RUN_CARDS, undefined]);
    assert.ok(now.rows.some(({ wants }) => skillsOf(wants).length > 0) && before.rows.every(({ wants }) => skillsOf(wants).length === 0));
    assert.deepEqual(before.rows, JSON.parse(JSON.stringify(now.rows, (key, value: unknown) => (key === "skills" ? undefined : value))));
    assert.deepEqual([findBuiltInBeside([])?.version, findBuiltInBeside([4, 3])?.version], [3, 2]);
  });
  it("[RUN4] another skill is a change, another way of writing it is none", () => {
    const of = (skills?: string[]): RunCardRow[] => [row("a", { wants: [{ kinds: ["patrol"], count: 1, ...(skills === undefined ? {} : { skills }) }] })];
    assert.deepEqual([[of(), of(["boat"])], [of(["boat"]), of(["rope"])], [of(["boat"]), of(["Boat"])]].map(([a, b]) => diffRunCards(a!, b!).length), [1, 1, 0]);
  });
});

describe("between two tables", () => {
  it("[RUN4] what was added, changed and removed is told by code; order is no change", () => {
    const { rows } = BUILT_IN_RUN_CARDS;
    assert.deepEqual(diffRunCards(rows, rows.toReversed()), []);
    const changed = rows.map((one) => (one.code === "medical" ? { ...one, wants: [{ kinds: ["ambulance" as const], count: 2 }] } : one)).filter((one) => one.code !== "theft/critical");
    assert.deepEqual(diffRunCards(rows, [...changed, row("night", { hours: "daily 22:00-06:00" })]).map((change) => [change.kind, change.row.code]), [["changed", "medical"], ["added", "night"], ["removed", "theft/critical"]]);
  });
});

describe("an incident", () => {
  const deck = createRunCardDeck(tableWith(row("theft/port", { area: "Puerto", wants: [{ kinds: ["patrol"], count: 3 }] })), "UTC");
  it("[RUN3] [INC1] has the row of its district with the table's version, and another place brings that place's row", () => {
    const w = createWorld(hash);
    w.deck = deck;
    const id = w.ok(ANA, { type: "incident.create", contactId: null, incidentType: "theft", what: "", who: "", place: { ...PLACE, district: "Puerto" } }).incidentId!;
    assert.deepEqual([w.incident(id).runCard, w.incident(id).neededUnits], [{ code: "theft/port", version: 7 }, 3]);
    w.ok(ANA, { type: "incident.update", incidentId: id, place: { ...PLACE, district: "Centro" } });
    assert.deepEqual([w.incident(id).runCard, w.incident(id).neededUnits, w.incident(id).priority], [{ code: "theft", version: 7 }, 1, 2]);
    const { body } = w.log.at(-1)!;
    assert.ok(body.type === "incident.regraded" && body.cause === "place");
  });
  const byHour = (count: number, code: string, hours: string, area: string | null = null): RunCardRow => row(code, { hours, area, wants: [{ kinds: ["patrol"], count }] });
  const hourly = [...BUILT_IN_RUN_CARDS.rows.filter(({ type }) => type !== "theft"), byHour(1, "day", "daily 06:00-18:00"), byHour(3, "night", "daily 18:00-06:00")];
  it("[RUN3] keeps its row past an hour at which another one begins: a district without a row of its own, or an answer, brings none of another hour", () => {
    for (const [made, code] of [["17:50", "day"], ["05:50", "night"]]) {
      const w = createWorld(hash);
      w.deck = createRunCardDeck({ version: 7, rows: hourly }, "UTC");
      w.now = Date.parse(`2027-02-01T${made}:00Z`);
      const id = w.open("theft");
      w.wait(15 * 60_000);
      for (const district of ["Centro", "Pocitos", null]) w.ok(ANA, { type: "incident.update", incidentId: id, place: { ...PLACE, district } });
      w.ok(ANA, { type: "incident.answer", incidentId: id, card: { code: "theft", version: 1 }, question: "now", answer: "there" });
      assert.deepEqual([w.incident(id).triage!.determinant, w.incident(id).runCard.code], ["serious", code]);
      w.ok(ANA, { type: "incident.update", incidentId: id, incidentType: "robbery" });
      w.ok(ANA, { type: "incident.update", incidentId: id, incidentType: "theft" });
      assert.notEqual(w.incident(id).runCard.code, code, "a type that is said anew has the row of its hour");
    }
  });
  it("[RUN3] a district's own row is that of the hour at which the type was said", () => {
    const w = createWorld(hash);
    w.deck = createRunCardDeck({ version: 7, rows: [...hourly, byHour(2, "centro-day", "daily 06:00-18:00", "Centro"), byHour(5, "centro-night", "daily 18:00-06:00", "Centro")] }, "UTC");
    w.now = Date.parse("2027-02-01T17:50:00Z");
    const id = w.open("theft");
    w.wait(15 * 60_000);
    w.ok(ANA, { type: "incident.update", incidentId: id, place: { ...PLACE, district: "Centro" } });
    assert.equal(w.incident(id).runCard.code, "centro-day");
  });
  it("[RUN3] a place that gets a district keeps what another table calls otherwise", () => {
    const w = createWorld(hash);
    const id = w.open("theft");
    w.deck = createRunCardDeck({ version: 9, rows: [row("theft-anew", { wants: [{ kinds: ["patrol"], count: 5 }] })] }, "UTC");
    w.ok(ANA, { type: "incident.update", incidentId: id, place: { ...PLACE, district: "Centro" } });
    assert.deepEqual([w.incident(id).runCard, w.incident(id).neededUnits], [{ code: "theft", version: 3 }, 1]);
  });
  it("[RUN3] keeps what it was given when the table changes", () => {
    const w = createWorld(hash);
    const id = w.open("theft");
    w.deck = createRunCardDeck({ version: 9, rows: [row("theft", { wants: [{ kinds: ["patrol"], count: 5 }] })] }, "UTC");
    w.ok(ANA, { type: "incident.update", incidentId: id, place: { ...PLACE, label: "elsewhere" } });
    assert.deepEqual([w.incident(id).runCard.version, w.incident(id).neededUnits], [3, 1]);
  });
  it("[RUN1] of a type that a broken table left out still has somebody sent", () => {
    const w = createWorld(hash);
    w.deck = createRunCardDeck({ version: 9, rows: [] }, "UTC");
    for (const type of TYPES) assert.ok(w.incident(w.open(type)).neededUnits > 0);
  });
});
