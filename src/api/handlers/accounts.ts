// Accounts, by administrators.
import { createFault } from "../../base/expectations.ts";
import type { Clock } from "../../base/time.ts";
import { hex } from "../gate/identify.ts";
import { ApiError, badInput, notFound } from "../gate/problem.ts";
import type { SessionEnds } from "../gate/session-ends.ts";
import type { Handlers } from "../handler.ts";
import type { AccountFault } from "../../contract/register.ts";
import type { AccountStorePort, SecretPort, SessionStorePort } from "../ports.ts";

export interface AccountHandlerOptions {
  readonly clock: Clock;
  readonly secrets: SecretPort;
  readonly accounts: AccountStorePort;
  readonly sessions: SessionStorePort;
  readonly ends: SessionEnds;
  /** Ends what the account looks at just now. */
  readonly endLooks: (accountId: number) => Promise<void>;
  readonly unitExists: (unitId: number) => boolean;
}

function refusalOf(fault: AccountFault, login: string | null): ApiError {
  switch (fault) {
    case "not-found": return notFound("account");
    case "login-taken": return new ApiError(409, "login-taken", "An account has that name already", { faults: [createFault("login", login ?? "", "login-free")] });
    case "last-administrator": return new ApiError(409, "last-administrator", "One enabled administrator must remain");
    case "unit-needs-field-role": return new ApiError(400, "unit-needs-field-role", "Only an officer or a guard is bound to a unit", { faults: [createFault("unitId", "given", "unit-role")] });
    case "already-used": return new ApiError(409, "already-used", "The first account exists");
  }
}

export function createAccountHandlers({ clock, secrets, accounts, sessions, ends, endLooks, unitExists }: AccountHandlerOptions): Pick<Handlers, "listAccounts" | "createAccount" | "changeAccount" | "listAccountSessions" | "endAccountSessions"> {
  const checkUnit = (unitId: number | null | undefined): void => {
    if (unitId !== null && unitId !== undefined && !unitExists(unitId))
      throw badInput([createFault("unitId", String(unitId), "unit-exists")]);
  };
  return {
    listAccounts: async () => ({ accounts: await accounts.list() }),

    createAccount: async ({ principal, body }) => {
      checkUnit(body.unitId);
      const { password, ...account } = body;
      const created = await accounts.create({ ...account, passwordHash: await secrets.hashPassword(password) }, principal.actor, clock.wallMs());
      if (!created.ok) throw refusalOf(created.error, body.login);
      return created.value;
    },

    changeAccount: async ({ principal, params, body }) => {
      checkUnit(body.unitId);
      const { password, ...change } = body;
      const passwordHash = password === undefined ? undefined : await secrets.hashPassword(password);
      const changed = await accounts.change(params.id, { ...change, passwordHash }, principal.actor, clock.wallMs());
      if (!changed.ok) throw refusalOf(changed.error, null);
      if (passwordHash !== undefined || change.roles !== undefined || change.disabled !== undefined) {
        ends.account(params.id);
        await endLooks(params.id);
      } else if (change.unitId !== undefined) await endLooks(params.id); // [VIEW11] the job of the unit of before is no reason any more
      return changed.value;
    },

    listAccountSessions: async ({ principal, params }) => {
      const own = principal.kind === "user" ? hex(principal.session.tokenHash) : null;
      const listed = await sessions.listOfAccount(params.id, clock.wallMs());
      return { sessions: listed.map(({ tokenHash, ...session }) => ({ ...session, own: hex(tokenHash) === own })) };
    },

    endAccountSessions: async ({ principal, params }) => {
      const own = principal.kind === "user" && principal.account.id === params.id ? principal.session : null;
      const ended = await sessions.endOfAccount(params.id, own?.tokenHash ?? null, principal.actor, clock.wallMs());
      ends.account(params.id, own?.key ?? null);
      await endLooks(params.id);
      return { ended };
    },
  };
}
