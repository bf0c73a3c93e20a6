// An officer's emergency opens by itself, with the map on it, where this dispatcher has nothing in hand. Over a call or another incident it never does: what is
// being typed, ticked or read stays, and it opens in a place of its own (emergency-panel.tsx).
import { useEffect, useRef } from "react";
import { useLive } from "../api/live-link.ts";
import { isOpenIncident, listEmergencies, type Emergency } from "../shell/waiting.ts";
import { selectIncident, useOperate } from "./store.ts";

/** `known`: incidents of emergencies that were told before; null: the page has just learned of the first ones. */
export function findEmergencyToOpen(emergencies: readonly Emergency[], known: ReadonlySet<number> | null, hand: { readonly intakeId: number | null; readonly incidentId: number | null }): number | null {
  if (hand.intakeId !== null || hand.incidentId !== null) return null;
  return emergencies.find((one) => one.going === 0 && known?.has(one.incidentId) !== true)?.incidentId ?? null;
}

/** Those that whoever asks is responsible for and does not have before the eyes: nobody watches over them yet, or the asker does. `shown`: the incident that is open in the room. */
export function listMine(emergencies: readonly Emergency[], incidents: ReadonlyMap<number, { readonly watch: { readonly by: { readonly kind: string; readonly id: number } | null } }>, { accountId, shown }: { readonly accountId: number | null; readonly shown: number | null }): Emergency[] {
  return emergencies.filter(({ incidentId }) => {
    const by = incidents.get(incidentId)?.watch.by ?? null;
    return incidentId !== shown && (by === null || (by.kind === "user" && by.id === accountId));
  });
}

export function useEmergencyOpened(): void {
  const units = useLive((s) => s.units);
  const loaded = useLive((s) => s.sequence !== null);
  const known = useRef<ReadonlySet<number> | null>(null);
  useEffect(() => {
    if (!loaded) return;
    const { incidents, assignments } = useLive.getState();
    const emergencies = listEmergencies(units.values(), incidents, assignments);
    const { intakeId, incidentId } = useOperate.getState();
    const selected = incidentId === null ? undefined : incidents.get(incidentId);
    const id = findEmergencyToOpen(emergencies, known.current, { intakeId, incidentId: selected !== undefined && isOpenIncident(selected) ? incidentId : null }); // what has ended is in nobody's hand
    known.current = new Set(emergencies.map((one) => one.incidentId));
    if (id !== null) selectIncident(id, incidents.get(id)?.place.point);
  }, [units, loaded]);
}
