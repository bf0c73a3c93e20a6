// The gate: one place that says yes, and only where the route table says so. Pure: who, which route, what the headers say.
import { CSRF_HEADER, type Permission } from "../../contract/access.ts";
import { COMMAND_PERMISSIONS } from "../../contract/command-permissions.ts";
import type { Command } from "../../contract/dispatch.ts";
import type { Route } from "../../contract/routes.ts";
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

/** Units by assignment, for the rule of one's own unit. */
export interface OwnUnitLookup {
  findAssignment(id: number): { readonly unitId: number } | null;
}

/** Throws unless the principal may send this command. */
export function authoriseCommand(principal: Principal, command: Command, lookup: OwnUnitLookup): void {
  const rule = COMMAND_PERMISSIONS[command.type];
  if (rule.anyOf.some((permission) => principal.permissions.has(permission))) return;
  if (rule.own === true && principal.permissions.has("unit.self")) {
    if (principal.kind === "service") return;
    const unitId = "unitId" in command ? command.unitId : "assignmentId" in command ? (lookup.findAssignment(command.assignmentId)?.unitId ?? null) : null;
    if (unitId !== null && unitId === principal.account.unitId) return;
    throw new ApiError(403, "not-your-unit", "This account acts for its own unit only", { details: { unitId: principal.account.unitId } });
  }
  throw new ApiError(403, "forbidden", `This account may not send ${command.type}`, { details: { permissions: rule.anyOf } });
}
