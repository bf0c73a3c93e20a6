// A log from a file: CSV as it is, or the one CSV in a ZIP, read as it comes. Only a file that is no such log at all throws; a row that cannot be read is told
// and the rest goes on.
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { parse } from "csv-parse";
import { open as openZip, type ZipFile } from "yauzl";
import { ToldError } from "../../base/told-error.ts";
import { faultRow, type LogFormat, type ReplayRow } from "./replay-call.ts";

const LONGEST_RECORD = 200_000;
const MOST_BYTES = 4_000_000_000;

/** The rows of a log, in its order. `timeZone`: of the log's clock, where a person says so. */
export async function* readLog(path: string, format: LogFormat, timeZone: string = format.timeZone): AsyncGenerator<ReplayRow> {
  const { bytes, close } = await openLog(path);
  const parser = parse({ bom: true, info: true, skip_empty_lines: true, relax_column_count: true, relax_quotes: true, skip_records_with_error: true, max_record_size: LONGEST_RECORD, columns: (header: string[]) => {
    const missing = format.columns.filter((column) => !header.includes(column));
    if (missing.length > 0) throw new ToldError(`${path}: its first row must name the columns ${format.columns.join(", ")}; missing: ${missing.join(", ")}`);
    return header;
  } });
  let skipped: ReplayRow[] = [];
  parser.on("skip", (error: { lines?: number; code?: string }) => void skipped.push(faultRow(error.lines ?? 0, "row", "(not readable)", `a row of CSV: ${(error.code ?? "").toLowerCase().replaceAll("_", " ")}`)));
  bytes.once("error", (error) => parser.destroy(error));
  bytes.pipe(parser);
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: { lines: number }; record: Record<string, string> }>) {
      yield* skipped;
      skipped = [];
      yield format.parseRow(record, info.lines, timeZone);
    }
    yield* skipped;
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith("CSV_")) throw new ToldError(`${path}: ${(error as Error).message}`, { cause: error });
    throw error;
  } finally {
    bytes.unpipe(parser);
    close();
  }
}

async function openLog(path: string): Promise<{ readonly bytes: Readable; readonly close: () => void }> {
  const head = Buffer.alloc(4);
  try {
    const file = await open(path);
    await file.read(head, 0, 4, 0);
    await file.close();
  } catch (error) {
    throw new ToldError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`, { cause: error });
  }
  if (head.readUInt32LE() === 0x04034b50) return openMember(path); // a local file header (APPNOTE 4.3.7)
  const bytes = createReadStream(path);
  return { bytes, close: () => bytes.destroy() };
}

/** The one CSV in a ZIP. */
function openMember(path: string): Promise<{ readonly bytes: Readable; readonly close: () => void }> {
  return new Promise((resolve, reject) => {
    openZip(path, { lazyEntries: true, autoClose: false }, (fault, zip) => {
      if (fault !== null) return reject(new ToldError(`${path}: ${fault.message}`, { cause: fault }));
      const fail = (message: string): void => {
        zip.close();
        reject(new ToldError(`${path}: ${message}`));
      };
      let found: Parameters<ZipFile["openReadStream"]>[0] | undefined;
      zip.on("error", (error: Error) => fail(error.message));
      zip.on("entry", (entry) => {
        if (/\.csv$/i.test(entry.fileName)) {
          if (found !== undefined) return fail("holds several CSV files; take out the one that is meant");
          if (entry.uncompressedSize > MOST_BYTES) return fail(`${entry.fileName} is larger than ${MOST_BYTES / 1e9} GB`);
          found = entry;
        }
        return zip.readEntry();
      });
      zip.on("end", () => {
        if (found === undefined) return fail("holds no CSV file");
        zip.openReadStream(found, (error, bytes) => {
          if (error !== null) return fail(error.message);
          return resolve({ bytes, close: () => { bytes.destroy(); zip.close(); } });
        });
      });
      zip.readEntry();
    });
  });
}
