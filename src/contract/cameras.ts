// Cameras: the register, the reasoned view, and which of them see a place. No message here can say who is in a picture.
import { z } from "zod";
import { EXPECTATIONS } from "../base/expectations.ts";
import { LONGEST_HOURS_TEXT } from "../base/weekly-hours.ts";
import { Fault, Id, Point, Reason, WallTime, text } from "./basics.ts";

/** Angles: bearing clockwise from north, tilt below the horizon; both in degrees, like the fields of view. */
export const Pose = z.object({
  point: Point, mountHeightM: z.number().min(0).max(200), bearingDeg: z.number().min(0).lt(360), tiltDeg: z.number().min(-90).max(90),
  horizontalFovDeg: z.number().gt(0).max(360), verticalFovDeg: z.number().gt(0).max(180), rangeM: z.number().gt(0).max(5_000),
});
export type Pose = z.infer<typeof Pose>;

/** What is taken where nothing is given, by the form, a list in CSV and the command line alike. */
export const POSE_DEFAULTS = { mountHeightM: 6, tiltDeg: 15, horizontalFovDeg: 70, verticalFovDeg: 40, rangeM: 80 } as const;

export const CAMERA_KINDS = ["fixed", "ptz", "dome", "multi-sensor"] as const;
/** What it sees at night: not known; nothing; what lamps light (an indoor room too); all in its range, by its own infrared or by warmth. */
export const NIGHT_VIEWS = ["unknown", "none", "low-light", "infrared"] as const;
export const CAMERA_STATES = ["connected", "connecting", "failing", "idle", "no-address"] as const;
/**
 * continuous: joined and recorded always; scheduled: in the hours of its `schedule`, and while somebody watches; on-event: joined always, recorded from `preRollS` before an event
 * to `postRollS` after it; on-demand: joined and recorded while somebody watches.
 */
export const RECORDING_MODES = ["continuous", "scheduled", "on-event", "on-demand"] as const;
/** How packets come: within the RTSP connection, by UDP, or by UDP only where the camera refuses the first. */
export const TRANSPORTS = ["tcp", "udp", "auto"] as const;
/** The encodings of one picture: the whole one, and a small one for walls and slow links. */
export const STREAMS = ["main", "sub"] as const;
export type Stream = (typeof STREAMS)[number];

/** How a camera is joined and what of it is kept, where nothing is said: by the form, a list in CSV and the command line alike. */
export const JOINING_DEFAULTS = {
  subAddress: null, transport: "auto", certificateSha256: null, soundPurpose: null, metadataPurpose: null, recording: "continuous", schedule: null, preRollS: 10, postRollS: 60, keyFrameIntervalS: null,
  retentionDays: 30, leastDays: null, mostGigabytes: null,
} as const;
export const MOST_PRE_ROLL_S = 30;

/** The last look at a recorded key frame, where ffmpeg is present: grey values and sharpness of a small picture, kept as figures only. */
export const PICTURE_STATES = ["good", "black", "blurred", "frozen"] as const;
export const PictureCheck = z.object({
  at: WallTime, state: z.enum(PICTURE_STATES), luma: z.number(), // mean grey, 0 to 255
  sharpness: z.number(), usualSharpness: z.number().nullable(), // variance of the Laplacian; what this camera has in most of its pictures
  sameSince: WallTime.nullable(), // the picture has not changed by a single grey value since
});
export type PictureCheck = z.infer<typeof PictureCheck>;

/** What is measured of a stream that runs, without decoding ([HLT1] in video/SPEC.md). Null: not known yet, or not told by this camera. */
export const StreamFigures = z.object({
  keyIntervalMs: z.number().nullable(), // the middle one of the last 9
  keyIntervalSetMs: z.number().nullable(), // as entered in the register
  clockOffsetMs: z.number().nullable(), // camera's clock less ours, by its sender reports
  lossShare: z.number().min(0).max(1).nullable(), // packets of the last minute that did not come
  stillMs: z.number().nonnegative(), // how long the pictures have had next to nothing in them, by their sizes
  reconnectsHour: z.int().nonnegative(), reconnectsDay: z.int().nonnegative(),
  faults: z.record(z.string(), z.int()), // of this session, by kind
  dropped: z.object({ sound: z.int().nonnegative(), metadata: z.int().nonnegative() }), // units and documents of the last minute that the recorder's disk was too slow for
  picture: PictureCheck.nullable(), pictureChecks: z.enum(["on", "no-ffmpeg"]),
});
export type StreamFigures = z.infer<typeof StreamFigures>;

