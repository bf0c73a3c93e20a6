// An officer's emergency opens by itself, with the map on it, where this dispatcher has nothing in hand. Over a call or another incident it never does: what is
// being typed, ticked or read stays, and the banner with its key tells.
import { useEffect, useRef } from "react";
import { useLive } from "../api/live-link.ts";
import { listEmergencies, type Emergency } from "../shell/waiting.ts";
import { selectIncident, useOperate } from "./store.ts";

/** `known`: incidents of emergencies that were told before; null: the page has just learned of the first ones. */
export function findEmergencyToOpen(emergencies: readonly Emergency[], known: ReadonlySet<number> | null, hand: { readonly intakeId: number | null; readonly incidentId: number | null }): number | null {
  if (hand.intakeId !== null || hand.incidentId !== null) return null;
  return emergencies.find((one) => one.going === 0 && known?.has(one.incidentId) !== true)?.incidentId ?? null;
}

export function useEmergencyOpened(): void {
  const units = useLive((s) => s.units);
  const loaded = useLive((s) => s.sequence !== null);
  const known = useRef<ReadonlySet<number> | null>(null);
  useEffect(() => {
    if (!loaded) return;
    const { incidents, assignments } = useLive.getState();
    const emergencies = listEmergencies(units.values(), incidents, assignments);
    const id = findEmergencyToOpen(emergencies, known.current, useOperate.getState());
    known.current = new Set(emergencies.map((one) => one.incidentId));
    if (id !== null) selectIncident(id, incidents.get(id)?.place.point);
  }, [units, loaded]);
}
