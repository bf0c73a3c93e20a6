import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import * as contract from "../contract/dispatch.ts";
import { SYSTEM, type Unit, type UnitProfile } from "../dispatch/entities.ts";
import { ANA, FLEET, PLACE, createWorld, profileOf } from "../dispatch/testing/world.ts";
import { createRunCardDeck, type RunCardRow } from "../dispatch/run-cards.ts";
import { countMissing, wantKey } from "../dispatch/wants.ts";
import { isOffShift } from "../base/shift.ts";
import type { Point } from "../geo/point.ts";
import { cityFromAscii } from "../geo/testing/city-from-ascii.ts";
import { type PositionTable, createPositionTable } from "./positions.ts";
import { NOT_PROPOSED_REASONS, STALE_FIX_MS, rankUnits, roadTimesOf } from "./ranking.ts";
import { CANDIDATE_REASONS, describeRanking, listNotProposed } from "./recommendation.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
// 2 is the nearest as the crow flies, over a river; 1 is the nearest by road; X is on an island
const town = cityFromAscii(`
  A---1--------B--T---C--------3---G              X---Y
  |
  |                2
  D----------------E--F
`);
const roads = roadTimesOf(town.roads);

function scene(type: "theft" | "robbery" | "fire-smoke" = "theft", profiles: UnitProfile[] = [
  profileOf("V1", "patrol", town.at("1")), profileOf("V2", "patrol", town.at("2")), { ...profileOf("P3", "platform-crew", town.at("3")), platformId: 9 },
  profileOf("B4", "fire-engine", town.at("G")), profileOf("V5", "patrol", town.at("X")),
]) {
  const w = createWorld(hash);
  w.ok(SYSTEM, { type: "units.register", units: [1, 2, 3, 4, 5].map((id) => ({ ...profileOf(`U${id}`, "campus-police"), kind: w.unit(id).kind, shiftEndsAt: w.now })) }); // the world's own units are off
  w.ok(SYSTEM, { type: "units.register", units: profiles });
  const positions = createPositionTable((id, now) => (w.state.units.has(id) && !isOffShift(w.unit(id), now) ? null : "unit-on-duty"));
  const { incidentId } = w.ok(ANA, { type: "incident.create", contactId: null, incidentType: type, what: "", who: "", place: { ...PLACE, point: town.at("T") } });
  const idOf = (callSign: string): number => w.state.unitByCallSign.get(callSign);
  const fix = (callSign: string, point: Point, ageMs = 0): void => void positions.report([{ unitId: idOf(callSign), ...point, headingDeg: 90, speedMps: 8, at: w.now - ageMs }], w.now);
  const rank = () => rankUnits(w.state, w.incident(incidentId!), positions.columns(), roads, w.now);
  const recommend = () => describeRanking(w.state, rank());
  const listWhyNot = (query: Partial<Parameters<typeof listNotProposed>[2]> = {}) => listNotProposed(w.state, rank(), { after: 0, limit: 1_000, ...query });
  const names = (): string[] => recommend().candidates.map((one) => w.unit(one.unitId).callSign);
  const whyNot = (callSign: string) => listWhyNot({ unitIds: [idOf(callSign)] })[0]?.reason;
  return { w, positions: positions as PositionTable, incidentId: incidentId!, idOf, fix, recommend, listWhyNot, names, whyNot };
}

const countBy = (codes: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
};

