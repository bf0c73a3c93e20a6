// Which permission each command needs: the one table of it. Checked at the thing it changes, inside the writer, because a gate in front of it may be
// wrong or bypassed; the gate asks the same function before, so that a refusal costs no line of the log. An officer does not clear an emergency:
// who is under threat can be made to say that all is well.
import type { Command, CommandType } from "./commands.ts";
import type { DecidedRefusal } from "./decision.ts";
import { refuse } from "./decision.ts";
import type { Actor, AssignmentState } from "./entities.ts";
import { isLive } from "./transitions.ts";

/** Any one of them is enough; `unit.self` is for the unit that the account is bound to, and for a fleet gateway every unit. */
export const COMMAND_PERMISSIONS = {
  "contact.receive": ["contact.receive", "unit.self"], "contact.hang-up": ["contact.receive"], "contact.elsewhere": ["contact.receive"],
  "contact.claim": ["contact.handle"], "contact.renew": ["contact.handle"], "contact.release": ["contact.handle"], "contact.end": ["contact.handle"], "contact.attach": ["contact.handle"], "contact.detach": ["contact.handle"],
  "contact.reopen": ["contact.handle"],
  "incident.create": ["incident.write"], "incident.update": ["incident.write"], "incident.answer": ["incident.write"], "incident.note": ["incident.write"], "incident.verdict": ["incident.write", "camera.view"],
  "incident.no-unit-needed": ["incident.write"], "incident.close": ["incident.write"], "incident.cancel": ["incident.write"], "incident.reopen": ["incident.write"], "incident.watch": ["incident.write"],
  "incident.merge": ["incident.write"], "incident.unmerge": ["incident.write"], "incident.split": ["incident.write"], "incident.link": ["incident.write"], "incident.unlink": ["incident.write"],
  "incident.make-major": ["assignment.write"], "incident.end-major": ["assignment.write"], "incident.join-major": ["incident.write"], "incident.leave-major": ["incident.write"],
  "assignment.assign": ["assignment.write"], "assignment.advance": ["assignment.write", "unit.self"], "assignment.decline": ["assignment.write", "unit.self"], "assignment.recall": ["assignment.write"],
  "assignment.confirm": ["assignment.write", "unit.self"], "assignment.preempt": ["assignment.write"], "assignment.lose": ["assignment.write"], "assignment.cover": ["assignment.write"],
  "unit.availability": ["unit.write", "unit.self"], "unit.emergency": ["unit.write", "unit.self"], "unit.emergency-clear": ["unit.write"],
  "closure.set": ["road.close"], "closure.lift": ["road.close"],
  "hand-over.offer": ["incident.write"], "hand-over.take": ["incident.write"], "hand-over.decline": ["incident.write"], "hand-over.withdraw": ["incident.write"],
} as const satisfies Record<CommandType, readonly string[]>;

/** Who asks: `unitId` is the unit that a person's account is bound to; a fleet gateway (a service) speaks for every unit. */
export interface Asker extends Actor {
  readonly permissions: readonly string[];
  readonly unitId: number | null;
}

/** The part of the state that says whose an assignment is, and which go where an incident goes. */
export interface AssignmentLookup {
  readonly assignments: { find(id: number): { readonly unitId: number; readonly state: AssignmentState } | undefined };
  readonly incidents: { find(id: number): { readonly assignmentIds: readonly number[] } | undefined };
  /** What undoing a merge takes back. Absent at the gate, which leaves that to the writer. */
  readonly books?: { find(id: number): { readonly merged: { readonly assignmentIds: readonly number[] } | null } | undefined };
}

/** A tie that takes units from one incident to another is a word on where units go: it needs the right to send them, besides its own. */
function movesUnits({ assignments, incidents, books }: AssignmentLookup, command: Command): boolean {
  const isAnyLive = (ids: readonly number[] = []): boolean => ids.some((id) => isLive(assignments.find(id)?.state ?? "cleared"));
  if (command.type === "incident.split") return command.assignmentIds.length > 0;
  if (command.type === "incident.merge") return isAnyLive(incidents.find(command.incidentId)?.assignmentIds);
  return command.type === "incident.unmerge" && isAnyLive(books?.find(command.incidentId)?.merged?.assignmentIds);
}

/** [CON15] What an officer comes upon is handed in under the own unit's number and an id of the phone's own. */
export const unitOfReport = (externalId: string): number | null => {
  const [, unitId] = /^unit-([1-9]\d{0,8}):./.exec(externalId) ?? [];
  return unitId === undefined ? null : Number(unitId);
};

/** [CMD4] Null where the asker may; a refusal otherwise. */
export function findForbidden(state: AssignmentLookup, asker: Asker, command: Command): DecidedRefusal | null {
  if (command.type === "unit.emergency-clear" && command.unitId === asker.unitId)
    return refuse("own-emergency", `${asker.name} belongs to this unit; somebody else clears its emergency`); // [UNT6] whatever else the account may
  const wanted: readonly string[] = COMMAND_PERMISSIONS[command.type];
  const held = wanted.filter((permission) => asker.permissions.includes(permission));
  if (held.length === 0) return refuse("not-permitted", `${command.type} needs ${wanted.join(" or ")}`, wanted);
  if (!asker.permissions.includes("assignment.write") && movesUnits(state, command)) return refuse("not-permitted", `${command.type} takes units along and needs assignment.write`, ["assignment.write"]);
  if ("verdicts" in command && (command.verdicts?.length ?? 0) > 0 && !asker.permissions.includes("camera.view")) return refuse("not-permitted", "what cameras show is said by who may look through them", ["camera.view"]);
  if (held.some((permission) => permission !== "unit.self")) return null;
  if (command.type === "contact.receive" && command.source !== "officer") return refuse("not-permitted", `${asker.name} hands in the word of an officer and nothing else`, ["contact.receive"]);
  if (asker.kind === "service") return null;
  const unitId = command.type === "contact.receive" ? unitOfReport(command.externalId) : "unitId" in command ? command.unitId : "assignmentId" in command ? (state.assignments.find(command.assignmentId)?.unitId ?? null) : null;
  if (unitId !== null && unitId === asker.unitId) return null;
  return refuse("not-your-unit", `${asker.name} may speak only for their own unit`);
}
