import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createRandom } from "../../base/random.ts";
import type { Assignment, AssignmentState, Unit } from "../../contract/dispatch.ts";
import { distanceM } from "../../geo/point.ts";
import { createTrip, positionOnTrip } from "./trip.ts";
import { type FindWay, type PhoneReport, type UnitPhone, createUnitPhone } from "./unit-phone.ts";

const HOME = { lon: -56.18, lat: -34.9 };
const SCENE = { lon: -56.17, lat: -34.9 }; // 912 m east
const T0 = 1_800_000_000_000;
const unitOf = (kind: Unit["kind"]): Unit => ({
  id: 1, sequence: 1, callSign: "V01", kind, platformId: null, campusId: null, skills: [], crew: [], phone: null, availability: "available", activity: null, since: T0,
  shiftStartsAt: null, shiftEndsAt: null, rosterVersion: null, home: HOME, activeAssignmentId: null, stackedAssignmentIds: [], emergency: false, emergencyIncidentId: null,
});
const assignmentIn = (state: AssignmentState, id = 7): Assignment => ({ id, sequence: 1, incidentId: 3, unitId: 1, state, milestones: [], roadSecondsAtAssign: null, acknowledgeBy: null, acknowledgeOverdue: false, outcomeWords: null, cover: null, silentSince: null, unanswered: null, confirmed: null });
const roads: FindWay = (from, to) => ({ seconds: distanceM(from, to) / 10, path: [from, to] });

/** Plays the centre: takes what the phone reports, second by second. */
function play(phone: UnitPhone, state: AssignmentState, seconds: number, start = T0, change: (state: AssignmentState, second: number) => AssignmentState | null = (s) => s) {
  const reports: (PhoneReport & { second: number })[] = [];
  let current: AssignmentState | null = state;
  for (let second = 0; second < seconds; second++) {
    current = current === null || current === "cleared" || current === "declined" ? null : change(current, second);
    for (const report of phone.step(current === null ? null : { assignment: assignmentIn(current), place: SCENE }, true, start + second * 1000)) {
      reports.push({ ...report, second });
      current = report.type === "assignment.advance" ? report.to : "declined";
    }
  }
  return reports;
}
const told = (reports: readonly PhoneReport[]): string[] => reports.map((report) => (report.type === "assignment.advance" ? report.to : "declined"));
/** The first seed whose crew does not decline. */
const willing = (kind: Unit["kind"], findWay: FindWay = roads) => createUnitPhone(unitOf(kind), createRandom(5), findWay, T0);

