// `citywatch check`: are the recordings whole? Reads every byte once and compares files, index and hashes; with --repair it puts right what can be. Exit code 0 where
// all is whole, or is now; 1 where something is not; 2 where it could not be looked at.

import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ToldError } from "../base/told-error.ts";
import { type CheckReport, type RepairOptions, SETTLED_AT_START, checkRecordings } from "../io/recorder/check-recordings.ts";
import { HoldList } from "../io/recorder/hold-list.ts";
import { IndexStore } from "../io/recorder/index-store.ts";
import { findDamage } from "../io/recorder/check-store.ts";
import { INDEX_FILE, rebuildIndex } from "../io/recorder/rebuild-index.ts";
import { SET_ASIDE_DAYS, deleteSetAside } from "../io/recorder/set-aside.ts";
import { listRecordingsFolders } from "../app/recordings-folder.ts";
import { formatBar } from "./terminal.ts";

const HELP = `Usage: citywatch check [--data FOLDER] [--recordings FOLDER] [--repair [--missing-are-lost]] [--json]

Compares every recorded file with the index and with the hash that was made when it was written. Changes nothing,
unless --repair or --delete-set-aside is given. While Citywatch runs, what is open or being deleted is left out; to
repair, stop it first. Where several recorders run on the data folder, the folder of each is looked at.

  --data FOLDER  the data folder, as for start [data] (CITYWATCH_DATA)
  --recordings FOLDER
                 only the recordings there [those of every recorder, as the data folder remembers or
                 CITYWATCH_RECORDINGS names them]
  --repair       put right what can be: rows that count wrongly, files that lost their end or got bytes appended, rows
                 without a file, deletions half done, files without a row; an index that is damaged itself is set aside
                 and made again from the files. A file whose bytes have changed stays as it is, and is told.
  --missing-are-lost
                 with --repair: files that are missing will not come back. Without it nothing is repaired where many are
                 missing, since their volume may not be there
  --delete-set-aside
                 delete what repairs have set aside since nothing of it can be shown, and do nothing else. Else it goes 30
                 days after it was set aside. Files of cameras of which anything is held stay
  --json         one object instead of text; of several recorders one for each, a line each, with recorder and folder

exit code: 0 all is whole, or was put right; 1 something is not; 2 it could not be looked at`;

export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { data: { type: "string" }, recordings: { type: "string" }, repair: { type: "boolean" }, "missing-are-lost": { type: "boolean" }, "delete-set-aside": { type: "boolean" }, json: { type: "boolean" }, help: { type: "boolean" } } });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const folders = values.recordings === undefined ? listFolders(resolve(values.data ?? process.env["CITYWATCH_DATA"] ?? "data"), process.env["CITYWATCH_RECORDINGS"] ?? "") : [{ recorderId: 1, dir: resolve(values.recordings) }];
  const asJson = values.json === true;
  const codes: number[] = [];
  for (const { recorderId, dir: root } of folders) {
    const of = folders.length === 1 ? {} : { recorder: recorderId, folder: root };
    if (folders.length > 1 && !asJson) console.log(`Recorder ${recorderId}, in ${root}:`);
    try {
      if (values["delete-set-aside"] === true) codes.push(await dropSetAside(root, asJson, of));
      else codes.push(await check(root, values.repair === true ? { takesMissingAsLost: values["missing-are-lost"] === true } : undefined, asJson, of));
    } catch (error) {
      if (!(error instanceof ToldError)) throw error;
      console.error(`citywatch: ${error.message}`);
      codes.push(2);
    }
  }
  return Math.max(...codes);
}

function listFolders(dataDir: string, named: string): ReturnType<typeof listRecordingsFolders> {
  const names = named.split(delimiter).filter((name) => name !== "");
  return listRecordingsFolders(dataDir).map(({ recorderId, dir }) => ({ recorderId, dir: resolve(names[recorderId - 1] ?? dir) }));
}

/** Of which recorder a report in JSON is, where there are several. */
type OfRecorder = { readonly recorder?: number; readonly folder?: string };

async function check(root: string, repair: RepairOptions | undefined, asJson: boolean, of: OfRecorder): Promise<number> {
  const doesRepair = repair !== undefined;
  const { index, rebuilt, beside } = await openIndex(root, doesRepair, asJson, of);
  if (index === undefined) return 1;
  try {
    const isShown = process.stderr.isTTY && !asJson;
    const report = await checkRecordings(root, index, (done, of) => {
      if (isShown) process.stderr.write(`\r\x1b[K  ${formatBar(done, of)} ${(done / 1e9).toFixed(1)} of ${(of / 1e9).toFixed(1)} GB`);
    }, { beside, ...(repair === undefined ? {} : { repair }) });
    if (isShown) process.stderr.write("\r\x1b[K");
    console.log(asJson ? JSON.stringify({ ...of, ...report, rebuilt, beside }) : formatReport(report, doesRepair, beside));
    return report.findings.every(({ repaired }) => repaired !== null) ? 0 : 1;
  } finally {
    index.close();
  }
}

