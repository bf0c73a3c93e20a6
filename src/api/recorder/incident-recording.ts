// An incident that is confirmed at a place, or found to be at another, is an event for the cameras that see it: those that record on events keep what was before it and what comes.
// Only what is told from now on counts: incidents that were open when the centre started were told then.
import type { WallMs } from "../../base/time.ts";
import type { LinkFromCentre } from "../../contract/recorder-link.ts";
import type { LogPort, SeeingPort } from "../ports.ts";

interface Incident {
  readonly id: number;
  readonly endedAt: WallMs | null;
  readonly place: { readonly point: { readonly lon: number; readonly lat: number }; readonly uncertaintyM: number };
}
interface Change {
  readonly at: WallMs;
  readonly incidents: readonly Incident[];
}

export interface IncidentRecordingOptions {
  readonly dispatch: { state(): { readonly incidents: readonly Incident[] }; subscribe(listener: (change: Change) => void): () => void };
  readonly seeing: SeeingPort;
  readonly findRecorder: (cameraId: number) => number | null;
  /** False where that recorder is not linked. */
  readonly tell: (recorderId: number, message: Extract<LinkFromCentre, { type: "recording-event" }>) => boolean;
  readonly log: LogPort;
}

const MOST_CAMERAS = 24;

/** Answers with the function that ends it. */
export function startIncidentRecording({ dispatch, seeing, findRecorder, tell, log }: IncidentRecordingOptions): () => void {
  const keyOf = ({ place }: Incident): string => `${place.point.lon} ${place.point.lat} ${place.uncertaintyM}`;
  const known = new Map(dispatch.state().incidents.map((incident) => [incident.id, keyOf(incident)]));

  const tellOf = async ({ place }: Incident, at: WallMs): Promise<void> => {
    const { cameras } = await seeing({ ...place.point, uncertaintyM: place.uncertaintyM, limit: MOST_CAMERAS });
    const byRecorder = new Map<number, number[]>();
    for (const { cameraId } of cameras) {
      const recorderId = findRecorder(cameraId);
      if (recorderId !== null) byRecorder.set(recorderId, [...(byRecorder.get(recorderId) ?? []), cameraId]);
    }
    for (const [recorderId, cameraIds] of byRecorder) {
      if (!tell(recorderId, { type: "recording-event", cameraIds, at })) log.warn({ recorder: recorderId, cameras: cameraIds }, "cameras that record on events could not be told of an incident: their recorder is not linked");
    }
  };

  return dispatch.subscribe(({ at, incidents }) => {
    for (const incident of incidents) {
      if (incident.endedAt !== null) {
        known.delete(incident.id);
        continue;
      }
      const key = keyOf(incident);
      if (known.get(incident.id) === key) continue;
      known.set(incident.id, key);
      tellOf(incident, Math.round(at)).catch((error: unknown) => log.error({ incident: incident.id, error: (error as Error).message }, "cameras could not be told of an incident"));
    }
  });
}
