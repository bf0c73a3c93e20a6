// The invariants of dispatch, each by itself, over histories that a seeded scheduler makes: every command, several people, clocks that wait and go back, and
// restarts (the state anew from its log, in the middle of it). What each looks at is worked out here once more, in another way than the code does, from the log
// where that can be. The seeds are printed; CITYWATCH_SEEDS=7,8 runs those. Which test holds which invariant: the table in SPEC.md.
import assert from "node:assert/strict";
import { createHash, randomInt } from "node:crypto";
import { describe, it } from "node:test";
import type { Random } from "../base/random.ts";
import { createRandom } from "../base/random.ts";
import { isOffShift } from "../base/shift.ts";
import type { Command } from "./commands.ts";
import type { Decision } from "./decision.ts";
import type { Assignment, Incident, Shift, Unit, UnitProfile, Want } from "./entities.ts";
import { ASSIGNMENT_STATES, SYSTEM } from "./entities.ts";
import { DEFAULT_POLICY } from "./policy.ts";
import type { StoredEvent } from "./events.ts";
import { apply } from "./apply.ts";
import { DETERMINANT_PRIORITIES, isMoreSevere, type Determinant } from "../base/triage-grade.ts";
import { checkRunCards } from "./run-cards.ts";
import { createLayer } from "./state.ts";
import { SET_BACK_MS } from "./set-back.ts";
import { describeState } from "./testing/describe-state.ts";
import { drawCommand, drawRoster, type Played, rebuilt, stepsOf } from "./testing/histories.ts";
import { type AsksLedger, createAsksLedger, sumByKinds } from "./testing/asks-ledger.ts";
import { type Ledger, createLedger } from "./testing/ledger.ts";
import { TABLED_DISTRICT, deckOf } from "./testing/tabled-deck.ts";
import { ANA, BEN, PLACE, type World, createWorld, profileOf } from "./testing/world.ts";
import { findFault, timelineEntryOf } from "./timeline.ts";
import { addSpan } from "./unheard.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const STEPS = 140;
/** Twenty that stay, so that a failure is seen again, and ten of the run's own seed. */
const RUN = Number(process.env["CITYWATCH_TEST_SEED"] ?? randomInt(2 ** 20));
const SEEDS = process.env["CITYWATCH_SEEDS"]?.split(",").map(Number) ?? [...Array.from({ length: 20 }, (_, i) => i + 1), ...Array.from({ length: 10 }, (_, i) => RUN * 1_000 + 100 + i)];

const isBarred = (unit: Unit, now: number): boolean => unit.emergency || unit.availability === "not-available" || isOffShift(unit, now);

interface Moment extends Played {
  readonly w: World;
  /** Who goes where, from the log. */
  readonly ledger: Ledger;
  readonly before: Map<number, Assignment>;
  /** What each incident asks for, from the log; what it asked for itself, and was, before this step. */
  readonly asks: AsksLedger;
  readonly askedBefore: Map<number, { readonly own: NonNullable<ReturnType<AsksLedger["findOwn"]>>; readonly incident: Incident }>;
}
interface Look {
  /** After each step. */
  readonly step?: (moment: Moment) => void;
  /** At the end of the history. */
  readonly end?: (w: World) => void;
}

/** Another crew comes on, with other skills; the event. */
function changeCrew(w: World, random: Random): StoredEvent {
  const { callSign, kind, skills } = w.unit(random.pick([1, 2, 3, 5]));
  const other = random.pick([[], ["first-aid"], ["Boat", "first-aid"], ["boat"]].filter((one) => one.join() !== skills.join()));
  w.ok(SYSTEM, { type: "units.register", units: [{ ...profileOf(callSign, kind), skills: other }] });
  return w.log.at(-1)!;
}

