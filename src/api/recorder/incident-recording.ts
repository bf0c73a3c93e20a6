// An incident that is confirmed at a place, or found to be at another, is an event for the cameras that see it: those that record on events keep what was before it and what comes.
// The incident is committed before: where the centre ended in between, one that was made within the last minute is told at the next start ([CAM18] in video/SPEC.md). Older ones were told then.
import type { Clock, WallMs } from "../../base/time.ts";
import type { EventPlace, EventRecordingPort } from "../ports.ts";
import { EVENT_KEPT_MS } from "./event-recording.ts";

interface Incident {
  readonly id: number;
  readonly createdAt: WallMs;
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
  readonly clock: Pick<Clock, "wallMs">;
}

/** Answers with the function that ends it. */
export function startIncidentRecording({ dispatch, record, clock }: IncidentRecordingOptions): () => void {
  const keyOf = ({ place }: Incident): string => `${place.point.lon} ${place.point.lat} ${place.uncertaintyM}`;
  const tell = ({ id, place }: Incident, at: WallMs): void => record({ of: { incident: id }, cameraIds: [], place, at });
  const open = dispatch.state().incidents.filter(({ endedAt }) => endedAt === null);
  const known = new Map(open.map((incident) => [incident.id, keyOf(incident)]));
  for (const incident of open) if (clock.wallMs() - incident.createdAt < EVENT_KEPT_MS) tell(incident, incident.createdAt);

  return dispatch.subscribe(({ at, incidents }) => {
    for (const incident of incidents) {
      if (incident.endedAt !== null) {
        known.delete(incident.id);
        continue;
      }
      const key = keyOf(incident);
      if (known.get(incident.id) === key) continue;
      known.set(incident.id, key);
      tell(incident, at);
    }
  });
}
