// Access records: who looks at which camera and why. `insert` resolves after the commit, and only its answer carries the ids that a view token
// needs [VIEW4]; nothing here changes or removes a record [VIEW5]: renewals and the end of a look are rows of their own.
import type { AccessRecord } from "../../contract/cameras.ts";
import type postgres from "postgres";
import type { Database } from "./database.ts";

export interface NewAccessRecords {
  readonly accountId: number;
  readonly accountName: string;
  readonly cameras: readonly { readonly id: number; readonly code: string }[];
  readonly mode: "live" | "playback";
  readonly from: number | null;
  readonly to: number | null;
  readonly purpose: string;
  readonly incidentId: number | null;
  readonly contactId: number | null;
  readonly words: string | null;
}

export interface AccessRecordFilter {
  readonly cameraId?: number | undefined;
  readonly accountId?: number | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
}

export type StoredAccessRecord = Omit<AccessRecord, "openUntil">;

const toDate = (at: number | null): Date | null => (at === null ? null : new Date(at));
const toWall = (at: Date | null): number | null => (at === null ? null : at.getTime());

type Asks = postgres.ISql<{ bigint: number }>; // the pool, or one transaction of it
const facts = (sql: Asks) => sql`r.*, e.at as ended_at, (select max(n.at) from access_record_renewal n where n.record_id = r.id) as renewed_at`;
const tables = (sql: Asks) => sql`access_record r left join access_record_end e on e.record_id = r.id`;
const toRecord = (row: postgres.Row): StoredAccessRecord => ({
  id: row["id"], at: row["at"].getTime(), accountId: row["account_id"], accountName: row["account_name"], cameraId: row["camera_id"], cameraCode: row["camera_code"],
  mode: row["mode"], from: toWall(row["range_from"]), to: toWall(row["range_to"]), purpose: row["purpose"], incidentId: row["incident_id"], contactId: row["contact_id"], words: row["words"],
  endedAt: toWall(row["ended_at"]), renewedAt: toWall(row["renewed_at"]),
});

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

    list: async (filter: AccessRecordFilter): Promise<StoredAccessRecord[]> => {
      const rows = await database`
        select ${facts(database)} from ${tables(database)}
        where true ${filter.cameraId === undefined ? database`` : database`and r.camera_id = ${filter.cameraId}`}
          ${filter.accountId === undefined ? database`` : database`and r.account_id = ${filter.accountId}`}
          ${filter.before === undefined ? database`` : database`and r.id < ${filter.before}`}
        order by r.id desc limit ${filter.limit}`;
      return rows.map(toRecord);
    },

    count: async (): Promise<number> => (await database`select count(*)::integer as n from access_record`)[0]!["n"],
  };
}
