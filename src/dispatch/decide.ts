// The one door to dispatch: a command and the state give events, a conflict or a refusal. Pure: time, sender, policy and what telemetry knows
// come in with the context. Rejected: one handler per command that loads, checks, saves and tells, which is how double assignments happen.
import type { Command, SystemCommand } from "./commands.ts";
import { decideAssignment } from "./decide-assignment.ts";
import { decidePreemption } from "./decide-preemption.ts";
import { decideClosure, dueOfClosure } from "./decide-closure.ts";
import { decideContact, dueOfContact } from "./decide-contact.ts";
import { decideHandOver, dueOfHandOver } from "./decide-hand-over.ts";
import { decideIncident, dueOfIncident } from "./decide-incident.ts";
import { dueOfAssignment } from "./decide-silence.ts";
import { decideTie, isTieCommand } from "./decide-ties.ts";
import { MOST_BEGIN_AT_ONCE, decideRoster, dueOfRoster } from "./decide-roster.ts";
import { decideRegister, decideUnit } from "./decide-unit.ts";
import type { DecideContext, Decision, Events, TimerFault } from "./decision.ts";
import { accept, conflict } from "./decision.ts";
import type { AssignmentCommand, ClosureCommand, ContactCommand, HandOverCommand, IncidentCommand, UnitCommand } from "./commands.ts";
import type { EventBody } from "./events.ts";
import type { EntityKind, State } from "./state.ts";
import { listIds, type Table } from "./table.ts";

export function decide(state: State, command: Command | SystemCommand, expectedSequence: number | null, context: DecideContext): Decision {
  if (command.type === "units.register") return decideRegister(state, command);
  if (command.type === "roster.enter" || command.type === "roster.remove") return decideRoster(state, command, context);
  if (command.type === "timers.run") return decideDue(state, context);
  const moved = expectedSequence === null ? null : movedOn(state, command, expectedSequence);
  if (moved !== null) return moved;
  if (command.type.startsWith("contact.")) return decideContact(state, command as ContactCommand, context);
  if (isTieCommand(command)) return decideTie(state, command, context);
  if (command.type === "assignment.preempt") return decidePreemption(state, command, context);
  if (command.type.startsWith("hand-over.")) return decideHandOver(state, command as HandOverCommand, context);
  if (command.type.startsWith("incident.")) return decideIncident(state, command as IncidentCommand, context);
  if (command.type.startsWith("assignment.")) return decideAssignment(state, command as Exclude<AssignmentCommand, { type: "assignment.preempt" }>, context);
  if (command.type.startsWith("closure.")) return decideClosure(state, command as ClosureCommand, context);
  return decideUnit(state, command as UnitCommand, context);
}

/** [CMD3] The sender decided on something that is no longer so. */
function movedOn(state: State, command: Command, expected: number): Decision | null {
  const named = namedEntity(command);
  if (named === null) return null;
  const [kind, id] = named;
  const tables = { contact: state.contacts, incident: state.incidents, unit: state.units, assignment: state.assignments, closure: state.closures, "hand-over": state.handOvers, roster: state.rosters };
  const entity = tables[kind].find(id);
  if (entity === undefined || entity.sequence === expected) return null;
  return conflict(state, kind, id, "moved-on", `${kind} ${id} has changed since (now ${entity.sequence}, expected ${expected})`);
}

/** The entity that a command names first. */
export function namedEntity(command: Command): [EntityKind, number] | null {
  if ("contactId" in command) return command.contactId === null ? null : ["contact", command.contactId];
  if ("assignmentId" in command) return ["assignment", command.assignmentId];
  if ("incidentId" in command) return ["incident", command.incidentId];
  if ("closureId" in command) return ["closure", command.closureId];
  if ("handOverId" in command) return ["hand-over", command.handOverId];
  if ("unitId" in command) return ["unit", command.unitId];
  return null;
}

type DueOf = (state: State, id: number, context: DecideContext) => EventBody[];
/** Of what, of which of them, and how many at once. */
const TIMERS: readonly (readonly [EntityKind, (state: State) => Table<number, unknown>, DueOf, number])[] = [
  ["contact", (state) => state.openContacts, dueOfContact, Infinity],
  ["incident", (state) => state.openIncidents, dueOfIncident, Infinity],
  ["assignment", (state) => state.liveAssignments, dueOfAssignment, Infinity],
  ["closure", (state) => state.standingClosures, dueOfClosure, Infinity],
  ["hand-over", (state) => state.openHandOvers, dueOfHandOver, Infinity],
  ["roster", (state) => state.rosters, dueOfRoster, MOST_BEGIN_AT_ONCE],
];

/**
 * What time alone has made due: leases that ran out, call-backs, nobody-is-going, words of units that did not come, closures that have an end, hand-overs that nobody takes, shifts that begin. [CMD7] One thing of which that
 * cannot be said, because something else of it is missing or cannot be read, is a fault of its own: what is due of all others is due.
 */
function decideDue(state: State, context: DecideContext): Events {
  const events: EventBody[] = [];
  const faults: TimerFault[] = [];
  for (const [kind, tableOf, dueOf, most] of TIMERS) {
    const from = events.length;
    for (const id of listIds(tableOf(state))) {
      if (events.length - from >= most) break;
      try {
        events.push(...dueOf(state, id, context));
      } catch (error) {
        faults.push({ kind, id, error: String(error) });
      }
    }
  }
  return { ...accept(events), faults };
}
