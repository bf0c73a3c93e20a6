// Logging in and out, and the first account. The order of a log-in: the throttle, then the password (always the same work), then the session.
import { ADDRESS_POLICY, LOGIN_NAME_POLICY, createThrottle } from "../../accountability/login-throttle.ts";
import { sessionExpiresAt } from "../../accountability/session-policy.ts";
import type { Clock } from "../../base/time.ts";
import { FIRST_ACCOUNT_ROLES, FIRST_DEMO_ACCOUNT_ROLES, plainToken, type Account, type SessionView } from "../../contract/access.ts";
import { permissionsOfAccount, type UserPrincipal } from "../gate/principal.ts";
import { ApiError } from "../gate/problem.ts";
import { hex } from "../gate/identify.ts";
import type { Handlers } from "../handler.ts";
import type { SessionEnds } from "../gate/session-ends.ts";
import type { AccountStorePort, LogPort, SecretPort, SessionStorePort } from "../ports.ts";

export interface SessionHandlerOptions {
  readonly clock: Clock;
  readonly log: LogPort;
  readonly secrets: SecretPort;
  readonly accounts: AccountStorePort;
  readonly sessions: SessionStorePort;
  readonly ends: SessionEnds;
  /** Ends what the account looks at just now. */
  readonly endLooks: (accountId: number) => Promise<void>;
  readonly firstAccountToken: string | null;
  readonly cityName: string;
  readonly attribution: string;
  readonly demo: boolean;
  readonly simulatedCalls: boolean;
  readonly training: boolean;
  readonly version: string;
  readonly countLogIn: (outcome: "done" | "failed" | "throttled") => void;
}

type Names = "welcome" | "createFirstAccount" | "logIn" | "getSession" | "logOut" | "changeOwnPassword";

export function createSessionHandlers(options: SessionHandlerOptions): Pick<Handlers, Names> {
  const { clock, log, secrets, accounts, sessions, ends, endLooks } = options;
  const firstAccountRoles = [...(options.demo ? FIRST_DEMO_ACCOUNT_ROLES : FIRST_ACCOUNT_ROLES)];
  const names = createThrottle(LOGIN_NAME_POLICY);
  const addresses = createThrottle(ADDRESS_POLICY);
  let mayNeedFirst = true; // once an account exists, one always does

  const needsFirstAccount = async (): Promise<boolean> => mayNeedFirst && (mayNeedFirst = await accounts.isEmpty());

  const throttled = (waitMs: number): ApiError => {
    options.countLogIn("throttled");
    return new ApiError(429, "too-many-tries", "Too many failed tries: wait, then try again", { retryAfterMs: waitMs, details: { retryAfterMs: Math.ceil(waitMs) } });
  };

  const begin = async (account: Account, address: string, setSessionToken: (token: string) => void): Promise<SessionView> => {
    const token = secrets.createToken();
    const now = clock.wallMs();
    await sessions.create(secrets.hashToken(token), account.id, address, now);
    setSessionToken(token);
    return { account, permissions: permissionsOfAccount(account), csrf: secrets.deriveCsrf(token), expiresAt: sessionExpiresAt({ createdAt: now, lastUsedAt: now }) };
  };

  const viewOf = (principal: UserPrincipal): SessionView => ({
    account: principal.account, permissions: [...principal.permissions], csrf: principal.session.csrf, expiresAt: principal.session.expiresAt,
  });

  return {
    welcome: async () => ({
      name: options.cityName, demo: options.demo, simulatedCalls: options.simulatedCalls, training: options.training, version: options.version, needsFirstAccount: await needsFirstAccount(), attribution: options.attribution, firstAccountRoles,
    }),

    createFirstAccount: async ({ body, address, setSessionToken }) => {
      const wait = addresses.waitMs(address, clock.monotonicMs());
      if (wait > 0) throw throttled(wait);
      if (options.firstAccountToken === null || !(await needsFirstAccount())) throw new ApiError(409, "already-used", "The first account exists: log in with it");
      if (!secrets.equalSecrets(plainToken(options.firstAccountToken), body.token)) {
        addresses.failed(address, clock.monotonicMs());
        throw new ApiError(403, "wrong-token", "That is not the one-time token that the terminal printed");
      }
      const passwordHash = await secrets.hashPassword(body.password);
      const created = await accounts.createFirst({ name: body.name, login: body.login, passwordHash, roles: firstAccountRoles, unitId: null }, clock.wallMs());
      if (!created.ok) throw new ApiError(409, "already-used", "The first account exists: log in with it");
      mayNeedFirst = false;
      log.info({ account: created.value.id }, "first account made");
      return begin(created.value, address, setSessionToken);
    },

    logIn: async ({ body, address, setSessionToken }) => {
      const now = clock.monotonicMs();
      const wait = Math.max(names.waitMs(body.login, now), addresses.waitMs(address, now));
      if (wait > 0) throw throttled(wait);
      names.failed(body.login, now); // counted first, so that tries at once do not all pass
      addresses.failed(address, now);
      const found = await accounts.findForLogin(body.login);
      const right = await secrets.verifyPassword(found?.passwordHash ?? null, body.password);
      if (found === null || !right) {
        options.countLogIn("failed");
        throw new ApiError(401, "wrong-login", "Name or password is wrong");
      }
      if (found.account.disabled) { // said only to whoever knows the password: to others there is no such account
        options.countLogIn("failed");
        throw new ApiError(403, "account-disabled", "This account was disabled");
      }
      names.succeeded(body.login);
      addresses.pardon(address);
      options.countLogIn("done");
      return begin(found.account, address, setSessionToken);
    },

    getSession: async ({ principal }) => viewOf(principal),

    logOut: async ({ principal, setSessionToken }) => {
      await sessions.end(principal.session.tokenHash);
      setSessionToken(null);
      ends.session(principal.session.key);
      return { done: true };
    },

    changeOwnPassword: async ({ principal, body }) => {
      const { login, id } = principal.account;
      const now = clock.monotonicMs();
      const wait = names.waitMs(login, now);
      if (wait > 0) throw throttled(wait);
      names.failed(login, now);
      const found = await accounts.findForLogin(login);
      if (!(await secrets.verifyPassword(found?.passwordHash ?? null, body.current))) throw new ApiError(403, "wrong-password", "The present password is wrong");
      names.succeeded(login);
      const passwordHash = await secrets.hashPassword(body.next);
      const changed = await accounts.change(id, { passwordHash }, principal.actor, clock.wallMs(), principal.session.tokenHash);
      if (!changed.ok) throw new ApiError(404, "not-found", "No such account");
      ends.account(id, hex(principal.session.tokenHash));
      await endLooks(id); // the page that stays asks for its pictures anew
      return { done: true };
    },
  };
}
