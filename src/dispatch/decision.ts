// The words in which a decision is given, and what it may look at besides the state.
import type { ProblemRule } from "../base/problem-rules.ts";
import type { WallMs } from "../base/time.ts";
import type { UnitOutcome } from "./commands.ts";
import type { Actor, CoverPost, LonLat, RoadPiece, RoadPlace } from "./entities.ts";
import type { EventBody, Plan, Proposal } from "./events.ts";
import type { DispatchPolicy } from "./policy.ts";
import type { RunCardQuestion } from "./run-cards.ts";
import type { EntityKind, State } from "./state.ts";
import { findTouch } from "./state.ts";
import type { Span } from "./unheard.ts";

export interface DecideContext {
  readonly now: WallMs;
  readonly by: Actor;
  /** Whether it is said by the unit itself or by what speaks for units (a fleet's service), and not entered for it by somebody at a desk. */
  readonly isFrom: (unitId: number) => boolean;
  readonly policy: DispatchPolicy;
  /** No claim lapses before this: while the log could not be written, nobody could renew one. */
  readonly leasesHoldUntil: WallMs;
  /** Last known position of a unit, with the radius within which it is. */
  readonly positionOf: (unitId: number) => { readonly point: LonLat; readonly uncertaintyM: number; readonly at: WallMs } | null;
  /** Since when positions are had: what was told of them before is not known, and nobody's silence on the way says anything. */
  readonly listeningSince: WallMs;
  /** [ASG15] When nobody could be heard, in order and apart. */
  readonly unheard: readonly Span[];
  /** The street or crossing at a point; null where the city names none. */
  readonly namePlace: (point: LonLat) => { readonly place: string; readonly district: string | null } | null;
  /** The road of the city's map that runs there; null: none does. */
  readonly findRoad: (place: RoadPlace) => Pick<RoadPiece, "name" | "path"> | null;
  /** The person that the command names, where there is such an account and it may watch over incidents; looked up by whoever passes the command on. */
  readonly addressee: Actor | null;
  /** What goes to such an incident at that hour, by the run cards that are in force. */
  readonly planFor: (question: RunCardQuestion) => Plan;
  readonly findPlatform: (platformId: number) => CoverPost | null;
  /** What this dispatcher was last shown of the unit for this incident; null where that was nothing, or too long ago [ASG10]. */
  readonly proposalOf: (incidentId: number, unitId: number) => Proposal | null;
}

export interface Events {
  readonly kind: "events";
  readonly events: readonly EventBody[];
  readonly contactId: number | null;
  readonly incidentId: number | null;
  readonly units: UnitOutcome[];
  /** Of the timers: of what it could not be said whether something is due. */
  readonly faults?: readonly TimerFault[];
}
export interface TimerFault {
  readonly kind: EntityKind;
  readonly id: number;
  readonly error: string;
}
export interface DecidedConflict {
  readonly kind: "conflict";
  readonly rule: ProblemRule;
  readonly message: string;
  readonly by: Actor | null;
  readonly at: WallMs | null;
  readonly units: UnitOutcome[];
}
export interface DecidedRefusal {
  readonly kind: "refused";
  readonly rule: ProblemRule;
  readonly message: string;
  readonly allowed: string[];
}
export type Decision = Events | DecidedConflict | DecidedRefusal;

export function accept(events: readonly EventBody[], about: { contactId?: number | null; incidentId?: number | null; units?: UnitOutcome[] } = {}): Events {
  return { kind: "events", events, contactId: about.contactId ?? null, incidentId: about.incidentId ?? null, units: about.units ?? [] };
}

export function refuse(rule: ProblemRule, message: string, allowed: readonly string[] = []): DecidedRefusal {
  return { kind: "refused", rule, message, allowed: [...allowed] };
}

/** Somebody was first; the entity's last change says who and when. */
export function conflict(state: State, kind: EntityKind, id: number, rule: ProblemRule, message: string): DecidedConflict {
  const touched = findTouch(state, kind, id);
  return { kind: "conflict", rule, message, by: touched?.by ?? null, at: touched?.at ?? null, units: [] };
}

export const isSameActor = (a: Actor | null, b: Actor): boolean => a !== null && a.kind === b.kind && a.id === b.id;
