// What may be asked of dispatch, and the three answers: accepted, conflict (somebody was first: who, when), refused (a rule, and what would
// have been allowed). Shapes equal those of `contract/dispatch` after validation.
import type { ProblemRule } from "../base/problem-rules.ts";
import type { WallMs } from "../base/time.ts";
import type { TriageAnswers } from "../base/triage-grade.ts";
import type { Actor, AssignmentState, Availability, ContactSignal, ContactSource, ContactState, Disposition, ElsewhereDisposition, EndDisposition, EnteredUnit, IncidentPlace, IncidentType, LonLat, RoadPlace, Shift, TypedWords, VerdictWord } from "./entities.ts";

/** By camera, what was made of its pictures while the call was in hand. */
export type GivenVerdicts = readonly { readonly cameraId: number; readonly verdict: VerdictWord }[];

export type ContactCommand =
  | {
      readonly type: "contact.receive"; readonly source: ContactSource; readonly externalId: string; readonly receivedAt?: WallMs | undefined;
      readonly callerNumber: string | null; readonly callerPoint: LonLat | null; readonly callerUncertaintyM: number | null; readonly callerWords: string | null; readonly signal?: ContactSignal | undefined;
    }
  | { readonly type: "contact.hang-up"; readonly externalId: string }
  | { readonly type: "contact.elsewhere"; readonly externalId: string; readonly how: ElsewhereDisposition; readonly to: string | null }
  | { readonly type: "contact.claim"; readonly contactId: number }
  | { readonly type: "contact.renew"; readonly contactId: number }
  | { readonly type: "contact.release"; readonly contactId: number }
  | { readonly type: "contact.end"; readonly contactId: number; readonly disposition: EndDisposition }
  | { readonly type: "contact.attach"; readonly contactId: number; readonly incidentId: number; readonly typed?: TypedWords | undefined; readonly verdicts?: GivenVerdicts | undefined }
  | { readonly type: "contact.detach"; readonly contactId: number; readonly words: string }
  | { readonly type: "contact.reopen"; readonly contactId: number; readonly words: string };

export type IncidentCommand =
  | {
      readonly type: "incident.create"; readonly contactId: number | null; readonly incidentType: IncidentType; readonly priority?: number | undefined;
      readonly what: string; readonly who: string; readonly place: IncidentPlace;
      readonly triage?: { readonly card: { readonly code: string; readonly version: number }; readonly answers: TriageAnswers } | undefined;
      readonly verdicts?: GivenVerdicts | undefined;
    }
  /** `answer` null takes it back. */
  | { readonly type: "incident.answer"; readonly incidentId: number; readonly card: { readonly code: string; readonly version: number }; readonly question: string; readonly answer: string | null }
  | {
      readonly type: "incident.update"; readonly incidentId: number; readonly incidentType?: IncidentType | undefined; readonly priority?: number | undefined;
      readonly what?: string | undefined; readonly who?: string | undefined; readonly place?: IncidentPlace | undefined;
    }
  | { readonly type: "incident.note"; readonly incidentId: number; readonly words: string; readonly corrects: number | null }
  | { readonly type: "incident.verdict"; readonly incidentId: number; readonly cameraId: number; readonly verdict: VerdictWord }
  | { readonly type: "incident.no-unit-needed"; readonly incidentId: number; readonly words: string }
  | { readonly type: "incident.close"; readonly incidentId: number; readonly disposition: Disposition; readonly words: string }
  | { readonly type: "incident.cancel"; readonly incidentId: number; readonly words: string }
  | { readonly type: "incident.reopen"; readonly incidentId: number; readonly words: string }
  | { readonly type: "incident.watch"; readonly incidentId: number };

/** Between incidents: what is one, what is two, what belongs together. */
export type TieCommand =
  | { readonly type: "incident.merge"; readonly incidentId: number; readonly intoId: number; readonly words: string }
  | { readonly type: "incident.unmerge"; readonly incidentId: number; readonly words: string }
  | {
      readonly type: "incident.split"; readonly incidentId: number; readonly contactIds: readonly number[]; readonly assignmentIds: readonly number[]; readonly incidentType: IncidentType;
      readonly priority?: number | undefined; readonly what: string; readonly who: string; readonly place: IncidentPlace; readonly words: string;
    }
  | { readonly type: "incident.link" | "incident.unlink"; readonly incidentId: number; readonly otherId: number; readonly words: string }
  | { readonly type: "incident.make-major"; readonly incidentId: number; readonly partIds: readonly number[]; readonly words: string }
  | { readonly type: "incident.end-major"; readonly incidentId: number; readonly words: string }
  | { readonly type: "incident.join-major"; readonly incidentId: number; readonly majorId: number; readonly words: string }
  | { readonly type: "incident.leave-major"; readonly incidentId: number; readonly words: string };

