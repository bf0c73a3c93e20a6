// Platforms and campuses: small tables, read whole at start. Platforms are entered, changed and retired, each change with its audit entry; campuses come with the demo city.
import type { Actor } from "../../contract/basics.ts";
import type { Campus } from "../../contract/city.ts";
import type { PlatformToAdd, StoredPlatform } from "../../contract/register.ts";
import { changedFields, insertAuditEntry } from "./audit-store.ts";
import type { Database, Row } from "./database.ts";

export type CampusToAdd = Omit<Campus, "id"> & { readonly district: string | null };

const toPlatform = (row: Row): StoredPlatform => ({ id: row["id"], code: row["code"], name: row["name"], point: { lon: row["lon"], lat: row["lat"] }, district: row["district"] });

export function createPlaceStore(database: Database) {
  return {
    /** Those that stand. */
    listPlatforms: async (): Promise<StoredPlatform[]> => (await database`select * from platform where retired_at is null order by id`).map(toPlatform),

    /** By code: new ones are added, known ones changed, retired ones stand again; what is the same stays untouched. Beside the input. One audit entry for all that are new. */
    enterPlatforms: (platforms: readonly PlatformToAdd[], by: Actor, now: number): Promise<StoredPlatform[]> =>
      database.begin(async (transaction) => {
        const known = new Map((await transaction`select * from platform where code = any(${platforms.map(({ code }) => code)}) for update`).map((row) => [row["code"] as string, row]));
        const added: StoredPlatform[] = [];
        const entered: StoredPlatform[] = [];
        for (const platform of platforms) {
          const { code, name, district, point: { lon, lat } } = platform;
          const row = known.get(code);
          const before = row === undefined ? null : toPlatform(row);
          const changes = before === null ? {} : { ...(row!["retired_at"] === null ? {} : { retired: { from: true, to: false } }), ...changedFields<PlatformToAdd>(before, platform, ["name", "point", "district"]) };
          if (before !== null && Object.keys(changes).length === 0) {
            entered.push(before);
            continue;
          }
          const [written] = await transaction`
            insert into platform (code, name, lon, lat, district, changed_at, changed_by) values (${code}, ${name}, ${lon}, ${lat}, ${district}, ${new Date(now)}, ${transaction.json(by as never)})
            on conflict (code) do update set name = excluded.name, lon = excluded.lon, lat = excluded.lat, district = excluded.district, changed_at = excluded.changed_at, changed_by = excluded.changed_by, retired_at = null returning *`;
          const after = toPlatform(written!);
          entered.push(after);
          if (before === null) added.push(after);
          else await insertAuditEntry(transaction, now, by, { action: "platform.change", subjectKind: "platform", subjectId: after.id, body: { code, ...changes } });
        }
        if (added.length === 1) await insertAuditEntry(transaction, now, by, { action: "platform.add", subjectKind: "platform", subjectId: added[0]!.id, body: { ...added[0]! } });
        else if (added.length > 1) await insertAuditEntry(transaction, now, by, { action: "platform.add", subjectKind: "platform", subjectId: null, body: { count: added.length, platforms: added.map(({ id, code }) => [id, code]) } });
        return entered;
      }) as Promise<StoredPlatform[]>,

    /** False: none stands under that number. */
    retirePlatform: async (id: number, by: Actor, now: number): Promise<boolean> =>
      (await database.begin(async (transaction) => {
        const [row] = await transaction`update platform set retired_at = ${new Date(now)}, changed_at = ${new Date(now)}, changed_by = ${transaction.json(by as never)} where id = ${id} and retired_at is null returning code, name`;
        if (row !== undefined) await insertAuditEntry(transaction, now, by, { action: "platform.retire", subjectKind: "platform", subjectId: id, body: { code: row["code"], name: row["name"] } });
        return row !== undefined;
      })) as boolean,

    listCampuses: async (): Promise<Campus[]> =>
      (await database`select id, code, name, lon, lat, guards from campus order by id`).map((row) => ({
        id: row["id"], code: row["code"], name: row["name"], point: { lon: row["lon"], lat: row["lat"] }, guards: row["guards"],
      })),

    /** For the demo city. Those whose code is there already are left as they are. */
    addPlatforms: async (platforms: readonly PlatformToAdd[]): Promise<void> => {
      const rows = platforms.map((platform) => ({ code: platform.code, name: platform.name, ...platform.point, district: platform.district }));
      await database`
        insert into platform (code, name, lon, lat, district)
        select * from jsonb_to_recordset(${database.json(rows as never)}) as r (code text, name text, lon double precision, lat double precision, district text)
        on conflict (code) do nothing`;
    },

    addCampuses: async (campuses: readonly CampusToAdd[]): Promise<void> => {
      const rows = campuses.map((campus) => ({ code: campus.code, name: campus.name, ...campus.point, district: campus.district, guards: campus.guards }));
      await database`
        insert into campus (code, name, lon, lat, district, guards)
        select * from jsonb_to_recordset(${database.json(rows as never)}) as r (code text, name text, lon double precision, lat double precision, district text, guards jsonb)
        on conflict (code) do nothing`;
    },
  };
}
