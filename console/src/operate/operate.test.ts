import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { completeLine, parseLine, VERBS, type LineContext, type Verb } from "./command-line.ts";
import { findBeginning } from "./beginning.ts";
import { distanceM } from "./distance.ts";
import { findFarFromPhone } from "./phone-area.ts";
import { findFirst } from "./first-taken.ts";
import { fillReason, sayReason } from "./reason-text.ts";
import { en as reasons } from "./reasons.en.ts";
import { stableOrder } from "./stable-order.ts";
import { timelineText } from "./timeline-text.ts";
import { blinking, compareContacts, contactMark, findMeantJob, incidentMark, isCallBackOverdue, isFree, isGoing, missingWordOf, needsDisposition, putOwnFirst, sortIncidents, sortUnits, unitMark, type AssignmentView, type ContactView, type IncidentView, type UnitView } from "./tones.ts";
import { en } from "./words.en.ts";
import { en as domain } from "../words/domain.en.ts";
import { createFormat } from "../words/format.ts";

const context: LineContext = {
  endedCall: { id: 9, caller: "099 1", how: "Prank" },
  people: [{ id: 2, name: "Ben" }, { id: 3, name: "Ben Ode" }],
  units: [{ id: 12, callSign: "E12", free: true }, { id: 7, callSign: "P07", free: false }],
  incidents: [{ id: 3, number: 1042, open: true }, { id: 2, number: 1039, open: true }],
  selected: { id: 3, number: 1042, open: true }, callInHand: 8, platforms: [{ id: 4, code: "P12", name: "Plaza" }],
};

