// Lists that people make (RFC 4180), read row by row as they come: cameras, units. The first row names the columns, in any case and order. A row that cannot be
// read is an entry like the others, with its line and what was expected, and the rest goes on; only a text that is no list at all throws.
import type { Readable } from "node:stream";
import { parse } from "csv-parse";
import { createFault, type InputFault } from "../base/expectations.ts";

export interface CsvColumns<Column extends string> {
  readonly known: readonly Column[];
  readonly required: readonly Column[];
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
const HIDDEN = "(not shown)";
const LONGEST_VALUE = 80;

/** `tell` hears of each column that is passed over. Throws a CsvListError. */
export async function* readCsvRows<Column extends string>(csv: Readable, columns: CsvColumns<Column>, tell: (notice: InputFault) => void): AsyncGenerator<CsvEntry<Column>> {
  let hasHeader = false;
  let isUnclosed = false;
  let line = 1;
  let skipped: CsvEntry<Column>[] = [];
  const parser = parse({
    bom: true, info: true, trim: true, skip_empty_lines: true, relax_column_count: true, skip_records_with_error: true, max_record_size: LONGEST_RECORD,
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
  csv.once("error", (error) => parser.destroy(error));
  csv.pipe(parser);
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: { lines: number }; record: CsvRow<Column> }>) {
      line = info.lines;
      yield* skipped;
      skipped = [];
      yield { line, row: record };
    }
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith("CSV_")) throw new CsvListError(`line ${line}: ${(error as Error).message}`, line);
    throw error;
  } finally {
    csv.unpipe(parser);
  }
  yield* skipped;
  if (!hasHeader) throw new CsvListError(`The list is empty; its first row must name the columns ${columns.required.join(", ")}`, null);
  // The parser tells this with the last line of the list; the quote was opened after the last row that could be read.
  if (isUnclosed) yield { line: line + 1, fault: createFault("row", "(not readable)", "csv-quotes") };
}

/** Names are taken in lower case; a column that nobody knows, or that stands there already, is told and passed over. */
function readHeader(header: readonly string[], { known, required }: CsvColumns<string>, tell: (fault: InputFault) => void): (string | false)[] {
  const columns = header.map((name) => name.trim().toLowerCase().replaceAll("-", "_"));
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