export type AssignmentCommand =
  | { readonly type: "assignment.assign"; readonly incidentId: number; readonly unitIds: number[]; readonly stack: boolean }
  | { readonly type: "assignment.advance"; readonly assignmentId: number; readonly to: AssignmentState; readonly deviceAt: WallMs | null }
  | { readonly type: "assignment.decline"; readonly assignmentId: number; readonly words: string; readonly deviceAt: WallMs | null }
  | { readonly type: "assignment.recall"; readonly assignmentId: number; readonly words: string }
  /** `assignmentId`: the job that the unit is taken from; `incidentId`: where it goes instead. */
  | { readonly type: "assignment.preempt"; readonly assignmentId: number; readonly incidentId: number; readonly words: string }
  /** All is well with the unit, by its own word or by that of somebody at a desk who knows. */
  | { readonly type: "assignment.confirm"; readonly assignmentId: number; readonly words: string; readonly deviceAt?: WallMs | null }
  | { readonly type: "assignment.lose"; readonly assignmentId: number; readonly words: string }
  | { readonly type: "assignment.cover"; readonly incidentId: number; readonly unitId: number; readonly platformId: number };

export type UnitCommand =
  | { readonly type: "unit.availability"; readonly unitId: number; readonly availability: Availability; readonly activity: string | null }
  | { readonly type: "unit.emergency"; readonly unitId: number; readonly point: LonLat | null; readonly deviceAt: WallMs | null }
  | { readonly type: "unit.emergency-clear"; readonly unitId: number; readonly words: string };

export type ClosureCommand =
  | { readonly type: "closure.set"; readonly pieces: readonly RoadPlace[]; readonly words: string; readonly until: WallMs | null }
  | { readonly type: "closure.lift"; readonly closureId: number; readonly words: string };

export type HandOverCommand =
  | { readonly type: "hand-over.offer"; readonly toUserId: number; readonly words: string }
  | { readonly type: "hand-over.take"; readonly handOverId: number }
  | { readonly type: "hand-over.decline"; readonly handOverId: number; readonly words: string }
  | { readonly type: "hand-over.withdraw"; readonly handOverId: number };

/** Commands of the system itself; no sender from outside may give them. */
export type SystemCommand =
  | { readonly type: "units.register"; readonly units: readonly EnteredUnit[] }
  | { readonly type: "roster.enter"; readonly shifts: readonly { readonly unitId: number; readonly shift: Shift }[] }
  /** `startsAt` null: all of them, and the unit is on no roster any more. */
  | { readonly type: "roster.remove"; readonly unitId: number; readonly startsAt: WallMs | null }
  | { readonly type: "timers.run" };

export type Command = ContactCommand | IncidentCommand | TieCommand | HandOverCommand | AssignmentCommand | UnitCommand | ClosureCommand;
export type CommandType = Command["type"];

export interface CommandEnvelope {
  readonly commandId: string;
  /** `sequence` of the entity that the command names, as the sender last saw it; null: whatever it is now. */
  readonly expectedSequence: number | null;
  readonly command: Command;
  /** The id is made of what is sent, not drawn: sent again it is meant anew, so only what was accepted is kept under it. */
  readonly forgetsRefusal?: true;
  /** What the sender said, where the command has things looked up beside it: whether it is the same again is judged by that. Absent: by the command. */
  readonly said?: object;
}

export interface UnitOutcome {
  readonly unitId: number;
  readonly assignmentId: number | null;
  readonly refused: { readonly rule: string; readonly message: string; readonly details?: Record<string, unknown> } | null;
}
export interface Accepted {
  readonly outcome: "accepted";
  /** Of the last event that the command made; where it made none, of the log as it stood. */
  readonly sequence: number;
  readonly repeated: boolean;
  readonly contactId: number | null;
  /** What became of the contact, so that a switch learns whether its call was answered. */
  readonly contactState: ContactState | null;
  readonly incidentId: number | null;
  readonly units: UnitOutcome[];
}
export interface Conflict {
  readonly outcome: "conflict";
  readonly rule: ProblemRule;
  readonly message: string;
  readonly by: Actor | null;
  readonly at: WallMs | null;
  readonly units: UnitOutcome[];
}
export interface Refused {
  readonly outcome: "refused";
  readonly rule: ProblemRule;
  readonly message: string;
  readonly allowed: string[];
}
export type Outcome = Accepted | Conflict | Refused;
