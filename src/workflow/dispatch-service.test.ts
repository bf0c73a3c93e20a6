// What the service answers, tells and does by itself, over a store in memory. Where that fails: store-failures.test.ts.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import type { Command } from "../dispatch/commands.ts";
import { PLACE } from "../dispatch/testing/world.ts";
import type { Change } from "./change-log.ts";
import { AwayError } from "./checkpoint.ts";
import { type DispatchServiceOptions, DispatchUnavailableError } from "./dispatch-service.ts";
import { createMemoryStore } from "./testing/memory-store.ts";
import { ANA, BEN, create, receive, start, units } from "../../tests/support/dispatch-service.ts";

describe("a command", () => {
  it("[CMD1] sent again gets its first answer and changes nothing, also after a restart", async () => {
    const a = await start();
    const id = randomUUID();
    const first = await a.send(ANA, create, id);
    const again = await a.send(ANA, create, id.toUpperCase());
    assert.deepEqual(again, { ...first, repeated: true });
    const b = await start(a.store);
    assert.deepEqual(await b.send(ANA, create, id), { ...first, repeated: true });
    assert.equal(a.store.events.length, 1);
  });
  it("[CMD1] sent twice at the same moment is one", async () => {
    const a = await start();
    const id = randomUUID();
    // the first command keeps the writer busy, so that the two after it share a group
    const [, one, two] = await Promise.all([a.send(ANA, receive("x")), a.send(ANA, create, id), a.send(ANA, create, id)]);
    assert.deepEqual([one!.outcome, two!.outcome, a.store.events.length, a.store.appends], ["accepted", "accepted", 2, 2]);
  });
  it("[CMD1] with the id of another is refused", async () => {
    const a = await start();
    const id = randomUUID();
    await a.send(ANA, create, id);
    for (const outcome of [await a.send(BEN, create, id), await a.send(ANA, { ...create, what: "other" } as Command, id)]) {
      assert.ok(outcome.outcome === "refused" && outcome.rule === "command-id-reused");
    }
  });
  it("[CMD2] that is refused has that one outcome, too", async () => {
    const a = await start();
    const id = randomUUID();
    const refused = await a.send(ANA, { type: "incident.note", incidentId: 9, words: "x", corrects: null }, id);
    assert.equal(refused.outcome, "refused");
    await a.send(ANA, create);
    assert.deepEqual(await a.send(ANA, { type: "incident.note", incidentId: 9, words: "x", corrects: null }, id), refused);
  });
  it("[CMD6] was done at one moment in all that it did, however often the clock is looked at meanwhile", async () => {
    let now = 1_800_000_000_000;
    const a = await start(createMemoryStore(), now, { clock: { wallMs: () => now++, monotonicMs: () => now } });
    await a.service.sendSystem({ type: "units.register", units });
    const created = await a.send(ANA, create);
    const incidentId = created.outcome === "accepted" ? created.incidentId! : Number.NaN;
    await a.send(ANA, { type: "assignment.assign", incidentId, unitIds: [1, 2], stack: false });
    const id = randomUUID();
    assert.equal((await a.send(ANA, { type: "incident.close", incidentId, disposition: "resolved", words: "" }, id)).outcome, "accepted");
    const closing = a.store.events.filter(({ commandId }) => commandId === id);
    assert.deepEqual(closing.map(({ body }) => body.type), ["assignment.recalled", "assignment.recalled", "incident.closed"]);
    assert.equal(new Set(closing.map(({ at }) => at)).size, 1);
  });
  it("[CMD4] without the permission is refused inside the writer", async () => {
    const a = await start();
    const outcome = await a.send({ ...ANA, permissions: ["contact.handle"] }, create);
    assert.ok(outcome.outcome === "refused" && outcome.rule === "not-permitted");
    assert.equal(a.store.events.length, 0);
  });
  it("[CMD2] with text that a database cannot hold is taken, mended", async () => {
    const a = await start();
    await a.send(ANA, receive("x", "a\u0000b\ud800c"));
    assert.equal(a.service.state().contacts[0]!.callerWords, "a\ufffdb\ufffdc");
  });
});

