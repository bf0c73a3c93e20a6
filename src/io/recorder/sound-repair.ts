// Files of sound after a crash ([SND3]): what has no row gets one, for as much of it as is whole. Nothing is cut or removed: what no row names, or cannot be
// read, may be damaged rather than torn, and may be sound of a segment that is damaged itself; what cannot be heard is set aside.
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { walkSound } from "../../media/fmp4/sound.ts";
import type { IndexStore } from "./index-store.ts";
import { listSoundFiles, segmentPath, setAside, soundPath } from "./segment-files.ts";
import { findSound, insertSound } from "./sound-store.ts";

/** Undefined where the work failed, and was told. */
export type Attempt = <T>(file: { cameraId: number; segmentId: number }, work: () => Promise<T>) => Promise<{ readonly done: T } | undefined>;

type TellSetAside = (file: { readonly cameraId: number; readonly segmentId: number }, setAsideAs: string) => void;

/** Answers how many got their row. */
export async function mendSounds(root: string, index: IndexStore, tellFolder: (cameraId: number, error: Error) => void, attempt: Attempt, tellSetAside: TellSetAside): Promise<number> {
  let mended = 0;
  for await (const file of listSoundFiles(root, tellFolder)) {
    if (findSound(index, file.segmentId) !== undefined) continue;
    if (!index.hasSegment(file.segmentId) && existsSync(segmentPath(root, file.cameraId, file.segmentId))) continue; // its pictures could not be read this time
    const done = await attempt(file, async () => {
      const isTakenIn = await takeIn(root, index, file.cameraId, file.segmentId);
      if (!isTakenIn) tellSetAside(file, await setAside(root, file));
      return isTakenIn;
    });
    if (done?.done === true) mended++;
  }
  return mended;
}

async function takeIn(root: string, index: IndexStore, cameraId: number, segmentId: number): Promise<boolean> {
  const handle = await open(soundPath(root, cameraId, segmentId), "r");
  try {
    const { wholeBytes, startMs, lastMs } = walkSound(new Uint8Array(await handle.readFile()));
    if (startMs === undefined || lastMs === undefined || !index.hasSegment(segmentId)) return false;
    await handle.sync();
    insertSound(index, { segmentId, cameraId, codec: null, startMs: Math.round(startMs), endMs: Math.round(lastMs), bytes: wholeBytes, sha256: null });
    return true;
  } finally {
    await handle.close();
  }
}