describe("the command line", () => {
  it("sends units to the selected incident, each once", () => {
    assert.deepEqual(parseLine("send e12, P07 E12", context), { state: "ready", line: { kind: "send", unitIds: [12, 7], callSigns: ["E12", "P07"], incidentId: 3, number: 1042 } });
  });
  it("sends to another by its number, in both languages", () => {
    for (const text of ["s E12 to 1039", "s E12 to #1039", "派 E12 到 1039"]) {
      const parsed = parseLine(text, context);
      assert.ok(parsed.state === "ready" && parsed.line.kind === "send" && parsed.line.incidentId === 2, text);
    }
  });
  it("a number alone opens the incident", () => assert.deepEqual(parseLine("#1039", context), { state: "ready", line: { kind: "go", incidentId: 2, number: 1039 } }));
  it("what is no verb is a place", () => assert.deepEqual(parseLine("18 de Julio 1360", context), { state: "ready", line: { kind: "find", query: "18 de Julio 1360" } }));
  it("a verb that is also the beginning of a place's name acts on units alone: with anything else after it, it is the place", () => {
    for (const text of ["clear lake", "route 9", "Cover Street 4", "safe harbour", "scene theatre", "transport museum", "staged lane", "Well Lane"]) assert.deepEqual(parseLine(text, context), { state: "ready", line: { kind: "find", query: text } }, text);
    assert.deepEqual(parseLine("cover street", { ...context, selected: null }).state, "ready");
    assert.deepEqual([parseLine("clear", context), parseLine("recall X9 lost", context)], [{ state: "needs", verb: "clear", what: "unit" }, { state: "fault", fault: "no-such-unit", value: "X9" }]);
  });
  it("an incident that this page does not know is asked for: it may have ended", () => {
    for (const text of ["go 7", "7", "#7"]) assert.deepEqual(parseLine(text, context), { state: "ready", line: { kind: "go", incidentId: null, number: 7 } }, text);
  });
  it("enters for a unit what it says over the radio", () => {
    for (const [text, step] of [["ack p07", "ack"], ["出发 P07", "route"], ["staged P07", "staged"], ["scene P07", "scene"], ["transport P07", "transport"], ["完成 P07", "clear"]] as const) assert.deepEqual(parseLine(text, context), { state: "ready", line: { kind: "step", step, unitId: 7, callSign: "P07" } }, text);
    assert.deepEqual(completeLine("scene ", context, "en").map(({ label }) => label), ["P07", "E12"], "those that are on a job first");
    assert.deepEqual([parseLine("well P07", context), parseLine("heard p07 by radio", context)], ["", "by radio"].map((words) => ({ state: "ready", line: { kind: "well", unitId: 7, callSign: "P07", words } })), "words are welcome, not asked for");
    assert.deepEqual(parseLine("平安 P07", context), parseLine("well P07", context));
    assert.deepEqual([parseLine("safe P07", context), parseLine("safe P07 pressed by mistake", context)], [{ state: "needs", verb: "safe", what: "words" }, { state: "ready", line: { kind: "safe", unitId: 7, callSign: "P07", words: "pressed by mistake" } }]);
  });
  it("attaches the call in hand, sends to cover, reopens what has ended and says where nobody needs to go", () => {
    assert.deepEqual(parseLine("attach 1039", context), { state: "ready", line: { kind: "attach", contactId: 8, incidentId: 2, number: 1039 } });
    assert.deepEqual(parseLine("attach 1039", { ...context, callInHand: null }), { state: "fault", fault: "no-call-in-hand", value: "" });
    assert.deepEqual(parseLine("cover E12 p12", context), { state: "ready", line: { kind: "cover", unitId: 12, callSign: "E12", platformId: 4, platform: "P12", incidentId: 3, number: 1042 } });
    assert.deepEqual([parseLine("cover E12", context), parseLine("cover E12 X", context)], [{ state: "needs", verb: "cover", what: "platform" }, { state: "fault", fault: "no-such-platform", value: "X" }]);
    const ended: LineContext = { ...context, selected: { id: 3, number: 1042, open: false } };
    assert.deepEqual([parseLine("reopen it burns again", ended).state, parseLine("reopen x", context), parseLine("nounit a drill", context).state, parseLine("nounit a drill", ended)], ["ready", { state: "fault", fault: "incident-open", value: "1042" }, "ready", { state: "fault", fault: "incident-ended", value: "1042" }]);
  });
  it("gives a unit that is busy an incident as its next job", () => {
    assert.deepEqual(parseLine("next p07", context), { state: "ready", line: { kind: "next", unitIds: [7], callSigns: ["P07"], incidentId: 3, number: 1042 } });
    assert.deepEqual(parseLine("待派 P07 到 1039", context), { state: "ready", line: { kind: "next", unitIds: [7], callSigns: ["P07"], incidentId: 2, number: 1039 } });
    assert.deepEqual(completeLine("next ", context, "en").map(({ label }) => label), ["P07", "E12"], "the busy ones first");
  });
  it("takes up again the call that was ended last, with a word why", () => {
    assert.deepEqual(parseLine("again wrong key", context), { state: "ready", line: { kind: "again", contactId: 9, caller: "099 1", how: "Prank", words: "wrong key" } });
    assert.deepEqual([parseLine("恢复", context), parseLine("again x", { ...context, endedCall: null })], [{ state: "needs", verb: "again", what: "words" }, { state: "fault", fault: "no-ended-call", value: "" }]);
  });
  it("says what is missing", () => {
    assert.deepEqual(parseLine("send", context), { state: "needs", verb: "send", what: "unit" });
    assert.deepEqual(parseLine("close", context), { state: "needs", verb: "close", what: "disposition" });
    assert.deepEqual(parseLine("recall P07", context), { state: "needs", verb: "recall", what: "words" });
    assert.deepEqual(parseLine("  ", context), { state: "empty" });
  });
  it("says what is wrong", () => {
    assert.deepEqual(parseLine("send X9", context), { state: "fault", fault: "no-such-unit", value: "X9" });
    assert.deepEqual(parseLine("note fire on 2nd floor", { ...context, selected: null }), { state: "fault", fault: "no-incident-selected", value: "" });
    assert.deepEqual(parseLine("close maybe", context), { state: "fault", fault: "no-such-disposition", value: "maybe" });
    assert.deepEqual(parseLine("go nowhere", context), { state: "fault", fault: "no-such-incident", value: "nowhere" });
  });
  it("ties the selected incident to another, with words for both", () => {
    assert.deepEqual(parseLine("merge #1039 same smoke", context), { state: "ready", line: { kind: "merge", incidentId: 3, number: 1042, otherId: 2, otherNumber: 1039, words: "same smoke" } });
    assert.deepEqual(parseLine("merge T1039 same smoke", context), parseLine("merge #1039 same smoke", context), "as training says its numbers");
    assert.deepEqual(parseLine("并入", context).state, "ready"); // no verb: a place
    assert.deepEqual(parseLine("合并", context), { state: "needs", verb: "merge", what: "number" });
    assert.deepEqual(parseLine("link 7", context), { state: "fault", fault: "no-such-incident", value: "7" });
    assert.deepEqual(parseLine("major flood", { ...context, selected: null }), { state: "fault", fault: "no-incident-selected", value: "" });
    assert.deepEqual(parseLine("room", context), { state: "ready", line: { kind: "room", incidentId: 3, number: 1042 } });
  });
  it("takes a unit from its job only with a reason", () => {
    assert.deepEqual(parseLine("preempt P07", context), { state: "needs", verb: "preempt", what: "words" });
    assert.deepEqual(parseLine("preempt p07 nearest", context), { state: "ready", line: { kind: "preempt", unitId: 7, callSign: "P07", incidentId: 3, number: 1042, words: "nearest" } });
    assert.deepEqual(parseLine("lost P07 radio silent", context), { state: "ready", line: { kind: "lost", unitId: 7, callSign: "P07", words: "radio silent" } });
    assert.deepEqual(completeLine("preempt ", context, "en").map((c) => c.label), ["P07"]);
  });
  it("hands over to a person by name, the longest that fits", () => {
    assert.deepEqual(parseLine("handover ben ode end of shift", context), { state: "ready", line: { kind: "handover", userId: 3, name: "Ben Ode", words: "end of shift" } });
    assert.deepEqual(parseLine("handover Ben", context), { state: "ready", line: { kind: "handover", userId: 2, name: "Ben", words: "" } });
    assert.deepEqual(parseLine("handover Zoe", context), { state: "fault", fault: "no-such-person", value: "Zoe" });
  });
  it("closes with a code and words", () => assert.deepEqual(parseLine("c resolved all well", context), { state: "ready", line: { kind: "close", disposition: "resolved", words: "all well", incidentId: 3, number: 1042 } }));
  it("no word stands for two verbs", () => {
    const words = Object.values(VERBS).flat();
    assert.equal(new Set(words).size, words.length);
  });
  it("shows what a unit reaches", () => {
    assert.deepEqual(parseLine("reach e12", context), { state: "ready", line: { kind: "reach", unitId: 12, callSign: "E12" } });
    assert.deepEqual(parseLine("可达", context), { state: "needs", verb: "reach", what: "unit" });
    assert.deepEqual(completeLine("reach ", context, "en").map((c) => c.label), ["E12", "P07"]);
  });
  it("completes verbs, units that are free first, codes and numbers", () => {
    assert.deepEqual(completeLine("se", context, "en").map((c) => c.line), ["send "]);
    assert.deepEqual(completeLine("send ", context, "en").map((c) => c.label), ["E12", "P07"]);
    assert.deepEqual(completeLine("close re", context, "en").map((c) => c.line), ["close resolved ", "close report-taken "]);
    assert.deepEqual(completeLine("go 10", context, "en").map((c) => c.label), ["1042", "1039"]);
    assert.deepEqual(completeLine("派", context, "zh").map((c) => c.label), ["派出"]);
    assert.deepEqual(completeLine("", context, "en"), []);
  });
  it("never throws, and every completion parses on", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...(Object.keys(VERBS) as Verb[])).chain((verb) => fc.string().map((rest) => `${verb} ${rest}`))), (text) => {
        parseLine(text, context);
        for (const completion of completeLine(text, context, "en")) assert.notEqual(parseLine(completion.line, context).state, "empty");
      }),
    );
  });
});

