// What has happened: the events of the log. An event says all that the fold needs, policies' results included (a lease's end, a run card's
// wants), so that a later change of policy never changes the past. Rejected: storing the command and deciding again at replay.
import type { WallMs } from "../base/time.ts";
import type { Determinant } from "../base/triage-grade.ts";
import type {
  Actor, AnswerStage, Availability, ContactOwner, CoverPost, ContactSignal, ContactSource, Disposition, EarlierEnding, ElsewhereDisposition, EndDisposition, IncidentPlace, IncidentType, LonLat, AssignmentState, RoadPiece, Shift, Triage, TypedWords, UnitProfile,
  VerdictWord, Want,
} from "./entities.ts";

/** What the run card asked for. */
export interface Plan {
  readonly runCard: { readonly code: string; readonly version: number };
  readonly wants: readonly Want[];
}

/** What the dispatcher was shown of a unit when choosing it. */
export interface Proposal {
  readonly rank: number;
  readonly roadSeconds: number;
  readonly computedAt: WallMs;
  /** Digest of what it was worked out from, stored beside the log; absent where that was not kept. */
  readonly inputs?: string;
}

export type ContactEvent =
  | {
      readonly type: "contact.received"; readonly contactId: number; readonly source: ContactSource; readonly externalId: string; readonly receivedAt: WallMs;
      readonly callerNumber: string | null; readonly callerPoint: LonLat | null; readonly callerUncertaintyM: number | null; readonly callerWords: string | null;
      /** It is answered by then, or the supervisor is told. Absent: an older log. */
      readonly answerBy?: WallMs;
      /** The sender's own time of arrival, where it could not be ours: kept as said. */
      readonly saidAt?: WallMs;
      readonly signal?: ContactSignal;
    }
  | { readonly type: "contact.claimed"; readonly contactId: number; readonly leaseUntil: WallMs }
  | { readonly type: "contact.renewed"; readonly contactId: number; readonly leaseUntil: WallMs }
  | { readonly type: "contact.released"; readonly contactId: number; readonly cause: "released" | "lease-expired"; readonly dueAt: WallMs | null; readonly answerBy?: WallMs }
  | { readonly type: "contact.hung-up"; readonly contactId: number; readonly dueAt: WallMs | null }
  | { readonly type: "contact.overdue"; readonly contactId: number; readonly owner: ContactOwner; readonly dueAt: WallMs }
  | { readonly type: "contact.ended"; readonly contactId: number; readonly disposition: EndDisposition | ElsewhereDisposition; readonly to?: string }
  | { readonly type: "contact.attached"; readonly contactId: number; readonly incidentId: number; readonly callerNumber: string | null; readonly callerWords: string | null; readonly receivedAt: WallMs; readonly typed?: TypedWords; readonly earlierEndings?: EarlierEnding[] }
  | { readonly type: "contact.detached"; readonly contactId: number; readonly incidentId: number; readonly words: string; readonly leaseUntil: WallMs }
  | { readonly type: "contact.reopened"; readonly contactId: number; readonly words: string; readonly leaseUntil: WallMs }
  | { readonly type: "contact.handed-over"; readonly contactId: number; readonly handOverId: number; readonly leaseUntil: WallMs };

export type IncidentEvent =
  | {
      readonly type: "incident.created"; readonly incidentId: number; readonly contactId: number | null; readonly firstContactAt: WallMs; readonly callerWords: string | null;
      readonly incidentType: IncidentType; readonly priority: number; readonly what: string; readonly who: string; readonly place: IncidentPlace; readonly plan: Plan;
      /** So soon nobody-is-going must be told. */
      readonly shortfallAfterMs: number;
      /** A named person watches over it by then, or the supervisor is told. Absent: whoever made it does. */
      readonly watchBy?: WallMs;
      readonly splitFromId?: number;
      /** Of the call that it was made of; absent: that had not ended before. */
      readonly earlierEndings?: EarlierEnding[];
      /** Absent in logs of before there were question cards. Answers that were given with it follow as events of their own; the grade is with them. */
      readonly triage?: Triage;
    }
  | {
      readonly type: "incident.updated"; readonly incidentId: number; readonly incidentType?: IncidentType; readonly priority?: number; readonly what?: string; readonly who?: string;
      readonly place?: IncidentPlace; readonly plan: Plan | null; readonly shortfallAfterMs: number | null;
      /** With a new type. */
      readonly triage?: Triage;
    }
  /** `determinant`: by all answers that stand after it. `was`: the answer before, null where there was none; `answer` null: taken back. */
  | { readonly type: "incident.answered"; readonly incidentId: number; readonly card: { readonly code: string; readonly version: number }; readonly question: string; readonly answer: string | null; readonly was: string | null; readonly determinant: Determinant }
  /** `plan` null: what is asked for stays. */
  | { readonly type: "incident.regraded"; readonly incidentId: number; readonly cause: "answers" | "place" | "type"; readonly from: Determinant; readonly determinant: Determinant; readonly priority: number; readonly plan: Plan | null; readonly shortfallAfterMs: number }
  | { readonly type: "incident.noted"; readonly incidentId: number; readonly words: string; readonly corrects: number | null }
  | { readonly type: "incident.verdict-given"; readonly incidentId: number; readonly cameraId: number; readonly verdict: VerdictWord }
  | { readonly type: "incident.no-unit-needed"; readonly incidentId: number; readonly words: string }
  | { readonly type: "incident.shortfall-overdue"; readonly incidentId: number; readonly missing: number; readonly dueAt: WallMs; /** That the missing units are asked for; absent: none. */ readonly skills?: string[] }
  | { readonly type: "incident.closed"; readonly incidentId: number; readonly disposition: Disposition; readonly words: string }
  | { readonly type: "incident.cancelled"; readonly incidentId: number; readonly words: string }
  | { readonly type: "incident.reopened"; readonly incidentId: number; readonly words: string }
  | { readonly type: "incident.watched"; readonly incidentId: number; readonly handOverId: number | null }
  | { readonly type: "incident.watch-overdue"; readonly incidentId: number; readonly dueAt: WallMs };

