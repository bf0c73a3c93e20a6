import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import * as contract from "../contract/figures.ts";
import { BAR_ENDS_MS, THRESHOLDS, countWithin, figureOfSpans, leastFor, percentileOf } from "./figures.ts";
import type { MilestoneTime } from "./milestones.ts";
import { CONTACT_SOURCES, INCIDENT_TYPES, UNIT_KINDS } from "../contract/dispatch.ts";
import { CLOCKS, DOUBTS, SPANS, judge, spansOfContact, spansOfIncident, spansOfJob as judgeJob, type ClockKind, type IncidentFacts, type JobFacts, type JudgedSpan } from "./spans.ts";

const T0 = 1_800_000_000_000;
const HOUR = 3_600_000;
const mark = (state: string, seconds: number, deviceSeconds: number | null = null): MilestoneTime => ({ state, receivedAt: T0 + seconds * 1000, deviceAt: deviceSeconds === null ? null : T0 + deviceSeconds * 1000, entered: false });
const job = (state: string, ...milestones: MilestoneTime[]): JobFacts => ({ state, milestones: [mark("assigned", 0), ...milestones] });
const counted = (ms: number, ...doubts: string[]) => ({ state: "counted", ms, entered: false, doubts });
const excluded = (reason: string, seconds: number | null = null) => ({ state: "excluded", reason, ms: seconds === null ? null : seconds * 1000, since: null, doubts: [] });
const goesOn = (seconds: number | null = null) => ({ ...excluded("under-way"), since: seconds === null ? null : T0 + seconds * 1000 });
const spansOfJob = (job: JobFacts, clock: ClockKind, incident: Partial<IncidentFacts> = {}) => judgeJob(job, { clock, endedAt: null, ending: null, jobs: [job], ...incident });
const missing = (milestone: string) => ({ state: "missing", milestone });

it("speaks the contract's words", () => {
  assert.deepEqual([contract.FIGURE_SPANS, contract.FIGURE_CLOCKS, contract.FIGURE_DOUBTS], [SPANS, CLOCKS, DOUBTS]);
});

describe("one span", () => {
  it("[FIG4] names what cannot be, and what looks wrong", () => {
    assert.deepEqual(judge(T0, T0 + 60_000, null), counted(60_000));
    assert.deepEqual(judge(T0, T0 - 5_000, null), { state: "excluded", reason: "negative", ms: -5_000, since: null, doubts: ["negative"] });
    assert.deepEqual(judge(T0, T0 + 24 * HOUR + 1, null), { state: "excluded", reason: "over-a-day", ms: 24 * HOUR + 1, since: null, doubts: ["over-a-day"] });
    assert.deepEqual(judge(T0, T0 + 999, null), counted(999, "same-second"));
    assert.deepEqual(judge(T0, T0 + 12 * HOUR + 1, null), counted(12 * HOUR + 1, "over-half-a-day"));
    assert.deepEqual(judge(T0, T0 + 60_000, T0 + 59_999), counted(60_000, "after-closing"));
  });
  it("[FIG4] whatever its ends, is counted between 0 and a day or excluded with the reason", () => {
    fc.assert(fc.property(fc.integer({ min: -3 * 24 * HOUR, max: 3 * 24 * HOUR }), (ms) => {
      const span = judge(T0, T0 + ms, null);
      assert.ok(span.state === "counted" ? span.ms >= 0 && span.ms <= 24 * HOUR : span.state === "excluded" && (ms < 0 || ms > 24 * HOUR));
    }));
  });
});

describe("a contact", () => {
  it("[FIG3] unanswered is under way, abandoned or taken elsewhere, never a time of 0", () => {
    const of = (answeredAt: number | null, abandonedAt: number | null, endedAt: number | null) => spansOfContact({ clock: "centre", arrivedAt: T0, answeredAt, abandonedAt, endedAt }).answer;
    assert.deepEqual([of(T0 + 8_000, null, T0 + 9_000), of(null, null, null), of(null, T0 + 30_000, T0 + 60_000), of(null, null, T0 + 20_000)], [counted(8_000), goesOn(0), excluded("abandoned", 30), excluded("elsewhere", 20)]);
  });
});

