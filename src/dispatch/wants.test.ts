// Who meets which want: held against trying every way of seating.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { SYSTEM, type Want } from "./entities.ts";
import { createRunCardDeck } from "./run-cards.ts";
import { ANA, FLEET, createWorld, profileOf } from "./testing/world.ts";
import { type Able, countMissing, createSeating, createSortOf, listSkillGaps, wantKey } from "./wants.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const patrol = (...skills: string[]): Able => ({ kind: "patrol", skills });
const want = (count: number, ...skills: string[]): Want => ({ kinds: ["patrol"], count, ...(skills.length === 0 ? {} : { skills }) });

const SKILLS = ["first-aid", "boat", "rope"];
const anyWants = fc.array(fc.record({ kinds: fc.uniqueArray(fc.constantFrom("patrol" as const, "ambulance" as const, "platform-crew" as const), { minLength: 1 }), count: fc.integer({ min: 1, max: 2 }), skills: fc.option(fc.uniqueArray(fc.constantFrom(...SKILLS), { minLength: 1, maxLength: 2 }), { nil: undefined }) }), { minLength: 1, maxLength: 3 });
const anyUnits = fc.array(fc.record({ kind: fc.constantFrom("patrol" as const, "ambulance" as const, "platform-crew" as const), skills: fc.uniqueArray(fc.constantFrom(...SKILLS, "First-Aid ", "car")) }), { maxLength: 5 });

const mayTake = ({ kinds, skills = [] }: Want, unit: Able): boolean => kinds.includes(unit.kind) && skills.every((skill) => unit.skills.some((one) => one.trim().toLowerCase() === skill));
/** Every way of seating: which places are filled by it, as their numbers. For five units and six places: some four thousand ways. */
function everySeating(wants: readonly Want[], units: readonly Able[]): number[][] {
  const places = wants.flatMap((one) => Array.from({ length: one.count }, () => one));
  const ways: number[][] = [];
  const seat = (unit: number, filled: readonly number[]): void => {
    if (unit === units.length) return void ways.push([...filled]);
    seat(unit + 1, filled);
    for (const [place, one] of places.entries()) if (!filled.includes(place) && mayTake(one, units[unit]!)) seat(unit + 1, [...filled, place]);
  };
  seat(0, []);
  return ways;
}
const placesOf = (wants: readonly Want[]): number => wants.reduce((sum, { count }) => sum + count, 0);
const fewestOpen = (wants: readonly Want[], units: readonly Able[]): number => placesOf(wants) - Math.max(...everySeating(wants, units).map((filled) => filled.length));

describe("wants and the units that meet them", () => {
  it("[INC5] pairs units with places so that the fewest stay open", () => {
    const wants: Want[] = [{ kinds: ["patrol", "campus-police"], count: 1 }, { kinds: ["patrol"], count: 1 }];
    const of = (kind: Able["kind"]): Able => ({ kind, skills: [] });
    assert.equal(countMissing(wants, [of("patrol"), of("campus-police")]), 0); // the patrol must not sit on the place that campus police could take
    assert.equal(countMissing(wants, [of("campus-police")]), 1);
    assert.equal(countMissing(wants, [of("ambulance"), of("ambulance")]), 2);
    assert.equal(countMissing([], []), 0);
  });
  it("[INC5] a want with skills is met only by a unit that has all of them, however they are written", () => {
    assert.deepEqual([[patrol()], [patrol("boat")], [patrol("boat", "FIRST-AID")], [{ ...patrol("boat", "first-aid"), kind: "ambulance" as const }]].map((units) => countMissing([want(1, "first-aid", "boat")], units)), [1, 1, 0, 1]);
  });
  it("[REC6] a unit with a rare skill is not spent on what anybody meets, in whatever order wants and units come", () => {
    for (const wants of [[want(1), want(1, "boat")], [want(1, "boat"), want(1)]]) for (const units of [[patrol("boat"), patrol()], [patrol(), patrol("boat")]]) assert.equal(countMissing(wants, units), 0);
    const chain = createSeating([want(1, "first-aid"), want(1, "boat"), want(1)]);
    assert.deepEqual([patrol("first-aid"), patrol("first-aid", "boat")].map(chain.seat), [true, true]);
    assert.deepEqual(chain.listOpen(), [want(1)], "who has both skills sits where the other is asked for");
  });
  it("[INC5] [REC6] leaves as few open as trying every way does, and of those ways one that leaves open what asks for least", () => {
    fc.assert(fc.property(anyWants, anyUnits, (wants, units) => {
      assert.equal(countMissing(wants, units), fewestOpen(wants, units));
      const seating = createSeating(wants);
      units.forEach(seating.seat);
      const asked = (open: readonly Want[]): number => open.reduce((sum, { count, skills = [] }) => sum + count * skills.length, 0);
      const ways = everySeating(wants, units);
      const most = Math.max(...ways.map((filled) => filled.length));
      const places = wants.flatMap((one) => Array.from({ length: one.count }, () => ({ ...one, count: 1 })));
      const least = Math.min(...ways.filter((filled) => filled.length === most).map((filled) => asked(places.filter((_, place) => !filled.includes(place)))));
      assert.equal(asked(seating.listOpen()), least);
      assert.equal(placesOf(seating.listOpen()), seating.countOpen());
    }), { numRuns: 1_500 });
  });
  it("[REC3] whoever is seated leaves one place fewer open, and of those who come in an order the first that help are", () => {
    fc.assert(fc.property(anyWants, anyUnits, (wants, units) => {
      const seating = createSeating(wants);
      units.forEach((unit, i) => assert.equal(seating.seat(unit), fewestOpen(wants, units.slice(0, i + 1)) < fewestOpen(wants, units.slice(0, i))));
    }), { numRuns: 500 });
  });
  it("[REC6] a gap is a want with skills that stays open though everybody may be sent, and those who stand count first", () => {
    assert.deepEqual(listSkillGaps([want(2, "boat"), want(1)], [], [patrol("boat"), patrol()]), [want(1, "boat")]);
    assert.deepEqual(listSkillGaps([want(1, "boat")], [patrol("boat")], []), []);
    assert.deepEqual(listSkillGaps([want(2)], [], []), [], "no gap of skills: nobody is there");
    fc.assert(fc.property(anyWants, anyUnits, anyUnits, (wants, standing, units) => {
      const without = countMissing(wants.filter(({ skills }) => skills !== undefined), [...standing, ...units]);
      const gaps = listSkillGaps(wants, standing, units);
      if (without > 0) assert.ok(gaps.length > 0);
      assert.ok(gaps.every(({ skills }) => skills !== undefined) && placesOf(gaps) <= countMissing(wants, [...standing, ...units]));
    }), { numRuns: 500 });
  });
  it("[REC4] sorts tell apart whom the wants tell apart, and nobody else", () => {
    fc.assert(fc.property(anyWants, anyUnits, (wants, units) => {
      const sortOf = createSortOf(wants);
      for (const a of units) for (const b of units) if (sortOf(a) === sortOf(b)) assert.deepEqual(wants.map((one) => mayTake(one, a)), wants.map((one) => mayTake(one, b)));
    }), { numRuns: 300 });
    assert.equal(createSortOf([want(1)])(patrol("boat")), createSortOf([want(1)])(patrol()));
  });
  it("[TIE6] the same kinds with other skills are another want", () => {
    assert.equal(wantKey({ kinds: ["patrol", "ambulance"], count: 1, skills: ["Boat", "rope"] }), wantKey({ kinds: ["ambulance", "patrol"], count: 2, skills: ["rope", "boat"] }));
    assert.notEqual(wantKey(want(1)), wantKey(want(1, "boat")));
  });
});

