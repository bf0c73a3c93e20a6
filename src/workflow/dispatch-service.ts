// Dispatch as the rest of the program sees it: commands in, outcomes and changes out, and the questions that consoles ask. The writing is in
// dispatch-writer.ts, the rules are in src/dispatch. Starts by folding the log (fold-log.ts).
import { cleanText } from "../base/clean-text.ts";
import { type Clock, HOUR_MS, MINUTE_MS, type WallMs } from "../base/time.ts";
import type { CommandEnvelope, Outcome, SystemCommand } from "../dispatch/commands.ts";
import type { Actor, Assignment, Closure, Contact, CoverPost, EnteredUnit, HandOver, Incident, LonLat, RoadPiece, RoadPlace, Roster, Shift, TimelineEntry, Unit } from "../dispatch/entities.ts";
import { SYSTEM } from "../dispatch/entities.ts";
import { isOnDuty } from "../dispatch/decide-assignment.ts";
import { findReopenFault } from "../dispatch/decide-contact.ts";
import { baseOfId } from "../base/training-ids.ts";
import type { Asker } from "../dispatch/permission.ts";
import { DEFAULT_POLICY, type DispatchPolicy } from "../dispatch/policy.ts";
import { BUILT_IN_RUN_CARDS, createRunCardDeck, planOf, type RunCardDeck } from "../dispatch/run-cards.ts";
import type { HashFunction, State } from "../dispatch/state.ts";
import { formatCanonical, timelineEntryOf } from "../dispatch/timeline.ts";
import { isSkillRegistered, listRegisteredSkills } from "../dispatch/wants.ts";
import type { Board } from "../statistics/board.ts";
import { boardOf } from "../statistics/board.ts";
import { boardInputOf } from "./board-input.ts";
import type { Change } from "./change-log.ts";
import { createChangeLog } from "./change-log.ts";
import { type DigestFunction, INPUTS_KEPT_MS, inputsOf } from "./decision-inputs.ts";
import { type CheckpointStorePort, checkBlocks, checkChain, createCheckpointer } from "./checkpoint.ts";
import { type CoverProposal, createCoverProposals } from "./cover-moves.ts";
import { type DuplicateCandidate, type DuplicateQuestion, createEndedIncidents, findDuplicates } from "./duplicates.ts";
import { type PreemptionOffer, createPreemptionOffers } from "./preemption-offers.ts";
import { DispatchUnavailableError, createDispatchWriter } from "./dispatch-writer.ts";
import type { EventStorePort } from "./event-store.ts";
import { foldLog } from "./fold-log.ts";
import { type IncidentFlag, listIncidentFlags } from "./incident-flags.ts";
import { createKnownContacts } from "./known-contacts.ts";
import { openListening } from "./listening.ts";
import type { PositionTable } from "./positions.ts";
import { createPositionTable } from "./positions.ts";
import type { RoadTimesPort } from "./ranking.ts";
import { rankUnits } from "./ranking.ts";
import type { NotProposedQuery, NotProposedUnit, Recommendation } from "./recommendation.ts";
import { describeRanking, listNotProposed } from "./recommendation.ts";
import { type DecisionReplay, type ReplayOptions, type ReplayPort, replayIn } from "./replay-decision.ts";
import { createShownProposals } from "./shown-proposals.ts";
import type { Route } from "../geo/routing.ts";

export type { Change };
export { DispatchUnavailableError };

/** Who sends a command, with what the gate knows of them. `unitId` is the unit that the account is bound to. */
export type Sender = Asker;

/** Open contacts, open incidents with all their assignments, every unit. */
export interface Snapshot {
  readonly sequence: number;
  readonly at: WallMs;
  readonly contacts: Contact[];
  readonly incidents: Incident[];
  readonly units: Unit[];
  readonly assignments: Assignment[];
  /** Those that stand. */
  readonly closures: Closure[];
  /** Those that wait for somebody. */
  readonly handOvers: HandOver[];
}

export interface IncidentFile {
  readonly incident: Incident;
  readonly assignments: Assignment[];
  readonly contacts: Contact[];
  readonly timeline: TimelineEntry[];
}

