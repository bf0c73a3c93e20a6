// Where the recordings of a data folder are, of each recorder apart: in it, or in a folder of their own, on another volume for the most part. A folder that was named once is remembered, and bears a mark: a volume that is not mounted
// leaves an empty folder of the same name, and a recorder that began anew in it would fill the system's disk and find that all of the past is missing.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { FolderTrouble } from "../io/recorder/folder-trouble.ts";
import { INDEX_FILE } from "../io/recorder/rebuild-index.ts";

/** The first recorder's names are those of before there were several. */
const ofRecorder = (recorderId: number): string => (recorderId === 1 ? "" : `-${recorderId}`);
const keptFile = (recorderId: number): string => `recordings-folder${ofRecorder(recorderId)}.json`;
const MARK = "citywatch-recordings.json";

interface Kept {
  readonly folder: string;
  readonly id: string;
}
export interface RecordingsFolder {
  readonly dir: string;
  /** The folder of before, where recordings are that are not shown from now on; null: none. */
  readonly left: string | null;
}

function readJson<T extends object>(path: string): Partial<T> | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Partial<T>;
  } catch (error) {
    throw new FolderTrouble("folder-unusable", dirname(path), `${path} cannot be read (${(error as Error).message})`, { cause: error });
  }
}

function findKept(dataDir: string, recorderId: number): Kept | undefined {
  const path = join(dataDir, keptFile(recorderId));
  const kept = readJson<Kept>(path);
  if (kept === undefined) return undefined;
  if (typeof kept.folder !== "string" || typeof kept.id !== "string") throw new FolderTrouble("folder-unusable", dataDir, `${path}: expected {"folder": ..., "id": ...}`);
  return { folder: kept.folder, id: kept.id };
}

const ownFolder = (dataDir: string, recorderId: number): string => join(dataDir, `recordings${ofRecorder(recorderId)}`);

/** Where they are to be, also where that cannot be looked at just now. `wanted`: as for openRecordingsFolder. */
export function findWantedFolder(dataDir: string, wanted: string, recorderId: number): string {
  if (wanted !== "") return wanted;
  try {
    return findRecordingsFolder(dataDir, recorderId);
  } catch {
    return ownFolder(dataDir, recorderId);
  }
}

/** For who only reads. */
export const findRecordingsFolder = (dataDir: string, recorderId = 1): string => findKept(dataDir, recorderId)?.folder ?? ownFolder(dataDir, recorderId);

/** Of every recorder that ever ran on the data folder, with its number: the first one's always. */
export function listRecordingsFolders(dataDir: string): { readonly recorderId: number; readonly dir: string }[] {
  const names = existsSync(dataDir) ? readdirSync(dataDir) : [];
  const further = names.flatMap((name) => /^recordings(?:-folder)?-([1-9]\d*)(?:\.json)?$/.exec(name)?.[1] ?? []).map(Number);
  return [...new Set([1, ...further])].sort((a, b) => a - b).map((recorderId) => ({ recorderId, dir: findRecordingsFolder(dataDir, recorderId) }));
}

/** `wanted`: absolute; "": where they are. Throws a FolderTrouble where the folder is not the one that it was, or cannot be used. */
export function openRecordingsFolder(dataDir: string, wanted: string, recorderId = 1): RecordingsFolder {
  const kept = findKept(dataDir, recorderId);
  const keptPath = join(dataDir, keptFile(recorderId));
  const before = kept?.folder ?? ownFolder(dataDir, recorderId);
  const dir = wanted === "" ? before : wanted;
  const mark = join(dir, MARK);
  if (kept !== undefined && dir === kept.folder) {
    if (readJson<Kept>(mark)?.id !== kept.id) {
      throw new FolderTrouble("folder-away", dir, `${dir} is not the folder that the recordings of ${dataDir}${recorderId === 1 ? "" : ` (recorder ${recorderId})`} are in: its mark ${MARK} is missing or another. Is its volume mounted? To begin there anew, remove ${keptPath}.`);
    }
    return { dir, left: null };
  }
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    if (dir === before) return { dir, left: null };
    const marked = readJson<Kept>(mark);
    if (marked !== undefined && marked.id !== kept?.id) throw new FolderTrouble("folder-of-another", dir, `--recordings ${dir}: here are the recordings of another data folder or recorder. Where they are to be this one's, remove ${mark}.`);
    const id = kept?.id ?? randomBytes(16).toString("hex");
    // The mark first: where the power goes in between, the next start finds it and says what to do.
    writeFileSync(mark, `${JSON.stringify({ id })}\n`, { mode: 0o600, flush: true });
    writeFileSync(keptPath, `${JSON.stringify({ folder: dir, id })}\n`, { mode: 0o600, flush: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof FolderTrouble || code === undefined) throw error;
    throw new FolderTrouble("folder-unusable", dir, `--recordings ${dir}: this folder cannot be used (${code}).`, { cause: error });
  }
  return { dir, left: existsSync(join(before, INDEX_FILE)) ? before : null };
}
