// `citywatch unit import FILE.csv`: the units that can be sent, entered into the running centre. The file is read and judged here, row by row, by the contract's own
// schema, and where a unit may wait by the centre: a bad row is told with its line and the rest goes in. Registering is by call sign and may be repeated: what is the same already
// makes no event, and of a column that is not in the file nothing is changed.
import type { Readable } from "node:stream";
import { readNumber, type CsvRow } from "../api/csv-rows.ts";
import { crewOf, listOf } from "../base/crew.ts";
import type { InputFault } from "../base/expectations.ts";
import { err, ok, type Result } from "../base/result.ts";
import { NewUnit, UNIT_KINDS } from "../contract/dispatch.ts";
import { faultsOf } from "../contract/faults.ts";
import { CENTRE_HELP } from "./centre-client.ts";
import { enterRows, openList, readListRows, runImport, type ListRows } from "./list-import.ts";

const COLUMNS = ["call_sign", "kind", "lat", "lon", "skills", "crew", "phone", "platform", "shift_ends"] as const;
type Column = (typeof COLUMNS)[number];
const REQUIRED: readonly Column[] = ["call_sign", "kind", "lat", "lon"];
const BATCH = 2_000;

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

export type UnitRows = ListRows<NewUnit>;

/** Column of each field of a unit, for telling faults in the words of the file. */
const COLUMN_OF: Readonly<Record<string, Column>> = { callSign: "call_sign", platformCode: "platform", shiftEndsAt: "shift_ends", "home.lat": "lat", "home.lon": "lon" };
const inColumns = <F extends { readonly field: string }>(fault: F): F => ({ ...fault, field: COLUMN_OF[fault.field] ?? fault.field.split(".")[0]! });

/** With its zone: an hour without one is another hour to whoever reads it elsewhere. What is no time stays as it is, to be told. */
const readTime = (cell: string): number | string => (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/.test(cell) && !Number.isNaN(Date.parse(cell)) ? Date.parse(cell) : cell);
/** One row as the contract's NewUnit, or its faults in the words of the file. A column that is not there says nothing; an empty cell says: none. */
function readUnitRow(row: CsvRow<Column>): Result<NewUnit, InputFault[]> {
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
export const readUnitRows = (csv: Readable): Promise<UnitRows> =>
  readListRows(csv, { columns: { known: COLUMNS, required: REQUIRED, numbers: ["lat", "lon"] }, readRow: readUnitRow, key: { of: (unit) => unit.callSign, column: "call_sign", once: "call-sign-once" } });

export const run = (args: readonly string[]): Promise<number> =>
  runImport(args, {
    name: "unit", help: HELP,
    prepare: async (path) => {
      const rows = await readUnitRows(openList(path));
      return (centre) => enterRows("unit", rows, BATCH, async (units) => {
        const answer = await centre.call("registerUnits", { body: { units } });
        return { entered: answer.units.length, rejected: answer.rejected.map(({ callSign, ...fault }) => ({ key: callSign, ...inColumns(fault) })) };
      });
    },
  });
