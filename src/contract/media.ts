// What a recorder serves to a browser. Every request carries a view token (a JWT of the centre, bound to account, camera, mode and range) in a
// message or in `Authorization: Bearer`; never in a URL.
//
// Live: WebSocket `/v1/live`, many cameras over one socket. Texts are the messages below; binary messages are
//   byte 0      kind: 0 initialisation segment, 1 fragment that starts with a key frame, 2 other fragment, 3 a unit of sound (a frame of AAC, the bytes of a packet of G.711)
//   bytes 1..2  channel, big endian
//   bytes 3..10 wall time in ms of the first sample, float64 big endian
//   byte 11..   ISO BMFF bytes (ftyp+moov, or moof+mdat); of sound the unit itself
// Live for others' software: WHEP, `POST /v1/cameras/{id}/whep[?stream=sub]` (SDP offer, answered 201 with `Location`; there DELETE ends the view and PATCH with a new token of the same view
//   lets it go on), and HLS, `GET /v1/cameras/{id}/live.m3u8` with the parts that it names.
// Past: `GET /v1/cameras/{id}/timeline?from&to[&segments=true]` (32 days at most, with segments 2), `GET /v1/cameras/{id}/hls.m3u8?from&to` (wall-clock times; parts are byte ranges),
//   `GET /v1/cameras/{id}/segments/{segmentId}.mp4` (HTTP ranges), `GET /v1/cameras/{id}/sound/{segmentId}.sound.mp4` (the sound beside a segment, whole), `GET /v1/cameras/{id}/sound?from&to` (its units, see sound-records.ts), both by a token that was given for sound, `GET /v1/cameras/{id}/recording.mp4?from&to` (one MP4, HTTP ranges),
//   `POST /v1/cameras/{id}/recording.mp4` (the same as a download of the browser's own: form fields token, from, to); these two by a token of mode `download`, the others by one of `playback`,
//   `GET /v1/cameras/{id}/key-frame?at`, `GET /v1/cameras/{id}/key-frames?from&to[&count][&order=backward]` (records of key-frames.ts),
//   `GET /v1/cameras/{id}/activity?from&to&stepMs` (how much moves).
//
// Live, in detail. A channel starts with `waiting` or with `opened` and an initialisation segment, then fragments from a key frame on; a later
// `opened` + initialisation (a reconnection, another picture size) takes the place of the first. Decoding times never run back; an interruption
// is a hole in them. A view ends when its token runs out (`refused`, view-expired) unless `open` came again for the same channel and camera with a
// new token, which goes on without a break; with another `stream` the channel goes over to that
// one, whose `opened` and initialisation begin anew, decoding times too. To go over without a break, open the other stream on a channel of its own with the same token and
// close the first when pictures come: a view ends with its last channel. A sub stream that cannot be joined is shown as main, and `opened` says so. The page's Origin must be one that the centre told the recorder.
// Sound comes on a channel of its own (`open` with `sound`), with a token that was given for it: `sound-opened`, then units as the camera sends them, of the main stream. A camera that sends none just now: `waiting`, reason `no-sound`.
// A viewer whose link does not carry the stream falls to key frames (`pace`), is told how many pictures it misses (`dropped`), and gets everything again once the link has been free for a time.
// WHEP carries H.264 without reordered pictures; anything else is refused with 406 (`not-h264`, `reordered`, `no-h264-offered`). A view that ends on our side just stops: its client sees no
// packets. Live HLS is some seconds behind; each request carries the token, a new one of the same view simply takes the place of the old, and who asks for
// nothing for 30 s has left.
// Past, in detail. The timeline's `to` comes back cut to what is known (the disk is about a second behind). Playlists reach over at most 24 hours, one that reaches beyond now (it is read anew all the time) over 6;
// addresses in them are relative; every part is a byte range that begins with a key frame and has its EXT-X-PROGRAM-DATE-TIME. Bytes outside the
// token's range are refused (403, outside-view), so whole files need a token over the whole segment. Refusals have the body `Problem`. What is being read ends with its view, and with its
// newest token where it is not a download. A download goes on after its token has run out, for a day at most; broken off, it may go on within 2 min and while a token of it is good.
// `key-frame` is the newest at `at` (404 `no-picture` where nothing is recorded then). `key-frames` cuts the range into `count` equal slots and answers for each the
// first key frame that begins in it, for the first slot the one that is shown at `from`; slots without one are left out. Without `count` all of them come.
// They come in the order of time, or from the end to the start, as fast as they are read: for thumbnails, for playing at 4 to 16 times, and for
// playing backwards. At most 24 h a request; a client that has seen enough closes the connection.
// `recording.mp4` is fragmented, with a segment index; it begins at `from` by an edit, time goes on in it over gaps, and it holds one format: where another begins it ends, and
// `x-citywatch-next-format` says when. `x-citywatch-sound` says which sound is in it (`none` where there is none, and then `x-citywatch-no-sound`, one of NO_SOUND, says why), `x-citywatch-sound-missing` how many ms of
// what was recorded of it cannot be read and are silence, to a token that was given for sound. 410: pictures were recorded, and none of their files can be read. `x-citywatch-first-picture` and `-last-picture` say from when to when it is, `x-citywatch-left-out` how many ms
// of pictures are not in it, since a clock was set back and the file has that time already: an evidence package has both. Where too much is read already: 503 and Retry-After.
// The timeline and the movement tell no picture: a token to watch, live or past, reads any range of them where its claim `timeline` is true. A crew's, for its own job, does not.
import { z } from "zod";
import { Id, Reason, WallTime } from "./basics.ts";
import { STREAMS, VIEW_MODES } from "./cameras.ts";

