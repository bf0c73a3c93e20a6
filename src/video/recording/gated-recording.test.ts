// An event while the disk may not be tried, or refuses: what was kept before it is still there when the disk takes it. Rule ids are those of video/SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { VideoFormat } from "../../media/video-format.ts";
import { Sample } from "../ingest/video-ingest.ts";
import type { Chunk, ChunkPort, FragmentFacts, RecordingPort } from "../ports.ts";
import { GatedRecording } from "./gated-recording.ts";
import { PreRoll, PreRollBudget } from "./pre-roll.ts";
import { StreamRecording } from "./stream-recording.ts";

const FORMAT: VideoFormat = { codec: "h264", codecString: "avc1.42c01e", width: 240, height: 160, frameRate: 25, reorderFrames: 0, configuration: new Uint8Array([1, 66, 192, 30, 255, 224, 0]) };
const T0 = 1_790_000_000_000;

const MEMORY: ChunkPort = {
  blockBytes: 4_096,
  acquire: (size) => ({ bytes: new Uint8Array(size), start: 0, end: size, release: () => undefined }),
  copy: (from, start, end, to, at) => to.set(from.subarray(start, end), at),
};

class Disk implements RecordingPort {
  tries = 0;
  refuses = false;
  startMs = 0;
  frames = 0;
  writtenUntil = Number.POSITIVE_INFINITY;
  readonly ends: (readonly [number, string])[] = [];
  beginRun(startWallMs: number): boolean {
    this.tries++;
    this.startMs = startWallMs;
    return !this.refuses;
  }
  beginSegment(): boolean { return true; }
  writeFragment(chunk: Chunk, _start: number, _end: number, facts: FragmentFacts): boolean {
    chunk.release();
    this.frames += facts.frames;
    return true;
  }
  endRun(endWallMs: number, cause: string): void { this.ends.push([Math.round((endWallMs - T0) / 40), cause]); }
}

function rig(): { disk: Disk; gate: GatedRecording; recording: StreamRecording; budget: PreRollBudget; feed(from: number, to: number, mayRecord: boolean): void } {
  const disk = new Disk();
  const budget = new PreRollBudget(1e8);
  const recording = new StreamRecording(1, disk, MEMORY);
  const gate = new GatedRecording(recording, new PreRoll(budget), () => disk.writtenUntil);
  gate.keep(3_000);
  gate.close("no-event");
  gate.onFormat(FORMAT);
  const feed = (from: number, to: number, mayRecord: boolean): void => {
    for (let i = from; i < to; i++) {
      const sample = new Sample();
      sample.bytes = new Uint8Array(500);
      sample.length = 500;
      sample.key = i % 25 === 0;
      sample.decode90k = i * 3_600;
      sample.wallMs = T0 + i * 40;
      gate.onSample(sample, i * 40, mayRecord);
    }
  };
  return { disk, gate, recording, budget, feed };
}

test("[RCD15] [CAM15] an event while the disk may not be tried: it is not, and the pre-roll and all since then are recorded when it may", () => {
  const { disk, gate, recording, budget, feed } = rig();
  feed(0, 150, false);
  gate.open(T0 + 150 * 40 - 3_000);
  feed(150, 200, false);
  assert.equal(disk.tries, 0);
  feed(200, 226, true);
  recording.end("camera-closed");
  assert.deepEqual([disk.tries, (disk.startMs - T0) / 40, disk.frames], [1, 75, 151], "pictures 75 to 225, none missing");
  assert.equal(budget.used, 0);
});

test("[RCD15] [CAM15] what waits for a disk that is away for long keeps to twice the pre-roll", () => {
  const { disk, gate, recording, budget, feed } = rig();
  feed(0, 150, false);
  gate.open(T0 + 150 * 40 - 3_000);
  feed(150, 1_000, false);
  assert.ok(budget.used <= (2 * 75 + 25) * 500, `${budget.used}`);
  feed(1_000, 1_001, true);
  recording.end("camera-closed");
  assert.equal((disk.startMs - T0) / 40, 850);
});

test("[RCD10] [CAM15] a run that cannot begin takes nothing of the pre-roll", () => {
  const { disk, gate, recording, feed } = rig();
  feed(0, 150, true);
  gate.open(T0 + 150 * 40 - 3_000);
  disk.refuses = true;
  feed(150, 151, true);
  assert.equal(disk.tries, 1);
  feed(151, 180, false);
  disk.refuses = false;
  feed(180, 201, true);
  recording.end("camera-closed");
  assert.deepEqual([(disk.startMs - T0) / 40, disk.frames], [75, 126]);
});

test("[CAM15] a pre-roll goes to the disk GOP by GOP, one for each picture that comes, with none missing or twice", () => {
  const { disk, gate, recording, budget, feed } = rig();
  gate.keep(30_000);
  feed(0, 800, true);
  gate.open(T0 + 800 * 40 - 30_000);
  feed(800, 801, true);
  assert.ok(disk.frames <= 25, `${disk.frames} pictures at once`);
  const before = disk.frames;
  feed(801, 802, true);
  assert.ok(disk.frames - before <= 25);
  feed(802, 850, true);
  recording.end("camera-closed");
  assert.deepEqual([disk.tries, (disk.startMs - T0) / 40, disk.frames, budget.used, disk.ends], [1, 50, 800, 0, [[850, "camera-closed"]]]);
});

