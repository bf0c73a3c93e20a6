// `citywatch unit import FILE.csv`: the units that can be sent, entered into the running centre. The file is read and judged here, row by row, by the contract's own
// schema, and where a unit may wait by the centre: a bad row is told with its line and the rest goes in. Registering is by call sign and may be repeated: what is the same already
// makes no event, and of a column that is not in the file nothing is changed.
import { readFileSync, statSync } from "node:fs";
import { Readable } from "node:stream";
import { parseArgs } from "node:util";
import { crewOf, listOf } from "../base/crew.ts";
import { CsvListError, findNotUtf8, readCsvRows, readNumber, type CsvRow } from "../api/csv-rows.ts";
import { createFault, formatFault, type InputFault } from "../base/expectations.ts";
import { err, ok, type Result } from "../base/result.ts";
import { ToldError } from "../base/told-error.ts";
import type { Fault } from "../contract/basics.ts";
import { NewUnit, UNIT_KINDS } from "../contract/dispatch.ts";
import { faultsOf } from "../contract/faults.ts";
import { count } from "./camera.ts";
import { CENTRE_HELP, openNamedCentre } from "./centre-client.ts";

const COLUMNS = ["call_sign", "kind", "lat", "lon", "skills", "crew", "phone", "platform", "shift_ends"] as const;
type Column = (typeof COLUMNS)[number];
const REQUIRED: readonly Column[] = ["call_sign", "kind", "lat", "lon"];
const BATCH = 2_000;
const MOST_BYTES = 50_000_000;

const HELP = `Usage: citywatch unit import FILE.csv

columns, in any order; the last five may be absent and then change nothing, an empty cell says that there is none:
  call_sign   its name, for ever: the same call sign again changes the unit
  kind        ${UNIT_KINDS.join(", ")}
  lat, lon    where it waits (WGS 84)
  skills      separated by ";", e.g. first-aid;boat
  crew        names with their badges, separated by ";", e.g. Ana Silva 1043;Rui Costa 1044
  phone       of the crew
  platform    code of the platform that it staffs (platform import enters them)
  shift_ends  when its crew goes home, e.g. 2026-03-23T22:00:00-03:00: from then on it is off shift

${CENTRE_HELP}`;

const OPTIONS = { centre: { type: "string" }, data: { type: "string" }, login: { type: "string" }, help: { type: "boolean", short: "h" } } as const;

export interface UnitRows {
  readonly units: readonly NewUnit[];
  /** By call sign. */
  readonly lines: ReadonlyMap<string, number>;
  readonly rejected: readonly ({ readonly line: number } & Fault)[];
  readonly rejectedTotal: number; // rows
  /** Columns that were passed over. */
  readonly notices: readonly InputFault[];
}

/** Column of each field of a unit, for telling faults in the words of the file. */
const COLUMN_OF: Readonly<Record<string, Column>> = { callSign: "call_sign", platformCode: "platform", shiftEndsAt: "shift_ends", "home.lat": "lat", "home.lon": "lon" };
const inColumns = <F extends { readonly field: string }>(fault: F): F => ({ ...fault, field: COLUMN_OF[fault.field] ?? fault.field.split(".")[0]! });

/** With its zone: an hour without one is another hour to whoever reads it elsewhere. What is no time stays as it is, to be told. */
const readTime = (cell: string): number | string => (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/.test(cell) && !Number.isNaN(Date.parse(cell)) ? Date.parse(cell) : cell);
/** One row as the contract's NewUnit, or its faults in the words of the file. A column that is not there says nothing; an empty cell says: none. */
function readUnitRow(row: CsvRow<Column>): Result<NewUnit, InputFault[]> {
  const broken = findNotUtf8(row);
  if (broken !== undefined) return err([broken]);
  const { skills, crew, phone, platform, shift_ends: shiftEnds } = row;
  const input = {
    callSign: row.call_sign, kind: row.kind, home: { lat: readNumber(row.lat), lon: readNumber(row.lon) },
    ...(skills === undefined ? {} : { skills: listOf(skills) }), ...(crew === undefined ? {} : { crew: crewOf(crew) }), ...(phone === undefined ? {} : { phone: phone === "" ? null : phone }),
    ...(platform === undefined ? {} : { platformCode: platform === "" ? null : platform }), ...(shiftEnds === undefined ? {} : { shiftEndsAt: shiftEnds === "" ? null : readTime(shiftEnds) }),
  };
  const read = NewUnit.safeParse(input);
  return read.success ? ok(read.data) : err(faultsOf("body", input, read.error).map(inColumns));
}

