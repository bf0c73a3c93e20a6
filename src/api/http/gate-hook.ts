// Hangs the gate before every request. A route that names no permission cannot be registered; a request that matches no route reaches none.
import "@fastify/cookie"; // its types add `cookies` to the request
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Route, RouteName } from "../../contract/routes.ts";
import { CSRF_HEADER } from "../../contract/access.ts";
import { authorise } from "../gate/authorise.ts";
import type { Identify } from "../gate/identify.ts";
import type { Principal } from "../gate/principal.ts";
import { ApiError } from "../gate/problem.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    permission?: Route["permission"];
    routeName?: RouteName;
  }
  interface FastifyRequest {
    principal: Principal | null;
  }
}

export interface GateOptions {
  readonly identify: Identify;
  readonly publicOrigin: string;
  readonly cookieName: string;
  readonly equalSecrets: (a: string, b: string) => boolean;
  /** Throws where the sender asks too often. */
  readonly checkFlood: (request: FastifyRequest) => Promise<void>;
  /** Told of each request that the gate lets through. */
  readonly onLetIn: (principal: Principal, address: string) => void;
}

const single = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header[0] : header);

export function registerGate(app: FastifyInstance, { identify, publicOrigin, cookieName, equalSecrets, checkFlood, onLetIn }: GateOptions): { identifyRequest(request: FastifyRequest): Promise<Principal | null> } {
  const identifyRequest = (request: FastifyRequest): Promise<Principal | null> =>
    identify({ authorization: request.headers.authorization, sessionToken: request.cookies[cookieName] });

  app.decorateRequest("principal", null);
  app.addHook("onRoute", (route) => {
    if (route.config?.permission === undefined) throw new Error(`route ${String(route.method)} ${route.url} names no permission`);
  });
  app.addHook("onRequest", async (request) => {
    if (request.is404) return;
    const { permission } = request.routeOptions.config;
    if (permission === undefined) throw new ApiError(403, "forbidden", "This route names no permission");
    request.principal = permission === "open" ? null : await identifyRequest(request);
    await checkFlood(request);
    const from = { origin: request.headers.origin, csrf: single(request.headers[CSRF_HEADER]), isUpgrade: request.headers.upgrade !== undefined };
    authorise(request.principal, { method: request.method as Route["method"], permission }, from, publicOrigin, equalSecrets);
    if (request.principal !== null) onLetIn(request.principal, request.ip);
  });
  return { identifyRequest };
}
