// A whole recorder that is told of an evidence hold: it keeps it, says so, shows it on the timeline, and tells of its disk.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startRecorder } from "../../src/app/recorder.ts";
import type { RecordingTimeline } from "../../src/contract/media.ts";
import { configOf, silentLog } from "./live-browser.ts";
import { TestCamera } from "./test-camera.ts";
import { TestCentre, camera, until } from "./test-centre.ts";

test("[HLD3] [HLD4] a hold is kept before it is confirmed, survives a restart without the centre, and stands on the timeline; the disk is told", async () => {
  const centre = new TestCentre();
  const source = new TestCamera({ behaviour: "plays" });
  const folder = await mkdtemp(join(tmpdir(), "citywatch-held-"));
  await centre.start();
  await source.start();
  centre.cameras = [camera(1, source.address)];
  const from = Date.now();
  const to = from + 3_600_000;
  const ask = async (port: number): Promise<RecordingTimeline> => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/cameras/1/timeline?from=${from}&to=${Date.now()}`, { headers: { authorization: `Bearer ${await centre.sign({ cameraId: 1, mode: "playback" })}` } });
    assert.equal(answer.status, 200, await answer.clone().text());
    return (await answer.json()) as RecordingTimeline;
  };
  const first = await startRecorder(configOf(centre, folder), silentLog);
  try {
    await until("the recorder to hear that nothing is held", () => centre.heldRevision >= 0 && centre.links > 0 && centre.disk !== undefined);
    assert.ok(centre.disk!.totalBytes > centre.disk!.freeBytes && centre.disk!.forecast.kind === "unknown");
    const before = centre.heldRevision;
    centre.hold([{ holdId: 5, cameraIds: [1, 7], from: from - 1_000, to }]);
    await until("its word", () => centre.heldRevision > before);
    await until("pictures", () => source.sent > 50);
    const timeline = await until("a timeline with the hold", async () => {
      const found = await ask(first.port);
      return found.coverage.length > 0 && found;
    });
    assert.deepEqual(timeline.holds, [{ id: 5, start: from, end: timeline.to }]);
  } finally {
    await first.stop();
  }
  const address = centre.url;
  await centre.stop();
  const again = await startRecorder(configOf(centre, folder, { centreUrl: address }), silentLog);
  try {
    assert.deepEqual((await ask(again.port)).holds.map((hold) => hold.id), [5]);
  } finally {
    await again.stop();
    await source.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
