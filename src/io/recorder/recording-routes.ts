// One MP4 of any range over HTTP ([PLY11] to [PLY14]): by GET with the token in `Authorization` and byte ranges, for players and resumed downloads; and by POST with the token
// in a form field, for a download that the browser itself does: a token never stands in an address. What runs ends with its view.
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { formatFileName } from "../../video/playback/file-name.ts";
import { type Movie, MovieSource } from "./movie-source.ts";
import type { RunningBodies } from "./running-bodies.ts";
import { type AskedRange, type PlaybackContext, refuse, takeRange } from "./playback-access.ts";
import { parseByteRange } from "./byte-range.ts";

export const RECORDING_URL = "/v1/cameras/:id/recording.mp4";
/** A file to take away is a right of its own [VIEW13]. */
const DOWNLOAD = ["download"] as const;
const MOST_RECORDING_MS = 32 * 86_400_000;
/** The plan reads every file of sound: a day's are read in seconds. */
const MOST_HEARD_MS = 86_400_000;
const FORM_TYPE = "application/x-www-form-urlencoded";
const MOST_FORM_BYTES = 8_192;

export function addRecordingRoutes(app: FastifyInstance, context: PlaybackContext, running: RunningBodies): void {
  const source = new MovieSource(context);
  // Not the HEAD that Fastify makes of a GET: that one sets the length to 0.
  app.route({ method: ["GET", "HEAD"], url: RECORDING_URL, exposeHeadRoute: false, handler: async (request, reply) => {
    const asked = await takeRange(context, request, reply, MOST_RECORDING_MS, DOWNLOAD);
    return asked === undefined ? reply : answer(context, source, running, request, reply, asked, "inline");
  } });

  void app.register(async (forms) => {
    // Routes of evidence packages take forms too, and bring a parser for the whole server.
    if (!forms.hasContentTypeParser(FORM_TYPE)) forms.addContentTypeParser(FORM_TYPE, { parseAs: "string", bodyLimit: MOST_FORM_BYTES }, (_request, body, done) => done(null, new URLSearchParams(String(body))));
    forms.post(RECORDING_URL, { bodyLimit: MOST_FORM_BYTES }, async (request, reply) => {
      const form: Readonly<Record<string, string>> = request.body instanceof URLSearchParams ? Object.fromEntries(request.body) : {};
      const asked = await takeRange(context, request, reply, MOST_RECORDING_MS, DOWNLOAD, form, form["token"] ?? "");
      return asked === undefined ? reply : answer(context, source, running, request, reply, asked, "attachment");
    });
  });
}

async function answer(
  context: PlaybackContext, source: MovieSource, running: RunningBodies, request: FastifyRequest, reply: FastifyReply, asked: AskedRange, disposition: "inline" | "attachment",
): Promise<FastifyReply> {
  if (asked.claims.sound && asked.to - asked.from > MOST_HEARD_MS) return refuse(reply, 400, "bad-range", `expected from and to at most ${MOST_HEARD_MS} ms apart with sound`);
  const place = running.take("recording", asked.claims);
  if (place === undefined) return refuse(reply.header("retry-after", "5"), 503, "too-many-readers", "too many recordings are being read already; try again in a moment");
  let body: Readable | undefined;
  try {
    const movie = await source.find(asked.cameraId, asked.from, asked.to, asked.claims.sound, () => !place.isEnded && !reply.raw.destroyed);
    if (place.isEnded) return refuse(reply, 401, "view-ended", "the view ended meanwhile");
    if (movie === undefined) return refuse(reply, 404, "no-picture", "nothing is recorded in this range");
    if (movie === "unreadable") return refuse(reply, 410, "unreadable", "what was recorded in this range cannot be read any more");
    const bytes = describeMovie(context, request, reply, asked, movie, disposition);
    if (bytes === undefined) return refuse(reply.header("content-range", `bytes */${movie.totalBytes}`), 416, "bad-range", `expected bytes within ${movie.totalBytes}`);
    if (request.method === "HEAD") return reply.send();
    body = Readable.from(source.read(asked.cameraId, movie, bytes.start, bytes.end, (from, to) => context.served.note(asked.claims.viewId, from, to, context.clock.monotonicMs())), { objectMode: false });
    place.give(body);
    return reply.send(body);
  } finally {
    if (body === undefined) place.leave();
  }
}

/** Sets status and headers. Answers the bytes that are to go out; undefined where none of those asked for are in it. */
function describeMovie(context: PlaybackContext, request: FastifyRequest, reply: FastifyReply, asked: AskedRange, movie: Movie, disposition: "inline" | "attachment"): { readonly start: number; readonly end: number } | undefined {
  const { plan, totalBytes } = movie;
  const code = context.pool.find(asked.cameraId)?.camera.code ?? `camera ${asked.cameraId}`;
  const name = formatFileName(code, Math.max(asked.from, plan.startMs), Math.min(asked.to, plan.endMs), findTimeZone(context));
  reply.header("accept-ranges", "bytes").header("cache-control", "private, no-store").header("etag", movie.etag).type("video/mp4")
    .header("content-disposition", `${disposition}; filename="${name.replaceAll(/[^\x20-\x7e]|["\\]/g, "_")}"; filename*=UTF-8''${encodeURIComponent(name)}`)
    .header("x-citywatch-first-picture", String(Math.round(plan.startMs))).header("x-citywatch-last-picture", String(Math.round(plan.endMs)));
  if (movie.sound !== undefined) {
    const { format, why, missingMs } = movie.sound;
    reply.header("x-citywatch-sound", format?.codec ?? "none").header("x-citywatch-sound-missing", String(missingMs));
    if (why !== undefined) reply.header("x-citywatch-no-sound", why);
  }
  if (plan.leftOutMs > 0) reply.header("x-citywatch-left-out", String(Math.round(plan.leftOutMs)));
  if (movie.nextMs !== undefined) reply.header("x-citywatch-next-format", String(Math.round(movie.nextMs)));
  const ifRange = request.headers["if-range"];
  const range = request.method === "POST" || (ifRange !== undefined && ifRange !== movie.etag) ? undefined : parseByteRange(request.headers.range, totalBytes);
  if (range === "unsatisfiable") return undefined;
  const bytes = range ?? { start: 0, end: totalBytes };
  if (range !== undefined) reply.code(206).header("content-range", `bytes ${bytes.start}-${bytes.end - 1}/${totalBytes}`);
  reply.header("content-length", bytes.end - bytes.start);
  return bytes;
}

function findTimeZone(context: PlaybackContext): string {
  return context.index.findSetting("time-zone") ?? "UTC";
}
