// The three lists of this room, from the live store: what is in them and in which order.
import { useMemo } from "react";
import { useLive } from "../api/live-link.ts";
import { compareContacts, compareIncidents, compareUnits, isOpenIncident, unitMark, type AssignmentView, type ContactView, type IncidentView, type UnitView } from "./tones.ts";

/** Everything that still is somebody's. */
export function useOpenContacts(): readonly ContactView[] {
  const contacts = useLive((s) => s.contacts);
  return useMemo(() => [...contacts.values()].filter((c) => c.state !== "ended").sort(compareContacts), [contacts]);
}
export function useOpenIncidents(): readonly IncidentView[] {
  const incidents = useLive((s) => s.incidents);
  return useMemo(() => [...incidents.values()].filter(isOpenIncident).sort(compareIncidents), [incidents]);
}
export function useSortedUnits(): readonly UnitView[] {
  const units = useLive((s) => s.units);
  const assignments = useLive((s) => s.assignments);
  return useMemo(() => {
    const toneOf = (unit: UnitView) => unitMark(unit, activeOf(unit, assignments)).tone;
    return [...units.values()].sort((a, b) => compareUnits(a, b, toneOf));
  }, [units, assignments]);
}
export const activeOf = (unit: UnitView, assignments: ReadonlyMap<number, AssignmentView>): AssignmentView | undefined =>
  unit.activeAssignmentId === null ? undefined : assignments.get(unit.activeAssignmentId);

export function assignmentsOf(incident: IncidentView, assignments: ReadonlyMap<number, AssignmentView>): readonly AssignmentView[] {
  return incident.assignmentIds.map((id) => assignments.get(id)).filter((a) => a !== undefined);
}