/** What a merged incident brings with it: what it asked for, and how much of that was not met. Absent in logs of before that was kept. */
export interface BroughtAsks {
  readonly incidentType: IncidentType;
  readonly runCard: Plan["runCard"];
  readonly priority: number;
  readonly shortfallAfterMs: number;
  readonly wants: readonly Want[];
  readonly missing: number;
}

/** The calls and units that a tie took from one incident to the other. Absent in logs of before that was kept in the timelines of both. */
export interface Moved {
  readonly contactIds: number[];
  readonly assignmentIds: number[];
  readonly callSigns: string[];
}

/** Between two incidents. Each stands in the timelines of both, as one event for each of them. */
export type TieEvent =
  | { readonly type: "incident.merged"; readonly incidentId: number; readonly intoId: number; readonly intoNumber: number; readonly words: string; readonly contactIds: number[]; readonly assignmentIds: number[]; readonly callSigns?: string[] }
  | { readonly type: "incident.absorbed"; readonly incidentId: number; readonly fromId: number; readonly fromNumber: number; readonly words: string; readonly what: string; readonly who: string; readonly place: IncidentPlace; readonly asks?: BroughtAsks; readonly moved?: Moved }
  | { readonly type: "incident.unmerged"; readonly incidentId: number; readonly intoId: number; readonly intoNumber: number; readonly words: string; readonly moved?: Moved }
  | { readonly type: "incident.gave-back"; readonly incidentId: number; readonly fromId: number; readonly fromNumber: number; readonly words: string; readonly moved?: Moved }
  | { readonly type: "incident.split"; readonly incidentId: number; readonly newId: number; readonly newNumber: number; readonly words: string; readonly contactIds: number[]; readonly assignmentIds: number[]; readonly callSigns?: string[] }
  | { readonly type: "incident.split-off"; readonly incidentId: number; readonly fromId: number; readonly fromNumber: number; readonly words: string; readonly moved: Moved }
  | { readonly type: "incident.linked"; readonly incidentId: number; readonly otherId: number; readonly otherNumber: number; readonly words: string }
  | { readonly type: "incident.unlinked"; readonly incidentId: number; readonly otherId: number; readonly otherNumber: number; readonly words: string }
  | { readonly type: "incident.made-major"; readonly incidentId: number; readonly words: string }
  | { readonly type: "incident.major-ended"; readonly incidentId: number; readonly words: string }
  | { readonly type: "incident.joined-major"; readonly incidentId: number; readonly majorId: number; readonly majorNumber: number; readonly words: string }
  | { readonly type: "incident.left-major"; readonly incidentId: number; readonly majorId: number; readonly majorNumber: number; readonly words: string }
  | { readonly type: "incident.part-joined" | "incident.part-left"; readonly incidentId: number; readonly partId: number; readonly partNumber: number };

