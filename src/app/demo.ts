// The demo city on disk: imported once from the tiles that npm brought, again only when the format of city folders has changed or the files are damaged.
import { CityError } from "../io/city/city-error.ts";
import { loadCity, readCityManifest } from "../io/city/city-folder.ts";
import { importDemoCity } from "../io/city/import-city.ts";

export interface PrepareDemoCityOptions {
  readonly cityDir: string;
  readonly progress: (step: string, done: number, of: number | null) => void;
}

/** Makes sure that `cityDir` holds a readable demo city. Throws CityError where a newer program made it, or where something else is in the place. */
export async function prepareDemoCity({ cityDir, progress }: PrepareDemoCityOptions): Promise<void> {
  if (await isReady(cityDir)) return;
  await importDemoCity({ dir: cityDir, progress, now: Date.now() });
}

async function isReady(cityDir: string): Promise<boolean> {
  try {
    await readCityManifest(cityDir);
    (await loadCity(cityDir)).close();
    return true;
  } catch (error) {
    if (!(error instanceof CityError)) throw error;
    if (error.code === "other-format" && error.message.includes("newer")) throw error;
    return false;
  }
}
