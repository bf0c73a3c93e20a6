// The dispatch writer: takes commands from everywhere, decides them one after the other, appends groups durably, answers after the commit and
// then tells everyone. SIGNATURES FIRST; the body follows.
import type { Clock, WallMs } from "../base/time.ts";
import type { CommandEnvelope, Outcome, SystemCommand } from "../dispatch/commands.ts";
import type { Actor, Assignment, Contact, Incident, LonLat, TimelineEntry, Unit } from "../dispatch/entities.ts";
import type { Board } from "../statistics/board.ts";
import type { EventStorePort } from "./event-store.ts";
import type { PositionTable } from "./positions.ts";
import type { Recommendation, RoadTimesPort } from "./recommendation.ts";

/** Who sends a command, with what the gate knows of them. `unitId` is the unit that the account is bound to. */
export interface Sender extends Actor {
  readonly permissions: readonly string[];
  readonly unitId: number | null;
}

/** What changed between two points of the log; entities come whole, as they are after it. */
export interface Change {
  readonly after: number;
  readonly sequence: number;
  readonly at: WallMs;
  readonly contacts: Contact[];
  readonly incidents: Incident[];
  readonly units: Unit[];
  readonly assignments: Assignment[];
  readonly timeline: TimelineEntry[];
}

/** Open contacts, open incidents with all their assignments, every unit. */
export interface Snapshot {
  readonly sequence: number;
  readonly at: WallMs;
  readonly contacts: Contact[];
  readonly incidents: Incident[];
  readonly units: Unit[];
  readonly assignments: Assignment[];
}

export interface IncidentFile {
  readonly incident: Incident;
  readonly assignments: Assignment[];
  readonly contacts: Contact[];
  readonly timeline: TimelineEntry[];
}

export interface DispatchServiceOptions {
  readonly store: EventStorePort;
  readonly clock: Clock;
  /** SHA-256 of the text's UTF-8 bytes, in hex. */
  readonly hash: (text: string) => string;
  readonly roadTimes: RoadTimesPort;
  /** Calls back again and again until the returned function is called; timers live in `io`. */
  readonly every: (intervalMs: number, work: () => void) => () => void;
  /** IANA name; today's figures start at its midnight. */
  readonly timeZone: string;
  /** Told once when this writer must not go on (another has taken over): end the process. */
  readonly onFatal: (error: Error) => void;
  readonly onWarning?: (fields: object, message: string) => void;
}

/** The store cannot be reached, or too much is waiting: nothing is known to have happened; send the same command again. */
export class DispatchUnavailableError extends Error {
  override readonly name = "DispatchUnavailableError";
}

export interface DispatchService {
  /** Resolves after the commit. Rejects with `DispatchUnavailableError` only. */
  send(sender: Sender, envelope: CommandEnvelope): Promise<Outcome>;
  /** For the program itself, e.g. registering the city's units at start. */
  sendSystem(command: SystemCommand): Promise<Outcome>;
  state(): Snapshot;
  /** Every change after the sequence, or null where that is too far back (or not of this log): take a snapshot. */
  changesAfter(sequence: number): Change[] | null;
  subscribe(listener: (change: Change) => void): () => void;
  incident(id: number): Promise<IncidentFile | null>;
  /** Newest first; `before` is an incident id. */
  listIncidents(before: number | null, limit: number): Incident[];
  findUnit(id: number): Unit | null;
  findIncident(id: number): Incident | null;
  findAssignment(id: number): Assignment | null;
  board(now: WallMs): Board;
  readonly positions: PositionTable;
  recommend(incidentId: number, now: WallMs): Recommendation | null;
  /** Events that are decided but not yet committed. */
  logLag(): number;
  /** Waits for what is under way, then gives up the log. */
  stop(): Promise<void>;
}

export declare function createDispatchService(options: DispatchServiceOptions): Promise<DispatchService>;
export type { LonLat };