export interface DispatchServiceOptions {
  readonly store: EventStorePort;
  /** Absent: each start folds the whole log. */
  readonly checkpoints?: CheckpointStorePort;
  readonly clock: Clock;
  /** SHA-256 of the text's UTF-8 bytes, in hex. */
  readonly hash: HashFunction & DigestFunction;
  readonly roadTimes: RoadTimesPort;
  /** Told each new position: the road it is on is found then, not when a recommendation waits for it. */
  readonly placeOnRoads?: (unitId: number, lon: number, lat: number) => void;
  /** The street or crossing at a point, for what the program itself places: an officer's emergency. */
  readonly namePlace?: (point: LonLat) => { readonly place: string; readonly district: string | null } | null;
  /** The road of the map that runs there, for closures; and the closures that stand, told at the start and with each change, before anybody hears of it. */
  readonly roads?: {
    readonly findRoad: (place: RoadPlace) => Pick<RoadPiece, "name" | "path"> | null;
    readonly close: (closures: readonly Closure[]) => void;
    /** Which roads these are, and what they were at another time with other closures: a decision is worked out again on them. */
    readonly version: string;
    readonly timesAt: ReplayOptions["roadTimesAt"];
    /** Told each second: driving takes longer in a peak than at night. */
    readonly setTime?: (now: WallMs) => void;
  };
  /** Works decisions out again; absent: done here, beside commands. */
  readonly replay?: ReplayPort;
  /** The run cards that are in force; absent: the program's own. */
  readonly runCards?: () => RunCardDeck;
  /** How soon what is told; absent: as installed. */
  readonly policy?: DispatchPolicy;
  /** Where units stand and can be sent to stand in. */
  readonly listPosts?: () => readonly CoverPost[];
  /** Calls back again and again until the returned function is called; timers live in `io`. */
  readonly every: (intervalMs: number, work: () => void) => () => void;
  /** IANA name; today's figures start at its midnight. */
  readonly timeZone: string;
  /** What ids are counted from: training has its own. */
  readonly idBase?: number;
  /** Told once when this writer must not go on (another has taken over): end the process. */
  readonly onFatal: (error: Error) => void;
  readonly onWarning?: (fields: object, message: string) => void;
}

