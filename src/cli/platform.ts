// `citywatch platform import FILE.csv`: the posts where units stand, entered into the running centre by their codes: the same code again changes a platform. The file is read and judged here, row by
// row, by the contract's own schema; a bad row is told with its line and the rest goes in. `citywatch platform retire CODE`: one that is staffed no more.
import type { Readable } from "node:stream";
import { parseArgs } from "node:util";
import { readNumber, type CsvRow } from "../api/csv-rows.ts";
import type { InputFault } from "../base/expectations.ts";
import { ToldError } from "../base/told-error.ts";
import { err, ok, type Result } from "../base/result.ts";
import { NewPlatform } from "../contract/city.ts";
import { faultsOf } from "../contract/faults.ts";
import { CENTRE_HELP, openNamedCentre } from "./centre-client.ts";
import { enterRows, openList, readListRows, runImport, type ListRows } from "./list-import.ts";

const COLUMNS = ["code", "name", "lat", "lon"] as const;
type Column = (typeof COLUMNS)[number];
const BATCH = 500;

const HELP = `Usage: citywatch platform import FILE.csv
       citywatch platform retire CODE

columns, in any order:
  code      its name, for ever: the same code again changes the platform; units name it in their column "platform"
  name      what it is called
  lat, lon  where it stands (WGS 84)

retire: nobody is sent to stand in there any more. Refused while units are attached to it, or shifts that are not over name it. Imported again by its code, it stands again.

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

const CENTRE = { centre: { type: "string" }, data: { type: "string" }, login: { type: "string" } } as const;

async function retire(args: readonly string[]): Promise<number> {
  const { values, positionals: [code, ...more] } = parseArgs({ args: [...args], allowPositionals: true, options: CENTRE });
  if (code === undefined || more.length > 0) throw new ToldError(`expected "platform retire CODE"\n\n${HELP}`);
  const centre = await openNamedCentre(values);
  try {
    const platform = (await centre.call("listPlatforms")).platforms.find((one) => one.code === code);
    if (platform === undefined) throw new ToldError(`no platform ${code} stands`);
    await centre.call("retirePlatform", { params: { id: platform.id } });
    console.log(`platform ${code} retired`);
    return 0;
  } finally {
    await centre.close();
  }
}

export const run = (args: readonly string[]): Promise<number> =>
  args[0] === "retire" && !args.includes("--help") && !args.includes("-h") ? retire(args.slice(1)) : runImport(args[0] === "retire" ? ["--help"] : args, {
    name: "platform", help: HELP,
    prepare: async (path) => {
      const rows = await readPlatformRows(openList(path));
      return (centre) => enterRows("platform", rows, BATCH, async (platforms) => {
        const answer = await centre.call("registerPlatforms", { body: { platforms } });
        return { entered: answer.platforms.length, rejected: answer.rejected.map(({ platform, ...fault }) => ({ key: platform, ...inColumns(fault) })) };
      });
    },
  });