/** `entered`: somebody at a desk said so for the unit. Absent: the unit said so, or it was before that was told apart. */
/** Why a unit is given none of the jobs that wait for it. */
export type Barrier = "unit-in-emergency" | "unit-off-shift" | "unit-not-available";
export type AssignmentEvent =
  | {
      readonly type: "assignment.assigned"; readonly assignmentId: number; readonly incidentId: number; readonly unitId: number; readonly callSign: string;
      readonly stacked: boolean; readonly proposal: Proposal | null; readonly acknowledgeBy: WallMs | null;
      /** Absent: it goes to the incident. */
      readonly cover?: CoverPost;
      /** The roster by which the unit is on shift; absent: it is on none. */
      readonly rosterVersion?: number;
      /** Skills that the run card still asks for and the unit has not; absent: none. */
      readonly lacks?: string[];
    }
  | { readonly type: "assignment.activated"; readonly assignmentId: number; readonly incidentId: number; readonly unitId: number; readonly acknowledgeBy: WallMs }
  | { readonly type: "assignment.advanced"; readonly assignmentId: number; readonly incidentId: number; readonly unitId: number; readonly to: AssignmentState; readonly deviceAt: WallMs | null; readonly cause: "reported" | "incident-closed"; readonly entered?: boolean }
  | { readonly type: "assignment.reported-late"; readonly assignmentId: number; readonly incidentId: number; readonly unitId: number; readonly report: AssignmentState; readonly state: AssignmentState; readonly deviceAt: WallMs | null; readonly words: string | null; readonly entered?: boolean }
  | { readonly type: "assignment.declined"; readonly assignmentId: number; readonly incidentId: number; readonly unitId: number; readonly words: string; readonly deviceAt: WallMs | null; readonly entered?: boolean }
  | { readonly type: "assignment.recalled"; readonly assignmentId: number; readonly incidentId: number; readonly unitId: number; readonly words: string; readonly cause: "recalled" | "incident-closed" | "incident-cancelled" | "unit-lost" | Barrier }
  /** `dueAt`: told again then; absent in logs of before that was. */
  | { readonly type: "assignment.not-acknowledged"; readonly assignmentId: number; readonly incidentId: number; readonly unitId: number; readonly dueAt?: WallMs }
  | { readonly type: "assignment.pre-empted"; readonly assignmentId: number; readonly incidentId: number; readonly unitId: number; readonly words: string; readonly forIncidentId: number; readonly forNumber: number; readonly forPriority: number; readonly priority: number }
  | { readonly type: "assignment.not-heard"; readonly assignmentId: number; readonly incidentId: number; readonly unitId: number; readonly since: WallMs; readonly dueAt?: WallMs }
  | { readonly type: "assignment.heard-again"; readonly assignmentId: number; readonly incidentId: number; readonly unitId: number; readonly at: WallMs }
  /** A word that is late was told for the `times`th time. */
  | {
      readonly type: "assignment.unanswered"; readonly assignmentId: number; readonly incidentId: number; readonly unitId: number; readonly stage: AnswerStage; readonly since: WallMs; readonly times: number;
      readonly dueAt: WallMs; readonly goneUp: boolean;
    }
  | { readonly type: "assignment.confirmed"; readonly assignmentId: number; readonly incidentId: number; readonly unitId: number; readonly words: string; readonly entered?: boolean; readonly deviceAt?: WallMs | null }
  | { readonly type: "assignment.lost"; readonly assignmentId: number; readonly incidentId: number; readonly unitId: number; readonly words: string };

/** Where the place of an emergency is from, and when it was fixed. Events of older logs have none. */
export interface EmergencyFix {
  readonly source: "phone" | "last-position" | "post";
  readonly at: WallMs | null;
}
export type UnitEvent =
  | { readonly type: "unit.registered"; readonly unitId: number; readonly profile: UnitProfile }
  /** All of its shifts that are not over, as they are from now on. */
  | { readonly type: "unit.rostered"; readonly unitId: number; readonly version: number; readonly shifts: Shift[] }
  | { readonly type: "unit.shift-began"; readonly unitId: number; readonly version: number; readonly shift: Shift }
  | { readonly type: "unit.off-roster"; readonly unitId: number; readonly version: number }
  | { readonly type: "unit.availability-changed"; readonly unitId: number; readonly availability: Availability; readonly activity: string | null }
  | { readonly type: "unit.emergency-raised"; readonly unitId: number; readonly incidentId: number; readonly point: LonLat | null; readonly deviceAt: WallMs | null; readonly fix?: EmergencyFix }
  | { readonly type: "unit.emergency-cleared"; readonly unitId: number; readonly incidentId: number; readonly words: string };

export type ClosureEvent =
  | { readonly type: "closure.set"; readonly closureId: number; readonly pieces: RoadPiece[]; readonly words: string; readonly until: WallMs | null }
  | { readonly type: "closure.lifted"; readonly closureId: number; readonly words: string; readonly cause: "lifted" | "due" };

export type HandOverEvent =
  | { readonly type: "hand-over.offered"; readonly handOverId: number; readonly to: Actor; readonly incidentIds: number[]; readonly contactIds: number[]; readonly words: string; readonly dueAt: WallMs }
  | { readonly type: "hand-over.escalated"; readonly handOverId: number; readonly dueAt: WallMs }
  | { readonly type: "hand-over.taken"; readonly handOverId: number }
  | { readonly type: "hand-over.declined"; readonly handOverId: number; readonly words: string }
  | { readonly type: "hand-over.withdrawn"; readonly handOverId: number };

export type EventBody = ContactEvent | IncidentEvent | TieEvent | AssignmentEvent | UnitEvent | ClosureEvent | HandOverEvent;
export type EventType = EventBody["type"];

/** An event as it stands in the log. `entry` is there when it is a line of an incident's timeline. */
export interface StoredEvent {
  readonly sequence: number;
  readonly at: WallMs;
  readonly by: Actor;
  readonly commandId: string | null;
  readonly body: EventBody;
  readonly entry: { readonly incidentId: number; readonly number: number; readonly previousHash: string; readonly hash: string } | null;
}

/** The incident whose timeline the event belongs to, if any. */
export function incidentOfEvent(body: EventBody): number | null {
  return "incidentId" in body ? body.incidentId : null;
}