/** Plays a history; a failure names its seed and the step. */
function run(seed: number, look: Look): void {
  const random = createRandom(seed).fork("weather");
  const tables = createRandom(seed).fork("tables");
  const crews = createRandom(seed).fork("crews");
  const rosters = createRandom(seed).fork("rosters");
  let w = createWorld(hash);
  let version = 3;
  w.deck = deckOf(version);
  const ledger = createLedger();
  const asks = createAsksLedger();
  w.log.forEach(ledger.take);
  let n = 0;
  try {
    for (const { dice, waitMs } of stepsOf(seed, STEPS)) {
      n++;
      if (random.next() < 0.06) {
        const before = w;
        w = createWorld(hash, rebuilt(before.log), before.log);
        w.deck = before.deck;
        w.now = w.listeningSince = before.now + random.pick([0, 20_000, 90_000]); // so long nobody could be heard
        [w.unheard, w.leasesHoldUntil] = [addSpan(before.unheard, { from: before.now, to: w.now }), w.now + DEFAULT_POLICY.claimLeaseMs];
      }
      if (random.next() < 0.05) w.now -= random.integer(40_000); // a clock that is set right
      if (tables.next() < 0.04) w.deck = deckOf(++version); // another one is put in force
      if (crews.next() < 0.15) ledger.take(changeCrew(w, crews));
      const entered = drawRoster(rosters, w.state, w.now);
      const rosterFrom = w.log.length;
      if (entered !== null) w.send(ANA, entered);
      w.log.slice(rosterFrom).forEach((event) => ledger.take(event));
      w.position = random.next() < 0.5 ? null : { point: PLACE.point, uncertaintyM: 5 };
      const from = w.log.length;
      const before = new Map([...w.state.assignments.keys()].map((id) => [id, w.state.assignments.get(id)]));
      const askedBefore = new Map([...w.state.incidents.keys()].map((id) => [id, { own: asks.findOwn(id)!, incident: w.state.incidents.get(id) }]));
      w.wait(waitMs);
      const { command, by } = drawCommand(createRandom(dice), w.state);
      w.send(by, command);
      w.log.slice(from).forEach((event) => [ledger, asks].forEach((one) => one.take(event)));
      look.step?.({ w, ledger, asks, askedBefore, command, by, before, events: w.log.slice(from) });
    }
    look.end?.(w);
  } catch (error) {
    throw new Error(`seed ${seed}, step ${n}: ${(error as Error).message}`, { cause: error });
  }
}
const holds = (name: string, look: Look): void => {
  it(name, (t) => {
    t.diagnostic(`seeds ${SEEDS.join(",")}`);
    for (const seed of SEEDS) run(seed, look);
  });
};

/** What a command would make of it; nothing of that stays. */
function tryOn(w: World, command: Command): World {
  const trial = createWorld(hash, createLayer(w.state));
  [trial.now, trial.deck] = [w.now, w.deck];
  trial.ok(ANA, command);
  return trial;
}

