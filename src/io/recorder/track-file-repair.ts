// A file of sound or metadata without a row, after a crash ([SND3], [MET3]): it gets one, for as much of it as is whole. Nothing is cut: what no row names, or cannot be
// read, may be damaged rather than torn, and may belong to a segment that is damaged itself. Only a file that the crash met at its beginning is removed: an empty one, one that ends with its first fragment begun, and one
// without a whole fragment beside a segment that was being written.
import { open, unlink } from "node:fs/promises";
import { walkTrackFile } from "../../media/fmp4/track-walk.ts";
import type { IndexStore } from "./index-store.ts";
import { type NamedFile, cameraFolder, syncFolder, trackFilePath } from "./segment-files.ts";
import type { TrackFileKind } from "./track-file-kinds.ts";
import { insertMetadata, insertSound } from "./track-file-store.ts";

/** `wasOpen`: its segment was being written. "unreadable" is also one of no segment. */
export async function takeInTrackFile(root: string, index: IndexStore, kind: TrackFileKind, { cameraId, segmentId }: NamedFile, wasOpen: boolean): Promise<"taken" | "begun" | "unreadable"> {
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