/** Codes of `waiting`. `reconnecting` has the parameter `problem`, one of CAMERA_PROBLEMS. */
export const LIVE_WAITING_CODES = ["connecting", "reconnecting", "starting", "no-sound"] as const;
/** Codes of `refused`: about the token, the camera, or the camera's stream (the last three: parameter `message`). */
export const LIVE_REFUSED_CODES = ["no-key-yet", "token-missing", "token-invalid", "token-expired", "other-camera", "other-mode", "view-expired", "camera-unknown", "too-many-channels", "unsupported-codec", "bad-address", "no-video", "sound-not-allowed"] as const;

/** Why a recording that was asked for with its sound has none. `other-format`: no file can hold it with its silence. `hours-without-pictures`: they would be hours of silence to fetch. */
export const NO_SOUND = ["not-recorded", "unreadable", "other-format", "hours-without-pictures"] as const;
export type NoSound = (typeof NO_SOUND)[number];

export const LIVE_FRAME_KINDS = { init: 0, key: 1, delta: 2, sound: 3 } as const;
export const LIVE_HEADER_BYTES = 11;

export const LiveMediaFromClient = z.discriminatedUnion("type", [
  z.object({ type: z.literal("open"), channel: z.int().min(0).max(65535), cameraId: Id, token: z.string(), stream: z.enum(STREAMS).default("main"), sound: z.boolean().default(false) }), // with `sound` the channel carries sound alone
  z.object({ type: z.literal("close"), channel: z.int().min(0).max(65535) }),
]);
/** `config`: the AudioSpecificConfig of AAC in base64; null with G.711. */
/** `samplesPerFrame`: how many instants of `clockHz` a frame of AAC lasts (1,024 or 960, twice that where SBR doubles the rate that RTP counts in); null of G.711. */
export const LiveSoundFormat = z.object({ codec: z.enum(["aac", "pcma", "pcmu"]), clockHz: z.int(), channels: z.int(), config: z.string().nullable(), samplesPerFrame: z.int().min(1).nullable() });
export type LiveSoundFormat = z.infer<typeof LiveSoundFormat>;
export const LiveMediaFromRecorder = z.discriminatedUnion("type", [
  z.object({ type: z.literal("opened"), channel: z.int(), mimeType: z.string(), width: z.int(), height: z.int(), stream: z.enum(STREAMS) }), // e.g. video/mp4; codecs="avc1.64001f"; which stream it is: a camera without a sub stream shows main
  z.object({ type: z.literal("sound-opened"), channel: z.int(), sound: LiveSoundFormat }),
  z.object({ type: z.literal("waiting"), channel: z.int(), reason: Reason }), // connecting, reconnecting: more will come
  z.object({ type: z.literal("refused"), channel: z.int(), reason: Reason }), // token, unsupported codec, no address
  z.object({ type: z.literal("dropped"), channel: z.int(), frames: z.int() }), // slow link: so many pictures were left out
  z.object({ type: z.literal("pace"), channel: z.int(), pace: z.enum(["all", "key-frames"]) }), // slow link: key frames only, until told otherwise; `opened` begins with all
]);

