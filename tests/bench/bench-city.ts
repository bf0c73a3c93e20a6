// The city that a bench works on, imported anew into a folder of its own: `--extract FILE`, or the largest extract at hand; without one, the demo city.
import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCity, type LoadedCity } from "../../src/io/city/city-folder.ts";
import { importDemoCity, importExtract } from "../../src/io/city/import-city.ts";
import { tellProgress } from "./report.ts";

const EXTRACTS = join(import.meta.dirname, "..", "..", "..", "shared", "data", "osm");

/** The largest extract at hand; null: the demo city. */
export function findExtract(): string | null {
  const at = process.argv.indexOf("--extract");
  if (at >= 0) return process.argv[at + 1] ?? null;
  const there = existsSync(EXTRACTS) ? readdirSync(EXTRACTS).filter((name) => name.endsWith(".osm.pbf")).map((name) => join(EXTRACTS, name)) : [];
  return there.sort((a, b) => statSync(b).size - statSync(a).size)[0] ?? null;
}

/** Gives the city to the bench; afterwards nothing of it is left, whatever happened. */
export async function withBenchCity(bench: (city: LoadedCity) => Promise<void> | void, file: string | null = findExtract()): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "citywatch-bench-city-"));
  try {
    const options = { dir: join(dir, "city"), progress: () => undefined, now: Date.now() };
    tellProgress(file === null ? "importing the demo city" : `importing ${file}`);
    await (file === null ? importDemoCity(options) : importExtract({ ...options, file }));
    const city = await loadCity(options.dir);
    try {
      await bench(city);
    } finally {
      city.close();
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
