import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { apply } from "./apply.ts";
import type { Command } from "./commands.ts";
import { INCIDENT_STATUSES } from "./entities.ts";
import type { StoredEvent } from "./events.ts";
import { DEFAULT_POLICY } from "./policy.ts";
import { BUILT_IN_VERSION } from "./run-cards.ts";
import { createState } from "./state.ts";
import { ANA, BEN, PLACE, createWorld } from "./testing/world.ts";
import { findForbidden } from "./permission.ts";
import { findFault, formatCanonical, timelineEntryOf } from "./timeline.ts";
import { INCIDENT_STEPS } from "./transitions.ts";
import type { IncidentStep } from "./transitions.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const world = () => createWorld(hash);

describe("an incident", () => {
  it("[INC1] records the run card it was given, with its version", () => {
    const w = world();
    const incident = w.incident(w.open("fire-smoke"));
    assert.deepEqual(incident.runCard, { code: "fire-smoke", version: BUILT_IN_VERSION });
    assert.equal(incident.neededUnits, 2);
    assert.deepEqual([incident.priority, incident.firstContactAt], [1, w.now]);
  });
  it("[INC2] keeps the caller's words beside the point", () => {
    const w = world();
    const id = w.open();
    w.ok(BEN, { type: "incident.update", incidentId: id, place: { ...PLACE, label: "Colonia 900", point: { lon: -56.19, lat: -34.9 } } });
    assert.deepEqual([w.incident(id).place.words, w.incident(id).place.label], [PLACE.words, "Colonia 900"]);
    const created = w.log.find((event) => event.body.type === "incident.created")!.body;
    assert.ok(created.type === "incident.created" && created.callerWords === "help");
  });
  it("[INC3] an update records what differs, and nothing where nothing does", () => {
    const w = world();
    const id = w.open();
    assert.equal(w.ok(BEN, { type: "incident.update", incidentId: id, incidentType: "theft", priority: 2 }).events.length, 0);
    w.ok(BEN, { type: "incident.update", incidentId: id, incidentType: "robbery", priority: 2, what: "two men" });
    const { body } = w.log.at(-1)!;
    assert.ok(body.type === "incident.updated");
    assert.deepEqual(Object.keys(body).sort(), ["incidentId", "incidentType", "plan", "shortfallAfterMs", "triage", "type", "what"]);
    assert.equal(w.incident(id).neededUnits, 2);
  });
  it("[INC5] that needs units and has none is short from its first moment", () => {
    const w = world();
    const id = w.open("fire-smoke");
    assert.deepEqual(w.incident(id).shortfall, { missing: 2, since: w.now, dueAt: w.now + DEFAULT_POLICY.shortfallAfterMs[0], reminders: 0 });
    w.assign(id, 1);
    assert.equal(w.incident(id).shortfall?.missing, 1); // the engine
    w.assign(id, 2);
    assert.equal(w.incident(id).shortfall?.missing, 1); // a second patrol is not an engine
    w.assign(id, 4);
    assert.equal(w.incident(id).shortfall, null);
  });
  it("[INC5] is served by a unit that was there and cleared, and short again when one turns round", () => {
    const w = world();
    const id = w.open();
    const first = w.assign(id, 1);
    w.report(first, "on-scene");
    w.report(first, "cleared");
    assert.equal(w.incident(id).shortfall, null);
    const other = w.open();
    const going = w.assign(other, 2);
    w.ok(ANA, { type: "assignment.recall", assignmentId: going, words: "wrong one" });
    assert.equal(w.incident(other).shortfall?.missing, 1);
  });
  it("[INC6] nobody-is-going is told when due, then at doubling distance", () => {
    const w = world();
    const id = w.open("medical");
    const told = (): number => w.log.filter((event) => event.body.type === "incident.shortfall-overdue").length;
    w.wait(DEFAULT_POLICY.shortfallAfterMs[0] - 1);
    assert.equal(told(), 0);
    w.wait(1);
    assert.equal(told(), 1);
    const gaps: number[] = [];
    for (let i = 0; i < 6; i++) {
      const { dueAt } = w.incident(id).shortfall!;
      gaps.push((dueAt - w.now) / 60_000);
      w.wait(dueAt - w.now);
    }
    assert.deepEqual(gaps, [2, 4, 8, 15, 15, 15]);
    w.assign(id, 5);
    w.wait(3_600_000);
    assert.equal(told(), 7);
  });
  it("[INC6] a raised priority shortens the wait", () => {
    const w = world();
    const id = w.open();
    w.ok(ANA, { type: "incident.update", incidentId: id, priority: 1 });
    assert.equal(w.incident(id).shortfall!.dueAt, w.now + DEFAULT_POLICY.shortfallAfterMs[0]);
  });
  it("[INC6] a raised priority shortens it also where somebody was told already: told at once where that wait is over, and at doubling distance from there", () => {
    const w = world();
    const id = w.open("noise-nuisance");
    for (let minute = 0; minute < 40; minute++) w.wait(60_000);
    const before = w.incident(id).shortfall!;
    assert.ok(before.reminders > 0 && before.dueAt - w.now > DEFAULT_POLICY.shortfallAfterMs[0]);
    w.ok(ANA, { type: "incident.update", incidentId: id, priority: 1 });
    assert.deepEqual([w.incident(id).shortfall!.dueAt <= w.now, w.incident(id).shortfall!.since], [true, before.since]);
    w.wait(0);
    assert.deepEqual([w.incident(id).shortfall!.reminders, w.incident(id).shortfall!.dueAt - w.now], [1, 2 * DEFAULT_POLICY.shortfallAfterMs[0]]);
    w.ok(ANA, { type: "incident.update", incidentId: id, priority: 4 });
    assert.equal(w.incident(id).shortfall!.reminders, 1, "a lowered one changes nothing of what runs");
  });
  it("[INC7] no-unit-needed ends the shortfall; another type opens the question again", () => {
    const w = world();
    const id = w.open();
    w.ok(ANA, { type: "incident.no-unit-needed", incidentId: id, words: "report by telephone" });
    assert.deepEqual([w.incident(id).shortfall, w.incident(id).noUnitNeeded, w.incident(id).neededUnits], [null, "report by telephone", 0]);
    w.ok(ANA, { type: "incident.update", incidentId: id, incidentType: "fight" });
    assert.deepEqual([w.incident(id).shortfall?.missing, w.incident(id).noUnitNeeded], [2, null]);
  });
  it("[INC8] closing clears those that are there and recalls those on the way, each by its own event", () => {
    const w = world();
    const id = w.open("robbery");
    const there = w.assign(id, 1);
    const coming = w.assign(id, 2);
    w.report(there, "on-scene");
    w.report(coming, "en-route");
    w.ok(ANA, { type: "incident.close", incidentId: id, disposition: "arrest", words: "one held" });
    assert.deepEqual([w.assignment(there).state, w.assignment(coming).state], ["cleared", "recalled"]);
    assert.deepEqual(w.log.slice(-3).map((event) => event.body.type), ["assignment.advanced", "assignment.recalled", "incident.closed"]);
    assert.deepEqual([w.incident(id).status, w.incident(id).disposition, w.incident(id).shortfall], ["closed", "arrest", null]);
    assert.deepEqual([w.unit(1).activeAssignmentId, w.unit(2).activeAssignmentId], [null, null]);
  });
  it("[INC8] closed by two: the second is told who was first", () => {
    const w = world();
    const incidentId = w.open();
    w.ok(ANA, { type: "incident.close", incidentId, disposition: "resolved", words: "" });
    const second = w.send(BEN, { type: "incident.close", incidentId, disposition: "unfounded", words: "" });
    assert.ok(second.kind === "conflict");
    assert.deepEqual([second.rule, second.by], ["incident-ended", ANA]);
  });
  it("[INC9] cancelling recalls everybody", () => {
    const w = world();
    const id = w.open("robbery");
    const there = w.assign(id, 1);
    w.report(there, "on-scene");
    w.ok(ANA, { type: "incident.cancel", incidentId: id, words: "caller withdrew" });
    assert.deepEqual([w.assignment(there).state, w.incident(id).status, w.incident(id).disposition], ["recalled", "cancelled", null]);
  });
  it("[INC10] reopened needs its units anew", () => {
    const w = world();
    const id = w.open();
    const first = w.assign(id, 1);
    w.report(first, "on-scene");
    w.ok(ANA, { type: "incident.close", incidentId: id, disposition: "resolved", words: "" });
    w.wait(60_000);
    w.ok(ANA, { type: "incident.reopen", incidentId: id, words: "they are back" });
    assert.deepEqual([w.incident(id).status, w.incident(id).disposition, w.incident(id).endedAt], ["reopened", null, null]);
    assert.deepEqual([w.incident(id).shortfall?.missing, w.incident(id).shortfall?.since], [1, w.now]);
  });
  it("keeps one verdict per camera, the last", () => {
    const w = world();
    const incidentId = w.open();
    w.ok(ANA, { type: "incident.verdict", incidentId, cameraId: 5, verdict: "cannot-tell" });
    w.ok(BEN, { type: "incident.verdict", incidentId, cameraId: 5, verdict: "seen" });
    assert.deepEqual(w.incident(incidentId).verdicts.map((one) => [one.cameraId, one.verdict, one.by.name]), [[5, "seen", "Ben"]]);
  });
});

