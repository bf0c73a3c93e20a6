// The past over HTTP: timeline, playlist, and byte ranges of segment files, each only as far as the view token reaches ([PLY7] in video/SPEC.md).
// A request names a camera and a segment by integers; the file's path is made from these, never from text. Bytes outside the token's range are
// refused even within a segment that the range touches, down to whole GOPs.
import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { Id } from "../../contract/basics.ts";
import { CLOCK_OFF_MS, type RecordingTimeline } from "../../contract/media.ts";
import { PlaylistBuilder, findByteSpan, findTimeSpan } from "../../video/playback/hls.ts";
import { type ClockStretch, REPORT_REACH_MS, listClockStretches } from "../../video/playback/clock-stretches.ts";
import { type TimelineSegment, buildTimeline } from "../../video/playback/timeline.ts";
import type { SegmentRow } from "./index-store.ts";
import { addActivityRoute } from "./activity-route.ts";
import { addKeyFrameRoutes } from "./key-frame-routes.ts";
import { type AskedRange, PAST, PAST_OR_LIVE, type PlaybackContext, findSegment, listSegments, listSpans, refuse, takeRange, takeView } from "./playback-access.ts";
import { addRecordingRoutes } from "./recording-routes.ts";
import { ReadTurns } from "./read-turns.ts";
import { type OpenedView, RunningBodies } from "./running-bodies.ts";
import { SegmentFile } from "./segment-reader.ts";
import { soundPath } from "./segment-files.ts";
import { addSoundRoute } from "./sound-route.ts";
import { findTrackFile, listTrackFiles } from "./track-file-store.ts";
import { listReportsOff } from "./sender-report-store.ts";

const SegmentParams = z.object({ id: z.coerce.number().pipe(Id), file: z.string().regex(/^[1-9]\d{0,14}\.mp4$/) });
const SoundFile = z.string().regex(/^[1-9]\d{0,14}\.sound\.mp4$/);
const TimelineQuery = z.object({ segments: z.enum(["true", "false"]).default("false") });
const READ_BYTES = 262_144;
/** Whoever waits for a picture waits for no more than that. */
const FIRST_READ_BYTES = 65_536;
const MOST_TIMELINE_MS = 32 * 86_400_000;
/** Segments one by one are for looking closely. */
const MOST_SEGMENTS_MS = 2 * 86_400_000;
/** Recording waits no longer for a timeline than for this part of its rows. */
const READ_AT_ONCE_MS = 12 * 3_600_000;
/** Read at a time; a month's rows are some 10 MB. */
const MOST_TIMELINES = 4;
/** As long as a view of the past may be. One that grows is read anew every few seconds: less. */
const MOST_PLAYLIST_MS = 24 * 3_600_000;
const MOST_GROWING_MS = 6 * 3_600_000;
/** Of segments with their GOPs at once, between which recording goes on. */
const PLAYLIST_AT_ONCE_MS = 3_600_000;
const MOST_PLAYLISTS = 4;