const all = <V>(table: { keys(): Iterable<number>; get(id: number): V }): V[] => [...table.keys()].map((id) => table.get(id));
const open = ({ status }: Incident): boolean => status === "active" || status === "reopened";
const over = (state: Assignment["state"]): boolean => ["cleared", "declined", "recalled", "pre-empted", "lost"].includes(state);
/** Fewest places of the plan that stay open, by trying every way of seating. */
function fewestOpen(wants: readonly Want[], units: readonly Pick<UnitProfile, "kind" | "skills">[]): number {
  const places = wants.flatMap((want) => Array.from({ length: want.count }, () => want));
  const mayTake = ({ kinds, skills = [] }: Want, unit: Pick<UnitProfile, "kind" | "skills">): boolean => kinds.includes(unit.kind) && skills.every((skill) => unit.skills.some((one) => one.toLowerCase() === skill));
  const seat = (unit: number, free: readonly number[]): number => {
    if (unit === units.length) return free.length;
    let best = seat(unit + 1, free);
    for (const place of free) if (mayTake(places[place]!, units[unit]!)) best = Math.min(best, seat(unit + 1, free.filter((one) => one !== place)));
    return best;
  };
  return seat(0, places.map((_, i) => i));
}
/** SPEC.md's table of the last moments, by priority, in seconds: to acknowledge, to turn out, to arrive beyond half as long again as the road time, on scene; and of silence on the way. */
const LAST_S = { acknowledge: [60, 120, 600, 1_800], "turn-out": [180, 300, 900, 1_800], arrive: [300, 480, 900, 1_800], welfare: [900, 1_500, 2_400, 3_600], silent: [240, 300, 780, 1_980] } as const;
const UNKNOWN_ROAD_S = 600;
/** Whether the unit's word has been out for longer than a unit that counts as going may leave it: from the milestones and positions alone. */
function isTooLong(w: World, { state, milestones, confirmed, incidentId, roadSecondsAtAssign }: Assignment): boolean {
  const row = w.state.incidents.get(incidentId).priority - 1;
  const unheardMs = (since: number): number => w.unheard.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, w.now) - Math.max(from, since)), 0);
  const passed = (from: number, seconds: number): boolean => w.now - from - unheardMs(from) >= seconds * 1_000;
  const steps = milestones.filter(({ state: step }) => step !== "sent" && step !== "delivered"); // of the crew
  const isLate = (i: number): boolean => steps.slice(0, i).some(({ state: before }) => ASSIGNMENT_STATES.indexOf(before) > ASSIGNMENT_STATES.indexOf(steps[i]!.state) && !(before === "staged" && steps[i]!.state === "en-route"));
  const last = Math.max(confirmed?.at ?? 0, ...steps.map(({ deviceAt, receivedAt }, i) => (isLate(i) ? Math.min(deviceAt ?? receivedAt, receivedAt) : receivedAt)));
  const own = Math.max(last, w.position === null ? 0 : w.positionAt(), w.listeningSince); // positions of before are not known
  switch (state) {
    case "assigned": case "sent": case "delivered":
      return passed(milestones.findLast((milestone) => milestone.state === "assigned")!.receivedAt, LAST_S.acknowledge[row]!);
    case "acknowledged":
      return passed(last, LAST_S["turn-out"][row]!) || passed(own, LAST_S.silent[row]!);
    case "en-route":
      return passed(last, (roadSecondsAtAssign === null ? UNKNOWN_ROAD_S : roadSecondsAtAssign * 1.5) + LAST_S.arrive[row]!) || passed(own, LAST_S.silent[row]!);
    case "staged": case "on-scene": case "transporting":
      return passed(last, LAST_S.welfare[row]!);
    default:
      return false;
  }
}

