// `citywatch city import FILE.osm.pbf`: a city of any OpenStreetMap extract, in a folder that `citywatch serve --city` takes.
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ToldError } from "../base/told-error.ts";
import type { CityManifest } from "../io/city/city-folder.ts";
import { readCityManifest } from "../io/city/city-folder.ts";
import { type ImportProgress, importExtract } from "../io/city/import-city.ts";

const HELP = `Usage: citywatch city import FILE.osm.pbf [--name NAME] [--into FOLDER] [--time-zone ZONE]
       citywatch city show FOLDER

  --name NAME       the city's name (default: the file's)
  --into FOLDER     where the city goes (default: ~/.citywatch/cities/NAME)
  --time-zone ZONE  its IANA time zone, e.g. Europe/Lisbon (default: this machine's)

The file is an OpenStreetMap extract of your city in PBF form, from a download service for extracts. Roads make it routable; house numbers, schools, police, hospitals, signals, mapped
cameras and buildings are taken where the file has them.`;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  const [action, path, ...more] = positionals;
  if (values.help === true || action === undefined) {
    console.log(HELP);
    return values.help === true ? 0 : 2;
  }
  if (path === undefined || more.length > 0 || (action !== "import" && action !== "show")) throw new ToldError(`expected "city import FILE.osm.pbf" or "city show FOLDER"\n\n${HELP}`);
  if (action === "show") {
    console.log(describe(await readCityManifest(resolve(path))));
    return 0;
  }
  const timeZone = values["time-zone"] ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!isTimeZone(timeZone)) throw new ToldError(`--time-zone: ${JSON.stringify(timeZone)} is no IANA time zone; expected one like Europe/Lisbon`);
  const name = values.name?.trim();
  if (name !== undefined && (name === "" || name.length > 80)) throw new ToldError(`--name: expected 1 to 80 characters, got ${name.length}`);
  const dir = resolve(values.into ?? join(homedir(), ".citywatch", "cities", folderName(name ?? path)));
  const manifest = await importExtract({ file: resolve(path), dir, timeZone, progress: createProgressLine(), now: Date.now(), ...(name === undefined ? {} : { name }) });
  console.log(`${describe(manifest)}\n\nThe city is in ${dir}`);
  return 0;
}

function parse(args: readonly string[]): { values: { name?: string; into?: string; "time-zone"?: string; help?: boolean }; positionals: string[] } {
  try {
    return parseArgs({
      args: [...args], allowPositionals: true,
      options: { name: { type: "string" }, into: { type: "string" }, "time-zone": { type: "string" }, help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    throw new ToldError(`${(error as Error).message}\n\n${HELP}`, { cause: error });
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const folderName = (text: string): string => text.replace(/^.*[/\\]/, "").replace(/(\.osm)?\.pbf$/i, "").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "city";

/** One line per step; on a terminal the line counts up, elsewhere it is printed when the step ends. */
function createProgressLine(): ImportProgress {
  let shown = "";
  return (step, done, of) => {
    const share = of === null || of === 0 ? "" : `${Math.floor((done / of) * 100)} %`;
    const line = `  ${step.padEnd(24)} ${share.padStart(5)}`;
    if (line === shown) return;
    shown = line;
    if (process.stdout.isTTY) process.stdout.write(`\r${line}${of !== null && done >= of ? "\n" : ""}`);
    else if (of !== null && done >= of) console.log(line);
  };
}

const WHY_LEFT_OUT = { hours: "hold at some hours only", vehicles: "are for some vehicles only", incomplete: "do not say which ways they mean" } as const;
/** Turns that the map bans and that are driven here all the same. */
function describeLeftOut(leftOut: CityManifest["counts"]["turnsLeftOut"]): string[] {
  const told = Object.entries(leftOut ?? {}).filter(([, n]) => n > 0).map(([why, n]) => `${n.toLocaleString("en")} ${WHY_LEFT_OUT[why as keyof typeof WHY_LEFT_OUT]}`);
  return told.length === 0 ? [] : [`             turn restrictions that are not kept: ${told.join(", ")}`];
}

function describe({ name, counts, bounds, attribution, timeZone, notes }: CityManifest): string {
  const number = (n: number): string => n.toLocaleString("en");
  return [
    `${name} (${timeZone})`,
    `  roads      ${number(counts.edges)} edges, ${number(Math.round(counts.roadMetres / 1000))} km, ${number(counts.bannedTurns)} banned turns, ${number(counts.bannedPaths)} along roads in between`,
    ...describeLeftOut(counts.turnsLeftOut),
    `  places     ${number(counts.streets)} streets, ${number(counts.addresses)} addresses, ${number(counts.features)} features`,
    `  buildings  ${number(counts.buildings)}`,
    `  map        ${number(counts.tiles)} tiles`,
    `  extent     ${bounds.south.toFixed(4)}, ${bounds.west.toFixed(4)} to ${bounds.north.toFixed(4)}, ${bounds.east.toFixed(4)}`,
    `  ${attribution}`,
    ...notes.map((note) => `  ${note}`),
  ].join("\n");
}
