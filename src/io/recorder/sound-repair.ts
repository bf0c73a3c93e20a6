// Files of sound after a crash ([SND3]): what was being written is cut behind its last whole fragment and gets its row; what belongs to no segment goes.
import { open, unlink } from "node:fs/promises";
import { walkSound } from "../../media/fmp4/sound.ts";
import type { IndexStore } from "./index-store.ts";
import { listSoundFiles, soundPath } from "./segment-files.ts";
import { findSound, insertSound } from "./sound-store.ts";

/** Undefined where the work failed, and was told. */
export type Attempt = <T>(file: { cameraId: number; segmentId: number }, work: () => Promise<T>) => Promise<{ readonly done: T } | undefined>;

/** Answers how many were mended or removed. */
export async function mendSounds(root: string, index: IndexStore, tellFolder: (cameraId: number, error: Error) => void, attempt: Attempt): Promise<number> {
  let mended = 0;
  for await (const file of listSoundFiles(root, tellFolder)) {
    if (findSound(index, file.segmentId) !== undefined) continue;
    const done = await attempt(file, () => mend(root, index, file.cameraId, file.segmentId));
    if (done !== undefined) mended++;
  }
  return mended;
}

async function mend(root: string, index: IndexStore, cameraId: number, segmentId: number): Promise<void> {
  const path = soundPath(root, cameraId, segmentId);
  const handle = await open(path, "r+");
  try {
    const { wholeBytes, startMs, lastMs } = walkSound(new Uint8Array(await handle.readFile()));
    if (startMs !== undefined && lastMs !== undefined && index.hasSegment(segmentId)) {
      await handle.truncate(wholeBytes);
      await handle.sync();
      insertSound(index, { segmentId, cameraId, codec: null, startMs: Math.round(startMs), endMs: Math.round(lastMs), bytes: wholeBytes, sha256: null });
      return;
    }
  } finally {
    await handle.close();
  }
  await unlink(path);
}
