// An event while the disk may not be tried, or refuses: what was kept before it is still there when the disk takes it. Rule ids are those of video/SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { VideoFormat } from "../../media/video-format.ts";
import { Sample } from "../ingest/video-ingest.ts";
import type { Chunk, ChunkPort, FragmentFacts, RecordingPort } from "../ports.ts";
import { type BesidePort, GatedRecording } from "./gated-recording.ts";
import { PreRoll, PreRollBudget } from "./pre-roll.ts";
import type { RunMoment } from "./run-moment.ts";
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
  /** It has at once what it is given. */
  isIdle = false;
  readonly begins: number[] = [];
  readonly ends: (readonly [number, string])[] = [];
  beginRun(startWallMs: number): boolean {
    this.tries++;
    this.startMs = startWallMs;
    if (!this.refuses) this.begins.push(startWallMs);
    if (this.isIdle) this.writtenUntil = startWallMs;
    return !this.refuses;
  }
  beginSegment(): boolean { return true; }
  writeFragment(chunk: Chunk, _start: number, _end: number, facts: FragmentFacts): boolean {
    chunk.release();
    this.frames += facts.frames;
    if (this.isIdle) this.writtenUntil = Math.max(this.writtenUntil, Math.round(facts.endWallMs));
    return true;
  }
  noteGapWithin(): void { return; }
  endRun(endWallMs: number, cause: string): void { this.ends.push([Math.round((endWallMs - T0) / 40), cause]); }
}

