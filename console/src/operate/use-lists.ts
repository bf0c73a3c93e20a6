// The three lists of this room, from the live store: what is in them and in which order.
import { useMemo } from "react";
import { useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import { distanceM } from "./distance.ts";
import { useOperate } from "./store.ts";
import { compareContacts, isOpenIncident, sortIncidents, sortUnits, unitMark, type AssignmentView, type ContactView, type IncidentView, type UnitView, type UnitWay } from "./tones.ts";

/** Everything that still is somebody's. */
export function useOpenContacts(): readonly ContactView[] {
  const contacts = useLive((s) => s.contacts);
  return useMemo(() => [...contacts.values()].filter((c) => c.state !== "ended").sort(compareContacts), [contacts]);
}
export function useOpenIncidents(): readonly IncidentView[] {
  const incidents = useLive((s) => s.incidents);
  const assignments = useLive((s) => s.assignments);
  const now = useCoarseNow();
  return useMemo(() => sortIncidents([...incidents.values()].filter(isOpenIncident), (incident) => assignmentsOf(incident, assignments), now), [incidents, assignments, now]);
}
/** By state; with an incident or a place in hand, by how soon each can be there. Units move all the time: the order follows them every ten seconds. */
export function useSortedUnits(): readonly UnitView[] {
  const units = useLive((s) => s.units);
  const assignments = useLive((s) => s.assignments);
  const way = useWayToPlace();
  return useMemo(() => {
    const placeOf = (unit: UnitView) => {
      const active = activeOf(unit, assignments);
      return { tone: unitMark(unit, active).tone, incidentId: active?.incidentId ?? null };
    };
    return sortUnits([...units.values()], placeOf, way);
  }, [units, assignments, way]);
}
/** How far each unit is from the selected incident, or from the place of the call in hand: by road where it was worked out for the proposal, else the straight way. */
export function useWayToPlace(): { readonly incidentId: number | null; readonly wayOf: (unit: UnitView) => UnitWay | undefined } | null {
  const incidentId = useOperate((s) => s.incidentId);
  const incident = useLive((s) => (incidentId === null ? undefined : s.incidents.get(incidentId)));
  const inHand = useOperate((s) => (s.intakeId === null ? undefined : s.held[s.intakeId]?.draft.place?.point));
  const point = inHand ?? (incident !== undefined && isOpenIncident(incident) ? incident.place.point : undefined);
  const roads = useOperate((s) => s.roads);
  const now = useCoarseNow();
  return useMemo(() => {
    if (point === undefined) return null;
    const { positions } = useLive.getState();
    const known = roads !== null && roads.incidentId === incidentId && now - roads.at < ROADS_OLD_MS ? roads.seconds : null;
    return {
      incidentId,
      wayOf: (unit: UnitView): UnitWay | undefined => {
        const position = positions.get(unit.id);
        if (position === undefined) return undefined;
        return { seconds: known?.get(unit.id) ?? null, metres: distanceM(position, point) };
      },
    };
    // `now` renews the positions: followed one by one they would sort the list several times a second
  }, [incidentId, point, roads, now]);
}
const TICK_MS = 10_000;
const ROADS_OLD_MS = 40_000; // a unit has moved on
const useCoarseNow = (): number => Math.floor(useNow() / TICK_MS) * TICK_MS;

export const activeOf = (unit: UnitView, assignments: ReadonlyMap<number, AssignmentView>): AssignmentView | undefined =>
  unit.activeAssignmentId === null ? undefined : assignments.get(unit.activeAssignmentId);

export function assignmentsOf(incident: IncidentView, assignments: ReadonlyMap<number, AssignmentView>): readonly AssignmentView[] {
  return incident.assignmentIds.map((id) => assignments.get(id)).filter((a) => a !== undefined);
}
