// Samples in, calls of the port out: the recording decides, the port writes down what it was told.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { VideoFormat } from "../../media/video-format.ts";
import { Sample } from "../ingest/video-ingest.ts";
import type { Chunk, ChunkPort, FragmentFacts, GapCause, RecordingPort } from "../ports.ts";
import { StreamRecording } from "./stream-recording.ts";

const FORMAT: VideoFormat = { codec: "h264", codecString: "avc1.42c01e", width: 240, height: 160, frameRate: 25, reorderFrames: 0, configuration: new Uint8Array([1, 2, 3]) };

/** Chunks of their own memory, as many as are asked for unless `most` says otherwise; those held are counted. */
class Chunks implements ChunkPort {
  readonly blockBytes = 4_096;
  held = 0;
  most = Infinity;
  copy(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
    to.set(from.subarray(start, end), at);
  }
  acquire(size: number): Chunk | undefined {
    if (this.held >= this.most) return undefined;
    this.held++;
    return { bytes: new Uint8Array(size).fill(0xee), start: 0, end: size, release: () => void this.held-- };
  }
}

class Notes implements RecordingPort {
  readonly lines: string[] = [];
  readonly fragments: FragmentFacts[] = [];
  /** The bytes of each piece. */
  readonly files: Uint8Array[] = [];
  takes = true;
  begins: "all" | "runs" | "nothing" = "all";
  beginRun(startWallMs: number): boolean {
    if (this.begins === "nothing") return false;
    this.lines.push(`run ${startWallMs}`);
    return true;
  }
  beginSegment(startWallMs: number, init: Uint8Array): boolean {
    if (this.begins !== "all") return false;
    this.lines.push(`segment ${startWallMs} ${Buffer.from(init).readUInt16BE(Buffer.from(init).indexOf("avc1") + 28)}`);
    return true;
  }
  writeFragment(chunk: Chunk, start: number, end: number, facts: FragmentFacts): boolean {
    this.files.push(chunk.bytes.slice(start, end));
    chunk.release();
    if (!this.takes) return false;
    this.fragments.push(facts);
    this.lines.push(`fragment ${facts.startsWithKey ? "K" : "d"}${facts.frames}`);
    return true;
  }
  noteGapWithin(start: number, end: number, cause: GapCause): void { this.lines.push(`gap ${start} ${end} ${cause}`); }
  endRun(endWallMs: number, cause: GapCause): void { this.lines.push(`end ${endWallMs} ${cause}`); }
}

function sample(frame: number, key: boolean, frameMs = 40): Sample {
  const made = new Sample();
  made.bytes = new Uint8Array([0, 0, 0, 1, 9]);
  made.length = 5;
  made.key = key;
  made.decode90k = frame * frameMs * 90;
  made.wallMs = 1_000_000 + frame * frameMs;
  return made;
}