describe("every step in every status", () => {
  for (const status of INCIDENT_STATUSES) {
    for (const step of Object.keys(INCIDENT_STEPS) as IncidentStep[]) {
      const allowed = INCIDENT_STEPS[step].includes(status);
      it(`[INC8] ${step} when ${status}: ${allowed ? "accepted" : "not"}`, () => {
        const w = world();
        const incidentId = w.open();
        const contactId = w.ring();
        w.ok(ANA, { type: "contact.claim", contactId });
        if (status === "closed" || status === "reopened") w.ok(ANA, { type: "incident.close", incidentId, disposition: "resolved", words: "" });
        if (status === "reopened") w.ok(ANA, { type: "incident.reopen", incidentId, words: "again" });
        if (status === "cancelled") w.ok(ANA, { type: "incident.cancel", incidentId, words: "no" });
        assert.equal(w.incident(incidentId).status, status);
        const commands: Record<Exclude<IncidentStep, "assign" | "attach">, Command> = {
          update: { type: "incident.update", incidentId, what: "more" }, "no-unit-needed": { type: "incident.no-unit-needed", incidentId, words: "no" },
          close: { type: "incident.close", incidentId, disposition: "resolved", words: "" }, cancel: { type: "incident.cancel", incidentId, words: "no" },
          reopen: { type: "incident.reopen", incidentId, words: "again" }, note: { type: "incident.note", incidentId, words: "note", corrects: null },
          verdict: { type: "incident.verdict", incidentId, cameraId: 1, verdict: "seen" },
          watch: { type: "incident.watch", incidentId }, tie: { type: "incident.make-major", incidentId, partIds: [], words: "flood" },
        };
        const decision =
          step === "assign" ? w.send(ANA, { type: "assignment.assign", incidentId, unitIds: [1], stack: false })
          : step === "attach" ? w.send(ANA, { type: "contact.attach", contactId, incidentId })
          : w.send(ANA, commands[step]);
        assert.equal(decision.kind === "events", allowed);
      });
    }
  }
});

