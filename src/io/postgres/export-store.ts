// Evidence exports: what was asked, what was signed, how it ended. The export and the access records of its cameras are one transaction; `insert` resolves after
// its commit, and only then does anybody get a token ([EXP3] in video/SPEC.md). Nothing here changes a row.
import type { ExportEnd } from "../../contract/evidence.ts";
import type { NewAccessRecords, StoredExport } from "../../contract/register.ts";
import { insertAccessRecords } from "./access-record-store.ts";
import { toWall, type Asks, type Database, type Row } from "./database.ts";

const facts = (sql: Asks) => sql`x.*, e.at as ended_at, e.outcome, e.fault, e.bytes, e.sha256,
  (select json_agg(json_build_object('cameraId', c.id, 'code', r.camera_code, 'name', c.name, 'accessRecordId', r.id) order by r.id)
   from evidence_export_camera k join camera c on c.id = k.camera_id join access_record r on r.id = k.access_record_id where k.export_id = x.id) as cameras`;
const toExport = (row: Row): StoredExport => ({
  id: row["id"], at: row["at"].getTime(), accountId: row["account_id"], accountName: row["account_name"], recorderId: row["recorder_id"], cameras: row["cameras"],
  from: row["range_from"].getTime(), to: row["range_to"].getTime(), purpose: row["purpose"], incidentId: row["incident_id"], contactId: row["contact_id"], words: row["words"],
  ended: row["outcome"] === null ? null : { at: toWall(row["ended_at"])!, outcome: row["outcome"], fault: row["fault"], bytes: Number(row["bytes"]), sha256: row["sha256"] },
});

export function createExportStore(database: Database) {
  return {
    insert: (look: NewAccessRecords & { readonly from: number; readonly to: number }, recorderId: number, now: number): Promise<{ id: number; accessRecordIds: number[] }> =>
      database.begin(async (transaction) => {
        const accessRecordIds = await insertAccessRecords(transaction, look, now);
        const [row] = await transaction`
          insert into evidence_export (at, account_id, account_name, recorder_id, range_from, range_to, purpose, incident_id, contact_id, words)
          values (${new Date(now)}, ${look.accountId}, ${look.accountName}, ${recorderId}, ${new Date(look.from)}, ${new Date(look.to)}, ${look.purpose}, ${look.incidentId}, ${look.contactId}, ${look.words}) returning id`;
        const id = row!["id"] as number;
        await transaction`
          insert into evidence_export_camera (export_id, camera_id, access_record_id)
          select ${id}, c.id, c.record from unnest(${look.cameras.map((camera) => camera.id)}::integer[], ${accessRecordIds}::integer[]) as c (id, record)`;
        return { id, accessRecordIds };
      }),

    /** Resolves after the commit. */
    recordSignature: async (exportId: number, manifestSha256: string, keyFingerprint: string, now: number): Promise<void> => {
      await database`insert into evidence_signature (export_id, at, manifest_sha256, key_fingerprint) values (${exportId}, ${new Date(now)}, ${manifestSha256}, ${keyFingerprint})`;
    },

    /** The first end counts, and ends the access records with it. Resolves after the commit. */
    end: (exportId: number, end: ExportEnd, at: number): Promise<boolean> =>
      database.begin(async (transaction) => {
        const done = await transaction`
          insert into evidence_export_end (export_id, at, outcome, fault, bytes, sha256)
          select id, ${new Date(at)}, ${end.outcome}, ${end.fault}, ${end.bytes}, ${end.sha256} from evidence_export where id = ${exportId} on conflict do nothing`;
        await transaction`
          insert into access_record_end (record_id, at) select access_record_id, ${new Date(at)} from evidence_export_camera where export_id = ${exportId} on conflict do nothing`;
        return done.count === 1;
      }),

    find: async (id: number): Promise<StoredExport | null> => {
      const [row] = await database`select ${facts(database)} from evidence_export x left join evidence_export_end e on e.export_id = x.id where x.id = ${id}`;
      return row === undefined ? null : toExport(row);
    },

    /** Newest first; null: of all accounts. */
    list: async (accountId: number | null, before: number | null, limit: number): Promise<StoredExport[]> => {
      const rows = await database`
        select ${facts(database)} from evidence_export x left join evidence_export_end e on e.export_id = x.id
        where (${accountId}::integer is null or x.account_id = ${accountId}) and (${before}::integer is null or x.id < ${before}) order by x.id desc limit ${limit}`;
      return rows.map(toExport);
    },
  };
}
