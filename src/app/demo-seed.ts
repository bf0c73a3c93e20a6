// Which seed the demo city of a data folder has. It is chosen at the first start; after that the register, the units and the log are of that city, so
// the simulator must be too, whatever is asked for later.
import type { Database } from "../io/postgres/database.ts";
import { createSettingStore } from "../io/postgres/setting-store.ts";

/** Name of the setting that `load-demo.ts` keeps. */
export const DEMO_SETTING = "demo-city";

/** null: no demo city was loaded here yet. */
export async function findDemoSeed(database: Database): Promise<number | null> {
  const stored = (await createSettingStore(database).find(DEMO_SETTING)) as { readonly seed?: unknown } | undefined;
  return typeof stored?.seed === "number" ? stored.seed : null;
}
