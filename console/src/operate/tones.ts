// Which meaning a call, an incident, a unit has now: the rules behind every mark of this room, pure, so that they can be read and tested.
import type { z } from "zod";
import { isOffShift } from "../../../src/base/shift.ts";
import type { Assignment, AssignmentState, Contact, Incident, Unit } from "../../../src/contract/dispatch.ts";
import type { Tone } from "../design/status-mark.tsx";
import { isComing, isGoing, isLive, isOpenIncident, isRingingLate, isShortLate, isUrgentContact } from "../shell/waiting.ts";

export { isComing, isGoing, isLive, isOpenIncident };

export type ContactView = z.infer<typeof Contact>;
export type IncidentView = z.infer<typeof Incident>;
export type UnitView = z.infer<typeof Unit>;
export type AssignmentView = z.infer<typeof Assignment>;

/** A position older than this is not where the unit is. */
export const STALE_POSITION_MS = 120_000;

export interface Mark {
  readonly tone: Tone;
  readonly letter: string;
}

const THERE: ReadonlySet<AssignmentState> = new Set<AssignmentState>(["on-scene", "transporting", "staged"]);
export const isThere = (state: AssignmentState): boolean => THERE.has(state);

export function contactMark(contact: ContactView, now: number): Mark {
  switch (contact.state) {
    case "ringing":
      return { tone: isRingingLate(contact, now) ? "danger" : "decide", letter: "R" };
    case "abandoned":
      return { tone: isCallBackOverdue(contact, now) ? "danger" : "decide", letter: "A" };
    case "claimed":
      return { tone: "off", letter: "T" };
    case "ended":
      return { tone: "off", letter: "E" };
  }
}

export function incidentMark(incident: IncidentView, assignments: readonly AssignmentView[], now: number): Mark {
  if (!isOpenIncident(incident)) return { tone: "off", letter: "E" };
  if (incident.type === "officer-emergency") return { tone: "danger", letter: "!" };
  if (incident.shortfall !== null) return isShortLate(incident, now) ? { tone: "danger", letter: "!" } : { tone: "decide", letter: "?" };
  const live = assignments.filter(isComing);
  if (live.some((a) => isAlarming(a, incident.priority))) return { tone: "danger", letter: "?" };
  if (live.some((a) => isThere(a.state))) return { tone: "scene", letter: "S" };
  if (live.length > 0) return { tone: "moving", letter: "M" };
  return { tone: "decide", letter: "D" }; // nobody is there or on the way and nobody is missing: it waits for its disposition
}
/** Everybody who went is done, or nobody needed to go: what is left is to close it. */
export const needsDisposition = (incident: IncidentView, assignments: readonly AssignmentView[]): boolean =>
  isOpenIncident(incident) && incident.shortfall === null && !assignments.some(isComing);

/** A word that a unit leaves out is red in the list of incidents where it is urgent: of priority 1 or 2, of a crew on scene, or gone up. The others are told in their row. */
export const isAlarming = ({ unanswered }: Pick<AssignmentView, "unanswered">, priority: number): boolean => unanswered != null && (priority <= 2 || unanswered.stage === "welfare" || unanswered.goneUp);
/** Something is waited for from it past its time. */
export const isUnanswered = (a: Pick<AssignmentView, "acknowledgeOverdue" | "silentSince" | "unanswered">): boolean => a.acknowledgeOverdue || a.silentSince != null || a.unanswered != null;

export type MissingWord = { readonly stage: NonNullable<AssignmentView["unanswered"]>["stage"]; readonly since: number };
/** Null: nothing is missing. Of two the one that was told first stands in the job, but silence on the way says more than that a unit is late. */
export function missingWordOf(job: AssignmentView): MissingWord | null {
  if (!isUnanswered(job)) return null;
  if (job.silentSince !== null) return { stage: "heard", since: job.silentSince };
  return job.unanswered ?? { stage: "acknowledge", since: job.milestones[0]?.receivedAt ?? 0 };
}

/** Whose job an answer by one key is about; without one, why there is none: the chosen unit answers, nobody is silent, or more than one is. */
export type MeantJob = { readonly job: AssignmentView } | { readonly job: null; readonly because: "answers" | "nobody" | "several" };
/** A chosen unit is the only one that can be meant. With none chosen it is the one silent unit of the selected incident: of several none, since one key must not guess whose crew is well. */
export function findMeantJob(unit: UnitView | undefined, incident: IncidentView | undefined, assignments: ReadonlyMap<number, AssignmentView>): MeantJob {
  const ids = unit === undefined ? (incident?.assignmentIds ?? []) : unit.activeAssignmentId === null ? [] : [unit.activeAssignmentId];
  const silent = ids.flatMap((id) => {
    const job = assignments.get(id);
    return job !== undefined && isLive(job.state) && job.state !== "proposed" && isUnanswered(job) ? [job] : [];
  });
  if (silent.length === 1) return { job: silent[0]! };
  return { job: null, because: unit !== undefined ? "answers" : silent.length === 0 ? "nobody" : "several" };
}

export function unitMark(unit: UnitView, active: AssignmentView | undefined, now: number): Mark {
  if (unit.emergency) return { tone: "danger", letter: "!" };
  if (active !== undefined && isUnanswered(active)) return { tone: "danger", letter: "?" };
  if (active !== undefined && isLive(active.state)) return isThere(active.state) ? { tone: "scene", letter: "S" } : { tone: "moving", letter: "M" };
  if (isOffShift(unit, now)) return { tone: "off", letter: "O" };
  if (unit.availability === "available") return { tone: "free", letter: "A" };
  if (unit.availability === "conditionally-available") return { tone: "free", letter: "C" };
  return { tone: "off", letter: "X" };
}
export const isFree = (unit: UnitView, now: number): boolean => unit.availability !== "not-available" && unit.activeAssignmentId === null && !unit.emergency && !isOffShift(unit, now);