export const CameraHealth = z.object({
  state: z.enum(CAMERA_STATES), since: WallTime.nullable(), problem: Reason.nullable(), lastFrameAt: WallTime.nullable(),
  codec: z.string().nullable(), width: z.int().nullable(), height: z.int().nullable(), bitsPerSecond: z.number().nullable(), framesPerSecond: z.number().nullable(),
  reconnects: z.int().nonnegative(), recorded: z.object({ since: WallTime, bytes: z.number() }).nullable(),
  figures: StreamFigures.nullable().default(null), // null: of no recorder's word
});
export type CameraHealth = z.infer<typeof CameraHealth>;

export const Camera = z.object({
  id: Id, code: z.string(), name: z.string(), kind: z.enum(CAMERA_KINDS), place: z.string(), district: z.string().nullable(),
  pose: Pose, imageWidthPx: z.int().positive(), nightView: z.enum(NIGHT_VIEWS), purpose: z.string(), owner: z.string(),
  address: z.string().nullable(), // rtsp URL without credentials; null where the camera has no stream (its state says so), and to those who may not change cameras
  subAddress: z.string().nullable(), // of the small stream, joined with the same name and password; shown as `address` is
  streams: z.array(z.enum(STREAMS)), // what can be watched
  transport: z.enum(TRANSPORTS),
  certificateSha256: z.string().nullable(), // of an rtsps camera's own certificate, pinned; null: one of an authority is asked for
  soundPurpose: z.string().nullable(), // why its sound is recorded too; null: it is not asked for
  metadataPurpose: z.string().nullable(), // why its ONVIF metadata is kept too, as bytes that nothing here reads; null: it is not asked for
  recording: z.enum(RECORDING_MODES), schedule: z.string().nullable(), // weekly hours by the city's clocks (base/weekly-hours.ts)
  preRollS: z.number(), postRollS: z.number(),
  keyFrameIntervalS: z.number().nullable(), // as set in the camera, for its health
  retentionDays: z.number().positive(), leastDays: z.number().nullable(), // kept so long even where the disk is short of room
  mostGigabytes: z.number().nullable(), // 10^9 bytes; the oldest beyond go before their time
  recorderId: Id, // who records it now; what was recorded before it was moved is with others
  health: CameraHealth,
});
export type Camera = z.infer<typeof Camera>;
/** A camera as it was entered: all but how it is just now, and where it is recorded. */
export type CameraEntry = Omit<Camera, "health" | "streams" | "recorderId">;

