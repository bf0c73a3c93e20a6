// Machine accounts in the database: made and revoked with an audit entry in the same transaction. The key's hash leaves it in one answer only, for the
// register that compares it.
import { err, ok, type Result } from "../../base/result.ts";
import type { Actor } from "../../contract/basics.ts";
import type { InterfaceName, MachineAccount } from "../../contract/interfaces.ts";
import { insertAuditEntry } from "./audit-store.ts";
import { toWall, type Database, type Row } from "./database.ts";

const toAccount = (row: Row): MachineAccount => ({
  id: row["id"], name: row["name"], interface: row["interface"], keyStart: row["key_start"], createdAt: row["created_at"].getTime(), createdBy: row["created_by"],
  revokedAt: toWall(row["revoked_at"]), revokedBy: row["revoked_by"], lastUsedAt: toWall(row["last_used_at"]), lastUsedFrom: row["last_used_from"],
});
const UNIQUE_VIOLATION = "23505";

export function createMachineAccountStore(database: Database) {
  return {
    /** All, newest first, each with the SHA-256 of its key. */
    list: async (): Promise<{ account: MachineAccount; keyHash: Uint8Array }[]> =>
      (await database`select * from machine_account order by id desc`).map((row) => ({ account: toAccount(row), keyHash: row["key_hash"] })),

    create: async (made: { readonly name: string; readonly interface: InterfaceName; readonly keyHash: Uint8Array; readonly keyStart: string }, by: Actor, now: number): Promise<Result<MachineAccount, "name-taken">> => {
      try {
        return (await database.begin(async (transaction) => {
          const [row] = await transaction`
            insert into machine_account (name, interface, key_hash, key_start, created_at, created_by)
            values (${made.name}, ${made.interface}, ${made.keyHash}, ${made.keyStart}, ${new Date(now)}, ${transaction.json(by as never)}) returning *`;
          const account = toAccount(row!);
          await insertAuditEntry(transaction, now, by, { action: "machine-account.create", subjectKind: "machine-account", subjectId: account.id, body: { name: account.name, interface: account.interface } });
          return ok(account);
        })) as Result<MachineAccount, "name-taken">;
      } catch (error) {
        if ((error as { code?: string }).code === UNIQUE_VIOLATION) return err("name-taken");
        throw error;
      }
    },

    /** Null: there is none. Revoking again changes nothing. */
    revoke: async (id: number, by: Actor, now: number): Promise<MachineAccount | null> =>
      (await database.begin(async (transaction) => {
        const [row] = await transaction`update machine_account set revoked_at = ${new Date(now)}, revoked_by = ${transaction.json(by as never)} where id = ${id} and revoked_at is null returning *`;
        if (row !== undefined) await insertAuditEntry(transaction, now, by, { action: "machine-account.revoke", subjectKind: "machine-account", subjectId: id, body: { name: row["name"] } });
        const [found] = row === undefined ? await transaction`select * from machine_account where id = ${id}` : [row];
        return found === undefined ? null : toAccount(found);
      })) as MachineAccount | null,

    noteUse: async (id: number, at: number, from: string): Promise<void> => {
      await database`update machine_account set last_used_at = ${new Date(at)}, last_used_from = ${from} where id = ${id}`;
    },
  };
}
