// `citywatch unit import FILE.csv`: the units that can be sent, entered into the running centre. The file is read and judged here, row by row, by the contract's own
// schema: a bad row is told with its line and the rest goes in. Registering is by call sign and may be repeated: what is the same already makes no event.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parse } from "csv-parse/sync";
import { NewUnit, UNIT_KINDS } from "../contract/dispatch.ts";
import { ToldError } from "../base/told-error.ts";
import { CENTRE_HELP, openNamedCentre } from "./centre-client.ts";

const COLUMNS = ["call_sign", "kind", "lat", "lon", "skills", "crew", "phone"] as const;
const REQUIRED = ["call_sign", "kind", "lat", "lon"] as const;
const BATCH = 2_000;
const MOST_BYTES = 50_000_000;

const HELP = `Usage: citywatch unit import FILE.csv

columns: ${COLUMNS.join(", ")}
  call_sign   its name, for ever: the same call sign again changes the unit
  kind        ${UNIT_KINDS.join(", ")}
  lat, lon    where it waits (WGS 84)
  skills      separated by ";", e.g. first-aid;boat
  crew        names with their badges, separated by ";", e.g. Ana Silva 1043;Rui Costa 1044
  phone       of the crew

${CENTRE_HELP}`;

const OPTIONS = { centre: { type: "string" }, data: { type: "string" }, login: { type: "string" }, help: { type: "boolean", short: "h" } } as const;

export interface UnitRows {
  readonly units: readonly NewUnit[];
  readonly rejected: readonly { readonly line: number; readonly field: string; readonly value: string; readonly expected: string }[];
}

/** Throws a ToldError where the text is no such list at all. */
export function readUnitRows(text: string): UnitRows {
  let records: { info: { lines: number }; record: Record<string, string> }[];
  try {
    records = parse(text, { bom: true, columns: true, info: true, trim: true, skip_empty_lines: true, relax_column_count: true }) as never;
  } catch (error) {
    throw new ToldError(`The list cannot be read as CSV: ${(error as Error).message}`, { cause: error });
  }
  const first = records[0]?.record ?? {};
  const missing = REQUIRED.filter((name) => !Object.hasOwn(first, name));
  if (missing.length > 0) throw new ToldError(`The list has no column ${missing.join(", ")}; expected ${COLUMNS.join(", ")}`);
  const units: NewUnit[] = [];
  const rejected: { line: number; field: string; value: string; expected: string }[] = [];
  const seen = new Set<string>();
  const list = (cell: string | undefined): string[] => (cell ?? "").split(";").map((part) => part.trim()).filter((part) => part !== "");
  const number = (cell: string | undefined): number | string => (cell !== undefined && /^[+-]?\d+(\.\d+)?$/.test(cell) ? Number(cell) : (cell ?? ""));
  for (const { info, record } of records) {
    const crew = list(record["crew"]).map((words) => {
      const [, name, badge] = /^(.*?)(?:\s+(\S*\d\S*))?$/.exec(words)!;
      return { name, badge: badge ?? "" };
    });
    const read = NewUnit.safeParse({
      callSign: record["call_sign"], kind: record["kind"], home: { lat: number(record["lat"]), lon: number(record["lon"]) }, skills: list(record["skills"]), crew,
      phone: record["phone"] === undefined || record["phone"] === "" ? null : record["phone"],
    });
    if (!read.success) {
      const [issue] = read.error.issues;
      const path = issue!.path.join(".");
      const field = { callSign: "call_sign", "home.lat": "lat", "home.lon": "lon" }[path] ?? String(issue!.path[0]);
      rejected.push({ line: info.lines, field, value: (record[field] ?? "").slice(0, 80), expected: issue!.message.replace(/^.*?expected /, "") });
    } else if (seen.has(read.data.callSign)) rejected.push({ line: info.lines, field: "call_sign", value: read.data.callSign, expected: "each call sign once" });
    else {
      seen.add(read.data.callSign);
      units.push(read.data);
    }
  }
  return { units, rejected };
}

function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new ToldError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`, { cause: error });
  }
  if (bytes.length > MOST_BYTES) throw new ToldError(`${path}: ${bytes.length} bytes: expected at most ${MOST_BYTES}`);
  return bytes.toString("utf8");
}

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  const [action, path, ...more] = positionals;
  if (values.help === true || action === undefined) {
    console.log(HELP);
    return values.help === true ? 0 : 2;
  }
  if (action !== "import" || path === undefined || more.length > 0) throw new ToldError(`expected "unit import FILE.csv"\n\n${HELP}`);
  const { units, rejected } = readUnitRows(readText(path));
  for (const { line, field, value, expected } of rejected) console.error(`line ${line}: ${field}: ${value}: expected ${expected}`);
  const centre = await openNamedCentre(values);
  try {
    for (let first = 0; first < units.length; first += BATCH) await centre.call("registerUnits", { body: { units: units.slice(first, first + BATCH) } });
  } finally {
    await centre.close();
  }
  console.log(`${units.length} units entered, ${rejected.length} rows not`);
  return rejected.length === 0 ? 0 : 1;
}
