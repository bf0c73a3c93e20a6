// Contacts by other ways than a person's voice to us: what a telephone switch tells of its calls, messages, alarms. Each has an id of its own system, by which the
// same report may be sent again; each becomes a contact, which is never lost, and never by itself an incident.
import { z } from "zod";
import { Actor, Id, Point, WallTime, text } from "./basics.ts";
import { CONTACT_STATES, Priority } from "./dispatch.ts";

/** The outside system's own id of the call, message or alarm: sent again it changes nothing, with another content it is refused. */
const OwnId = z.string().trim().regex(/^[\w.:@/-]{1,64}$/).describe("Idempotency key, made by the outside system: the same report with the same id again changes nothing; with another content it is refused");
const Uncertainty = z.number().min(0).max(100_000);
const place = { point: Point.nullable().default(null), uncertaintyM: Uncertainty.nullable().default(null) };
const Words = z.string().trim().max(2_000).nullable().default(null);

/**
 * What a switch tells of one call. answered-elsewhere: somebody took it who does not work with Citywatch; transferred: it was given away to another centre. Both end
 * a contact that nobody here has taken. `at` is the switch's clock.
 */
export const CallReport = z.discriminatedUnion("event", [
  z.object({ event: z.literal("ring"), callId: OwnId, at: WallTime.optional(), number: z.string().trim().max(40).nullable().default(null), ...place, words: Words, from: z.string().trim().max(80).nullable().default(null) }),
  z.object({ event: z.literal("answered-elsewhere"), callId: OwnId, to: z.string().trim().max(80).nullable().default(null) }),
  z.object({ event: z.literal("transferred"), callId: OwnId, to: z.string().trim().max(80).nullable().default(null) }),
  z.object({ event: z.literal("hang-up"), callId: OwnId }),
]);
export type CallReport = z.infer<typeof CallReport>;

export const MessageReport = z.object({
  id: OwnId, kind: z.enum(["text", "app"]), sender: z.string().trim().max(40).nullable().default(null), words: text(2_000), at: WallTime.optional(), ...place, priorityHint: Priority.nullable().default(null),
});

export const ALARM_KINDS = ["panic", "duress", "fire", "smoke", "gas", "medical", "intrusion", "glass", "water", "tamper", "technical", "camera", "other"] as const;
export const AlarmKind = z.enum(ALARM_KINDS);
export type AlarmKind = z.infer<typeof AlarmKind>;
export const ALARM_SOURCES = ["alarm", "panic-button", "camera-event"] as const;
/** `point` code: the detector, button or door as it was registered; its site, door, place and cameras go along then. One that nobody registered is taken all the same. */
export const AlarmReport = z.object({
  id: OwnId, source: z.enum(ALARM_SOURCES), kind: AlarmKind, pointCode: z.string().trim().max(60).nullable().default(null), cameraCode: z.string().trim().max(60).nullable().default(null), words: Words,
  at: WallTime.optional(), ...place, priorityHint: Priority.nullable().default(null),
});
export type AlarmReport = z.infer<typeof AlarmReport>;

/** `state` is the contact's as it is now: asking again with the same report tells what became of it. */
export const ReportTaken = z.object({ contactId: Id, state: z.enum(CONTACT_STATES), repeated: z.boolean() });

export const NewAlarmPoint = z.object({
  code: z.string().trim().regex(/^[\w.:/-]{1,60}$/), kind: AlarmKind, siteName: text(120), door: z.string().trim().max(120).default(""), point: Point, uncertaintyM: Uncertainty.default(10),
  cameraIds: z.array(Id).max(12).default([]), priorityHint: Priority.nullable().default(null),
});
export type NewAlarmPoint = z.infer<typeof NewAlarmPoint>;
export const AlarmPoint = NewAlarmPoint.extend({ id: Id, changedAt: WallTime, changedBy: Actor });
export type AlarmPoint = z.infer<typeof AlarmPoint>;