/** Answers what is under way, so that it can be ended with its view. */
export function addPlaybackRoutes(app: FastifyInstance, context: PlaybackContext): RunningBodies {
  const running = new RunningBodies(context.clock, (viewId, at) => {
    context.verifier.endView(viewId);
    context.onDownloadOver(viewId, at);
  });
  const timelineTurns = new ReadTurns(MOST_TIMELINES);
  const playlistTurns = new ReadTurns(MOST_PLAYLISTS);
  app.get("/v1/cameras/:id/timeline", async (request, reply) => {
    const asked = await takeRange(context, request, reply, MOST_TIMELINE_MS, PAST_OR_LIVE);
    if (asked === undefined) return reply;
    const query = TimelineQuery.safeParse(request.query);
    if (!query.success) return refuse(reply, 400, "bad-range", "expected segments to be true or false");
    const { cameraId, from } = asked;
    const to = Math.max(from, Math.min(asked.to, context.pool.find(cameraId)?.knownUntil(context.clock.wallMs()) ?? context.clock.wallMs()));
    const listsSegments = query.data.segments === "true";
    if (listsSegments && to - from > MOST_SEGMENTS_MS) return refuse(reply, 400, "bad-range", `expected from and to at most ${MOST_SEGMENTS_MS} ms apart with segments`);
    const { segments, sound } = await timelineTurns.take(() => readFacts(context, cameraId, from, to));
    const timeline = buildTimeline(from, to, segments, context.index.listGaps(cameraId, from, to), context.index.findKnownSince(cameraId) ?? to);
    const answer: RecordingTimeline = { cameraId, from, to, coverage: [...timeline.coverage], segments: listsSegments ? [...timeline.segments] : [], gaps: [...timeline.gaps], sound, clockOff: listClockOff(context, cameraId, from, to), holds: context.holds.listWithin(cameraId, from, to) };
    return reply.header("cache-control", "no-store").send(answer);
  });

  app.get("/v1/cameras/:id/hls.m3u8", async (request, reply) => {
    const asked = await takeRange(context, request, reply, MOST_PLAYLIST_MS, PAST);
    if (asked === undefined) return reply;
    if (asked.reachesNow && asked.to - asked.from > MOST_GROWING_MS) return refuse(reply, 400, "bad-range", `expected a range that reaches beyond now to be at most ${MOST_GROWING_MS} ms long; one that ends before now may have ${MOST_PLAYLIST_MS}`);
    const playlist = await playlistTurns.take(() => createPlaylist(context, asked));
    return reply.header("cache-control", "no-store").type("application/vnd.apple.mpegurl").send(playlist);
  });

  app.get("/v1/cameras/:id/sound/:file", async (request, reply) => {
    const { id, file } = request.params as { id: string; file: string };
    const cameraId = Id.safeParse(Number(id));
    if (!cameraId.success || !SoundFile.safeParse(file).success) return refuse(reply, 404, "unknown-segment", "there is no such sound");
    const claims = await takeView(context, request, reply, cameraId.data, PAST);
    if (claims === undefined) return reply;
    if (!claims.sound) return refuse(reply, 403, "sound-not-allowed", "this view was opened to see, not to hear");
    const sound = findTrackFile(context.index, "sound", Number.parseInt(file, 10));
    if (sound === undefined || sound.cameraId !== cameraId.data) return refuse(reply, 404, "unknown-segment", "there is no such sound of this camera");
    if ((claims.from !== null && sound.startMs < claims.from) || (claims.to !== null && sound.endMs > claims.to)) return refuse(reply, 403, "outside-view", "this view was opened for another range; sound is read a whole segment at a time");
    const place = running.take("segment", claims);
    if (place === undefined) return refuseFull(reply);
    const reader = new SegmentFile(context.reading, sound.cameraId, soundPath);
    const note = (): void => context.served.note(claims.viewId, sound.startMs, sound.endMs, context.clock.monotonicMs());
    const body = Readable.from(readBytes(reader, sound.segmentId, 0, sound.bytes, note), { objectMode: false });
    place.give(body);
    return reply.header("cache-control", "private, no-store").header("content-length", sound.bytes).type("audio/mp4").send(body);
  });

  app.route({ method: ["GET", "HEAD"], url: "/v1/cameras/:id/segments/:file", exposeHeadRoute: false, handler: async (request, reply) => {
    const params = SegmentParams.safeParse(request.params);
    if (!params.success) return refuse(reply, 404, "unknown-segment", "there is no such segment");
    const cameraId = params.data.id;
    const claims = await takeView(context, request, reply, cameraId, PAST);
    if (claims === undefined) return reply;
    const segment = findSegment(context, cameraId, Number(params.data.file.slice(0, -4)));
    if (segment === undefined) return refuse(reply, 404, "unknown-segment", "there is no such segment of this camera");
    return sendBytes(context, running, request, reply, segment, claims);
  } });

  addActivityRoute(app, context);
  addKeyFrameRoutes(app, context, running);
  addSoundRoute(app, context, running);
  addRecordingRoutes(app, context, running);
  return running;
}

/** A month's reports are not read for words about one moment. */
const listClockOff = ({ index }: PlaybackContext, cameraId: number, from: number, to: number): ClockStretch[] =>
  to - from > MOST_SEGMENTS_MS ? [] : listClockStretches(listReportsOff(index, cameraId, from - REPORT_REACH_MS, to + REPORT_REACH_MS, CLOCK_OFF_MS), from, to);

/** In parts between which others have their turn; a segment over the border of two is of the later one, which knows best how far it goes. */
async function createPlaylist(context: PlaybackContext, { cameraId, from, to, reachesNow }: AskedRange): Promise<string> {
  const playlist = new PlaylistBuilder(from, to, (segmentId) => `segments/${segmentId}.mp4`);
  for (let at = from; ; at += PLAYLIST_AT_ONCE_MS) {
    const end = Math.min(to, at + PLAYLIST_AT_ONCE_MS);
    const segments = listSegments(context, cameraId, at, end).filter(({ row }) => at === from || row.endMs > at);
    if (end < to) {
      playlist.add(segments.filter(({ row, open }) => !open && row.endMs <= end).map(({ row }) => row));
      await nextTurn();
      continue;
    }
    const openSegmentId = segments.find((one) => one.open)?.row.segmentId ?? null;
    // After a run, its last segment is still being closed for a moment.
    const growth = reachesNow && (openSegmentId !== null || context.pool.find(cameraId)?.isRecording === true) ? { openSegmentId } : null;
    playlist.add(segments.map(({ row }) => row), growth);
    return playlist.format(growth);
  }
}

