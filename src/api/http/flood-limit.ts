// How many requests are taken in a minute: generous for whoever is logged in (a wall of cameras, a map that is dragged about), tight for whoever is
// not. Counted per session, since a whole control room may come from one address, and per address for strangers. Machines of our own are not
// counted: what they hold is a secret of the installation; outside systems are, each by its account. The page's own files are not either: they cost no more than the limit would.
// What is open to the public asks the database: it is counted [CAP6].
// A limit against passwords being guessed is another thing: src/accountability/login-throttle.ts.
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { isOwnService } from "../gate/principal.ts";
import { ApiError } from "../gate/problem.ts";

export interface FloodLimits {
  readonly perSession: number;
  readonly perStranger: number;
  readonly perMachine: number;
}
/** In a minute. A gateway that tells 14,000 trackers one by one, each every 10 s, is some 84,000 requests. 200 consoles behind one address that are all opened and logged in at once are some 600 requests of strangers. */
export const FLOOD_LIMITS: FloodLimits = { perSession: 6_000, perStranger: 600, perMachine: 120_000 };
const WINDOW_MS = 60_000;
const MOST_KEYS = 20_000;

const COUNTED = ["/api/", "/public/"];
const isCounted = (path: string): boolean => COUNTED.some((start) => path.startsWith(start));

/** The check is to be made once `request.principal` is known; throws ApiError 429 with the time after which to come back. */
export async function registerFloodLimit(app: FastifyInstance, limits: FloodLimits): Promise<(request: FastifyRequest) => Promise<void>> {
  await app.register(rateLimit, { global: false, cache: MOST_KEYS, timeWindow: WINDOW_MS });
  const limitSession = app.createRateLimit({ max: limits.perSession, keyGenerator: ({ principal }) => (principal?.kind === "user" ? principal.session.key : "") });
  const limitMachine = app.createRateLimit({ max: limits.perMachine, keyGenerator: ({ principal }) => `machine ${principal?.actor.id ?? 0}` });
  const limitStranger = app.createRateLimit({ max: limits.perStranger }); // by address, IPv6 by its network
  return async (request) => {
    const { principal } = request;
    if ((principal?.kind === "service" && isOwnService(principal)) || (principal === null && !isCounted(request.url) && !isCounted(request.routeOptions.url ?? ""))) return; // by its route too: an address may be written with escapes
    const found = await (principal === null ? limitStranger : principal.kind === "service" ? limitMachine : limitSession)(request);
    if (!found.isAllowed && found.isExceeded) throw new ApiError(429, "too-many-requests", "Too many requests in a minute", { retryAfterMs: found.ttl });
  };
}