describe("lists keep still under the pointer", () => {
  it("what is shown keeps its place, what is new comes at the end", () => {
    assert.deepEqual(stableOrder([3, 1, 2], [4, 2, 3], true), [3, 1, 2, 4]);
    assert.deepEqual(stableOrder([3, 1, 2], [4, 2, 3], false), [4, 2, 3]);
  });
  it("holding never moves a row that was there", () => {
    const ids = fc.uniqueArray(fc.nat(50));
    fc.assert(fc.property(ids, ids, (shown, wanted) => {
      const order = stableOrder(shown, wanted, true);
      assert.deepEqual(order.slice(0, shown.length), shown);
      assert.ok(wanted.every((id) => order.includes(id)));
      assert.equal(new Set(order).size, order.length);
    }));
  });
});

const contact = (change: Partial<ContactView>): ContactView => ({ id: 1, state: "ringing", receivedAt: 0, dueAt: null, ...change }) as ContactView;
const unit = (change: Partial<UnitView>): UnitView => ({ id: 1, availability: "available", emergency: false, activeAssignmentId: null, shiftStartsAt: null, shiftEndsAt: null, ...change }) as UnitView;
const assignment = (change: Partial<AssignmentView>): AssignmentView => ({ id: 1, state: "sent", acknowledgeOverdue: false, ...change }) as AssignmentView;
const incident = (change: Partial<IncidentView>): IncidentView => ({ id: 1, status: "active", type: "theft", shortfall: null, ...change }) as IncidentView;