describe("runs, segments and fragments", () => {
  test("[RCD1] [RCD5] fragments of half a second, never over a key frame; the end writes what waits", () => {
    const port = new Notes();
    const recording = new StreamRecording(1, port, new Chunks());
    recording.onFormat(FORMAT);
    recording.onSample(sample(-1, false), 0);
    for (let frame = 0; frame < 40; frame++) recording.onSample(sample(frame, frame % 25 === 0), 1_000_000 + frame * 40);
    recording.end("camera-closed");
    assert.deepEqual(port.lines, ["run 1000000", "segment 1000000 240", "fragment K13", "fragment d12", "fragment K13", "fragment d2", "end 1001600 camera-closed"]);
    assert.equal(port.fragments.reduce((sum, facts) => sum + facts.duration90k, 0), 40 * 3_600);
  });

  test("[RCD5] a slow camera's picture is written after a second, without its successor", () => {
    const port = new Notes();
    const recording = new StreamRecording(1, port, new Chunks());
    recording.onFormat(FORMAT);
    recording.onSample(sample(0, true), 1_000_000);
    recording.tick(1_000_900);
    assert.equal(port.fragments.length, 0);
    recording.tick(1_001_000);
    assert.equal(port.fragments.length, 1);
    recording.onSample(sample(1, false, 5_000), 1_005_000);
    recording.tick(1_006_000);
    assert.deepEqual(port.fragments.map((facts) => facts.start90k), [0, 450_000]);
  });

  test("[RCD18] seconds without a picture are told, and the run goes on: also of a picture that was written meanwhile without its successor", () => {
    for (const ticks of [false, true]) {
      const port = new Notes();
      const recording = new StreamRecording(1, port, new Chunks());
      recording.onFormat(FORMAT);
      for (let frame = 0; frame < 25; frame++) recording.onSample(sample(frame, frame === 0), frame * 40);
      if (ticks) recording.tick(3_000);
      for (let frame = 225; frame < 250; frame++) recording.onSample(sample(frame, frame === 225), frame * 40);
      recording.end("camera-closed");
      assert.deepEqual(port.lines.filter((line) => !line.startsWith("fragment")), ["run 1000000", "segment 1000000 240", "gap 1001000 1009000 no-data", "end 1010000 camera-closed"]);
    }
  });

  test("[RCD4] a new format takes a new segment at the key frame that brings it", () => {
    const port = new Notes();
    const recording = new StreamRecording(1, port, new Chunks());
    recording.onFormat(FORMAT);
    for (let frame = 0; frame < 5; frame++) recording.onSample(sample(frame, frame === 0), 0);
    recording.onFormat({ ...FORMAT, width: 1_920 });
    recording.onSample(sample(5, true), 0);
    recording.end("recorder-stopped");
    assert.deepEqual(port.lines, ["run 1000000", "segment 1000000 240", "fragment K5", "segment 1000200 1920", "fragment K1", "end 1000240 recorder-stopped"]);
  });

  test("[RCD10] a run or a segment that cannot begin is no run; recording goes on at the key frame that can", () => {
    const port = new Notes();
    const recording = new StreamRecording(1, port, new Chunks());
    recording.onFormat(FORMAT);
    port.begins = "nothing";
    for (let frame = 0; frame < 3; frame++) recording.onSample(sample(frame, frame === 0), 0);
    assert.equal(recording.inRun, false);
    port.begins = "runs";
    for (let frame = 3; frame < 6; frame++) recording.onSample(sample(frame, frame === 3), 0);
    assert.equal(recording.inRun, false);
    port.begins = "all";
    for (let frame = 6; frame < 9; frame++) recording.onSample(sample(frame, frame === 6), 0);
    recording.end("camera-closed");
    assert.deepEqual(port.lines, ["run 1000120", "end 1000120 disk-failed", "run 1000240", "segment 1000240 240", "fragment K3", "end 1000360 camera-closed"]);
  });

  test("[RCD6] a full queue ends the run as disk-slow; it goes on at the next key frame", () => {
    const port = new Notes();
    const recording = new StreamRecording(1, port, new Chunks());
    recording.onFormat(FORMAT);
    for (let frame = 0; frame < 10; frame++) recording.onSample(sample(frame, frame === 0), 0);
    port.takes = false;
    for (let frame = 10; frame < 25; frame++) recording.onSample(sample(frame, false), 0);
    port.takes = true;
    for (let frame = 25; frame < 30; frame++) recording.onSample(sample(frame, frame === 27), 0);
    recording.end("camera-closed");
    assert.deepEqual(port.lines, ["run 1000000", "segment 1000000 240", "end 1000000 disk-slow", "run 1001080", "segment 1001080 240", "fragment K3", "end 1001200 camera-closed"]);
  });

  test("[RCD10] a failed disk ends the run without another write", () => {
    const port = new Notes();
    const recording = new StreamRecording(1, port, new Chunks());
    recording.onFormat(FORMAT);
    for (let frame = 0; frame < 3; frame++) recording.onSample(sample(frame, frame === 0), 0);
    recording.abort("disk-failed");
    recording.end("camera-closed");
    assert.deepEqual(port.lines, ["run 1000000", "segment 1000000 240", "end 1000000 disk-failed"]);
  });

  test("no sample is lost or counted twice, whatever the pace and the key frames", () => {
    fc.assert(fc.property(fc.array(fc.record({ key: fc.boolean(), stepMs: fc.integer({ min: 1, max: 3_000 }) }), { minLength: 1, maxLength: 200 }), (frames) => {
      const port = new Notes();
      const recording = new StreamRecording(3, port, new Chunks());
      recording.onFormat(FORMAT);
      let at = 0;
      let wanted = 0;
      for (const [i, frame] of frames.entries()) {
        const made = sample(0, i === 0 || frame.key);
        made.decode90k = at * 90;
        made.wallMs = 1_000_000 + at;
        recording.onSample(made, made.wallMs);
        wanted++;
        at += frame.stepMs;
        recording.tick(1_000_000 + at);
      }
      recording.end("camera-closed");
      assert.equal(port.fragments.reduce((sum, facts) => sum + facts.frames, 0), wanted);
      for (const [i, facts] of port.fragments.entries()) if (i > 0) assert.ok(facts.start90k > port.fragments[i - 1]!.start90k);
    }));
  });
});