interface OpenedIndex {
  readonly index: IndexStore | undefined;
  readonly rebuilt: string | null;
  /** A recorder runs on it: it is only read. */
  readonly beside: boolean;
}

function openBeside(file: string): IndexStore {
  try {
    return new IndexStore(file, "read");
  } catch (error) {
    throw new ToldError(`${(error as Error).message}; stop Citywatch first`, { cause: error });
  }
}

/** The index; made again where it is damaged and may be repaired; undefined where it is damaged and may not. */
async function openIndex(root: string, doesRepair: boolean, asJson: boolean, of: OfRecorder): Promise<OpenedIndex> {
  const file = join(root, INDEX_FILE);
  if (!existsSync(file)) throw new ToldError(`there are no recordings in ${root}; name the data folder by --data, or theirs by --recordings`);
  let damage: string | undefined;
  try {
    const index = new IndexStore(file);
    damage = findDamage(index);
    if (damage === undefined) return { index, rebuilt: null, beside: false };
    index.close();
  } catch (error) {
    const { message } = error as Error;
    if (!doesRepair && /another recorder/.test(message)) return { index: openBeside(file), rebuilt: null, beside: true };
    if (!/malformed|not a database|corrupt/i.test(message)) throw new ToldError(`${message}; stop Citywatch first`, { cause: error });
    damage = message;
  }
  if (!doesRepair) {
    console.log(asJson ? JSON.stringify({ ...of, damagedIndex: damage }) : `The index itself is damaged: ${damage}\nIt can be made again from the files: citywatch check --repair. The causes of gaps are then lost.`);
    return { index: undefined, rebuilt: null, beside: false };
  }
  const stamp = new Date().toISOString().replaceAll(/[^0-9T]/g, "").slice(0, 15);
  const { index, setAside, report } = await rebuildIndex(root, stamp, (_fields, message) => console.error(message));
  if (!asJson) console.log(`The index was damaged (${damage}) and is made again from ${report.filesTakenIn} files; the old one is ${setAside}`);
  return { index, rebuilt: setAside, beside: false };
}

/** Also while a recorder runs: nobody but this touches what was set aside. */
async function dropSetAside(root: string, asJson: boolean, of: OfRecorder): Promise<number> {
  const file = join(root, INDEX_FILE);
  if (!existsSync(file)) throw new ToldError(`there are no recordings in ${root}; name the data folder by --data, or theirs by --recordings`);
  const index = openBeside(file);
  try {
    const { deleted, kept } = await deleteSetAside(root, new HoldList(index), Infinity);
    if (asJson) console.log(JSON.stringify({ ...of, deleted, kept }));
    else if (deleted.length + kept.length === 0) console.log("Nothing is set aside.");
    else console.log([...deleted.map(({ name }) => `deleted: ${name}`), ...kept.map(({ name }) => `kept, since recordings of its camera are held, or nobody has told yet whether they are: ${name}`)].join("\n"));
    return 0;
  } finally {
    index.close();
  }
}

function formatSetAside({ setAside }: CheckReport): string[] {
  if (setAside.length === 0) return [];
  const lines = setAside.map(({ name, bytes, at }) => `  ${name}: ${(bytes / 1e6).toFixed(1)} MB, ${new Date(at).toISOString().slice(0, 10)}`);
  return [`Set aside by repairs, since nothing of it can be shown; deleted ${SET_ASIDE_DAYS} days after that day, or now by --delete-set-aside:`, ...lines];
}

function formatReport(report: CheckReport, doesRepair: boolean, beside: boolean): string {
  const unhashed = report.segments - report.hashed;
  const sum = `${report.segments} segments, ${(report.bytes / 1e9).toFixed(2)} GB, ${report.frames} pictures; ${report.hashed} segments compared with their hash${unhashed === 0 ? "" : `, ${unhashed} have none (written when a crash came, or not whole): their structure was checked`}`;
  const head = beside ? [sum, "The recorder runs: what is open or being deleted was left out."] : [sum];
  if (report.findings.length === 0) return [...head, "All is whole.", ...formatSetAside(report)].join("\n");
  const lines = report.findings.map(({ kind, cameraId, segmentId, detail, repaired }) => `  camera ${cameraId}, segment ${segmentId}: ${kind}: ${detail}${repaired === null ? "" : ` -> ${repaired}`}`);
  const repaired = report.findings.filter((finding) => finding.repaired !== null).length;
  const settled = report.findings.filter(({ kind }) => SETTLED_AT_START.has(kind)).length;
  const rest = report.findings.length - (doesRepair ? repaired : settled);
  const last = doesRepair
    ? `${repaired} of these are put right; ${rest} nobody can put right: what they say is all that is known.`
    : `${settled} of these the recorder puts right at its next start. Of the other ${rest}, --repair puts right what can be.`;
  return [...head, ...lines, last, ...formatSetAside(report)].join("\n");
}