describe("marks", () => {
  it("a ring is a decision, after 15 s it is late", () => {
    assert.equal(contactMark(contact({}), 15_000).tone, "decide");
    assert.equal(contactMark(contact({}), 15_001).tone, "danger");
    assert.equal(contactMark(contact({ state: "abandoned", dueAt: 100 }), 50).tone, "decide");
    assert.equal(contactMark(contact({ state: "abandoned", dueAt: 100 }), 101).tone, "danger");
  });
  it("an incident that nobody goes to asks, then is overdue", () => {
    const shortfall = { missing: 1, since: 0, dueAt: 60_000, reminders: 0 };
    assert.equal(incidentMark(incident({ shortfall }), [], 1_000).tone, "decide");
    assert.equal(incidentMark(incident({ shortfall }), [], 60_001).tone, "danger");
    assert.equal(incidentMark(incident({}), [assignment({ state: "en-route" })], 0).tone, "moving");
    assert.equal(incidentMark(incident({}), [assignment({ state: "en-route" }), assignment({ state: "on-scene" })], 0).tone, "scene");
    assert.deepEqual(incidentMark(incident({}), [assignment({ state: "cleared" })], 0), { tone: "decide", letter: "D" }, "everybody is done: it waits for its disposition");
    assert.equal(incidentMark(incident({ status: "closed", shortfall }), [], 99_999_999).tone, "off");
  });
  it("a unit that leaves its word out is red in the list where it is urgent: of priority 1 and 2, of a crew on scene, or gone up", () => {
    const late = (stage: "heard" | "welfare" | "acknowledge", goneUp = false) => assignment({ state: "en-route", unanswered: { stage, since: 0, times: 1, dueAt: 9, goneUp } });
    const mark = (priority: number, job: AssignmentView) => incidentMark(incident({ priority }), [job], 0);
    assert.deepEqual([1, 2, 3, 4].map((priority) => mark(priority, late("heard")).tone), ["danger", "danger", "moving", "moving"]);
    assert.deepEqual([mark(4, late("welfare")), mark(4, late("heard", true))], [{ tone: "danger", letter: "?" }, { tone: "danger", letter: "?" }]);
    assert.deepEqual(unitMark(unit({}), late("acknowledge"), 0), { tone: "danger", letter: "?" });
    assert.equal(needsDisposition(incident({}), [late("heard", true)]), false, "a unit that does not answer is no reason to close");
    assert.equal(isGoing(late("heard", true)), false);
    assert.ok(isGoing(late("heard")) && isGoing({ ...late("welfare", true), state: "transporting" }) && !isGoing(assignment({ state: "proposed" })));
  });
  it("one key answers for the chosen unit and no other; with none chosen, for the only one of the incident that leaves its word out", () => {
    const late = { stage: "heard" as const, since: 0, times: 1, dueAt: 9, goneUp: false };
    const jobs = new Map([assignment({ id: 1, unanswered: null, silentSince: null }), assignment({ id: 2, unanswered: late }), assignment({ id: 3, unanswered: late }), assignment({ id: 4, state: "recalled", unanswered: late })].map((one) => [one.id, one]));
    const meant = (chosen: UnitView | undefined, ids: number[] | null) => {
      const found = findMeantJob(chosen, ids === null ? undefined : incident({ assignmentIds: ids }), jobs);
      return found.job?.id ?? (found as { because: string }).because;
    };
    const on = (active: number | null) => unit({ activeAssignmentId: active });
    assert.deepEqual([meant(on(3), [1, 2]), meant(on(3), null)], [3, 3], "its own job, whatever else is silent");
    assert.deepEqual([meant(on(1), [1, 2, 3]), meant(on(null), [2]), meant(on(4), [2])], ["answers", "answers", "answers"], "E3 is not recalled because P12, which is chosen, answers");
    assert.deepEqual([meant(undefined, [1, 2, 4]), meant(undefined, [1, 2, 3]), meant(undefined, [1, 4]), meant(undefined, null)], [2, "several", "nobody", "nobody"]);
  });
  it("of what is missing, silence on the way says more than that a unit is late", () => {
    assert.equal(missingWordOf(assignment({ silentSince: null, unanswered: null })), null);
    assert.deepEqual(missingWordOf(assignment({ silentSince: 5, unanswered: { stage: "turn-out", since: 1, times: 2, dueAt: 9, goneUp: false } })), { stage: "heard", since: 5 });
    assert.equal(missingWordOf(assignment({ silentSince: null, unanswered: { stage: "welfare", since: 1, times: 2, dueAt: 9, goneUp: false } }))?.stage, "welfare");
  });
  it("a panic button, and what its sender calls of the first priority, stands before all that rings or waits to be called back, once it is taken no more", () => {
    const signal = (priorityHint: number): ContactView["signal"] => ({ kind: "duress", priorityHint, code: null, site: null, door: null, cameraIds: [] });
    const rows = [contact({ id: 1, receivedAt: 0 }), contact({ id: 2, receivedAt: 9, source: "panic-button" }), contact({ id: 3, receivedAt: 5, signal: signal(2) }), contact({ id: 4, receivedAt: 7, signal: signal(1) }), contact({ id: 5, state: "claimed", source: "panic-button" })];
    assert.deepEqual(rows.sort(compareContacts).map(({ id }) => id), [4, 2, 1, 3, 5]);
  });
  it("an officer's emergency is above everything a unit does", () => {
    assert.equal(unitMark(unit({ emergency: true }), assignment({ state: "on-scene" }), 0).tone, "danger");
    assert.equal(unitMark(unit({}), assignment({ acknowledgeOverdue: true }), 0).tone, "danger");
    assert.equal(unitMark(unit({}), assignment({ state: "cleared" }), 0).tone, "free");
    assert.equal(unitMark(unit({ availability: "not-available" }), undefined, 0).tone, "off");
  });
  it("[SHF5] a unit off shift is grey and not free; one with a job shows the job", () => {
    const off = unit({ shiftStartsAt: 0, shiftEndsAt: 1_000 });
    assert.deepEqual([unitMark(off, undefined, 999).tone, unitMark(off, undefined, 1_000), unitMark(off, assignment({ state: "en-route" }), 1_000).tone], ["free", { tone: "off", letter: "O" }, "moving"]);
    assert.deepEqual([isFree(off, 999), isFree(off, 1_000)], [true, false]);
  });
  it("at most one thing blinks", () => {
    const late = [contact({ id: 5, receivedAt: 100 }), contact({ id: 4, receivedAt: 0 })];
    assert.deepEqual(blinking([unit({ id: 9, emergency: true })], late, 60_000), { kind: "unit", id: 9 });
    assert.deepEqual(blinking([unit({})], late, 60_000), { kind: "contact", id: 4 });
    assert.equal(blinking([unit({})], late, 10_000), null);
    assert.deepEqual(blinking([unit({})], late, 10_000, 3), { kind: "incident", id: 3 });
    assert.deepEqual(blinking([unit({})], late, 60_000, 3), { kind: "contact", id: 4 }, "a call that rings comes before it");
  });
  it("ringing comes before abandoned before taken; the longest ring on top", () => {
    const rows = [contact({ id: 1, state: "claimed", receivedAt: 9 }), contact({ id: 2, state: "abandoned", dueAt: 5 }), contact({ id: 3, receivedAt: 1 }), contact({ id: 4, receivedAt: 2 })];
    assert.deepEqual(rows.sort(compareContacts).map((c) => c.id), [3, 4, 2, 1]);
  });
  it("of those to call back, who has waited longest stands first, whenever it is due next", () => {
    const rows = [contact({ id: 1, state: "abandoned", receivedAt: 5, dueAt: 10 }), contact({ id: 2, state: "abandoned", receivedAt: 1, dueAt: 90 })];
    assert.deepEqual(rows.sort(compareContacts).map((c) => c.id), [2, 1]);
  });
  it("the call in one's own hand stands before a dozen that ring; another's does not", () => {
    const by = (id: number): ContactView["claimedBy"] => ({ kind: "user", id, name: "n" });
    const rows = [contact({ id: 1 }), contact({ id: 2, state: "abandoned" }), contact({ id: 3, state: "claimed", claimedBy: by(8) }), contact({ id: 4, state: "claimed", claimedBy: by(7) }), contact({ id: 5, state: "ended", claimedBy: by(7) })];
    assert.deepEqual(putOwnFirst(rows, 7).map((c) => c.id), [4, 1, 2, 3, 5]);
    assert.deepEqual(putOwnFirst(rows, null).map((c) => c.id), [1, 2, 3, 4, 5]);
  });
  it("a call whose call-back is overdue stays so, however often the supervisor is told again", () => {
    const told = contact({ state: "abandoned", owner: "supervisor", dueAt: 900_000 });
    assert.deepEqual([isCallBackOverdue(told, 600_000), contactMark(told, 600_000).tone], [true, "danger"]);
    assert.deepEqual([600_000, 900_001].map((now) => isCallBackOverdue(contact({ state: "abandoned", owner: "call-desk", dueAt: 900_000 }), now)), [false, true]);
    assert.equal(isCallBackOverdue(contact({ state: "claimed", owner: "supervisor", dueAt: 1 }), 600_000), false);
  });
});

