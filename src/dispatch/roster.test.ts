import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HOUR_MS, MINUTE_MS } from "../base/time.ts";
import { isOffShift } from "../base/shift.ts";
import { MOST_SHIFTS, withShift } from "./decide-roster.ts";
import type { Shift } from "./entities.ts";
import { SYSTEM } from "./entities.ts";
import { ANA, createWorld, profileOf, type World } from "./testing/world.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const world = (): World => createWorld(hash);
const shift = (startsAt: number, hours: number, more: Partial<Shift> = {}): Shift => ({ startsAt, endsAt: startsAt + hours * HOUR_MS, crew: null, skills: null, platformId: null, ...more });
const enter = (w: World, unitId: number, ...shifts: Shift[]) => w.ok(ANA, { type: "roster.enter", shifts: shifts.map((one) => ({ unitId, shift: one })) });
const typesOf = (events: readonly { readonly type: string }[]): string[] => events.map(({ type }) => type);

describe("the roster", () => {
  it("[SHF1] an entry that changes something is a new version; the same again makes no event", () => {
    const w = world();
    const early = shift(w.now + HOUR_MS, 8);
    assert.deepEqual(typesOf(enter(w, 1, early).events), ["unit.rostered"]);
    assert.equal(enter(w, 1, early).events.length, 0);
    enter(w, 2, shift(w.now, 8));
    assert.deepEqual([w.state.rosters.get(1).version, w.state.rosters.get(2).version, w.state.lastRosterVersion], [1, 2, 2]);
    assert.deepEqual([w.unit(1).rosterVersion, w.unit(3).rosterVersion], [1, null]);
  });

  it("[SHF2] a shift that runs into the start of another ends there; those that begin within it give way", () => {
    const at = (h: number): number => h * HOUR_MS;
    const list = [shift(at(6), 8), shift(at(14), 8), shift(at(22), 8)];
    const hours = (shifts: readonly Shift[]): number[][] => shifts.map(({ startsAt, endsAt }) => [startsAt / HOUR_MS, endsAt / HOUR_MS]);
    assert.deepEqual(hours(withShift(list, shift(at(12), 4), 0)), [[6, 12], [12, 16], [22, 30]]);
    assert.deepEqual(hours(withShift(list, shift(at(6), 10), 0)), [[6, 16], [22, 30]], "longer hours of the same shift");
    assert.deepEqual(hours(withShift(list, shift(at(30), 2), at(15))), [[14, 22], [22, 30], [30, 32]], "what is over goes");
  });

  it("[SHF2] whatever is entered, a unit's shifts lie apart, soonest first, and what was entered last stands whole", () => {
    const shifts = fc.array(fc.record({ from: fc.integer({ min: 0, max: 40 }), hours: fc.integer({ min: 1, max: 24 }) }), { maxLength: 20 });
    fc.assert(fc.property(shifts, fc.integer({ min: 0, max: 40 }), (entered, now) => {
      let list: Shift[] = [];
      for (const { from, hours } of entered) {
        const added = shift(from * HOUR_MS, hours);
        list = withShift(list, added, now * HOUR_MS);
        assert.equal(list.some((one) => one === added), added.endsAt > now * HOUR_MS);
        list.forEach((one, i) => assert.ok(one.endsAt > one.startsAt && (i === 0 || list[i - 1]!.endsAt <= one.startsAt)));
      }
    }));
  });

  it("[SHF3] a shift that begins brings its crew, their skills and the platform; what it does not name stays", () => {
    const w = world();
    w.ok(SYSTEM, { type: "units.register", units: [{ ...profileOf("U1", "patrol"), skills: ["first-aid"], platformId: 1 }] });
    enter(w, 1, shift(w.now + HOUR_MS, 8, { crew: [{ name: "Bo", badge: "7" }], platformId: 2 }));
    w.wait(HOUR_MS - 1);
    assert.deepEqual([isOffShift(w.unit(1), w.now), w.unit(1).platformId], [true, 1], "before its first shift it is off");
    w.wait(1);
    const { crew, skills, platformId, shiftEndsAt } = w.unit(1);
    assert.deepEqual([isOffShift(w.unit(1), w.now), crew, skills, platformId, shiftEndsAt], [false, [{ name: "Bo", badge: "7" }], ["first-aid"], 2, w.now + 8 * HOUR_MS]);
    w.wait(1_000);
    assert.equal(w.log.filter(({ body }) => body.type === "unit.shift-began").length, 1, "told once");
  });

  it("[SHF3] one that is on already when it is entered begins at once, and so does another crew for it; longer hours alone are no new beginning", () => {
    const w = world();
    const on = shift(w.now - HOUR_MS, 8);
    assert.deepEqual(typesOf(enter(w, 1, on).events), ["unit.rostered", "unit.shift-began"]);
    assert.deepEqual(typesOf(enter(w, 1, { ...on, endsAt: on.endsAt + HOUR_MS }).events), ["unit.rostered"]);
    assert.equal(w.unit(1).shiftEndsAt, on.endsAt + HOUR_MS);
    assert.deepEqual(typesOf(enter(w, 1, { ...on, crew: [{ name: "Ivo", badge: "" }] }).events), ["unit.rostered", "unit.shift-began"]);
    assert.deepEqual(w.unit(1).crew, [{ name: "Ivo", badge: "" }]);
  });

  it("[SHF4] a job names the roster by which its unit was on shift; a unit on no roster names none", () => {
    const w = world();
    enter(w, 2, shift(w.now, 8));
    const incidentId = w.open();
    const versions = [1, 2].map((unitId) => {
      w.assign(incidentId, unitId);
      const { body } = w.log.at(-1)!;
      return body.type === "assignment.assigned" ? body.rosterVersion : "not assigned";
    });
    assert.deepEqual(versions, [undefined, 1]);
  });

  it("[SHF5] the end of a shift takes no job away, and gives no new one; the next shift begins by itself", () => {
    const w = world();
    enter(w, 1, shift(w.now, 1), shift(w.now + 2 * HOUR_MS, 1));
    const incidentId = w.open();
    const job = w.assign(incidentId, 1);
    w.report(job, "acknowledged");
    w.wait(HOUR_MS);
    assert.equal(w.assignment(job).state, "acknowledged");
    const refused = w.send(ANA, { type: "assignment.assign", incidentId: w.open(), unitIds: [1], stack: true });
    assert.ok(refused.kind === "conflict" && refused.rule === "unit-off-shift");
    w.wait(HOUR_MS);
    assert.equal(isOffShift(w.unit(1), w.now), false);
  });

  it("[SHF6] a shift that is taken out leaves the unit off shift, not on duty for ever; taken off the roster it is on duty at any time", () => {
    const w = world();
    enter(w, 1, shift(w.now, 8));
    w.ok(ANA, { type: "roster.remove", unitId: 1, startsAt: w.now });
    assert.equal(isOffShift(w.unit(1), w.now), true);
    assert.equal(isOffShift(w.unit(1), w.now + 30 * 24 * HOUR_MS), true);
    const known = w.send(ANA, { type: "roster.remove", unitId: 1, startsAt: w.now });
    assert.ok(known.kind === "refused" && known.rule === "no-such-shift");
    w.ok(ANA, { type: "roster.remove", unitId: 1, startsAt: null });
    assert.deepEqual([isOffShift(w.unit(1), w.now), w.unit(1).shiftEndsAt, w.unit(1).rosterVersion, w.state.rosters.has(1)], [false, null, null, false]);
  });

  it("[SHF1] an entry that cannot be is refused whole: no such unit, over already, longer than a day, more than are kept", () => {
    const w = world();
    const ruleOf = (unitId: number, ...shifts: Shift[]): string => {
      const decision = w.send(ANA, { type: "roster.enter", shifts: shifts.map((one) => ({ unitId, shift: one })) });
      return decision.kind === "refused" ? decision.rule : decision.kind;
    };
    assert.deepEqual([ruleOf(99, shift(w.now, 1)), ruleOf(1, shift(w.now - 9 * HOUR_MS, 8)), ruleOf(1, shift(w.now, 25)), ruleOf(1, shift(w.now, -1))], ["no-such-unit", "not-a-shift", "not-a-shift", "not-a-shift"]);
    assert.equal(ruleOf(1, ...Array.from({ length: MOST_SHIFTS + 1 }, (_, i) => shift(w.now + i * HOUR_MS, 1))), "roster-full");
    assert.equal(w.state.rosters.has(1), false);
  });

  it("[SHF3] registering a unit again leaves its shift as it is", () => {
    const w = world();
    enter(w, 1, shift(w.now, 8));
    const { shiftEndsAt } = w.unit(1);
    w.ok(SYSTEM, { type: "units.register", units: [{ ...profileOf("U1", "patrol"), phone: "099" }] });
    assert.deepEqual([w.unit(1).shiftEndsAt, w.unit(1).phone], [shiftEndsAt, "099"]);
    w.wait(MINUTE_MS);
    assert.equal(isOffShift(w.unit(1), w.now), false);
  });
});
