// Feeds a log into a centre through its HTTP intake, call by call as a switch, a call taker and the units' own phones would. Every command's id is made from
// the log's own id of the call and the step, so that sending the whole log again changes nothing, and a replay that was broken off goes on: it asks the
// centre which calls it has. At most so many calls are under way, and none starts before every one `WINDOW` rows ahead of it has ended: that is what makes it
// enough to go back so far. A unit of the log has one job at a time here; where the log gives it two at once, the second begins when the first is over.
import { createHash } from "node:crypto";
import type { Clock } from "../../base/time.ts";
import { DAY_MS } from "../../base/time.ts";
import type { Command, Outcome } from "../../contract/dispatch.ts";
import type { Point } from "../../geo/point.ts";
import { UNIT_STEPS, type ReplayCall, type ReplayRow, type ReplayUnit, type RowFault } from "./replay-call.ts";

export interface ReplayCentre {
  /** null: the centre does not hear the command at all, or the replay is being stopped. */
  readonly send: (command: Command, commandId: string) => Promise<Outcome | null>;
  readonly hasOutcome: (commandId: string) => Promise<boolean>;
  /** Ids by call sign; those that could not be registered are absent. */
  readonly registerUnits: (units: readonly ReplayUnit[]) => Promise<ReadonlyMap<string, number>>;
}

export interface ReplayOptions {
  readonly centre: ReplayCentre;
  readonly clock: Clock;
  /** How much faster than the log's clock. */
  readonly speed: number | "max";
  /** `people`: the calls ring, and whoever is at the consoles does the rest. */
  readonly answeredBy: "replay" | "people";
  /** Names this replay: the same log under another name goes in anew. */
  readonly name: string;
  /** Where something is that the log gives no place for. */
  readonly middle: Point;
  readonly middleUncertaintyM: number;
  /** Resolves after so long, or at once when the signal aborts. */
  readonly pause: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
  readonly onCall?: (tally: Tally) => void;
}

export interface Tally {
  /** Rows that were read. */
  rows: number;
  faults: number;
  readonly firstFaults: RowFault[];
  readonly leftOut: Map<string, number>;
  /** Calls that an earlier run of this replay has brought in; they are not sent again. */
  skipped: number;
  /** Calls that the centre took now, and those that it had already. */
  received: number;
  known: number;
  commands: number;
  /** Calls by what became of them. */
  readonly outcomes: Map<string, number>;
  readonly categories: Map<string, number>;
  readonly types: Map<string, number>;
  /** Types as said that are none of ours. */
  readonly unknownTypes: Map<string, number>;
  readonly doubts: Map<string, number>;
  /** Commands that were refused or lost to somebody else, by rule. */
  readonly refusals: Map<string, number>;
}

/** Rows that may lie between the oldest call under way and the newest. */
export const WINDOW = 5_000;
const AT_ONCE_MAX = 64;
const FIRST_FAULTS = 20;
const PLACE_KIND = "coordinates";
const END_WORDS = "As far as the replayed log tells";

/** A UUID (RFC 9562, version 8) made from what the command is. */
export function commandIdOf(...parts: readonly string[]): string {
  const hex = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16)}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const externalIdOf = (name: string, call: Pick<ReplayCall, "id">): string => `${name}:${call.id}`;

const add = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

export const createTally = (): Tally => ({
  rows: 0, faults: 0, firstFaults: [], leftOut: new Map(), skipped: 0, received: 0, known: 0, commands: 0, outcomes: new Map(), categories: new Map(), types: new Map(), unknownTypes: new Map(), doubts: new Map(), refusals: new Map(),
});