describe("what asks for most stands first", () => {
  const short = { missing: 1, since: 0, dueAt: 60_000, reminders: 0 };
  const jobs = new Map<number, readonly AssignmentView[]>([[1, [assignment({ state: "en-route" })]], [2, [assignment({ state: "cleared" })]]]);
  const order = (incidents: readonly IncidentView[], now: number): number[] => sortIncidents(incidents, (i) => jobs.get(i.id) ?? [], now).map((i) => i.id);
  const all = [
    incident({ id: 1, priority: 1, firstContactAt: 0 }), incident({ id: 2, priority: 3, firstContactAt: 0 }), incident({ id: 3, priority: 4, firstContactAt: 0, shortfall: { ...short, dueAt: 600_000 } }),
    incident({ id: 4, priority: 2, firstContactAt: 0, shortfall: short }),
  ];
  it("late, then short of units, then done and to be closed, then under way; the priority counts within these", () => {
    assert.deepEqual(order(all, 60_001), [4, 3, 2, 1]);
    assert.deepEqual(order([...all, incident({ id: 5, priority: 1, firstContactAt: 9, shortfall: short })], 60_001), [5, 4, 3, 2, 1]);
  });
  it("of the same, who has waited longest", () => assert.deepEqual(order([incident({ id: 8, priority: 2, firstContactAt: 5 }), incident({ id: 9, priority: 2, firstContactAt: 4 })], 10), [9, 8]));

  const units = [unit({ id: 1, callSign: "A10" }), unit({ id: 2, callSign: "A9" }), unit({ id: 3, callSign: "P1" }), unit({ id: 4, callSign: "E1", emergency: true }), unit({ id: 5, callSign: "B1" })];
  const placeOf = (u: UnitView) => ({ tone: u.emergency ? "danger" : u.id === 3 ? "moving" : u.id === 5 ? "off" : "free", incidentId: u.id === 3 ? 7 : null }) as const;
  it("units without an incident in hand: by state, then by call sign as people count", () => assert.deepEqual(sortUnits(units, placeOf, null).map((u) => u.id), [4, 3, 2, 1, 5]));
  it("units with one: trouble, those on it, then who can be there first, by road where that is known", () => {
    const way = new Map([[1, { seconds: 60, metres: 900 }], [2, { seconds: 90, metres: 100 }], [3, { seconds: null, metres: 5_000 }], [5, { seconds: null, metres: 10 }]]);
    assert.deepEqual(sortUnits(units, placeOf, { incidentId: 7, wayOf: (u) => way.get(u.id) }).map((u) => u.id), [4, 3, 1, 2, 5], "90 s by road round the river is farther than 60 s");
    assert.deepEqual(sortUnits(units, placeOf, { incidentId: 8, wayOf: (u) => way.get(u.id) }).map((u) => u.id), [4, 1, 2, 3, 5], "busy elsewhere comes after free");
    assert.deepEqual(sortUnits(units, placeOf, { incidentId: null, wayOf: (u) => way.get(u.id) }).map((u) => u.id), [4, 1, 2, 3, 5], "a call in hand has no units of its own");
    assert.deepEqual(sortUnits(units.slice(0, 2), placeOf, { incidentId: 8, wayOf: () => undefined }).map((u) => u.id), [2, 1], "no position: by call sign");
  });
});

