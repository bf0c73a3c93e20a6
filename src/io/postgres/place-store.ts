// Platforms and campuses: small tables, read whole at start. Those of the demo are filled once; platforms are entered by code.
import type { Actor } from "../../contract/basics.ts";
import type { Campus, Platform } from "../../contract/city.ts";
import { insertAuditEntry } from "./audit-store.ts";
import type { Database } from "./database.ts";

export type PlatformToAdd = Omit<Platform, "id">;
export type CampusToAdd = Omit<Campus, "id"> & { readonly district: string | null };

export function createPlaceStore(database: Database) {
  const listPlatforms = async (): Promise<Platform[]> =>
    (await database`select id, code, name, lon, lat, district from platform order by id`).map((row) => ({
      id: row["id"], code: row["code"], name: row["name"], point: { lon: row["lon"], lat: row["lat"] }, district: row["district"],
    }));
  return {
    listPlatforms,

    listCampuses: async (): Promise<Campus[]> =>
      (await database`select id, code, name, lon, lat, guards from campus order by id`).map((row) => ({
        id: row["id"], code: row["code"], name: row["name"], point: { lon: row["lon"], lat: row["lat"] }, guards: row["guards"],
      })),

    /** Those whose code is there already are left as they are. */
    addPlatforms: async (platforms: readonly PlatformToAdd[]): Promise<void> => {
      const rows = platforms.map((platform) => ({ code: platform.code, name: platform.name, ...platform.point, district: platform.district }));
      await database`
        insert into platform (code, name, lon, lat, district)
        select * from jsonb_to_recordset(${database.json(rows as never)}) as r (code text, name text, lon double precision, lat double precision, district text)
        on conflict (code) do nothing`;
    },

    /** By code: one that is there is changed. All that there are, after the commit. */
    enterPlatforms: async (platforms: readonly PlatformToAdd[], by: Actor, now: number): Promise<Platform[]> => {
      const rows = platforms.map((platform) => ({ code: platform.code, name: platform.name, ...platform.point, district: platform.district }));
      await database.begin(async (transaction) => {
        await transaction`
          insert into platform (code, name, lon, lat, district)
          select * from jsonb_to_recordset(${transaction.json(rows as never)}) as r (code text, name text, lon double precision, lat double precision, district text)
          on conflict (code) do update set name = excluded.name, lon = excluded.lon, lat = excluded.lat, district = excluded.district`;
        await insertAuditEntry(transaction, now, by, { action: "platform.enter", subjectKind: "platform", subjectId: null, body: { codes: platforms.map(({ code }) => code).join(", ") } });
      });
      return listPlatforms();
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