function rig(beside?: BesidePort): { disk: Disk; gate: GatedRecording; recording: StreamRecording; budget: PreRollBudget; missed: number[][]; feed(from: number, to: number, mayRecord: boolean): void } {
  const disk = new Disk();
  const budget = new PreRollBudget(1e8);
  const missed: number[][] = [];
  const recording = new StreamRecording(1, disk, MEMORY);
  const gate = new GatedRecording(recording, new PreRoll(budget), () => disk.writtenUntil, beside, (from, to) => missed.push([(from - T0) / 40, (to - T0) / 40]));
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
  return { disk, gate, recording, budget, missed, feed };
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

test("[RCD15] [CAM15] what waits for a disk that is away for long keeps to twice the pre-roll, and what had to go is told", () => {
  const { disk, gate, recording, budget, missed, feed } = rig();
  feed(0, 150, false);
  gate.open(T0 + 150 * 40 - 3_000);
  feed(150, 1_000, false);
  assert.ok(budget.used <= (2 * 75 + 25) * 500, `${budget.used}`);
  feed(1_000, 1_001, true);
  recording.end("camera-closed");
  assert.equal((disk.startMs - T0) / 40, 850);
  assert.deepEqual(missed, [[75, 850]]);
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

test("[RCD10] [RCD15] [CAM15] an event in whose midst the disk fails: what comes while it may not be tried is kept from the next key frame on, and recorded when it may", () => {
  const { disk, gate, recording, budget, feed } = rig();
  feed(0, 150, true);
  gate.open(T0 + 150 * 40 - 3_000);
  feed(150, 210, true);
  recording.abort("disk-failed");
  feed(210, 335, false);
  assert.equal(disk.tries, 1);
  feed(335, 400, true);
  recording.end("camera-closed");
  assert.deepEqual(disk.begins.map((ms) => (ms - T0) / 40), [75, 225], "lost is the GOP that the disk failed in");
  assert.deepEqual([disk.ends.at(-1), budget.used], [[400, "camera-closed"], 0]);
});

test("[RCD15] [CAM15] an event that is over while its last GOP lasts, when the disk fails: the next one has its pre-roll, also where the disk is back only then", () => {
  const { disk, gate, recording, feed } = rig();
  feed(0, 150, true);
  gate.open(T0 + 150 * 40 - 3_000);
  feed(150, 205, true);
  gate.close("no-event");
  feed(205, 210, true);
  recording.abort("disk-full");
  feed(210, 211, false);
  assert.notEqual(gate.keptSince, undefined, "it is closed, and does not wait for a key frame to close at");
  feed(211, 1_210, false);
  gate.open(T0 + 1_210 * 40 - 3_000);
  feed(1_210, 1_235, false);
  feed(1_235, 1_300, true);
  recording.end("camera-closed");
  assert.deepEqual(disk.begins.map((ms) => (ms - T0) / 40), [75, 1_125]);
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

test("[CAM15] a disk that is behind gets no more of a pre-roll than 4 s ahead; what comes waits, and nothing is lost when it has caught up, also where the camera is lost meanwhile", () => {
  for (const isLost of [false, true]) {
    const { disk, gate, recording, feed } = rig();
    gate.keep(10_000);
    feed(0, 300, true);
    gate.open(T0 + 300 * 40 - 10_000);
    disk.writtenUntil = T0 + 50 * 40;
    feed(300, 350, true);
    assert.ok(disk.frames <= 5 * 25 + 25, `${disk.frames} pictures while the disk has none of them`);
    if (isLost) {
      gate.breakOff(350 * 40, "camera-closed");
      assert.ok(disk.frames <= 5 * 25 + 25, `${disk.frames} pictures of a lost camera`);
    }
    disk.writtenUntil = Number.POSITIVE_INFINITY;
    if (isLost) gate.breakOff(351 * 40, "camera-closed");
    else feed(350, 400, true);
    recording.end("camera-closed");
    assert.equal(disk.ends.length, 1);
    assert.deepEqual([disk.tries, (disk.startMs - T0) / 40, disk.frames], [1, 50, isLost ? 300 : 350]);
  }
});

test("[CAM15] a time without pictures within what was kept, in one run, holds up nothing: what is on the disk is measured by what it was given", () => {
  for (const [holeS, frames] of [[5, 650], [60, 175]] as const) { // thirty seconds reach no further back than into the longer one
    const { disk, gate, recording, feed } = rig();
    disk.isIdle = true;
    gate.keep(30_000);
    feed(0, 500, true);
    const back = 500 + holeS * 25;
    feed(back, back + 100, true);
    gate.open(T0 + (back + 100) * 40 - 90_000);
    feed(back + 100, back + 150, true);
    assert.equal(gate.isOpen, true, `${holeS} s`);
    recording.end("camera-closed");
    assert.deepEqual([disk.tries, disk.frames, disk.ends], [1, frames, [[back + 150, "camera-closed"]]], `${holeS} s`);
  }
});

test("[CAM15] of a camera with a picture each five seconds all are recorded, in one run, and none waits for long", () => {
  const { disk, gate, recording, feed } = rig();
  disk.isIdle = true;
  gate.keep(30_000);
  for (let i = 0; i < 1_500; i += 125) feed(i, i + 1, true);
  gate.open(T0 + 1_500 * 40 - 30_000);
  for (let i = 1_500; i < 9_000; i += 125) feed(i, i + 1, true);
  assert.equal(gate.isOpen, true);
  recording.end("camera-closed");
  assert.deepEqual([disk.begins.map((ms) => (ms - T0) / 40), disk.frames], [[750], 66]);
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
    gate.breakOff(160 * 40, cause);
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
  gate.breakOff(3_600_000, "no-data");
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

test("[RCD15] [CAM15] where the disk comes back only when all of the event had to go, nothing is written, and all of it is told as lost", () => {
  const { disk, gate, missed, feed } = rig();
  feed(0, 150, true);
  gate.open(T0 + 150 * 40 - 3_000);
  feed(150, 200, false);
  gate.close("no-event");
  feed(200, 1_000, false);
  feed(1_000, 1_100, true);
  assert.equal(disk.tries, 0);
  assert.deepEqual(missed, [[75, 199 + 1 / 40]], "up to the last picture of its time");
});

test("[CAM15] a shorter pre-roll that is asked for while a longer one waits for the disk counts from the next event on", () => {
  const { disk, gate, recording, feed } = rig();
  gate.keep(30_000);
  feed(0, 800, true);
  gate.open(T0 + 800 * 40 - 30_000);
  feed(800, 850, false);
  gate.keep(2_000);
  feed(850, 960, true);
  gate.close("no-event");
  feed(960, 1_200, true);
  gate.open(T0 + 1_200 * 40 - 30_000);
  feed(1_200, 1_226, true);
  recording.end("camera-closed");
  assert.deepEqual(disk.begins.map((ms) => (ms - T0) / 40), [50, 1_125]);
  assert.equal(disk.ends[0]![1], "no-event");
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
  gate.breakOff(411 * 40, "no-data", false);
  assert.deepEqual([disk.tries, disk.ends.length], [1, 1]);
  const before = disk.frames;
  gate.breakOff(500 * 40, "no-data", true);
  assert.deepEqual([disk.tries, (disk.startMs - T0) / 40, disk.frames - before, disk.ends.at(-1), budget.used], [2, 200, 210, [410, "no-data"], 0]);
});

/** Pictures of a run of its own, each with the clock of that run. */
function film(gate: GatedRecording, from: number, to: number, mayRecord: boolean, clockMs = 0): void {
  for (let i = from; i < to; i++) {
    const sample = new Sample();
    sample.bytes = new Uint8Array(500);
    sample.length = 500;
    sample.key = i % 25 === 0;
    sample.decode90k = i * 3_600;
    sample.wallMs = T0 + clockMs + i * 40;
    gate.onSample(sample, i * 40, mayRecord);
  }
}

test("[CAM15] [RCD10] what an event wants outlasts its session: where the camera is back before the disk is, all of it is written, and what the camera sends then is a run of its own", () => {
  for (const { cause, clockMs } of [{ cause: "no-data", clockMs: 0 }, { cause: "clock-changed", clockMs: -3_600_000 }, { cause: "clock-changed", clockMs: 86_400_000 * 365 }] as const) {
    const { disk, gate, recording, budget } = rig();
    gate.keep(10_000);
    film(gate, 0, 750, true);
    gate.open(T0 + 500 * 40);
    film(gate, 750, 800, false); // the disk failed, or has no room
    gate.breakOff(810 * 40, cause, false);
    gate.beginRun();
    gate.onFormat(FORMAT);
    film(gate, 825, 850, false, clockMs);
    assert.deepEqual([disk.tries, gate.listRunningGop()?.length], [0, 25]);
    film(gate, 850, 900, true, clockMs);
    recording.end("camera-closed");
    assert.deepEqual(disk.begins.map((ms) => (ms - T0) / 40), [500, 825 + clockMs / 40], "the pre-roll first, then what came after");
    assert.deepEqual([disk.frames, disk.ends, budget.used], [300 + 75, [[800, cause], [900 + clockMs / 40, "camera-closed"]], 0]);
  }
});

test("[CAM15] an event that was over before its camera broke off is written up to its end, and nothing of the next session", () => {
  const { disk, gate, budget } = rig();
  gate.keep(10_000);
  film(gate, 0, 500, true);
  gate.open(T0 + 250 * 40);
  film(gate, 500, 550, false);
  gate.close("no-event");
  film(gate, 550, 600, false);
  gate.breakOff(605 * 40, "no-data", false);
  gate.beginRun();
  gate.onFormat(FORMAT);
  film(gate, 625, 650, false);
  film(gate, 650, 700, true);
  assert.deepEqual([disk.begins.map((ms) => (ms - T0) / 40), disk.frames, disk.ends], [[250], 300, [[550, "no-event"]]]);
  assert.equal(budget.used, 75 * 500, "what came since is kept for the next event");
});

test("[CAM15] a camera that comes and goes while the disk may not be tried keeps no more than twice its pre-roll, and what had to go is told", () => {
  const { disk, gate, recording, budget } = rig();
  gate.keep(10_000);
  film(gate, 0, 500, true);
  gate.open(T0 + 250 * 40);
  for (let from = 500; from < 3_000; from += 100) {
    film(gate, from, from + 75, false);
    gate.breakOff((from + 80) * 40, "no-data", false);
    gate.beginRun();
    gate.onFormat(FORMAT);
  }
  assert.ok(budget.used <= (2 * 250 + 50) * 500, `${budget.used}`);
  film(gate, 3_000, 3_075, true);
  recording.end("camera-closed");
  assert.deepEqual([disk.ends.at(-1), new Set(disk.ends.slice(0, -1).map(([, cause]) => cause))], [[3_075, "camera-closed"], new Set(["no-data"])]);
  assert.ok(disk.begins.length >= 4 && disk.frames >= 2 * 250, `${disk.begins.length} runs, ${disk.frames} pictures`);
});

test("[CAM15] [SND1] pictures that were kept wait for what is beside them, as long as that comes on, and then go without it", () => {
  for (const isStuck of [false, true]) {
    const given: RunMoment[] = [];
    const beside = { isBehind: true, give: (until: RunMoment) => void given.push(until), clear: () => undefined };
    const { disk, gate, recording } = rig(beside);
    gate.keep(10_000);
    film(gate, 0, 300, true);
    gate.open(T0 + 50 * 40);
    film(gate, 300, 340, true);
    assert.equal(disk.frames <= 25, true, "the first GOP begins the run; the next waits");
    if (!isStuck) beside.isBehind = false;
    film(gate, 340, 375, true);
    recording.end("camera-closed");
    assert.deepEqual([disk.begins.length, disk.frames, given.at(-1)?.ms], [1, 325, Number.POSITIVE_INFINITY]);
  }
});
