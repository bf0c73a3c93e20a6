// A disk so full that the index cannot take the mark of a deletion as long as the file is there: the file has to go first, and makes room.
import { existsSync } from "node:fs";
import type { IndexStore } from "../index-store.ts";
import { segmentPath } from "../segment-files.ts";

/** Until what it answers is called. */
export function refuseMarks(root: string, index: IndexStore): () => void {
  index.database.function("has_file", (cameraId, segmentId) => (existsSync(segmentPath(root, Number(cameraId), Number(segmentId))) ? 1 : 0));
  index.database.exec(`CREATE TEMP TRIGGER refused_mark BEFORE UPDATE OF state ON segment WHEN new.state = 'deleting' AND has_file(new.camera_id, new.segment_id)
    BEGIN SELECT raise(ABORT, 'database or disk is full'); END`);
  return () => index.database.exec("DROP TRIGGER refused_mark");
}