describe("where a newcomer's task begins", () => {
  const ringing = [contact({})];
  it("a call: at the calls, and it is said when none rings", () => {
    assert.deepEqual(findBeginning("call", ringing, []), { kind: "calls", note: "ringing" });
    assert.deepEqual(findBeginning("call", [contact({ state: "ended" })], []), { kind: "calls", note: "no-call" });
  });
  it("a camera and a unit: at an incident, for a unit one that is short of some; without one a call comes first", () => {
    const [calm, short] = [incident({ id: 1 }), incident({ id: 2, shortfall: { missing: 1, since: 0, dueAt: 1, reminders: 0 } })];
    assert.deepEqual(findBeginning("camera", ringing, [calm, short]), { kind: "incident", incident: calm, send: false });
    assert.deepEqual(findBeginning("unit", ringing, [calm, short]), { kind: "incident", incident: short, send: true });
    assert.deepEqual(findBeginning("unit", ringing, []), { kind: "calls", note: "call-first" });
    assert.deepEqual(findBeginning("camera", [], []), { kind: "calls", note: "no-call" });
  });
  it("anything else in the address is nothing", () => assert.equal(findBeginning("everything", ringing, []), null));
});

describe("who was first", () => {
  it("is told with the time", () => assert.deepEqual(findFirst({ by: { kind: "user", id: 4, name: "Inés" }, at: 17 }), { name: "Inés", at: 17 }));
  it("only when both are there, whatever the server sends", () => {
    for (const details of [undefined, {}, { by: null, at: 17 }, { by: { name: "Inés" } }, { by: "Inés", at: 17 }, { by: { name: 3 }, at: 17 }]) assert.equal(findFirst(details), null);
  });
});

