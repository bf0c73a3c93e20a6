// The gate: one place that says yes, and only where the route table says so. Pure: who, which route, what the headers say.
import { CSRF_HEADER, type Permission } from "../../contract/access.ts";
import type { Command } from "../../contract/dispatch.ts";
import type { Route } from "../../contract/routes.ts";
import type { AssignmentState } from "../../dispatch/entities.ts";
import { type Asker, findForbidden } from "../../dispatch/permission.ts";
import type { Principal } from "./principal.ts";
import { ApiError } from "./problem.ts";

/** What the browser says of where a request came from. */
export interface RequestOrigin {
  readonly origin: string | undefined;
  readonly csrf: string | undefined;
  /** A WebSocket is to be opened: browsers let any page try that, cookies and all, so the origin must be named and ours (RFC 6455, 10.2). */
  readonly isUpgrade: boolean;
}

export const mayDo = (principal: Principal | null, permission: Route["permission"]): boolean => {
  if (permission === "open") return true;
  if (principal === null) return false;
  if (permission === "logged-in") return principal.kind === "user";
  const anyOf: readonly Permission[] = typeof permission === "string" ? [permission] : permission;
  return anyOf.some((one) => principal.permissions.has(one));
};

const notLoggedIn = (): ApiError => new ApiError(401, "not-logged-in", "Log in first");

/** Throws unless this principal may use this route, by a request that the city's own page made. */
export function authorise(principal: Principal | null, route: Pick<Route, "method" | "permission">, from: RequestOrigin, publicOrigin: string, equal: (a: string, b: string) => boolean): void {
  // A browser names the origin with each change; another origin has no business here, whoever the person is.
  if (route.method !== "GET" && principal?.kind !== "service" && from.origin !== undefined && from.origin !== publicOrigin)
    throw new ApiError(403, "foreign-origin", "The request came from another site");
  if (from.isUpgrade && principal?.kind === "user" && from.origin !== publicOrigin) throw new ApiError(403, "foreign-origin", "The request came from another site");
  if (!mayDo(principal, route.permission)) {
    if (principal === null) throw notLoggedIn();
    const wanted = typeof route.permission === "string" ? [route.permission] : route.permission;
    throw new ApiError(403, "forbidden", "This account may not do that", { details: { permissions: wanted } });
  }
  if (principal?.kind === "user" && route.method !== "GET" && route.permission !== "open" && (from.csrf === undefined || !equal(from.csrf, principal.session.csrf)))
    throw new ApiError(403, "csrf", `The header ${CSRF_HEADER} is missing or wrong`);
}

/** Units by assignment and jobs by incident, for the rules of one's own unit and of ties that take units along. */
export interface JobLookup {
  findAssignment(id: number): { readonly unitId: number; readonly state: AssignmentState } | null;
  findIncident(id: number): { readonly assignmentIds: readonly number[] } | null;
}

/**
 * Throws unless the sender may send this command. The rule is dispatch's own, which the writer asks again beside the state that it changes; here
 * it spares the log the refusals of those who may not.
 */
export function authoriseCommand(sender: Asker, command: Command, lookup: JobLookup): void {
  const refusal = findForbidden({ assignments: { find: (id) => lookup.findAssignment(id) ?? undefined }, incidents: { find: (id) => lookup.findIncident(id) ?? undefined } }, sender, command);
  if (refusal === null) return;
  if (refusal.rule === "not-permitted") throw new ApiError(403, "forbidden", `This account may not send ${command.type}`, { details: { permissions: refusal.allowed } });
  throw new ApiError(403, refusal.rule, refusal.message);
}
