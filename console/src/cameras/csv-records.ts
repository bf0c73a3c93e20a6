// A camera list cut into its records without reading them: the server alone decides what a row means. Here it is only cut, so that a long list goes out in
// pieces with a progress that is true, and so that the rows that were not taken can be given back as they were written.

export interface CsvRecord {
  readonly text: string;
  /** Of its last line, from 1, as the server's parser counts: inside quotes it takes CR LF for two. */
  readonly line: number;
}
export interface CsvList {
  readonly header: string;
  readonly records: readonly CsvRecord[];
}

/** RFC 4180: a record ends at a line end outside quotes. Empty lines are no records. Null: there is no first row. */
export function cutCsv(text: string): CsvList | null {
  const records: CsvRecord[] = [];
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  let start = 0;
  let line = 1;
  let startLine = 1;
  let isQuoted = false;
  const end = (at: number): void => {
    const record = body.slice(start, at);
    if (record.trim() !== "") records.push({ text: record, line: isQuoted ? startLine : line }); // a quote that is never closed is told where it was opened
  };
  for (let i = 0; i < body.length; i++) {
    const c = body[i];
    if (c === '"') isQuoted = !isQuoted;
    else if (isQuoted) line += linesAt(c);
    else if (c === "\n" || (c === "\r" && body[i + 1] !== "\n")) {
      end(c === "\n" && body[i - 1] === "\r" ? i - 1 : i);
      start = i + 1;
      line++;
      startLine = line;
    }
  }
  end(body.length);
  const [header, ...rest] = records;
  return header === undefined ? null : { header: header.text, records: rest };
}

/** The records that a check found good, and those that it did not, as a list each of its own. */
export function partRecords(list: CsvList, rejectedLines: readonly number[]): { readonly good: readonly CsvRecord[]; readonly faulty: readonly CsvRecord[] } {
  const lines = new Set(rejectedLines);
  return { good: list.records.filter((one) => !lines.has(one.line)), faulty: list.records.filter((one) => lines.has(one.line)) };
}

export const joinCsv = (header: string, records: readonly CsvRecord[]): string => [header, ...records.map((one) => one.text), ""].join("\r\n");

/** Pieces of at most `most` records, each a list with the same first row; `records` say which lines of the whole its lines are. */
export function* piecesOf(header: string, records: readonly CsvRecord[], most: number): Generator<{ readonly csv: string; readonly records: readonly CsvRecord[] }> {
  for (let first = 0; first < records.length; first += most) {
    const piece = records.slice(first, first + most);
    yield { csv: joinCsv(header, piece), records: piece };
  }
}

const linesAt = (c: string | undefined): number => (c === "\n" || c === "\r" ? 1 : 0);
/** Of one record: what line ends it has stand inside quotes. */
const linesIn = (record: string): number => [...record].reduce((n, c) => n + linesAt(c), 1);

/** From line numbers of a piece to those of the whole list. */
export function inWholeList(header: string, records: readonly CsvRecord[]): (line: number) => number {
  const lineOf = new Map<number, number>();
  let line = linesIn(header);
  for (const record of records) {
    line += linesIn(record.text);
    lineOf.set(line, record.line);
  }
  return (ofPiece) => lineOf.get(ofPiece) ?? ofPiece;
}