describe("a recommendation", () => {
  it("[REC1] ranks by road, not as the crow flies, over all eligible units", () => {
    const s = scene();
    assert.deepEqual(s.names(), ["V1", "P3", "V2"]);
    const [first] = s.recommend().candidates;
    assert.deepEqual(first!.reasons.map((one) => one.code), ["by-road", "nearest", "at-home"]);
    assert.equal(first!.positionAgeMs, null);
  });
  it("[REC1] goes by the last position where there is one", () => {
    const s = scene();
    s.fix("V2", town.at("B"), 20_000);
    assert.deepEqual(s.names(), ["V2", "V1", "P3"]);
    const [first] = s.recommend().candidates;
    assert.deepEqual([first!.positionAgeMs, first!.reasons.map((one) => one.code)], [20_000, ["by-road", "nearest", "on-patrol"]]);
  });
  it("[REC2] says why the others are not proposed", () => {
    const s = scene();
    assert.deepEqual(s.whyNot("B4"), { code: "wrong-kind", params: { kind: "fire-engine" } });
    assert.equal(s.whyNot("V5")?.code, "unreachable");
    assert.equal(s.whyNot("U1")?.code, "off-shift");
    s.fix("V2", town.at("B"), STALE_FIX_MS + 1);
    assert.deepEqual(s.whyNot("V2"), { code: "stale-fix", params: { ageMs: STALE_FIX_MS + 1 } });
    s.w.ok(FLEET, { type: "unit.availability", unitId: s.idOf("P3"), availability: "not-available", activity: "meal" });
    assert.deepEqual(s.whyNot("P3"), { code: "not-available", params: { activity: "meal" } });
    s.w.assign(s.incidentId, s.idOf("V1"));
    assert.deepEqual(s.whyNot("V1"), { code: "committed", params: { incidentId: s.incidentId, state: "assigned" } });
    s.w.ok(FLEET, { type: "unit.emergency", unitId: s.idOf("V2"), point: null, deviceAt: null });
    assert.equal(s.whyNot("V2")?.code, "in-emergency");
    assert.deepEqual(s.names(), []);
  });
  it("[REC7] a unit that is there for urgent calls only goes to them as others do; to a milder one it is offered last and not suggested", () => {
    const s = scene();
    s.w.ok(FLEET, { type: "unit.availability", unitId: s.idOf("V1"), availability: "conditionally-available", activity: "report" });
    const suggested = () => s.recommend().candidates.filter((one) => one.suggested).map((one) => s.w.unit(one.unitId).callSign);
    for (const priority of [1, 2]) {
      s.w.ok(ANA, { type: "incident.update", incidentId: s.incidentId, priority });
      assert.deepEqual([s.names(), suggested()], [["V1", "P3", "V2"], ["V1"]]);
    }
    for (const priority of [3, 4]) {
      s.w.ok(ANA, { type: "incident.update", incidentId: s.incidentId, priority });
      assert.deepEqual([s.names(), suggested()], [["P3", "V2", "V1"], ["P3"]]);
      assert.ok(s.recommend().candidates.at(-1)!.reasons.some(({ code }) => code === "conditionally-available"));
    }
    for (const other of ["P3", "V2"]) s.w.ok(FLEET, { type: "unit.availability", unitId: s.idOf(other), availability: "not-available", activity: null });
    assert.deepEqual([s.names(), suggested()], [["V1"], []], "nobody is suggested, and the shortfall stays");
  });
  it("[REC2] tells when the choice leaves a platform empty, and who is there", () => {
    const s = scene();
    s.fix("P3", town.at("3"));
    const codes = (): string[] => s.recommend().candidates.find((one) => one.unitId === s.idOf("P3"))!.reasons.map((one) => one.code);
    assert.deepEqual(codes(), ["by-road", "at-platform", "leaves-platform-empty"]);
    s.w.ok(SYSTEM, { type: "units.register", units: [{ ...profileOf("P4", "platform-crew", town.at("3")), platformId: 9 }] });
    assert.ok(!codes().includes("leaves-platform-empty"));
  });
  it("[REC4] tells how many are not proposed for which reason, the nearest of them, and all on demand", () => {
    const s = scene("theft", [
      profileOf("V1", "patrol", town.at("1")), profileOf("B2", "fire-engine", town.at("C")), profileOf("B3", "fire-engine", town.at("B")), profileOf("V4", "patrol", town.at("X")),
    ]);
    const { total, byReason, nearest } = s.recommend().notProposed;
    assert.deepEqual([total, byReason], [8, [{ code: "wrong-kind", units: 4 }, { code: "off-shift", units: 3 }, { code: "unreachable", units: 1 }]]);
    assert.deepEqual(nearest.map((one) => [one.unitId, one.reason.code]), [[s.idOf("V4"), "unreachable"]], "a near engine could not go to a theft, however near");
    const engines = s.listWhyNot({ code: "wrong-kind" });
    assert.deepEqual(s.listWhyNot({ code: "wrong-kind", after: engines[0]!.unitId, limit: 1 }), [engines[1]]);
    assert.equal(s.listWhyNot().length, total);
  });
  it("[REC4] an engine behind a hundred patrols is proposed, and suggested where the card asks for one", () => {
    const s = scene("fire-smoke", [...Array.from({ length: 100 }, (_, i) => profileOf(`V${i}`, "patrol", town.at("B"))), profileOf("E1", "fire-engine", town.at("G"))]);
    const { candidates, notProposed } = s.recommend();
    assert.deepEqual(candidates.filter((one) => one.suggested).map((one) => one.unitId).sort(), [s.idOf("V0"), s.idOf("E1")].sort());
    assert.equal(candidates.at(-1)!.unitId, s.idOf("E1"));
    assert.equal(notProposed.byReason.find((one) => one.code === "farther")?.units, 50);
  });
  it("[REC3] suggests what the run card still asks for", () => {
    const s = scene("fire-smoke");
    const suggested = (): string[] => s.recommend().candidates.filter((one) => one.suggested).map((one) => s.w.unit(one.unitId).callSign).sort();
    assert.deepEqual(suggested(), ["B4", "V1"]);
    s.w.assign(s.incidentId, s.idOf("V2"));
    assert.deepEqual(suggested(), ["B4"]);
    s.w.assign(s.incidentId, s.idOf("B4"));
    assert.deepEqual(suggested(), []);
  });
  it("[REC3] [INC5] suggests nobody for what a unit has done and cleared, and again once the incident is reopened", () => {
    const s = scene();
    const suggested = (): number => s.recommend().candidates.filter((one) => one.suggested).length;
    const { id } = s.w.assignment(s.w.assign(s.incidentId, s.idOf("V1")));
    for (const to of ["on-scene", "cleared"] as const) s.w.report(id, to);
    assert.deepEqual([s.w.incident(s.incidentId).shortfall, suggested()], [null, 0]);
    s.w.ok(ANA, { type: "incident.close", incidentId: s.incidentId, disposition: "resolved", words: "" });
    s.w.ok(ANA, { type: "incident.reopen", incidentId: s.incidentId, words: "they came back" });
    assert.deepEqual([s.w.incident(s.incidentId).shortfall?.missing, suggested()], [1, 1]);
  });
  it("[REC3] suggests nobody where nobody needs to go, and lists who could", () => {
    const s = scene();
    s.w.ok(ANA, { type: "incident.no-unit-needed", incidentId: s.incidentId, words: "by telephone" });
    assert.ok(s.recommend().candidates.length === 3 && s.recommend().candidates.every((one) => !one.suggested));
  });
  it("[REC3] [INC1] where nobody needs to go, who could is by the kinds of the card that the incident was given; where that asks for nobody, of any kind", () => {
    const s = scene();
    const kinds = (): string[] => [...new Set(s.recommend().candidates.map(({ unitId }) => s.w.unit(unitId).kind))];
    const given = (wants: RunCardRow["wants"]): void => {
      s.w.deck = createRunCardDeck({ version: 3, rows: [{ code: "robbery", type: "robbery", determinant: null, area: null, hours: null, wants }] }, "UTC");
      s.w.ok(ANA, { type: "incident.update", incidentId: s.incidentId, incidentType: "theft" });
      s.w.ok(ANA, { type: "incident.update", incidentId: s.incidentId, incidentType: "robbery" });
      s.w.ok(ANA, { type: "incident.no-unit-needed", incidentId: s.incidentId, words: "by telephone" });
    };
    given([{ kinds: ["fire-engine"], count: 1 }]);
    assert.deepEqual(kinds(), ["fire-engine"]);
    given([]);
    assert.deepEqual(kinds().sort(), ["fire-engine", "patrol", "platform-crew"]);
  });
  it("[REC1] shows the way of the first five", () => {
    const s = scene("theft", Array.from({ length: 8 }, (_, i) => profileOf(`V${i}`, "patrol", town.at(i % 2 === 0 ? "1" : "2"))));
    const paths = s.recommend().candidates.map((one) => one.path.length > 1);
    assert.deepEqual(paths, [true, true, true, true, true, false, false, false]);
    const { path } = s.recommend().candidates[0]!;
    assert.ok(Math.abs(path.at(-1)!.lon - town.at("T").lon) < 1e-6);
  });
  it("[REC2] every unit is in exactly one of the two lists, with codes that are catalogued, in the contract's shape", () => {
    const unit = fc.record({ kind: fc.constantFrom("patrol", "fire-engine", "ambulance", "platform-crew" as const), at: fc.constantFrom("1", "2", "3", "G", "X"), ageMs: fc.option(fc.integer({ min: 0, max: 400_000 })), availability: fc.constantFrom("available", "conditionally-available", "not-available" as const), taken: fc.boolean() });
    fc.assert(fc.property(fc.array(unit, { maxLength: 70, size: "max" }), fc.constantFrom("theft", "robbery", "fire-smoke" as const), (units, type) => {
      const s = scene(type, units.map((one, i) => profileOf(`T${i}`, one.kind, town.at(one.at))));
      const other = s.w.open();
      for (const [i, one] of units.entries()) {
        const unitId = s.idOf(`T${i}`);
        if (one.ageMs !== null) s.fix(`T${i}`, town.at(one.at), one.ageMs);
        if (one.taken) s.w.assign(other, unitId);
        if (one.availability !== "available") s.w.ok(FLEET, { type: "unit.availability", unitId, availability: one.availability, activity: null });
      }
      const answer = { ...s.recommend(), tookMs: 1 };
      contract.Recommendation.parse(answer);
      const notProposed = s.listWhyNot();
      const listed = [...answer.candidates, ...notProposed].map((one) => one.unitId).sort((a, b) => a - b);
      assert.deepEqual(listed, [...s.w.state.units.keys()].sort((a, b) => a - b));
      for (const one of answer.candidates) for (const reason of one.reasons) assert.ok((CANDIDATE_REASONS as readonly string[]).includes(reason.code));
      assert.deepEqual(Object.fromEntries(answer.notProposed.byReason.map(({ code, units: n }) => [code, n])), countBy(notProposed.map(({ reason }) => reason.code)));
      assert.equal(answer.notProposed.total, notProposed.length);
      for (const { unitId, reason } of answer.notProposed.nearest) assert.deepEqual(notProposed.find((one) => one.unitId === unitId)?.reason, reason);
      for (const { reason } of notProposed) assert.ok((NOT_PROPOSED_REASONS as readonly string[]).includes(reason.code));
      const seconds = answer.candidates.map((one) => one.roadSeconds);
      assert.deepEqual(seconds, [...seconds].sort((a, b) => a - b));
      const suggested: Unit["kind"][] = answer.candidates.filter((one) => one.suggested).map((one) => s.w.unit(one.unitId).kind);
      assert.ok(suggested.length <= s.w.incident(s.incidentId).neededUnits);
    }), { numRuns: 60 });
  });
});

