// What the phone shows as the state of the job: the server's word, with what is still in the outbox laid over it, so that a step pressed in a
// dead spot counts on the screen and is marked as not sent.
import type { AssignmentState } from "../../../src/contract/dispatch.ts";
import type { FieldView } from "../../../src/contract/live.ts";
import type { Outbox, OutboxEntry } from "./outbox.ts";

/** The ordinary way through a job; the server's `next` may offer more. */
const ORDINARY: Partial<Record<AssignmentState, AssignmentState>> = {
  proposed: "acknowledged", assigned: "acknowledged", sent: "acknowledged", delivered: "acknowledged", acknowledged: "en-route", "en-route": "on-scene",
  staged: "on-scene", "on-scene": "cleared", transporting: "cleared",
};
/** What may stand beside the big button: the few other ways that crews take. The server allows more, to mend a forgotten press. */
const BESIDE: Partial<Record<AssignmentState, readonly AssignmentState[]>> = {
  acknowledged: ["on-scene"], "en-route": ["staged"], staged: ["transporting"], "on-scene": ["transporting"],
};
const ENDED: ReadonlySet<AssignmentState> = new Set(["cleared", "declined", "recalled", "pre-empted", "lost"]);
const THERE: ReadonlySet<AssignmentState> = new Set(["on-scene", "transporting"]);
export const isThere = (state: AssignmentState): boolean => THERE.has(state);
const BEFORE_GOING: ReadonlySet<AssignmentState> = new Set(["proposed", "assigned", "sent", "delivered", "acknowledged"]);

export interface Progress {
  readonly state: AssignmentState;
  /** The shown state is ours and not answered yet. */
  readonly unsent: boolean;
  readonly primary: AssignmentState | null;
  readonly others: readonly AssignmentState[];
  readonly mayDecline: boolean;
}

/** Null where there is no job, or where what is in the outbox ends it. */
export function progressOf(view: Pick<FieldView, "next"> & { readonly assignment: Pick<NonNullable<FieldView["assignment"]>, "id" | "state"> | null }, box: Outbox): Progress | null {
  const assignment = view.assignment;
  if (assignment === null || ENDED.has(assignment.state)) return null;
  const mine = box.entries.filter((e) => (e.command.type === "assignment.advance" || e.command.type === "assignment.decline") && e.command.assignmentId === assignment.id);
  const last = mine.at(-1)?.command;
  if (last?.type === "assignment.decline") return null;
  const state = last?.type === "assignment.advance" ? last.to : assignment.state;
  if (ENDED.has(state)) return null;
  const ordinary = ORDINARY[state] ?? null;
  if (last !== undefined) return { state, unsent: true, primary: ordinary, others: [], mayDecline: false };
  const offered = view.next.filter((s): s is AssignmentState => s in STEP_NAMES);
  const primary = ordinary !== null && (offered.includes(ordinary) || offered.length === 0) ? ordinary : (offered[0] ?? null);
  return { state, unsent: false, primary, others: (BESIDE[state] ?? []).filter((s) => offered.includes(s) && s !== primary), mayDecline: BEFORE_GOING.has(state) };
}
/**
 * What is known once the centre has accepted a command, until it is read anew. Without it the step would leave the outbox before the next reading
 * brings it: the big button would name the old step for a moment, and a thumb on its way down would press that.
 */
export function applyAccepted(view: FieldView, { command, pressedAt }: Pick<OutboxEntry, "command" | "pressedAt">): FieldView {
  if (command.type === "unit.availability") return { ...view, stateSince: pressedAt, unit: { ...view.unit, availability: command.availability, activity: command.activity } };
  if (command.type === "unit.emergency" || command.type === "contact.receive" || view.assignment === null || view.assignment.id !== command.assignmentId) return view;
  if (command.type === "assignment.confirm") return { ...view, assignment: { ...view.assignment, silentSince: null, unanswered: null } };
  const state = command.type === "assignment.decline" ? "declined" : command.to;
  return { ...view, stateSince: ENDED.has(state) ? pressedAt : view.stateSince, assignment: { ...view.assignment, state }, next: [] };
}
/** Since when the crew is as it says it is, without a job: also by what it pressed and the centre has not answered yet. */
export function stateSince(view: FieldView, box: Outbox): number {
  const pressed = box.entries.flatMap(({ command, pressedAt }) => (command.type === "unit.availability" || command.type === "assignment.decline" || (command.type === "assignment.advance" && ENDED.has(command.to)) ? [pressedAt] : []));
  return Math.max(view.stateSince, ...pressed);
}
/** The centre waits for a word of a crew that knows of its job, and none is in the outbox already. A job that nobody acknowledged has its own button. */
export const isAskedIfWell = ({ assignment }: FieldView, box: Outbox): boolean =>
  assignment !== null && assignment.unanswered !== null && assignment.unanswered.stage !== "acknowledge" && !box.entries.some(({ command }) => "assignmentId" in command && command.assignmentId === assignment.id);
/** Steps that an officer takes; the rest belongs to the system. */
export const STEP_NAMES = { acknowledged: 1, "en-route": 1, staged: 1, "on-scene": 1, transporting: 1, cleared: 1 } as const satisfies Partial<Record<AssignmentState, 1>>;

/** What to tell when the job that was shown is no longer there, or null where it ended by our own hand or goes on. */
export function endedByOthers(before: FieldView["assignment"], now: FieldView["assignment"], ownEnds: ReadonlySet<number>): number | null {
  if (before === null || ENDED.has(before.state)) return null;
  const gone = now === null || now.id !== before.id || ENDED.has(now.state);
  return gone && !ownEnds.has(before.id) ? before.id : null;
}

export type EndNotice = { readonly assignmentId: number; readonly told: FieldView["lastEnded"] };
/**
 * The notice that a job was ended by others: the centre's word where there is one, else (the phone was out of reach for longer than the centre
 * tells it) only that the job which stood here, `gone`, stands here no more. What was read once is not shown again.
 */
export function endNoticeOf(lastEnded: FieldView["lastEnded"], gone: number | null, read: ReadonlySet<number>): EndNotice | null {
  if (lastEnded !== null && !read.has(lastEnded.assignmentId)) return { assignmentId: lastEnded.assignmentId, told: lastEnded };
  return gone === null || read.has(gone) || gone === lastEnded?.assignmentId ? null : { assignmentId: gone, told: null };
}

/** A phone's fix and a place's mark may honestly differ by so much. */
export const FAR_FROM_PLACE_M = 300;
/** What is asked before a step that a thumb may have hit by mistake: it cannot be taken back. Null: it is taken at once. */
export function questionBefore(to: AssignmentState, metresOff: number | null, inEmergency: boolean): "far-off" | "in-emergency" | null {
  if (to === "cleared" && inEmergency) return "in-emergency";
  return to === "on-scene" && metresOff !== null && metresOff > FAR_FROM_PLACE_M ? "far-off" : null;
}