describe("an incident whose run card asks for a skill", () => {
  const scene = () => {
    const w = createWorld(hash);
    w.deck = createRunCardDeck({ version: 9, rows: [{ code: "theft", type: "theft", determinant: null, area: null, hours: null, wants: [want(1, "first-aid"), want(1)] }] }, "UTC");
    const crew = (unitId: number, ...skills: string[]): void => void w.ok(SYSTEM, { type: "units.register", units: [{ ...profileOf(`U${unitId}`, "patrol"), skills }] });
    return { w, crew, id: w.open("theft") };
  };
  it("[INC5] stays short while nobody with the skill goes, and says with which skill when that is due", () => {
    const { w, crew, id } = scene();
    crew(3, "first-aid");
    for (const unitId of [1, 2]) w.report(w.assign(id, unitId), "on-scene");
    assert.equal(w.incident(id).shortfall?.missing, 1);
    w.wait(10 * 60_000);
    const due = w.log.findLast(({ body }) => body.type === "incident.shortfall-overdue")!.body;
    assert.deepEqual(due.type === "incident.shortfall-overdue" && [due.missing, due.skills], [1, ["first-aid"]]);
    w.assign(id, 3);
    assert.equal(w.incident(id).shortfall, null);
  });
  it("[INC5] another crew on a unit that goes opens the shortfall, or ends it, at once", () => {
    const { w, crew, id } = scene();
    crew(1, "first-aid");
    for (const unitId of [1, 2]) w.assign(id, unitId);
    assert.equal(w.incident(id).shortfall, null);
    crew(1);
    assert.equal(w.incident(id).shortfall?.missing, 1);
    crew(2, "First-Aid");
    assert.equal(w.incident(id).shortfall, null);
  });
  it("[REC6] the line of who is sent without the skill says so; not where another of the same command has it", () => {
    const { w, crew, id } = scene();
    crew(3, "first-aid");
    w.ok(ANA, { type: "assignment.assign", incidentId: id, unitIds: [1, 2], stack: false });
    const lacks = (): unknown => Object.fromEntries(w.log.flatMap(({ body }) => (body.type === "assignment.assigned" ? [[body.unitId, body.lacks ?? null]] : [])));
    assert.deepEqual(lacks(), { 1: null, 2: ["first-aid"] });
    const other = w.open("theft");
    w.ok(FLEET, { type: "assignment.decline", assignmentId: w.unit(1).activeAssignmentId!, words: "no", deviceAt: null });
    w.ok(ANA, { type: "assignment.assign", incidentId: other, unitIds: [1, 3], stack: false });
    assert.deepEqual(lacks(), { 1: null, 2: ["first-aid"], 3: null });
  });
});