describe("many at once", () => {
  it("[ASG3] a hundred dispatchers race for one unit: one wins", async () => {
    const a = await start();
    await a.service.sendSystem({ type: "units.register", units });
    for (let i = 0; i < 100; i++) await a.send(ANA, create);
    const outcomes = await Promise.all(Array.from({ length: 100 }, (_, i) => a.send({ ...ANA, id: i + 1, name: `D${i + 1}` }, { type: "assignment.assign", incidentId: i + 1, unitIds: [1], stack: false })));
    const won = outcomes.filter((one) => one.outcome === "accepted");
    assert.equal(won.length, 1);
    const lost = outcomes.filter((one) => one.outcome === "conflict");
    assert.ok(lost.length === 99 && lost.every((one) => one.rule === "unit-taken" && one.by?.name === "D1"));
  });
  it("[CMD2] share a commit", async () => {
    const a = await start();
    await Promise.all(Array.from({ length: 150 }, (_, i) => a.send(ANA, receive(`c${i}`))));
    assert.ok(a.store.appends <= 3, `${a.store.appends} appends`);
    assert.equal(a.store.events.length, 150);
  });
});

describe("what changed", () => {
  it("is told in order with whole entities and the lines of the timeline", async () => {
    const a = await start();
    const changes: Change[] = [];
    const stop = a.service.subscribe((change) => changes.push(change));
    a.service.subscribe(() => {
      throw new Error("a broken listener");
    });
    await a.service.sendSystem({ type: "units.register", units });
    await a.send(ANA, create);
    await a.send(ANA, { type: "assignment.assign", incidentId: 1, unitIds: [2], stack: false });
    stop();
    await a.send(ANA, create);
    assert.deepEqual(changes.map((change) => [change.after, change.sequence]), [[0, 2], [2, 3], [3, 4]]);
    assert.deepEqual(changes[2]!.units.map((unit) => unit.activeAssignmentId), [1]);
    assert.deepEqual(changes[2]!.timeline.map((entry) => [entry.number, entry.event, entry.by.name]), [[2, "assignment.assigned", "Ana"]]);
    assert.ok(a.warnings.some((warning) => warning.message.includes("listener")));
  });
  it("is given again from a cursor, or not at all where that is too far back", async () => {
    const a = await start();
    for (let i = 0; i < 3; i++) await a.send(ANA, create);
    assert.deepEqual(a.service.changesAfter(1)!.map((change) => change.sequence), [2, 3]);
    assert.deepEqual([a.service.changesAfter(3), a.service.changesAfter(4)], [[], null]);
    const b = await start(a.store);
    assert.deepEqual([b.service.changesAfter(1), b.service.changesAfter(3)], [null, []]);
  });
});

describe("time", () => {
  it("[CON3] [INC6] runs through the same writer", async () => {
    const a = await start();
    await a.send(ANA, receive("x"));
    await a.send(ANA, { type: "contact.claim", contactId: 1 });
    await a.send(ANA, create);
    a.clock.now += 150_000;
    a.tick();
    await a.send(ANA, { type: "incident.note", incidentId: 1, words: "after the tick", corrects: null });
    assert.equal(a.service.state().contacts[0]!.state, "ringing");
    const file = await a.service.incident(1);
    assert.deepEqual(file!.timeline.map((entry) => entry.event), ["incident.created", "incident.shortfall-overdue", "incident.noted"]);
    assert.equal(await a.service.incident(2), null);
  });
});

