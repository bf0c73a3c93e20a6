// Tables of run cards as files: CSV for spreadsheets, JSON for programs. Both are read to the end, so that all faults of all lines are told at once, and judged as a whole: a table with a hole is none.
// In CSV the units are one cell: "2 fire-engine; 1 ambulance; 1 patrol|platform-crew with first-aid".
import { Readable } from "node:stream";
import { createFault, type InputFault } from "../../base/expectations.ts";
import { parseWeeklyHours } from "../../base/weekly-hours.ts";
import { UNIT_KINDS } from "../../contract/dispatch.ts";
import { faultsOf } from "../../contract/faults.ts";
import { MOST_RUN_CARD_ROWS, RUN_CARD_COLUMNS, RunCardRow, formatWants, parseWants, type RunCardFault } from "../../contract/run-cards.ts";
import { checkRunCards } from "../../dispatch/run-cards.ts";
import { CsvListError, findNotUtf8, readCsvRows } from "../csv-rows.ts";
import { formatCsv } from "../inspect/register-csv.ts";

export interface ReadRunCards {
  readonly rows: RunCardRow[];
  readonly faults: RunCardFault[];
}
interface Line {
  readonly line: number;
  readonly input: unknown;
}
const MOST_FAULTS = 500;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const told = (line: number | null, { field, value, expected, code, params }: InputFault): RunCardFault => ({ line, field, value, expected, code, params: { ...params } });

export async function readRunCards(format: "csv" | "json", text: string): Promise<ReadRunCards> {
  const faults: RunCardFault[] = [];
  const lines = format === "csv" ? await readCsvLines(text, faults) : readJsonLines(text, faults);
  const rows: { readonly row: RunCardRow; readonly line: number }[] = [];
  for (const { line, input } of lines.slice(0, MOST_RUN_CARD_ROWS)) {
    const read = RunCardRow.safeParse(input);
    if (!read.success) {
      faults.push(...faultsOf("body", input, read.error).map((fault) => told(line, { ...fault, field: fault.field.replace(/^wants(?=\.|$)/, "units") })));
      continue;
    }
    const hours = read.data.hours === null ? null : parseWeeklyHours(read.data.hours, "hours");
    if (hours !== null && !hours.ok) faults.push(told(line, hours.error));
    else rows.push({ row: read.data, line });
  }
  if (lines.length > MOST_RUN_CARD_ROWS) faults.push(told(lines[MOST_RUN_CARD_ROWS]!.line, createFault("rows", String(lines.length), "most-items", { n: MOST_RUN_CARD_ROWS })));
  // A row that could not be read would be told a second time, as the hole that it leaves.
  if (faults.length === 0) faults.push(...judgeWhole(rows));
  return { rows: rows.map(({ row }) => row), faults: faults.slice(0, MOST_FAULTS) };
}

function judgeWhole(rows: readonly { readonly row: RunCardRow; readonly line: number }[]): RunCardFault[] {
  return checkRunCards(rows.map(({ row }) => row)).map((fault): RunCardFault => {
    if (fault.kind === "hole") return told(null, createFault("type", fault.type, "run-card-hole", { type: fault.type, determinant: fault.determinant, from: formatWeekMinute(fault.fromMinute), to: formatWeekMinute(fault.toMinute) }));
    const { row, line } = rows[fault.index]!;
    const other = rows[fault.other]!;
    return fault.kind === "code-twice" ? told(line, createFault("code", row.code, "run-card-code-once", { line: other.line })) : told(line, createFault("row", row.code, "run-card-case-once", { code: other.row.code, line: other.line }));
  });
}

const formatWeekMinute = (minute: number): string => {
  const day = DAYS[Math.min(6, Math.floor(minute / 1_440))]!;
  const left = minute - DAYS.indexOf(day) * 1_440;
  return `${day} ${String(Math.floor(left / 60)).padStart(2, "0")}:${String(left % 60).padStart(2, "0")}`;
};

async function readCsvLines(text: string, faults: RunCardFault[]): Promise<Line[]> {
  const lines: Line[] = [];
  try {
    for await (const entry of readCsvRows(Readable.from([Buffer.from(text)]), { known: RUN_CARD_COLUMNS, required: ["code", "type", "units"] }, (notice) => faults.push(told(1, notice)))) {
      if ("fault" in entry) {
        faults.push(told(entry.line, entry.fault));
        continue;
      }
      const { line, row } = entry;
      const broken = findNotUtf8(row);
      const wants = parseWants(row.units ?? "");
      if (broken !== undefined) faults.push(told(line, broken));
      else if (wants === null) faults.push(told(line, createFault("units", (row.units ?? "").slice(0, 80), "run-card-units", { kinds: UNIT_KINDS.join(", ") })));
      else lines.push({ line, input: { code: row.code ?? "", type: row.type ?? "", determinant: orNull(row.determinant), area: orNull(row.area), hours: orNull(row.hours), wants } });
    }
  } catch (error) {
    if (!(error instanceof CsvListError)) throw error;
    faults.push(...(error.faults.length > 0 ? error.faults.map((fault) => told(error.line ?? 1, fault)) : [told(error.line ?? 1, createFault("row", "(not readable)", "csv-row", { problem: error.message }))]));
  }
  return lines;
}
const orNull = (text: string | undefined): string | null => (text === undefined || text === "" ? null : text);

/** A list of rows; each is told by the line on which it begins. */
function readJsonLines(text: string, faults: RunCardFault[]): Line[] {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const position = /position (\d+)/.exec((error as Error).message)?.[1];
    faults.push(told(position === undefined ? null : text.slice(0, Number(position)).split("\n").length, createFault("text", "(not readable)", "run-card-json")));
    return [];
  }
  if (!Array.isArray(value)) {
    faults.push(told(1, createFault("text", typeof value, "list")));
    return [];
  }
  const begins = linesOfItems(text);
  return value.map((input, i) => ({ line: begins[i] ?? 1, input }));
}

/** The lines on which the items of the outermost list begin. The text is JSON. */
function linesOfItems(text: string): number[] {
  const lines: number[] = [];
  let [depth, line, inText, awaits] = [0, 1, false, false];
  for (let i = 0; i < text.length; i++) {
    const at = text[i]!;
    if (at === "\n") line++;
    if (inText) {
      if (at === "\\") i++;
      else if (at === '"') inText = false;
      continue;
    }
    if (/\s|\uFEFF/.test(at)) continue;
    if (depth === 1 && awaits && at !== "]") {
      lines.push(line);
      awaits = false;
    }
    if (at === '"') inText = true;
    else if (at === "[" || at === "{") {
      if (depth++ === 0) awaits = true;
    } else if (at === "]" || at === "}") depth--;
    else if (at === "," && depth === 1) awaits = true;
  }
  return lines;
}

/** What `readRunCards` takes again as the same rows. */
export function formatRunCards(format: "csv" | "json", rows: readonly RunCardRow[]): string {
  if (format === "json") return `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(",\n")}\n]\n`;
  return formatCsv([RUN_CARD_COLUMNS, ...rows.map((row) => [row.code, row.type, row.determinant, row.area, row.hours, formatWants(row.wants)])]);
}
