// The keys that open an interface, in memory: a position or an alarm is let in without asking the database, which may be away. Loaded at the start; what is
// made or revoked here holds from the very next request. When a key was last used is written to the minute, beside the request and never before it.
import type { Clock } from "../../base/time.ts";
import type { Actor } from "../../contract/basics.ts";
import { INTERFACE_PERMISSIONS, type InterfaceName, type MachineAccount } from "../../contract/interfaces.ts";
import { hex } from "../gate/identify.ts";
import type { ServicePrincipal } from "../gate/principal.ts";
import { ApiError, notFound } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";
import type { LogPort, MachineAccountStorePort, SecretPort } from "../ports.ts";

export interface MachineAccounts {
  /** Null: no key of ours, or a revoked one. */
  find(tokenHash: Uint8Array): ServicePrincipal | null;
  noteUse(principal: ServicePrincipal, from: string): void;
  /** Those of one interface whose keys open it now. */
  list(of: InterfaceName): MachineAccount[];
  readonly handlers: Pick<Handlers, "listMachineAccounts" | "createMachineAccount" | "revokeMachineAccount">;
}
export interface MachineAccountsOptions {
  readonly clock: Clock;
  readonly log: LogPort;
  readonly secrets: SecretPort;
  readonly store: MachineAccountStorePort;
}

/** Ids of machine accounts in records begin here: below are the system's own services. */
const FIRST_SERVICE_ID = 1_000;
const KEY_PREFIX = "cwk_"; // so that a scanner for leaked secrets knows one
const KEY_START = KEY_PREFIX.length + 6;
const USE_EVERY_MS = 60_000;

export const actorOfMachine = ({ id, name }: Pick<MachineAccount, "id" | "name">): Actor => ({ kind: "service", id: FIRST_SERVICE_ID + id, name });

export const accountIdOf = (actor: Pick<Actor, "id">): number => actor.id - FIRST_SERVICE_ID;

export async function createMachineAccounts({ clock, log, secrets, store }: MachineAccountsOptions): Promise<MachineAccounts> {
  interface Held {
    account: MachineAccount;
    readonly principal: ServicePrincipal;
    notedAt: number;
  }
  const byHash = new Map<string, Held>();
  const byServiceId = new Map<number, Held>();
  const hold = (account: MachineAccount, keyHash: Uint8Array): void => {
    const principal: ServicePrincipal = { kind: "service", role: account.interface, permissions: new Set([INTERFACE_PERMISSIONS[account.interface]]), actor: actorOfMachine(account) };
    const held = { account, principal, notedAt: account.lastUsedAt ?? -Infinity };
    byHash.set(hex(keyHash), held);
    byServiceId.set(principal.actor.id, held);
  };
  for (const { account, keyHash } of await store.list()) hold(account, keyHash);

  return {
    find: (tokenHash) => {
      const held = byHash.get(hex(tokenHash));
      return held === undefined || held.account.revokedAt !== null ? null : held.principal;
    },
    noteUse: (principal, from) => {
      const held = byServiceId.get(principal.actor.id);
      const now = clock.wallMs();
      if (held === undefined || now - held.notedAt < USE_EVERY_MS) return;
      held.notedAt = now;
      held.account = { ...held.account, lastUsedAt: now, lastUsedFrom: from };
      store.noteUse(held.account.id, now, from).catch((error: unknown) => log.warn({ account: held.account.name, error: (error as Error).message }, "the last use of a key could not be written"));
    },
    list: (of) => [...byServiceId.values()].map(({ account }) => account).filter((account) => account.interface === of && account.revokedAt === null),
    handlers: {
      listMachineAccounts: async () => ({ accounts: [...byServiceId.values()].map(({ account }) => account).sort((a, b) => b.id - a.id) }),

      createMachineAccount: async ({ principal, body }) => {
        const key = `${KEY_PREFIX}${secrets.createToken()}`;
        const keyHash = secrets.hashToken(key);
        const made = await store.create({ ...body, keyHash, keyStart: key.slice(0, KEY_START) }, principal.actor, clock.wallMs());
        if (!made.ok) throw new ApiError(409, made.error, "Another outside system has this name");
        hold(made.value, keyHash);
        return { account: made.value, key };
      },

      revokeMachineAccount: async ({ principal, params }) => {
        const revoked = await store.revoke(params.id, principal.actor, clock.wallMs());
        const held = byServiceId.get(FIRST_SERVICE_ID + params.id);
        if (revoked === null || held === undefined) throw notFound("machine account");
        held.account = revoked;
        return revoked;
      },
    },
  };
}
