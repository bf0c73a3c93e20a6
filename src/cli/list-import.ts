// What every `... import FILE.csv` of the command line does alike: a list is read here row by row, each thing stands in it once by its key, and it is entered into the running centre in batches. A bad row is told
// with its line and the rest goes in; where the centre breaks off, what was entered before that is said, since the same list may be given again. Lists whose rows only the centre can read use the halves that
// need no rows: `readListFile`, `enterInBatches`, `runImport`.
import { readFileSync, statSync } from "node:fs";
import { Readable } from "node:stream";
import { parseArgs } from "node:util";
import { CsvListError, findNotUtf8, readCsvRows, type CsvColumns, type CsvRow } from "../api/csv-rows.ts";
import { createFault, formatFault, type ExpectationCode, type InputFault } from "../base/expectations.ts";
import { err, type Result } from "../base/result.ts";
import { ToldError } from "../base/told-error.ts";
import type { Fault } from "../contract/basics.ts";
import { count } from "./camera.ts";
import { openNamedCentre, type CentreClient } from "./centre-client.ts";

const MOST_BYTES = 50_000_000;

export interface ListForm<Item, Column extends string> {
  readonly columns: CsvColumns<Column>;
  /** Its faults in the words of the file. */
  readonly readRow: (row: CsvRow<Column>) => Result<Item, InputFault[]>;
  /** The name of a thing, in which column it stands, and what is expected where it stands there again. */
  readonly key: { readonly of: (item: Item) => string; readonly column: Column; readonly once: ExpectationCode };
}

export interface ListRows<Item> {
  readonly items: readonly Item[];
  /** By key. */
  readonly lines: ReadonlyMap<string, number>;
  readonly rejected: readonly ({ readonly line: number } & InputFault)[];
  readonly rejectedTotal: number; // rows
  /** Columns that were passed over. */
  readonly notices: readonly InputFault[];
}

/** Throws a ToldError where the text is no such list at all. */
export async function readListRows<Item, Column extends string>(csv: Readable, { columns, readRow, key }: ListForm<Item, Column>): Promise<ListRows<Item>> {
  const items: Item[] = [];
  const rejected: ({ line: number } & InputFault)[] = [];
  const notices: InputFault[] = [];
  const lines = new Map<string, number>();
  let rejectedTotal = 0;
  const reject = (line: number, faults: readonly InputFault[]): void => {
    rejectedTotal++;
    rejected.push(...faults.map((fault) => ({ line, ...fault })));
  };
  const read = (row: CsvRow<Column>): Result<Item, InputFault[]> => {
    const broken = findNotUtf8(row);
    return broken === undefined ? readRow(row) : err([broken]);
  };
  try {
    for await (const entry of readCsvRows(csv, columns, (notice) => notices.push(notice))) {
      const item = "fault" in entry ? err([entry.fault]) : read(entry.row);
      if (!item.ok) reject(entry.line, item.error);
      else if (lines.has(key.of(item.value))) reject(entry.line, [createFault(key.column, key.of(item.value), key.once)]);
      else {
        lines.set(key.of(item.value), entry.line);
        items.push(item.value);
      }
    }
  } catch (error) {
    if (error instanceof CsvListError) throw new ToldError(error.message, { cause: error });
    throw error;
  }
  return { items, lines, rejected: rejected.toSorted((a, b) => a.line - b.line), rejectedTotal, notices };
}

export function readListFile(path: string): Buffer {
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES) throw new ToldError(`${path}: ${size} bytes: expected at most ${MOST_BYTES}`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof ToldError) throw error;
    throw new ToldError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`, { cause: error });
  }
}
export const openList = (path: string): Readable => Readable.from([readListFile(path)], { objectMode: false });

/** `enter` answers how many of its batch were entered; the sum. `what`: one of them, in words. */
export async function enterInBatches<Batch>(what: string, batches: Iterable<Batch>, enter: (batch: Batch) => Promise<number>): Promise<number> {
  let entered = 0;
  for (const batch of batches) {
    try {
      entered += await enter(batch);
    } catch (error) {
      if (!(error instanceof ToldError)) throw error;
      throw new ToldError(`${error.message}\n${count(entered, what)} entered before that. The same list may be given again: what is entered already stays as it is.`, { cause: error });
    }
  }
  return entered;
}

export function* batchesOf<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let first = 0; first < items.length; first += size) yield items.slice(first, first + size);
}

export interface BatchAnswer {
  readonly entered: number;
  /** By the key of the thing. */
  readonly rejected: readonly (Pick<Fault, "field" | "value" | "expected"> & { readonly key: string })[];
}

/** Enters the rows and prints what was passed over or refused; the exit code. */
export async function enterRows<Item>(what: string, { items, lines, rejected, rejectedTotal, notices }: ListRows<Item>, size: number, enter: (items: readonly Item[]) => Promise<BatchAnswer>): Promise<number> {
  for (const { field, expected } of notices) console.error(`column ${field}: passed over: expected ${expected}`);
  for (const { line, ...fault } of rejected) console.error(`line ${line}: ${formatFault(fault)}`);
  const entered = await enterInBatches(what, batchesOf(items, size), async (batch) => {
    const answer = await enter(batch);
    for (const { key, ...fault } of answer.rejected) console.error(`line ${lines.get(key)}: ${formatFault(fault)}`);
    return answer.entered;
  });
  const left = rejectedTotal + items.length - entered;
  console.log(`${count(entered, what)} entered, ${count(left, "row")} not`);
  return left === 0 ? 0 : 1;
}

export interface ImportCommand {
  /** Of the command line, e.g. `unit`. */
  readonly name: string;
  readonly help: string;
  /** Options without a value, besides those that name the centre. */
  readonly flags?: readonly string[];
  /** Reads the file before anything is asked of the centre. */
  readonly prepare: (path: string, flags: ReadonlySet<string>) => Promise<(centre: CentreClient) => Promise<number>>;
}

const CENTRE_OPTIONS = { centre: { type: "string" }, data: { type: "string" }, login: { type: "string" }, help: { type: "boolean", short: "h" } } as const;

/** `citywatch NAME import FILE.csv`. */
export async function runImport(args: readonly string[], { name, help, flags = [], prepare }: ImportCommand): Promise<number> {
  const options = { ...Object.fromEntries(flags.map((flag) => [flag, { type: "boolean" as const }])), ...CENTRE_OPTIONS };
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const [action, path, ...more] = positionals;
  if (values.help === true || action === undefined) {
    console.log(help);
    return values.help === true ? 0 : 2;
  }
  if (action !== "import" || path === undefined || more.length > 0) throw new ToldError(`expected "${name} import FILE.csv"\n\n${help}`);
  const prepared = await prepare(path, new Set(flags.filter((flag) => (values as Record<string, unknown>)[flag] === true)));
  const centre = await openNamedCentre(values);
  try {
    return await prepared(centre);
  } finally {
    await centre.close();
  }
}
