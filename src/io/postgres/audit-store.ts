// Audit entries: written by whoever makes the change, in the transaction of the change [AUD1]; readings of the registers by themselves [AUD3]; read newest first.
import type { Actor } from "../../contract/basics.ts";
import type { AuditEntry } from "../../contract/access.ts";
import type { AuditFilter, ReadingAction } from "../../contract/inspect.ts";
import { readInPieces, type Asks, type Database, type Row, type Transaction } from "./database.ts";
import { likePattern } from "./like-pattern.ts";

export const READING_SUBJECTS = { "access-record.read": "access-record", "access-record.export": "access-record", "export.read": "export", "audit.read": "audit-entry", "audit.export": "audit-entry", "sharing.read": "shared-incident" } as const satisfies Record<ReadingAction, string>;
type ReadingSubject = (typeof READING_SUBJECTS)[ReadingAction];

export interface NewAuditEntry {
  readonly action: string;
  readonly subjectKind: "account" | "camera" | "hold" | "machine-account" | "tracker" | "alarm-point" | "webhook" | "warning" | "run-cards" | "sharing" | "platform" | ReadingSubject;
  readonly subjectId: number | null;
  /** Plain JSON, without secrets. */
  readonly body: Record<string, unknown>;
}

export async function insertAuditEntry(transaction: Transaction, now: number, by: Actor, entry: NewAuditEntry): Promise<void> {
  await transaction`
    insert into audit_entry (at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, body)
    values (${new Date(now)}, ${by.kind}, ${by.id}, ${by.name}, ${entry.action}, ${entry.subjectKind}, ${entry.subjectId}, ${transaction.json(entry.body as never)})`;
}

/** The fields of `after` that are not as in `before`, each with both: what an audit entry of a change says. Compared as JSON, so order within a list counts. */
export function changedFields<T extends object>(before: T, after: T, fields: readonly (keyof T & string)[]): Record<string, { from: unknown; to: unknown }> {
  const changed = fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  return Object.fromEntries(changed.map((field) => [field, { from: before[field] ?? null, to: after[field] ?? null }]));
}

/** `inspection`: the pool for those who read the register. */
export function createAuditStore(database: Database, inspection: Database) {
  const where = (sql: Asks, { kind, actorId, subjectKind, subjectId, from, to, q }: AuditFilter) => {
    const readings = Object.values(READING_SUBJECTS);
    const pattern = likePattern(q ?? "");
    return sql`true
      ${kind === undefined ? sql`` : kind === "readings" ? sql`and a.subject_kind = any(${readings})` : sql`and a.subject_kind <> all(${readings})`}
      ${actorId === undefined ? sql`` : sql`and a.actor_kind = 'user' and a.actor_id = ${actorId}`}
      ${subjectKind === undefined ? sql`` : sql`and a.subject_kind = ${subjectKind}`}
      ${subjectId === undefined ? sql`` : sql`and a.subject_id = ${subjectId}`}
      ${from === undefined ? sql`` : sql`and a.at >= ${new Date(from)}`}
      ${to === undefined ? sql`` : sql`and a.at < ${new Date(to)}`}
      ${q === undefined ? sql`` : sql`and (a.actor_name ilike ${pattern} or a.action ilike ${pattern} or n.name ilike ${pattern} or c.code ilike ${pattern} or c.name ilike ${pattern} or m.name ilike ${pattern} or a.body::text ilike ${pattern})`}`;
  };
  const entries = (sql: Asks, filter: AuditFilter, before: number | null, limit: number) => sql`
    select a.id, a.at, a.actor_kind, a.actor_id, a.actor_name, a.action, a.subject_kind, a.subject_id, a.body, coalesce(n.name, c.code || ' ' || c.name, m.name, a.body->>'deviceId', a.body->>'siteName', a.body->>'headline', a.body->>'agency') as subject_name
    from audit_entry a
      left join account n on a.subject_kind = 'account' and n.id = a.subject_id
      left join camera c on a.subject_kind = 'camera' and c.id = a.subject_id
      left join machine_account m on a.subject_kind = 'machine-account' and m.id = a.subject_id
    where ${where(sql, filter)} ${before === null ? sql`` : sql`and a.id < ${before}`} order by a.id desc limit ${limit}`;
  const toEntry = (row: Row): AuditEntry => ({
    id: row["id"], at: row["at"].getTime(), by: { kind: row["actor_kind"], id: row["actor_id"], name: row["actor_name"] },
    action: row["action"], subjectKind: row["subject_kind"], subjectId: row["subject_id"], subjectName: row["subject_name"], body: row["body"],
  });
  return {
    /** Newest first; `before` is an entry's id. */
    list: async (filter: AuditFilter, before: number | null, limit: number): Promise<AuditEntry[]> => (await entries(inspection, filter, before, limit)).map(toEntry),

    /** As `list`, for a file: in pieces, so that nobody waits while all of it is made. */
    readInPieces: (filter: AuditFilter, limit: number, take: (entries: AuditEntry[]) => void): Promise<void> =>
      readInPieces(inspection, (sql) => entries(sql, filter, null, limit), (rows) => take(rows.map(toEntry))),

    /** Resolves after the commit: who reads the registers is written down before they are shown [AUD3]. */
    recordReading: async (action: ReadingAction, body: Record<string, unknown>, by: Actor, now: number): Promise<void> => {
      await database.begin((transaction) => insertAuditEntry(transaction, now, by, { action, subjectKind: READING_SUBJECTS[action], subjectId: null, body }));
    },
  };
}