const RtspAddress = z.string().max(500).regex(/^rtsps?:\/\//, EXPECTATIONS["rtsp-scheme"]);
/** As browsers and openssl show it, or bare; kept as 64 lower-case digits. */
const Fingerprint = z.string().max(120).transform((value) => value.trim().replace(/^sha-?256(?: fingerprint)?\s*[=:]\s*/i, "").replace(/[:\s]/g, "").toLowerCase()).pipe(z.string().regex(/^[0-9a-f]{64}$/, EXPECTATIONS.fingerprint));
const PARTICULARS = {
  subAddress: RtspAddress.nullable(), transport: z.enum(TRANSPORTS), certificateSha256: Fingerprint.nullable(), soundPurpose: text(200).nullable(), metadataPurpose: text(200).nullable(),
  recording: z.enum(RECORDING_MODES), schedule: text(LONGEST_HOURS_TEXT).nullable(), preRollS: z.number().min(0).max(MOST_PRE_ROLL_S), postRollS: z.number().min(1).max(3_600),
  keyFrameIntervalS: z.number().positive().max(600).nullable(), retentionDays: z.number().positive().max(3650), leastDays: z.number().positive().max(3650).nullable(), mostGigabytes: z.number().positive().max(1_000_000).nullable(),
} as const;

export const NewCamera = z.object({
  code: z.string().trim().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, EXPECTATIONS["camera-code"]).optional(), // made by the server where absent
  name: text(120), kind: z.enum(CAMERA_KINDS).default("fixed"), place: text(200).optional(), pose: Pose, imageWidthPx: z.int().min(16).max(20_000).default(1920), nightView: z.enum(NIGHT_VIEWS).default("unknown"),
  purpose: text(200), owner: text(120).default("City"),
  address: RtspAddress.nullable(), // a name and password in it are split off and sealed
  userName: z.string().max(120).nullable().default(null), password: z.string().max(200).nullable().default(null), // kept apart, sealed, never given back
  subAddress: PARTICULARS.subAddress.default(JOINING_DEFAULTS.subAddress), // at the same host and port
  transport: PARTICULARS.transport.default(JOINING_DEFAULTS.transport), certificateSha256: PARTICULARS.certificateSha256.default(JOINING_DEFAULTS.certificateSha256),
  soundPurpose: PARTICULARS.soundPurpose.default(JOINING_DEFAULTS.soundPurpose), metadataPurpose: PARTICULARS.metadataPurpose.default(JOINING_DEFAULTS.metadataPurpose), recording: PARTICULARS.recording.default(JOINING_DEFAULTS.recording), schedule: PARTICULARS.schedule.default(JOINING_DEFAULTS.schedule),
  preRollS: PARTICULARS.preRollS.default(JOINING_DEFAULTS.preRollS), postRollS: PARTICULARS.postRollS.default(JOINING_DEFAULTS.postRollS), keyFrameIntervalS: PARTICULARS.keyFrameIntervalS.default(JOINING_DEFAULTS.keyFrameIntervalS),
  retentionDays: PARTICULARS.retentionDays.default(JOINING_DEFAULTS.retentionDays), leastDays: PARTICULARS.leastDays.default(JOINING_DEFAULTS.leastDays), mostGigabytes: PARTICULARS.mostGigabytes.default(JOINING_DEFAULTS.mostGigabytes),
  recorderId: Id.nullable().default(null), // null: the recorder that has least to do
});
export type NewCamera = z.infer<typeof NewCamera>;
/** Only what is named changes. Written out: `partial()` of a schema with defaults would put the defaults in. */
export const ChangeCamera = z.object({
  name: text(120).optional(), kind: z.enum(CAMERA_KINDS).optional(), place: text(200).optional(), pose: Pose.optional(), imageWidthPx: z.int().min(16).max(20_000).optional(), nightView: z.enum(NIGHT_VIEWS).optional(),
  purpose: text(200).optional(), owner: text(120).optional(), address: NewCamera.shape.address.optional(),
  userName: z.string().max(120).nullable().optional(), password: z.string().max(200).nullable().optional(),
  ...z.object(PARTICULARS).partial().shape,
});
export type ChangeCamera = z.infer<typeof ChangeCamera>;
/** To another recorder: from then on that one joins and records it. What was recorded stays where it is, and is looked at as before. */
export const MoveCamera = z.object({ recorderId: Id, words: text(500) });
/** A stored name and password do not follow an address to another host or port (camera-endpoint.ts): true where they were dropped for that. */
export const CameraChanged = Camera.extend({ credentialDropped: z.boolean() });
export type CameraChanged = z.infer<typeof CameraChanged>;

/** What the trial connection found: made before a camera is added, so that a wrong password is told at once. */
export const CameraProbe = z.object({
  address: z.string().max(500), userName: z.string().max(120).nullable().default(null), password: z.string().max(200).nullable().default(null),
  transport: PARTICULARS.transport.default(JOINING_DEFAULTS.transport), certificateSha256: PARTICULARS.certificateSha256.default(JOINING_DEFAULTS.certificateSha256),
});
export const CAMERA_PROBLEMS = ["bad-address", "unresolved", "refused", "timeout", "credentials-missing", "unauthorized", "not-found", "not-rtsp", "no-video", "unsupported-codec", "malformed", "closed", "untrusted"] as const;
export const CameraProbeResult = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), codec: z.string(), width: z.int().nullable(), height: z.int().nullable(), tracks: z.array(z.string()), server: z.string().nullable(), transport: z.enum(["tcp", "udp"]), tookMs: z.number() }),
  z.object({
    ok: z.literal(false), problem: z.enum(CAMERA_PROBLEMS), message: z.string(), // English, for logs and the command line
    fault: Fault.nullable().default(null), // what of the address is wrong, where it never came to a connection
    certificateSha256: z.string().nullable().default(null), // of the certificate that was shown and not trusted: whoever knows it for the camera's own may pin it
  }),
]);
export type CameraProbeResult = z.infer<typeof CameraProbeResult>;

/** Something happened that a camera which records on events should keep; `words` say what, for the audit entry. */
export const NewRecordingEvent = z.object({ words: text(200) });
/** What is recorded for it; events that follow make it longer. */
/** `timeZone`: IANA name of the city's, for who tells people the time and knows no city. */
export const RecordingEventNoted = z.object({ cameraId: Id, at: WallTime, recordedUntil: WallTime, timeZone: z.string() });

