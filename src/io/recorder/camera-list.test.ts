// Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { camera } from "../../../tests/recorder/test-centre.ts";
import { CameraList } from "./camera-list.ts";
import { IndexStore } from "./index-store.ts";

test("[RDR5] [RET11] what was told last counts for the recordings of a camera that left, and rules that come later replace it", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "citywatch-cameras-"));
  const index = new IndexStore(join(folder, "index.sqlite"));
  t.after(() => {
    index.close();
    rmSync(folder, { recursive: true });
  });
  const list = new CameraList(index, "token");
  list.save(camera(1, "rtsp://10.0.0.1/1", { retentionDays: 30, leastDays: null, mostGigabytes: 100 }), 1);
  list.remove(1, 2, null);
  assert.deepEqual(list.findFormerKeeping(1), { retentionDays: 30, leastDays: null, mostGigabytes: 100 });
  list.remove(1, 3, { retentionDays: 7, leastDays: 2, mostGigabytes: 40 });
  assert.deepEqual([list.list(), list.findFormerKeeping(1), list.revision], [[], { retentionDays: 7, leastDays: 2, mostGigabytes: 40 }, 3]);
  assert.equal(list.findFormerKeeping(2), undefined);
});
