// Registered trackers, each change with its audit entry.
import { err, ok, type Result } from "../../base/result.ts";
import type { Actor } from "../../contract/basics.ts";
import type { StoredTracker } from "../../contract/trackers.ts";
import { insertAuditEntry } from "./audit-store.ts";
import type { Database, Row } from "./database.ts";

const toTracker = (row: Row): StoredTracker => ({ id: row["id"], deviceId: row["device_id"], unitId: row["unit_id"], registeredAt: row["registered_at"].getTime(), registeredBy: row["registered_by"] });

export function createTrackerStore(database: Database) {
  return {
    list: async (): Promise<StoredTracker[]> => (await database`select * from tracker order by id`).map(toTracker),

    add: async (deviceId: string, unitId: number, by: Actor, now: number): Promise<Result<StoredTracker, "device-taken" | "unit-has-tracker">> =>
      (await database.begin(async (transaction) => {
        await transaction`lock table tracker in share row exclusive mode`;
        const [taken] = await transaction`select device_id from tracker where device_id = ${deviceId} or unit_id = ${unitId} order by device_id = ${deviceId} desc`;
        if (taken !== undefined) return err(taken["device_id"] === deviceId ? "device-taken" : "unit-has-tracker");
        const [row] = await transaction`
          insert into tracker (device_id, unit_id, registered_at, registered_by) values (${deviceId}, ${unitId}, ${new Date(now)}, ${transaction.json(by as never)}) returning *`;
        await insertAuditEntry(transaction, now, by, { action: "tracker.add", subjectKind: "tracker", subjectId: row!["id"], body: { deviceId, unitId } });
        return ok(toTracker(row!));
      })) as Result<StoredTracker, "device-taken" | "unit-has-tracker">,

    remove: async (id: number, by: Actor, now: number): Promise<boolean> =>
      (await database.begin(async (transaction) => {
        const [row] = await transaction`delete from tracker where id = ${id} returning *`;
        if (row === undefined) return false;
        await insertAuditEntry(transaction, now, by, { action: "tracker.remove", subjectKind: "tracker", subjectId: id, body: { deviceId: row["device_id"], unitId: row["unit_id"] } });
        return true;
      })) as boolean,
  };
}
