// What the service makes of its clock: one that ran ahead, and a shift that begins while somebody's command waits. Rule ids are those of src/dispatch/SPEC.md.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createMemoryStore } from "./testing/memory-store.ts";
import { ANA, receive, start, units } from "../../tests/support/dispatch-service.ts";

describe("a clock that ran ahead and was set right", () => {
  it("[CMD9] is told of, and a claim has a whole lease from when it was set right", async () => {
    const now = 1_800_000_000_000;
    for (const startsAhead of [true, false]) {
      const a = await start(createMemoryStore(), startsAhead ? now + 7_200_000 : now);
      a.clock.now = now + 7_200_000;
      await a.send(ANA, receive("x"));
      await a.send(ANA, { type: "contact.claim", contactId: 1 });
      const tick = async (at: number): Promise<string> => {
        a.clock.now = at;
        a.tick();
        await a.send(ANA, { type: "incident.note", incidentId: 9, words: "x", corrects: null }); // the timers are before it
        return a.service.findContact(1)!.state;
      };
      assert.equal(await tick(now), "claimed");
      assert.equal(await tick(now + 59_000), "claimed");
      assert.equal(await tick(now + 60_000), "ringing");
      assert.deepEqual(a.warnings.map(({ fields, message }) => [fields, message.includes("set back")]), [[{ aheadSeconds: 7_140 }, true]], "once");
    }
  });
});

describe("a unit that is entered again", () => {
  it("[UNT1] keeps the crew of a shift that began just before it", async () => {
    const a = await start();
    await a.service.sendSystem({ type: "units.register", units });
    const day = [{ name: "Day", badge: "1" }];
    const { now } = a.clock;
    await a.service.enterShifts(ANA, [{ unitId: 1, shift: { startsAt: now + 2_000, endsAt: now + 3_600_000, crew: day, skills: ["boat"], platformId: null } }]);
    const busy = a.send(ANA, receive("x"));
    a.clock.now += 2_000;
    a.tick();
    const { callSign, kind, home } = units[0]!;
    await Promise.all([busy, a.service.registerUnits(ANA, [{ callSign, kind, home, phone: "099" }])]);
    const { crew, skills, phone } = a.service.findUnit(1)!;
    assert.deepEqual({ crew, skills, phone }, { crew: day, skills: ["boat"], phone: "099" });
    assert.deepEqual(a.store.events.slice(-2).map(({ body }) => body.type), ["unit.shift-began", "unit.registered"]);
  });
});
