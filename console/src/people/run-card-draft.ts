// A table of run cards while it is edited: each cell as text, as in the CSV that is proposed, so that what is typed is never lost to a form that cannot hold it. The centre says what is wrong with it. Pure.
import { RUN_CARD_COLUMNS, formatWants, type RunCardRow } from "../../../src/contract/run-cards.ts";

export type Cells = Readonly<Record<(typeof RUN_CARD_COLUMNS)[number], string>>;

export const cellsOf = (row: RunCardRow): Cells => ({ code: row.code, type: row.type, determinant: row.determinant ?? "", area: row.area ?? "", hours: row.hours ?? "", units: formatWants(row.wants) });

/** RFC 4180; row n of the list is line n + 2. */
export function formatCells(rows: readonly Cells[]): string {
  const cell = (text: string): string => (/[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map((row) => RUN_CARD_COLUMNS.map((column) => cell(row[column].replace(/[\r\n]+/g, " "))).join(","));
  return `${RUN_CARD_COLUMNS.join(",")}\r\n${lines.map((line) => `${line}\r\n`).join("")}`;
}
export const indexOfLine = (line: number): number => line - 2;

/** Whether lines of a file could not be read as rows, or not as rows beside each other; what is missing from the table as a whole has no line. */
export const hasFaultyLines = (faults: readonly { readonly line: number | null }[]): boolean => faults.some(({ line }) => line !== null);

/** A code that is free, by what the row is for. */
export function createCode(rows: readonly Cells[], type: string): string {
  const taken = new Set(rows.map((row) => row.code));
  for (let n = 1; ; n++) if (!taken.has(`${type}/row-${n}`)) return `${type}/row-${n}`;
}
