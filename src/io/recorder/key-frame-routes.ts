// Key frames over HTTP ([PLY10]), as records that a browser decodes with WebCodecs: thumbnails, and pictures for playing fast or backwards. One body brings many
// small answers; the next key frame is read only when the one before has gone into the socket, and nothing more once the client is gone.
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { WallTime } from "../../contract/basics.ts";
import { encodeKeyFrameFormat, encodeKeyFrameHead } from "../../contract/key-frames.ts";
import { MOST_KEY_FRAMES_MS, MOST_KEY_FRAME_SLOTS } from "../../contract/media.ts";
import { KEY_FRAME_ORDERS, type KeyFramePlace, planKeyFrames } from "../../video/playback/key-frames.ts";
import { type AskedRange, PAST, type PlaybackContext, findSegment, listSpans, refuse, takeRange } from "./playback-access.ts";
import type { RunningBodies } from "./running-bodies.ts";
import { SegmentFile } from "./segment-reader.ts";

const AtQuery = z.object({ at: z.coerce.number().pipe(WallTime) });
const SlotsQuery = z.object({ count: z.coerce.number().int().min(1).max(MOST_KEY_FRAME_SLOTS).nullable().default(null), order: z.enum(KEY_FRAME_ORDERS).default("forward") });

export function addKeyFrameRoutes(app: FastifyInstance, context: PlaybackContext, running: RunningBodies): void {
  app.get("/v1/cameras/:id/key-frame", { exposeHeadRoute: false }, async (request, reply) => {
    const query = AtQuery.safeParse(request.query);
    if (!query.success) return refuse(reply, 400, "bad-range", "expected at in milliseconds since 1970");
    const asked = await takeRange(context, request, reply, MOST_KEY_FRAMES_MS, PAST, { from: query.data.at, to: query.data.at + 1 });
    if (asked === undefined) return reply;
    const [place] = listPlaces(context, asked, 1, "forward");
    if (place === undefined) return refuse(reply, 404, "no-picture", "nothing is recorded at this time");
    const answer = running.take("key-frames", asked.claims);
    if (answer === undefined) return refuseFull(reply);
    const records: Uint8Array[] = [];
    try {
      for await (const record of readRecords(context, asked, [place])) records.push(record);
    } finally {
      answer.leave();
    }
    if (answer.isEnded) return refuse(reply, 401, "view-ended", "the view ended meanwhile");
    if (records.length < 2) return refuse(reply, 404, "no-picture", "the picture of this time cannot be read any more");
    return reply.header("cache-control", "private, no-store").type("application/octet-stream").send(Buffer.concat(records));
  });

  app.get("/v1/cameras/:id/key-frames", { exposeHeadRoute: false }, async (request, reply) => {
    const query = SlotsQuery.safeParse(request.query);
    if (!query.success) return refuse(reply, 400, "bad-range", `expected count from 1 to ${MOST_KEY_FRAME_SLOTS}, and order ${KEY_FRAME_ORDERS.join(" or ")}`);
    const asked = await takeRange(context, request, reply, MOST_KEY_FRAMES_MS, PAST);
    if (asked === undefined) return reply;
    const answer = running.take("key-frames", asked.claims);
    if (answer === undefined) return refuseFull(reply);
    const records = readRecords(context, asked, listPlaces(context, asked, query.data.count, query.data.order));
    const body = Readable.from(records, { objectMode: false });
    answer.give(body);
    return reply.header("cache-control", "private, no-store").type("application/octet-stream").send(body);
  });
}

function refuseFull(reply: FastifyReply): FastifyReply {
  return refuse(reply.header("retry-after", "1"), 503, "too-many-readers", "too many key frames are being read already; try again in a moment");
}

function listPlaces(context: PlaybackContext, asked: AskedRange, slots: number | null, order: (typeof KEY_FRAME_ORDERS)[number]): Generator<KeyFramePlace> {
  const { cameraId, from, to } = asked;
  return planKeyFrames(listSpans(context, cameraId, from, to), from, to, slots, order, (segmentId) => findSegment(context, cameraId, segmentId));
}

/** What cannot be read, deleted meanwhile or broken, is left out: the other thumbnails are of use. */
async function* readRecords(context: PlaybackContext, { cameraId, claims }: AskedRange, places: Iterable<KeyFramePlace>): AsyncGenerator<Uint8Array> {
  const file = new SegmentFile(context.reading, cameraId);
  let formatKey = "";
  try {
    for (const place of places) {
      const { segment } = place;
      try {
        await file.select(segment.segmentId);
        if (segment.formatKey !== formatKey) {
          const format = await context.reading.getFormat(file, segment.formatKey, segment.initBytes);
          formatKey = segment.formatKey;
          yield encodeKeyFrameFormat({ codec: format.codecString, width: format.width, height: format.height, description: format.configuration });
        }
        const picture = await file.readKeyFrame(place);
        if (!picture.ok) continue;
        // Before it goes out: a client that has it and leaves is never asked for more.
        context.served.note(claims.viewId, place.startMs, place.untilMs, context.clock.monotonicMs());
        yield encodeKeyFrameHead(place.startMs, place.untilMs, picture.value.length);
        yield picture.value;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      }
    }
  } finally {
    await file.close();
  }
}