test("[CAM15] a disk that is behind gets no more of a pre-roll than 4 s ahead; what comes waits, and nothing is lost when it has caught up; a run that ends takes all of it along", () => {
  for (const isLost of [false, true]) {
    const { disk, gate, recording, feed } = rig();
    gate.keep(10_000);
    feed(0, 300, true);
    gate.open(T0 + 300 * 40 - 10_000);
    disk.writtenUntil = T0 + 50 * 40;
    feed(300, 350, true);
    assert.ok(disk.frames <= 5 * 25 + 25, `${disk.frames} pictures while the disk has none of them`);
    if (isLost) gate.finish(350 * 40);
    else {
      disk.writtenUntil = Number.POSITIVE_INFINITY;
      feed(350, 400, true);
    }
    recording.end("camera-closed");
    assert.deepEqual([disk.tries, (disk.startMs - T0) / 40, disk.frames], [1, 50, isLost ? 300 : 350]);
  }
});

test("[CAM15] [RCD6] where the disk stays behind for longer than the memory reaches, the run ends there as disk-slow and a new one begins at a key frame", () => {
  const { disk, gate, recording, feed } = rig();
  gate.keep(3_000);
  feed(0, 150, true);
  gate.open(T0 + 150 * 40 - 3_000);
  disk.writtenUntil = T0 - 60_000;
  feed(150, 600, true);
  disk.writtenUntil = Number.POSITIVE_INFINITY;
  feed(600, 650, true);
  recording.end("camera-closed");
  assert.ok(disk.tries >= 2);
  assert.deepEqual(disk.ends.map(([, cause]) => cause), [...Array.from({ length: disk.tries - 1 }, () => "disk-slow"), "camera-closed"]);
  assert.equal(disk.ends.at(-1)![0], 650);
  assert.equal(((disk.startMs - T0) / 40) % 25, 0);
});

test("[CAM15] an event that is over before its pre-roll is given is recorded whole, and closes at the next key frame", () => {
  const { disk, gate, feed } = rig();
  gate.keep(20_000);
  feed(0, 600, true);
  gate.open(T0 + 600 * 40 - 20_000);
  feed(600, 602, true);
  gate.close("no-event");
  feed(602, 700, true);
  assert.deepEqual([disk.tries, (disk.startMs - T0) / 40, disk.ends.length], [1, 100, 1]);
  assert.equal(disk.frames, disk.ends[0]![0] - 100, "from its key frame to its end, each once");
});

test("[CAM15] an event after the last picture and before anybody knows that the camera is gone: its pre-roll is a run of its own; so it is where the clock steps just then, and the next pictures follow it", () => {
  for (const cause of ["no-data", "clock-changed"] as const) {
    const { disk, gate, recording, budget, feed } = rig();
    feed(0, 150, true);
    gate.open(T0 + 150 * 40 - 3_000);
    gate.finish(160 * 40);
    recording.end(cause);
    gate.beginRun();
    assert.deepEqual([disk.tries, (disk.startMs - T0) / 40, disk.frames, disk.ends, budget.used], [1, 75, 75, [[150, cause]], 0]);
    feed(175, 200, true);
    recording.end("camera-closed");
    assert.deepEqual([disk.tries, disk.frames], [2, 100]);
  }
});

test("[CAM15] a camera that was lost long before the event has nothing that the event wants", () => {
  const { disk, gate, budget, feed } = rig();
  feed(0, 150, true);
  gate.open(T0 + 3_600_000);
  gate.bringAfterLoss(3_600_000, "no-data");
  assert.deepEqual([disk.tries, budget.used], [0, 0]);
});

test("[RCD15] [CAM15] an event that begins and ends while the disk may not be tried is written when it may, up to a key frame after it", () => {
  const { disk, gate, budget, feed } = rig();
  gate.keep(10_000);
  feed(0, 150, true);
  gate.open(T0 + 150 * 40 - 3_000);
  feed(150, 200, false);
  gate.close("no-event");
  feed(200, 260, false);
  assert.equal(disk.tries, 0);
  feed(260, 400, true);
  assert.deepEqual([disk.tries, (disk.startMs - T0) / 40, disk.frames, disk.ends], [1, 75, 125, [[200, "no-event"]]]);
  assert.equal(budget.used, 200 * 500, "what came since is kept for the next event");
});

test("[RCD15] [CAM15] where the disk comes back only when all of the event had to go, nothing is written", () => {
  const { disk, gate, feed } = rig();
  feed(0, 150, true);
  gate.open(T0 + 150 * 40 - 3_000);
  feed(150, 200, false);
  gate.close("no-event");
  feed(200, 1_000, false);
  feed(1_000, 1_100, true);
  assert.equal(disk.tries, 0);
});

test("[CAM15] an event that begins and ends between two pictures is written, and no picture after it", () => {
  const { disk, gate, feed } = rig();
  feed(0, 150, true);
  gate.open(T0 + 150 * 40 - 3_000);
  gate.close("no-event");
  feed(150, 300, true);
  assert.deepEqual([(disk.startMs - T0) / 40, disk.frames, disk.ends], [75, 75, [[150, "no-event"]]]);
});

test("[RCD15] [CAM15] a camera that is lost in the midst of its pre-roll does not try a full disk, and what is left is written when it may be tried, up to where the camera was lost", () => {
  const { disk, gate, recording, budget, feed } = rig();
  gate.keep(10_000);
  feed(0, 400, true);
  gate.open(T0 + 400 * 40 - 10_000);
  feed(400, 402, true); // 150 to 199 of it
  recording.abort("disk-full");
  feed(402, 410, false);
  gate.finish(410 * 40, false);
  recording.end("no-data");
  gate.bringAfterLoss(411 * 40, "no-data", false);
  assert.deepEqual([disk.tries, disk.ends.length], [1, 1]);
  const before = disk.frames;
  gate.bringAfterLoss(500 * 40, "no-data", true);
  assert.deepEqual([disk.tries, (disk.startMs - T0) / 40, disk.frames - before, disk.ends.at(-1), budget.used], [2, 200, 210, [410, "no-data"], 0]);
});
