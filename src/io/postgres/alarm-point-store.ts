// Registered alarm points, each change with its audit entry.
import { err, ok, type Result } from "../../base/result.ts";
import type { Actor } from "../../contract/basics.ts";
import type { AlarmPoint, NewAlarmPoint } from "../../contract/contact-ways.ts";
import { changedFields, insertAuditEntry } from "./audit-store.ts";
import type { Database, Row } from "./database.ts";

const toPoint = (row: Row): AlarmPoint => ({
  id: row["id"], code: row["code"], kind: row["kind"], siteName: row["site_name"], door: row["door"], point: { lon: row["lon"], lat: row["lat"] }, uncertaintyM: row["uncertainty_m"], cameraIds: row["camera_ids"],
  priorityHint: row["priority_hint"], changedAt: row["changed_at"].getTime(), changedBy: row["changed_by"],
});
const FIELDS = ["code", "kind", "siteName", "door", "point", "uncertaintyM", "cameraIds", "priorityHint"] as const;
const UNIQUE_VIOLATION = "23505";

export function createAlarmPointStore(database: Database) {
  const unlessTaken = async <T>(work: () => Promise<T>): Promise<Result<T, "code-taken">> => {
    try {
      return ok(await work());
    } catch (error) {
      if ((error as { code?: string }).code === UNIQUE_VIOLATION) return err("code-taken");
      throw error;
    }
  };
  return {
    list: async (): Promise<AlarmPoint[]> => (await database`select * from alarm_point order by code`).map(toPoint),

    add: (point: NewAlarmPoint, by: Actor, now: number): Promise<Result<AlarmPoint, "code-taken">> =>
      unlessTaken(() => database.begin(async (transaction) => {
        const [row] = await transaction`
          insert into alarm_point (code, kind, site_name, door, lon, lat, uncertainty_m, camera_ids, priority_hint, changed_at, changed_by)
          values (${point.code}, ${point.kind}, ${point.siteName}, ${point.door}, ${point.point.lon}, ${point.point.lat}, ${point.uncertaintyM}, ${point.cameraIds}, ${point.priorityHint}, ${new Date(now)}, ${transaction.json(by as never)}) returning *`;
        const added = toPoint(row!);
        await insertAuditEntry(transaction, now, by, { action: "alarm-point.add", subjectKind: "alarm-point", subjectId: added.id, body: { code: added.code, kind: added.kind, siteName: added.siteName, door: added.door } });
        return added;
      }) as Promise<AlarmPoint>),

    /** Null: there is none. */
    change: (id: number, point: NewAlarmPoint, by: Actor, now: number): Promise<Result<AlarmPoint | null, "code-taken">> =>
      unlessTaken(() => database.begin(async (transaction) => {
        const [before] = await transaction`select * from alarm_point where id = ${id} for update`;
        if (before === undefined) return null;
        const [row] = await transaction`
          update alarm_point set code = ${point.code}, kind = ${point.kind}, site_name = ${point.siteName}, door = ${point.door}, lon = ${point.point.lon}, lat = ${point.point.lat}, uncertainty_m = ${point.uncertaintyM},
            camera_ids = ${point.cameraIds}, priority_hint = ${point.priorityHint}, changed_at = ${new Date(now)}, changed_by = ${transaction.json(by as never)} where id = ${id} returning *`;
        const after = toPoint(row!);
        await insertAuditEntry(transaction, now, by, { action: "alarm-point.change", subjectKind: "alarm-point", subjectId: id, body: changedFields<AlarmPoint>(toPoint(before), after, FIELDS) });
        return after;
      }) as Promise<AlarmPoint | null>),

    remove: async (id: number, by: Actor, now: number): Promise<boolean> =>
      (await database.begin(async (transaction) => {
        const [row] = await transaction`delete from alarm_point where id = ${id} returning code, site_name`;
        if (row !== undefined) await insertAuditEntry(transaction, now, by, { action: "alarm-point.remove", subjectKind: "alarm-point", subjectId: id, body: { code: row["code"], siteName: row["site_name"] } });
        return row !== undefined;
      })) as boolean,
  };
}
