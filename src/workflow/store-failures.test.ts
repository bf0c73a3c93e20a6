// The writer over a store that fails on command. The same against real PostgreSQL: src/io/postgres/event-store.test.ts.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Outcome } from "../dispatch/commands.ts";
import type { Change } from "./change-log.ts";
import { DispatchUnavailableError } from "./dispatch-service.ts";
import { ANA, create, receive, start } from "../../tests/support/dispatch-service.ts";

describe("when the store fails", () => {
  it("[CMD5] readers never see what was not committed", async () => {
    const a = await start();
    a.store.faults.push("fail", "fail"); // it is tried twice
    await assert.rejects(a.send(ANA, create), DispatchUnavailableError);
    assert.deepEqual([a.service.state().incidents, a.service.state().sequence, a.store.events.length], [[], 0, 0]);
    assert.equal((await a.send(ANA, create)).outcome, "accepted");
    assert.equal(a.service.state().incidents[0]!.id, 1);
  });
  it("[CMD2] a commit whose answer was lost is found in the log; the same command gets its outcome", async () => {
    const a = await start();
    const changes: Change[] = [];
    a.service.subscribe((change) => changes.push(change));
    a.store.faults.push("commit-then-fail");
    const id = randomUUID();
    const first = await a.send(ANA, create, id);
    assert.ok(first.outcome === "accepted" && first.incidentId === 1);
    const again = await a.send(ANA, create, id);
    assert.ok(again.outcome === "accepted" && again.incidentId === 1);
    assert.deepEqual([a.store.events.length, a.service.state().incidents.length, changes.map((change) => [change.after, change.sequence])], [1, 1, [[0, 1]]]);
  });
  it("[CMD7] one command that cannot be stored does not take the others with it", async () => {
    const a = await start();
    a.store.refusedText = "poison";
    const sent = ["one", "poison", "two"].map((words, i) => a.send(ANA, receive(`c${i}`, words)));
    const settled = await Promise.allSettled(sent);
    assert.deepEqual(settled.map((one) => one.status), ["fulfilled", "rejected", "fulfilled"]);
    assert.deepEqual(a.service.state().contacts.map((contact) => contact.callerWords), ["one", "two"]);
  });
  it("[CMD6] a writer that was overtaken stops for good and says so", async () => {
    const a = await start();
    a.store.fenced = true;
    await assert.rejects(a.send(ANA, create), DispatchUnavailableError);
    await assert.rejects(a.send(ANA, create), DispatchUnavailableError);
    assert.equal(a.fatal.length, 1);
  });
  it("[CMD5] comes back by itself when the store does", async () => {
    const a = await start();
    a.store.unreachable = true;
    await assert.rejects(a.send(ANA, create), DispatchUnavailableError);
    a.store.unreachable = false;
    assert.equal((await a.send(ANA, create)).outcome, "accepted");
  });
  it("[CMD2] a command that waited too long behind a store that hangs is given back and never carried out", async () => {
    const a = await start();
    let release = (): void => undefined;
    a.store.held = new Promise((resolve) => (release = resolve));
    const first = a.send(ANA, receive("under way"));
    await Promise.resolve();
    const second = assert.rejects(a.send(ANA, receive("waits")), DispatchUnavailableError);
    a.clock.now += 5_001;
    a.tick();
    await second; // while the store still hangs
    const id = randomUUID();
    const third = a.send(ANA, receive("in time"), id);
    a.store.held = null;
    release();
    assert.equal((await third).outcome, "accepted");
    await assert.rejects(first, DispatchUnavailableError); // hung before it was decided
    assert.deepEqual(a.service.state().contacts.map((contact) => contact.id), [1]);
    assert.deepEqual(a.store.events.map((event) => (event.body.type === "contact.received" ? event.body.externalId : event.body.type)), ["in time"]);
  });
  it("[CMD2] a commit whose answer came too late is never told as not carried out: it is looked for in the log, however long it took", async () => {
    const a = await start();
    a.store.faults.push("commit-then-hang");
    let fail = (): void => undefined;
    a.store.hung = new Promise((_, reject) => (fail = () => reject(new Error("no answer in time"))));
    const sent = a.send(ANA, create);
    while (a.store.events.length === 0) await new Promise(setImmediate);
    for (let second = 0; second < 8; second++) {
      a.clock.now += 1_000;
      a.tick();
    }
    fail();
    const outcome = await sent;
    assert.ok(outcome.outcome === "accepted" && outcome.incidentId === 1);
    assert.equal(a.store.events.length, 1);
  });
  it("[CMD2] a commit of which nothing can be learned is told as that within a quarter of a minute, and done once when it is sent again", async () => {
    const a = await start();
    a.store.faults.push("ok", "commit-then-hang");
    let fail = (): void => undefined;
    a.store.hung = new Promise((_, reject) => (fail = () => reject(new Error("connection lost"))));
    const before = a.send(ANA, create); // while it is under way the others gather to one group
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    const sent = ids.map((id) => a.send(ANA, create, id));
    const told = sent.map((one) => one.then(() => "done", (error: Error) => error.message));
    await before;
    while (a.store.events.length < 4) await new Promise(setImmediate);
    let release = (): void => undefined;
    a.store.held = new Promise((resolve) => (release = resolve)); // the question what became of them hangs
    fail();
    for (let second = 0; second < 16; second++) {
      await new Promise(setImmediate);
      a.clock.now += 1_000;
      a.tick();
    }
    assert.match(await Promise.race([told[2]!, new Promise<string>((resolve) => setImmediate(resolve, "still waiting"))]), /not known whether/);
    a.store.held = null;
    release();
    await Promise.all(told);
    for (const [i, id] of ids.entries()) {
      const again = await a.send(ANA, create, id);
      assert.ok(again.outcome === "accepted" && again.repeated && again.incidentId === i + 2);
    }
    assert.equal(a.store.events.length, 4);
  });
  it("[CMD2] of a long outage nothing is left to be done late, and time asks once", async () => {
    const a = await start();
    a.store.held = new Promise(() => undefined);
    const sent = Array.from({ length: 20 }, (_, i) => a.send(ANA, receive(`c${i}`)));
    for (const one of sent) one.catch(() => undefined);
    for (let second = 0; second < 60; second++) {
      a.clock.now += 1_000;
      a.tick();
    }
    assert.ok(a.service.logLag() <= 1, `${a.service.logLag()} wait`);
    const settled = await Promise.race([Promise.allSettled(sent.slice(1)), new Promise((resolve) => setImmediate(resolve, "still waiting"))]);
    assert.ok(Array.isArray(settled) && settled.every((one: PromiseSettledResult<Outcome>) => one.status === "rejected"));
  });
  it("[CMD5] whatever fails in whatever order: state = fold(log), acknowledged = present once", async () => {
    const plan = fc.array(fc.record({ faults: fc.array(fc.constantFrom("fail" as const, "commit-then-fail" as const), { maxLength: 4 }), commands: fc.integer({ min: 1, max: 5 }) }), { minLength: 1, maxLength: 12, size: "max" });
    await fc.assert(fc.asyncProperty(plan, async (steps) => {
      const a = await start();
      const acknowledged: string[] = [];
      let n = 0;
      for (const { faults, commands } of steps) {
        a.store.faults.push(...faults);
        await Promise.all(Array.from({ length: commands }, async () => {
          const name = `c${++n}`;
          const commandId = randomUUID();
          for (let attempt = 0; attempt < 3; attempt++) {
            try {
              await a.send(ANA, receive(name), commandId);
              acknowledged.push(name);
              return;
            } catch (error) {
              assert.ok(error instanceof DispatchUnavailableError);
            }
          }
        }));
      }
      const stored = a.store.events.map((event) => (event.body.type === "contact.received" ? event.body.externalId : ""));
      assert.equal(new Set(stored).size, stored.length);
      for (const name of acknowledged) assert.ok(stored.includes(name));
      a.store.faults.length = 0;
      await a.send(ANA, receive("last"));
      const rebuilt = await start(a.store);
      assert.deepEqual(rebuilt.service.state(), a.service.state());
    }), { numRuns: 60 });
  });
});
