// Sessions of people, by the hash of their token. They live in the database so that a restart of the centre logs nobody out.
import { SESSION_IDLE_MS, SESSION_LONGEST_MS, UNIT_LED_MS } from "../../accountability/session-policy.ts";
import type { Account } from "../../contract/access.ts";
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