/** From so far on a camera's clock is wrong: told on its tile, and a problem of the camera. */
export const CLOCK_OFF_MS = 2_000;
/** `not-yet-told` stands in evidence packages alone: the recorder had not yet written by then what was asked for. */
export const GAP_CAUSES = ["recorder-stopped", "recorder-crashed", "camera-unreachable", "camera-refused", "camera-closed", "no-data", "bad-data", "disk-slow", "disk-failed", "not-wanted", "not-scheduled", "no-event", "not-yet-added", "deleted", "deleted-early", "damaged", "index-lost", "disk-full", "reconfigured", "clock-changed", "not-yet-told"] as const;
/** The furthest that one request for key frames reaches. */
export const MOST_KEY_FRAMES_MS = 86_400_000;
export const MOST_KEY_FRAME_SLOTS = 2_000;
/** Coverage + gaps = the asked range, and so do segments + gaps where these were asked for (else there are none). Times are wall times in ms. */
export const RecordingTimeline = z.object({
  cameraId: Id, from: WallTime, to: WallTime,
  coverage: z.array(z.object({ start: WallTime, end: WallTime })), // where there are pictures; neighbours are joined
  segments: z.array(z.object({ id: Id, start: WallTime, end: WallTime, bytes: z.int(), frames: z.int(), open: z.boolean() })),
  gaps: z.array(z.object({ start: WallTime, end: WallTime, cause: z.enum(GAP_CAUSES) })),
  sound: z.array(z.object({ segmentId: Id, start: WallTime, end: WallTime, codec: z.enum(["aac", "pcma", "pcmu"]).nullable() })), // files of sound beside the pictures; those of the minute that is being written are not among them yet
  clockOff: z.array(z.object({ start: WallTime, end: WallTime, offsetMs: z.number() })).default([]), // when the camera's own clock, which it may burn into its picture, was 2 s and more from ours: camera's less ours. Of ranges of two days at most
  holds: z.array(z.object({ id: Id, start: WallTime, end: WallTime })), // evidence holds, as far as they reach into the range; they may overlap
});
export type RecordingTimeline = z.infer<typeof RecordingTimeline>;

/** Steps in which movement is measured. */
export const ACTIVITY_STEP_MS = 1_000;
export const MOST_ACTIVITY_STEPS = 20_000;
/**
 * `GET /v1/cameras/{id}/activity?from&to&stepMs`: how much moves, by the sizes of the compressed pictures ([MOT] rules in video/SPEC.md), never who or
 * what. Same tokens as the timeline. `stepMs`: whole seconds; the least that makes at most 2,000 steps where absent.
 */
export const RecordingActivity = z.object({
  cameraId: Id, from: WallTime, to: WallTime, // whole steps: `from` rounded down, `to` up, and cut to now
  stepMs: z.int().positive(),
  values: z.array(z.int().min(0).max(254).nullable()), // one a step from `from`: 0 still, 254 most; null: not known. The busiest second of a longer step
});
export type RecordingActivity = z.infer<typeof RecordingActivity>;

/** Claims of a view token. */
export const ViewClaims = z.object({
  accountId: Id, cameraId: Id, viewId: Id, mode: z.enum(VIEW_MODES), from: WallTime.nullable(), to: WallTime.nullable(),
  timeline: z.boolean().default(false), // may also read when there are pictures and how much moved, at any time: whoever may open any of the past
  sound: z.boolean().default(false), // opened to hear too
});
export type ViewClaims = z.infer<typeof ViewClaims>;
