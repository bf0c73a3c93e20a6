// An alarm is an event for the cameras that it or its registered point names and those that see its place, at once, before anybody has made an incident of it ([CAM17] in video/SPEC.md). It is told once for its contact. The contact is
// committed before: where the centre ended in between, or the commit's answer was lost, it is told at the next start, or when its gateway sends it again, as long as it is not long past.
import type { Clock, WallMs } from "../../base/time.ts";
import { ALARM_SOURCES } from "../../contract/contact-ways.ts";
import type { Point } from "../../geo/point.ts";
import type { AlarmRecordingPort, EventRecordingPort } from "../ports.ts";
import { EVENT_KEPT_MS } from "./event-recording.ts";

interface Contact {
  readonly id: number;
  readonly source: string;
  readonly receivedAt: WallMs;
  readonly callerPoint: Point | null;
  readonly callerUncertaintyM: number | null;
  readonly signal: { readonly cameraIds: readonly number[] } | null;
}

export interface AlarmRecordingOptions {
  readonly dispatch: { state(): { readonly contacts: readonly Contact[] }; findContact(id: number): Contact | null };
  readonly record: EventRecordingPort;
  readonly clock: Pick<Clock, "wallMs">;
}

/** Where a device tells its place and not how good it is. */
const ALARM_UNCERTAINTY_M = 30;
/** Remembered to have been told: more than come within the time in which they would be told again. */
const MOST_REMEMBERED = 10_000;
const SOURCES: ReadonlySet<string> = new Set(ALARM_SOURCES);

export function startAlarmRecording({ dispatch, record, clock }: AlarmRecordingOptions): AlarmRecordingPort {
  const told = new Set<number>();
  const tell = ({ id, callerPoint, callerUncertaintyM, signal }: Contact, at: WallMs): void => {
    if (told.has(id)) return;
    told.add(id);
    if (told.size > MOST_REMEMBERED) told.delete(told.values().next().value!);
    record({ of: { contact: id }, cameraIds: signal?.cameraIds ?? [], place: callerPoint === null ? null : { point: callerPoint, uncertaintyM: callerUncertaintyM ?? ALARM_UNCERTAINTY_M }, at });
  };
  const tellRecent = (contact: Contact): void => {
    if (clock.wallMs() - contact.receivedAt < EVENT_KEPT_MS) tell(contact, contact.receivedAt);
  };
  for (const contact of dispatch.state().contacts) if (SOURCES.has(contact.source)) tellRecent(contact);
  return (contactId, repeated) => {
    const contact = dispatch.findContact(contactId);
    if (contact === null) return;
    if (repeated) tellRecent(contact);
    else tell(contact, clock.wallMs());
  };
}
