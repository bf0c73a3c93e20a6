// Webhooks and their deliveries. Deliveries are made from the committed log behind a cursor, both in one transaction: nothing is left out and nothing made twice.
import type { Actor } from "../../contract/basics.ts";
import type { Delivery, DueDelivery, IncidentEvent, NewWebhook, Webhook, WebhookTarget } from "../../contract/webhooks.ts";
import type { Warning } from "../../contract/warnings.ts";
import { NOT_IN_EIDO } from "../../interfaces/eido-incident.ts";
import type { AfterAttempt } from "../../interfaces/webhook.ts";
import type { Sealer } from "../crypto/seal.ts";
import { insertAuditEntry } from "./audit-store.ts";
import { isSharedWithWebhook } from "./sharing-store.ts";
import { toWall, type Asks, type Database, type Row } from "./database.ts";

/** Of the log, in one transaction. */
const EVENTS_AT_ONCE = 500;
const toWebhook = (row: Row): Webhook => ({
  id: row["id"], name: row["name"], url: row["url"], topics: row["topics"], format: row["format"], enabled: row["enabled"], madeAt: row["made_at"].getTime(), madeBy: row["made_by"],
  waiting: Number(row["waiting"]), dead: Number(row["dead"]), lastDeliveredAt: toWall(row["last_delivered_at"]), lastError: row["last_error"],
});
const toDelivery = (row: Row): Delivery => ({
  id: row["id"], webhookId: row["webhook_id"], webhookName: row["name"], sequence: row["sequence"], topic: row["topic"], event: row["event"], subjectId: row["subject_id"], state: row["state"], tries: row["tries"],
  error: row["error"], madeAt: row["made_at"].getTime(), nextAt: row["state"] === "waiting" ? row["next_at"].getTime() : null,
});
const contextOf = (id: number): string => `webhook ${id}`;

/** Within the transaction that sends the warning: either it is sent and will be told, or neither. The dispatch log knows nothing of it. */
export async function putUpWarning(transaction: Asks, { id, kind }: Pick<Warning, "id" | "kind">, now: number): Promise<void> {
  await transaction`
    insert into webhook_delivery (webhook_id, sequence, topic, event, subject_id, event_at, next_at, made_at)
    select w.id, 0, 'warning', ${`warning.${kind}`}, ${id}, ${new Date(now)}, ${new Date(now)}, ${new Date(now)} from webhook w where w.enabled and 'warning' = any(w.topics)`;
}