export interface DispatchService {
  /** Resolves after the commit. Rejects with `DispatchUnavailableError` only. `addressee`: the person that a hand-over names, where that person may have it. */
  send(sender: Sender, envelope: CommandEnvelope, addressee?: Actor | null): Promise<Outcome>;
  /** The stored outcome of a command of this sender; null: none, or none yet. */
  findOutcome(sender: Pick<Actor, "kind" | "id">, commandId: string): Promise<Outcome | null>;
  /** How long what may wait. */
  readonly policy: DispatchPolicy;
  /** For the program itself, e.g. registering the city's units at start. */
  sendSystem(command: SystemCommand): Promise<Outcome>;
  /** As the system does, in the name of who asks. What is absent stays as it is known of the unit. Rejects like `send`. */
  registerUnits(by: Actor, units: readonly EnteredUnit[]): Promise<Outcome>;
  /** Enters shifts by unit, as one version of the roster; refused where one of them cannot be. Rejects like `send`. */
  enterShifts(by: Actor, shifts: readonly { readonly unitId: number; readonly shift: Shift }[]): Promise<Outcome>;
  /** Takes one shift out, by its beginning, or (null) the unit off the roster. Rejects like `send`. */
  removeShift(by: Actor, unitId: number, startsAt: WallMs | null): Promise<Outcome>;
  findRoster(unitId: number): Roster | null;
  /** Of the last entry; 0: there was none. */
  rosterVersion(): number;
  state(): Snapshot;
  /** Sequence of the last event, without a snapshot. */
  sequence(): number;
  /** Every unit, the live assignments, the incidents that they are of, and the closures that stand: what a fleet gateway asks each second. */
  liveWork(): Pick<Snapshot, "units" | "assignments" | "incidents" | "closures">;
  /** Every change after the sequence, or null where that is too far back (or not of this log): take a snapshot. */
  changesAfter(sequence: number): Change[] | null;
  subscribe(listener: (change: Change) => void): () => void;
  incident(id: number): Promise<IncidentFile | null>;
  /** Newest first; `before` is an incident id. Without a status all. */
  listIncidents(before: number | null, limit: number, status?: "open" | "ended"): Incident[];
  /** That began within a range, ended or not; at most so many, by time. */
  listIncidentFlags(from: WallMs, to: WallMs, most: number): Promise<IncidentFlag[]>;
  /** Has old ones at hand that are about to be asked for: read beside the work, and not in a turn of the loop. */
  load(kind: "contact" | "incident" | "assignment", ids: Iterable<number>): Promise<void>;
  findUnit(id: number): Unit | null;
  /** That some unit has, each once, as it was first written. */
  listSkills(): string[];
  findIncident(id: number): Incident | null;
  /** By the number that people say. */
  findIncidentByNumber(number: number): Incident | null;
  findContact(id: number): Contact | null;
  /** Ended without an incident, and can still be taken up again. The newest to arrive first; `before` is a contact id. */
  listReopenable(before: number | null, limit: number, now: WallMs): Contact[];
  /** The newest that came under it. Rejects with `DispatchUnavailableError` where the log had to be asked and did not answer. */
  findContactByExternalId(externalId: string): Promise<Contact | null>;
  findAssignment(id: number): Assignment | null;
  /** The job that ended last of a unit, however it ended. */
  findLastEnded(unitId: number): Assignment | null;
  board(now: WallMs): Board;
  readonly positions: PositionTable;
  /** null: no such incident. What is answered counts as shown to the asker. */
  recommend(incidentId: number, now: WallMs, asker: Actor): Recommendation | null;
  /** Units that are not proposed now, each with its reason; null: no such incident. */
  listNotProposed(incidentId: number, now: WallMs, query: NotProposedQuery): NotProposedUnit[] | null;
  /** What the dispatcher was shown when this unit was chosen, worked out again; null: no such assignment. */
  replayDecision(assignmentId: number): Promise<DecisionReplay | null>;
  /** Units that could be taken from another job; null: no such incident. */
  listPreemptible(incidentId: number, now: WallMs): PreemptionOffer[] | null;
  /** What sending these units leaves uncovered, and who could stand in; null: no such incident. */
  proposeCover(incidentId: number, unitIds: readonly number[], now: WallMs): CoverProposal | null;
  /** Incidents that a call may be about, best first. */
  findDuplicates(question: DuplicateQuestion): DuplicateCandidate[];
  /** The quickest way by road; null: there is none. */
  findRoad(from: LonLat, to: LonLat): Route | null;
  /** Commands that wait for their commit. */
  logLag(): number;
  /** Waits for what is under way, then gives up the log. */
  stop(): Promise<void>;
}

const TIMER_MS = 1_000;
const LOOK_UP_WITHIN_MS = 5_000;
const MOST_REPLAYS = 8;
const CHANGES_KEPT = 4_096;
const FIX_UNCERTAINTY_M = 25;
/** Units are numbered from 1. */
const NO_UNIT = 0;

