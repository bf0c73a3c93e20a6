// What machines ask of the server itself: is it alive, is it ready, how does it do, what can it do.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { mayDo } from "../gate/authorise.ts";
import type { Principal } from "../gate/principal.ts";
import { ApiError } from "../gate/problem.ts";
import type { Metrics } from "./metrics.ts";
import { createOpenApi } from "./openapi.ts";

export interface ServiceRouteOptions {
  readonly version: string;
  readonly metrics: Metrics;
  readonly identifyRequest: (request: FastifyRequest) => Promise<Principal | null>;
  /** Why it is not ready; empty: it is. */
  readonly findObstacles: () => Promise<string[]>;
}

const LOOPBACK = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);

/** From this machine itself, not through a proxy on it. */
const isLocal = (request: FastifyRequest): boolean =>
  LOOPBACK.has(request.socket.remoteAddress ?? "") && request.headers["x-forwarded-for"] === undefined && request.headers["forwarded"] === undefined;

export function registerServiceRoutes(app: FastifyInstance, { version, metrics, identifyRequest, findObstacles }: ServiceRouteOptions): void {
  let openApi: string | undefined;
  app.get("/api/v1/openapi.json", { config: { permission: "open" } }, (_request, reply) => {
    openApi ??= JSON.stringify(createOpenApi(version));
    return reply.type("application/json; charset=utf-8").header("cache-control", "no-cache").send(openApi);
  });
  app.get("/healthz", { config: { permission: "open" } }, (_request, reply) => reply.type("text/plain").send("alive\n"));
  app.get("/readyz", { config: { permission: "open" } }, async (_request, reply) => {
    const obstacles = await findObstacles();
    return reply.code(obstacles.length === 0 ? 200 : 503).header("cache-control", "no-store").send({ ready: obstacles.length === 0, obstacles });
  });
  // Open in the table, but not to all: Prometheus on this machine needs no account, everybody else the permission.
  app.get("/metrics", { config: { permission: "open" } }, async (request, reply) => {
    if (!isLocal(request)) {
      const principal = await identifyRequest(request);
      if (!mayDo(principal, "system.read")) throw new ApiError(principal === null ? 401 : 403, principal === null ? "not-logged-in" : "forbidden", "Metrics need system.read, or a request from the server's own machine");
    }
    return reply.type(metrics.contentType).header("cache-control", "no-store").send(await metrics.text());
  });
}
