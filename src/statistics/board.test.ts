import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import * as contract from "../contract/dispatch.ts";
import { type BoardInput, type ContactTimes, type IncidentTimes, boardOf, figureOf, startOfDay } from "./board.ts";
import type { MilestoneTime } from "./milestones.ts";

const T0 = 1_800_000_000_000;
const empty: BoardInput = { since: T0, at: T0 + 3_600_000, contacts: [], incidents: [], active: 0, unitsAvailable: 0, unitsTotal: 0 };
const mark = (state: string, seconds: number, deviceSeconds: number | null = null): MilestoneTime => ({ state, receivedAt: T0 + seconds * 1000, deviceAt: deviceSeconds === null ? null : T0 + deviceSeconds * 1000, entered: false });
const call = (over: Partial<ContactTimes>): ContactTimes => ({ source: "telephone", receivedAt: T0, answeredAt: null, abandonedAt: null, endedAt: null, ...over });
const incident = (over: Partial<IncidentTimes>): IncidentTimes => ({ firstContactAt: T0, createdAt: T0 + 40_000, answeredAt: T0 + 8_000, fromContact: true, needsUnits: true, assignments: [], ...over });

describe("a figure", () => {
  it("is by nearest rank: a value that occurred", () => {
    assert.deepEqual(figureOf([50, 10, 30, 20, 40]), { p50Ms: 30, p90Ms: 50, n: 5, missing: 0 });
    assert.deepEqual(figureOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), { p50Ms: 5, p90Ms: 9, n: 10, missing: 0 });
    assert.deepEqual(figureOf([7]), { p50Ms: 7, p90Ms: 7, n: 1, missing: 0 });
  });
  it("says what is missing, and has no value where there is none", () => {
    assert.deepEqual(figureOf([null, 5, null]), { p50Ms: 5, p90Ms: 5, n: 1, missing: 2 });
    assert.deepEqual(figureOf([]), { p50Ms: null, p90Ms: null, n: 0, missing: 0 });
  });
  it("has at least half of its values at or under p50, and nine in ten at or under p90", () => {
    fc.assert(fc.property(fc.array(fc.nat(1_000_000), { minLength: 1 }), (values) => {
      const { p50Ms, p90Ms } = figureOf(values);
      const share = (limit: number): number => values.filter((value) => value <= limit).length / values.length;
      assert.ok(share(p50Ms!) >= 0.5 && share(p90Ms!) >= 0.9 && values.includes(p50Ms!) && values.includes(p90Ms!));
    }));
  });
});

