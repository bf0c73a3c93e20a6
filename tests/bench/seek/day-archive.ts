// A day of many cameras for the seek bench. A few cameras are recorded by the product's own writer, every picture of the day; the others have index rows of their own and
// hard links to the same files, since a day of a hundred cameras takes more disk than a bench may: each fragment is at least a block of 4 KB.
import { linkSync, mkdirSync } from "node:fs";
import { cameraFolder, segmentPath } from "../../../src/io/recorder/segment-files.ts";
import { type StoredClip, TestArchive } from "../../recorder/archive.ts";

export interface DayArchive {
  readonly root: string;
  readonly segments: number;
  /** Of the files that were written. */
  readonly writtenBytes: number;
  readonly pictures: number;
}

export async function makeDayArchive(folder: string, clip: StoredClip, cameras: number, written: number, startMs: number, seconds: number, tell: (text: string) => void): Promise<DayArchive> {
  const archive = await TestArchive.create(folder);
  const pictures = Math.round((seconds * 90_000) / clip.samples[0]!.duration90k);
  for (let cameraId = 1; cameraId <= written; cameraId++) {
    await archive.record(cameraId, clip, startMs, pictures, "recorder-stopped");
    tell(`camera ${cameraId} of ${written} is written`);
  }
  const { index, root } = archive;
  let writtenBytes = 0;
  for (let cameraId = 1; cameraId <= written; cameraId++) for (const span of index.listSpans(cameraId, startMs, startMs + seconds * 1_000)) writtenBytes += span.bytes;
  // Minute by minute, as they come in life, so that the rows of a camera lie as far apart in the index.
  const rows = Array.from({ length: written }, (_, i) => index.listSegments(i + 1, startMs, startMs + seconds * 1_000));
  const runs = new Map<number, number>();
  for (let cameraId = written + 1; cameraId <= cameras; cameraId++) {
    mkdirSync(cameraFolder(root, cameraId), { recursive: true });
    runs.set(cameraId, index.insertRun(cameraId, startMs));
  }
  for (let minute = 0; minute < Math.max(...rows.map((each) => each.length)); minute++) {
    index.transaction(() => {
      for (const [cameraId, runId] of runs) {
        const from = 1 + (cameraId % written);
        const row = rows[from - 1]![minute];
        if (row === undefined) continue;
        const segmentId = index.insertSegment(cameraId, runId, row.startMs, row.initBytes, row.formatKey);
        index.closeSegment(segmentId, { endMs: row.endMs, bytes: row.bytes, frames: row.frames, gops: row.gops, sha256: new Uint8Array(32), activity: new Uint8Array(60) }, "closed");
        linkSync(segmentPath(root, from, row.segmentId), segmentPath(root, cameraId, segmentId));
      }
    });
  }
  for (const [cameraId, runId] of runs) {
    index.endRun(runId, startMs + seconds * 1_000, "recorder-stopped");
    index.noteGap(cameraId, startMs + seconds * 1_000, "recorder-stopped");
  }
  const { segments } = index.database.prepare("SELECT count(*) AS segments FROM segment").get() as { segments: number };
  await archive.close();
  return { root, segments, writtenBytes, pictures };
}
