// What the check puts right where somebody asks for it. The rule is that no byte is thrown away that may still be a picture: a file that lost its end gets a row that
// says what is whole of it, and keeps the piece behind; a tail that was never written by us is cut off where the rest is proven by its hash; a row that counts wrongly is counted anew. A file
// whose bytes have changed under it stays as it is, with its row: what is not damaged of it still plays, and its hash goes on saying that it is not what was written.
import { type FileHandle, open, stat } from "node:fs/promises";
import type { WallMs } from "../../base/time.ts";
import type { IndexStore } from "./index-store.ts";
import { recountSegment, type CheckedRow } from "./check-store.ts";
import { type SegmentWalk, segmentPath, walkSegment } from "./segment-files.ts";
import { type DamageKind, hashFile } from "./file-checks.ts";
import { setAside } from "./set-aside.ts";

/** Puts a closed segment's file or row right; what was done, or null where nothing can be. */
export async function repairSegment(root: string, index: IndexStore, row: CheckedRow, damages: readonly DamageKind[]): Promise<string | null> {
  const has = (damage: DamageKind): boolean => damages.includes(damage);
  if (has("file-unreadable")) return null;
  if (has("file-missing")) {
    index.transaction(() => {
      index.deleteSegmentRow(row.segmentId);
      index.insertGap(row.cameraId, row.startMs, row.endMs, "damaged");
    });
    return "its time is a gap now";
  }
  const path = segmentPath(root, row.cameraId, row.segmentId);
  const { size } = await stat(path);
  if (size < row.bytes) return nameWhole(root, index, row, size);
  if (size > row.bytes) {
    if (row.sha256 === null || !(await hashFile(path, row.bytes)).equals(row.sha256)) return null;
    await withFile(path, async (handle) => {
      await handle.truncate(row.bytes);
      await handle.sync();
    });
    return "what was appended to it is cut off; the rest is what was written";
  }
  if (!has("wrong-contents") || has("wrong-hash")) return null;
  const walk = await withFile(path, (handle) => walkSegment(handle, size));
  recountSegment(index, row.segmentId, { ...row, frames: walk.frames, gops: walk.gops });
  return "its row is counted anew";
}

/** The file lost its end: the row says what is whole, and the rest is a gap. The piece of a fragment behind that stays in the file: it may hold pictures. */
async function nameWhole(root: string, index: IndexStore, row: CheckedRow, size: number): Promise<string> {
  const walk = await withFile(segmentPath(root, row.cameraId, row.segmentId), (handle) => walkSegment(handle, size));
  if (!isPlayable(walk)) {
    const name = await setAside(root, row);
    index.transaction(() => {
      index.deleteSegmentRow(row.segmentId);
      index.insertGap(row.cameraId, row.startMs, row.endMs, "damaged");
    });
    return `nothing of it is whole: ${name === undefined ? "it is gone" : `it is kept as ${name}`}, and its time is a gap now`;
  }
  const endMs = Math.min(row.endMs, Math.max(row.startMs, Math.round(walk.endMs)));
  index.transaction(() => {
    recountSegment(index, row.segmentId, { endMs, bytes: walk.wholeBytes, frames: walk.frames, gops: walk.gops, sha256: null });
    index.insertGap(row.cameraId, endMs, row.endMs, "damaged");
  });
  return `${walk.frames} of ${row.frames} pictures are left; the rest of its time is a gap now`;
}

const isPlayable = (walk: SegmentWalk): walk is SegmentWalk & { readonly endMs: WallMs } => walk.frames > 0 && walk.endMs !== undefined;

async function withFile<T>(path: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(path, "r+");
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}