describe("the board", () => {
  it("measures each step between its two milestones", () => {
    const board = boardOf({
      ...empty,
      contacts: [call({ answeredAt: T0 + 8_000 })],
      incidents: [incident({ assignments: [[mark("assigned", 60), mark("delivered", 62), mark("acknowledged", 70), mark("en-route", 90), mark("on-scene", 300)], [mark("assigned", 55), mark("recalled", 57)]] })],
    });
    const p50 = (name: "answer" | "process" | "dispatch" | "acknowledge" | "turnout" | "travel" | "response"): [number | null, number, number] => [board[name].p50Ms, board[name].n, board[name].missing];
    assert.deepEqual(p50("answer"), [8_000, 1, 0]);
    assert.deepEqual(p50("process"), [32_000, 1, 0]);
    assert.deepEqual(p50("dispatch"), [15_000, 1, 0]); // to the first of the two
    assert.deepEqual(p50("acknowledge"), [10_000, 1, 1]);
    assert.deepEqual(p50("turnout"), [30_000, 1, 1]);
    assert.deepEqual(p50("travel"), [210_000, 1, 1]);
    assert.deepEqual(p50("response"), [300_000, 1, 0]); // from the contact's arrival
    contract.Board.parse(board);
  });
  const of = (...milestones: MilestoneTime[]) => boardOf({ ...empty, incidents: [incident({ assignments: [milestones] })] });
  const spans = (...milestones: MilestoneTime[]): (number | null)[] => {
    const { acknowledge, turnout, travel, response } = of(...milestones);
    return [acknowledge, turnout, travel, response].map((figure) => (figure.p50Ms === null ? null : figure.p50Ms / 1_000));
  };
  it("goes by when it happened where the device tells that, and by when we heard where nobody does", () => {
    const at = (...device: (number | null)[]) => spans(mark("assigned", 50), mark("acknowledged", 60, device[0]), mark("en-route", 200, device[1]), mark("on-scene", 400, device[2]));
    assert.deepEqual(at(null, null, null), [10, 150, 200, 400]);
    assert.deepEqual(at(60, 90, 300), [10, 40, 210, 300]); // a dead spot: two told late
  });
  it("measures by one clock, however wrong the device's is", () => {
    const at = (off: number) => spans(mark("assigned", 50), mark("acknowledged", 60, 60 + off), mark("en-route", 200, 90 + off), mark("on-scene", 400, 300 + off));
    for (const off of [0, -45, -3_600, 45, 3_600]) assert.deepEqual(at(off), [10, 40, 210, 300], `${off} s`);
  });
  it("goes by ours alone where the device's clock has jumped", () => {
    assert.deepEqual(spans(mark("assigned", 50), mark("acknowledged", 60, 60), mark("en-route", 200, 90), mark("on-scene", 400, 900)), [10, 150, 200, 400]);
  });
  it("a step told late without its time is missing, and never a travel of nothing", () => {
    const { travel, turnout, response } = of(mark("assigned", 50), mark("on-scene", 300), mark("en-route", 400));
    assert.deepEqual([travel, turnout, response.p50Ms], [{ p50Ms: null, p90Ms: null, n: 0, missing: 1 }, { p50Ms: null, p90Ms: null, n: 0, missing: 1 }, 300_000]);
    const told = of(mark("assigned", 50), mark("on-scene", 300, 300), mark("en-route", 400, 120));
    assert.deepEqual([told.travel.p50Ms, told.turnout.p50Ms], [180_000, 70_000]); // told late with its time
  });
  it("no span is negative or made up, whatever the clocks say", () => {
    const time = fc.integer({ min: 0, max: 2_000 });
    const milestone = fc.record({ state: fc.constantFrom("delivered", "acknowledged", "en-route", "staged", "on-scene", "cleared"), receivedAt: time, deviceAt: fc.option(time), entered: fc.boolean() });
    fc.assert(fc.property(fc.array(milestone, { maxLength: 8 }), (milestones) => {
      const board = of({ state: "assigned", receivedAt: 0, deviceAt: null, entered: false }, ...milestones.sort((a, b) => a.receivedAt - b.receivedAt));
      for (const figure of [board.acknowledge, board.turnout, board.travel]) {
        assert.ok(figure.n + figure.missing === 1 && (figure.p50Ms === null) === (figure.n === 0));
        assert.ok(figure.p50Ms === null || (figure.p50Ms >= 0 && figure.p50Ms <= 2_000));
      }
    }));
  });
  it("an answer before the call came in is missing", () => {
    assert.deepEqual(boardOf({ ...empty, contacts: [call({ answeredAt: T0 - 1 })] }).answer, { p50Ms: null, p90Ms: null, n: 0, missing: 1 });
  });
  it("counts what never got a unit as missing, and what needs none not at all", () => {
    const board = boardOf({ ...empty, incidents: [incident({}), incident({ needsUnits: false }), incident({ fromContact: false, answeredAt: null })] });
    assert.deepEqual([board.dispatch.missing, board.response.missing, board.process.n, board.process.missing], [2, 2, 2, 0]);
  });
  it("a job that waits stacked is no assignment of a unit yet", () => {
    const board = boardOf({ ...empty, incidents: [incident({ assignments: [[mark("proposed", 50)], [mark("proposed", 50), mark("assigned", 100), mark("acknowledged", 110)]] })] });
    assert.deepEqual([board.acknowledge, board.dispatch.p50Ms], [{ p50Ms: 10_000, p90Ms: 10_000, n: 1, missing: 0 }, 60_000]);
  });
  it("[FIG5] holds abandoned and forgotten calls against the answer target, and those that ring in their first seconds not", () => {
    const share = (...contacts: BoardInput["contacts"]): number | null => boardOf({ ...empty, contacts }).answerTarget.share;
    const at = empty.at;
    assert.equal(share(), null);
    assert.equal(share(call({ receivedAt: at - 5_000 })), null);
    assert.equal(share(call({ abandonedAt: T0 + 3_000 })), null);
    assert.equal(share(
      call({ answeredAt: T0 + 15_000 }), call({ answeredAt: T0 + 15_001 }), call({ abandonedAt: T0 + 40_000 }), call({}), call({ receivedAt: at - 5_000 }),
      call({ endedAt: T0 + 4_000 }), call({ source: "alarm" }), // answered elsewhere in time; nobody's call
    ), 0.25);
  });
});

describe("the start of a day", () => {
  const text = (at: number): string => new Date(at).toISOString();
  it("is midnight by the city's clocks", () => {
    assert.equal(text(startOfDay(Date.UTC(2026, 10, 22, 2, 30), "America/Montevideo")), "2026-11-21T03:00:00.000Z");
    assert.equal(text(startOfDay(Date.UTC(2026, 10, 22, 3, 0), "America/Montevideo")), "2026-11-22T03:00:00.000Z");
    assert.equal(text(startOfDay(Date.UTC(2026, 10, 22, 23, 59), "Asia/Shanghai")), "2026-11-22T16:00:00.000Z");
  });
  it("holds on the days when clocks change", () => {
    assert.equal(text(startOfDay(Date.UTC(2026, 2, 29, 20), "Europe/Lisbon")), "2026-03-29T00:00:00.000Z"); // 23 hours
    assert.equal(text(startOfDay(Date.UTC(2026, 9, 25, 23, 30), "Europe/Lisbon")), "2026-10-24T23:00:00.000Z"); // 25 hours
    assert.equal(text(startOfDay(Date.UTC(2026, 3, 5, 12), "America/Santiago")), "2026-04-05T04:00:00.000Z"); // clocks go back at midnight: the second one
  });
});