describe("a job", () => {
  it("[FIG3] done has every span, by the phone's clock put right", () => {
    const spans = spansOfJob(job("cleared", mark("acknowledged", 10, 1_010), mark("en-route", 40, 1_030), mark("on-scene", 400, 1_390), mark("cleared", 900, 1_900)), "centre");
    assert.deepEqual([spans.acknowledge, spans.turnout, spans.travel, spans["unit-response"], spans["on-scene"], spans.commitment], [counted(10_000), counted(30_000), counted(360_000), counted(390_000), counted(510_000), counted(900_000)]);
  });
  it("[FIG3] under way misses nothing that is still ahead; passed over, a step is missing", () => {
    const spans = spansOfJob(job("en-route", mark("en-route", 40)), "centre");
    assert.deepEqual([spans.acknowledge, spans.turnout, spans.travel, spans.commitment], [missing("acknowledged"), counted(40_000), goesOn(40), goesOn(0)]);
  });
  it("[FIG3] recalled, declined or lost before it was there is excluded by that name", () => {
    for (const state of ["recalled", "declined", "pre-empted", "lost"]) {
      const spans = spansOfJob(job(state, mark("en-route", 40), mark(state, 60)), "centre");
      assert.deepEqual([spans.turnout, spans.travel, spans.commitment], [counted(40_000), excluded(state, 20), excluded(state, 60)]);
    }
    assert.deepEqual(spansOfJob(job("recalled", mark("recalled", 660)), "centre").acknowledge, excluded("recalled", 660), "nobody acknowledged for eleven minutes");
  });
  it("[FIG3] a step that was passed is missing, however the job ended: nobody waited for it", () => {
    for (const state of ["recalled", "declined", "pre-empted", "lost", "cleared"]) {
      const { acknowledge, turnout, "on-scene": onScene, travel } = spansOfJob(job(state, mark("en-route", 10), mark(state, 2_400)), "centre");
      assert.deepEqual([acknowledge, turnout?.state], [missing("acknowledged"), "counted"]);
      if (state !== "cleared") assert.deepEqual([travel, onScene], [excluded(state, 2_390), excluded(state)], "and what it was ended from is as it was");
    }
  });
  it("[FIG3] recalled by a closing that says somebody was there, of whom nobody told it, misses its steps", () => {
    const sent = job("recalled", mark("acknowledged", 10), mark("en-route", 30), mark("recalled", 2_400));
    const closed = (disposition: string, jobs = [sent], endedAt = T0 + 2_400_000) => spansOfJob(sent, "centre", { endedAt, ending: { status: "closed", disposition }, jobs });
    assert.deepEqual([closed("arrest").travel, closed("arrest").commitment, closed("arrest").turnout], [missing("on-scene"), missing("cleared"), counted(30_000)]);
    for (const disposition of ["no-need", "duplicate", "unfounded"]) assert.deepEqual(closed(disposition).travel, excluded("recalled", 2_370));
    assert.deepEqual(closed("arrest", [sent, job("cleared", mark("on-scene", 300))]).travel, excluded("recalled", 2_370), "another unit was there");
    assert.deepEqual(closed("arrest", [sent], T0 + 3_000_000).travel, excluded("recalled", 2_370), "called back by a person before");
  });
  it("[FIG3] that only waited is no job of anybody's", () => {
    const waits = (state: string) => spansOfJob({ state, milestones: [mark("proposed", 0)] }, "centre").turnout;
    assert.deepEqual([waits("proposed"), waits("recalled")], [excluded("under-way"), excluded("waited")]);
  });
  it("[FIG7] of a log has that log's times, however they were received; what it does not tell is missing", () => {
    const replayed = { state: "cleared", milestones: [mark("assigned", 5e6), mark("sent", 5e6, 0), mark("en-route", 5e6, 90), mark("on-scene", 5e6, 80), mark("cleared", 5e6, 70)] };
    const spans = spansOfJob(replayed, "log");
    assert.deepEqual([spans.acknowledge, spans.turnout, spans["unit-response"]], [excluded("not-in-log"), counted(90_000, "after-closing"), counted(80_000, "after-closing")]);
    assert.deepEqual(spans.travel, { state: "excluded", reason: "negative", ms: -10_000, since: null, doubts: ["negative"] });
    assert.deepEqual(spansOfJob({ state: "recalled", milestones: [mark("assigned", 5e6), mark("sent", 5e6, 0)] }, "log").travel, missing("en-route"));
  });
});