export function createWebhookStore(database: Database, sealer: Sealer) {
  const select = (sql: Asks) => sql`
    select w.*, (select count(*) from webhook_delivery d where d.webhook_id = w.id and d.state = 'waiting') as waiting, (select count(*) from webhook_delivery d where d.webhook_id = w.id and d.state = 'dead') as dead,
      (select d.settled_at from webhook_delivery d where d.webhook_id = w.id and d.state = 'delivered' order by d.id desc limit 1) as last_delivered_at,
      (select d.error from webhook_delivery d where d.webhook_id = w.id and d.state <> 'delivered' and d.error is not null order by d.id desc limit 1) as last_error
    from webhook w where w.removed_at is null`;
  const find = async (id: number, sql: Asks): Promise<Webhook | null> => {
    const [row] = await sql`${select(sql)} and w.id = ${id}`;
    return row === undefined ? null : toWebhook(row);
  };
  return {
    list: async (): Promise<Webhook[]> => (await database`${select(database)} order by w.id`).map(toWebhook),
    /** Those that have something to be sent now. */
    listTargets: async (now: number): Promise<WebhookTarget[]> =>
      (await database`
        select id, name, url, format from webhook w
        where w.enabled and exists (select from webhook_delivery d where d.webhook_id = w.id and d.state = 'waiting' and d.next_at <= ${new Date(now)})`).map((row) => ({ id: row["id"], name: row["name"], url: row["url"], format: row["format"] })),
    findSecret: async (id: number): Promise<string | null> => {
      const [row] = await database`select secret from webhook where id = ${id} and removed_at is null`;
      return row === undefined ? null : sealer.open(row["secret"], contextOf(id));
    },
    add: async (made: NewWebhook, secret: string, by: Actor, now: number): Promise<Webhook> =>
      (await database.begin(async (transaction) => {
        const [row] = await transaction`
          insert into webhook (name, url, topics, format, secret, made_at, made_by)
          values (${made.name}, ${made.url}, ${made.topics}, ${made.format}, ${Buffer.alloc(0)}, ${new Date(now)}, ${transaction.json(by as never)}) returning id`;
        const id = row!["id"] as number;
        await transaction`update webhook set secret = ${sealer.seal(secret, contextOf(id))} where id = ${id}`;
        await insertAuditEntry(transaction, now, by, { action: "webhook.add", subjectKind: "webhook", subjectId: id, body: { name: made.name, targetHost: new URL(made.url).host, topics: made.topics, format: made.format } });
        return (await find(id, transaction))!;
      })) as Webhook,
    setEnabled: async (id: number, enabled: boolean, by: Actor, now: number): Promise<Webhook | null> =>
      (await database.begin(async (transaction) => {
        const [row] = await transaction`update webhook set enabled = ${enabled} where id = ${id} and removed_at is null and enabled <> ${enabled} returning name`;
        if (row !== undefined) await insertAuditEntry(transaction, now, by, { action: "webhook.change", subjectKind: "webhook", subjectId: id, body: { name: row["name"], disabled: { from: enabled, to: !enabled } } });
        return find(id, transaction);
      })) as Webhook | null,
    remove: async (id: number, by: Actor, now: number): Promise<boolean> =>
      (await database.begin(async (transaction) => {
        const [row] = await transaction`update webhook set removed_at = ${new Date(now)}, enabled = false where id = ${id} and removed_at is null returning name`;
        if (row === undefined) return false;
        await transaction`delete from webhook_delivery where webhook_id = ${id} and state <> 'delivered'`;
        await insertAuditEntry(transaction, now, by, { action: "webhook.remove", subjectKind: "webhook", subjectId: id, body: { name: row["name"] } });
        return true;
      })) as boolean,

    /** Makes deliveries of what was committed since the last time, in pieces; answers with how many events were read. */
    makeDeliveries: async (now: number): Promise<number> =>
      (await database.begin(async (transaction) => {
        const [cursor] = await transaction`select sequence from webhook_cursor for update`;
        const events = await transaction`
          select sequence, at_ms, body->>'type' as event, incident_id from dispatch_event where sequence > ${cursor!["sequence"]} order by sequence limit ${EVENTS_AT_ONCE}`;
        if (events.length === 0) return 0;
        const rows = events.filter((row) => row["incident_id"] !== null).map((row) => ({ sequence: row["sequence"], event: row["event"], subject_id: row["incident_id"], event_at: new Date(row["at_ms"]).toISOString() }));
        if (rows.length > 0) {
          await transaction`
            insert into webhook_delivery (webhook_id, sequence, topic, event, subject_id, event_at, next_at, made_at)
            select w.id, r.sequence, 'incident', r.event, r.subject_id, r.event_at, ${new Date(now)}, ${new Date(now)}
            from webhook w cross join jsonb_to_recordset(${transaction.json(rows as never)}) as r (sequence bigint, event text, subject_id bigint, event_at timestamptz)
            where w.enabled and 'incident' = any(w.topics) and (w.format <> 'eido' or (r.event <> all(${NOT_IN_EIDO as string[]}) and ${isSharedWithWebhook(transaction, transaction`r.subject_id`, now)})) order by r.sequence, w.id on conflict do nothing`;
        }
        await transaction`update webhook_cursor set sequence = ${events.at(-1)!["sequence"]}`;
        return events.length;
      })) as number,
    /** The oldest that are due, of one webhook. */
    listDue: async (webhookId: number, now: number, limit: number): Promise<DueDelivery[]> =>
      (await database`
        select * from webhook_delivery where webhook_id = ${webhookId} and state = 'waiting' and next_at <= ${new Date(now)} order by next_at, id limit ${limit}`).map((row): DueDelivery => ({
        id: row["id"], sequence: row["sequence"], topic: row["topic"], event: row["event"], subjectId: row["subject_id"], eventAt: row["event_at"].getTime(), tries: row["tries"],
      })),
    settle: async (id: number, tries: number, after: AfterAttempt, now: number): Promise<void> => {
      await database`
        update webhook_delivery set state = ${after.state}, tries = ${tries}, error = ${after.state === "delivered" ? null : after.error}, next_at = ${new Date(after.state === "waiting" ? after.nextAt : now)},
          settled_at = ${after.state === "waiting" ? null : new Date(now)} where id = ${id} and state = 'waiting'`;
    },
    listDeliveries: async (state: Delivery["state"], before: number | null, limit: number): Promise<Delivery[]> =>
      (await database`
        select d.*, w.name from webhook_delivery d join webhook w on w.id = d.webhook_id
        where d.state = ${state} ${before === null ? database`` : database`and d.id < ${before}`} order by d.id desc limit ${limit}`).map(toDelivery),
    /** Dead letters that are to be tried again from the start; answers with how many. */
    resend: async (ids: readonly number[], by: Actor, now: number): Promise<number> =>
      (await database.begin(async (transaction) => {
        const rows = await transaction`update webhook_delivery set state = 'waiting', tries = 0, next_at = ${new Date(now)}, settled_at = null where state = 'dead' and id = any(${ids as number[]}::bigint[]) returning webhook_id`;
        for (const webhookId of new Set(rows.map((row) => row["webhook_id"] as number)))
          await insertAuditEntry(transaction, now, by, { action: "webhook.resend", subjectKind: "webhook", subjectId: webhookId, body: { deliveries: rows.filter((row) => row["webhook_id"] === webhookId).length } });
        return rows.length;
      })) as number,
    /** Delivered ones are kept for a while, to be asked about. Of each webhook at most so many events of incidents wait, and so many are dead letters; answers with how many were given up now. */
    sweep: async (before: number, most: number, now: number): Promise<number> => {
      await database`delete from webhook_delivery where state = 'delivered' and settled_at < ${new Date(before)}`;
      const beyond = (state: Delivery["state"]) => database`
        webhook w, lateral (select id from webhook_delivery x where x.webhook_id = w.id and x.state = ${state} and x.topic = 'incident' order by id desc offset ${most} limit 1) edge
        where d.webhook_id = w.id and d.state = ${state} and d.topic = 'incident' and d.id <= edge.id`;
      const { count } = await database`update webhook_delivery d set state = 'dead', error = ${`more than ${most} waited`}, settled_at = ${new Date(now)} from ${beyond("waiting")}`;
      await database`delete from webhook_delivery d using ${beyond("dead")}`;
      return count;
    },

    listEvents: async (after: number, limit: number): Promise<{ events: Omit<IncidentEvent, "number">[]; next: number }> => {
      const rows = await database`select sequence, at_ms, body->>'type' as event, incident_id from dispatch_event where sequence > ${after} and incident_id is not null order by sequence limit ${limit}`;
      return { events: rows.map((row) => ({ sequence: row["sequence"], at: row["at_ms"], event: row["event"], incidentId: row["incident_id"] })), next: rows.at(-1)?.["sequence"] ?? after };
    },
  };
}
