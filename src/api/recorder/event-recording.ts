// Tells recorders that something happened: the cameras that are named and those that see the place. Which of them record on events, and what these keep, their recorder knows. Nobody waits for it: the command that it
// comes from is done already, and a recorder that is not linked is told in the log.
import type { WallMs } from "../../base/time.ts";
import type { LinkFromCentre } from "../../contract/recorder-link.ts";
import type { EventPlace, EventRecordingPort, LogPort, RecordedEvent, SeeingPort } from "../ports.ts";

export interface EventRecordingOptions {
  readonly seeing: SeeingPort;
  readonly findRecorder: (cameraId: number) => number | null;
  /** False where that recorder is not linked. */
  readonly tell: (recorderId: number, message: Extract<LinkFromCentre, { type: "recording-event" }>) => boolean;
  readonly log: LogPort;
}

const MOST_CAMERAS = 24;

export function createEventRecording({ seeing, findRecorder, tell, log }: EventRecordingOptions): EventRecordingPort {
  const tellOf = (of: RecordedEvent["of"], cameras: Iterable<number>, at: WallMs): void => {
    const byRecorder = new Map<number, number[]>();
    for (const cameraId of cameras) {
      const recorderId = findRecorder(cameraId);
      if (recorderId !== null) byRecorder.set(recorderId, [...(byRecorder.get(recorderId) ?? []), cameraId]);
    }
    for (const [recorderId, cameraIds] of byRecorder) {
      if (!tell(recorderId, { type: "recording-event", cameraIds, at: Math.round(at) })) log.warn({ ...of, recorder: recorderId, cameras: cameraIds }, "cameras that record on events could not be told of an event: their recorder is not linked");
    }
  };
  const tellSeeing = async ({ of, cameraIds, at }: RecordedEvent, { point, uncertaintyM }: EventPlace): Promise<void> => {
    const { cameras } = await seeing({ ...point, uncertaintyM, limit: MOST_CAMERAS });
    const named = new Set(cameraIds);
    tellOf(of, cameras.map(({ cameraId }) => cameraId).filter((id) => !named.has(id)), at);
  };
  return (event) => {
    tellOf(event.of, new Set(event.cameraIds), event.at); // those that are named wait for no search
    if (event.place !== null) tellSeeing(event, event.place).catch((error: unknown) => log.error({ ...event.of, error: (error as Error).message }, "cameras could not be told of an event"));
  };
}
