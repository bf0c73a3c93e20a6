// All that dispatch knows: the fold of the log. Nothing in here is set by hand; `apply` is the only writer.
import type { WallMs } from "../base/time.ts";
import type { Actor, Assignment, Closure, Contact, HandOver, Incident, IncidentStatus, Roster, Unit, Want } from "./entities.ts";
import { Table } from "./table.ts";

/** Who changed a thing last, and when: what a conflict tells its loser. */
export interface Touch {
  readonly by: Actor;
  readonly at: WallMs;
}

/** What an incident asks for, and how soon it is told that nobody goes. */
export interface Asks {
  readonly priority: number;
  readonly shortfallAfterMs: number;
  readonly wants: readonly Want[];
}

/** What is kept of an incident besides what everybody sees. */
export interface IncidentBook {
  /** What went over to the incident into which this one was merged, so that undoing it gives the same back; null: it is not merged. */
  readonly merged: { readonly contactIds: readonly number[]; readonly assignmentIds: readonly number[]; readonly status: IncidentStatus } | null;
  /** When it was made, where that was without a contact; null: its clock follows its contacts alone. */
  readonly startedAt: WallMs | null;
  readonly shortfallAfterMs: number;
  /** When its type was said: the hour by which its run card is chosen. */
  readonly plannedAt: WallMs;
  /** What its run card asked for, also where somebody has said since that nobody is needed. */
  readonly planned: readonly Want[];
  /** Jobs that served the incident (or one that was merged into it) before it was reopened; they count no more, wherever a tie brings them. */
  readonly spentIds: readonly number[];
  /** Where others were merged into it: what it asks for itself, and what each of them brought; null: nothing was brought. */
  readonly asked: { readonly own: Asks & { readonly noUnitNeeded: string | null }; readonly others: readonly (Asks & { readonly fromId: number })[] } | null;
  /** Number and hash of the last timeline entry. */
  readonly head: { readonly number: number; readonly hash: string };
}

export interface State {
  sequence: number;
  /** Time of the last event; the log's time goes back only where the clock was set back ([CMD6]). */
  at: WallMs;
  lastContactId: number;
  lastIncidentId: number;
  lastUnitId: number;
  lastAssignmentId: number;
  lastClosureId: number;
  lastHandOverId: number;
  lastRosterVersion: number;
  readonly contacts: Table<number, Contact>;
  readonly incidents: Table<number, Incident>;
  readonly units: Table<number, Unit>;
  readonly assignments: Table<number, Assignment>;
  readonly closures: Table<number, Closure>;
  readonly handOvers: Table<number, HandOver>;
  /** By unit; one that is not here is on no roster. */
  readonly rosters: Table<number, Roster>;
  readonly books: Table<number, IncidentBook>;
  readonly contactByExternalId: Table<string, number>;
  readonly unitByCallSign: Table<string, number>;
  /** Keys like "incident 12". Contacts that their claimant ended and assignments that are over have none: they say themselves who ended them (`findTouch`). */
  readonly touches: Table<string, Touch>;
  readonly openContacts: Table<number, true>;
  readonly openIncidents: Table<number, true>;
  readonly liveAssignments: Table<number, true>;
  readonly standingClosures: Table<number, true>;
  readonly openHandOvers: Table<number, true>;
  /** By unit, the job of it that ended last, however it ended. */
  readonly lastEndedJobs: Table<number, number>;
}

export type EntityKind = "contact" | "incident" | "unit" | "assignment" | "closure" | "hand-over" | "roster";
export const touchKey = (kind: EntityKind, id: number): string => `${kind} ${id}`;

/** Who changed it last; null where the state does not hold it. */
export function findTouch(state: State, kind: EntityKind, id: number): Touch | null {
  const touched = state.touches.find(touchKey(kind, id));
  if (touched !== undefined) return touched;
  if (kind === "contact") {
    const contact = state.contacts.find(id);
    return contact === undefined || contact.claimedBy === null || contact.endedAt === null ? null : { by: contact.claimedBy, at: contact.endedAt };
  }
  const last = kind === "assignment" ? state.assignments.find(id)?.milestones.at(-1) : undefined;
  return last === undefined ? null : { by: last.by, at: last.receivedAt };
}

/** SHA-256 of the text's UTF-8 bytes, in hex; a pure folder has no cryptography of its own. */
export type HashFunction = (text: string) => string;

/** `idBase`: what ids of contacts, incidents and assignments are counted from (base/training-ids.ts). */
export function createState(idBase: number = 0): State {
  return {
    sequence: 0, at: 0, lastContactId: idBase, lastIncidentId: idBase, lastUnitId: 0, lastAssignmentId: idBase, lastClosureId: 0, lastHandOverId: 0, lastRosterVersion: 0,
    contacts: new Table(), incidents: new Table(), units: new Table(), assignments: new Table(), closures: new Table(), handOvers: new Table(), rosters: new Table(), books: new Table(),
    contactByExternalId: new Table(), unitByCallSign: new Table(), touches: new Table(),
    openContacts: new Table(), openIncidents: new Table(), liveAssignments: new Table(), standingClosures: new Table(), openHandOvers: new Table(),
    lastEndedJobs: new Table(),
  };
}

/** A state to decide on: reads see the base, writes stay here until `mergeLayer`. */
export function createLayer(base: State): State {
  return {
    sequence: base.sequence, at: base.at, lastContactId: base.lastContactId, lastIncidentId: base.lastIncidentId,
    lastUnitId: base.lastUnitId, lastAssignmentId: base.lastAssignmentId, lastClosureId: base.lastClosureId, lastHandOverId: base.lastHandOverId, lastRosterVersion: base.lastRosterVersion,
    contacts: new Table(base.contacts), incidents: new Table(base.incidents), units: new Table(base.units), assignments: new Table(base.assignments), closures: new Table(base.closures),
    handOvers: new Table(base.handOvers), rosters: new Table(base.rosters), openHandOvers: new Table(base.openHandOvers),
    books: new Table(base.books), contactByExternalId: new Table(base.contactByExternalId), unitByCallSign: new Table(base.unitByCallSign),
    touches: new Table(base.touches), openContacts: new Table(base.openContacts), openIncidents: new Table(base.openIncidents),
    liveAssignments: new Table(base.liveAssignments), standingClosures: new Table(base.standingClosures), lastEndedJobs: new Table(base.lastEndedJobs),
  };
}

export function mergeLayer(base: State, layer: State): void {
  base.sequence = layer.sequence;
  base.at = layer.at;
  base.lastContactId = layer.lastContactId;
  base.lastIncidentId = layer.lastIncidentId;
  base.lastUnitId = layer.lastUnitId;
  base.lastAssignmentId = layer.lastAssignmentId;
  base.lastClosureId = layer.lastClosureId;
  base.lastHandOverId = layer.lastHandOverId;
  base.lastRosterVersion = layer.lastRosterVersion;
  for (const table of [
    layer.contacts, layer.incidents, layer.units, layer.assignments, layer.closures, layer.books, layer.contactByExternalId, layer.unitByCallSign, layer.touches,
    layer.openContacts, layer.openIncidents, layer.liveAssignments, layer.standingClosures, layer.handOvers, layer.openHandOvers, layer.rosters, layer.lastEndedJobs,
  ]) table.merge();
}
