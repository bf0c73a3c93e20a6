// The sound of the past over HTTP: in the timeline, and as far as a view's token reaches. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { test } from "node:test";
import { RecordingTimeline } from "../../src/contract/media.ts";
import { soundPath } from "../../src/io/recorder/segment-files.ts";
import { insertSound } from "../../src/io/recorder/track-file-store.ts";
import { TestArchive, readAnnexBClip } from "./archive.ts";
import { PlaybackServer } from "./playback-server.ts";

const T0 = 1_790_000_000_000;
const clip = readAnnexBClip(new URL("../../src/sim/assets/square-normal.h264", import.meta.url));

test("[PLY7] [SND1] [VIEW14] the timeline tells where there is sound; a view's token gives what lies within its range, and nothing of another camera", async () => {
  const archive = await TestArchive.create();
  const server = new PlaybackServer(archive, () => T0 + 3_600_000);
  try {
    await archive.record(1, clip, T0, 500);
    await archive.record(2, clip, T0, 100);
    const [segment] = archive.index.listSegments(1, 0, T0 * 2);
    const { segmentId } = segment!;
    const bytes = Buffer.from("the sound of a minute");
    const path = soundPath(archive.root, 1, segmentId);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    insertSound(archive.index, { segmentId, cameraId: 1, codec: "pcma", startMs: T0 + 40, endMs: T0 + 39_000, bytes: bytes.length, sha256: null });
    await server.start();
    const timeline = RecordingTimeline.parse(await (await server.get(`/v1/cameras/1/timeline?from=${T0}&to=${T0 + 60_000}`)).json());
    assert.deepEqual(timeline.sound, [{ segmentId, start: T0 + 40, end: T0 + 39_000, codec: "pcma" }]);
    const url = `/v1/cameras/1/sound/${segmentId}.sound.mp4`;
    const answer = await server.get(url, { from: T0, to: T0 + 40_000, sound: true });
    assert.deepEqual([answer.status, answer.headers.get("content-type"), await answer.text()], [200, "audio/mp4", String(bytes)]);
    assert.deepEqual(server.served.listUntold(0, "all"), [{ viewId: 1, served: [{ from: T0 + 40, to: T0 + 39_000 }] }], "what was heard is told");
    const statusOf = async (at: string, claims: Parameters<typeof server.get>[1] = {}): Promise<number> => (await server.get(at, claims)).status;
    assert.equal(await statusOf(url, { from: T0, to: T0 + 40_000 }), 403, "a token to see with");
    assert.equal(await statusOf(url, { sound: true, from: T0 + 10_000, to: T0 + 40_000 }), 403, "another range");
    assert.equal(await statusOf(url, { mode: "live", sound: true }), 403);
    assert.equal(await statusOf(url, { cameraId: 2 }), 403);
    assert.equal(await statusOf(url, null), 401);
    assert.equal(await statusOf(`/v1/cameras/2/sound/${segmentId}.sound.mp4`, { cameraId: 2, sound: true }), 404, "the segment of another camera");
    for (const bad of ["x.sound.mp4", "..%2f1%2f1.sound.mp4", "1.mp4", "0.sound.mp4"]) assert.equal(await statusOf(`/v1/cameras/1/sound/${bad}`), 404, bad);
  } finally {
    await server.stop();
    await archive.remove();
  }
});
