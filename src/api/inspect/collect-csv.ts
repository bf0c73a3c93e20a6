// A list that is read in pieces as one CSV file, up to a bound that it tells.
import type { z } from "zod";
import { MOST_EXPORTED, type Export } from "../../contract/inspect.ts";
import { formatCsv } from "./register-csv.ts";

export type ReadInPieces<T> = (limit: number, take: (rows: T[]) => void) => Promise<void>;
/** A list as a file, bounded. It is whole before anything of it leaves: the number of its rows can be written down first [AUD3]. */
export async function collectCsv<T>(columns: readonly string[], read: ReadInPieces<T>, format: (rows: readonly T[]) => string): Promise<z.infer<typeof Export>> {
  const pieces = [formatCsv([columns])];
  let found = 0;
  await read(MOST_EXPORTED + 1, (rows) => {
    pieces.push(format(rows.slice(0, MOST_EXPORTED - found)));
    found += rows.length;
  });
  return { csv: pieces.join(""), rows: Math.min(found, MOST_EXPORTED), cut: found > MOST_EXPORTED };
}
