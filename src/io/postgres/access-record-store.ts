// Access records: who looks at which camera and why. `insert` resolves after the commit, and only its answer carries the ids that a view token
// needs [VIEW4]; nothing here changes or removes a record [VIEW5]: renewals and the end of a look are rows of their own.
import type { AccessSummary } from "../../contract/inspect.ts";
import type { NewAccessRecords, StoredAccessFilter, StoredAccessRecord } from "../../contract/register.ts";
import { DAY_MS } from "../../base/time.ts";
import type postgres from "postgres";
import type { Database } from "./database.ts";
import { likePattern } from "./like-pattern.ts";

const toDate = (at: number | null): Date | null => (at === null ? null : new Date(at));
const toWall = (at: Date | null): number | null => (at === null ? null : at.getTime());

type Asks = postgres.ISql<{ bigint: number }>; // the pool, or one transaction of it
const facts = (sql: Asks) => sql`r.*, c.name as camera_name, c.place as camera_place, e.at as ended_at, (select max(n.at) from access_record_renewal n where n.record_id = r.id) as renewed_at`;
const tables = (sql: Asks) => sql`access_record r join camera c on c.id = r.camera_id left join access_record_end e on e.record_id = r.id`;
const toRecord = (row: postgres.Row): StoredAccessRecord => ({
  id: row["id"], at: row["at"].getTime(), accountId: row["account_id"], accountName: row["account_name"], cameraId: row["camera_id"], cameraCode: row["camera_code"],
  cameraName: row["camera_name"], cameraPlace: row["camera_place"],
  mode: row["mode"], from: toWall(row["range_from"]), to: toWall(row["range_to"]), purpose: row["purpose"], incidentId: row["incident_id"], contactId: row["contact_id"], words: row["words"],
  endedAt: toWall(row["ended_at"]), renewedAt: toWall(row["renewed_at"]),
});

const passes = (sql: Asks, { cameraId, accountId, incidentId, purpose, mode, from, to, q, contactIds }: StoredAccessFilter) => {
  const pattern = likePattern(q ?? "");
  return sql`true
    ${cameraId === undefined ? sql`` : sql`and r.camera_id = ${cameraId}`}
    ${accountId === undefined ? sql`` : sql`and r.account_id = ${accountId}`}
    ${incidentId === undefined ? sql`` : sql`and (r.incident_id = ${incidentId} or r.contact_id = any(${contactIds as number[]}::integer[]))`}
    ${purpose === undefined ? sql`` : sql`and r.purpose = ${purpose}`}
    ${mode === undefined ? sql`` : sql`and r.mode = ${mode}`}
    ${from === undefined ? sql`` : sql`and r.at >= ${new Date(from)}`}
    ${to === undefined ? sql`` : sql`and r.at < ${new Date(to)}`}
    ${q === undefined ? sql`` : sql`and (r.account_name ilike ${pattern} or r.camera_code ilike ${pattern} or c.name ilike ${pattern} or c.place ilike ${pattern} or r.words ilike ${pattern})`}`;
};
/** Up to so long a time is counted by hours, beyond it by days. */
const HOURS_UP_TO_MS = 3 * DAY_MS;
const MOST_NAMED = 5;

