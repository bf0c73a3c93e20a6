// When the recordings were last written, as their files say: for an index that was lost with all that it knew of the time ([RET13]). The newest file of a camera is the one with the greatest number; what it holds is not read. An archive
// has millions of names, so they are read beside recording, some at a time, and what is recorded meanwhile does not count.
import { stat } from "node:fs/promises";
import type { WallMs } from "../../base/time.ts";
import { listFileSlices, segmentPath } from "./segment-files.ts";

export interface LookBeside {
  /** The first number that this process gives. */
  readonly before: number;
  /** Between two slices; false: no more. */
  readonly pause: () => Promise<boolean>;
}

/** Undefined where there is no file, or none that can be looked at; "ended" where `pause` said so. */
export async function findLastWritten(root: string, { before, pause }: LookBeside): Promise<WallMs | "ended" | undefined> {
  const newest = new Map<number, number>();
  for await (const { cameraId, pictures } of listFileSlices(root, () => undefined)) {
    for (const segmentId of pictures) if (segmentId < before) newest.set(cameraId, Math.max(segmentId, newest.get(cameraId) ?? 0));
    if (!(await pause())) return "ended";
  }
  let lastMs: WallMs | undefined;
  for (const [cameraId, segmentId] of newest) {
    const found = await stat(segmentPath(root, cameraId, segmentId)).catch(() => undefined);
    if (found !== undefined) lastMs = Math.max(lastMs ?? 0, Math.floor(found.mtimeMs));
  }
  return lastMs;
}