describe("an incident", () => {
  const call = { arrivedAt: T0 - 60_000, answeredAt: T0 - 50_000, madeAt: T0 - 20_000 };
  const facts = (more: Partial<IncidentFacts>): IncidentFacts => ({ clock: "centre", arrivedAt: T0 - 60_000, call, needsUnits: true, endedAt: T0 + HOUR, ending: { status: "closed", disposition: "resolved" }, jobs: [], ...more });
  it("[FIG1] counts the response from the contact's arrival to the first unit there", () => {
    const spans = spansOfIncident(facts({ jobs: [job("cleared", mark("on-scene", 500), mark("cleared", 900)), job("cleared", mark("on-scene", 300), mark("cleared", 900))] }));
    assert.deepEqual([spans.process, spans.handling, spans.response], [counted(30_000), counted(50_000), counted(360_000)]);
  });
  it("[FIG3] says why there is no response: nobody needed, under way, all recalled, or missing", () => {
    const response = (more: Partial<IncidentFacts>) => spansOfIncident(facts(more)).response;
    const [recalled, cancelled] = [job("recalled", mark("recalled", 9)), { endedAt: T0 + 9_000, ending: { status: "cancelled", disposition: null } }];
    assert.deepEqual(response({ needsUnits: false }), excluded("nobody-needed"));
    assert.deepEqual(response({ endedAt: null, ending: null }), goesOn(-60));
    assert.deepEqual([response({ jobs: [recalled], ...cancelled }), response(cancelled)], [excluded("cancelled", 69), excluded("cancelled", 69)]);
    assert.deepEqual(response({ jobs: [recalled] }), missing("on-scene"), "resolved, they say, and nobody told to have been there");
    assert.deepEqual(response({ jobs: [recalled], ending: { status: "closed", disposition: "no-need" } }), excluded("cancelled", 3_660));
    assert.deepEqual(response({ jobs: [job("cleared", mark("cleared", 9))] }), missing("on-scene"));
    assert.deepEqual(spansOfIncident(facts({ call: null })).process, excluded("no-call"));
    assert.deepEqual(spansOfIncident(facts({ call: { ...call, answeredAt: null } })).process, missing("answered"));
  });
  it("[FIG4] somebody who was sent before there was a call was sent without one", () => {
    assert.deepEqual(spansOfIncident(facts({ call: { arrivedAt: T0 + 5_000, answeredAt: T0 + 9_000, madeAt: T0 + 20_000 }, jobs: [job("cleared")] })).handling, excluded("no-call"));
  });
});

describe("what somebody at a desk entered for a unit", () => {
  const entered = (one: MilestoneTime): MilestoneTime => ({ ...one, entered: true });
  const isEntered = (span: JudgedSpan | undefined): boolean | undefined => (span?.state === "counted" ? span.entered : undefined);
  it("[FIG9] marks each span that begins or ends with it, and no other", () => {
    const one = job("cleared", mark("acknowledged", 10), mark("en-route", 30), entered(mark("on-scene", 300)), mark("cleared", 900));
    const spans = spansOfJob(one, "centre");
    assert.deepEqual((["acknowledge", "turnout", "travel", "unit-response", "on-scene", "commitment"] as const).map((name) => isEntered(spans[name])), [false, false, true, true, true, false]);
  });
  it("[FIG9] marks a response by the arrival that was first", () => {
    const of = (...jobs: JobFacts[]) => isEntered(spansOfIncident({ clock: "centre", arrivedAt: T0 - 60_000, call: null, needsUnits: true, endedAt: null, ending: null, jobs }).response);
    const told = job("on-scene", mark("on-scene", 400));
    assert.deepEqual([of(told), of(told, job("on-scene", entered(mark("on-scene", 300)))), of(told, job("on-scene", entered(mark("on-scene", 500))))], [false, true, false]);
  });
  it("[FIG9] is counted in a figure, beside how many there are", () => {
    const figure = figureOfSpans([judge(T0, T0 + 60_000, null), judge(T0, T0 + 90_000, null, true), { state: "missing", milestone: "on-scene" }]);
    assert.deepEqual([figure.n, figure.entered], [2, 1]);
  });
});

