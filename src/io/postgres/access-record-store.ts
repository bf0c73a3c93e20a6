// Access records: who looks at which camera and why. `insert` resolves after the commit, and only its answer carries the ids that a view token
// needs [VIEW4]; nothing here changes or removes a record [VIEW5]: renewals and the end of a look are rows of their own.
import type { Role } from "../../contract/access.ts";
import type { ServedRanges } from "../../contract/cameras.ts";
import type { NewAccessRecords, OpenSince, StoredAccessRecord } from "../../contract/register.ts";
import { createAccessRegister, facts, joined, toRecord } from "./access-register.ts";
import type { Database, Transaction } from "./database.ts";

const toDate = (at: number | null): Date | null => (at === null ? null : new Date(at));

/** One record per camera, in the order of the cameras; the ids in the same. */
export async function insertAccessRecords(transaction: Transaction, look: NewAccessRecords, now: number): Promise<number[]> {
  const rows = await transaction`
    insert into access_record (at, account_id, account_name, camera_id, camera_code, mode, range_from, range_to, purpose, incident_id, contact_id, words, sound, metadata)
    select ${new Date(now)}, ${look.accountId}, ${look.accountName}, c.id, c.code, ${look.mode}, ${toDate(look.from)}::timestamptz, ${toDate(look.to)}::timestamptz,
      ${look.purpose}, ${look.incidentId}::integer, ${look.contactId}::integer, ${look.words}::text, c.sound = 1, c.metadata = 1
    from unnest(${look.cameras.map((camera) => camera.id)}::integer[], ${look.cameras.map((camera) => camera.code)}::text[], ${look.cameras.map((camera) => (camera.sound === true ? 1 : 0))}::integer[],
      ${look.cameras.map((camera) => (camera.metadata === true ? 1 : 0))}::integer[]) with ordinality as c (id, code, sound, metadata, place)
    order by c.place returning id, camera_id`;
  const byCamera = new Map(rows.map((row) => [row["camera_id"] as number, row["id"] as number]));
  return look.cameras.map((camera) => byCamera.get(camera.id)!);
}

/** `inspection`: the pool for those who read the register. */
export function createAccessRecordStore(database: Database, inspection: Database) {
  /** Looks without an end, whose last token was given after `since`, and such downloads, which outlive their token, begun after `downloadsSince`. */
  const open = ({ since, downloadsSince }: OpenSince) => database`
    (select * from access_record where at > ${new Date(since)} union select * from access_record where mode = 'download' and at > ${new Date(downloadsSince)}
      union select * from access_record where id in (select record_id from access_record_renewal where at > ${new Date(since)})) r
    left join access_record_end e on e.record_id = r.id`;
  return {
    ...createAccessRegister(inspection),

    /** One record per camera, in the order of the cameras; all or none. */
    insert: (look: NewAccessRecords, now: number): Promise<number[]> => database.begin((transaction) => insertAccessRecords(transaction, look, now)),

    /** The first end counts; one for an unknown record is dropped. Returns whether it was taken. */
    end: async (recordId: number, at: number): Promise<boolean> => {
      const done = await database`
        insert into access_record_end (record_id, at) select id, ${new Date(at)} from access_record where id = ${recordId} on conflict do nothing`;
      return done.count === 1;
    },

    /** All that the look was served so far. Resolves after the commit; false for an unknown record. */
    noteServed: async (recordId: number, served: ServedRanges, at: number): Promise<boolean> => {
      const done = await database`insert into access_record_served (record_id, at, ranges) select id, ${new Date(at)}, ${database.json(served)} from access_record where id = ${recordId}`;
      return done.count === 1;
    },

    /** What an account may look at just now. */
    listOpen: async (accountId: number, since: OpenSince): Promise<{ id: number; cameraId: number }[]> => {
      const rows = await database`select r.id, r.camera_id from ${open(since)} where e.at is null and r.account_id = ${accountId} and r.mode <> 'export'`;
      return rows.map((row) => ({ id: row["id"], cameraId: row["camera_id"] }));
    },

    /** The same of all accounts, of looks that hear one of these cameras. */
    listOpenHeard: async (cameraIds: readonly number[], since: OpenSince): Promise<{ id: number; cameraId: number }[]> => {
      const rows = await database`select r.id, r.camera_id from ${open(since)} where e.at is null and r.sound and r.camera_id = any(${[...cameraIds]}::integer[]) and r.mode <> 'export'`;
      return rows.map((row) => ({ id: row["id"], cameraId: row["camera_id"] }));
    },

    /** The same of all accounts that are bound to the unit. */
    listOpenOfUnit: async (unitId: number, since: OpenSince): Promise<{ id: number; cameraId: number; incidentId: number | null; roles: Role[] }[]> => {
      const rows = await database`
        select r.id, r.camera_id, r.incident_id, a.roles from ${open(since)} join account a on a.id = r.account_id where e.at is null and a.unit_id = ${unitId} and r.mode <> 'export'`;
      return rows.map((row) => ({ id: row["id"], cameraId: row["camera_id"], incidentId: row["incident_id"], roles: row["roles"] }));
    },

    find: async (recordId: number): Promise<StoredAccessRecord | null> => {
      const [row] = await database`select ${facts(database)} from access_record r ${joined(database)} where r.id = ${recordId}`;
      return row === undefined ? null : toRecord(row);
    },

    /** Throws where there is no such record. The lock makes an end wait, or be seen. */
    renew: async <R>(recordId: number, at: number, refuse: (record: StoredAccessRecord) => R | null): Promise<R | null> =>
      (await database.begin(async (transaction) => {
        await transaction`select 1 from access_record where id = ${recordId} for update`;
        const [row] = await transaction`select ${facts(transaction)} from access_record r ${joined(transaction)} where r.id = ${recordId}`;
        if (row === undefined) throw new Error(`no access record ${recordId}`);
        const refusal = refuse(toRecord(row));
        if (refusal === null) await transaction`insert into access_record_renewal (record_id, at) values (${recordId}, ${new Date(at)})`;
        return { refusal };
      })).refusal,
  };
}
