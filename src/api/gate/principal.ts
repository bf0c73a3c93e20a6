// Who is asking: a person by a session cookie, or a machine by its service token. Everything else is nobody.
import { PERMISSIONS_OF, type Account, type Permission, type ServiceRole } from "../../contract/access.ts";
import { REPLAY_ACTOR_ID, type Actor } from "../../contract/basics.ts";
import type { InterfaceName } from "../../contract/interfaces.ts";

export interface UserPrincipal {
  readonly kind: "user";
  readonly account: Account;
  readonly permissions: ReadonlySet<Permission>;
  readonly actor: Actor;
  readonly session: { readonly tokenHash: Uint8Array; readonly key: string; readonly csrf: string; readonly expiresAt: number };
}
export interface ServicePrincipal {
  readonly kind: "service";
  readonly role: ServiceRole | InterfaceName;
  readonly permissions: ReadonlySet<Permission>;
  readonly actor: Actor;
}
export type Principal = UserPrincipal | ServicePrincipal;

export const permissionsOfAccount = (account: { readonly roles: readonly Account["roles"][number][] }): Permission[] => [...new Set(account.roles.flatMap((role) => PERMISSIONS_OF[role]))];

/** The system's own services have small fixed ids, so that records can name them; outside systems have theirs from 1001 on. */
const SERVICES: Record<ServiceRole, { readonly id: number; readonly name: string }> = {
  "service-telephony": { id: 1, name: "telephone switch" },
  "service-fleet": { id: 2, name: "vehicle tracking" },
  "service-recorder": { id: 3, name: "recorder" },
  "service-operator": { id: 4, name: "command line" },
  "service-replay": { id: REPLAY_ACTOR_ID, name: "replay" },
};

export const createServicePrincipal = (role: ServiceRole): ServicePrincipal => ({
  kind: "service", role, permissions: new Set(PERMISSIONS_OF[role]), actor: { kind: "service", ...SERVICES[role] },
});

/** One of this installation's own parts, by a secret of its data folder. */
export const isOwnService = ({ role }: ServicePrincipal): boolean => Object.hasOwn(SERVICES, role);