/** Resolves when every call of the log has come in and ended, or the signal aborted and what was under way is let go. */
export async function replayLog(rows: AsyncIterable<ReplayRow>, options: ReplayOptions): Promise<Tally> {
  const { speed, signal } = options;
  const tally = createTally();
  const underWay = new Map<number, Promise<void>>();
  const feeder = createFeeder(options, tally);
  let failure: unknown;
  let index = 0;
  for await (const call of skipDone(callsOf(rows, tally), options, tally)) {
    if (signal.aborted || failure !== undefined) break;
    const number = index++;
    const most = speed === "max" ? AT_ONCE_MAX : WINDOW;
    for (let [oldest] = underWay; oldest !== undefined && (underWay.size >= most || number - oldest[0] >= WINDOW); [oldest] = underWay) {
      await (number - oldest[0] >= WINDOW ? oldest[1] : Promise.race(underWay.values()));
    }
    await feeder.waitFor(call.at);
    if (signal.aborted) break;
    const work = feeder.feed(call).catch((error: unknown) => void (failure ??= error)).finally(() => {
      underWay.delete(number);
      options.onCall?.(tally);
    });
    underWay.set(number, work);
  }
  await Promise.all(underWay.values());
  if (failure !== undefined) throw failure;
  return tally;
}

async function* callsOf(rows: AsyncIterable<ReplayRow>, tally: Tally): AsyncGenerator<ReplayCall> {
  for await (const row of rows) {
    tally.rows++;
    if (row.kind === "call") yield row.call;
    else if (row.kind === "left-out") add(tally.leftOut, row.why);
    else {
      tally.faults++;
      if (tally.firstFaults.length < FIRST_FAULTS) tally.firstFaults.push(row.fault);
    }
  }
}

/** Passes over the calls that an earlier run has ended for certain: whole windows of them, each told by one question. */
async function* skipDone(calls: AsyncIterable<ReplayCall>, { centre, name }: ReplayOptions, tally: Tally): AsyncGenerator<ReplayCall> {
  let held: ReplayCall[] = [];
  let resuming = true;
  for await (const call of calls) {
    if (!resuming) {
      yield call;
      continue;
    }
    if (held.length > 0 && held.length % WINDOW === 0) {
      if (await centre.hasOutcome(commandIdOf(name, call.id, "receive"))) {
        tally.skipped += held.length - WINDOW; // this one came in when every call a window before it had ended
        held = held.slice(-WINDOW);
      } else resuming = false;
    }
    if (resuming) held.push(call);
    else {
      yield* held;
      held = [];
      yield call;
    }
  }
  yield* held;
}

interface Feeder {
  /** Resolves when the replay's clock has come to a time of the log. */
  waitFor(at: number): Promise<void>;
  feed(call: ReplayCall): Promise<void>;
}

