// Writes that whoever keeps the room refuses before they touch the disk: what is there is whole, and is closed as at any end of a run. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { parseSoundFile } from "../../media/fmp4/sound-reading.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import type { AudioTrack } from "../../protocol/rtsp/media-tracks.ts";
import { Sample } from "../../video/ingest/video-ingest.ts";
import { StreamRecording } from "../../video/recording/stream-recording.ts";
import { checkRecordings } from "./check-recordings.ts";
import { listForCheck } from "./check-store.ts";
import { ChunkArena } from "./chunk-arena.ts";
import { gapCauseOfDisk } from "./file-port.ts";
import { IndexStore } from "./index-store.ts";
import { RecordingWriter } from "./recording-writer.ts";
import type { WriteRoom } from "./room-keeper.ts";
import { segmentPath, soundPath } from "./segment-files.ts";
import { SoundWriter } from "./sound-writer.ts";
import { type TrackFileWorld, createTrackFileWorld, createTrackSample } from "./testing/track-file-world.ts";
import { listTrackFiles } from "./track-file-store.ts";

const FORMAT: VideoFormat = { codec: "h264", codecString: "avc1.42c01e", width: 240, height: 160, frameRate: 25, reorderFrames: 0, configuration: new Uint8Array([1, 66, 192, 30, 255, 224, 0]) };
const T0 = 1_790_000_000_000;
const GOP = 25;

/** Grants until it is told not to, then keeps whoever asks until it is answered. */
class TestRoom implements WriteRoom {
  hasRoom = true;
  granted = 0;
  settled = 0;
  /** While it is set, a refusal comes when it resolves. */
  gate: Promise<void> | undefined;

  take(bytes: number): Promise<void> | undefined {
    if (!this.hasRoom) return this.#refuse();
    this.granted += bytes;
    return undefined;
  }

  settle(bytes: number): void {
    this.settled += bytes;
  }

  async #refuse(): Promise<void> {
    await this.gate;
    throw Object.assign(new Error("ENOSPC: what is left of the disk is kept, write"), { code: "ENOSPC" });
  }
}

describe("pictures for which there is no room", () => {
  let root = "";
  let index: IndexStore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "citywatch-refused-"));
    index = new IndexStore(join(root, "index.sqlite"));
  });
  afterEach(async () => {
    index.close();
    await rm(root, { recursive: true, force: true });
  });

  function record() {
    const room = new TestRoom();
    const errors: Error[] = [];
    const counters = { bytesWritten: 0, bytesOpen: 0, writes: 0, fsyncs: 0, failures: 0 };
    const writer = new RecordingWriter({ root, cameraId: 1, index, room, counters, onDiskFailed: (error) => {
      errors.push(error);
      recording.abort(gapCauseOfDisk(error));
    } });
    const recording: StreamRecording = new StreamRecording(1, writer, new ChunkArena(1e8).portOf(() => "continuous"));
    recording.onFormat(FORMAT);
    const feed = (first: number, count: number): void => {
      for (let i = first; i < first + count; i++) {
        const sample = new Sample();
        Object.assign(sample, { bytes: new Uint8Array(9_000).fill(i), length: 9_000, key: i % GOP === 0, decode90k: i * 3_600, wallMs: T0 + i * 40 });
        recording.onSample(sample, sample.wallMs);
      }
    };
    const end = async (): Promise<void> => {
      recording.end("camera-closed");
      await writer.idle();
    };
    return { room, errors, counters, writer, recording, feed, end };
  }
  const listHashes = (): { segment_id: number; state: string; sha256: Uint8Array | null }[] => index.database.prepare("SELECT segment_id, state, sha256 FROM segment ORDER BY segment_id").all() as never;
  const assertAllWhole = async (): Promise<void> => {
    for (const { segment_id: segmentId, state, sha256 } of listHashes()) {
      assert.equal(state, "closed");
      assert.deepEqual(Buffer.from(sha256!), createHash("sha256").update(await readFile(segmentPath(root, 1, segmentId))).digest());
    }
    assert.deepEqual((await checkRecordings(root, index, () => undefined)).findings, []);
  };

  for (const { name, rotates, endsFirst } of [
    { name: "at once", rotates: false, endsFirst: false },
    { name: "after it waited and the camera was lost meanwhile", rotates: false, endsFirst: true },
    { name: "after it waited and the next segment was begun", rotates: true, endsFirst: false },
  ])
    test(`[RCD10] [RCD15] a write that is refused ${name} ends its file whole, hashed and closed, and the run as disk-full; what comes when there is room is another run`, async () => {
      const { room, errors, counters, writer, recording, feed, end } = record();
      feed(0, 2 * GOP);
      recording.flush();
      await writer.idle();
      const takenUntil = T0 + 2 * GOP * 40;
      let answer = (): void => undefined;
      room.gate = new Promise((resolve) => { answer = resolve; });
      room.hasRoom = false;
      feed(2 * GOP, 2 * GOP);
      if (rotates) {
        recording.onFormat(FORMAT);
        feed(4 * GOP, GOP);
      }
      if (endsFirst) recording.end("no-data");
      answer();
      await writer.idle();
      assert.ok(errors.length > 0 && errors.every((error) => (error as NodeJS.ErrnoException).code === "ENOSPC"));
      assert.equal(counters.failures, 0, "the disk is well");
      assert.deepEqual([counters.bytesOpen, room.settled], [0, room.granted], "nothing is being written, and what was granted was written");
      assert.deepEqual(listForCheck(index, 1).map(({ endMs, frames }) => [endMs, frames]), [[takenUntil, 2 * GOP]], "one file, up to its last picture");
      await assertAllWhole();
      const run = index.database.prepare("SELECT end_ms, cause FROM run").get();
      if (!rotates) assert.deepEqual({ ...run }, { end_ms: takenUntil, cause: endsFirst ? "no-data" : "disk-full" });
      const [gap] = index.listGaps(1, takenUntil + 1, takenUntil + 2);
      assert.deepEqual([gap?.start, gap?.cause], [takenUntil, "disk-full"]);
      room.hasRoom = true;
      feed(20 * GOP, 2 * GOP);
      await end();
      assert.equal(listForCheck(index, 1).length, 2);
      await assertAllWhole();
    });

  test("[RCD15] where there was no room for the first of a file, none is left of it", async () => {
    const { room, counters, writer, feed } = record();
    room.hasRoom = false;
    feed(0, 2 * GOP);
    await writer.idle();
    assert.deepEqual([listHashes(), counters.failures], [[], 0]);
    assert.equal(existsSync(segmentPath(root, 1, 1)), false);
    assert.equal(index.findLastingGap(1)?.cause, "disk-full");
  });
});

