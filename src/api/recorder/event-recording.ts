// Tells recorders that something happened: the cameras that are named and those that see the place. Which of them record on events, and what these keep, their recorder knows. Nobody waits for it: the command that it
// comes from is done already. What happened within the last minute is told again to a recorder whose link begins: it may not have been linked, or the word was lost with the link before. Told twice, an event only lasts the longer.
import { MINUTE_MS, type Clock, type MonotonicMs, type WallMs } from "../../base/time.ts";
import type { LinkFromCentre } from "../../contract/recorder-link.ts";
import type { EventPlace, EventRecordingPort, LogPort, RecordedEvent, SeeingPort } from "../ports.ts";

type Word = Extract<LinkFromCentre, { type: "recording-event" }>;

export interface EventRecordingOptions {
  readonly seeing: SeeingPort;
  readonly findRecorder: (cameraId: number) => number | null;
  /** False where that recorder is not linked. */
  readonly tell: (recorderId: number, message: Word) => boolean;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly log: LogPort;
}
export interface EventRecording {
  readonly record: EventRecordingPort;
  /** To be called when a recorder's link has begun. */
  readonly tellAgain: (recorderId: number) => void;
}

const MOST_CAMERAS = 24;
/** A pre-roll (30 s at most) and a post-roll (a minute as a rule) reach so far; of what is older the recorder would keep what nobody asked for. */
export const EVENT_KEPT_MS = MINUTE_MS;
/** Of all recorders: a flood of alarms is no reason to run out of memory. */
const MOST_KEPT = 2_000;

export function createEventRecording({ seeing, findRecorder, tell, clock, log }: EventRecordingOptions): EventRecording {
  let recent: { readonly recorderId: number; readonly heardAt: MonotonicMs; readonly word: Word }[] = [];
  const keep = (recorderId: number, word: Word): void => {
    const now = clock.monotonicMs();
    recent = recent.filter(({ heardAt }) => now - heardAt < EVENT_KEPT_MS).slice(1 - MOST_KEPT);
    recent.push({ recorderId, heardAt: now, word });
  };
  const tellOf = (of: RecordedEvent["of"], cameras: Iterable<number>, at: WallMs): void => {
    const byRecorder = new Map<number, number[]>();
    for (const cameraId of cameras) {
      const recorderId = findRecorder(cameraId);
      if (recorderId !== null) byRecorder.set(recorderId, [...(byRecorder.get(recorderId) ?? []), cameraId]);
    }
    for (const [recorderId, cameraIds] of byRecorder) {
      const word: Word = { type: "recording-event", cameraIds, at: Math.round(at) };
      keep(recorderId, word);
      if (!tell(recorderId, word)) log.warn({ ...of, recorder: recorderId, cameras: cameraIds }, "cameras that record on events could not be told of an event: their recorder is not linked; it is told when it is back within a minute");
    }
  };
  const tellSeeing = async ({ of, cameraIds, at }: RecordedEvent, { point, uncertaintyM }: EventPlace): Promise<void> => {
    const { cameras } = await seeing({ ...point, uncertaintyM, limit: MOST_CAMERAS });
    const named = new Set(cameraIds);
    tellOf(of, cameras.map(({ cameraId }) => cameraId).filter((id) => !named.has(id)), at);
  };
  return {
    record: (event) => {
      tellOf(event.of, new Set(event.cameraIds), event.at); // those that are named wait for no search
      if (event.place !== null) tellSeeing(event, event.place).catch((error: unknown) => log.error({ ...event.of, error: (error as Error).message }, "cameras could not be told of an event"));
    },
    tellAgain: (recorderId) => {
      const now = clock.monotonicMs();
      for (const { recorderId: of, heardAt, word } of recent) if (of === recorderId && now - heardAt < EVENT_KEPT_MS) tell(recorderId, word);
    },
  };
}
