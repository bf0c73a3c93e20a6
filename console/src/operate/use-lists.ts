// The three lists of this room, from the live store: what is in them and in which order.
import { useMemo, useRef } from "react";
import { useLive } from "../api/live-link.ts";
import { serverNow, useNow } from "../api/now.ts";
import { distanceM } from "./distance.ts";
import { incidentsOfRoom, sumRoom } from "./room.ts";
import { useOperate } from "./store.ts";
import { compareContacts, isOpenIncident, sortIncidents, sortUnits, unitMark, type AssignmentView, type ContactView, type IncidentView, type UnitView, type UnitWay } from "./tones.ts";

/** In the order in which they were first seen, as long as it is about the same: what has a number or a key must not change places under a finger. */
export function useFirstSeen(ids: readonly number[], about: string): readonly number[] {
  const seen = useRef<{ about: string; ids: readonly number[] }>({ about, ids: [] });
  const before = seen.current.about === about ? seen.current.ids : [];
  const known = [...before, ...ids.filter((id) => !before.includes(id))];
  seen.current = { about, ids: known };
  return known.filter((id) => ids.includes(id));
}
/** The work of the last arguments, once for all who ask with the same: several panels show the same list, and each would sort thousands for itself. */
function keepLast<A extends readonly unknown[], R>(work: (...args: A) => R): (...args: A) => R {
  let last: { readonly args: A; readonly result: R } | null = null;
  return (...args) => {
    if (last === null || last.args.some((one, i) => one !== args[i])) last = { args, result: work(...args) };
    return last.result;
  };
}
const listOpenContacts = keepLast((contacts: ReadonlyMap<number, ContactView>) => [...contacts.values()].filter((c) => c.state !== "ended").sort(compareContacts));
const listOpenIncidents = keepLast((incidents: ReadonlyMap<number, IncidentView>, assignments: ReadonlyMap<number, AssignmentView>, now: number) =>
  sortIncidents([...incidents.values()].filter(isOpenIncident), (incident) => assignmentsOf(incident, assignments), now));

/** Everything that still is somebody's. */
export const useOpenContacts = (): readonly ContactView[] => listOpenContacts(useLive((s) => s.contacts));
export function useOpenIncidents(): readonly IncidentView[] {
  const open = useAllOpenIncidents();
  const roomId = useOperate((s) => s.roomId);
  return useMemo(() => (roomId === null ? open : open.filter(({ id, majorId }) => id === roomId || majorId === roomId)), [open, roomId]);
}
/** Those of the whole city, whichever room is shown. */
export function useAllOpenIncidents(): readonly IncidentView[] {
  const incidents = useLive((s) => s.incidents);
  const assignments = useLive((s) => s.assignments);
  const now = useCoarseNow();
  return listOpenIncidents(incidents, assignments, now);
}
/** By state; with an incident or a place in hand, by how soon each can be there. Units move all the time: the order follows them every ten seconds. */
export function useSortedUnits(): readonly UnitView[] {
  const units = useLive((s) => s.units);
  const assignments = useLive((s) => s.assignments);
  const way = useWayToPlace();
  const roomId = useOperate((s) => s.roomId);
  const incidents = useLive((s) => s.incidents);
  return useMemo(() => {
    const placeOf = (unit: UnitView) => {
      const active = activeOf(unit, assignments);
      return { tone: unitMark(unit, active, serverNow()).tone, incidentId: active?.incidentId ?? null };
    };
    const ofRoom = roomId === null ? null : sumRoom(incidentsOfRoom(roomId, incidents), assignments).unitIds;
    return sortUnits([...units.values()].filter(({ id }) => ofRoom === null || ofRoom.has(id)), placeOf, way);
  }, [units, assignments, way, roomId, incidents]);
}
/** How far each unit is from the selected incident, or from the place of the call in hand: by road where it was worked out for the proposal, else the straight way. */
export function useWayToPlace(): { readonly incidentId: number | null; readonly wayOf: (unit: UnitView) => UnitWay | undefined } | null {
  const incidentId = useOperate((s) => s.restingId);
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