describe("a recommendation for a run card that asks for skills", () => {
  type Wants = RunCardRow["wants"];
  /** Patrols by their place on the road and what they can; the first is nearest. */
  const skilled = (wants: Wants, units: readonly (readonly [callSign: string, at: string, ...skills: string[]])[], kindOf: (callSign: string) => Unit["kind"] = () => "patrol") => {
    const s = scene("theft", units.map(([callSign, at, ...skills]) => ({ ...profileOf(callSign, kindOf(callSign), town.at(at)), skills })));
    s.w.deck = createRunCardDeck({ version: 3, rows: [{ code: "robbery", type: "robbery", determinant: null, area: null, hours: null, wants }] }, "UTC");
    s.w.ok(ANA, { type: "incident.update", incidentId: s.incidentId, incidentType: "robbery" });
    const reasonsOf = (callSign: string) => s.recommend().candidates.find(({ unitId }) => unitId === s.idOf(callSign))?.reasons ?? [];
    return {
      ...s, suggested: (): string[] => s.recommend().candidates.filter((one) => one.suggested).map(({ unitId }) => s.w.unit(unitId).callSign),
      marked: (): string[] => s.names().filter((callSign) => reasonsOf(callSign).some(({ code }) => code === "lacks-skill")), reasonsOf,
    };
  };
  const want = (count: number, ...skills: string[]): Wants[number] => ({ kinds: ["patrol"], count, ...(skills.length === 0 ? {} : { skills }) });

  it("[REC6] who lacks the skill is not proposed and says which, where somebody has it, however far", () => {
    const s = skilled([want(1, "first-aid", "boat")], [["V1", "C", "boat"], ["V2", "G", "First-Aid", "boat", "car"], ["V3", "B"]]);
    assert.deepEqual([s.names(), s.suggested(), s.marked(), s.recommend().skillGaps], [["V2"], ["V2"], [], []]);
    assert.deepEqual(s.whyNot("V1"), { code: "lacks-skill", params: { skills: "first-aid" } });
    assert.deepEqual(s.whyNot("V3"), { code: "lacks-skill", params: { skills: "first-aid; boat" } });
    assert.deepEqual(s.recommend().notProposed.nearest.map(({ unitId }) => s.w.unit(unitId).callSign), ["V3", "V1"]);
  });
  it("[REC6] where nobody eligible has it, says so and offers the nearest without, marked, one for each place and no second one after that is sent", () => {
    const s = skilled([want(1, "first-aid"), want(1)], [["V1", "C"], ["V2", "B"], ["V3", "1"], ["V4", "G", "first-aid"]]);
    s.w.ok(FLEET, { type: "unit.availability", unitId: s.idOf("V4"), availability: "not-available", activity: "meal" });
    assert.deepEqual(s.recommend().skillGaps, [want(1, "first-aid")]);
    const nearest = s.names();
    assert.deepEqual([s.suggested(), s.marked()], [nearest.slice(0, 2), nearest.slice(1)], "the nearest meets the want that anybody does");
    assert.deepEqual(s.reasonsOf(nearest[1]!)[0], { code: "lacks-skill", params: { skills: "first-aid" } });
    contract.Recommendation.parse({ ...s.recommend(), tookMs: 1 });
    for (const callSign of nearest.slice(0, 2)) s.w.assign(s.incidentId, s.idOf(callSign));
    assert.deepEqual([s.suggested(), s.w.incident(s.incidentId).shortfall?.missing, s.recommend().skillGaps], [[], 1, [want(1, "first-aid")]]);
    s.w.ok(FLEET, { type: "unit.availability", unitId: s.idOf("V4"), availability: "available", activity: null });
    assert.deepEqual([s.names(), s.suggested(), s.recommend().skillGaps], [[nearest[2], "V4"], ["V4"], []]);
  });
  it("[REC6] a skill that is rare is not spent on the want that anybody meets, though who has it is nearest", () => {
    for (const wants of [[want(1), want(1, "boat")], [want(1, "boat"), want(1)]]) {
      const s = skilled(wants, [["V1", "C", "boat"], ["V2", "3"], ["V3", "G", "boat"]]);
      assert.deepEqual(s.suggested(), ["V1", "V2"]);
    }
  });
  it("[REC4] [REC6] who has the skill is proposed behind a hundred nearer ones that meet another want", () => {
    const s = skilled([want(1), want(1, "rope")], [...Array.from({ length: 100 }, (_, i): [string, string] => [`V${i}`, "C"]), ["R1", "G", "rope"]]);
    assert.deepEqual([s.names().at(-1), s.suggested().length, s.suggested().at(-1), s.marked()], ["R1", 2, "R1", []]);
  });
  it("[REC6] one who has the skill and cannot be reached is none who has it", () => {
    const s = skilled([want(1, "boat")], [["V1", "C"], ["V2", "X", "boat"]]);
    assert.deepEqual([s.suggested(), s.marked(), s.whyNot("V2")?.code], [["V1"], ["V1"], "unreachable"]);
  });
  it("[REC3] [REC6] meets as many wants as any choice could; each place has at most one unit suggested, and each that meets none is marked", () => {
    const anyUnit = fc.record({ kind: fc.constantFrom("patrol" as const, "ambulance" as const), at: fc.constantFrom("1", "3", "G", "C"), skills: fc.uniqueArray(fc.constantFrom("boat", "rope")) });
    const anyWants = fc.array(fc.record({ kinds: fc.constantFrom<Unit["kind"][]>(["patrol"], ["ambulance"], ["patrol", "ambulance"]), count: fc.integer({ min: 1, max: 2 }), skills: fc.option(fc.constantFrom<string[]>(["boat"], ["rope"], ["boat", "rope"]), { nil: undefined }) }), { minLength: 1, maxLength: 3 });
    fc.assert(fc.property(anyWants, fc.array(anyUnit, { maxLength: 6 }), (drawn, units) => {
      const wants = drawn.map(({ kinds, count, skills }) => ({ kinds, count, ...(skills === undefined ? {} : { skills }) }));
      const s = skilled(wants, units.map(({ at, skills }, i) => [`T${i}`, at, ...skills]), (callSign) => units[Number(callSign.slice(1))]!.kind);
      const { candidates, skillGaps } = s.recommend();
      const able = (callSigns: readonly string[]) => callSigns.map((callSign) => s.w.unit(s.idOf(callSign)));
      const all = able(units.map((_, i) => `T${i}`));
      assert.equal(countMissing(wants, able(s.suggested())), countMissing(wants, all));
      const places: { kinds: Unit["kind"][]; count: number; skills?: string[] }[] = wants.flatMap((one) => Array.from({ length: one.count }, () => ({ ...one, count: 1 })));
      for (const gap of skillGaps) for (let n = 0; n < gap.count; n++) delete places.find((place) => place.skills !== undefined && wantKey(place) === wantKey(gap))!.skills;
      assert.equal(countMissing(places, able(s.suggested())), countMissing(places, all), "somebody for each place that can be filled at all");
      assert.ok(s.suggested().length <= wants.reduce((sum, { count }) => sum + count, 0));
      const standIns = candidates.filter(({ suggested, unitId }) => suggested && s.marked().includes(s.w.unit(unitId).callSign));
      assert.equal(countMissing(wants, able(s.suggested().filter((callSign) => !standIns.some(({ unitId }) => unitId === s.idOf(callSign))))), countMissing(wants, all), "without who is marked as many are met");
    }), { numRuns: 150 });
  });
});

