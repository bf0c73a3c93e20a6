// The sound of the past over HTTP: in the timeline, and as far as a view's token reaches. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { test } from "node:test";
import { RecordingTimeline } from "../../src/contract/media.ts";
import { type SoundRecord, decodeSoundRecords } from "../../src/contract/sound-records.ts";
import { encodeSoundFragment, encodeSoundInit } from "../../src/media/fmp4/sound.ts";
import type { AudioTrack } from "../../src/protocol/rtsp/media-tracks.ts";
import { soundPath } from "../../src/io/recorder/segment-files.ts";
import { insertSound } from "../../src/io/recorder/track-file-store.ts";
import { type StoredSound, TestArchive, readAnnexBClip } from "./archive.ts";
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

const STEREO: AudioTrack = { kind: "audio", codec: "pcmu", payloadType: 97, clockHz: 8_000, channels: 2, control: undefined };
const sound: StoredSound = { track: STEREO, unitDuration: 160, unitAt: (i) => new Uint8Array(320).fill(i & 0xff) };

test("[SND6] who plays just behind now hears what is on the disk of the minute that is being written, each unit once, and is told how far that is", async () => {
  const archive = await TestArchive.create();
  let now = T0 + 20_000;
  const server = new PlaybackServer(archive, () => now);
  try {
    await archive.record(1, clip, T0, 500, null, sound); // 20 s, and it goes on
    await archive.record(2, clip, T0, 500);
    await server.start();
    const hear = async (cameraId: number, from: number, to: number): Promise<readonly SoundRecord[]> => {
      const answer = await server.get(`/v1/cameras/${cameraId}/sound?from=${from}&to=${to}`, { cameraId, sound: true });
      const records = decodeSoundRecords(new Uint8Array(await answer.arrayBuffer()));
      assert.ok(records.ok, JSON.stringify(records));
      return records.value;
    };
    const untilOf = (records: readonly SoundRecord[]): number => (records.at(-1)?.kind === "until" ? Number((records.at(-1) as { wallMs: number }).wallMs) : assert.fail("no until"));
    const first = await hear(1, T0 + 5_500, T0 + 20_000);
    const until = untilOf(first);
    assert.ok(until > T0 + 18_000 && until < T0 + 20_000, `until ${until - T0}: the last second waits to be full`);
    await archive.record(1, clip, T0 + 20_000, 500, null, { ...sound, delayMs: 0 });
    now = T0 + 40_000;
    const second = await hear(1, Math.ceil(until), T0 + 30_000);
    const times = [...first, ...second].flatMap((record) => (record.kind === "unit" ? [Math.round(record.wallMs - T0)] : []));
    assert.deepEqual(times, [...new Set(times)], "none twice");
    assert.ok(times[0] === 5_000 && times.includes(19_000) && times.includes(29_000), String(times));
    assert.ok(untilOf(second) >= T0 + 30_000);
    assert.equal(untilOf(await hear(2, T0, T0 + 10_000)), T0 + 10_000, "a camera without sound: nothing comes any more");
  } finally {
    await server.stop();
    await archive.remove();
  }
});

test("[SND1] a file of more than may be written, and one with a packet that ended within a sampling instant, are heard as far as they go", async () => {
  const archive = await TestArchive.create();
  const server = new PlaybackServer(archive, () => T0 + 3_600_000);
  try {
    await archive.record(1, clip, T0, 250);
    const [segment] = archive.index.listSegments(1, 0, T0 * 2);
    const { segmentId } = segment!;
    const unit = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(7);
    const odd = encodeSoundFragment(STEREO, 2, T0 + 1_000, 8_000, [unit(320), unit(321)]);
    const rest = encodeSoundFragment(STEREO, 3, T0 + 9_000, 72_000, [unit(17_000_000)]);
    const bytes = Buffer.concat([encodeSoundInit(STEREO), encodeSoundFragment(STEREO, 1, T0, 0, [unit(16_000)]), odd, rest]);
    const path = soundPath(archive.root, 1, segmentId);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    insertSound(archive.index, { segmentId, cameraId: 1, codec: "pcmu", startMs: T0, endMs: T0 + 9_000, bytes: bytes.length, sha256: null });
    await server.start();
    const answer = await server.get(`/v1/cameras/1/sound?from=${T0}&to=${T0 + 10_000}`, { sound: true });
    const records = decodeSoundRecords(new Uint8Array(await answer.arrayBuffer()));
    assert.deepEqual(records.ok && records.value.flatMap((record) => (record.kind === "unit" ? [record.bytes.length] : [])), [16_000, 640]);
  } finally {
    await server.stop();
    await archive.remove();
  }
});