export async function createDispatchService(options: DispatchServiceOptions): Promise<DispatchService> {
  const { store, clock, hash } = options;
  const onWarning = options.onWarning ?? ((): void => undefined);
  const ownDeck = createRunCardDeck(BUILT_IN_RUN_CARDS, options.timeZone);
  const runCards = options.runCards ?? (() => ownDeck);
  const policy = options.policy ?? DEFAULT_POLICY;
  const listPosts = options.listPosts ?? (() => []);
  const { state, blocks, from } = await foldLog({ store, hash, onWarning, checkpoints: options.checkpoints, idBase: options.idBase });
  const checkpointer = options.checkpoints === undefined ? null : createCheckpointer({ store: options.checkpoints, state, blocks, from, onWarning, endedIds: () => endedIncidents.list(clock.wallMs()) });
  const stopCheck = from === null ? () => undefined : checkChain({ store, hash, upTo: from.sequence, every: options.every, onWarning });
  const stopBlocks = from === null || checkpointer === null ? () => undefined : checkBlocks({ away: from.away, store: options.checkpoints!, checkpointer, every: options.every, onWarning });
  const positions = createPositionTable((unitId, now) => {
    const unit = state.units.find(unitId);
    if (unit === undefined) return "unit-exists";
    return isOnDuty(unit, now) ? null : "unit-on-duty";
  }, options.placeOnRoads);
  const changes = createChangeLog(CHANGES_KEPT, (error) => onWarning({ error: String(error) }, "dispatch: a listener failed"));
  const endedIncidents = createEndedIncidents();
  endedIncidents.take(blocks.lately().flatMap((id) => state.incidents.find(id) ?? []), clock.wallMs());
  changes.subscribe((change) => endedIncidents.take(change.incidents, clock.wallMs()));
  const standing = (): Closure[] => Array.from(state.standingClosures.keys(), (id) => state.closures.get(id));
  options.roads?.close(standing());
  changes.subscribe((change) => {
    if (change.closures.length > 0) options.roads?.close(standing());
  });
  const shown = createShownProposals(hash);
  const replays = createQueue(MOST_REPLAYS);
  const cover = createCoverProposals();
  const preemption = createPreemptionOffers();
  /** [RD5] The roads of the hour that it is at that moment, not at the last tick of the timer: a decision of the second after the full hour is worked out again by the hour's own speeds. */
  const roadTimesAt = (now: WallMs): RoadTimesPort => {
    options.roads?.setTime?.(now);
    return options.roadTimes;
  };
  const listening = await openListening({ store, clock, lastEventAt: state.at, onWarning });
  const contacts = createKnownContacts(store, blocks, from?.sequence ?? 0);
  const writer = createDispatchWriter({
    store, clock, hash, state, contacts, onWarning, onFatal: options.onFatal, onCommitted: changes.publish, inputsOf: shown.findInputs,
    listening,
    contextOf: (by, now, addressee) => ({
      now, by, policy, leasesHoldUntil: listening.writableSince(now) + policy.claimLeaseMs, listeningSince: Math.min(listening.since, now), unheard: listening.unheard(now),
      addressee, planFor: (question) => planOf(runCards(), question, (skill) => isSkillRegistered(state, skill)), findPlatform: (platformId) => listPosts().find((post) => post.platformId === platformId) ?? null,
      proposalOf: (incidentId, unitId) => shown.find(incidentId, by, unitId, now),
      positionOf: (unitId) => {
        const last = positions.find(unitId);
        return last === null ? null : { point: last.point, uncertaintyM: FIX_UNCERTAINTY_M + Math.ceil((Math.max(0, now - last.at) / 1000) * last.speedMps), at: last.at };
      },
      namePlace: options.namePlace ?? (() => null), findRoad: options.roads?.findRoad ?? (() => null),
    }),
  });
  let timersWait = false; // one at a time: while the log cannot be written they would only pile up
  options.roads?.setTime?.(clock.wallMs());
  let forgetAt = clock.monotonicMs() + MINUTE_MS; // a start has other things to do
  const stopTimer = options.every(TIMER_MS, () => {
    options.roads?.setTime?.(clock.wallMs());
    writer.rejectOverdue();
    listening.tick();
    blocks.letGo();
    checkpointer?.tick();
    if (clock.monotonicMs() >= forgetAt) {
      forgetAt = clock.monotonicMs() + HOUR_MS;
      store.forgetInputs(clock.wallMs() - INPUTS_KEPT_MS).catch((error: unknown) => onWarning({ error: String(error) }, "dispatch: old positions could not be forgotten; it is tried again in an hour"));
    }
    if (timersWait) return;
    timersWait = true;
    const done = (): void => void (timersWait = false);
    writer.submit({ from: "system", by: SYSTEM, command: { type: "timers.run" } }).then(done, done); // a failure is told by the writer; the next tick tries again
  });

  return {
    policy,
    send: (sender, { commandId, expectedSequence, command, said, forgetsRefusal = false }, addressee = null) => {
      const cleaned = cleanText(command);
      const fingerprint = hash(formatCanonical({ kind: sender.kind, id: sender.id, expectedSequence, command: said ?? cleaned }));
      return writer.submit({ from: "outside", sender, commandId: commandId.toLowerCase(), fingerprint, expectedSequence, command: cleaned, addressee, forgetsRefusal });
    },
    findOutcome: async (sender, commandId) => {
      const [stored] = await store.findOutcomes([commandId.toLowerCase()]);
      return stored === undefined || stored.by.kind !== sender.kind || stored.by.id !== sender.id ? null : stored.outcome;
    },
    sendSystem: (command) => writer.submit({ from: "system", by: SYSTEM, command: cleanText(command) }),
    registerUnits: (by, units) => writer.submit({ from: "system", by, command: { type: "units.register", units: cleanText(units) } }),
    enterShifts: (by, shifts) => writer.submit({ from: "system", by, command: { type: "roster.enter", shifts: cleanText(shifts) } }),
    removeShift: (by, unitId, startsAt) => writer.submit({ from: "system", by, command: { type: "roster.remove", unitId, startsAt } }),
    findRoster: (unitId) => state.rosters.find(unitId) ?? null,
    rosterVersion: () => state.lastRosterVersion,
    state: () => snapshotOf(state, clock.wallMs()),
    sequence: () => state.sequence,
    liveWork: () => {
      const assignments = Array.from(state.liveAssignments.keys(), (id) => state.assignments.get(id));
      const incidents = Array.from(new Set(assignments.map((assignment) => assignment.incidentId)), (id) => state.incidents.get(id));
      return { units: Array.from(state.units.keys(), (id) => state.units.get(id)), assignments, incidents, closures: standing() };
    },
    changesAfter: (sequence) => changes.after(sequence, state.sequence),
    subscribe: changes.subscribe,
    incident: async (id) => {
      if (!state.incidents.has(id)) return null;
      const timeline = (await store.readIncident(id)).map(timelineEntryOf).filter((entry) => entry !== null);
      const incident = state.incidents.get(id);
      return {
        incident, assignments: incident.assignmentIds.map((one) => state.assignments.get(one)), contacts: incident.contactIds.map((one) => state.contacts.get(one)), timeline,
      };
    },
    listIncidents: (before, limit, status) => {
      const list: Incident[] = [];
      for (let id = Math.min(before ?? Infinity, state.lastIncidentId + 1) - 1; id > baseOfId(state.lastIncidentId) && list.length < limit; id--) {
        if (status !== undefined && (status === "open") !== state.openIncidents.has(id)) continue;
        const incident = state.incidents.find(id);
        if (incident !== undefined) list.push(incident);
      }
      return list;
    },
    listIncidentFlags: (from, to, most) => listIncidentFlags({ firstId: baseOfId(state.lastIncidentId) + 1, lastId: state.lastIncidentId, find: (id) => state.incidents.find(id), load: (ids) => blocks.load("incident", ids) }, from, to, most),
    load: blocks.load,
    findUnit: (id) => state.units.find(id) ?? null,
    listSkills: () => listRegisteredSkills(state),
    findIncident: (id) => state.incidents.find(id) ?? null,
    findIncidentByNumber: (number) => {
      const found = state.incidents.find(baseOfId(state.lastIncidentId) + number); // both are gap-free: an incident's id is its number, counted from the log's base
      return found?.number === number ? found : null;
    },
    findContact: (id) => state.contacts.find(id) ?? null,
    listReopenable: (before, limit, now) => {
      const list: Contact[] = [];
      const since = now - policy.reopenWithinMs - policy.oldestArrivalMs; // ids follow the arrival as we heard of it, an hour late at most
      for (let id = Math.min(before ?? Infinity, state.lastContactId + 1) - 1; id > baseOfId(state.lastContactId) && list.length < limit; id--) {
        const contact = state.contacts.find(id);
        if (contact === undefined) continue;
        if (contact.receivedAt < since) break;
        if (contact.state === "ended" && findReopenFault(contact, { now, policy }) === null) list.push(contact);
      }
      return list;
    },
    findContactByExternalId: async (externalId) => {
      await within(contacts.lookUp({ externalId }), options.every);
      const id = state.contactByExternalId.find(externalId);
      return id === undefined ? null : state.contacts.get(id);
    },
    findAssignment: (id) => state.assignments.find(id) ?? null,
    findLastEnded: (unitId) => {
      const id = state.lastEndedJobs.find(unitId);
      return id === undefined ? null : state.assignments.get(id);
    },
    board: (now) => boardOf(boardInputOf(state, now, options.timeZone)),
    positions,
    recommend: (incidentId, now, asker) => {
      const incident = state.incidents.find(incidentId);
      if (incident === undefined) return null;
      const startedAt = clock.monotonicMs();
      const ranking = rankUnits(state, incident, positions.columns(), roadTimesAt(now), now);
      const recommendation = describeRanking(state, ranking);
      shown.keep(asker, recommendation.candidates, inputsOf(ranking, state.sequence, options.roads?.version ?? ""));
      return { ...recommendation, tookMs: clock.monotonicMs() - startedAt };
    },
    listPreemptible: (incidentId, now) => {
      const incident = state.incidents.find(incidentId);
      return incident === undefined ? null : preemption.offer(state, incident, positions.columns(), roadTimesAt(now), now);
    },
    proposeCover: (incidentId, unitIds, now) => {
      const incident = state.incidents.find(incidentId);
      return incident === undefined ? null : cover.propose(state, incident, { posts: listPosts(), unitIds, fixes: positions.columns(), roadTimes: roadTimesAt(now), now });
    },
    findDuplicates: (question) => findDuplicates(state, question, endedIncidents.list(question.now)),
    listNotProposed: (incidentId, now, query) => {
      const incident = state.incidents.find(incidentId);
      return incident === undefined ? null : listNotProposed(state, rankUnits(state, incident, positions.columns(), roadTimesAt(now), now), query);
    },
    replayDecision: async (assignmentId) => {
      const assignment = state.assignments.find(assignmentId);
      const timesThen = options.roads?.timesAt ?? (() => options.roadTimes);
      if (assignment === undefined) return null;
      const here: ReplayPort = (incidentIds, id, now) => replayIn({ store, checkpoints: options.checkpoints, hash, roadTimesAt: timesThen, roads: options.roads?.version ?? "", now }, incidentIds, id);
      return replays.run(() => (options.replay ?? here)([...tiedTo(state, assignment.incidentId)], assignmentId, clock.wallMs()));
    },
    findRoad: (from, to) => options.roadTimes(to, { count: 1, keys: Int32Array.of(NO_UNIT), lon: Float64Array.of(from.lon), lat: Float64Array.of(from.lat) }).findWay(0),
    logLag: writer.waiting,
    stop: async () => {
      stopTimer();
      stopCheck();
      stopBlocks();
      await writer.stop();
      await listening.stop();
      await checkpointer?.stop();
      await options.checkpoints?.close();
      await store.close();
    },
  };
}