describe("a crew", () => {
  it("acknowledges, goes, arrives when it can have arrived, and clears", () => {
    const phone = willing("patrol");
    const reports = play(phone, "assigned", 900);
    assert.deepEqual(told(reports), ["delivered", "acknowledged", "en-route", "on-scene", "cleared"]);
    const at = Object.fromEntries(reports.map((report, i) => [told(reports)[i], report.second]));
    const drive = at["on-scene"]! - at["en-route"]!;
    assert.ok(drive >= 0.75 * 91 - 2 && drive <= 92 + 2, `${drive} s`); // 912 m at 10 m/s, lights on
    assert.ok(at["cleared"]! - at["on-scene"]! >= 180);
  });
  it("is at the scene when it says so", () => {
    const phone = willing("fire-engine");
    const reports = play(phone, "assigned", 300);
    const arrived = reports.find((report) => told([report])[0] === "on-scene")!;
    assert.ok(distanceM(phone.locate(T0 + arrived.second * 1000).point, SCENE) < 1);
  });
  it("turns round when the work is gone, from where it is", () => {
    const phone = willing("patrol");
    play(phone, "assigned", 60, T0, (state, second) => (second < 55 ? state : null));
    const here = phone.locate(T0 + 60_000);
    assert.ok(here.speedMps === 0 && distanceM(here.point, HOME) > 20 && distanceM(here.point, SCENE) > 20);
  });
  it("follows the centre where a dispatcher is ahead", () => {
    const reports = play(willing("patrol"), "assigned", 600, T0, (state, second) => (second === 5 ? "on-scene" : state));
    assert.ok(!told(reports).includes("en-route"));
    assert.equal(told(reports).at(-1), "cleared");
  });
  it("goes on after a restart of the simulator from the assignment's state", () => {
    for (const state of ["delivered", "acknowledged", "en-route", "on-scene", "transporting"] as const) {
      const reports = play(willing("ambulance"), state, 1_500);
      assert.equal(told(reports).at(-1), "cleared", state);
      assert.ok(!told(reports).includes(state), state);
    }
  });
  it("goes on as the centre has it where its last word was not taken", () => {
    const phone = willing("patrol");
    const reports: PhoneReport[] = [];
    for (let second = 0; second < 1_600; second++) reports.push(...phone.step({ assignment: assignmentIn("on-scene"), place: SCENE }, true, T0 + second * 1000));
    assert.ok(reports.length >= 2 && told(reports).every((word) => word === "cleared"));
  });
  it("walks where no road leads", () => {
    const reports = play(willing("patrol", () => null), "assigned", 1_500);
    assert.ok(told(reports).includes("on-scene"));
  });
  it("declines now and then, and late acknowledgements happen", () => {
    const stories = Array.from({ length: 400 }, (_, seed) => play(createUnitPhone(unitOf("patrol"), createRandom(seed), roads, T0), "assigned", 90));
    const declined = stories.filter((reports) => told(reports).includes("declined")).length;
    const late = stories.filter((reports) => reports.some((report, i) => told(reports)[i] === "acknowledged" && report.second > 31)).length;
    assert.ok(declined > 0 && declined < 40, `${declined}`);
    assert.ok(late > 0 && late < 60, `${late}`);
  });
  it("patrols near its beat when idle, goes home when it has no beat, and stays put off duty", () => {
    const patrol = willing("patrol");
    let moved = 0;
    for (let second = 0; second < 1_800; second++) {
      patrol.step(null, true, T0 + second * 1000);
      const { point, speedMps } = patrol.locate(T0 + second * 1000);
      if (speedMps > 0) moved++;
      assert.ok(distanceM(point, HOME) < 1_700);
    }
    assert.ok(moved > 300);
    const crew = willing("platform-crew");
    play(crew, "assigned", 900);
    for (let second = 900; second < 1_500; second++) crew.step(null, true, T0 + second * 1000);
    assert.ok(distanceM(crew.locate(T0 + 1_500_000).point, HOME) < 1);
    const off = willing("patrol");
    for (let second = 0; second < 600; second++) off.step(null, false, T0 + second * 1000);
    assert.deepEqual(off.locate(T0 + 600_000).point, HOME);
  });
  it("does the same again from the same seed", () => {
    const once = () => play(createUnitPhone(unitOf("ambulance"), createRandom(11), roads, T0), "assigned", 1_500);
    assert.deepEqual(once(), once());
  });
});

describe("a trip", () => {
  const path = fc.array(fc.record({ lon: fc.double({ min: -56.2, max: -56.1, noNaN: true }), lat: fc.double({ min: -34.92, max: -34.85, noNaN: true }) }), { minLength: 1, maxLength: 12 });
  it("starts at the start, ends at the end, never jumps, never goes faster than a car can", () => {
    fc.assert(fc.property(path, fc.integer({ min: 0, max: 600_000 }), (points, durationMs) => {
      const trip = createTrip(points, durationMs, T0);
      assert.ok(distanceM(positionOnTrip(trip, T0 - 5).point, points[0]!) < 0.01 || points.length === 1);
      assert.ok(distanceM(positionOnTrip(trip, T0 + trip.durationMs).point, points.at(-1)!) < 0.01);
      for (let t = 0; t < trip.durationMs; t += Math.max(1_000, trip.durationMs / 50)) {
        const now = positionOnTrip(trip, T0 + t);
        const next = positionOnTrip(trip, T0 + t + 1_000);
        assert.ok(distanceM(now.point, next.point) <= 28.5);
        assert.ok(now.speedMps <= 28.5);
      }
    }));
  });
  it("needs a path", () => assert.throws(() => createTrip([], 1, 1), RangeError));
});
