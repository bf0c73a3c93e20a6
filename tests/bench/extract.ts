// Which city a bench works on: `--extract FILE`, or the largest extract at hand; null: the demo city.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const EXTRACTS = join(import.meta.dirname, "..", "..", "..", "shared", "data", "osm");

export function findExtract(): string | null {
  const at = process.argv.indexOf("--extract");
  if (at >= 0) return process.argv[at + 1] ?? null;
  const there = existsSync(EXTRACTS) ? readdirSync(EXTRACTS).filter((name) => name.endsWith(".osm.pbf")).map((name) => join(EXTRACTS, name)) : [];
  return there.sort((a, b) => statSync(b).size - statSync(a).size)[0] ?? null;
}