/** By start, in parts between which others have their turn. What touches two parts comes twice; the later word counts, since the open segment may have grown or been closed. */
async function readFacts(context: PlaybackContext, cameraId: number, from: number, to: number): Promise<{ readonly segments: TimelineSegment[]; readonly sound: RecordingTimeline["sound"] }> {
  const segments = new Map<number, TimelineSegment>();
  const sound = new Map<number, RecordingTimeline["sound"][number]>();
  let at = from;
  do {
    if (at > from) await nextTurn();
    const end = Math.min(to, at + READ_AT_ONCE_MS);
    for (const span of listSpans(context, cameraId, at, end)) segments.set(span.segmentId, { id: span.segmentId, start: span.startMs, end: span.endMs, bytes: span.bytes, frames: span.frames, open: span.open });
    for (const { segmentId, startMs, endMs, codec } of listTrackFiles(context.index, "sound", cameraId, at, end)) sound.set(segmentId, { segmentId, start: startMs, end: endMs, codec });
    at = end;
  } while (at < to);
  return { segments: [...segments.values()], sound: [...sound.values()] };
}

function sendBytes(context: PlaybackContext, running: RunningBodies, request: FastifyRequest, reply: FastifyReply, segment: SegmentRow, claims: OpenedView): FastifyReply {
  const span = findByteSpan(segment, claims.from ?? 0, claims.to ?? Number.MAX_SAFE_INTEGER);
  if (span === undefined) return refuse(reply, 403, "outside-view", "this view was opened for another range");
  const total = segment.bytes;
  reply.header("accept-ranges", "bytes").header("cache-control", "private, no-store").type("video/mp4");
  const header = request.headers.range;
  if (header === undefined) {
    if (span.start > segment.initBytes || span.end < total) return refuse(reply, 403, "outside-view", "only a part of this segment may be read; ask for it by Range");
    return stream(context, running, request, reply.header("content-length", total), segment, claims, 0, total);
  }
  const match = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(header);
  const start = match === null ? -1 : Number(match[1]);
  if (match === null || start >= total) return refuse(reply.header("content-range", `bytes */${total}`), 416, "bad-range", "expected one range of bytes within the segment");
  // The initialisation may be read by every viewer; the rest as far as the GOPs that the view touches.
  const area = start < segment.initBytes ? { start: 0, end: span.start <= segment.initBytes ? span.end : segment.initBytes } : span;
  const end = Math.min(total, match[2] === undefined ? area.end : Number(match[2]) + 1);
  if (start < area.start || end > area.end || end <= start) return refuse(reply, 403, "outside-view", "these bytes are outside the range that this view was opened for");
  reply.code(206).header("content-range", `bytes ${start}-${end - 1}/${total}`).header("content-length", end - start);
  return stream(context, running, request, reply, segment, claims, start, end);
}

function stream(context: PlaybackContext, running: RunningBodies, request: FastifyRequest, reply: FastifyReply, segment: SegmentRow, claims: OpenedView, start: number, end: number): FastifyReply {
  if (request.method === "HEAD") return reply.send();
  const place = running.take("segment", claims);
  if (place === undefined) return refuseFull(reply.removeHeader("content-length").removeHeader("content-range"));
  const note = (from: number, to: number): void => {
    const served = findTimeSpan(segment, from, to);
    if (served !== undefined) context.served.note(claims.viewId, served.from, served.to, context.clock.monotonicMs());
  };
  const file = new SegmentFile(context.reading, segment.cameraId);
  const body = Readable.from(readBytes(file, segment.segmentId, start, end, note), { objectMode: false });
  place.give(body);
  return reply.send(body);
}

function refuseFull(reply: FastifyReply): FastifyReply {
  return refuse(reply.header("retry-after", "1"), 503, "too-many-readers", "too many segments are being read already; try again in a moment");
}

/** Closes the file. `onRead` hears of bytes `[from, to)` before they go out: only they are told as served [VIEW12]. */
async function* readBytes(file: SegmentFile, segmentId: number, start: number, end: number, onRead: (from: number, to: number) => void): AsyncGenerator<Uint8Array> {
  try {
    await file.select(segmentId);
    for (let at = start; at < end; ) {
      const bytes = await file.read(at, Math.min(at === start ? FIRST_READ_BYTES : READ_BYTES, end - at));
      if (bytes.length === 0) throw new Error(`segment ${segmentId} ends at byte ${at}, before its index says`);
      onRead(at, at + bytes.length);
      yield bytes;
      at += bytes.length;
    }
  } finally {
    await file.close();
  }
}
