// The invariants that the writer holds, over histories of a seeded scheduler: bursts of commands by people of every role, an append that fails before or after
// its commit, repeats of what got no answer, restarts in the middle. Those of the state alone: src/dispatch/invariants.test.ts. The seeds are printed;
// CITYWATCH_SEEDS=7,8 runs those.
import assert from "node:assert/strict";
import { createHash, randomInt } from "node:crypto";
import { describe, it } from "node:test";
import { createRandom, type Random } from "../base/random.ts";
import { PERMISSIONS_OF, ROLES } from "../contract/access.ts";
import type { Command, Outcome } from "../dispatch/commands.ts";
import { COMMAND_PERMISSIONS } from "../dispatch/permission.ts";
import { describeState } from "../dispatch/testing/describe-state.ts";
import { drawCommand, rebuilt } from "../dispatch/testing/histories.ts";
import { PLACE, profileOf } from "../dispatch/testing/world.ts";
import { type DispatchService, DispatchUnavailableError, type Sender, createDispatchService } from "./dispatch-service.ts";
import { createMemoryStore } from "./testing/memory-store.ts";
import { noRoadTimes } from "./testing/no-road-times.ts";

/** Eight that stay, and two of the run's own seed. */
const RUN = Number(process.env["CITYWATCH_TEST_SEED"] ?? randomInt(2 ** 20));
const SEEDS = process.env["CITYWATCH_SEEDS"]?.split(",").map(Number) ?? [1, 2, 3, 4, 5, 6, 7, 8, RUN * 1_000 + 100, RUN * 1_000 + 101];
const ROUNDS = 60;
const PEOPLE: readonly Sender[] = ["Ana", "Ben", "Carla"].map((name, i) => ({ kind: "user", id: i + 1, name, permissions: PERMISSIONS_OF.dispatcher, unitId: null }));

const lastWords: Command = { type: "incident.create", contactId: null, incidentType: "theft", what: "", who: "", place: PLACE };

interface Sent {
  readonly commandId: string;
  readonly sender: Sender;
  readonly command: Command;
  /** What the sender was told; null: that it was not stored. */
  told: Outcome | null;
}

/** As it was told the first time. */
const onceOnly = (outcome: Outcome): object => ({ ...outcome, repeated: false });

/** Plays bursts of commands against a store that fails now and then, and a centre that is started anew; gives everything that was sent, with its answer. */
async function play(seed: number, senderOf: (random: Random, who: number) => Sender) {
  const random = createRandom(seed);
  const store = createMemoryStore();
  const clock = { now: 1_800_000_000_000, wallMs: () => clock.now, monotonicMs: () => clock.now };
  let tick = (): void => undefined;
  const start = (): Promise<DispatchService> => createDispatchService({
    store, clock, hash: (text) => createHash("sha256").update(text).digest("hex"), timeZone: "UTC", roadTimes: noRoadTimes,
    every: (_, work) => ((tick = work), () => (tick = () => undefined)), onFatal: (error) => { throw error; },
  });
  let service = await start();
  await service.sendSystem({ type: "units.register", units: ["P1", "P2", "P3"].map((callSign) => profileOf(callSign, "patrol")) });
  const sent: Sent[] = [];
  let n = 0;
  const give = async (one: Sent): Promise<void> => {
    const addressee = PEOPLE.find(({ id }) => "toUserId" in one.command && id === one.command.toUserId) ?? null;
    try {
      one.told = await service.send(one.sender, { commandId: one.commandId, expectedSequence: null, command: one.command }, addressee === null ? null : { kind: "user", id: addressee.id, name: addressee.name });
    } catch (error) {
      assert.ok(error instanceof DispatchUnavailableError, String(error));
    }
  };
  for (let round = 0; round < ROUNDS; round++) {
    clock.now += random.pick([0, 500, 2_000, 31_000, 61_000]);
    tick();
    if (random.next() < 0.12) store.faults.push(random.pick(["fail", "commit-then-fail"] as const));
    if (random.next() < 0.05) store.faults.push("fail", "fail", "fail");
    const state = rebuilt(store.events);
    const burst = Array.from({ length: 1 + random.integer(5) }, (): Sent => {
      const { command, by } = drawCommand(random, state);
      return { commandId: `00000000-0000-4000-8000-${String(++n).padStart(12, "0")}`, sender: senderOf(random, by.id), command, told: null };
    });
    sent.push(...burst);
    const again: Sent[] = random.next() < 0.3 ? [{ ...random.pick(sent), told: null }] : []; // a page that sends its command once more
    await Promise.all([...burst, ...again].map(give));
    for (const one of again) {
      const first = sent.find(({ commandId }) => commandId === one.commandId)!;
      if (first.told === null) first.told = one.told;
      else if (one.told !== null) assert.deepEqual(onceOnly(one.told), onceOnly(first.told));
    }
    if (random.next() < 0.1) {
      await service.stop();
      store.faults.length = 0;
      service = await start();
    }
  }
  store.faults.length = 0;
  return { store, sent, service, give };
}
const tell = (seed: number, error: unknown): Error => new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
const holds = (name: string, body: (seed: number) => Promise<void>): void => {
  it(name, async (t) => {
    t.diagnostic(`seeds ${SEEDS.join(",")}`);
    for (const seed of SEEDS) await body(seed).catch((error: unknown) => { throw tell(seed, error); });
  });
};

