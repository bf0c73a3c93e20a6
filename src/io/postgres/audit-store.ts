// Audit entries: written by whoever makes the change, in the transaction of the change [AUD1]; read newest first.
import type { Actor } from "../../contract/basics.ts";
import type { AuditEntry } from "../../contract/access.ts";
import type { Database, Transaction } from "./database.ts";

export interface NewAuditEntry {
  readonly action: string;
  readonly subjectKind: "account" | "camera";
  readonly subjectId: number | null;
  /** Plain JSON, without secrets. */
  readonly body: Record<string, unknown>;
}

export async function insertAuditEntry(transaction: Transaction, now: number, by: Actor, entry: NewAuditEntry): Promise<void> {
  await transaction`
    insert into audit_entry (at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, body)
    values (${new Date(now)}, ${by.kind}, ${by.id}, ${by.name}, ${entry.action}, ${entry.subjectKind}, ${entry.subjectId}, ${transaction.json(entry.body as never)})`;
}

export function createAuditStore(database: Database) {
  return {
    /** Newest first; `before` is an entry's id. */
    list: async (before: number | null, limit: number): Promise<AuditEntry[]> => {
      const rows = await database`
        select id, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, body
        from audit_entry where ${before === null ? database`true` : database`id < ${before}`} order by id desc limit ${limit}`;
      return rows.map((row) => ({
        id: row["id"], at: row["at"].getTime(), by: { kind: row["actor_kind"], id: row["actor_id"], name: row["actor_name"] },
        action: row["action"], subjectKind: row["subject_kind"], subjectId: row["subject_id"], body: row["body"],
      }));
    },
  };
}
