// `citywatch platform import FILE.csv`: the posts where units stand, entered into the running centre by their codes: the same code again changes a platform. The file is read and judged here, row by
// row, by the contract's own schema; a bad row is told with its line and the rest goes in.
import type { Readable } from "node:stream";
import { readNumber, type CsvRow } from "../api/csv-rows.ts";
import type { InputFault } from "../base/expectations.ts";
import { err, ok, type Result } from "../base/result.ts";
import { NewPlatform } from "../contract/city.ts";
import { faultsOf } from "../contract/faults.ts";
import { CENTRE_HELP } from "./centre-client.ts";
import { enterRows, openList, readListRows, runImport, type ListRows } from "./list-import.ts";

const COLUMNS = ["code", "name", "lat", "lon"] as const;
type Column = (typeof COLUMNS)[number];
const BATCH = 500;

const HELP = `Usage: citywatch platform import FILE.csv

columns, in any order:
  code      its name, for ever: the same code again changes the platform; units name it in their column "platform"
  name      what it is called
  lat, lon  where it stands (WGS 84)

${CENTRE_HELP}`;

export type PlatformRows = ListRows<NewPlatform>;
const inColumns = <F extends { readonly field: string }>(fault: F): F => ({ ...fault, field: fault.field.replace(/^point\./, "") });

function readPlatformRow(row: CsvRow<Column>): Result<NewPlatform, InputFault[]> {
  const input = { code: row.code, name: row.name, point: { lat: readNumber(row.lat), lon: readNumber(row.lon) } };
  const read = NewPlatform.safeParse(input);
  return read.success ? ok(read.data) : err(faultsOf("body", input, read.error).map(inColumns));
}

/** Throws a ToldError where the text is no such list at all. */
export const readPlatformRows = (csv: Readable): Promise<PlatformRows> =>
  readListRows(csv, { columns: { known: COLUMNS, required: COLUMNS, numbers: ["lat", "lon"] }, readRow: readPlatformRow, key: { of: (platform) => platform.code, column: "code", once: "platform-once" } });

export const run = (args: readonly string[]): Promise<number> =>
  runImport(args, {
    name: "platform", help: HELP,
    prepare: async (path) => {
      const rows = await readPlatformRows(openList(path));
      return (centre) => enterRows("platform", rows, BATCH, async (platforms) => {
        const answer = await centre.call("registerPlatforms", { body: { platforms } });
        return { entered: answer.platforms.length, rejected: answer.rejected.map(({ platform, ...fault }) => ({ key: platform, ...inColumns(fault) })) };
      });
    },
  });
