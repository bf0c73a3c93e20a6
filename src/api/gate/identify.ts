// Finds out who is asking. The order matters: a request with an Authorization header is a machine's and its cookies are not looked at, so a
// page can never borrow a machine's rights nor the other way round.
import { isSessionOver, mustTouch, sessionExpiresAt } from "../../accountability/session-policy.ts";
import type { Clock } from "../../base/time.ts";
import type { ServiceRole } from "../../contract/access.ts";
import type { SecretPort, SessionStorePort } from "../ports.ts";
import { createServicePrincipal, permissionsOfAccount, type Principal, type ServicePrincipal } from "./principal.ts";

export interface Credentials {
  readonly authorization: string | undefined;
  readonly sessionToken: string | undefined;
}

export interface IdentifyOptions {
  readonly clock: Clock;
  readonly secrets: SecretPort;
  readonly sessions: SessionStorePort;
  readonly serviceTokens: Readonly<Partial<Record<ServiceRole, string>>>;
  /** The outside system whose key has this hash; null: none, or a revoked one. */
  readonly findMachine: (tokenHash: Uint8Array) => ServicePrincipal | null;
}

const BEARER = /^Bearer ([A-Za-z0-9._~+/=-]{16,200})$/;
/** RFC 7617, for devices that can send a user name and a password and nothing else: the password is the key. */
const BASIC = /^Basic ([A-Za-z0-9+/]{16,400}={0,2})$/;
const SESSION_TOKEN = /^[A-Za-z0-9_-]{43}$/;

export const createIdentify = ({ clock, secrets, sessions, serviceTokens, findMachine }: IdentifyOptions) => {
  const services = (Object.keys(serviceTokens) as ServiceRole[]).map((role) => ({ token: serviceTokens[role]!, principal: createServicePrincipal(role) }));

  const findService = (authorization: string): ServicePrincipal | null => {
    const basic = BASIC.exec(authorization)?.[1];
    if (basic !== undefined) {
      const pair = Buffer.from(basic, "base64").toString("utf8");
      return findMachine(secrets.hashToken(pair.slice(pair.indexOf(":") + 1)));
    }
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) return null;
    let found: ServicePrincipal | null = null;
    for (const service of services) if (secrets.equalSecrets(service.token, token)) found = service.principal; // all are compared: equal time
    return found ?? findMachine(secrets.hashToken(token)); // found by its hash: time tells nothing of the key
  };

  return async (credentials: Credentials): Promise<Principal | null> => {
    if (credentials.authorization !== undefined) return findService(credentials.authorization);
    const token = credentials.sessionToken;
    if (token === undefined || !SESSION_TOKEN.test(token)) return null;
    const tokenHash = secrets.hashToken(token);
    const stored = await sessions.find(tokenHash);
    const now = clock.wallMs();
    if (stored === null) return null;
    if (isSessionOver(stored, now)) {
      await sessions.end(tokenHash);
      return null;
    }
    if (mustTouch(stored, now)) await sessions.touch(tokenHash, now);
    return {
      kind: "user", account: stored.account, permissions: new Set(permissionsOfAccount(stored.account)),
      actor: { kind: "user", id: stored.account.id, name: stored.account.name },
      session: { tokenHash, key: hex(tokenHash), csrf: secrets.deriveCsrf(token), expiresAt: sessionExpiresAt({ createdAt: stored.createdAt, lastUsedAt: now }) },
    };
  };
};
export type Identify = ReturnType<typeof createIdentify>;

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
