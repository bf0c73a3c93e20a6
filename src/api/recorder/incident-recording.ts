// An incident that is confirmed at a place, or found to be at another, is an event for the cameras that see it: those that record on events keep what was before it and what comes.
// Only what is told from now on counts: incidents that were open when the centre started were told then.
import type { WallMs } from "../../base/time.ts";
import type { EventPlace, EventRecordingPort } from "../ports.ts";

interface Incident {
  readonly id: number;
  readonly endedAt: WallMs | null;
  readonly place: EventPlace;
}
interface Change {
  readonly at: WallMs;
  readonly incidents: readonly Incident[];
}

export interface IncidentRecordingOptions {
  readonly dispatch: { state(): { readonly incidents: readonly Incident[] }; subscribe(listener: (change: Change) => void): () => void };
  readonly record: EventRecordingPort;
}

/** Answers with the function that ends it. */
export function startIncidentRecording({ dispatch, record }: IncidentRecordingOptions): () => void {
  const keyOf = ({ place }: Incident): string => `${place.point.lon} ${place.point.lat} ${place.uncertaintyM}`;
  const known = new Map(dispatch.state().incidents.map((incident) => [incident.id, keyOf(incident)]));

  return dispatch.subscribe(({ at, incidents }) => {
    for (const incident of incidents) {
      if (incident.endedAt !== null) {
        known.delete(incident.id);
        continue;
      }
      const key = keyOf(incident);
      if (known.get(incident.id) === key) continue;
      known.set(incident.id, key);
      record({ of: { incident: incident.id }, cameraIds: [], place: incident.place, at });
    }
  });
}
