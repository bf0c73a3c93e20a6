// `citywatch check`: are the recordings whole? Reads every byte once, compares files, index and hashes, and changes nothing. Exit code 0 where all is
// whole, 1 where something is not, 2 where it could not be looked at.

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ToldError } from "../base/told-error.ts";
import { type CheckReport, SETTLED_AT_START, checkRecordings } from "../io/recorder/check-recordings.ts";
import { IndexStore } from "../io/recorder/index-store.ts";

const HELP = `Usage: citywatch check [--data FOLDER] [--json]

Compares every recorded file with the index and with the hash that was made when it was written. Changes nothing.
Stop Citywatch first: the recorder holds the index while it runs.

  --data FOLDER  the data folder, as for start [data] (CITYWATCH_DATA)
  --json         one object instead of text`;

export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { data: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean" } } });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const root = join(resolve(values.data ?? process.env["CITYWATCH_DATA"] ?? "data"), "recordings");
  const file = join(root, "index.sqlite");
  if (!existsSync(file)) throw new ToldError(`there are no recordings in ${root}; name the data folder by --data`);
  let index: IndexStore;
  try {
    index = new IndexStore(file);
  } catch (error) {
    throw new ToldError(`${(error as Error).message}; stop Citywatch first`, { cause: error });
  }
  try {
    const isShown = process.stderr.isTTY && values.json !== true;
    const report = await checkRecordings(root, index, (done, of) => {
      if (isShown) process.stderr.write(`\r\x1b[K  ${done} of ${of} segments`);
    });
    if (isShown) process.stderr.write("\r\x1b[K");
    console.log(values.json === true ? JSON.stringify(report) : formatReport(report));
    return report.findings.length === 0 ? 0 : 1;
  } finally {
    index.close();
  }
}

function formatReport(report: CheckReport): string {
  const lines = report.findings.map(({ kind, cameraId, segmentId, detail }) => `  camera ${cameraId}, segment ${segmentId}: ${kind}: ${detail}`);
  const settled = report.findings.filter(({ kind }) => SETTLED_AT_START.has(kind)).length;
  const sum = `${report.segments} segments, ${(report.bytes / 1e9).toFixed(2)} GB, ${report.frames} pictures; ${report.hashed} segments compared with their hash`;
  if (lines.length === 0) return `${sum}\nAll is whole.`;
  const rest = report.findings.length - settled;
  return [sum, ...lines, `${settled} of these the recorder puts right at its next start; ${rest} nobody can put right: what they say is all that is known.`].join("\n");
}
