// Public warnings. The rule of two people is judged by the caller within the transaction that would send, and held by the table itself besides. What is sent is put up for delivery in that same transaction: a subscriber
// is told of each, whenever the centre dies.
import { err, ok, type Result } from "../../base/result.ts";
import type { Actor } from "../../contract/basics.ts";
import type { Warning, WarningContent } from "../../contract/warnings.ts";
import { insertAuditEntry } from "./audit-store.ts";
import { putUpWarning } from "./webhook-store.ts";
import { toWall, type Asks, type Database, type Row } from "./database.ts";

const toWarning = (row: Row): Warning => ({
  id: row["id"], kind: row["kind"], state: row["state"], follows: row["follows"], content: row["content"], incidentId: row["incident_id"] === null ? null : Number(row["incident_id"]), revision: row["revision"],
  draftedAt: row["drafted_at"].getTime(), draftedBy: row["drafted_by"], approvedAt: row["state"] === "sent" ? toWall(row["settled_at"]) : null, approvedBy: row["state"] === "sent" ? row["settled_by"] : null, replacedBy: row["replaced_by"],
});

export function createWarningStore(database: Database) {
  const select = (sql: Asks) => sql`select w.*, (select n.id from public_warning n where n.follows = w.id and n.state = 'sent') as replaced_by from public_warning w`;
  const find = async (id: number, sql: Asks = database): Promise<Warning | null> => {
    const [row] = await sql`${select(sql)} where w.id = ${id}`;
    return row === undefined ? null : toWarning(row);
  };
  return {
    find: (id: number): Promise<Warning | null> => find(id),
    /** A warning that was sent and what it follows, newest first, in one query however long the chain is. */
    listChain: async (id: number, most: number): Promise<Warning[]> =>
      (await database`
        with recursive chain as (
          select id, follows, 1 as place from public_warning where id = ${id} and state = 'sent'
          union all select p.id, p.follows, c.place + 1 from public_warning p join chain c on p.id = c.follows where c.place < ${most}
        )
        select w.* from (${select(database)}) w join chain c on c.id = w.id order by c.place`).map(toWarning),
    /** Newest first. */
    list: async (limit: number): Promise<Warning[]> => (await database`${select(database)} order by w.id desc limit ${limit}`).map(toWarning),
    /** Sent since, and those that have not run out; newest first. */
    listPublic: async (since: number, now: number, limit: number): Promise<Warning[]> =>
      (await database`${select(database)} where w.state = 'sent' and (w.settled_at >= ${new Date(since)} or w.expires_at > ${new Date(now)}) order by w.settled_at desc, w.id desc limit ${limit}`).map(toWarning),
    draft: async (made: { readonly kind: Warning["kind"]; readonly follows: number | null; readonly content: WarningContent; readonly incidentId: number | null }, by: Actor, now: number): Promise<Warning> =>
      (await database.begin(async (transaction) => {
        const [row] = await transaction`
          insert into public_warning (kind, follows, content, incident_id, drafted_at, drafted_by, expires_at)
          values (${made.kind}, ${made.follows}, ${transaction.json(made.content as never)}, ${made.incidentId}, ${new Date(now)}, ${transaction.json(by as never)}, ${new Date(made.content.expiresAt)}) returning id`;
        const drafted = (await find(row!["id"], transaction))!;
        await insertAuditEntry(transaction, now, by, { action: "warning.draft", subjectKind: "warning", subjectId: drafted.id, body: { headline: made.content.headline, kind: made.kind } });
        return drafted;
      })) as Warning,
    /** `change` says the new words of the draft as it is then, or why there are none. */
    reword: async <R extends string>(id: number, by: Actor, now: number, change: (warning: Warning) => Result<WarningContent, R>): Promise<Result<Warning, R | "not-found">> =>
      (await database.begin(async (transaction) => {
        await transaction`lock table public_warning in share row exclusive mode`;
        const warning = await find(id, transaction);
        if (warning === null) return err("not-found");
        const content = change(warning);
        if (!content.ok) return content;
        await transaction`
          update public_warning set content = ${transaction.json(content.value as never)}, expires_at = ${new Date(content.value.expiresAt)}, revision = revision + 1, drafted_at = ${new Date(now)}, drafted_by = ${transaction.json(by as never)}
          where id = ${id}`;
        await insertAuditEntry(transaction, now, by, { action: "warning.change", subjectKind: "warning", subjectId: id, body: { headline: content.value.headline, kind: warning.kind } });
        return ok((await find(id, transaction))!);
      })) as Result<Warning, R | "not-found">,
    /** `refuse` judges the warning as it is then, and what it follows. */
    settle: async <R extends string>(id: number, state: "sent" | "discarded", by: Actor, now: number, refuse: (warning: Warning, follows: Warning | null) => R | null): Promise<Result<Warning, R | "not-found">> =>
      (await database.begin(async (transaction) => {
        await transaction`lock table public_warning in share row exclusive mode`;
        const warning = await find(id, transaction);
        if (warning === null) return err("not-found");
        const refusal = refuse(warning, warning.follows === null ? null : await find(warning.follows, transaction));
        if (refusal !== null) return err(refusal);
        await transaction`update public_warning set state = ${state}, settled_at = ${new Date(now)}, settled_by = ${transaction.json(by as never)} where id = ${id}`;
        if (state === "sent") await putUpWarning(transaction, warning, now);
        await insertAuditEntry(transaction, now, by, { action: state === "sent" ? "warning.approve" : "warning.discard", subjectKind: "warning", subjectId: id, body: { headline: warning.content.headline, kind: warning.kind } });
        return ok((await find(id, transaction))!);
      })) as Result<Warning, R | "not-found">,
  };
}