function createFeeder(options: ReplayOptions, tally: Tally): Feeder {
  const { centre, clock, speed, name, signal } = options;
  const unitIds = new Map<string, number>();
  const registering = new Map<string, Promise<void>>();
  const jobs = new Map<string, Promise<void>>(); // the last job that each unit of the log was given
  let origin: { readonly log: number; readonly ours: number } | null = null;

  const waitFor = async (at: number): Promise<void> => {
    if (speed === "max") return;
    origin ??= { log: at, ours: clock.monotonicMs() };
    for (;;) {
      const leftMs = (at - origin.log) / speed - (clock.monotonicMs() - origin.ours);
      if (leftMs <= 0 || signal.aborted) return;
      await options.pause(Math.min(leftMs, DAY_MS));
    }
  };
  const send = async (call: ReplayCall, step: string, command: Command): Promise<Extract<Outcome, { outcome: "accepted" }> | null> => {
    const outcome = await centre.send(command, commandIdOf(name, call.id, step));
    if (outcome !== null) tally.commands++;
    if (outcome?.outcome === "accepted") return outcome;
    if (!signal.aborted) add(tally.refusals, outcome === null ? `${command.type}: not heard` : `${command.type}: ${outcome.rule}`);
    return null;
  };
  const findUnit = async (unit: ReplayUnit): Promise<number | null> => {
    if (!registering.has(unit.callSign)) {
      registering.set(unit.callSign, centre.registerUnits([unit]).then((ids) => {
        for (const [callSign, id] of ids) unitIds.set(callSign, id);
      }));
    }
    await registering.get(unit.callSign);
    return unitIds.get(unit.callSign) ?? null;
  };

  const driveUnit = async (call: ReplayCall, incidentId: number, unit: ReplayUnit): Promise<void> => {
    const unitId = await findUnit(unit);
    if (unitId === null) return add(tally.refusals, "units: not registered");
    const { times } = unit;
    await waitFor(times.sent ?? call.at);
    const assigned = await send(call, `assign ${unit.callSign}`, { type: "assignment.assign", incidentId, unitIds: [unitId], stack: false });
    const assignmentId = assigned?.units[0]?.assignmentId ?? null;
    if (assignmentId === null) return;
    const wasThere = times["on-scene"] !== undefined || times.transporting !== undefined;
    let cleared = false;
    for (const step of UNIT_STEPS) {
      const deviceAt = times[step];
      if (deviceAt === undefined || signal.aborted) continue;
      await waitFor(deviceAt);
      if (step === "cleared" && !wasThere) continue; // who never came is called back
      const moved = await send(call, `${step} ${unit.callSign}`, { type: "assignment.advance", assignmentId, to: step, deviceAt });
      cleared ||= step === "cleared" && moved !== null;
    }
    // Of a unit that never came, or that the log does not tell to be free again. It is: the log's next job finds it so.
    if (!cleared && !signal.aborted) await send(call, `end ${unit.callSign}`, { type: "assignment.recall", assignmentId, words: END_WORDS });
  };

  const feed = async (call: ReplayCall): Promise<void> => {
    const externalId = externalIdOf(name, call);
    const received = await send(call, "receive", {
      type: "contact.receive", source: "telephone", externalId, receivedAt: call.at, callerNumber: null, callerPoint: call.place.point, callerUncertaintyM: call.place.point === null ? null : call.place.uncertaintyM,
      callerWords: [call.said, call.words].filter((part) => part !== null && part !== "").join("; ").slice(0, 2_000) || null,
    });
    if (received === null || received.contactId === null) return;
    if (received.repeated) tally.known++;
    else tally.received++;
    add(tally.categories, call.category);
    add(tally.types, call.type);
    if (!call.isKnownType) add(tally.unknownTypes, call.said);
    for (const doubt of call.doubts) add(tally.doubts, doubt);
    if (options.answeredBy === "people") return add(tally.outcomes, "rings");

    const { contactId } = received;
    if ((await send(call, "claim", { type: "contact.claim", contactId })) === null) return add(tally.outcomes, "taken by somebody else");
    const { place } = call;
    const made = await send(call, "create", {
      type: "incident.create", contactId, incidentType: call.type, what: call.said.slice(0, 2_000), who: "",
      place: { words: place.words, label: place.words === "" ? "-" : place.words, kind: PLACE_KIND, district: place.district, point: place.point ?? options.middle, uncertaintyM: place.point === null ? options.middleUncertaintyM : place.uncertaintyM },
    });
    const incidentId = made?.incidentId ?? null;
    if (incidentId === null) return add(tally.outcomes, "no incident");
    const driving = call.units.map((unit) => {
      const before = jobs.get(unit.callSign) ?? Promise.resolve();
      const job = before.then(() => driveUnit(call, incidentId, unit));
      const last = job.catch(() => undefined).then(() => void (jobs.get(unit.callSign) === last && jobs.delete(unit.callSign)));
      jobs.set(unit.callSign, last);
      return job;
    });
    await Promise.all(driving);
    if (signal.aborted) return;
    const wasThere = call.units.some(({ times }) => times["on-scene"] !== undefined);
    const disposition = wasThere ? "resolved" : call.units.length > 0 ? "no-need" : "handed-over";
    const closed = await send(call, "close", { type: "incident.close", incidentId, disposition, words: END_WORDS });
    add(tally.outcomes, closed === null ? "incident left open" : disposition);
  };
  return { waitFor, feed };
}