describe("positions", () => {
  it("[UNT5] are taken of units on duty only; a wrong one does not hold back the others", () => {
    const s = scene();
    const good = { unitId: s.idOf("V1"), lon: 1, lat: 2, headingDeg: null, speedMps: null, at: s.w.now };
    const { taken, refused } = s.positions.report([
      { ...good, unitId: 999 }, good, { ...good, unitId: 1 }, { ...good, unitId: s.idOf("V2"), lon: 500 }, { ...good, unitId: s.idOf("P3"), at: s.w.now + 3_600_000 }, { ...good, unitId: s.idOf("B4"), lat: Number.NaN },
    ], s.w.now);
    assert.deepEqual([taken, refused.map((one) => [one.index, one.field])], [1, [[0, "unitId"], [2, "unitId"], [3, "lon"], [4, "at"], [5, "lat"]]]);
    s.w.ok(SYSTEM, { type: "units.register", units: [{ ...profileOf("V1", "patrol", town.at("1")), shiftEndsAt: s.w.now + 10 }] });
    assert.equal(s.positions.rows(s.w.now).rows.length, 1);
    assert.equal(s.positions.rows(s.w.now + 10).rows.length, 0);
  });
  it("keep the newest fix whatever order they come in", () => {
    const table = createPositionTable(() => null);
    const fix = (at: number, lon: number) => ({ unitId: 5_000, lon, lat: 0, headingDeg: -90, speedMps: 3, at });
    table.report([fix(2_000, 2), fix(1_000, 1)], 3_000);
    table.report([fix(1_500, 3)], 3_000);
    assert.deepEqual(table.find(5_000), { point: { lon: 2, lat: 0 }, headingDeg: 270, speedMps: 3, at: 2_000 });
    assert.deepEqual(table.rows(2_500).rows, [[5_000, 2, 0, 270, 3, 500]]);
    assert.equal(table.find(4_999), null);
    assert.equal(table.find(6_000), null);
  });
  it("are given as what changed since", () => {
    const table = createPositionTable(() => null);
    const fix = (unitId: number, at: number) => ({ unitId, lon: 1, lat: 1, headingDeg: null, speedMps: null, at });
    table.report([fix(1, 10), fix(2, 10)], 10);
    const { version, rows } = table.rows(10);
    assert.deepEqual(rows.map((row) => row[0]), [1, 2]);
    table.report([fix(2, 20), fix(1, 5)], 20); // the second is old
    assert.deepEqual(table.rows(20, version).rows.map((row) => row[0]), [2]);
    assert.deepEqual(table.rows(20, table.rows(20).version).rows, []);
  });
});
