// Small facts that the installation remembers of itself.
import type { Database } from "./database.ts";

export function createSettingStore(database: Database) {
  return {
    find: async (key: string): Promise<unknown> => (await database`select value from setting where key = ${key}`)[0]?.["value"],
    save: async (key: string, value: object): Promise<void> => {
      await database`insert into setting (key, value) values (${key}, ${database.json(value as never)}) on conflict (key) do update set value = excluded.value`;
    },
  };
}