describe("the invariants of dispatch, through the writer", () => {
  holds("[CMD1] [CMD2] 2. no acknowledged command is lost; each has exactly one outcome, shown to its sender", async (seed) => {
    const { store, sent, service, give } = await play(seed, (_, who) => PEOPLE[who - 1] ?? PEOPLE[0]!);
    sent.push({ commandId: "00000000-0000-4000-9000-000000000001", sender: PEOPLE[0]!, command: lastWords, told: null });
    store.faults.push("commit-then-fail"); // the last answer is lost, too
    await give(sent.at(-1)!);
    sent.push({ commandId: "00000000-0000-4000-9000-000000000002", sender: PEOPLE[0]!, command: lastWords, told: null });
    for (const one of sent.filter(({ told }) => told === null)) await give(one); // what got no answer is sent again, as consoles do
    for (const one of sent) {
      assert.ok(one.told !== null);
      const stored = store.outcomes.get(one.commandId);
      assert.ok(stored !== undefined, `${one.commandId} was told and is not there`);
      assert.deepEqual(onceOnly(stored.outcome), onceOnly(one.told));
      assert.deepEqual(await service.findOutcome(one.sender, one.commandId), stored.outcome);
      const events = store.events.filter(({ commandId }) => commandId === one.commandId);
      if (one.told.outcome !== "accepted") assert.equal(events.length, 0);
      else if (events.length > 0) assert.equal(events.at(-1)!.sequence, one.told.sequence);
      for (const [i, { sequence, by }] of events.entries()) assert.deepEqual([sequence, by.id], [events[0]!.sequence + i, one.sender.id]); // one decision, in one piece
    }
    assert.equal(store.outcomes.size, sent.length);
  });

  holds("[CMD5] 6. what the running centre shows is the fold of the log, whatever failed on the way", async (seed) => {
    const { store, service } = await play(seed, (_, who) => PEOPLE[who - 1] ?? PEOPLE[0]!);
    store.faults.push("commit-then-fail");
    await service.send(PEOPLE[0]!, { commandId: "00000000-0000-4000-9000-000000000003", expectedSequence: null, command: lastWords }); // the commit's answer is lost
    const shown = service.state();
    const state = rebuilt(store.events);
    assert.equal(shown.sequence, state.sequence);
    const sorted = (list: readonly { readonly id: number }[]): unknown => JSON.parse(JSON.stringify([...list].sort((a, b) => a.id - b.id)));
    const { units, incidents, contacts, handOvers } = describeState(state) as Record<string, [number, { id: number }][]>;
    const openIds = (kind: "openIncidents" | "openContacts" | "openHandOvers"): Set<number> => new Set(state[kind].keys());
    assert.deepEqual(sorted(shown.units), sorted(units!.map(([, one]) => one)));
    assert.deepEqual(sorted(shown.incidents), sorted(incidents!.map(([, one]) => one).filter(({ id }) => openIds("openIncidents").has(id))));
    assert.deepEqual(sorted(shown.contacts), sorted(contacts!.map(([, one]) => one).filter(({ id }) => openIds("openContacts").has(id))));
    assert.deepEqual(sorted(shown.handOvers), sorted(handOvers!.map(([, one]) => one).filter(({ id }) => openIds("openHandOvers").has(id))));
  });

  holds("[CMD4] 13. permission is checked at the resource: who may not changes nothing, and is told what is needed", async (seed) => {
    const { store, sent } = await play(seed, (random, who) => {
      const person = PEOPLE[who - 1] ?? PEOPLE[0]!;
      const role = random.pick(ROLES);
      return { ...person, permissions: PERMISSIONS_OF[role], unitId: role === "officer" || role === "guard" ? 1 : null };
    });
    let refused = 0;
    for (const { told, sender, command, commandId } of sent) {
      const may = COMMAND_PERMISSIONS[command.type].some((permission) => sender.permissions.includes(permission));
      if (may || told === null) continue;
      refused++;
      assert.ok(told.outcome === "refused" && (told.rule === "not-permitted" || told.rule === "own-emergency"), `${command.type}: ${told.outcome}`);
      assert.ok(!store.events.some((event) => event.commandId === commandId));
    }
    assert.ok(refused > 20, "the histories try it");
    for (const { told, sender, command } of sent) {
      if (sender.unitId === null || told?.outcome !== "accepted") continue; // an officer: only for the own unit
      if ("unitId" in command) assert.equal(command.unitId, sender.unitId);
    }
  });

  holds("[ASG3] 15. dispatchers who race for a unit at the same moment: exactly one wins, and the others are told who and when", async (seed) => {
    const { service } = await play(seed, (_, who) => PEOPLE[who - 1] ?? PEOPLE[0]!);
    await service.sendSystem({ type: "units.register", units: [profileOf("RACE", "patrol")] });
    const unitId = service.state().units.find(({ callSign }) => callSign === "RACE")!.id;
    for (let race = 0; race < 10; race++) {
      const ids = await Promise.all(PEOPLE.map(async (person, i) => {
        const made = await service.send(person, { commandId: `00000000-0000-4000-8001-${String(race * 10 + i).padStart(12, "0")}`, expectedSequence: null, command: lastWords });
        assert.ok(made.outcome === "accepted");
        return made.incidentId!;
      }));
      const outcomes = await Promise.all(PEOPLE.map((person, i) => service.send(person, { commandId: `00000000-0000-4000-8002-${String(race * 10 + i).padStart(12, "0")}`, expectedSequence: null, command: { type: "assignment.assign", incidentId: ids[i]!, unitIds: [unitId], stack: false } })));
      const winner = outcomes.findIndex(({ outcome }) => outcome === "accepted");
      assert.equal(outcomes.filter(({ outcome }) => outcome === "accepted").length, 1);
      for (const [i, outcome] of outcomes.entries()) {
        if (i !== winner) assert.ok(outcome.outcome === "conflict" && outcome.by?.id === PEOPLE[winner]!.id && outcome.at !== null && outcome.units[0]?.refused?.rule === "unit-taken");
      }
      const assignmentId = service.findUnit(unitId)!.activeAssignmentId!;
      await service.send(PEOPLE[0]!, { commandId: `00000000-0000-4000-8003-${String(race).padStart(12, "0")}`, expectedSequence: null, command: { type: "assignment.recall", assignmentId, words: "x" } });
    }
  });
});
