// Which step may follow which. Tables, so that a test can walk every cell and SPEC.md can print them.
import type { WallMs } from "../base/time.ts";
import { ASSIGNMENT_STATES } from "./entities.ts";
import type { Assignment, AssignmentState, ContactState, IncidentStatus } from "./entities.ts";

/** States in which a unit works on the incident, or is to. `proposed` is a stacked job: the unit's next one. */
export const LIVE_STATES = ["proposed", "assigned", "sent", "delivered", "acknowledged", "en-route", "staged", "on-scene", "transporting"] as const;
export const isLive = (state: AssignmentState): boolean => (LIVE_STATES as readonly AssignmentState[]).includes(state);
/** [ASG16] The unit goes or is there: what counts against nobody-is-going. One that leaves its word out for too long counts no more, but with a patient on board: it was there. */
export const isGoing = ({ state, unanswered }: Pick<Assignment, "state" | "unanswered">): boolean => isLive(state) && state !== "proposed" && (unanswered?.goneUp !== true || state === "transporting");

/** What a unit, or a dispatcher for it, can report. */
export const REPORTABLE = ["sent", "delivered", "acknowledged", "en-route", "staged", "on-scene", "transporting", "cleared"] as const;
export type Reportable = (typeof REPORTABLE)[number];
export const isReportable = (state: AssignmentState): state is Reportable => (REPORTABLE as readonly AssignmentState[]).includes(state);

/**
 * advance: becomes the state. repeat: is so already. late: an earlier step told afterwards; its milestone is kept, the state stays.
 * note: the assignment is over; the report becomes a line of the timeline. refuse: not from here.
 */
export type ReportEffect = "advance" | "repeat" | "late" | "note" | "refuse";
const EFFECT_OF_LETTER: Record<string, ReportEffect> = { A: "advance", R: "repeat", L: "late", N: "note", x: "refuse" };

/** Rows: the state it is in. Columns: sent, delivered, acknowledged, en-route, staged, on-scene, transporting, cleared. */
export const REPORT_TABLE: Record<AssignmentState, string> = {
  proposed: "xxxxxxxx",
  assigned: "AAAAAAAx",
  sent: "RAAAAAAx",
  delivered: "LRAAAAAx",
  acknowledged: "LLRAAAAx",
  "en-route": "LLLRAAAx",
  staged: "LLLARAAA",
  "on-scene": "LLLLLRAA",
  transporting: "LLLLLLRA",
  cleared: "NNNNNNNR",
  declined: "NNNNNNNN",
  recalled: "NNNNNNNN",
  "pre-empted": "NNNNNNNN",
  lost: "NNNNNNNN",
};

export function reportEffect(from: AssignmentState, report: Reportable): ReportEffect {
  return EFFECT_OF_LETTER[REPORT_TABLE[from][REPORTABLE.indexOf(report)]!]!;
}
export function allowedReports(from: AssignmentState): Reportable[] {
  return REPORTABLE.filter((report) => reportEffect(from, report) === "advance");
}

/** Steps that a machine reports by itself: no word of the crew. */
export const isOfMachine = (state: AssignmentState): boolean => state === "sent" || state === "delivered";
/** When a word that came late was said: a press that waited in a phone for its link is no word of now. A clock that is ahead makes nothing newer. */
export const saidAt = (deviceAt: WallMs | null, receivedAt: WallMs): WallMs => Math.min(deviceAt ?? receivedAt, receivedAt);

/** A unit may decline until it is there. */
export const DECLINABLE: readonly AssignmentState[] = ["proposed", "assigned", "sent", "delivered", "acknowledged", "en-route", "staged"];
/** From here on the unit has said that it knows. */
export const isAcknowledged = (state: AssignmentState): boolean => ASSIGNMENT_STATES.indexOf(state) >= ASSIGNMENT_STATES.indexOf("acknowledged");

/** Where a unit can be taken from a job for a more urgent one: not with a patient on board, and not from one that it has not begun. */
export const PREEMPTIBLE: readonly AssignmentState[] = ["assigned", "sent", "delivered", "acknowledged", "en-route", "staged", "on-scene"];
/** On the way: a unit that says nothing now may need help. */
export const UNDER_WAY: readonly AssignmentState[] = ["acknowledged", "en-route"];

export type ContactStep = "claim" | "renew" | "release" | "hang-up" | "end" | "attach" | "create";
/** The states from which each step is possible; whose claim it must be is decided beside. */
export const CONTACT_STEPS: Record<ContactStep, readonly ContactState[]> = {
  claim: ["ringing", "abandoned", "claimed"],
  renew: ["claimed"],
  release: ["claimed"],
  "hang-up": ["ringing", "abandoned", "claimed", "ended"],
  end: ["claimed"],
  attach: ["claimed"],
  create: ["claimed"],
};

export type IncidentStep = "update" | "no-unit-needed" | "assign" | "attach" | "close" | "cancel" | "reopen" | "note" | "verdict" | "watch" | "tie";
const OPEN: readonly IncidentStatus[] = ["active", "reopened"];
const ENDED: readonly IncidentStatus[] = ["closed", "cancelled"];
export const INCIDENT_STEPS: Record<IncidentStep, readonly IncidentStatus[]> = {
  update: OPEN, "no-unit-needed": OPEN, assign: OPEN, attach: OPEN, close: OPEN, cancel: OPEN, reopen: ENDED, note: [...OPEN, ...ENDED], verdict: [...OPEN, ...ENDED],
  watch: OPEN, tie: OPEN,
};
export const isOpen = (status: IncidentStatus): boolean => OPEN.includes(status);
