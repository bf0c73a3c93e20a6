// What is wrong with cameras, as events with a start and an end ([HLT] rules in video/SPEC.md). They are facts of devices: no event can say what a picture
// shows, only that it shows nothing, or always the same.
import { z } from "zod";
import { Actor, Id, Reason, WallTime, text } from "./basics.ts";

/** `recorder-away` is of a recorder: its cameras are not heard of meanwhile, and have no events of their own for that. */
export const CAMERA_EVENT_KINDS = [
  "offline", "no-pictures", "key-interval", "bit-rate", "frame-rate", "clock", "loss", "reconnecting", "frozen", "black", "blurred", "sound-dropped", "recorder-away",
] as const;
export type CameraEventKind = (typeof CAMERA_EVENT_KINDS)[number];

export const CameraEvent = z.object({
  id: Id, kind: z.enum(CAMERA_EVENT_KINDS), recorderId: Id,
  camera: z.object({ id: Id, code: z.string(), name: z.string(), place: z.string() }).nullable(), // null: of the recorder as a whole
  startedAt: WallTime, endedAt: WallTime.nullable(), // null: lasts
  reason: Reason, // figures at the start: what was measured and what was expected, by kind
  acknowledged: z.object({ at: WallTime, by: Actor, words: z.string() }).nullable(), // somebody knows of it and says what is done
});
export type CameraEvent = z.infer<typeof CameraEvent>;

export const CameraEventQuery = z.object({
  state: z.enum(["open", "ended"]).optional(), cameraId: z.coerce.number().int().positive().optional(), kind: z.enum(CAMERA_EVENT_KINDS).optional(),
  from: z.coerce.number().pipe(WallTime).optional(), to: z.coerce.number().pipe(WallTime).optional(), // that touch this range
  before: z.coerce.number().int().positive().optional(), limit: z.coerce.number().int().min(1).max(500).default(100), // newest first; `next` of a page is the next `before`
});
export type CameraEventQuery = z.infer<typeof CameraEventQuery>;
export const CameraEventPage = z.object({ events: z.array(CameraEvent), next: z.int().nullable(), open: z.int(), unacknowledged: z.int() }); // the last two: of all that last, whatever was asked
export const AcknowledgeCameraEvent = z.object({ words: text(200) });
