// How much moved in a range of the past ([MOT4] in video/SPEC.md): from the rows of closed segments and from the meter of the one that is being written.
import { setImmediate } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { ACTIVITY_STEP_MS, MOST_ACTIVITY_STEPS, type RecordingActivity } from "../../contract/media.ts";
import { type ActivityPiece, buildActivity, rangeOfActivity } from "../../video/motion/activity-series.ts";
import { PAST_OR_LIVE, type PlaybackContext, refuse, takeRange } from "./playback-access.ts";

const StepQuery = z.object({ stepMs: z.coerce.number().int().min(ACTIVITY_STEP_MS).max(86_400_000).multipleOf(ACTIVITY_STEP_MS).optional() });
const MOST_RANGE_MS = 32 * 86_400_000;
/** A day's rows take some 20 ms; recording waits no longer for a reader than for this part of them. */
const READ_AT_ONCE_MS = 4 * 3_600_000;

export function addActivityRoute(app: FastifyInstance, context: PlaybackContext): void {
  app.get("/v1/cameras/:id/activity", async (request, reply) => {
    const query = StepQuery.safeParse(request.query);
    if (!query.success) return refuse(reply, 400, "bad-range", `expected stepMs in whole multiples of ${ACTIVITY_STEP_MS}, at most a day`);
    const asked = await takeRange(context, request, reply, MOST_RANGE_MS, PAST_OR_LIVE);
    if (asked === undefined) return reply;
    const { cameraId } = asked;
    const range = rangeOfActivity(asked.from, asked.to, query.data.stepMs);
    if ((range.to - range.from) / range.stepMs > MOST_ACTIVITY_STEPS) return refuse(reply, 400, "bad-range", `expected at most ${MOST_ACTIVITY_STEPS} steps: ask for a longer stepMs`);
    const pieces: ActivityPiece[] = [];
    for (let at = asked.from; at < asked.to; at += READ_AT_ONCE_MS) {
      if (at > asked.from) await setImmediate();
      pieces.push(...context.index.listActivity(cameraId, at, Math.min(asked.to, at + READ_AT_ONCE_MS))); // one that lies on a border comes twice, which changes nothing
    }
    const worker = context.pool.find(cameraId);
    const open = worker?.writer.findOpenSegment();
    if (worker !== undefined && open !== undefined) pieces.push({ startMs: open.startMs, values: worker.activity.read(open.startMs, open.endMs) });
    const answer: RecordingActivity = { cameraId, ...range, values: buildActivity(range, pieces) };
    return reply.header("cache-control", "no-store").send(answer);
  });
}
