// `citywatch platform import FILE.csv`: the posts where units stand, entered into the running centre by their codes: the same code again changes a platform. The file is read and judged here, row by
// row, by the contract's own schema; a bad row is told with its line and the rest goes in.
import { parseArgs } from "node:util";
import { CsvListError, findNotUtf8, readCsvRows, readNumber, type CsvRow } from "../api/csv-rows.ts";
import { createFault, formatFault, type InputFault } from "../base/expectations.ts";
import { ToldError } from "../base/told-error.ts";
import { NewPlatform } from "../contract/city.ts";
import { faultsOf } from "../contract/faults.ts";
import type { Readable } from "node:stream";
import { count } from "./camera.ts";
import { CENTRE_HELP, openNamedCentre } from "./centre-client.ts";
import { openList } from "./unit.ts";

const COLUMNS = ["code", "name", "lat", "lon"] as const;
type Column = (typeof COLUMNS)[number];
const BATCH = 500;

const HELP = `Usage: citywatch platform import FILE.csv

columns, in any order:
  code      its name, for ever: the same code again changes the platform; units name it in their column "platform"
  name      what it is called
  lat, lon  where it stands (WGS 84)

${CENTRE_HELP}`;

const OPTIONS = { centre: { type: "string" }, data: { type: "string" }, login: { type: "string" }, help: { type: "boolean", short: "h" } } as const;

export interface PlatformRows {
  readonly platforms: readonly NewPlatform[];
  /** By code. */
  readonly lines: ReadonlyMap<string, number>;
  readonly rejected: readonly ({ readonly line: number } & InputFault)[];
  readonly rejectedTotal: number; // rows
  readonly notices: readonly InputFault[];
}
const inColumns = <F extends { readonly field: string }>(fault: F): F => ({ ...fault, field: fault.field.replace(/^point\./, "") });

function readPlatformRow(row: CsvRow<Column>): NewPlatform | InputFault[] {
  const broken = findNotUtf8(row);
  if (broken !== undefined) return [broken];
  const input = { code: row.code, name: row.name, point: { lat: readNumber(row.lat), lon: readNumber(row.lon) } };
  const read = NewPlatform.safeParse(input);
  return read.success ? read.data : faultsOf("body", input, read.error).map(inColumns);
}

/** Throws a ToldError where the text is no such list at all. */
export async function readPlatformRows(csv: Readable): Promise<PlatformRows> {
  const platforms: NewPlatform[] = [];
  const lines = new Map<string, number>();
  const rejected: ({ line: number } & InputFault)[] = [];
  const notices: InputFault[] = [];
  let rejectedTotal = 0;
  try {
    for await (const entry of readCsvRows(csv, { known: COLUMNS, required: COLUMNS, numbers: ["lat", "lon"] }, (notice) => notices.push(notice))) {
      const read = "fault" in entry ? [entry.fault] : readPlatformRow(entry.row);
      const faults = Array.isArray(read) ? read : lines.has(read.code) ? [createFault("code", read.code, "platform-once")] : [];
      if (faults.length > 0 || Array.isArray(read)) {
        rejectedTotal++;
        rejected.push(...faults.map((fault) => ({ line: entry.line, ...fault })));
        continue;
      }
      lines.set(read.code, entry.line);
      platforms.push(read);
    }
  } catch (error) {
    if (error instanceof CsvListError) throw new ToldError(error.message, { cause: error });
    throw error;
  }
  return { platforms, lines, rejected: rejected.toSorted((a, b) => a.line - b.line), rejectedTotal, notices };
}

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  const [action, path, ...more] = positionals;
  if (values.help === true || action === undefined) {
    console.log(HELP);
    return values.help === true ? 0 : 2;
  }
  if (action !== "import" || path === undefined || more.length > 0) throw new ToldError(`expected "platform import FILE.csv"\n\n${HELP}`);
  const { platforms, lines, rejected, rejectedTotal, notices } = await readPlatformRows(openList(path));
  const centre = await openNamedCentre(values);
  try {
    for (const { field, expected } of notices) console.error(`column ${field}: passed over: expected ${expected}`);
    for (const { line, ...fault } of rejected) console.error(`line ${line}: ${formatFault(fault)}`);
    let entered = 0;
    for (let first = 0; first < platforms.length; first += BATCH) {
      const answer = await centre.call("registerPlatforms", { body: { platforms: platforms.slice(first, first + BATCH) } });
      entered += answer.platforms.length;
      for (const { platform, ...fault } of answer.rejected) console.error(`line ${lines.get(platform)}: ${formatFault(fault, inColumns(fault).field)}`);
    }
    const left = rejectedTotal + platforms.length - entered;
    console.log(`${count(entered, "platform")} entered, ${count(left, "row")} not`);
    return left === 0 ? 0 : 1;
  } finally {
    await centre.close();
  }
}