describe("a figure", () => {
  const spans = (...values: number[]): JudgedSpan[] => values.map((ms) => ({ state: "counted", ms, entered: false, doubts: [] }));
  it("[FIG2] tells a percentile only where values lie beyond it", () => {
    assert.deepEqual([leastFor("p50"), leastFor("p90"), leastFor("p95")], [2, 10, 20]);
    const of = (n: number) => figureOfSpans(spans(...Array.from({ length: n }, (_, i) => i + 1)));
    assert.deepEqual([of(1), of(9), of(10), of(20)].map(({ n, p50Ms, p90Ms, p95Ms }) => [n, p50Ms, p90Ms, p95Ms]), [[1, null, null, null], [9, 5, null, null], [10, 5, 9, null], [20, 10, 18, 19]]);
  });
  it("[FIG2] at least so many of its values are at or under it, and it is one of them", () => {
    fc.assert(fc.property(fc.array(fc.nat(1e6), { minLength: 20 }), (values) => {
      const sorted = values.toSorted((a, b) => a - b);
      for (const [name, share] of [["p50", 0.5], ["p90", 0.9], ["p95", 0.95]] as const) {
        const value = percentileOf(sorted, name)!;
        assert.ok(values.includes(value) && values.filter((one) => one <= value).length / values.length >= share && values.filter((one) => one < value).length / values.length < share);
      }
    }));
  });
  it("[FIG3] says what is missing and excluded, each by its reason, and what is doubtful", () => {
    const figure = figureOfSpans([...spans(5, 6), { state: "missing", milestone: "on-scene" }, judge(T0, T0 - 1, null), { state: "excluded", reason: "recalled", ms: null, since: null, doubts: [] }]);
    assert.deepEqual([figure.n, figure.missing, figure.missingBy, figure.excludedBy, figure.doubtful], [2, 1, { "on-scene": 1 }, { negative: 1, recalled: 1 }, { negative: 1 }]);
  });
  it("[FIG5] thresholds each have a source, an edition and a date, and an id of their own", () => {
    assert.equal(new Set(THRESHOLDS.map(({ id }) => id)).size, THRESHOLDS.length);
    for (const { id, source, edition, entered, published, withinMs, wanted } of THRESHOLDS) {
      assert.ok(source !== "" && edition !== "" && /^\d{4}-\d\d-\d\d$/.test(published ?? entered) && withinMs > 0 && (wanted === null || (wanted > 0 && wanted < 1)), id);
    }
    assert.ok(BAR_ENDS_MS.every((end, i) => i === 0 || end > BAR_ENDS_MS[i - 1]!));
  });
  it("[FIG5] whoever waited for longer than the threshold has failed it, however the wait ended; who waited shorter counts in neither", () => {
    const waited = (reason: string, ms: number | null, since: number | null = null) => ({ state: "excluded", reason, ms, since, doubts: [] }) as JudgedSpan;
    const counts = (...more: JudgedSpan[]) => Object.values(countWithin([...spans(15_000, 15_001), ...more], 15_000, T0 + 60_000));
    assert.deepEqual(counts(), [1, 2, 0]);
    assert.deepEqual(counts(waited("abandoned", 15_001), waited("abandoned", 15_000)), [1, 3, 0]);
    assert.deepEqual(counts(waited("under-way", null, T0), waited("under-way", null, T0 + 50_000)), [1, 3, 0]);
    assert.deepEqual(counts(waited("nobody-needed", null), waited("over-a-day", 2e8)), [1, 3, 0]);
    assert.deepEqual(counts(judge(T0, T0 - 1, null), { state: "missing", milestone: "on-scene" }), [1, 2, 2]);
  });
  it("[FIG5] with the missing as late, no truth gives a smaller share", () => {
    const truth = fc.record({ ms: fc.nat(30_000), cut: fc.option(fc.nat(30_000)), told: fc.boolean() });
    fc.assert(fc.property(fc.array(truth, { minLength: 1 }), (calls) => {
      const known = calls.map(({ ms, cut, told }): JudgedSpan => (cut !== null && cut < ms ? { state: "excluded", reason: "recalled", ms: cut, since: null, doubts: [] } : told ? judge(T0, T0 + ms, null) : { state: "missing", milestone: "on-scene" }));
      const { within, n, missing } = countWithin(known, 15_000, T0);
      const decided = calls.filter(({ ms, cut }) => cut === null || cut >= ms || cut > 15_000);
      const truly = decided.filter(({ ms, cut }) => ms <= 15_000 && (cut === null || cut >= ms)).length;
      assert.equal(n + missing, decided.length);
      assert.ok(within <= truly && truly <= within + missing);
    }));
  });
  it("[FIG5] every type of incident is judged by somebody's threshold", () => {
    const judged = new Set(THRESHOLDS.flatMap(({ scope }) => scope.incidentTypes ?? []));
    assert.deepEqual(Object.keys(INCIDENT_TYPES).filter((type) => !judged.has(type)), []);
  });
  it("[FIG5] a threshold is about those whom it names: words of dispatch, each with spans of theirs", () => {
    const about = { answer: "sources", turnout: "unitKinds", travel: "unitKinds", acknowledge: "unitKinds", handling: "incidentTypes", response: "incidentTypes" } as const;
    const words = { sources: CONTACT_SOURCES, unitKinds: UNIT_KINDS, incidentTypes: Object.keys(INCIDENT_TYPES) } as Record<string, readonly string[]>;
    for (const { id, span, scope } of THRESHOLDS) {
      assert.deepEqual(Object.keys(scope), [about[span as keyof typeof about]], id);
      for (const [of, named] of Object.entries(scope) as [string, readonly string[]][]) assert.deepEqual(named.filter((word) => !words[of]!.includes(word)), [], id);
    }
  });
});