describe("a timeline", () => {
  const story = () => {
    const w = world();
    const id = w.open();
    const assignmentId = w.assign(id, 1);
    w.report(assignmentId, "en-route", w.now - 2_000);
    w.ok(BEN, { type: "incident.note", incidentId: id, words: "red jacket", corrects: null });
    w.ok(BEN, { type: "incident.note", incidentId: id, words: "blue jacket", corrects: 4 });
    return { w, id };
  };
  const faults = (log: readonly StoredEvent[]): string[] => {
    const state = createState();
    return log.flatMap((event) => {
      const fault = findFault(state, event, hash);
      apply(state, event);
      return fault === null ? [] : [fault];
    });
  };
  it("[INC4] counts from 1 without a gap, and each hash covers the one before", () => {
    const { w, id } = story();
    const entries = w.log.map(timelineEntryOf).filter((entry) => entry?.incidentId === id);
    assert.deepEqual(entries.map((entry) => entry!.number), [1, 2, 3, 4, 5]);
    for (const [i, entry] of entries.entries()) assert.equal(entry!.previousHash, i === 0 ? "0".repeat(64) : entries[i - 1]!.hash);
    assert.deepEqual(faults(w.log), []);
  });
  it("[INC4] a correction names what it corrects; the line itself stays", () => {
    const { w, id } = story();
    const entries = w.log.map(timelineEntryOf).filter((entry) => entry !== null);
    assert.deepEqual([entries.at(-1)!.corrects, entries.at(-2)!.body["words"]], [4, "red jacket"]);
    assert.equal(w.send(BEN, { type: "incident.note", incidentId: id, words: "x", corrects: 99 }).kind, "refused");
  });
  it("[INC4] every change of a stored line is found: words, time, name, order, absence", () => {
    const { w } = story();
    const at = w.log.findIndex((event) => event.body.type === "incident.noted");
    const altered = (change: Partial<StoredEvent>): StoredEvent[] => w.log.map((event, i) => (i === at ? { ...event, ...change } : event));
    const noted = w.log[at]!;
    assert.ok(faults(altered({ body: { ...noted.body, words: "green jacket" } as StoredEvent["body"] })).length > 0);
    assert.ok(faults(altered({ at: noted.at + 1 })).length > 0);
    assert.ok(faults(altered({ by: ANA })).length > 0);
    assert.ok(faults(altered({ entry: null })).length > 0);
    assert.ok(faults(w.log.filter((_, i) => i !== at)).length > 0);
    assert.ok(faults([...w.log.slice(0, at), w.log[at + 1]!, noted]).length > 0);
  });
  it("[INC4] the hashed text does not depend on the order of keys", () => {
    assert.equal(formatCanonical({ b: 1, a: [{ d: undefined, c: "ñ" }, null] }), formatCanonical({ a: [{ c: "ñ" }, null], b: 1 }));
    assert.equal(formatCanonical({ b: 1, a: "x" }), '{"a":"x","b":1}');
  });
});

