// The past over HTTP: timeline, playlist, and byte ranges of segment files, each only as far as the view token reaches ([PLY7] to [PLY9] in video/SPEC.md).
// A request names a camera and a segment by integers; the file's path is made from these, never from text. Bytes outside the token's range are
// refused even within a segment that the range touches, down to whole GOPs.
import { createReadStream } from "node:fs";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Clock } from "../../base/time.ts";
import { Id, type Problem, WallTime } from "../../contract/basics.ts";
import type { RecordingTimeline, ViewClaims } from "../../contract/media.ts";
import { findByteSpan, formatPlaylist } from "../../video/playback/hls.ts";
import { buildTimeline } from "../../video/playback/timeline.ts";
import type { CameraWorker } from "./camera-worker.ts";
import type { IndexStore, SegmentRow } from "./index-store.ts";
import type { RecordingWriter } from "./recording-writer.ts";
import { segmentPath } from "./segment-files.ts";
import { type ViewVerifier, bearerToken } from "./view-tokens.ts";

/** What playback asks of a camera's worker. */
type RecordedCamera = Pick<CameraWorker, "isRecording" | "knownUntil"> & { readonly writer: Pick<RecordingWriter, "findOpenSegment"> };

export interface PlaybackContext {
  readonly root: string;
  readonly index: IndexStore;
  readonly pool: { find(cameraId: number): RecordedCamera | undefined };
  readonly verifier: Pick<ViewVerifier, "verify">;
  readonly clock: Clock;
}

const CameraParams = z.object({ id: z.coerce.number().pipe(Id) });
const SegmentParams = z.object({ id: z.coerce.number().pipe(Id), file: z.string().regex(/^[1-9]\d{0,14}\.mp4$/) });
const RangeQuery = z.object({ from: z.coerce.number().pipe(WallTime), to: z.coerce.number().pipe(WallTime) });
const PAST = ["playback"] as const;
const PAST_OR_LIVE = ["playback", "live"] as const; // the timeline tells when there are pictures, and shows none
const MOST_TIMELINE_MS = 32 * 86_400_000;
const MOST_PLAYLIST_MS = 6 * 3_600_000;

export function addPlaybackRoutes(app: FastifyInstance, context: PlaybackContext): void {
  app.get("/v1/cameras/:id/timeline", async (request, reply) => {
    const asked = await takeRange(context, request, reply, MOST_TIMELINE_MS, PAST_OR_LIVE);
    if (asked === undefined) return reply;
    const { cameraId, from } = asked;
    const to = Math.max(from, Math.min(asked.to, context.pool.find(cameraId)?.knownUntil(context.clock.wallMs()) ?? context.clock.wallMs()));
    const segments = listSegments(context, cameraId, from, to).map(({ row, open }) => ({ id: row.segmentId, start: row.startMs, end: row.endMs, bytes: row.bytes, frames: row.frames, open }));
    const timeline = buildTimeline(from, to, segments, context.index.listGaps(cameraId, from, to), context.index.findKnownSince(cameraId) ?? to);
    const answer: RecordingTimeline = { cameraId, from, to, segments: [...timeline.segments], gaps: [...timeline.gaps] };
    return reply.header("cache-control", "no-store").send(answer);
  });

  app.get("/v1/cameras/:id/hls.m3u8", async (request, reply) => {
    const asked = await takeRange(context, request, reply, MOST_PLAYLIST_MS, PAST);
    if (asked === undefined) return reply;
    const segments = listSegments(context, asked.cameraId, asked.from, asked.to);
    const openSegmentId = segments.find((one) => one.open)?.row.segmentId ?? null;
    // After a run, its last segment is still being closed for a moment.
    const grows = asked.reachesNow && (openSegmentId !== null || context.pool.find(asked.cameraId)?.isRecording === true);
    const playlist = formatPlaylist(segments.map(({ row }) => row), asked.from, asked.to, (segmentId) => `segments/${segmentId}.mp4`, grows ? { openSegmentId } : null);
    return reply.header("cache-control", "no-store").type("application/vnd.apple.mpegurl").send(playlist);
  });

  app.get("/v1/cameras/:id/segments/:file", async (request, reply) => {
    const params = SegmentParams.safeParse(request.params);
    if (!params.success) return refuse(reply, 404, "unknown-segment", "there is no such segment");
    const cameraId = params.data.id;
    const claims = await takeView(context, request, reply, cameraId, PAST);
    if (claims === undefined) return reply;
    const segment = findSegment(context, cameraId, Number(params.data.file.slice(0, -4)));
    if (segment === undefined) return refuse(reply, 404, "unknown-segment", "there is no such segment of this camera");
    return sendBytes(context, request, reply, segment, claims);
  });
}