export const CameraQuery = z.object({
  q: z.string().trim().max(120).optional(), state: z.enum(CAMERA_STATES).optional(), near: z.string().regex(/^-?\d+(\.\d+)?,-?\d+(\.\d+)?$/, EXPECTATIONS["lon-lat"]).optional(),
  after: z.coerce.number().int().nonnegative().default(0), limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const CameraPage = z.object({ cameras: z.array(Camera), next: z.int().nullable(), total: z.int() });

/** A camera that left the register: its recordings stay until their time, and are found by its id. Newest first. */
export const RemovedCamera = z.object({ id: Id, code: z.string(), name: z.string(), place: z.string(), removedAt: WallTime });
export type RemovedCamera = z.infer<typeof RemovedCamera>;
export const RemovedCameraQuery = z.object({ q: z.string().trim().max(120).optional(), limit: z.coerce.number().int().min(1).max(500).default(200) });
export const RemovedCameraPage = z.object({ cameras: z.array(RemovedCamera), total: z.int() });

/** Columns of a camera list in CSV (RFC 4180, first row names them, any order). Without the others: name, lat, lon, bearing, purpose. */
export const CAMERA_CSV_COLUMNS = [
  "code", "name", "kind", "place", "lat", "lon", "height_m", "bearing", "tilt", "hfov", "vfov", "range_m", "width_px", "night_view", "purpose", "owner",
  "address", "sub_address", "user", "password", "transport", "certificate", "sound_purpose", "metadata_purpose", "recording", "schedule", "pre_roll_s", "post_roll_s", "key_frame_interval_s", "retention_days", "least_days", "most_gigabytes", "recorder",
] as const;
/** `check`: only say what would become of each row, and add none. */
export const CameraImportQuery = z.object({ check: z.enum(["true", "false"]).default("false") });
/** What became of a camera list: rows that could not be taken are told, the rest went in. */
export const CameraImportResult = z.object({
  added: z.int(), rejectedTotal: z.int(), // rows; in a check `added` counts those that would go in
  rejected: z.array(Fault.extend({ line: z.int() })), // every fault of every row, the first ten thousand
  rejectedLines: z.array(z.int()), // of every row that could not be taken, also where its faults are not told any more
  notices: z.array(Fault), // columns of the first row that are passed over
});

/** A camera that sees a place, and why it is believed to. */
export const SeeingCamera = z.object({
  cameraId: Id, code: z.string(), name: z.string(), distanceM: z.number(), pixelsPerMetre: z.number(), bearingDeg: z.number(),
  state: z.enum(CAMERA_STATES), hasStream: z.boolean(), records: z.boolean(), recordedSince: WallTime.nullable(), reason: Reason, // "sees-the-spot" with distanceM, pixelsPerMetre; of an uncertain place "sees-middle", the same, and "sees-part", with offM beside: from its middle to what is seen
  light: Reason.nullable(), // by night how it sees ("night-infrared", "night-low-light", "night-unknown": the register does not say), by day "against-the-sun"; null: nothing to say
  doubt: Reason.nullable(), // what is wrong with a picture that may still show something ("blurred", "recorder-away"); null: nothing that is known
  poseToldAt: WallTime.nullable(), // when it was told where it looks; null: as it was entered, as far as is known
  cone: z.array(Point), // polygon of what it sees, for the map
});
export type SeeingCamera = z.infer<typeof SeeingCamera>;
/** Where a camera that turns looks just now, as who turns it tells; `asEntered`: as the register says. */
export const CameraTurn = z.union([
  z.object({ bearingDeg: z.number().min(0).max(360), tiltDeg: z.number().min(-90).max(90), horizontalFovDeg: z.number().min(1).max(360) }), z.object({ asEntered: z.literal(true) }),
]);
export const SeeingQuery = z.object({
  lon: z.coerce.number().min(-180).max(180), lat: z.coerce.number().min(-90).max(90), uncertaintyM: z.coerce.number().min(0).max(100_000).default(0), // the radius within which the place truly is
  limit: z.coerce.number().int().min(1).max(24).default(6),
});
export const SeeingAnswer = z.object({
  cameras: z.array(SeeingCamera), examined: z.int(),
  dark: z.boolean(), // the sun is more than 6 degrees below the horizon of the place
  couldTurn: z.array(SeeingCamera.omit({ cone: true })), // do not see it now and would if they were turned: "could-turn" with distanceM, pixelsPerMetre, turnDeg
  /** Cameras near the place that do not see it, and why not: facing-away, out-of-range, above-or-below-view, behind-building, too-few-pixels, looks-elsewhere-now (it was turned away), not-healthy, frozen, black, nothing-at-night. */
  notSeeing: z.array(z.object({ cameraId: Id, code: z.string(), reason: Reason })),
});
export type SeeingAnswer = z.infer<typeof SeeingAnswer>;

/** `call`: a contact that is no incident yet; `report`: an incident that is being made without a contact. */
export const PURPOSES = ["incident", "call", "report", "patrol", "traffic", "event-safety", "camera-maintenance", "investigation", "training"] as const;
/** Every look needs its why: an incident, a call, or a purpose with words. */
export const ViewReason = z.discriminatedUnion("purpose", [
  z.object({ purpose: z.literal("incident"), incidentId: Id }),
  z.object({ purpose: z.literal("call"), contactId: Id }),
  z.object({ purpose: z.enum(PURPOSES).exclude(["incident", "call"]), words: text(200) }),
]);
export type ViewReason = z.infer<typeof ViewReason>;
/** `download`: what was recorded in the range as a file; for those who may take it away. */
export const VIEW_MODES = ["live", "playback", "download"] as const;
export type ViewMode = (typeof VIEW_MODES)[number];
export const OpenViews = z.object({
  cameraIds: z.array(Id).min(1).max(25), reason: ViewReason,
  mode: z.enum(VIEW_MODES), from: WallTime.nullable().default(null), to: WallTime.nullable().default(null),
  sound: z.boolean().default(false), // to hear it too; only where the camera's register has a purpose for its sound
});
/** `token` goes to the recorder in a message or an Authorization header, never in a URL. */
export const View = z.object({
  viewId: Id, cameraId: Id, mode: z.enum(VIEW_MODES), recorderUrl: z.string(), token: z.string(), expiresAt: WallTime,
  from: WallTime.nullable(), to: WallTime.nullable(), // what of the asked range this recorder has, and this token opens; null: live
  /** Of a camera that was moved: who recorded it when, in order of time (`to` null: since then; a recorder that never said where it is: null). The same token reads the timeline of each. Empty: all of it is with this one. */
  recorders: z.array(z.object({ recorderUrl: z.string().nullable(), from: WallTime, to: WallTime.nullable() })),
});
export type View = z.infer<typeof View>;
/** Of the past a view for each recorder that has a part of the range, in order of time: one, of a camera that never was moved. */
export const OpenViewsResult = z.object({ views: z.array(View), refused: z.array(z.object({ cameraId: Id, reason: Reason })) });

/** `export`: what was recorded in the range left in an evidence package. */
export const LOOK_MODES = [...VIEW_MODES, "export"] as const;
export type LookMode = (typeof LOOK_MODES)[number];
/** Wall times, in order and apart. */
export const ServedRanges = z.array(z.object({ from: WallTime, to: WallTime })).max(100);
export type ServedRanges = z.infer<typeof ServedRanges>;
/** A20-style record of one look; written before the first byte leaves. */
export const AccessRecord = z.object({
  id: Id, at: WallTime, accountId: Id, accountName: z.string(), cameraId: Id, cameraCode: z.string(), mode: z.enum(LOOK_MODES),
  cameraName: z.string(), cameraPlace: z.string(), // as the register has them now; the code is that of the look
  from: WallTime.nullable(), to: WallTime.nullable(), purpose: z.string(), incidentId: Id.nullable(), contactId: Id.nullable(), words: z.string().nullable(), endedAt: WallTime.nullable(),
  sound: z.boolean(), // it was opened to hear the camera too
  metadata: z.boolean(), // of an export: its ONVIF metadata may be in it
  renewedAt: WallTime.nullable(), // the last time that the same look was given a fresh token
  served: ServedRanges.nullable(), // what of the past went out to it, so far as its recorder has told; null: nothing told
  openUntil: WallTime, // its last token opens nothing after that, and a download that has begun is cut then: the end, where nobody told one
  /** What it was for, or what its call became, in short: for those who may not read incidents. */
  incident: z.object({ id: Id, number: z.int(), type: z.string(), place: z.string() }).nullable(),
});
export type AccessRecord = z.infer<typeof AccessRecord>;