export function createAccessRecordStore(database: Database) {
  return {
    /** One record per camera, in the order of the cameras; all or none. */
    insert: async (look: NewAccessRecords, now: number): Promise<number[]> => {
      const rows = await database.begin((transaction) => transaction`
        insert into access_record (at, account_id, account_name, camera_id, camera_code, mode, range_from, range_to, purpose, incident_id, contact_id, words)
        select ${new Date(now)}, ${look.accountId}, ${look.accountName}, c.id, c.code, ${look.mode}, ${toDate(look.from)}::timestamptz, ${toDate(look.to)}::timestamptz,
          ${look.purpose}, ${look.incidentId}::integer, ${look.contactId}::integer, ${look.words}::text
        from unnest(${look.cameras.map((camera) => camera.id)}::integer[], ${look.cameras.map((camera) => camera.code)}::text[]) with ordinality as c (id, code, place)
        order by c.place returning id, camera_id`);
      const byCamera = new Map(rows.map((row) => [row["camera_id"] as number, row["id"] as number]));
      return look.cameras.map((camera) => byCamera.get(camera.id)!);
    },

    /** The first end counts; one for an unknown record is dropped. Returns whether it was taken. */
    end: async (recordId: number, at: number): Promise<boolean> => {
      const done = await database`
        insert into access_record_end (record_id, at) select id, ${new Date(at)} from access_record where id = ${recordId} on conflict do nothing`;
      return done.count === 1;
    },

    /** Looks of an account without an end, whose last token was given after `since`. */
    listOpen: async (accountId: number, since: number): Promise<{ id: number; cameraId: number }[]> => {
      const rows = await database`
        select r.id, r.camera_id from access_record r
        where r.account_id = ${accountId} and not exists (select 1 from access_record_end e where e.record_id = r.id)
          and (r.at > ${new Date(since)} or exists (select 1 from access_record_renewal n where n.record_id = r.id and n.at > ${new Date(since)}))`;
      return rows.map((row) => ({ id: row["id"], cameraId: row["camera_id"] }));
    },

    find: async (recordId: number): Promise<StoredAccessRecord | null> => {
      const [row] = await database`select ${facts(database)} from ${tables(database)} where r.id = ${recordId}`;
      return row === undefined ? null : toRecord(row);
    },

    /** Throws where there is no such record. The lock makes an end wait, or be seen. */
    renew: async <R>(recordId: number, at: number, refuse: (record: StoredAccessRecord) => R | null): Promise<R | null> =>
      (await database.begin(async (transaction) => {
        await transaction`select 1 from access_record where id = ${recordId} for update`;
        const [row] = await transaction`select ${facts(transaction)} from ${tables(transaction)} where r.id = ${recordId}`;
        if (row === undefined) throw new Error(`no access record ${recordId}`);
        const refusal = refuse(toRecord(row));
        if (refusal === null) await transaction`insert into access_record_renewal (record_id, at) values (${recordId}, ${new Date(at)})`;
        return { refusal };
      })).refusal,

    /** Newest first; `before` is a record's id. */
    list: async (filter: StoredAccessFilter, before: number | null, limit: number): Promise<StoredAccessRecord[]> => {
      const rows = await database`
        select ${facts(database)} from ${tables(database)}
        where ${passes(database, filter)} ${before === null ? database`` : database`and r.id < ${before}`} order by r.id desc limit ${limit}`;
      return rows.map(toRecord);
    },

    /** `timeZone`: IANA name; a day is one of the city's. */
    summarise: async (filter: StoredAccessFilter, timeZone: string): Promise<AccessSummary> => {
      const from = database`from access_record r join camera c on c.id = r.camera_id where ${passes(database, filter)}`;
      const [all] = await database`
        select count(*)::integer as total, count(*) filter (where r.mode = 'live')::integer as live, min(r.at) as first, max(r.at) as last ${from}`;
      const first = toWall(all!["first"]);
      const last = toWall(all!["last"]);
      const bucket = (filter.to ?? last ?? 0) - (filter.from ?? first ?? 0) <= HOURS_UP_TO_MS ? "hour" : "day";
      const [buckets, byPurpose, byAccount, byCamera] = await Promise.all([
        database`select date_trunc(${bucket}, r.at, ${timeZone}) as began, r.purpose, count(*)::integer as n ${from} group by 1, 2 order by 1, 2`,
        database`select r.purpose, count(*)::integer as n ${from} group by 1 order by 2 desc, 1`,
        database`select r.account_id, (array_agg(r.account_name order by r.id desc))[1] as account_name, count(*)::integer as n ${from} group by 1 order by 3 desc, 1 limit ${MOST_NAMED}`,
        database`select r.camera_id, (array_agg(r.camera_code order by r.id desc))[1] as camera_code, min(c.name) as camera_name, count(*)::integer as n ${from} group by 1 order by 4 desc, 1 limit ${MOST_NAMED}`,
      ]);
      return {
        total: all!["total"], live: all!["live"], playback: all!["total"] - all!["live"], first, last, bucket,
        buckets: buckets.map((row) => ({ at: row["began"].getTime(), purpose: row["purpose"], n: row["n"] })),
        byPurpose: byPurpose.map((row) => ({ purpose: row["purpose"], n: row["n"] })),
        byAccount: byAccount.map((row) => ({ accountId: row["account_id"], accountName: row["account_name"], n: row["n"] })),
        byCamera: byCamera.map((row) => ({ cameraId: row["camera_id"], cameraCode: row["camera_code"], cameraName: row["camera_name"], n: row["n"] })),
      };
    },

    count: async (): Promise<number> => (await database`select count(*)::integer as n from access_record`)[0]!["n"],
  };
}