describe("the invariants of dispatch", () => {
  holds("[CON1] [CON3] [CON14] [CON16] 1. every contact is visible to someone until it is dispositioned; one that rings or is abandoned has an owner and a due time; no claim lapses within a lease of a start", {
    step: ({ w, events }) => {
      for (const { body, at } of events) if (body.type === "contact.released" && body.cause === "lease-expired") assert.ok(at >= w.leasesHoldUntil, `contact ${body.contactId} was taken from its claimant at once after a start`);
      for (const contact of all(w.state.contacts)) {
        assert.equal(w.state.openContacts.has(contact.id), contact.disposition === null, `contact ${contact.id} is listed`);
        if (contact.disposition !== null) continue;
        if (contact.state === "claimed") assert.ok(contact.claimedBy !== null && contact.leaseUntil !== null);
        else assert.ok(["ringing", "abandoned"].includes(contact.state) && contact.owner !== null && contact.dueAt !== null, `contact ${contact.id} is ${contact.state} and nobody's`);
      }
    },
    end: (w) => {
      const received = w.log.filter(({ body }) => body.type === "contact.received").length;
      assert.equal(all(w.state.contacts).length, received);
      // [CON14] each ending that was taken back stays with its contact, as the log has it, and goes into the timeline of the incident that the contact becomes
      const ended = new Map<number, StoredEvent>();
      const endings = new Map<number, unknown[]>();
      for (const event of w.log) {
        const { body, at, by } = event;
        if (body.type === "contact.ended") ended.set(body.contactId, event);
        if (body.type === "contact.reopened") {
          const end = ended.get(body.contactId)!;
          assert.ok(end.body.type === "contact.ended");
          endings.set(body.contactId, [...(endings.get(body.contactId) ?? []), { disposition: end.body.disposition, at: end.at, by: end.by, reopenedAt: at, reopenedBy: by, words: body.words }]);
        }
        if ((body.type === "incident.created" && body.contactId !== null) || body.type === "contact.attached") assert.deepEqual(body.earlierEndings, endings.get(body.contactId!));
      }
      for (const contact of all(w.state.contacts)) assert.deepEqual(contact.earlierEndings, endings.get(contact.id) ?? []);
    },
  });

  holds("[ASG1] [ASG11] 3. at most one active assignment per unit; pre-emption is explicit, logged, and leaves the loser with an open shortfall", {
    step: ({ w, ledger, command, by, events }) => {
      const active = ledger.listGoing();
      assert.equal(new Set(active.map(({ unitId }) => unitId)).size, active.length);
      for (const { unitId, incidentId } of active) assert.equal(w.state.assignments.get(w.state.units.get(unitId).activeAssignmentId!).incidentId, incidentId);
      for (const { body, entry, by: who } of events) {
        if (body.type !== "assignment.pre-empted") continue;
        assert.equal(command.type, "assignment.preempt");
        assert.deepEqual([who, entry?.incidentId], [by, body.incidentId]);
        const loser = w.state.incidents.get(body.incidentId);
        const missing = fewestOpen(loser.needs, ledger.listServing(loser.id));
        assert.equal(loser.shortfall?.missing ?? 0, missing);
        const lost = w.state.assignments.get(body.assignmentId);
        const winner = w.state.incidents.get(body.forIncidentId);
        assert.ok(lost.cover !== null || winner.priority < loser.priority);
        assert.equal(w.state.assignments.get(w.state.units.get(body.unitId).activeAssignmentId!).incidentId, body.forIncidentId);
      }
    },
  });

  holds("[ASG4] 4. changing one assignment never changes another: each change has an event of its own", {
    step: ({ w, before, events }) => {
      const named = new Set<number>();
      const moved = new Set<number>();
      for (const { body } of events) {
        if (body.type.startsWith("assignment.") && "assignmentId" in body) named.add(body.assignmentId);
        if (body.type === "incident.merged" || body.type === "incident.split") for (const id of body.assignmentIds) moved.add(id);
        if (body.type === "incident.unmerged") for (const assignment of before.values()) if (assignment.incidentId === body.intoId) moved.add(assignment.id);
      }
      for (const [id, was] of before) {
        const is = w.state.assignments.get(id);
        if (named.has(id)) continue;
        const { incidentId: _from, sequence: _a, ...left } = was;
        const { incidentId: _to, sequence: _b, ...now } = is;
        assert.deepEqual(now, left, `assignment ${id} changed without an event`);
        if (!moved.has(id)) assert.equal(is, was);
      }
    },
  });

  holds("[INC5] [INC6] [INC10] [ASG12] [ASG16] 5. an incident that needs units has units that go or an open shortfall with a timer; who is lost, leaves its word out for too long, or served before a reopening, counts nowhere", {
    step: ({ w, ledger, events }) => {
      const changed = new Set(events.flatMap(({ entry, by }) => (by.kind === "system" ? [] : (entry?.incidentId ?? [])))); // what people did since the clock was looked at
      for (const assignment of all(w.state.assignments)) if (!changed.has(assignment.incidentId) && isTooLong(w, assignment)) assert.ok(assignment.unanswered?.goneUp, `assignment ${assignment.id} (${assignment.state}) has left its word out for too long and counts as going`);
      const goes = new Set(ledger.listGoing().map(({ unitId }) => unitId));
      for (const unitId of ledger.listLost()) {
        assert.ok(!goes.has(unitId), `unit ${unitId} is lost and goes somewhere`);
        assert.deepEqual([w.state.units.get(unitId).activeAssignmentId, w.state.units.get(unitId).stackedAssignmentIds], [null, []]);
      }
      for (const incident of all(w.state.incidents)) {
        const missing = open(incident) ? fewestOpen(incident.needs, ledger.listServing(incident.id)) : 0;
        assert.equal(incident.shortfall?.missing ?? 0, missing, `incident ${incident.id}`);
        assert.equal(w.state.openIncidents.has(incident.id), open(incident));
        assert.ok(incident.shortfall === null || Number.isFinite(incident.shortfall.dueAt));
      }
      // what was due when the clock was looked at is told: nothing that this step did not touch is overdue
      const touched = new Set(events.flatMap(({ entry }) => entry?.incidentId ?? []));
      for (const { id, shortfall } of all(w.state.incidents)) if (shortfall !== null && !touched.has(id)) assert.ok(shortfall.dueAt > w.now, `incident ${id} is overdue and nobody was told`);
    },
  });

  holds("[CMD5] 6. state = fold(log): rebuilt from the log as it is stored, it equals the running one, at any moment", {
    step: ({ w, command }) => {
      if (command.type.length % 5 !== 0) return; // now and then: each is a whole rebuild
      assert.deepEqual(describeState(rebuilt(JSON.parse(JSON.stringify(w.log)) as StoredEvent[])), JSON.parse(JSON.stringify(describeState(w.state))));
    },
    end: (w) => {
      const state = rebuilt([]);
      for (const event of w.log) {
        assert.equal(findFault(state, event, hash), null);
        apply(state, event);
      }
      assert.deepEqual(describeState(state), describeState(w.state));
    },
  });

  const lasting = (incident: Incident): object => ({ ...incident, sequence: 0, shortfall: incident.shortfall?.missing ?? 0 });
  holds("[TIE1] [TIE2] [TIE3] [TIE4] [TIE6] [CON11] 7. merge, split and link are reversible and lose no text, caller or recording", {
    step: ({ w, events }) => {
      for (const { body } of events) {
        if (body.type !== "incident.merged") continue;
        const [from, into] = [w.state.incidents.get(body.incidentId), w.state.incidents.get(body.intoId)];
        assert.ok(into.priority <= from.priority);
        for (const { kinds, count } of from.needs) assert.ok(into.needs.some((want) => want.count >= count && want.kinds.every((kind) => kinds.includes(kind)) && want.kinds.length === kinds.length));
      }
      const ids = [...w.state.openIncidents.keys()];
      if (ids.length < 2) return;
      const [a, b] = [ids[w.now % ids.length]!, ids[(w.now + 1) % ids.length]!];
      const trial = createWorld(hash, createLayer(w.state));
      trial.now = w.now;
      const undo = (id: number, there: Parameters<World["send"]>[1], back: Parameters<World["send"]>[1]): void => {
        const was = all(trial.state.incidents).map(lasting);
        if (trial.send(ANA, there).kind !== "events") return;
        const done = trial.send(ANA, back);
        assert.equal(done.kind, "events", `${back.type} after ${there.type}`);
        assert.deepEqual(all(trial.state.incidents).map(lasting), was, `${there.type} of ${id} and back`);
      };
      undo(a, { type: "incident.merge", incidentId: a, intoId: b, words: "" }, { type: "incident.unmerge", incidentId: a, words: "" });
      undo(a, { type: "incident.link", incidentId: a, otherId: b, words: "" }, { type: "incident.unlink", incidentId: a, otherId: b, words: "" });
      undo(a, { type: "incident.make-major", incidentId: a, partIds: [], words: "x" }, { type: "incident.end-major", incidentId: a, words: "x" });
      const from = trial.state.incidents.get(a);
      const live = from.assignmentIds.filter((id) => trial.state.liveAssignments.has(id));
      const split = trial.send(ANA, { type: "incident.split", incidentId: a, contactIds: from.contactIds, assignmentIds: live, incidentType: "other", what: "", who: "", place: PLACE, words: "" });
      if (split.kind === "events") {
        trial.ok(ANA, { type: "incident.merge", incidentId: split.incidentId!, intoId: a, words: "" });
        const now = trial.state.incidents.get(a);
        assert.deepEqual([[...now.contactIds].sort(), [...now.assignmentIds].sort()], [[...from.contactIds].sort(), [...from.assignmentIds].sort()]);
      }
    },
    end: (w) => {
      // nothing that anybody said is gone: callers' words and numbers as they came, typed words, notes and verdicts in the log, each incident's own text
      const lines = w.log.map(timelineEntryOf).filter((line) => line !== null);
      for (const { body } of w.log) {
        if (body.type === "contact.received") {
          const { callerWords, callerNumber, receivedAt } = w.state.contacts.get(body.contactId);
          assert.deepEqual([callerWords, callerNumber, receivedAt], [body.callerWords, body.callerNumber, body.receivedAt]);
        }
        if (body.type === "incident.verdict-given") assert.ok(w.state.incidents.get(body.incidentId).verdicts.some(({ cameraId }) => cameraId === body.cameraId));
        if (body.type === "incident.merged") assert.ok(lines.some((line) => line.incidentId === body.intoId && line.event === "incident.absorbed" && line.body["fromId"] === body.incidentId));
      }
      for (const incident of all(w.state.incidents)) {
        for (const id of incident.contactIds) assert.equal(w.state.contacts.get(id).incidentId, incident.id);
        for (const id of incident.assignmentIds) assert.equal(w.state.assignments.get(id).incidentId, incident.id);
        assert.deepEqual(lines.filter(({ incidentId }) => incidentId === incident.id).map(({ number }, i) => number - i), lines.filter(({ incidentId }) => incidentId === incident.id).map(() => 1));
      }
      assert.equal(all(w.state.incidents).reduce((sum, { assignmentIds }) => sum + assignmentIds.length, 0), all(w.state.assignments).length);
    },
  });

  holds("[INC8] [INC9] [INC10] [MAJ3] 8. closing needs a disposition; an ended incident has no timer and no live unit; what ends by itself says why", {
    step: ({ w, events, command }) => {
      for (const incident of all(w.state.incidents)) {
        assert.equal(incident.disposition !== null, incident.status === "closed");
        if (incident.majorId !== null && open(incident)) assert.ok(open(w.state.incidents.get(incident.majorId)), `incident ${incident.id} is part of one that has ended`);
        if (open(incident)) continue;
        assert.equal(incident.shortfall, null);
        assert.ok(incident.assignmentIds.every((id) => over(w.state.assignments.get(id).state)));
      }
      for (const { body, by, at } of events) {
        if (body.type === "incident.closed" || body.type === "incident.cancelled" || body.type === "incident.merged") assert.notEqual(by.kind, "system");
        if (body.type === "closure.lifted") assert.equal(body.cause, by.kind === "system" ? "due" : "lifted");
        if (body.type === "assignment.recalled") {
          assert.equal(body.cause === "recalled", command.type === "assignment.recall" && command.assignmentId === body.assignmentId);
          if (body.cause.startsWith("unit-") && body.cause !== "unit-lost") assert.ok(isBarred(w.state.units.get(body.unitId), w.now), body.cause);
        }
        if (body.type === "incident.reopened") assert.ok((w.state.incidents.get(body.incidentId).shortfall?.since ?? at) >= at); // its clock starts anew
        if (body.type === "incident.shortfall-overdue" || body.type === "incident.watch-overdue") assert.equal(by.kind, "system");
      }
    },
    end: (w) => {
      const later = createWorld(hash, createLayer(w.state));
      later.now = w.now + 30 * 24 * 3_600_000;
      later.ok({ kind: "system", id: 0, name: "system" }, { type: "timers.run" });
      for (const { body } of later.log) if (body.type.startsWith("incident.") && "incidentId" in body) assert.ok(open(w.state.incidents.get(body.incidentId)), `${body.type} of an incident that has ended`);
    },
  });

  holds("[INC2] 9. a geocoder never replaces what the caller said: a place stays as a person gave it, words beside point and uncertainty", {
    end: (w) => {
      const given = new Map<number, unknown>();
      for (const { body } of w.log) if ((body.type === "incident.created" || body.type === "incident.updated") && body.place !== undefined) given.set(body.incidentId, body.place);
      for (const incident of all(w.state.incidents)) {
        assert.deepEqual(incident.place, given.get(incident.id));
        assert.ok(incident.place.uncertaintyM >= 0);
      }
    },
  });

  holds("[SHF1] [SHF3] [SHF4] 10. a roster is versioned: each version adds one, a shift begins as the version says that it names, and each assignment names the one of its unit then", {
    end: (w) => {
      let last = 0;
      const shifts = new Map<string, readonly Shift[]>();
      const versionOf = new Map<number, number | null>();
      for (const { body, at } of w.log) {
        if (body.type === "unit.rostered" || body.type === "unit.off-roster") {
          assert.ok(body.version === last || body.version === last + 1, `version ${body.version} after ${last}`);
          last = body.version;
          versionOf.set(body.unitId, body.type === "unit.off-roster" ? null : last);
          if (body.type === "unit.rostered") shifts.set(`${body.unitId} ${last}`, body.shifts);
        }
        if (body.type === "unit.shift-began") {
          assert.ok(shifts.get(`${body.unitId} ${body.version}`)!.some((shift) => JSON.stringify(shift) === JSON.stringify(body.shift)), `unit ${body.unitId}, version ${body.version}`);
          assert.ok(body.shift.startsAt <= at && at - SET_BACK_MS < body.shift.endsAt);
        }
        if (body.type === "assignment.assigned") assert.equal(body.rosterVersion ?? null, versionOf.get(body.unitId) ?? null);
      }
      for (const unit of all(w.state.units)) assert.equal(unit.rosterVersion, versionOf.get(unit.id) ?? null);
    },
  });

  holds("[INC1] [RUN3] [TIE6] 10. a run card is versioned: each incident asks for what it was given with the version of then, and for what was merged into it, whatever the tables say since", {
    step: ({ w, asks, events }) => {
      for (const { body } of events) if ("plan" in body && body.plan !== null) assert.equal(body.plan.runCard.version, w.deck.table.version);
      for (const incident of all(w.state.incidents)) {
        assert.deepEqual(incident.runCard, asks.findOwn(incident.id)!.runCard, `incident ${incident.id}`);
        assert.deepEqual(sumByKinds(incident.needs), asks.countByKinds(incident.id), `incident ${incident.id}`);
        assert.equal(incident.neededUnits, incident.needs.reduce((sum, { count }) => sum + count, 0));
      }
    },
  });

  it("[RUN2] the tables of these histories have no hole, and differ", () => {
    for (const version of [3, 4, 5]) assert.deepEqual(checkRunCards(deckOf(version).table.rows), []);
    assert.notDeepEqual(deckOf(3).table.rows, deckOf(4).table.rows);
  });

  holds("[RUN3] a run card follows type, determinant and a district that has rows of its own, never the clock or another table", {
    step: ({ w }) => {
      for (const incident of all(w.state.incidents).filter(open)) {
        const moved = tryOn(w, { type: "incident.update", incidentId: incident.id, place: { ...PLACE, district: incident.place.district === "Pocitos" ? null : "Pocitos" } }).state.incidents.get(incident.id);
        if (incident.place.district !== TABLED_DISTRICT) assert.deepEqual([moved.runCard, moved.needs, moved.priority], [incident.runCard, incident.needs, incident.priority], `incident ${incident.id}`);
      }
    },
  });

  holds("[TRI4] [TIE6] a priority that is what the grade gave follows it, also with another type; what a person said is raised only; what is said now stands; what was merged in counts beside it", {
    step: ({ w, asks, askedBefore, command, events }) => {
      for (const { id, priority } of all(w.state.incidents)) assert.equal(priority, asks.priorityOf(id), `incident ${id}`);
      for (const { id, priority } of all(w.state.incidents).filter(open)) {
        const said = 1 + (priority % 4);
        for (const district of [TABLED_DISTRICT, null]) assert.equal(tryOn(w, { type: "incident.update", incidentId: id, priority: said, place: { ...PLACE, district } }).state.incidents.get(id).priority, said, `incident ${id}: what was said with a place`);
      }
      if (command.type !== "incident.update" && command.type !== "incident.answer") return;
      const { incidentId: id } = command;
      if (!events.some(({ body }) => (body.type === "incident.updated" || body.type === "incident.answered") && body.incidentId === id)) return;
      const { incident, own } = askedBefore.get(id)!;
      const [now, is] = [w.state.incidents.get(id), asks.findOwn(id)!.priority];
      if (command.type === "incident.update" && command.priority !== undefined) return assert.equal(now.priority, command.priority, `incident ${id}: what was said`);
      const [from, to] = [incident.triage!.determinant, now.triage!.determinant];
      const given = (grade: Determinant): number => DETERMINANT_PRIORITIES[grade];
      const expected = own.priority === given(from) ? given(to) : isMoreSevere(to, from) ? Math.min(own.priority, given(to)) : own.priority;
      assert.equal(is, expected, `incident ${id}: ${from} to ${to}`);
    },
  });

  holds("[CON12] [CON16] [WAT2] [HND3] [ASG15] 12. every alarm, and every call, escalates or is acknowledged by a named person", {
    step: ({ w, events }) => {
      const touched = new Set(events.flatMap(({ body }) => ("assignmentId" in body ? [`a${body.assignmentId}`, `i${body.incidentId}`] : "contactId" in body ? [`c${body.contactId}`] : "handOverId" in body ? [`h${body.handOverId}`] : "incidentId" in body ? [`i${body.incidentId}`] : [])));
      const waits = (key: string, dueAt: number | null): void => {
        assert.ok(dueAt !== null, `${key} waits for nobody`);
        if (!touched.has(key)) assert.ok(dueAt > w.now, `${key} was due and nobody was told`);
      };
      for (const contact of all(w.state.contacts)) if (contact.state === "ringing") waits(`c${contact.id}`, contact.dueAt);
      for (const { id, watch } of all(w.state.incidents).filter(open)) {
        if (watch.by === null) waits(`i${id}`, watch.dueAt);
        else assert.equal(watch.by.kind, "user");
      }
      for (const { id, state, unanswered } of all(w.state.assignments)) if (unanswered !== null && !over(state)) waits(`a${id}`, unanswered.dueAt);
      for (const handOver of all(w.state.handOvers)) if (handOver.state === "offered" || handOver.state === "escalated") waits(`h${handOver.id}`, handOver.dueAt);
      for (const { body, by } of events) if (body.type === "incident.watched" || body.type === "hand-over.taken") assert.equal(by.kind, "user");
      for (const { body, by } of events) if (body.type === "assignment.confirmed") assert.notEqual(by.kind, "system");
    },
  });

  holds("[ASG5] [ASG6] 14. a late report after the end is a note, never a state; milestones are added and never changed, each with both times", {
    step: ({ w, before, command, events }) => {
      for (const [id, was] of before) {
        const is = w.state.assignments.get(id);
        if (over(was.state)) assert.equal(is.state, was.state);
        assert.deepEqual(is.milestones.slice(0, was.milestones.length), was.milestones);
      }
      if (command.type !== "assignment.advance" || !over(before.get(command.assignmentId)?.state ?? "assigned")) return;
      const reports = events.filter(({ body }) => "assignmentId" in body && body.assignmentId === command.assignmentId && body.type.startsWith("assignment."));
      assert.ok(reports.every(({ body }) => body.type === "assignment.reported-late"));
      for (const { body } of reports) if (body.type === "assignment.reported-late") assert.equal(body.deviceAt, command.deviceAt);
    },
  });

  holds("[ASG12] a silent unit is told once, and heard again only by a report or a position of its own since: a start is no word of it", {
    step: ({ w, before, events }) => {
      for (const { body, at } of events) {
        if (body.type === "assignment.not-heard") assert.ok(at - Math.max(body.since, w.listeningSince) >= DEFAULT_POLICY.silentAfterMs && before.get(body.assignmentId)?.silentSince === null);
        if (body.type !== "assignment.heard-again") continue;
        const { silentSince, milestones } = before.get(body.assignmentId)!;
        const words = milestones.filter(({ state }) => state !== "sent" && state !== "delivered");
        // by a clock that went back it is heard now, not later
        const heard = [...words.flatMap(({ deviceAt, receivedAt }) => [receivedAt, Math.min(deviceAt ?? receivedAt, receivedAt)]), ...(w.position === null ? [] : [w.positionAt()])].map((when) => Math.min(when, w.now));
        assert.ok(silentSince !== null && body.at > silentSince && heard.includes(body.at), `assignment ${body.assignmentId} was heard again by nothing`);
      }
    },
  });

  holds("[ASG3] 15. two dispatchers who race for a unit: exactly one wins, and the other is told who and when", {
    step: ({ w }) => {
      const [first, second] = [...w.state.openIncidents.keys()];
      if (first === undefined || second === undefined) return;
      const trial = createWorld(hash, createLayer(w.state));
      trial.now = w.now;
      for (const unit of all(trial.state.units)) {
        const asked: readonly Decision[] = [trial.send(ANA, { type: "assignment.assign", incidentId: first, unitIds: [unit.id], stack: false }), trial.send(BEN, { type: "assignment.assign", incidentId: second, unitIds: [unit.id], stack: false })];
        const winners = asked.filter(({ kind }) => kind === "events").length;
        assert.ok(winners <= 1);
        if (unit.activeAssignmentId !== null || winners === 0) continue;
        const [won, lost] = asked;
        assert.equal(won?.kind, "events");
        assert.ok(lost?.kind === "conflict" && lost.by === ANA && lost.at === trial.state.at, "the loser is told");
      }
    },
  });
});