describe("what the taker of a call saw", () => {
  it("[INC12] comes with the incident that is made of it, or that it is attached to, the last word of each camera", () => {
    const w = world();
    const take = (): number => {
      const contactId = w.ring();
      w.ok(ANA, { type: "contact.claim", contactId });
      return contactId;
    };
    const { incidentId } = w.ok(ANA, { type: "incident.create", contactId: take(), incidentType: "theft", what: "", who: "", place: PLACE, verdicts: [{ cameraId: 4, verdict: "cannot-tell" }, { cameraId: 9, verdict: "not-seen" }, { cameraId: 4, verdict: "seen" }] });
    const said = () => w.incident(incidentId!).verdicts.map(({ cameraId, verdict, by }) => [cameraId, verdict, by.name]);
    assert.deepEqual(said(), [[4, "seen", "Ana"], [9, "not-seen", "Ana"]]);
    w.ok(ANA, { type: "contact.attach", contactId: take(), incidentId: incidentId!, verdicts: [{ cameraId: 9, verdict: "seen" }] });
    assert.deepEqual(said(), [[4, "seen", "Ana"], [9, "seen", "Ana"]]);
    assert.equal(w.log.filter(({ body }) => body.type === "incident.verdict-given").length, 3);
  });
  it("[INC12] [CMD4] is taken only from who may look through cameras", () => {
    const w = world();
    const command: Command = { type: "incident.create", contactId: null, incidentType: "theft", what: "", who: "", place: PLACE, verdicts: [{ cameraId: 4, verdict: "seen" }] };
    const asker = { ...ANA, unitId: null, permissions: ["incident.write"] };
    assert.equal(findForbidden(w.state, asker, command)?.rule, "not-permitted");
    assert.deepEqual([findForbidden(w.state, { ...asker, permissions: ["incident.write", "camera.view"] }, command), findForbidden(w.state, asker, { ...command, verdicts: [] })], [null, null]);
  });
});
