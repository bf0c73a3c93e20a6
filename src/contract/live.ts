// The live link of a console: `GET /api/v1/live`, WebSocket, JSON texts. The server sends a snapshot, then each change in order.
// A console that was away says the last sequence it saw and gets what it missed, or a fresh snapshot where that is too far back.
import { z } from "zod";
import { Id, Point, WallTime } from "./basics.ts";
import { CameraEvent } from "./camera-events.ts";
import { CAMERA_STATES } from "./cameras.ts";
import { Recorder } from "./recorders.ts";
import { Assignment, AssignmentState, Board, CONTACT_SOURCES, Closure, Contact, HandOver, Incident, TimelineEntry, UNIT_KINDS, Unit } from "./dispatch.ts";

export const LiveFromClient = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), after: z.int().nonnegative().nullable() }),
  z.object({ type: z.literal("ping"), sentAt: z.number() }),
]);
export type LiveFromClient = z.infer<typeof LiveFromClient>;

/** [unitId, lon, lat, headingDeg or -1, speedMps, ageMs] */
export const PositionRow = z.tuple([Id, z.number(), z.number(), z.number(), z.number(), z.number()]);
export const ServerStatus = z.object({
  at: WallTime, logLag: z.int(), recorders: z.array(Recorder),
});

/** `sequence` is the event log's; entities come whole, as they are after it. */
export const LiveFromServer = z.discriminatedUnion("type", [
  z.object({ type: z.literal("snapshot"), sequence: z.int(), at: WallTime, contacts: z.array(Contact), incidents: z.array(Incident), units: z.array(Unit), assignments: z.array(Assignment), closures: z.array(Closure), handOvers: z.array(HandOver) }),
  z.object({ type: z.literal("change"), sequence: z.int(), at: WallTime, contacts: z.array(Contact), incidents: z.array(Incident), units: z.array(Unit), assignments: z.array(Assignment), closures: z.array(Closure), handOvers: z.array(HandOver), timeline: z.array(TimelineEntry) }),
  z.object({ type: z.literal("positions"), at: WallTime, rows: z.array(PositionRow) }),
  z.object({ type: z.literal("board"), board: Board }),
  z.object({ type: z.literal("status"), status: ServerStatus }),
  /** Cameras whose state changed, at most once a second; `more`: others changed as well, read the register again. */
  z.object({ type: z.literal("cameras"), at: WallTime, states: z.array(z.tuple([Id, z.enum(CAMERA_STATES)])), more: z.boolean() }),
  /** Problems of cameras and recorders that began, ended or were acknowledged, at most once a second; and how many last. Also at the start, without events. */
  z.object({ type: z.literal("camera-events"), at: WallTime, events: z.array(CameraEvent), more: z.boolean(), open: z.int(), unacknowledged: z.int() }),
  z.object({ type: z.literal("pong"), sentAt: z.number(), at: WallTime }),
]);
export type LiveFromServer = z.infer<typeof LiveFromServer>;

export const PositionReport = z.object({
  fixes: z.array(z.object({ unitId: Id, lon: z.number().min(-180).max(180), lat: z.number().min(-90).max(90), headingDeg: z.number().nullable(), speedMps: z.number().nonnegative().nullable(), at: WallTime })).min(1).max(2_000),
});

/** Where the unit of the account is. The unit is not named: it can only be one's own. `ageMs`: how old the fix is, by the phone's own clock. */
export const OwnPosition = z.object({
  lon: z.number().min(-180).max(180), lat: z.number().min(-90).max(90), headingDeg: z.number().min(0).max(360).nullable(), speedMps: z.number().nonnegative().nullable(), ageMs: z.number().min(0).max(600_000),
});
export type OwnPosition = z.infer<typeof OwnPosition>;

/** Close codes of the link: come back and say the last sequence; log in again; this account may not listen. */
export const LIVE_CLOSE = { tooSlow: 4008, loggedOut: 4401, badMessage: 4400 } as const;

export type PositionReport = z.infer<typeof PositionReport>;

/** What the caller of one contact gave: the number to call back, and the words as the switch or the sender wrote them, never edited. */
export const Caller = z.object({ contactId: Id, source: z.enum(CONTACT_SOURCES), receivedAt: WallTime, number: z.string().nullable(), words: z.string().nullable() });
export type Caller = z.infer<typeof Caller>;

/** What the phone of one unit shows. */
export const FIELD_ENDS = ["recalled", "pre-empted", "lost", "cleared", "declined", "incident-closed", "incident-cancelled"] as const;
export const FieldView = z.object({
  unit: Unit, assignment: Assignment.nullable(), incident: Incident.nullable(), next: z.array(z.string()), at: WallTime,
  stateSince: WallTime, // the unit is available or not, as it says, and without a job, since then: its word, or the end of its last job where that was later
  callers: z.array(Caller), // of the incident's contacts, the first one first; empty without a job
  /** Who comes to the unit's own emergency; null: it has called none. `secondsAtAssign`: by road when it was sent, at `sentAt`. */
  help: z.array(z.object({ callSign: z.string(), kind: z.enum(UNIT_KINDS), state: AssignmentState, point: Point.nullable(), place: Point, secondsAtAssign: z.number().nullable(), sentAt: WallTime.nullable() })).nullable(),
  /** Who else goes to the same incident or is there. `point`: where the unit is, where its last fix is fresh. */
  others: z.array(z.object({ callSign: z.string(), kind: z.enum(UNIT_KINDS), state: AssignmentState, point: Point.nullable() })),
  /** The unit's last job, where somebody else ended it in the last minutes: how, and in whose words. */
  lastEnded: z.object({ assignmentId: Id, incidentNumber: z.int(), state: z.enum(FIELD_ENDS), words: z.string().nullable(), at: WallTime }).nullable(),
});
export type FieldView = z.infer<typeof FieldView>;

/** The way by road to the own job, from where the unit is, or from its post where nobody knows. `road` null: no way by road. The whole null: no job. */
export const FieldWay = z.object({
  assignmentId: Id, from: Point, start: z.enum(["position", "post"]), to: Point, road: z.object({ seconds: z.number(), metres: z.number(), path: z.array(Point) }).nullable(),
}).nullable();
export type FieldWay = z.infer<typeof FieldWay>;

/** Cameras with a stream that see the place of the own job, the best first; empty without a job. */
export const FieldCameras = z.object({ assignmentId: Id.nullable(), cameras: z.array(z.object({ cameraId: Id, code: z.string(), name: z.string(), distanceM: z.number() })) });
export type FieldCameras = z.infer<typeof FieldCameras>;
