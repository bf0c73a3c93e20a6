// Platforms and campuses: small tables, read whole at start, and filled once.
import type { Campus, Platform } from "../../contract/city.ts";
import type { Database } from "./database.ts";

export type PlatformToAdd = Omit<Platform, "id">;
export type CampusToAdd = Omit<Campus, "id"> & { readonly district: string | null };

export function createPlaceStore(database: Database) {
  return {
    listPlatforms: async (): Promise<Platform[]> =>
      (await database`select id, code, name, lon, lat, district from platform order by id`).map((row) => ({
        id: row["id"], code: row["code"], name: row["name"], point: { lon: row["lon"], lat: row["lat"] }, district: row["district"],
      })),

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

    addCampuses: async (campuses: readonly CampusToAdd[]): Promise<void> => {
      const rows = campuses.map((campus) => ({ code: campus.code, name: campus.name, ...campus.point, district: campus.district, guards: campus.guards }));
      await database`
        insert into campus (code, name, lon, lat, district, guards)
        select * from jsonb_to_recordset(${database.json(rows as never)}) as r (code text, name text, lon double precision, lat double precision, district text, guards jsonb)
        on conflict (code) do nothing`;
    },
  };
}
