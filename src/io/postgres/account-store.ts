// Accounts. Every change takes one lock in turn, for its rules look at all accounts (the last administrator), and writes its audit entry in the same
// transaction.
import { checkAccount } from "../../accountability/account-policy.ts";
import { err, ok, type Result } from "../../base/result.ts";
import type { Account, Role } from "../../contract/access.ts";
import type { Actor } from "../../contract/basics.ts";
import type { AccountChange, AccountFault, AccountToCreate } from "../../contract/register.ts";
import { changedFields, insertAuditEntry } from "./audit-store.ts";
import type { Database, Row, Transaction } from "./database.ts";

const COLUMNS = "id, name, login, roles, unit_id, disabled, created_at";
const toAccount = (row: Row): Account => ({
  id: row["id"], name: row["name"], login: row["login"], roles: row["roles"], unitId: row["unit_id"], disabled: row["disabled"], createdAt: row["created_at"].getTime(),
});
const UNIQUE_VIOLATION = "23505";
const isTaken = (error: unknown, constraint: string): boolean =>
  (error as { code?: string }).code === UNIQUE_VIOLATION && (error as { constraint_name?: string }).constraint_name === constraint;

export function createAccountStore(database: Database) {
  const lock = (transaction: Transaction) => transaction`lock table account in share row exclusive mode`;

  const insert = async (transaction: Transaction, account: AccountToCreate, now: number): Promise<Account> => {
    const [row] = await transaction`
      insert into account (name, login, password_hash, roles, unit_id, created_at)
      values (${account.name}, ${account.login}, ${account.passwordHash}, ${account.roles as Role[]}, ${account.unitId}, ${new Date(now)})
      returning ${transaction.unsafe(COLUMNS)}`;
    return toAccount(row!);
  };

  return {
    isEmpty: async (): Promise<boolean> => (await database`select 1 from first_account`).length === 0,

    /** Uses up the one-time token: of many at once exactly one is answered with an account [ACT1]. */
    createFirst: async (account: AccountToCreate, now: number): Promise<Result<Account, AccountFault>> => {
      try {
        return ok(
          await database.begin(async (transaction) => {
            const created = await insert(transaction, account, now);
            await transaction`insert into first_account (account_id) values (${created.id})`;
            await insertAuditEntry(transaction, now, { kind: "system", id: 0, name: "system" }, {
              action: "account.first", subjectKind: "account", subjectId: created.id, body: { name: created.name, login: created.login, roles: created.roles },
            });
            return created;
          }),
        );
      } catch (error) {
        if (isTaken(error, "first_account_pkey")) return err("already-used");
        if (isTaken(error, "account_login_key")) return err("already-used"); // two at once with the same name
        throw error;
      }
    },

    create: async (account: AccountToCreate, by: Actor, now: number): Promise<Result<Account, AccountFault>> => {
      try {
        return await database.begin(async (transaction): Promise<Result<Account, AccountFault>> => {
          await lock(transaction);
          const others = (await transaction`select ${transaction.unsafe(COLUMNS)} from account`).map(toAccount);
          const checked = checkAccount({ id: 0, roles: account.roles, disabled: false, unitId: account.unitId }, others);
          if (!checked.ok) return checked;
          const created = await insert(transaction, account, now);
          await insertAuditEntry(transaction, now, by, {
            action: "account.create", subjectKind: "account", subjectId: created.id,
            body: { name: created.name, login: created.login, roles: created.roles, unitId: created.unitId },
          });
          return ok(created);
        });
      } catch (error) {
        if (isTaken(error, "account_login_key")) return err("login-taken");
        throw error;
      }
    },

    /** Where roles, password or `disabled` change, the account's sessions are gone with it [SES3]; `keep` is the session that may stay. */
    change: (id: number, change: AccountChange, by: Actor, now: number, keep: Uint8Array | null = null): Promise<Result<Account, AccountFault>> =>
      database.begin(async (transaction): Promise<Result<Account, AccountFault>> => {
        await lock(transaction);
        const all = (await transaction`select ${transaction.unsafe(COLUMNS)} from account order by id`).map(toAccount);
        const before = all.find((account) => account.id === id);
        if (before === undefined) return err("not-found");
        const after = {
          ...before, name: change.name ?? before.name, roles: [...(change.roles ?? before.roles)],
          unitId: change.unitId === undefined ? before.unitId : change.unitId, disabled: change.disabled ?? before.disabled,
        };
        const checked = checkAccount(after, all.filter((account) => account.id !== id));
        if (!checked.ok) return checked;
        await transaction`
          update account set name = ${after.name}, roles = ${after.roles}, unit_id = ${after.unitId}, disabled = ${after.disabled}
          ${change.passwordHash === undefined ? transaction`` : transaction`, password_hash = ${change.passwordHash}`} where id = ${id}`;
        if (change.passwordHash !== undefined || change.roles !== undefined || change.disabled !== undefined)
          await transaction`delete from user_session where account_id = ${id} ${keep === null ? transaction`` : transaction`and token_hash <> ${keep}`}`;
        const fields = changedFields<Account>(before, after, ["name", "roles", "unitId", "disabled"]);
        await insertAuditEntry(transaction, now, by, {
          action: "account.change", subjectKind: "account", subjectId: id, body: { ...fields, ...(change.passwordHash === undefined ? {} : { password: "changed" }) },
        });
        return ok(after);
      }),

    list: async (): Promise<Account[]> => (await database`select ${database.unsafe(COLUMNS)} from account order by id`).map(toAccount),

    /** For log-in only: the hash leaves the database here and nowhere else. */
    findForLogin: async (login: string): Promise<{ account: Account; passwordHash: string } | null> => {
      const [row] = await database`select ${database.unsafe(COLUMNS)}, password_hash from account where login = ${login}`;
      return row === undefined ? null : { account: toAccount(row), passwordHash: row["password_hash"] };
    },
  };
}
