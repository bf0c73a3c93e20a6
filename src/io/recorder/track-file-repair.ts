// Files of sound and metadata after a crash ([SND3], [MET3]): what has no row gets one, for as much of it as is whole. Nothing is cut or removed: what no row names, or cannot be
// read, may be damaged rather than torn, and may belong to a segment that is damaged itself; what cannot be read is set aside.
import { existsSync } from "node:fs";
import { open, unlink } from "node:fs/promises";
import { walkTrackFile } from "../../media/fmp4/track-walk.ts";
import type { IndexStore } from "./index-store.ts";
import { cameraFolder, listTrackFilesOnDisk, segmentPath, setAside, syncFolder, trackFilePath } from "./segment-files.ts";
import type { TrackFileKind } from "./track-file-kinds.ts";
import { findTrackFile, insertMetadata, insertSound } from "./track-file-store.ts";

/** Undefined where the work failed, and was told. */
export type Attempt = <T>(file: { cameraId: number; segmentId: number }, work: () => Promise<T>) => Promise<{ readonly done: T } | undefined>;

type TellSetAside = (file: { readonly cameraId: number; readonly segmentId: number }, setAsideAs: string) => void;

/** `wereOpen`: the segments that were being written. Answers how many got their row. */
export async function mendTrackFiles(root: string, index: IndexStore, kind: TrackFileKind, wereOpen: ReadonlySet<number>, tellFolder: (cameraId: number, error: Error) => void, attempt: Attempt, tellSetAside: TellSetAside): Promise<number> {
  let mended = 0;
  for await (const file of listTrackFilesOnDisk(root, kind, tellFolder)) {
    if (findTrackFile(index, kind, file.segmentId) !== undefined) continue;
    const isNamed = index.hasSegment(file.segmentId);
    if (!isNamed && existsSync(segmentPath(root, file.cameraId, file.segmentId))) continue; // its pictures could not be read this time
    const done = await attempt(file, async () => {
      const found = await takeIn(root, index, kind, file.cameraId, file.segmentId, wereOpen.has(file.segmentId));
      if (found === "unreadable") tellSetAside(file, await setAside(root, file, isNamed ? kind : undefined)); // pictures that the index names stay
      return found;
    });
    if (done?.done === "taken") mended++;
  }
  return mended;
}

async function takeIn(root: string, index: IndexStore, kind: TrackFileKind, cameraId: number, segmentId: number, wasOpen: boolean): Promise<"taken" | "begun" | "unreadable"> {
  const path = trackFilePath(kind)(root, cameraId, segmentId);
  const handle = await open(path, "r");
  try {
    const bytes = new Uint8Array(await handle.readFile());
    const { wholeBytes, startMs, lastMs, isCutOff } = walkTrackFile(bytes);
    if (startMs === undefined || lastMs === undefined) {
      if (bytes.length > 0 && !wasOpen && !isCutOff) return "unreadable";
      await unlink(path);
      await syncFolder(cameraFolder(root, cameraId));
      return "begun";
    }
    await handle.sync();
    if (!index.hasSegment(segmentId)) return "unreadable";
    const row = { segmentId, cameraId, startMs: Math.round(startMs), endMs: Math.round(lastMs), bytes: wholeBytes, sha256: null };
    if (kind === "sound") insertSound(index, { ...row, codec: null });
    else insertMetadata(index, row);
    return "taken";
  } finally {
    await handle.close();
  }
}