describe("a claim", () => {
  const LEASE_MS = 60_000;
  const claim: Command = { type: "contact.claim", contactId: 1 };
  const renew: Command = { type: "contact.renew", contactId: 1 };
  const claimed = async (more: Partial<DispatchServiceOptions> = {}) => {
    const a = await start(undefined, undefined, more);
    await a.send(ANA, receive("x"));
    await a.send(ANA, claim);
    return a;
  };
  /** What the timers make of it; the command behind them waits for their end. */
  const stateAfterTick = async (a: Awaited<ReturnType<typeof start>>): Promise<string> => {
    a.tick();
    await a.send(ANA, { type: "contact.hang-up", externalId: "unknown" });
    return a.service.state().contacts[0]!.state;
  };
  it("[CON3] outlasts an outage of the log in which nobody could renew it", async () => {
    const a = await claimed();
    a.store.unreachable = true;
    for (let i = 0; i < 4; i++) {
      a.clock.now += 30_000;
      a.tick();
      await assert.rejects(a.send(ANA, renew), DispatchUnavailableError);
    }
    a.store.unreachable = false;
    assert.equal(await stateAfterTick(a), "claimed");
    assert.equal((await a.send(BEN, claim)).outcome, "conflict");
    a.clock.now += 20_000;
    assert.equal((await a.send(ANA, renew)).outcome, "accepted");
    a.clock.now += LEASE_MS;
    assert.equal(await stateAfterTick(a), "ringing");
  });
  it("[CON3] outlasts a log that can be read and not written, for one lease and no longer", async () => {
    const a = await claimed();
    a.clock.now += LEASE_MS - 1;
    a.store.unwritable = true;
    await assert.rejects(a.send(ANA, renew), DispatchUnavailableError);
    a.clock.now += 5_000;
    a.store.unwritable = false;
    assert.equal(await stateAfterTick(a), "claimed");
    a.clock.now += LEASE_MS;
    assert.equal(await stateAfterTick(a), "ringing");
  });
  it("[CON3] [CMD7] does not outlast a command that could not be decided: that one is told, and no time begins anew for it", async () => {
    const a = await claimed({ namePlace: () => { throw new AwayError("a block of before is damaged"); } });
    await a.service.sendSystem({ type: "units.register", units });
    a.clock.now += LEASE_MS - 1;
    const [bad, good] = await Promise.allSettled([a.send(ANA, { type: "unit.emergency", unitId: 1, point: PLACE.point, deviceAt: null }), a.send(ANA, create)]);
    assert.deepEqual([bad.status, good.status], ["rejected", "fulfilled"]);
    a.clock.now += 5_000;
    assert.equal(await stateAfterTick(a), "ringing");
  });
  it("[CON3] [CMD7] does not outlast a command that the log refuses, again and again: it can be written all the same", async () => {
    const a = await claimed();
    a.store.refusedText = "poison";
    for (let i = 0; i < 6; i++) {
      a.clock.now += LEASE_MS / 6;
      await assert.rejects(a.send(ANA, receive(`c${i}`, "poison")), DispatchUnavailableError);
      await new Promise((resolve) => setImmediate(resolve)); // the store is asked at once whether it can be written
    }
    assert.equal(await stateAfterTick(a), "ringing");
  });
  it("[CON3] outlasts a log that hung without an error", async () => {
    const a = await claimed();
    let release = (): void => undefined;
    a.store.held = new Promise((resolve) => (release = resolve));
    const hung = a.send(ANA, renew).catch(() => undefined);
    await Promise.resolve();
    a.clock.now += LEASE_MS + 1_000;
    a.store.held = null;
    release();
    await hung;
    assert.equal(await stateAfterTick(a), "claimed");
  });
  it("[CON3] outlasts a restart by a whole lease: consoles come back first", async () => {
    const a = await claimed();
    const b = await start(a.store, a.clock.now + LEASE_MS + 10_000);
    assert.equal(await stateAfterTick(b), "claimed");
    assert.equal((await b.send(BEN, claim)).outcome, "conflict");
    b.clock.now += LEASE_MS;
    assert.equal(await stateAfterTick(b), "ringing");
  });
});

