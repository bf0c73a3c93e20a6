// Pre-emption: a unit is taken from its job for a more urgent one, by name and with words (SPEC.md, [ASG11]). Never a side effect of assigning: whoever
// does it names the job that loses its unit, so that two who cross each other's plans find out.
import type { AssignmentCommand } from "./commands.ts";
import { unitFault, rosterOf, withLacks } from "./decide-assignment.ts";
import type { DecideContext, Decision } from "./decision.ts";
import { accept, conflict, refuse } from "./decision.ts";
import type { Assignment, Incident } from "./entities.ts";
import type { EventBody } from "./events.ts";
import type { State } from "./state.ts";
import { INCIDENT_STEPS, PREEMPTIBLE, isLive } from "./transitions.ts";
import { listStandIns } from "./wants.ts";

type Preempt = Extract<AssignmentCommand, { type: "assignment.preempt" }>;

/** Whether a job gives way to an incident: one of higher priority, or any where the unit only covers. The lower the number, the higher the priority. */
export function givesWayTo(loser: Pick<Assignment, "cover">, from: Pick<Incident, "priority">, to: Pick<Incident, "priority">): boolean {
  return loser.cover !== null || to.priority < from.priority;
}

export function decidePreemption(state: State, command: Preempt, context: DecideContext): Decision {
  const loser = state.assignments.find(command.assignmentId);
  if (loser === undefined) return refuse("no-such-assignment", `there is no assignment ${command.assignmentId}`);
  const incident = state.incidents.find(command.incidentId);
  if (incident === undefined) return refuse("no-such-incident", `there is no incident ${command.incidentId}`);
  if (!INCIDENT_STEPS.assign.includes(incident.status)) return refuse("incident-ended", `incident ${incident.id} is ${incident.status}`, ["incident.reopen"]);
  if (!isLive(loser.state)) return conflict(state, "assignment", loser.id, "assignment-over", `assignment ${loser.id} is ${loser.state} already`);
  if (!PREEMPTIBLE.includes(loser.state)) return refuse("step-not-allowed", `assignment ${loser.id} is ${loser.state}; its unit cannot be taken from it`, PREEMPTIBLE);
  const from = state.incidents.get(loser.incidentId);
  if (!givesWayTo(loser, from, incident)) return refuse("not-higher-priority", `incident ${incident.id} (priority ${incident.priority}) is not above incident ${from.id} (priority ${from.priority})`, ["incident.update"]);
  const fault = unitFault(state, incident, loser.unitId, false, context, loser.id);
  if (fault !== null) return fault;

  const unit = state.units.get(loser.unitId);
  const events: EventBody[] = [
    {
      type: "assignment.pre-empted", assignmentId: loser.id, incidentId: from.id, unitId: unit.id, words: command.words, forIncidentId: incident.id, forNumber: incident.number,
      forPriority: incident.priority, priority: from.priority,
    },
  ];
  const acknowledgeBy = context.now + context.policy.acknowledgeWithinMs;
  const waiting = unit.stackedAssignmentIds.find((id) => state.assignments.get(id).incidentId === incident.id);
  const assignmentId = waiting ?? state.lastAssignmentId + 1;
  if (waiting !== undefined) events.push({ type: "assignment.activated", assignmentId, incidentId: incident.id, unitId: unit.id, acknowledgeBy });
  else events.push(withLacks({ type: "assignment.assigned", assignmentId, incidentId: incident.id, unitId: unit.id, callSign: unit.callSign, stacked: false, proposal: context.proposalOf(incident.id, unit.id), acknowledgeBy, ...rosterOf(unit) }, listStandIns(state, incident, [unit])));
  return accept(events, { incidentId: incident.id, units: [{ unitId: unit.id, assignmentId, refused: null }] });
}
