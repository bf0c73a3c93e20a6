// Sessions of people, by the hash of their token. They live in the database so that a restart of the centre logs nobody out.
import { SESSION_IDLE_MS, SESSION_LONGEST_MS, UNIT_LED_MS, isSessionOver } from "../../accountability/session-policy.ts";
import type { Account } from "../../contract/access.ts";
import type { Actor } from "../../contract/basics.ts";
import { insertAuditEntry } from "./audit-store.ts";
import type { Database } from "./database.ts";

export interface StoredSession {
  readonly account: Account;
  readonly createdAt: number;
  readonly lastUsedAt: number;
}

export function createSessionStore(database: Database) {
  return {
    create: async (tokenHash: Uint8Array, accountId: number, address: string, now: number): Promise<void> => {
      await database`
        insert into user_session (token_hash, account_id, created_at, last_used_at, address) values (${tokenHash}, ${accountId}, ${new Date(now)}, ${new Date(now)}, ${address})`;
    },

    /** Sessions of disabled accounts are not found. Whether it is over is the caller's rule. */
    find: async (tokenHash: Uint8Array): Promise<StoredSession | null> => {
      const [row] = await database`
        select s.created_at as session_created_at, s.last_used_at, a.id, a.name, a.login, a.roles, a.unit_id, a.disabled, a.created_at
        from user_session s join account a on a.id = s.account_id where s.token_hash = ${tokenHash} and not a.disabled`;
      if (row === undefined) return null;
      return {
        account: {
          id: row["id"], name: row["name"], login: row["login"], roles: row["roles"], unitId: row["unit_id"], disabled: row["disabled"], createdAt: row["created_at"].getTime(),
        },
        createdAt: row["session_created_at"].getTime(), lastUsedAt: row["last_used_at"].getTime(),
      };
    },

    touch: async (tokenHash: Uint8Array, now: number): Promise<void> => {
      await database`update user_session set last_used_at = greatest(last_used_at, ${new Date(now)}) where token_hash = ${tokenHash}`;
    },

    end: async (tokenHash: Uint8Array): Promise<void> => {
      await database`delete from user_session where token_hash = ${tokenHash}`;
    },

    /** Those of one account that are not over, the last used first. */
    listOfAccount: async (accountId: number, now: number): Promise<{ tokenHash: Uint8Array; createdAt: number; lastUsedAt: number; address: string }[]> => {
      const rows = await database`
        select token_hash, created_at, last_used_at, address from user_session
        where account_id = ${accountId} and last_used_at > ${new Date(now - SESSION_IDLE_MS)} and created_at > ${new Date(now - SESSION_LONGEST_MS)} order by last_used_at desc limit 100`;
      return rows.map((row) => ({ tokenHash: row["token_hash"], createdAt: row["created_at"].getTime(), lastUsedAt: row["last_used_at"].getTime(), address: row["address"] }));
    },

    /** Ends them all but `keep`, with an audit entry in the same transaction [AUD1]. Returns how many were not over by themselves; where there was none nothing is written. */
    endOfAccount: (accountId: number, keep: Uint8Array | null, by: Actor, now: number): Promise<number> =>
      database.begin(async (transaction) => {
        const gone = await transaction`
          delete from user_session where account_id = ${accountId} ${keep === null ? transaction`` : transaction`and token_hash <> ${keep}`} returning created_at, last_used_at`;
        const ended = gone.filter((row) => !isSessionOver({ createdAt: row["created_at"].getTime(), lastUsedAt: row["last_used_at"].getTime() }, now)).length;
        if (ended > 0) await insertAuditEntry(transaction, now, by, { action: "account.sessions-end", subjectKind: "account", subjectId: accountId, body: { ended } });
        return ended;
      }),

    /** Units that a person leads just now [SES4]. */
    listLedUnits: async (now: number): Promise<number[]> => {
      const rows = await database`
        select distinct a.unit_id from account a join user_session s on s.account_id = a.id
        where not a.disabled and a.unit_id is not null and s.last_used_at > ${new Date(now - UNIT_LED_MS)} order by 1`;
      return rows.map((row) => row["unit_id"]);
    },

    /** Removes what is over; returns how many. */
    sweep: async (now: number): Promise<number> => {
      const done = await database`
        delete from user_session where last_used_at <= ${new Date(now - SESSION_IDLE_MS)} or created_at <= ${new Date(now - SESSION_LONGEST_MS)}`;
      return done.count;
    },
  };
}
