// What all routes of the past have in common: the view token against camera, mode and range ([PLY7]), the asked range cut to now, and the segments of it, with
// the one that is being written. A request names a camera by an integer; paths are made from integers only.
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Clock, WallMs } from "../../base/time.ts";
import { Id, type Problem, WallTime } from "../../contract/basics.ts";
import type { ViewClaims } from "../../contract/media.ts";
import type { ActivityMeter } from "../../video/motion/activity-meter.ts";
import type { StoredCamera } from "./camera-list.ts";
import type { CameraWorker } from "./camera-worker.ts";
import type { HoldList } from "./hold-list.ts";
import type { IndexStore, SegmentRow, SegmentSpan } from "./index-store.ts";
import type { RecordingWriter } from "./recording-writer.ts";
import type { ServedViews } from "./served-views.ts";
import type { OpenedView } from "./running-bodies.ts";
import type { SegmentReading } from "./segment-reader.ts";
import { type ViewVerifier, bearerToken } from "./view-tokens.ts";

/** What playback asks of a camera's worker. */
type RecordedCamera = Pick<CameraWorker, "isRecording" | "knownUntil"> & {
  readonly camera: Pick<StoredCamera, "code">;
  readonly activity: Pick<ActivityMeter, "read">;
  readonly writer: Pick<RecordingWriter, "findOpenSegment">;
};

export interface PlaybackContext {
  readonly root: string;
  readonly index: IndexStore;
  readonly holds: Pick<HoldList, "listWithin">;
  readonly pool: { find(cameraId: number): RecordedCamera | undefined };
  readonly verifier: Pick<ViewVerifier, "verify" | "endView">;
  readonly clock: Clock;
  readonly reading: SegmentReading;
  readonly served: ServedViews;
  /** The last of a download went out at that time: its look is over. */
  readonly onDownloadOver: (viewId: number, at: WallMs) => void;
}

export const PAST = ["playback"] as const;
/** For what tells when there are pictures, and shows none: any view of the camera that says so, of any of its times [PLY7]. */
export const PAST_OR_LIVE = ["playback", "live"] as const;
export const CameraParams = z.object({ id: z.coerce.number().pipe(Id) });
export const RangeQuery = z.object({ from: z.coerce.number().pipe(WallTime), to: z.coerce.number().pipe(WallTime) });

export interface AskedRange {
  readonly cameraId: number;
  readonly from: number;
  readonly to: number;
  /** The range was asked for beyond now: it is still being written. */
  readonly reachesNow: boolean;
  readonly claims: OpenedView;
}

/** Undefined: refused, and answered so. `asked` and `token` are given where they do not come in the address and in `Authorization`. */
export async function takeRange(
  context: PlaybackContext, request: FastifyRequest, reply: FastifyReply, mostMs: number, modes: readonly ViewClaims["mode"][], asked: unknown = request.query, token?: string,
): Promise<AskedRange | undefined> {
  const params = CameraParams.safeParse(request.params);
  const query = RangeQuery.safeParse(asked);
  if (!params.success || !query.success) {
    refuse(reply, 400, "bad-range", "expected a camera id, and from and to in milliseconds since 1970");
    return undefined;
  }
  const claims = await takeView(context, request, reply, params.data.id, modes, token);
  if (claims === undefined) return undefined;
  const { from } = query.data;
  const to = Math.min(query.data.to, Math.round(context.clock.wallMs()));
  if (to <= from || to - from > mostMs) {
    refuse(reply, 400, "bad-range", `expected from before to and before now, at most ${mostMs} ms apart`);
    return undefined;
  }
  if (modes !== PAST_OR_LIVE && ((claims.from !== null && from < claims.from) || (claims.to !== null && to > claims.to))) {
    refuse(reply, 403, "outside-view", "this view was opened for another range");
    return undefined;
  }
  return { cameraId: params.data.id, from, to, reachesNow: query.data.to > to, claims };
}

export async function takeView(
  context: PlaybackContext, request: FastifyRequest, reply: FastifyReply, cameraId: number, modes: readonly ViewClaims["mode"][], token = bearerToken(request.headers.authorization),
): Promise<OpenedView | undefined> {
  const verified = await context.verifier.verify(token, cameraId, modes, context.clock.wallMs());
  if (verified.ok && modes === PAST_OR_LIVE && !verified.value.claims.timeline) {
    refuse(reply, 403, "other-mode", "this view shows pictures, and no timeline");
    return undefined;
  }
  if (verified.ok && modes !== PAST_OR_LIVE && !context.served.hasRoom(verified.value.claims.viewId, context.clock.monotonicMs())) {
    refuse(reply.header("retry-after", "30"), 503, "too-many-untold", "more looks than this recorder can keep wait to be told to the centre; it serves no further ones until then");
    return undefined;
  }
  if (verified.ok) return { ...verified.value.claims, expiresAt: verified.value.expiresAt };
  const forbidden = verified.error === "other-camera" || verified.error === "other-mode";
  refuse(reply, verified.error === "no-key-yet" ? 503 : forbidden ? 403 : 401, verified.error, "a view of this camera's past is needed");
  return undefined;
}

/** Segments that touch the range, by start, the one that is being written last. */
export function listSegments(context: PlaybackContext, cameraId: number, from: number, to: number): { row: SegmentRow; open: boolean }[] {
  const rows = context.index.listSegments(cameraId, from, to).map((row) => ({ row, open: false }));
  const open = findOpen(context, cameraId, from, to);
  if (open !== undefined) rows.push({ row: open, open: true });
  return rows;
}

/** The same from outside. */
export function listSpans(context: PlaybackContext, cameraId: number, from: number, to: number): (SegmentSpan & { readonly open: boolean })[] {
  const spans = context.index.listSpans(cameraId, from, to).map((span) => ({ ...span, open: false }));
  const open = findOpen(context, cameraId, from, to);
  if (open !== undefined) spans.push({ segmentId: open.segmentId, startMs: open.startMs, endMs: open.endMs, bytes: open.bytes, frames: open.frames, open: true });
  return spans;
}

export function findSegment(context: PlaybackContext, cameraId: number, segmentId: number): SegmentRow | undefined {
  const open = context.pool.find(cameraId)?.writer.findOpenSegment();
  const row = open?.segmentId === segmentId ? open : context.index.findSegment(segmentId);
  return row?.cameraId === cameraId ? row : undefined;
}

function findOpen(context: PlaybackContext, cameraId: number, from: number, to: number): SegmentRow | undefined {
  const open = context.pool.find(cameraId)?.writer.findOpenSegment();
  return open !== undefined && open.startMs <= to && open.endMs >= from ? open : undefined;
}

export function refuse(reply: FastifyReply, status: number, rule: string, message: string): FastifyReply {
  const problem: Problem = { rule, message };
  return reply.code(status).type("application/json").send(problem);
}
