// Puts the route table on the server: each entry with its handler behind the gate. Input is read by the entry's schemas; in tests answers are too.
import { Transform, type Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import { MAX_STREAM_BYTES, ROUTES, type Route, type RouteName } from "../../contract/routes.ts";
import { faultsOf } from "../../contract/faults.ts";
import { ApiError, badInput } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";

export interface RegisterOptions {
  readonly handlers: Handlers;
  readonly setSessionToken: (reply: FastifyReply, token: string | null) => void;
  /** Tests: an answer that its schema does not allow is a 500. */
  readonly checkAnswers: boolean;
}

const BODY_LIMIT_BYTES = 256 * 1024;
const BODY_LIMITS: Partial<Record<RouteName, number>> = { importCameras: 60_000_000, importPlatforms: 6_000_000, importShifts: 6_000_000, enterShifts: 2_000_000, reportPositions: 2_000_000, reportCap: 2_000_000, reportEido: 2_000_000 };

function read(part: string, schema: z.ZodType | undefined, input: unknown): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(input);
  if (!result.success) throw badInput(faultsOf(part, input, result.error));
  return result.data;
}

/** Ends a stream that is longer than allowed. */
function limited(stream: Readable): Readable {
  let bytes = 0;
  const limit = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      if (bytes > MAX_STREAM_BYTES) done(new ApiError(413, "too-long", `The body is longer than ${MAX_STREAM_BYTES} bytes`));
      else done(null, chunk);
    },
  });
  stream.once("error", (error) => limit.destroy(error));
  return stream.pipe(limit);
}

export function registerRoutes(app: FastifyInstance, { handlers, setSessionToken, checkAnswers }: RegisterOptions): void {
  for (const stream of new Set(Object.values(ROUTES).flatMap((route: Route) => route.stream ?? [])))
    app.addContentTypeParser(stream, (_request: FastifyRequest, payload: Readable, done: (error: Error | null, body?: unknown) => void) => done(null, payload));

  const takesForms = new Set((Object.values(ROUTES) as Route[]).filter((route) => route.isForm === true).map((route) => route.path));
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (request: FastifyRequest, text: string, done: (error: Error | null, body?: unknown) => void) => {
    if (!takesForms.has(request.routeOptions.url?.replace("/api/v1", "") ?? "")) done(new ApiError(415, "wrong-media-type", "This route takes application/json"));
    else done(null, text === "" ? null : Object.fromEntries(new URLSearchParams(text)));
  });

  const takesXml = new Set((Object.values(ROUTES) as Route[]).filter((route) => route.isXml === true).map((route) => route.path));
  app.addContentTypeParser(["application/cap+xml", "application/xml", "text/xml"], { parseAs: "string" }, (request: FastifyRequest, xml: string, done: (error: Error | null, body?: unknown) => void) => {
    if (!takesXml.has(request.routeOptions.url?.replace("/api/v1", "") ?? "")) done(new ApiError(415, "wrong-media-type", "This route takes application/json"));
    else done(null, { xml });
  });

  for (const name of Object.keys(ROUTES) as RouteName[]) {
    const route: Route = ROUTES[name];
    const handle = handlers[name] as (call: object) => Promise<unknown>;
    app.route({
      method: route.method,
      url: `/api/v1${route.path.replace(/\{(\w+)\}/g, ":$1")}`,
      config: { permission: route.permission, routeName: name },
      bodyLimit: BODY_LIMITS[name] ?? BODY_LIMIT_BYTES,
      handler: async (request, reply) => {
        const isStream = route.stream !== undefined && request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() === route.stream;
        if (!isStream && typeof (request.body as { pipe?: unknown } | null)?.pipe === "function") throw new ApiError(415, "wrong-media-type", "This route takes application/json");
        const answer = await handle({
          principal: request.principal,
          params: read("params", route.params, request.params),
          query: read("query", route.query, request.query),
          body: isStream ? undefined : read("body", route.body, request.body),
          stream: isStream ? limited(request.body as Readable) : null,
          address: request.ip,
          setSessionToken: (token: string | null) => setSessionToken(reply, token),
        });
        if (checkAnswers) {
          const checked = route.answer.safeParse(answer);
          if (!checked.success) throw new Error(`${name} gave an answer that its schema does not allow: ${JSON.stringify(checked.error.issues.slice(0, 3))}`);
        }
        return answer;
      },
    });
  }
}