describe("a unit whose shift ends in a job or an emergency", () => {
  it("[UNT5] is on duty until that is over: its place is taken, and it is not silent", async () => {
    const a = await start();
    const ends = a.clock.now + 60_000;
    await a.service.sendSystem({ type: "units.register", units: units.map((unit) => ({ ...unit, shiftEndsAt: ends })) });
    await a.send(ANA, create);
    await a.send(ANA, { type: "assignment.assign", incidentId: 1, unitIds: [1], stack: false });
    await a.send(ANA, { type: "assignment.advance", assignmentId: 1, to: "en-route", deviceAt: null });
    const taken = (unitId: number): number => a.service.positions.report([{ unitId, ...PLACE.point, headingDeg: null, speedMps: null, at: a.clock.now }], a.clock.now).taken;
    for (let i = 0; i < 10; i++) {
      a.clock.now += 30_000;
      assert.deepEqual([taken(1), taken(2)], [1, a.clock.now < ends ? 1 : 0]);
      a.tick();
      await a.send(ANA, { type: "incident.note", incidentId: 1, words: "tick", corrects: null });
      assert.equal(a.service.findAssignment(1)!.silentSince, null);
    }
    await a.send(ANA, { type: "assignment.recall", assignmentId: 1, words: "over" });
    assert.equal(taken(1), 0);
    await a.send(ANA, { type: "unit.emergency", unitId: 2, point: PLACE.point, deviceAt: null });
    assert.equal(taken(2), 1);
  });
});

