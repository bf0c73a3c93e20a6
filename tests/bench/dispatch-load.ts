// Calls for benches of dispatch, from ring to closure, through the service itself; and logs as long as wanted, made of them.
import { createHash, randomUUID } from "node:crypto";
import { isReplay } from "../../src/contract/basics.ts";
import type { Command } from "../../src/dispatch/commands.ts";
import { PLACE, profileOf } from "../../src/dispatch/testing/world.ts";
import { systemClock } from "../../src/io/clock/clock.ts";
import { systemTimers } from "../../src/io/clock/timers.ts";
import { openCheckpointStore } from "../../src/io/postgres/checkpoint-store.ts";
import { openDatabase } from "../../src/io/postgres/database.ts";
import { openEventStore } from "../../src/io/postgres/event-store.ts";
import { createFigureStore } from "../../src/io/postgres/figure-store.ts";
import { migrate } from "../../src/io/postgres/migrate.ts";
import { type DispatchService, type Sender, createDispatchService } from "../../src/workflow/dispatch-service.ts";
import { createFigureProjector } from "../../src/workflow/figure-projector.ts";
import type { RoadTimesPort } from "../../src/workflow/ranking.ts";

export const UNITS = 1_000;
const AT_ONCE = 400;
const FIGURES_EVERY = 20_000;
const SENDER: Sender = { kind: "user", id: 1, name: "Ana", permissions: ["contact.receive", "contact.handle", "incident.write", "assignment.write"], unitId: null };

/** Roads have a bench of their own: here ten metres a second as the crow flies, on a plane. */
const straight: RoadTimesPort = (target, { count, lon, lat }) => {
  const metres = Float64Array.from({ length: count }, (_, i) => Math.hypot(lon[i]! - target.lon, lat[i]! - target.lat) * 111_000);
  return { seconds: metres.map((m) => m / 10), closedPieces: new Uint16Array(count), findWay: () => null, findMetres: (i) => metres[i]! };
};
const homeOf = (unitId: number): { lon: number; lat: number } => ({ lon: PLACE.point.lon + (unitId % 100) / 1_000, lat: PLACE.point.lat + Math.floor(unitId / 100) / 1_000 });

/** `version`: of the code whose checkpoints are read and written; none: the whole log is folded. */
export async function startDispatch(url: string, version?: string): Promise<DispatchService> {
  return createDispatchService({
    store: await openEventStore(url), ...(version === undefined ? {} : { checkpoints: openCheckpointStore(url, version) }), clock: systemClock, hash: (text) => createHash("sha256").update(text).digest("hex"), timeZone: "UTC", roadTimes: straight, every: systemTimers.every,
    onFatal: (error) => { throw error; },
  });
}

/** Units for an empty log, each at a place of its own. */
export async function registerUnits(dispatch: DispatchService): Promise<void> {
  await dispatch.sendSystem({ type: "units.register", units: Array.from({ length: UNITS }, (_, i) => profileOf(`U${i}`, "patrol", homeOf(i + 1))) });
}

/** One call from ring to closure: 10 commands that make 10 events, the unit chosen by a recommendation over all of them, whose inputs are stored with the choice. Answers with the log's last event. */
export async function handleCall(dispatch: DispatchService, unitId: number, took: number[], chooses = true): Promise<number> {
  let sequence = 0;
  const timed = async (command: Command) => {
    const from = performance.now();
    const outcome = await dispatch.send(SENDER, { commandId: randomUUID(), expectedSequence: null, command });
    took.push(performance.now() - from);
    if (outcome.outcome !== "accepted") throw new Error(`${command.type}: ${outcome.message}`);
    sequence = outcome.sequence;
    return outcome;
  };
  const { contactId } = await timed({ type: "contact.receive", source: "telephone", externalId: randomUUID(), callerNumber: "099", callerPoint: null, callerUncertaintyM: null, callerWords: "help" });
  await timed({ type: "contact.claim", contactId: contactId! });
  const { incidentId } = await timed({ type: "incident.create", contactId, incidentType: "theft", what: "bag snatched", who: "", place: { ...PLACE, point: homeOf(unitId) } });
  if (chooses) {
    const now = Date.now();
    dispatch.positions.report([{ unitId, ...homeOf(unitId), headingDeg: null, speedMps: 0, at: now }], now);
    if (dispatch.recommend(incidentId!, now, SENDER)?.candidates[0]?.unitId !== unitId) throw new Error(`unit ${unitId} is not the nearest`);
  }
  const { units } = await timed({ type: "assignment.assign", incidentId: incidentId!, unitIds: [unitId], stack: false });
  const assignmentId = units[0]!.assignmentId!;
  for (const to of ["delivered", "acknowledged", "en-route", "on-scene", "cleared"] as const) await timed({ type: "assignment.advance", assignmentId, to, deviceAt: null });
  await timed({ type: "incident.close", incidentId: incidentId!, disposition: "report-taken", words: "" });
  return sequence;
}

/** Calls until the log is so long. */
export async function lengthenLog(dispatch: DispatchService, events: number, chooses = true): Promise<void> {
  while (dispatch.sequence() < events) await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => handleCall(dispatch, i + 1, [], chooses)));
}

/** A log of a database that is empty so far, with checkpoints of the code as it is and its figures judged, as a centre would have left it. Answers with how long it has become. */
export async function fillLog(url: string, events: number, version: string): Promise<number> {
  const database = openDatabase(url, { max: 2 });
  await migrate(database);
  const dispatch = await startDispatch(url, version);
  const projector = createFigureProjector(createFigureStore(database, database).model, dispatch, isReplay, () => "town");
  await registerUnits(dispatch);
  while (dispatch.sequence() < events) {
    await lengthenLog(dispatch, Math.min(events, dispatch.sequence() + FIGURES_EVERY), false);
    await projector.catchUp();
  }
  await dispatch.stop();
  await database.end();
  return dispatch.sequence();
}