/** A log that hangs answers nobody by itself: who asks is told so in the time in which a command would be given back. */
function within(answer: Promise<void>, every: DispatchServiceOptions["every"]): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = every(LOOK_UP_WITHIN_MS, () => {
      stop();
      reject(new DispatchUnavailableError("the log did not say in time which call this was"));
    });
    answer.then(resolve, (error: Error) => reject(new DispatchUnavailableError(`the log could not be asked which call this was: ${error.message}`))).finally(() => stop());
  });
}

/** One after the other, each a second state in memory. */
function createQueue(most: number): { run<T>(work: () => Promise<T>): Promise<T> } {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: (work) => {
      if (waiting >= most) return Promise.reject(new DispatchUnavailableError(`${waiting} decisions are being worked out again`));
      waiting++;
      const mine = last.then(work).finally(() => void waiting--);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** The incident, and all with which it was one at some time: those that were merged into it, and what it was split off from. */
function tiedTo(state: State, incidentId: number): Set<number> {
  const found = new Set([incidentId]);
  for (const id of found) {
    const incident = state.incidents.find(id);
    if (incident === undefined) continue;
    for (const other of [...incident.mergedIds, incident.mergedIntoId, incident.splitFromId]) if (other !== null) found.add(other);
  }
  return found;
}

function snapshotOf(state: State, now: WallMs): Snapshot {
  const incidents = Array.from(state.openIncidents.keys(), (id) => state.incidents.get(id));
  const ids = new Set([...incidents.flatMap((incident) => incident.assignmentIds), ...state.liveAssignments.keys()]);
  return {
    sequence: state.sequence, at: now, contacts: Array.from(state.openContacts.keys(), (id) => state.contacts.get(id)), incidents,
    units: Array.from(state.units.keys(), (id) => state.units.get(id)), assignments: Array.from(ids, (id) => state.assignments.get(id)),
    closures: Array.from(state.standingClosures.keys(), (id) => state.closures.get(id)),
    handOvers: Array.from(state.openHandOvers.keys(), (id) => state.handOvers.get(id)),
  };
}
