// Files of sound after a crash ([SND3]): what has no row gets one, for as much of it as is whole. Nothing is cut: what no row names, or cannot be
// read, may be damaged rather than torn, and may be sound of a segment that is damaged itself; what cannot be heard is set aside. Only a file that the crash met at its beginning is
// removed: an empty one, one that ends with its first fragment begun, and one without a whole fragment beside a segment that was being written.
import { existsSync } from "node:fs";
import { open, unlink } from "node:fs/promises";
import { walkSound } from "../../media/fmp4/sound.ts";
import type { IndexStore } from "./index-store.ts";
import { cameraFolder, listSoundFiles, segmentPath, setAside, soundPath, syncFolder } from "./segment-files.ts";
import { findSound, insertSound } from "./sound-store.ts";

/** Undefined where the work failed, and was told. */
export type Attempt = <T>(file: { cameraId: number; segmentId: number }, work: () => Promise<T>) => Promise<{ readonly done: T } | undefined>;

type TellSetAside = (file: { readonly cameraId: number; readonly segmentId: number }, setAsideAs: string) => void;

/** `wereOpen`: the segments that were being written. Answers how many got their row. */
export async function mendSounds(root: string, index: IndexStore, wereOpen: ReadonlySet<number>, tellFolder: (cameraId: number, error: Error) => void, attempt: Attempt, tellSetAside: TellSetAside): Promise<number> {
  let mended = 0;
  for await (const file of listSoundFiles(root, tellFolder)) {
    if (findSound(index, file.segmentId) !== undefined) continue;
    if (!index.hasSegment(file.segmentId) && existsSync(segmentPath(root, file.cameraId, file.segmentId))) continue; // its pictures could not be read this time
    const done = await attempt(file, async () => {
      const found = await takeIn(root, index, file.cameraId, file.segmentId, wereOpen.has(file.segmentId));
      if (found === "unreadable") tellSetAside(file, await setAside(root, file));
      return found;
    });
    if (done?.done === "taken") mended++;
  }
  return mended;
}

async function takeIn(root: string, index: IndexStore, cameraId: number, segmentId: number, wasOpen: boolean): Promise<"taken" | "begun" | "unreadable"> {
  const path = soundPath(root, cameraId, segmentId);
  const handle = await open(path, "r");
  try {
    const bytes = new Uint8Array(await handle.readFile());
    const { wholeBytes, startMs, lastMs, isCutOff } = walkSound(bytes);
    if (startMs === undefined || lastMs === undefined) {
      if (bytes.length > 0 && !wasOpen && !isCutOff) return "unreadable";
      await unlink(path);
      await syncFolder(cameraFolder(root, cameraId));
      return "begun";
    }
    await handle.sync();
    if (!index.hasSegment(segmentId)) return "unreadable";
    insertSound(index, { segmentId, cameraId, codec: null, startMs: Math.round(startMs), endMs: Math.round(lastMs), bytes: wholeBytes, sha256: null });
    return "taken";
  } finally {
    await handle.close();
  }
}