const CONTACT_RANK: Record<ContactView["state"], number> = { ringing: 0, abandoned: 1, claimed: 2, ended: 3 };
/** What must not wait: a panic button, or what is handed in as of the first priority. */
const urgencyOf = (contact: ContactView): number => ((contact.state === "ringing" || contact.state === "abandoned") && isUrgentContact(contact) ? 0 : 1);
/** A panic button and the like first, then what rings, the one that rings longest at the top; then abandoned, who has waited longest first: a due time that was put off says nothing about the caller; then what is taken. */
export function compareContacts(a: ContactView, b: ContactView): number {
  const rank = urgencyOf(a) - urgencyOf(b) || CONTACT_RANK[a.state] - CONTACT_RANK[b.state];
  if (rank !== 0) return rank;
  return a.receivedAt - b.receivedAt;
}
/** What this person has in hand stands first: it must not sink below a dozen that ring. */
export const putOwnFirst = (contacts: readonly ContactView[], meId: number | null): readonly ContactView[] => {
  const isMine = ({ state, claimedBy }: ContactView): boolean => state === "claimed" && claimedBy?.kind === "user" && claimedBy.id === meId;
  return [...contacts.filter(isMine), ...contacts.filter((contact) => !isMine(contact))];
};
/** Its time to be called back has passed and nobody has done it: `dueAt` is when the supervisor is told again, no new time to wait for. */
export const isCallBackOverdue = ({ state, owner, dueAt }: ContactView, now: number): boolean => state === "abandoned" && (owner === "supervisor" || (dueAt !== null && dueAt < now));
/** What asks the dispatcher for most stands first: an officer in danger, then late, then short of units, then done and to be closed, then what goes on by itself. */
function rankOf(incident: IncidentView, assignments: readonly AssignmentView[], now: number): number {
  if (incident.type === "officer-emergency") return -1;
  const { tone } = incidentMark(incident, assignments, now);
  if (tone === "danger") return 0;
  if (incident.shortfall !== null) return 1;
  return needsDisposition(incident, assignments) ? 2 : 3;
}
/** By rank, then priority, then who has waited longest. */
export function sortIncidents(incidents: readonly IncidentView[], assignmentsOf: (incident: IncidentView) => readonly AssignmentView[], now: number): readonly IncidentView[] {
  const ranks = new Map(incidents.map((incident) => [incident, rankOf(incident, assignmentsOf(incident), now)]));
  return incidents.toSorted((a, b) => ranks.get(a)! - ranks.get(b)! || a.priority - b.priority || a.firstContactAt - b.firstContactAt);
}

const UNIT_RANK: Record<Tone, number> = { danger: 0, decide: 1, moving: 2, scene: 3, free: 4, off: 5 };
/** With an incident, or a call whose place is known, in hand: its own units first, then the free ones, then those that are busy elsewhere; each by how long they need to it. */
const HERE_RANK: Record<Tone, number> = { danger: 0, decide: 3, free: 2, moving: 3, scene: 3, off: 4 };
const ON_THIS_JOB = 1;
export interface UnitPlace {
  readonly tone: Tone;
  /** The incident that it is on. */
  readonly incidentId: number | null;
}
/** A road time where one is known, else the straight way, at a pace that sorts the two together; null: no position. */
export interface UnitWay {
  readonly seconds: number | null;
  readonly metres: number | null;
}
const PACE_MPS = 7; // what a straight metre costs on city streets, turns and lights included: for the order alone, never shown
const costOf = (way: UnitWay | undefined): number => way?.seconds ?? (way?.metres == null ? Infinity : way.metres / PACE_MPS);

export function sortUnits(units: readonly UnitView[], placeOf: (unit: UnitView) => UnitPlace, here: { readonly incidentId: number | null; readonly wayOf: (unit: UnitView) => UnitWay | undefined } | null): readonly UnitView[] {
  const keys = new Map(units.map((unit) => {
    const { tone, incidentId } = placeOf(unit);
    if (here === null) return [unit, { rank: UNIT_RANK[tone], cost: 0 }];
    return [unit, { rank: tone !== "danger" && incidentId !== null && incidentId === here.incidentId ? ON_THIS_JOB : HERE_RANK[tone], cost: costOf(here.wayOf(unit)) }];
  }));
  return units.toSorted((a, b) => {
    const [x, y] = [keys.get(a)!, keys.get(b)!];
    return x.rank - y.rank || (x.cost === y.cost ? 0 : x.cost - y.cost) || a.callSign.localeCompare(b.callSign, "en", { numeric: true });
  });
}

/** The one thing that may blink: an officer's emergency, else the call that has rung too long, else an incident whose alert nobody has acknowledged. */
export function blinking(units: Iterable<UnitView>, contacts: Iterable<ContactView>, now: number, loudIncidentId: number | null = null): { readonly kind: "unit" | "contact" | "incident"; readonly id: number } | null {
  for (const unit of units) if (unit.emergency) return { kind: "unit", id: unit.id };
  let oldest: ContactView | null = null;
  for (const contact of contacts)
    if (isRingingLate(contact, now) && (oldest === null || contact.receivedAt < oldest.receivedAt)) oldest = contact;
  if (oldest !== null) return { kind: "contact", id: oldest.id };
  return loudIncidentId === null ? null : { kind: "incident", id: loudIncidentId };
}
