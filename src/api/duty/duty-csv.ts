// Lists of platforms and of shifts, read row by row to what the API takes as well, so that form, API and CSV are judged by the same rules afterwards. A row that cannot be read is told with its
// line in the words of the file, and the rest goes on.
import { Readable } from "node:stream";
import { createFault, type InputFault } from "../../base/expectations.ts";
import { err, ok, type Result } from "../../base/result.ts";
import { parseNextClock, parseZoneTime } from "../../base/time-zone.ts";
import { NewPlatform } from "../../contract/city.ts";
import { NewShift, PLATFORM_CSV_COLUMNS, SHIFT_CSV_COLUMNS } from "../../contract/duty.ts";
import { faultsOf } from "../../contract/faults.ts";
import { CsvListError, findNotUtf8, readCsvRows, readNumber, type CsvColumns, type CsvRow } from "../csv-rows.ts";
import { ApiError } from "../gate/problem.ts";
import { crewOf, listOf } from "../../base/crew.ts";

export interface Lines<T> {
  readonly rows: { readonly line: number; readonly value: T }[];
  readonly faults: { readonly line: number; readonly fault: InputFault }[];
  readonly notices: InputFault[];
}

type PlatformColumn = (typeof PLATFORM_CSV_COLUMNS)[number];
type ShiftColumn = (typeof SHIFT_CSV_COLUMNS)[number];

/** Column of each field, for telling faults in the words of the file. */
const COLUMN_OF: Readonly<Record<string, string>> = { "point.lat": "lat", "point.lon": "lon", callSign: "call_sign", startsAt: "starts", endsAt: "ends" };
export const inColumns = <F extends { readonly field: string }>(fault: F): F => ({ ...fault, field: COLUMN_OF[fault.field] ?? fault.field.split(".")[0]! });

export const readPlatformLines = (csv: string): Promise<Lines<NewPlatform>> =>
  readLines(csv, { known: PLATFORM_CSV_COLUMNS, required: PLATFORM_CSV_COLUMNS, numbers: ["lat", "lon"] }, (row: CsvRow<PlatformColumn>) => {
    const input = { code: row.code, name: row.name, point: { lat: readNumber(row.lat), lon: readNumber(row.lon) } };
    const read = NewPlatform.safeParse(input);
    return read.success ? ok(read.data) : err(faultsOf("body", input, read.error).map(inColumns));
  });

export const readShiftLines = (csv: string, timeZone: string): Promise<Lines<NewShift>> =>
  readLines(csv, { known: SHIFT_CSV_COLUMNS, required: ["call_sign", "starts", "ends"] }, (row: CsvRow<ShiftColumn>) => {
    const { starts = "", ends = "" } = row;
    const startsAt = parseZoneTime(starts, timeZone);
    const endsAt = parseZoneTime(ends, timeZone) ?? (startsAt === undefined ? undefined : parseNextClock(ends, startsAt, timeZone));
    const times = [...(startsAt === undefined ? [createFault("starts", shown(starts), "shift-time")] : []), ...(endsAt === undefined && (startsAt !== undefined || !isClock(ends)) ? [createFault("ends", shown(ends), "shift-time")] : [])];
    const orNull = <T>(cell: string | undefined, read: (text: string) => T): T | null => (cell === undefined || cell === "" ? null : read(cell));
    const input = { callSign: row.call_sign, startsAt: startsAt ?? 0, endsAt: endsAt ?? 0, platform: orNull(row.platform, String), crew: orNull(row.crew, crewOf), skills: orNull(row.skills, listOf) };
    const read = NewShift.safeParse(input);
    if (read.success && times.length === 0) return ok(read.data);
    return err([...times, ...(read.success ? [] : faultsOf("body", input, read.error).map(inColumns))]);
  });

const shown = (cell: string): string => (cell === "" ? "absent" : cell.slice(0, 80));
const isClock = (cell: string): boolean => /^\d{1,2}:\d{2}$/.test(cell.trim());

async function readLines<Column extends string, T>(csv: string, columns: CsvColumns<Column>, readRow: (row: CsvRow<Column>) => Result<T, InputFault[]>): Promise<Lines<T>> {
  const lines: Lines<T> = { rows: [], faults: [], notices: [] };
  try {
    for await (const entry of readCsvRows(Readable.from([Buffer.from(csv)], { objectMode: false }), columns, (notice) => lines.notices.push(notice))) {
      const broken = "row" in entry ? findNotUtf8(entry.row) : undefined;
      const read = "fault" in entry ? err([entry.fault]) : broken === undefined ? readRow(entry.row) : err([broken]);
      if (read.ok) lines.rows.push({ line: entry.line, value: read.value });
      else lines.faults.push(...read.error.map((fault) => ({ line: entry.line, fault })));
    }
  } catch (error) {
    if (error instanceof CsvListError) throw new ApiError(400, "bad-csv", error.message, { faults: error.faults });
    throw error;
  }
  return lines;
}
