// How much the dispatch writer bears, on a real PostgreSQL with fsync on: commands a second at several numbers of senders at once with the time to
// the answer, and how long a centre needs to fold a long log at its start.
// Run: npm run bench -- dispatch [events to fold, default 100000]
import { createHash, randomUUID } from "node:crypto";
import { cpus } from "node:os";
import type { Command } from "../../src/dispatch/commands.ts";
import { PLACE, profileOf } from "../../src/dispatch/testing/world.ts";
import { systemClock } from "../../src/io/clock/clock.ts";
import { openDatabase } from "../../src/io/postgres/database.ts";
import { openEventStore } from "../../src/io/postgres/event-store.ts";
import { migrate } from "../../src/io/postgres/migrate.ts";
import { startThrowawayCluster } from "../../src/io/postgres/throwaway-cluster.ts";
import { type DispatchService, type Sender, createDispatchService } from "../../src/workflow/dispatch-service.ts";
import { noRoadTimes } from "../../src/workflow/testing/no-road-times.ts";

const WANTED_EVENTS = Number(process.argv[2] ?? 100_000);
const SECONDS = 5;
const SENDER: Sender = { kind: "user", id: 1, name: "Ana", permissions: ["contact.receive", "contact.handle", "incident.write", "assignment.write"], unitId: null };

const start = async (url: string): Promise<DispatchService> =>
  createDispatchService({
    store: await openEventStore(url), clock: systemClock, hash: (text) => createHash("sha256").update(text).digest("hex"), timeZone: "UTC", roadTimes: noRoadTimes, every: () => () => undefined,
    onFatal: (error) => { throw error; },
  });
const send = (dispatch: DispatchService, command: Command) => dispatch.send(SENDER, { commandId: randomUUID(), expectedSequence: null, command });

/** One call from ring to closure: 10 commands that make 10 events. */
async function handleCall(dispatch: DispatchService, unitId: number, took: number[]): Promise<void> {
  const timed = async (command: Command) => {
    const at = performance.now();
    const outcome = await send(dispatch, command);
    took.push(performance.now() - at);
    if (outcome.outcome !== "accepted") throw new Error(`${command.type}: ${outcome.message}`);
    return outcome;
  };
  const { contactId } = await timed({ type: "contact.receive", source: "telephone", externalId: randomUUID(), callerNumber: "099", callerPoint: null, callerUncertaintyM: null, callerWords: "help" });
  await timed({ type: "contact.claim", contactId: contactId! });
  const { incidentId } = await timed({ type: "incident.create", contactId, incidentType: "theft", what: "bag snatched", who: "", place: PLACE });
  const { units } = await timed({ type: "assignment.assign", incidentId: incidentId!, unitIds: [unitId], stack: false });
  const assignmentId = units[0]!.assignmentId!;
  for (const to of ["delivered", "acknowledged", "en-route", "on-scene", "cleared"] as const) await timed({ type: "assignment.advance", assignmentId, to, deviceAt: null });
  await timed({ type: "incident.close", incidentId: incidentId!, disposition: "report-taken", words: "" });
}

const cluster = await startThrowawayCluster({ shared_buffers: "128MB" });
try {
  const database = openDatabase(cluster.url, { max: 1 });
  await migrate(database);
  await database.end();
  console.log(`${cpus().length} x ${cpus()[0]?.model}, PostgreSQL with fsync on`);
  let dispatch = await start(cluster.url);
  await dispatch.sendSystem({ type: "units.register", units: Array.from({ length: 1_000 }, (_, i) => profileOf(`U${i}`, "patrol")) });
  for (const senders of [1, 10, 100, 400]) {
    const took: number[] = [];
    const until = performance.now() + SECONDS * 1000;
    await Promise.all(Array.from({ length: senders }, async (_, i) => {
      while (performance.now() < until) await handleCall(dispatch, i + 1, took);
    }));
    took.sort((a, b) => a - b);
    const at = (share: number): string => took[Math.floor(share * (took.length - 1))]!.toFixed(1);
    console.log(`${senders} at once: ${Math.round(took.length / SECONDS)} commands/s, answer p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
  }
  while (dispatch.state().sequence < WANTED_EVENTS) await Promise.all(Array.from({ length: 400 }, (_, i) => handleCall(dispatch, i + 1, [])));
  const events = dispatch.state().sequence;
  await dispatch.stop();
  const before = performance.now();
  dispatch = await start(cluster.url);
  console.log(`fold of ${events} events, hashes checked: ${((performance.now() - before) / 1000).toFixed(2)} s, ${Math.round(process.memoryUsage().heapUsed / 1e6)} MB of heap`);
  await dispatch.stop();
} finally {
  await cluster.stop();
}
