import { useCallback } from "react";
import { useLive } from "../api/live-link.ts";
import { useAct } from "./act.ts";
import { verdictsToGive } from "./draft.ts";
import { closeIntake, getHeld, selectIncident } from "./store.ts";

/** The call in hand is about this incident: what was typed for it and what cameras were said to show go along, and the incident is opened. */
export function useAttachCall(): (contactId: number, incidentId: number) => Promise<void> {
  const act = useAct();
  return useCallback(
    async (contactId, incidentId) => {
      const { where, what, who, verdicts } = getHeld(contactId).draft;
      const done = await act({ type: "contact.attach", contactId, incidentId, typed: { where: where.slice(0, 200), what, who }, ...verdictsToGive(verdicts) });
      if (done === null) return;
      closeIntake(contactId);
      selectIncident(incidentId, useLive.getState().incidents.get(incidentId)?.place.point);
    },
    [act],
  );
}
