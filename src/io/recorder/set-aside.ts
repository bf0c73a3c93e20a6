// Files that nothing can be shown of, and that may hold pictures all the same: a repair sets them aside, into a folder of their own that nobody reads, writes or plays from ([CHK4]). The check lists them. They
// go at an age of their own, told, or by a command; not while anything of their camera is held, since nobody knows of what time they are. So do indexes that were set aside for a new one.
import { mkdir, readdir, rename, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { DAY_MS, type WallMs } from "../../base/time.ts";
import type { HoldList } from "./hold-list.ts";
import { type NamedFile, SEGMENT_FILE_ENDS, cameraFolder, syncFolder } from "./segment-files.ts";
import type { TrackFileKind } from "./track-file-kinds.ts";

/** So long somebody may find out what is in them. */
export const SET_ASIDE_DAYS = 30;

const FOLDER = "set-aside";
/** Of rebuild-index.ts. */
const DAMAGED_INDEX = /^index\.sqlite\.damaged-[^/]+$/;

export interface SetAsideFile {
  /** Null: an index. */
  readonly cameraId: number | null;
  /** Below the recordings' folder. */
  readonly name: string;
  readonly bytes: number;
  /** When it was set aside. */
  readonly at: WallMs;
}

/** Moves a segment's files out of the way and answers where they are; undefined where they are gone meanwhile. What is beside the pictures goes along; of `only` a kind, nothing else does. */
export async function setAside(root: string, { cameraId, segmentId }: NamedFile, only?: TrackFileKind): Promise<string | undefined> {
  const from = cameraFolder(root, cameraId);
  const to = join(root, FOLDER, String(cameraId));
  if ((await mkdir(to, { recursive: true })) !== undefined) for (const parent of [join(root, FOLDER), root]) await syncFolder(parent);
  const taken = new Set(await readdir(to));
  let name = String(segmentId);
  for (let i = 2; SEGMENT_FILE_ENDS.some((end) => taken.has(name + end)); i++) name = `${segmentId}-${i}`;
  let moved = 0;
  for (const end of only === undefined ? SEGMENT_FILE_ENDS : [`.${only}.mp4`]) {
    await rename(join(from, `${segmentId}${end}`), join(to, name + end)).then(() => moved++, (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
  if (moved === 0) return undefined;
  await syncFolder(to);
  await syncFolder(from);
  return `${FOLDER}/${cameraId}/${name}.*`;
}

/** All that there is, oldest first. */
export async function listSetAside(root: string): Promise<SetAsideFile[]> {
  const found: SetAsideFile[] = [];
  const add = async (cameraId: number | null, name: string): Promise<void> => {
    const facts = await stat(join(root, name)).catch(() => undefined);
    // A renaming changes the time of the file's entry, and not that of its bytes.
    if (facts?.isFile() === true) found.push({ cameraId, name, bytes: facts.size, at: Math.round(facts.ctimeMs) });
  };
  for (const folder of await list(join(root, FOLDER))) {
    if (/^[1-9]\d{0,14}$/.test(folder)) for (const name of await list(join(root, FOLDER, folder))) await add(Number(folder), `${FOLDER}/${folder}/${name}`);
  }
  for (const name of await list(root)) if (DAMAGED_INDEX.test(name)) await add(null, name);
  return found.toSorted((a, b) => a.at - b.at);
}

const list = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });

export interface SetAsideDeletion {
  readonly deleted: readonly SetAsideFile[];
  /** Of cameras of which something is held. */
  readonly kept: readonly SetAsideFile[];
}

/** Deletes what was set aside before `before`. Nothing of cameras goes while it is not known what is held. */
export async function deleteSetAside(root: string, holds: Pick<HoldList, "isKnown" | "listMerged">, before: WallMs): Promise<SetAsideDeletion> {
  const deleted: SetAsideFile[] = [];
  const kept: SetAsideFile[] = [];
  for (const file of await listSetAside(root)) {
    if (file.at >= before) continue;
    if (file.cameraId !== null && (!holds.isKnown || holds.listMerged(file.cameraId).length > 0)) {
      kept.push(file);
      continue;
    }
    await unlink(join(root, file.name));
    deleted.push(file);
  }
  return { deleted, kept };
}

/** Those whose age it is; `tell` hears of each. */
export async function deleteOldSetAside(root: string, holds: Pick<HoldList, "isKnown" | "listMerged">, now: WallMs, tell: (fields: object, message: string) => void): Promise<void> {
  const { deleted } = await deleteSetAside(root, holds, now - SET_ASIDE_DAYS * DAY_MS);
  for (const { cameraId, name, bytes } of deleted) tell({ cameraId, bytes }, `${name}, which a repair set aside more than ${SET_ASIDE_DAYS} days ago, is deleted`);
}