describe("what is asked", () => {
  it("[ASG10] an assignment keeps what the dispatcher was shown", async () => {
    const a = await start();
    await a.service.sendSystem({ type: "units.register", units });
    await a.send(ANA, create);
    assert.equal(a.service.recommend(7, a.clock.now, ANA), null);
    const shown = a.service.recommend(1, a.clock.now, ANA)!;
    a.clock.now += 60_000;
    await a.send(ANA, { type: "assignment.assign", incidentId: 1, unitIds: [2], stack: false });
    assert.equal(a.service.findAssignment(1)!.roadSecondsAtAssign, shown.candidates.find((one) => one.unitId === 2)!.roadSeconds);
  });
  it("[ASG10] keeps nothing of what another was shown, or of what was shown long ago", async () => {
    const a = await start();
    await a.service.sendSystem({ type: "units.register", units });
    await a.send(ANA, create);
    a.service.recommend(1, a.clock.now, ANA);
    await a.send(BEN, { type: "assignment.assign", incidentId: 1, unitIds: [1], stack: false });
    a.clock.now += 60_001;
    await a.send(ANA, { type: "assignment.assign", incidentId: 1, unitIds: [2], stack: false });
    assert.deepEqual([1, 2].map((id) => a.service.findAssignment(id)!.roadSecondsAtAssign), [null, null]);
  });
  it("[CMD5] a log that was tampered with is told at the start, and the start goes on", async () => {
    const a = await start();
    await a.send(ANA, create);
    await a.send(ANA, { type: "incident.note", incidentId: 1, words: "true words", corrects: null });
    const event = a.store.events[1]!;
    a.store.events[1] = { ...event, body: { ...event.body, words: "false words" } as typeof event.body };
    const b = await start(a.store);
    assert.ok(b.warnings.some((warning) => JSON.stringify(warning.fields).includes("incident 1: entry 2")));
    assert.equal((await b.send(ANA, create)).outcome, "accepted");
  });
  it("[CMD5] a log that lost any one of its lines is told at the start, and work goes on", async () => {
    const a = await start();
    await a.service.sendSystem({ type: "units.register", units });
    await a.send(ANA, receive("x"));
    await a.send(ANA, { type: "contact.claim", contactId: 1 });
    await a.send(ANA, { ...create, contactId: 1 } as Command);
    await a.send(ANA, { type: "assignment.assign", incidentId: 1, unitIds: [1], stack: false });
    await a.send(ANA, { type: "assignment.advance", assignmentId: 1, to: "on-scene", deviceAt: null });
    await a.send(ANA, { type: "incident.close", incidentId: 1, disposition: "resolved", words: "" });
    const whole = [...a.store.events];
    for (const lost of whole) {
      a.store.events.splice(0, Infinity, ...whole.filter((event) => event !== lost));
      const b = await start(a.store);
      const at = `without ${lost.body.type} (${lost.sequence})`;
      assert.ok(b.warnings.length > 0, at);
      assert.equal(b.service.state().sequence, whole.length, at);
      b.tick();
      await b.service.sendSystem({ type: "units.register", units });
      await b.send(BEN, receive(`after ${at}`));
      const made = await b.send(BEN, create);
      assert.ok(made.outcome === "accepted" && made.incidentId! > 1, at); // the id of what was lost is not given again
      assert.equal((await b.service.incident(made.incidentId!))!.timeline.length, 1);
      assert.ok([...b.service.state().units].some((unit) => unit.callSign === "P2"), at);
      assert.deepEqual((await start(a.store)).service.state().incidents.at(-1), b.service.findIncident(made.incidentId!), at);
      a.store.rewind(whole);
    }
  });
  it("[CMD5] a line that is no event is kept out", async () => {
    const a = await start();
    await a.send(ANA, create);
    a.store.events[0] = { ...a.store.events[0]!, body: null as never };
    const b = await start(a.store);
    assert.ok(b.warnings.some((warning) => JSON.stringify(warning.fields).includes("event 1 is kept out")));
    assert.equal((await b.send(ANA, receive("x"))).outcome, "accepted");
  });
  it("answers a fleet gateway by what is live alone", async () => {
    const a = await start();
    await a.service.sendSystem({ type: "units.register", units });
    for (let i = 0; i < 3; i++) await a.send(ANA, create);
    await a.send(ANA, { type: "assignment.assign", incidentId: 1, unitIds: [1], stack: false });
    await a.send(ANA, { type: "incident.close", incidentId: 1, disposition: "resolved", words: "" });
    await a.send(ANA, { type: "assignment.assign", incidentId: 2, unitIds: [1], stack: false });
    await a.send(ANA, { type: "assignment.assign", incidentId: 3, unitIds: [1, 2], stack: true });
    const { units: all, assignments, incidents } = a.service.liveWork();
    assert.deepEqual([all.map((one) => one.id), assignments.map((one) => [one.id, one.state]), incidents.map((one) => one.id)], [[1, 2], [[2, "assigned"], [3, "proposed"], [4, "assigned"]], [2, 3]]);
    assert.equal(a.service.sequence(), a.service.state().sequence);
  });
  it("lists incidents newest first in pages", async () => {
    const a = await start();
    for (let i = 0; i < 5; i++) await a.send(ANA, create);
    assert.deepEqual(a.service.listIncidents(null, 2).map((one) => one.id), [5, 4]);
    assert.deepEqual(a.service.listIncidents(4, 9).map((one) => one.id), [3, 2, 1]);
  });
  it("lists the incidents that have ended, however many open ones are newer, and the open ones alone", async () => {
    const a = await start();
    for (let i = 0; i < 5; i++) await a.send(ANA, create);
    for (const incidentId of [1, 3]) {
      await a.send(ANA, { type: "incident.no-unit-needed", incidentId, words: "a drill" });
      await a.send(ANA, { type: "incident.close", incidentId, disposition: "resolved", words: "" });
    }
    const ids = (before: number | null, limit: number, status: "open" | "ended"): number[] => a.service.listIncidents(before, limit, status).map((one) => one.id);
    assert.deepEqual([ids(null, 1, "ended"), ids(3, 9, "ended"), ids(null, 9, "open"), ids(4, 1, "open")], [[3], [1], [5, 4, 2], [2]]);
    await a.send(ANA, { type: "incident.reopen", incidentId: 3, words: "it goes on" });
    assert.deepEqual([ids(null, 9, "ended"), ids(null, 9, "open")], [[1], [5, 4, 3, 2]]);
  });
});
