// Lists that people make (RFC 4180), read row by row as they come: cameras, units. The first row names the columns, in any case and order. A row that cannot be
// read is an entry like the others, with its line and what was expected, and the rest goes on; only a text that is no list at all throws.
import { Readable } from "node:stream";
import { parse } from "csv-parse";
import { createFault, type InputFault } from "../base/expectations.ts";

export interface CsvColumns<Column extends string> {
  readonly known: readonly Column[];
  readonly required: readonly Column[];
  /** Their cells may have a decimal comma, where the comma does not part the cells. */
  readonly numbers?: readonly Column[];
}
export type CsvRow<Column extends string> = Partial<Record<Column, string>>;
/** `line` is that of the row's end, from 1. */
export type CsvEntry<Column extends string> = { readonly line: number; readonly row: CsvRow<Column> } | { readonly line: number; readonly fault: InputFault };

/** The text is no such list. */
export class CsvListError extends Error {
  override readonly name = "CsvListError";
  /** Where reading ended; null where not even the first row could be used. */
  readonly line: number | null;
  readonly faults: readonly InputFault[];
  constructor(message: string, line: number | null, faults: readonly InputFault[] = []) {
    super(message);
    this.line = line;
    this.faults = faults;
  }
}

const LONGEST_RECORD = 20_000;
/** What parts the cells: spreadsheets of half the world write `;`, because their numbers have a comma. */
const SEPARATORS = [",", ";", "\t"] as const;
type Separator = (typeof SEPARATORS)[number];
const HIDDEN = "(not shown)";
const LONGEST_VALUE = 80;

/** `tell` hears of each column that is passed over. Throws a CsvListError. */
export async function* readCsvRows<Column extends string>(csv: Readable, columns: CsvColumns<Column>, tell: (notice: InputFault) => void): AsyncGenerator<CsvEntry<Column>> {
  let hasHeader = false;
  let isUnclosed = false;
  let line = 1;
  let skipped: CsvEntry<Column>[] = [];
  const { separator, whole } = await peekSeparator(csv, columns.known);
  const parser = parse({
    bom: true, delimiter: separator, record_delimiter: ["\r\n", "\n", "\r"], info: true, trim: true, skip_empty_lines: true, relax_column_count: true, skip_records_with_error: true, max_record_size: LONGEST_RECORD,
    columns: (header: string[]) => {
      hasHeader = true;
      return readHeader(header, columns, tell);
    },
  });
  parser.on("skip", (error: { lines?: number; code?: string }) => {
    const at = error.lines ?? line;
    if (error.code === "CSV_QUOTE_NOT_CLOSED") isUnclosed = true;
    else if (skipped.at(-1)?.line !== at) skipped.push({ line: at, fault: createFault("row", "(not readable)", "csv-row", { problem: (error.code ?? "").toLowerCase().replaceAll("_", " ") }) }); // one a row: the parser tells every stray quote
  });
  whole.once("error", (error) => parser.destroy(error));
  whole.pipe(parser);
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: { lines: number }; record: CsvRow<Column> }>) {
      line = info.lines;
      yield* skipped;
      skipped = [];
      yield { line, row: separator === "," ? record : withDecimalPoints(record, columns.numbers ?? []) };
    }
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith("CSV_")) throw new CsvListError(`line ${line}: ${(error as Error).message}`, line);
    throw error;
  } finally {
    whole.unpipe(parser);
  }
  yield* skipped;
  if (!hasHeader) throw new CsvListError(`The list is empty; its first row must name the columns ${columns.required.join(", ")}`, null);
  // The parser tells this with the last line of the list; the quote was opened after the last row that could be read.
  if (isUnclosed) yield { line: line + 1, fault: createFault("row", "(not readable)", "csv-quotes") };
}

/** Looks at the first row without taking it out of the stream. */
async function peekSeparator(csv: Readable, known: readonly string[]): Promise<{ readonly separator: Separator; readonly whole: Readable }> {
  const rest = csv[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>;
  const head: Buffer[] = [];
  for (let size = 0; size < LONGEST_RECORD;) {
    const { value, done } = await rest.next();
    if (done === true) break;
    const chunk = typeof value === "string" ? Buffer.from(value) : value;
    head.push(chunk);
    size += chunk.length;
    if (chunk.includes("\n") || chunk.includes("\r")) break;
  }
  const firstRow = Buffer.concat(head).subarray(0, LONGEST_RECORD).toString("utf8").split(/[\r\n]/, 1)[0]!;
  const whole = Readable.from((async function* () {
    yield* head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  })());
  return { separator: separatorOf(firstRow, known), whole };
}

/** The one by which the first row names most columns. */
function separatorOf(firstRow: string, known: readonly string[]): Separator {
  const named = (separator: Separator): number => firstRow.split(separator).filter((name) => known.includes(columnName(name.replace(/^\ufeff/, "").replaceAll('"', "")))).length;
  return SEPARATORS.reduce((best, one) => (named(one) > named(best) ? one : best));
}
const columnName = (text: string): string => text.trim().toLowerCase().replaceAll("-", "_");

/** "-34,9" as "-34.9". */
const withDecimalPoints = <Column extends string>(row: CsvRow<Column>, numbers: readonly Column[]): CsvRow<Column> =>
  ({ ...row, ...Object.fromEntries(numbers.flatMap((column) => (row[column] === undefined ? [] : [[column, row[column].replace(/^([+-]?\d*),(\d+)$/, "$1.$2")]]))) });

/** Names are taken in lower case; a column that nobody knows, or that stands there already, is told and passed over. */
function readHeader(header: readonly string[], { known, required }: CsvColumns<string>, tell: (fault: InputFault) => void): (string | false)[] {
  const columns = header.map(columnName);
  const missing = required.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    throw new CsvListError(`The first row must name the columns ${required.join(", ")}; missing: ${missing.join(", ")}`, null, missing.map((field) => createFault(field, "absent", "csv-column")));
  }
  return columns.map((name, i) => {
    if (known.includes(name) && columns.indexOf(name) === i) return name;
    tell(known.includes(name) ? createFault(header[i]!.slice(0, LONGEST_VALUE), "column", "csv-column-once") : createFault(header[i]!.slice(0, LONGEST_VALUE), "column", "one-of", { values: known.join(", ") }));
    return false;
  });
}

/** The first cell that is not UTF-8, as a fault. */
export function findNotUtf8(row: CsvRow<string>, secret: readonly string[] = []): InputFault | undefined {
  const broken = Object.entries(row).find(([, value]) => value?.includes("\uFFFD"));
  return broken === undefined ? undefined : createFault(broken[0], secret.includes(broken[0]) ? HIDDEN : broken[1]!.slice(0, LONGEST_VALUE), "utf8");
}

/** A cell as a number, or as it stands, so that the fault shows it. */
export function readNumber(text: string | undefined, otherwise?: number): number | string | undefined {
  if (text === undefined || text === "") return otherwise;
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : text;
}