describe("words of the timeline", () => {
  const words = { events: en.events, domain, format: createFormat("en", "UTC"), nameOfUnit: (id: number) => (id === 12 ? "E12" : undefined), nameOfCamera: () => undefined,
    wordsOfAnswer: (_: unknown, question: string, answer: string) => (question === "awake" ? { question: "Is the person awake?", answer: answer === "no" ? "Does not wake up" : "Awake" } : undefined) };
  const say = (event: string, body: Record<string, unknown>): string => timelineText({ event, body }, words);
  it("say where an officer's emergency is placed from, and how old that was", () => {
    const fix = (source: string, at: number | null) => timelineText({ event: "unit.emergency-raised", at: 50_000, body: { unitId: 1, callSign: "P1", fix: { source, at } } }, words);
    assert.match(fix("last-position", 10_000), /last position, 40\D* old/);
    assert.match(fix("post", null), /no position known/);
  });
  it("says what happened", () => {
    assert.equal(say("assignment.advanced", { unitId: 12, to: "on-scene" }), "E12: On scene");
    assert.equal(say("assignment.assigned", { unitId: 9, callSign: "P07", proposal: { roadSeconds: 100 } }), "P07 sent · 1:40 by road");
    assert.equal(say("incident.closed", { disposition: "unfounded", words: "nobody there" }), "Closed: Unfounded. nobody there");
    assert.equal(say("incident.updated", { priority: 1, what: "flames" }), "Changed: priority “P1” and what “flames”");
  });
  it("says of a unit that leaves its word out how long, how often that was told, and that it counts no more", () => {
    const told = (body: Record<string, unknown>): string => timelineText({ event: "assignment.unanswered", at: 100_000, body: { unitId: 12, since: 10_000, ...body } }, words);
    assert.equal(told({ stage: "turn-out", times: 1, goneUp: false }), "E12 has not set out for 1:30");
    assert.equal(told({ stage: "welfare", times: 3, goneUp: true }), "E12 has given no word on scene for 1:30 · told 3 times · gone up to the supervisor; it counts no longer as going");
    assert.equal(told({ stage: "from-a-newer-server", times: 1, goneUp: false }), "E12");
    assert.deepEqual([say("assignment.confirmed", { unitId: 12, words: "" }), say("assignment.confirmed", { unitId: 12, words: "by radio", entered: true })], ["E12 is well", "E12 is well: by radio · entered for it"]);
  });
  it("of an answer, tells the question, and what was said before", () => {
    const card = { code: "medical", version: 1 };
    assert.equal(say("incident.answered", { card, question: "awake", answer: "no", was: null }), "Is the person awake? Does not wake up");
    assert.equal(say("incident.answered", { card, question: "awake", answer: "yes", was: "no" }), "Is the person awake? Awake, not Does not wake up");
    assert.equal(say("incident.answered", { card, question: "awake", answer: null, was: "no" }), "Is the person awake? Answer taken back: Does not wake up");
    assert.equal(say("incident.answered", { card, question: "not-known", answer: "so-so", was: null }), "not known so so");
    assert.equal(say("incident.regraded", { cause: "answers", from: "serious", determinant: "critical", priority: 1, plan: { runCard: { code: "medical/critical", version: 2 } } }), "Graded anew: Critical, before Serious. P1 · run card medical/critical");
  });
  it("says which skills are asked for, and who was sent without", () => {
    const plan = { runCard: { code: "medical/critical", version: 3 }, wants: [{ kinds: ["ambulance"], count: 1 }, { kinds: ["patrol"], count: 1, skills: ["first-aid", "armed-response"] }] };
    assert.equal(say("incident.regraded", { cause: "answers", from: "serious", determinant: "critical", priority: 1, plan }), "Graded anew: Critical, before Serious. P1 · run card medical/critical · asks for first aid and armed-response");
    assert.equal(say("incident.created", { incidentType: "medical", priority: 1, place: { label: "Rivera" }, what: "", plan }), "Incident made: Medical · P1 · Rivera · asks for first aid and armed-response");
    assert.equal(say("assignment.assigned", { unitId: 9, callSign: "P07", proposal: { roadSeconds: 100 }, lacks: ["first-aid"] }), "P07 sent · 1:40 by road · without first aid");
    assert.deepEqual([say("incident.shortfall-overdue", { missing: 1, skills: ["first-aid"] }), say("incident.shortfall-overdue", { missing: 2 })], ["1 unit is still missing, with first aid", "2 units are still missing"]);
  });
  it("of a call that was attached, tells what had been typed for it", () =>
    assert.equal(say("contact.attached", { callerNumber: "099 1", callerWords: null, typed: { where: "", what: "two trapped", who: "a neighbour" } }), "Another call attached · 099 1 · what “two trapped” and who “a neighbour”"));
  it("tells how the call had ended before it was taken up again", () =>
    assert.equal(say("contact.attached", { callerNumber: "099 1", callerWords: null, earlierEndings: [{ disposition: "prank", by: { name: "Ana" }, reopenedBy: { name: "Ben" }, words: "wrong key" }] }), "Another call attached · 099 1 · the call had been ended as “Prank” by Ana, and was taken up again by Ben: wrong key"));
  it("never fails on a body it does not know", () => {
    const anyEvent = fc.oneof(fc.string(), fc.constantFrom(...Object.keys(en.events)));
    fc.assert(fc.property(anyEvent, fc.dictionary(fc.string(), fc.anything()), (event, body) => assert.equal(typeof say(event, body), "string")));
  });
});

