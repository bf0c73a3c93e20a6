// Sharings of incidents with other agencies, and who read what by them. A reading is committed before anything is given out; an end holds from the very next one.
import type { Actor } from "../../contract/basics.ts";
import type { Agency, Sharing } from "../../contract/sharings.ts";
import { insertAuditEntry } from "./audit-store.ts";
import { toWall, type Asks, type Database, type Row } from "./database.ts";

const toSharing = (row: Row): Sharing => ({
  id: row["id"], incidentId: Number(row["incident_id"]), agency: { kind: row["agency_kind"], id: row["agency_id"], name: row["agency_name"] }, purpose: row["purpose"], until: row["until_at"].getTime(), madeAt: row["made_at"].getTime(),
  madeBy: row["made_by"], endedAt: toWall(row["ended_at"]), endedBy: row["ended_by"], reads: Number(row["reads"]), lastReadAt: toWall(row["last_read_at"]),
});

/** Whether the incident is shared with the webhook now: a condition on rows of `webhook w`. */
export const isSharedWithWebhook = (sql: Asks, incident: ReturnType<Asks>, now: number) =>
  sql`exists (select from incident_sharing s where s.agency_kind = 'webhook' and s.agency_id = w.id and s.incident_id = ${incident} and s.ended_at is null and s.until_at > ${new Date(now)})`;

export function createSharingStore(database: Database) {
  const select = (sql: Asks) => sql`
    select s.*, r.reads, r.last_read_at from incident_sharing s, lateral (select count(*) as reads, max(a.at) as last_read_at from audit_entry a where a.subject_kind = 'shared-incident' and a.subject_id = s.id) r`;
  const find = async (sql: Asks, id: number): Promise<Sharing | null> => {
    const [row] = await sql`${select(sql)} where s.id = ${id}`;
    return row === undefined ? null : toSharing(row);
  };
  return {
    /** Of one incident, newest first. */
    list: async (incidentId: number): Promise<Sharing[]> => (await database`${select(database)} where s.incident_id = ${incidentId} order by s.id desc limit 100`).map(toSharing),

    /** A webhook is told the incident as it is at once. */
    add: async (made: { readonly incidentId: number; readonly agency: Agency; readonly purpose: string; readonly until: number }, by: Actor, now: number): Promise<Sharing> =>
      (await database.begin(async (transaction) => {
        const { incidentId, agency, purpose } = made;
        const [row] = await transaction`
          insert into incident_sharing (incident_id, agency_kind, agency_id, agency_name, purpose, until_at, made_at, made_by)
          values (${incidentId}, ${agency.kind}, ${agency.id}, ${agency.name}, ${purpose}, ${new Date(made.until)}, ${new Date(now)}, ${transaction.json(by as never)}) returning id`;
        const id = row!["id"] as number;
        await insertAuditEntry(transaction, now, by, { action: "sharing.make", subjectKind: "sharing", subjectId: id, body: { agency: agency.name, incidentId, words: purpose, to: made.until } });
        if (agency.kind === "webhook") {
          await transaction`
            insert into webhook_delivery (webhook_id, sequence, topic, event, subject_id, event_at, next_at, made_at)
            select w.id, 0, 'incident', 'incident.shared', ${incidentId}, ${new Date(now)}, ${new Date(now)}, ${new Date(now)} from webhook w where w.id = ${agency.id} and w.enabled`;
        }
        return (await find(transaction, id))!;
      })) as Sharing,

    /** Null: there is none. Ending it again changes nothing. */
    end: async (id: number, by: Actor, now: number): Promise<Sharing | null> =>
      (await database.begin(async (transaction) => {
        const [row] = await transaction`update incident_sharing set ended_at = ${new Date(now)}, ended_by = ${transaction.json(by as never)} where id = ${id} and ended_at is null returning agency_name, incident_id`;
        if (row !== undefined) await insertAuditEntry(transaction, now, by, { action: "sharing.end", subjectKind: "sharing", subjectId: id, body: { agency: row["agency_name"], incidentId: Number(row["incident_id"]) } });
        return find(transaction, id);
      })) as Sharing | null,

    /** That this agency is given the incident now, by name; resolves after the commit. False, and nothing is written: no sharing is in force. */
    recordRead: async (incidentId: number, agency: Pick<Agency, "kind" | "id">, by: Actor, now: number, deliveryId: number | null = null): Promise<boolean> =>
      (await database.begin(async (transaction) => {
        // held against an end meanwhile: what is given out was shared when it was written down
        const [row] = await transaction`
          select id, purpose from incident_sharing where incident_id = ${incidentId} and agency_kind = ${agency.kind} and agency_id = ${agency.id} and ended_at is null and until_at > ${new Date(now)} order by id desc limit 1 for share`;
        if (row === undefined) return false;
        const [told] = deliveryId === null ? [] : await transaction`
          select 1 from audit_entry where subject_kind = 'shared-incident' and subject_id = ${row["id"]} and action = 'sharing.read' and body ->> 'delivery' = ${String(deliveryId)} limit 1`;
        if (told !== undefined) return true; // a try after one that failed tells nobody anything more
        await insertAuditEntry(transaction, now, by, { action: "sharing.read", subjectKind: "shared-incident", subjectId: row["id"], body: { incidentId, words: row["purpose"], ...(deliveryId === null ? {} : { delivery: deliveryId }) } });
        return true;
      })) as boolean,
  };
}