describe("sound for which there is no room", () => {
  const G711: AudioTrack = { kind: "audio", codec: "pcmu", payloadType: 0, clockHz: 8_000, channels: 1, control: undefined };
  let world: TrackFileWorld;
  beforeEach(async () => {
    world = await createTrackFileWorld();
  });
  afterEach(() => world.close());
  const write = (writer: SoundWriter, from: number, to: number): void => {
    for (let i = from; i < to; i++) writer.onSample(createTrackSample(G711, i * 1_800, T0 + i * 20, new Uint8Array(160).fill(i & 0xff)));
  };

  test("[SND2] [RCD15] what was written before has its row with the hash of its bytes and the end of what is there; it is told once", async () => {
    const room = new TestRoom();
    const writer = new SoundWriter({ ...world.optionsOf(), room });
    writer.onSegment(world.segmentId);
    write(writer, 0, 151); // three seconds are out, since the fourth has begun
    await writer.idle();
    room.hasRoom = false;
    write(writer, 151, 301);
    await writer.idle();
    room.hasRoom = true; // for this minute too late: there would be a hole
    write(writer, 301, 400);
    writer.onSegment(undefined);
    await writer.idle();
    const path = soundPath(world.root, 1, world.segmentId);
    const bytes = await readFile(path);
    const [row, ...more] = listTrackFiles(world.index, "sound", 1, T0, T0 + 1);
    assert.deepEqual([row?.startMs, row?.endMs, row?.bytes, more.length], [T0, T0 + 3_000, bytes.length, 0]);
    assert.deepEqual(Buffer.from(row!.sha256!), createHash("sha256").update(bytes).digest());
    assert.ok(parseSoundFile(bytes).ok);
    assert.deepEqual([world.failures.map((error) => (error as NodeJS.ErrnoException).code), room.settled], [["ENOSPC"], room.granted]);
  });

  test("[SND2] [RCD15] where there was no room for any of it, neither a file nor a row is left", async () => {
    const room = new TestRoom();
    room.hasRoom = false;
    const writer = new SoundWriter({ ...world.optionsOf(), room });
    writer.onSegment(world.segmentId);
    write(writer, 0, 200);
    writer.onSegment(undefined);
    await writer.idle();
    assert.deepEqual([existsSync(soundPath(world.root, 1, world.segmentId)), listTrackFiles(world.index, "sound", 1, T0, T0 + 1)], [false, []]);
  });
});