describe("small things", () => {
  it("names the skills that a unit lacks; of many units, each with its own, no skill", () => {
    const say = (params: Record<string, string>): string => sayReason({ code: "lacks-skill", params }, reasons, domain.skills, createFormat("en", "UTC"));
    assert.deepEqual([say({ skills: "first-aid; Search and Rescue" }), say({})], ["without first aid and Search and Rescue", "without a skill that is asked for"]);
  });
  it("fills reasons", () => assert.equal(fillReason("sees the spot, {distanceM} m, {x}", { distanceM: 38.4 }, String), "sees the spot, 38 m, ?"));
  it("measures", () => assert.ok(Math.abs(distanceM({ lon: -56.19, lat: -34.9 }, { lon: -56.19, lat: -34.909 }) - 1_000.8) < 1));
});

describe("a place far from the caller's phone", () => {
  const phone = { point: { lon: -56.19, lat: -34.9 }, uncertaintyM: 60 };
  const place = (lat: number, uncertaintyM = 0) => ({ point: { lon: -56.19, lat }, uncertaintyM });
  it("is said with the distance", () => assert.ok(Math.abs(findFarFromPhone(phone, place(-34.927))! - 3_002) < 5));
  it("is none where sight or either uncertainty explains it", () => {
    assert.equal(findFarFromPhone(phone, place(-34.904)), null, "445 m: 60 m of the phone and 400 m of sight");
    assert.equal(findFarFromPhone({ ...phone, uncertaintyM: 4_000 }, place(-34.927)), null);
    assert.equal(findFarFromPhone(phone, place(-34.927, 3_000)), null);
    assert.notEqual(findFarFromPhone(phone, place(-34.9043)), null);
  });
});
