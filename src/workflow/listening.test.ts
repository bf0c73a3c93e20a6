// Waits for a unit's word beside a centre that ends, starts and cannot write: over the service, with a store that fails on command.
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import type { Command } from "../dispatch/commands.ts";
import { PLACE, profileOf } from "../dispatch/testing/world.ts";
import { createDispatchService, type Sender } from "./dispatch-service.ts";
import { createMemoryStore } from "./testing/memory-store.ts";
import { noRoadTimes } from "./testing/no-road-times.ts";

const ANA: Sender = { kind: "user", id: 1, name: "Ana", permissions: ["incident.write", "assignment.write"], unitId: null };

async function start(store = createMemoryStore(), now = 1_800_000_000_000) {
  const clock = { now, wallMs: () => clock.now, monotonicMs: () => clock.now };
  let tick = (): void => undefined;
  const service = await createDispatchService({
    store, clock, hash: (text) => createHash("sha256").update(text).digest("hex"), timeZone: "UTC", roadTimes: noRoadTimes, onFatal: (error) => { throw error; },
    every: (_, work) => {
      tick = work;
      return () => (tick = () => undefined);
    },
  });
  const send = async (command: Command): Promise<void> => assert.equal((await service.send(ANA, { commandId: randomUUID(), expectedSequence: null, command })).outcome, "accepted");
  return { service, store, clock, send, tick: () => tick() };
}

describe("a wait for a unit's word", () => {
  const WELFARE_UP_MS = 15 * 60_000;
  const onScene = async () => {
    const a = await start();
    await a.service.sendSystem({ type: "units.register", units: [profileOf("P1", "patrol")] });
    await a.send({ type: "incident.create", contactId: null, incidentType: "theft", what: "", who: "", place: PLACE });
    await a.send({ type: "incident.update", incidentId: 1, priority: 1 });
    await a.send({ type: "assignment.assign", incidentId: 1, unitIds: [1], stack: false });
    await a.send({ type: "assignment.advance", assignmentId: 1, to: "on-scene", deviceAt: null });
    return a;
  };
  const pass = async (a: Awaited<ReturnType<typeof start>>, seconds: number): Promise<void> => {
    for (let i = 0; i < seconds; i++) {
      a.clock.now += 1_000;
      a.tick();
      await new Promise((resolve) => setImmediate(resolve));
      await a.service.sendSystem({ type: "timers.run" }).catch(() => undefined);
    }
  };
  const isUp = (a: Awaited<ReturnType<typeof start>>): boolean => a.service.findAssignment(1)!.unanswered?.goneUp === true;
  it("[ASG15] is longer by the time that a centre was away which is killed each minute, and by no more than it knows of late", async () => {
    let a = await onScene();
    const from = a.clock.now;
    let starts = 0;
    for (; !isUp(a) && starts < 40; starts++) {
      for (let second = 0; second < 60 && !isUp(a); second++) await pass(a, 1);
      if (isUp(a)) break;
      a = await start(a.store, a.clock.now + 5_000);
    }
    const took = a.clock.now - from - WELFARE_UP_MS;
    assert.ok(starts >= 13 && took >= starts * 5_000 && took <= starts * 7_000 + 2_000, `${starts} starts, ${took} ms later`);
  });
  it("[ASG15] is longer by the time in which the log could not be written, though nobody tried", async () => {
    const a = await onScene();
    await pass(a, 890);
    a.store.unwritable = true;
    await pass(a, 300);
    a.store.unwritable = false;
    await pass(a, 5);
    assert.equal(isUp(a), false);
    await pass(a, 10);
    assert.equal(isUp(a), true);
  });
  it("[ASG15] is longer by what a start after a long time took, with what was known of the log alone", async () => {
    const a = await onScene();
    const b = await start(a.store, a.clock.now + 20 * 60_000);
    await pass(b, WELFARE_UP_MS / 1_000 - 1);
    assert.equal(isUp(b), false);
    await pass(b, 1);
    assert.equal(isUp(b), true);
  });
});
