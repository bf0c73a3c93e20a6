// A list that the centre itself reads, row by row: sent in pieces that it takes in one go, and told in the lines of the file. Rejected: reading it here, where the clocks of the city and the codes of its platforms
// are not known.
import { formatFault } from "../base/expectations.ts";
import { ToldError } from "../base/told-error.ts";
import type { Fault } from "../contract/basics.ts";
import type { LineFault } from "../contract/duty.ts";

const PIECE_BYTES = 4_000_000;

/** Pieces with the first row each; `before`: lines of the file that stand before the piece's own, without that row. Cut at ends of lines outside quotes. */
export function* piecesOf(csv: string, most: number = PIECE_BYTES): Generator<{ readonly csv: string; readonly before: number }> {
  const headerEnd = csv.search(/\r\n|\n|\r/);
  if (headerEnd < 0 || csv.length <= most) {
    yield { csv, before: 0 };
    return;
  }
  const header = csv.slice(0, headerEnd);
  let [start, lineEnd, before, lines, quoted] = [headerEnd + (csv.startsWith("\r\n", headerEnd) ? 2 : 1), 0, 0, 0, false];
  const from = start;
  for (let i = from; i < csv.length; i++) {
    const c = csv[i];
    if (c === '"') quoted = !quoted;
    if (c !== "\n" && (c !== "\r" || csv[i + 1] === "\n")) continue;
    lines++;
    if (quoted) continue;
    lineEnd = i + 1;
    if (lineEnd - start < most) continue;
    yield { csv: `${header}\n${csv.slice(start, lineEnd)}`, before };
    [start, before] = [lineEnd, lines];
  }
  if (start < csv.length) yield { csv: `${header}\n${csv.slice(start)}`, before };
}

export interface ListAnswer {
  readonly rejected: readonly LineFault[];
  readonly rejectedLines: readonly number[];
  readonly notices: readonly Fault[];
}

/** Sends all of it and prints the faults; how many rows were left out. */
export async function sendList(csv: string, send: (csv: string) => Promise<ListAnswer>): Promise<number> {
  let left = 0;
  let first = true;
  for (const piece of piecesOf(csv)) {
    const { rejected, rejectedLines, notices } = await send(piece.csv).catch((error: unknown) => {
      if (error instanceof ToldError && piece.before > 0) throw new ToldError(`${error.message}\nThat was said from line ${piece.before + 2} on; the lines before it were taken.`, { cause: error });
      throw error;
    });
    if (first) for (const { field, expected } of notices) console.error(`column ${field}: passed over: expected ${expected}`);
    first = false;
    for (const { line, ...fault } of rejected) console.error(`line ${line + piece.before}: ${formatFault(fault)}`);
    left += rejectedLines.length;
  }
  return left;
}