/** Throws a ToldError where the text is no such list at all. */
export async function readUnitRows(csv: Readable): Promise<UnitRows> {
  const units: NewUnit[] = [];
  const rejected: ({ line: number } & InputFault)[] = [];
  const notices: InputFault[] = [];
  const lines = new Map<string, number>();
  let rejectedTotal = 0;
  const reject = (line: number, faults: readonly InputFault[]): void => {
    rejectedTotal++;
    rejected.push(...faults.map((fault) => ({ line, ...fault })));
  };
  try {
    for await (const entry of readCsvRows(csv, { known: COLUMNS, required: REQUIRED, numbers: ["lat", "lon"] }, (notice) => notices.push(notice))) {
      const read = "fault" in entry ? err([entry.fault]) : readUnitRow(entry.row);
      if (!read.ok) reject(entry.line, read.error);
      else if (lines.has(read.value.callSign)) reject(entry.line, [createFault("call_sign", read.value.callSign, "call-sign-once")]);
      else {
        lines.set(read.value.callSign, entry.line);
        units.push(read.value);
      }
    }
  } catch (error) {
    if (error instanceof CsvListError) throw new ToldError(error.message, { cause: error });
    throw error;
  }
  return { units, lines, rejected: rejected.toSorted((a, b) => a.line - b.line), rejectedTotal, notices };
}

export function openList(path: string): Readable {
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES) throw new ToldError(`${path}: ${size} bytes: expected at most ${MOST_BYTES}`);
    return Readable.from([readFileSync(path)], { objectMode: false });
  } catch (error) {
    if (error instanceof ToldError) throw error;
    throw new ToldError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`, { cause: error });
  }
}

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  const [action, path, ...more] = positionals;
  if (values.help === true || action === undefined) {
    console.log(HELP);
    return values.help === true ? 0 : 2;
  }
  if (action !== "import" || path === undefined || more.length > 0) throw new ToldError(`expected "unit import FILE.csv"\n\n${HELP}`);
  const { units, lines, rejected, rejectedTotal, notices } = await readUnitRows(openList(path));
  const centre = await openNamedCentre(values);
  try {
    for (const { field, expected } of notices) console.error(`column ${field}: passed over: expected ${expected}`);
    for (const { line, ...fault } of rejected) console.error(`line ${line}: ${formatFault(fault)}`);
    let entered = 0;
    for (let first = 0; first < units.length; first += BATCH) {
      try {
        const answer = await centre.call("registerUnits", { body: { units: units.slice(first, first + BATCH) } });
        entered += answer.units.length;
        for (const { callSign, ...fault } of answer.rejected) console.error(`line ${lines.get(callSign)}: ${formatFault(fault, inColumns(fault).field)}`);
      } catch (error) {
        if (!(error instanceof ToldError)) throw error;
        throw new ToldError(`${error.message}\n${count(entered, "unit")} entered before that. The same list may be given again: what is entered already stays as it is.`, { cause: error });
      }
    }
    const left = rejectedTotal + units.length - entered;
    console.log(`${count(entered, "unit")} entered, ${count(left, "row")} not`);
    return left === 0 ? 0 : 1;
  } finally {
    await centre.close();
  }
}