interface AskedRange {
  readonly cameraId: number;
  readonly from: number;
  readonly to: number;
  /** The range was asked for beyond now: it is still being written. */
  readonly reachesNow: boolean;
}

async function takeRange(context: PlaybackContext, request: FastifyRequest, reply: FastifyReply, mostMs: number, modes: readonly ViewClaims["mode"][]): Promise<AskedRange | undefined> {
  const params = CameraParams.safeParse(request.params);
  const query = RangeQuery.safeParse(request.query);
  if (!params.success || !query.success) {
    refuse(reply, 400, "bad-range", "expected a camera id, and from and to in milliseconds since 1970");
    return undefined;
  }
  const claims = await takeView(context, request, reply, params.data.id, modes);
  if (claims === undefined) return undefined;
  const { from } = query.data;
  const to = Math.min(query.data.to, Math.round(context.clock.wallMs()));
  if (to <= from || to - from > mostMs) {
    refuse(reply, 400, "bad-range", `expected from before to and before now, at most ${mostMs} ms apart`);
    return undefined;
  }
  if ((claims.from !== null && from < claims.from) || (claims.to !== null && to > claims.to)) {
    refuse(reply, 403, "outside-view", "this view was opened for another range");
    return undefined;
  }
  return { cameraId: params.data.id, from, to, reachesNow: query.data.to > to };
}

async function takeView(context: PlaybackContext, request: FastifyRequest, reply: FastifyReply, cameraId: number, modes: readonly ViewClaims["mode"][]): Promise<ViewClaims | undefined> {
  const verified = await context.verifier.verify(bearerToken(request.headers.authorization), cameraId, modes, context.clock.wallMs());
  if (verified.ok) return verified.value.claims;
  const forbidden = verified.error === "other-camera" || verified.error === "other-mode";
  refuse(reply, verified.error === "no-key-yet" ? 503 : forbidden ? 403 : 401, verified.error, "a view of this camera's past is needed");
  return undefined;
}

function listSegments(context: PlaybackContext, cameraId: number, from: number, to: number): { row: SegmentRow; open: boolean }[] {
  const rows = context.index.listSegments(cameraId, from, to).map((row) => ({ row, open: false }));
  const open = context.pool.find(cameraId)?.writer.findOpenSegment();
  if (open !== undefined && open.startMs <= to && open.endMs >= from) rows.push({ row: open, open: true });
  return rows;
}

function findSegment(context: PlaybackContext, cameraId: number, segmentId: number): SegmentRow | undefined {
  const open = context.pool.find(cameraId)?.writer.findOpenSegment();
  const row = open?.segmentId === segmentId ? open : context.index.findSegment(segmentId);
  return row?.cameraId === cameraId ? row : undefined;
}

function sendBytes(context: PlaybackContext, request: FastifyRequest, reply: FastifyReply, segment: SegmentRow, claims: ViewClaims): FastifyReply {
  const span = findByteSpan(segment, claims.from ?? 0, claims.to ?? Number.MAX_SAFE_INTEGER);
  if (span === undefined) return refuse(reply, 403, "outside-view", "this view was opened for another range");
  const total = segment.bytes;
  reply.header("accept-ranges", "bytes").header("cache-control", "private, no-store").type("video/mp4");
  const header = request.headers.range;
  if (header === undefined) {
    if (span.start > segment.initBytes || span.end < total) return refuse(reply, 403, "outside-view", "only a part of this segment may be read; ask for it by Range");
    return stream(context, request, reply.header("content-length", total), segment, 0, total);
  }
  const match = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(header);
  const start = match === null ? -1 : Number(match[1]);
  if (match === null || start >= total) return refuse(reply.header("content-range", `bytes */${total}`), 416, "bad-range", "expected one range of bytes within the segment");
  // The initialisation may be read by every viewer; the rest as far as the GOPs that the view touches.
  const area = start < segment.initBytes ? { start: 0, end: span.start <= segment.initBytes ? span.end : segment.initBytes } : span;
  const end = Math.min(total, match[2] === undefined ? area.end : Number(match[2]) + 1);
  if (start < area.start || end > area.end || end <= start) return refuse(reply, 403, "outside-view", "these bytes are outside the range that this view was opened for");
  reply.code(206).header("content-range", `bytes ${start}-${end - 1}/${total}`).header("content-length", end - start);
  return stream(context, request, reply, segment, start, end);
}

function stream(context: PlaybackContext, request: FastifyRequest, reply: FastifyReply, segment: SegmentRow, start: number, end: number): FastifyReply {
  if (request.method === "HEAD") return reply.send();
  return reply.send(createReadStream(segmentPath(context.root, segment.cameraId, segment.segmentId), { start, end: end - 1 }));
}

function refuse(reply: FastifyReply, status: number, rule: string, message: string): FastifyReply {
  const problem: Problem = { rule, message };
  return reply.code(status).type("application/json").send(problem);
}
