// The link of a recorder to the centre: `GET /api/v1/recorder-link`, WebSocket, JSON texts, authorised by the recorder's service token in the
// `Authorization` header. The centre says what to join and record; the recorder tells how it goes. A recorder keeps the last list it was given and
// works on without the centre.
import { z } from "zod";
import { CAMERA_PROBLEMS, Camera, CameraHealth, CameraProbeResult, ServedRanges } from "./cameras.ts";
import { Id, WallTime } from "./basics.ts";
import { RecorderDisk } from "./recorders.ts";
import { ExportEnd, ExportOrder } from "./evidence.ts";

export const RecorderCamera = z.object({
  cameraId: Id, code: z.string(), name: z.string(), address: z.string(), userName: z.string().nullable(), password: z.string().nullable(), sound: z.boolean(), metadata: z.boolean(),
  ...Camera.pick({
    subAddress: true, transport: true, certificateSha256: true, recording: true, schedule: true, preRollS: true, postRollS: true, keyFrameIntervalS: true, retentionDays: true,
    leastDays: true, mostGigabytes: true,
  }).shape,
});
export type RecorderCamera = z.infer<typeof RecorderCamera>;

/** What is to be kept of a camera. */
export const RecorderKeeping = z.object(Camera.pick({ retentionDays: true, leastDays: true, mostGigabytes: true }).shape);
export type RecorderKeeping = z.infer<typeof RecorderKeeping>;

/** What must not be deleted: what these cameras recorded from `from` to `to`. */
export const RecorderHold = z.object({ holdId: Id, cameraIds: z.array(Id), from: WallTime, to: WallTime });
export type RecorderHold = z.infer<typeof RecorderHold>;

export const LinkFromCentre = z.discriminatedUnion("type", [
  z.object({ type: z.literal("welcome"), recorderId: Id, publicKey: z.string(), consoleOrigins: z.array(z.string()), timeZone: z.string(), at: WallTime }), // SPKI PEM (Ed25519) that verifies view tokens; the city's zone (IANA name), for weekly hours; `at`: by the centre's clock
  z.object({ type: z.literal("time"), at: WallTime }), // the same, in answer to each `disk`
  z.object({ type: z.literal("cameras"), revision: z.int(), cameras: z.array(RecorderCamera), more: z.boolean() }), // the whole list, in pages
  z.object({ type: z.literal("camera-changed"), revision: z.int(), camera: RecorderCamera }),
  z.object({ type: z.literal("camera-removed"), revision: z.int(), cameraId: Id, keeping: RecorderKeeping.nullable().default(null) }), // `keeping`: of what it recorded here, by the camera's present rules; of its most gigabytes what its present recorder leaves; null: as it was told last
  z.object({ type: z.literal("holds"), revision: z.int(), holds: z.array(RecorderHold), more: z.boolean() }), // all that hold, in pages; `revision` is that of the last change of any
  z.object({ type: z.literal("hold-changed"), revision: z.int(), hold: RecorderHold }),
  z.object({ type: z.literal("hold-released"), revision: z.int(), holdId: Id }),
  z.object({ type: z.literal("view-end-kept"), viewId: Id }), // its end is committed, or was before; until then a recorder tells it again
  z.object({ type: z.literal("view-served-kept"), viewId: Id, served: ServedRanges }), // committed; until then a recorder tells it again
  z.object({ type: z.literal("end-view"), viewId: Id }), // its token opens nothing any more, and what of the past is on its way is cut: the page left, or the account may not look; the end is told back
  z.object({ type: z.literal("recording-event"), cameraIds: z.array(Id), at: WallTime }), // those of them that record on events keep what was before its arrival and comes after it; `at` is of the centre's clock
  z.object({ type: z.literal("probe"), requestId: z.string(), address: z.string(), userName: z.string().nullable(), password: z.string().nullable(), ...Camera.pick({ transport: true, certificateSha256: true }).shape }),
  z.object({ type: z.literal("export-order"), order: ExportOrder }), // answered by export-accepted
  z.object({ type: z.literal("export-signed"), exportId: Id, signature: z.string().nullable() }), // base64 of 64 bytes; null: the manifest is not what was asked for
  z.object({ type: z.literal("export-cancel"), exportId: Id }),
  z.object({ type: z.literal("export-end-kept"), exportId: Id }), // until then a recorder tells the end again
]);
export type LinkFromCentre = z.infer<typeof LinkFromCentre>;

/** UTF-16 units of a manifest in one message. */
export const MOST_MANIFEST_PIECE = 65_536;

export const LinkFromRecorder = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), recorderId: Id, mediaUrl: z.string(), revision: z.int() }),
  z.object({ type: z.literal("health"), at: WallTime, cameras: z.array(z.object({ cameraId: Id, health: CameraHealth })) }), // only those that changed, at most once a second
  z.object({ type: z.literal("view-ended"), viewId: Id, at: WallTime }),
  z.object({ type: z.literal("view-served"), viewId: Id, served: ServedRanges }), // all of the past that went out to this look so far, while that changes
  z.object({ type: z.literal("holds-kept"), revision: z.int() }), // on its disk: from now on nothing of these is deleted
  z.object({ type: z.literal("disk"), at: WallTime, disk: RecorderDisk }), // once a minute, and at once where an alarm is new
  z.object({ type: z.literal("export-accepted"), exportId: Id }), // its token may come from a browser from now on
  z.object({ type: z.literal("export-progress"), exportId: Id, bytes: z.int().nonnegative(), ofBytes: z.int().nonnegative() }), // of the pictures
  // The canonical text of the manifest, in pieces: `at` is how much came before, and 0 begins anew. Answered after the last.
  z.object({ type: z.literal("export-sign"), exportId: Id, at: z.int().nonnegative(), piece: z.string().max(MOST_MANIFEST_PIECE), last: z.boolean() }),
  z.object({ type: z.literal("export-ended"), exportId: Id, at: WallTime, end: ExportEnd }),
  z.object({ type: z.literal("probed"), requestId: z.string(), result: CameraProbeResult }),
]);
export type LinkFromRecorder = z.infer<typeof LinkFromRecorder>;
/** Close codes of the link. After `again` come back and take the whole list; after `replaced` another link of this recorder is in use. */
export const RECORDER_LINK_CLOSE = { again: 4000, badMessage: 4400, replaced: 4409 } as const;
export { CAMERA_PROBLEMS };
