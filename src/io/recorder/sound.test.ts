// Sound beside the pictures: files that others read, rows that go with their segment, and what a crash leaves. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, truncate, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { mutate } from "../../../tests/support/mutations.ts";
import { createRandom } from "../../base/random.ts";
import { parseSoundFile } from "../../media/fmp4/sound-reading.ts";
import { MP4BoxBuffer, createFile } from "mp4box";
import { MOST_SOUND_FILE_BYTES, encodeSoundFragment, encodeSoundInit } from "../../media/fmp4/sound.ts";
import type { AudioTrack } from "../../protocol/rtsp/media-tracks.ts";
import type { TrackSample } from "../../video/ingest/track-ingest.ts";
import { type Finding, checkRecordings } from "./check-recordings.ts";
import type { IndexStore } from "./index-store.ts";
import { repairRecordings } from "./repair.ts";
import { cameraFolder, removeFile, segmentPath, soundPath } from "./segment-files.ts";
import { listTrackFiles } from "./track-file-store.ts";
import { type TrackFileWorld, createTrackFileWorld, createTrackSample } from "./testing/track-file-world.ts";
import { T0 } from "./testing/worker-world.ts";
import { TrackFileBudget } from "./track-file-writer.ts";
import { SoundWriter } from "./sound-writer.ts";

const G711: AudioTrack = { kind: "audio", codec: "pcmu", payloadType: 0, clockHz: 8_000, channels: 1, control: undefined };
const AAC: AudioTrack = { kind: "audio", codec: "aac", payloadType: 97, clockHz: 16_000, channels: 1, control: undefined, config: Uint8Array.of(0x14, 0x08), samplesPerFrame: 1_024 };

let world: TrackFileWorld;
let root = "";
let index: IndexStore;
let segmentId = 0;
let failures: Error[] = [];
const createWriter = (cameraId = 1, budget?: TrackFileBudget): SoundWriter => new SoundWriter(world.optionsOf(cameraId, budget));

beforeEach(async () => {
  world = await createTrackFileWorld();
  ({ root, index, segmentId, failures } = world);
});
afterEach(() => world.close());

/** One unit, `at` in the track's clock. */
const sampleOf = (track: AudioTrack, at: number, bytes: Uint8Array): TrackSample => createTrackSample(track, Math.round((at * 90_000) / track.clockHz), T0 + (at * 1_000) / track.clockHz, bytes);
const probe = (args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync("ffprobe", ["-v", "error", ...args], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, "");
  return stdout.trim();
};
const noFfmpeg = spawnSync("ffprobe", ["-version"]).status === 0 ? false : "no ffmpeg on this machine";

/** Ten seconds of G.711 in packets of 20 ms, of which those in `lost` do not come. */
function writeG711(writer: SoundWriter, lost: ReadonlySet<number> = new Set()): void {
  for (let i = 0; i < 500; i++) if (!lost.has(i)) writer.onSample(sampleOf(G711, i * 160, new Uint8Array(160).fill(i & 0xff)));
}

test("[SND1] G.711 comes back byte for byte, and ffmpeg sees its codec, rate and length", { skip: noFfmpeg }, async () => {
  const writer = createWriter();
  writer.onSample(sampleOf(G711, 0, new Uint8Array(160))); // no segment of pictures yet
  writer.onSegment(segmentId);
  writeG711(writer);
  writer.onSegment(undefined);
  await writer.idle();
  const path = soundPath(root, 1, segmentId);
  assert.equal(probe(["-show_entries", "stream=codec_name,sample_rate,channels", "-of", "csv=p=0", path]), "pcm_mulaw,8000,1");
  const { stdout } = spawnSync("ffmpeg", ["-v", "error", "-i", path, "-f", "mulaw", "-c", "copy", "-"], { maxBuffer: 1e8 });
  assert.deepEqual(stdout, Buffer.concat(Array.from({ length: 500 }, (_, i) => Buffer.alloc(160, i & 0xff))));
  assert.deepEqual(listTrackFiles(index, "sound", 1, T0, T0 + 1).map(({ codec, startMs, endMs, bytes }) => [codec, startMs - T0, endMs - T0, bytes]), [["pcmu", 0, 10_000, (await readFile(path)).length]]);
  assert.deepEqual(failures, []);
});

test("[SND1] what was lost is a hole of its length, not a shift of what follows", { skip: noFfmpeg }, async () => {
  const writer = createWriter();
  writer.onSegment(segmentId);
  writeG711(writer, new Set(Array.from({ length: 100 }, (_, i) => 200 + i)));
  writer.onSegment(undefined);
  await writer.idle();
  const ends = probe(["-show_entries", "packet=pts,duration", "-of", "csv=p=0", soundPath(root, 1, segmentId)]).split("\n").map((line) => line.split(",").map(Number) as [number, number]);
  assert.equal(ends.reduce((sum, [, duration]) => sum + duration, 0), 400 * 160);
  const holes = ends.slice(1).flatMap(([pts], i) => (pts === ends[i]![0] + ends[i]![1] ? [] : [[ends[i]![0] + ends[i]![1], pts]]));
  assert.deepEqual(holes, [[200 * 160, 300 * 160]]);
});

test("[SND1] AAC frames keep their bytes, number and times, for ffmpeg and mp4box; each segment has its own file and goes on where the one before ended", { skip: noFfmpeg }, async () => {
  const { stdout: adts } = spawnSync("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=16000:duration=6", "-c:a", "aac", "-f", "adts", "-"], { maxBuffer: 1e8 });
  const frames: Uint8Array[] = [];
  for (let at = 0; at < adts.length;) {
    const size = ((adts[at + 3]! & 3) << 11) | (adts[at + 4]! << 3) | (adts[at + 5]! >> 5);
    frames.push(new Uint8Array(adts.subarray(at + 7, at + size)));
    at += size;
  }
  const second = index.insertSegment(1, index.insertRun(1, T0 + 4_000), T0 + 4_000, 0, "key");
  const writer = createWriter();
  writer.onSegment(segmentId);
  for (const [i, frame] of frames.entries()) {
    if (i === 60) writer.onSegment(second);
    writer.onSample(sampleOf(AAC, i * 1_024, frame));
  }
  writer.onSegment(undefined);
  await writer.idle();
  for (const [id, expected] of [[segmentId, frames.slice(0, 60)], [second, frames.slice(60)]] as const) {
    const path = soundPath(root, 1, id);
    assert.equal(probe(["-count_packets", "-show_entries", "stream=codec_name,profile,sample_rate,nb_read_packets", "-of", "csv=p=0", path]), `aac,LC,16000,${expected.length}`);
    const file = createFile();
    let codec = "";
    const data: Uint8Array[] = [];
    file.onReady = (info) => {
      codec = info.audioTracks[0]!.codec;
      file.setExtractionOptions(info.audioTracks[0]!.id, undefined, { nbSamples: 1 });
      file.start();
    };
    file.onSamples = (_id, _user, some) => data.push(...some.map((each) => each.data!));
    file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(Uint8Array.from(await readFile(path)).buffer, 0));
    file.flush();
    assert.equal(codec, "mp4a.40.2");
    assert.deepEqual(data.map((each) => Buffer.from(each)), expected.map((each) => Buffer.from(each)));
  }
  assert.equal(probe(["-show_entries", "packet=pts", "-of", "csv=p=0", soundPath(root, 1, second)]).split("\n")[0]!.replace(",", ""), String(60 * 1_024));
  const decoded = spawnSync("ffmpeg", ["-v", "error", "-i", soundPath(root, 1, segmentId), "-f", "s16le", "-"], { maxBuffer: 1e8 });
  assert.deepEqual([String(decoded.stderr), decoded.stdout.length], ["", 60 * 1_024 * 2]);
});

test("[SND6] a file of sound is read back unit by unit: every byte once, at its time; whatever is bent, nothing throws and no unit lies outside the file", async () => {
  const fragmentOf = (format: AudioTrack, sequence: number, at: number, units: readonly Uint8Array[]): Uint8Array => encodeSoundFragment(format, sequence, T0 + (at * 1_000) / format.clockHz, at, units);
  const unitsOf = (first: number): Uint8Array[] => [0, 1, 2].map((i) => new Uint8Array(30 + i).fill(first + i));
  const files = [G711, AAC].map((format) => Buffer.concat([encodeSoundInit(format), fragmentOf(format, 1, 0, unitsOf(1)), fragmentOf(format, 2, 16_000, unitsOf(4))]));
  for (const [i, format] of [G711, AAC].entries()) {
    const read = parseSoundFile(files[i]!);
    assert.ok(read.ok, JSON.stringify(read));
    const { kind: _kind, payloadType: _type, control: _control, ...facts } = format;
    assert.deepEqual(read.value.format, facts);
    assert.deepEqual(Buffer.concat(read.value.units.map(({ offset, bytes }) => files[i]!.subarray(offset, offset + bytes))), Buffer.concat([...unitsOf(1), ...unitsOf(4)]));
    const times = read.value.units.map(({ wallMs }) => Math.round(wallMs - T0));
    assert.deepEqual(times, format.codec === "aac" ? [0, 64, 128, 1_000, 1_064, 1_128] : [0, 2_000]);
  }
  const random = createRandom(6);
  for (let n = 0; n < 10_000; n++) {
    const bytes = mutate(random, files);
    const read = parseSoundFile(bytes);
    if (read.ok) assert.ok(read.value.units.every((unit) => unit.offset + unit.bytes <= bytes.length && unit.bytes >= 0), `input ${n}`);
  }
});

test("[SND2] sound goes with its segment: the file with the pictures' file, the row with the pictures' row, and its bytes count", async () => {
  const writer = createWriter();
  writer.onSegment(segmentId);
  writeG711(writer);
  writer.onSegment(undefined);
  await writer.idle();
  const { bytes } = listTrackFiles(index, "sound", 1, T0, T0 + 1)[0]!;
  assert.equal(index.sumBytes(), bytes);
  await removeFile(root, 1, segmentId);
  index.deleteSegmentRow(segmentId);
  assert.deepEqual([existsSync(soundPath(root, 1, segmentId)), listTrackFiles(index, "sound", 1, 0, T0 * 2), index.sumBytes()], [false, [], 0]);
});

test("[SND3] after a crash the whole fragments of what was being written are kept, and nothing is thrown away; sound of no segment is set aside; the check finds what differs", async () => {
  const writer = createWriter();
  writer.onSegment(segmentId);
  writeG711(writer);
  writer.onSegment(undefined);
  await writer.idle();
  const path = soundPath(root, 1, segmentId);
  const whole = await readFile(path);
  index.database.exec("DELETE FROM sound");
  await truncate(path, whole.length - 100);
  await writeFile(soundPath(root, 1, 999), whole);
  index.closeSegment(segmentId, { endMs: T0 + 10_000, bytes: 0, frames: 0, gops: [], sha256: null, activity: null } as never, "closed");
  const asides: (string | undefined)[] = [];
  await repairRecordings(root, index, ({ setAsideAs }) => asides.push(setAsideAs));
  assert.deepEqual(asides, ["set-aside/1/999.*"]);
  assert.deepEqual(await readFile(join(root, "set-aside", "1", "999.sound.mp4")), whole);
  const [sound] = listTrackFiles(index, "sound", 1, T0, T0 + 1);
  assert.deepEqual([sound?.codec, sound!.startMs - T0, sound!.endMs - T0, existsSync(soundPath(root, 1, 999))], [null, 0, 8_000, false], "its last second is lost");
  assert.ok(sound!.bytes < whole.length - 100);
  assert.deepEqual(await readFile(path), whole.subarray(0, whole.length - 100), "the piece behind its whole part stays");
  const soundFindings = async (): Promise<Finding[]> => (await checkRecordings(root, index, () => undefined)).findings.filter(({ detail }) => detail.startsWith("sound"));
  assert.deepEqual(await soundFindings(), []);
  await writeFile(soundPath(root, 1, 998), whole);
  assert.deepEqual((await soundFindings()).map((finding) => [finding.kind, finding.segmentId]), [["file-unknown", 998]], "[CHK1] sound without a row is told");
  await unlink(soundPath(root, 1, 998));
  const changed = await readFile(path);
  const type = changed.indexOf("prft", Math.floor(sound!.bytes / 2));
  await writeFile(path, changed.subarray(0, sound!.bytes).fill(0, type, type + 4));
  assert.deepEqual((await soundFindings()).map(({ kind }) => kind), ["torn"], "[CHK1] sound without a hash is walked");
  await truncate(path, 10);
  await writeFile(segmentPath(root, 1, segmentId), "");
  const report = await checkRecordings(root, index, () => undefined);
  assert.deepEqual(report.findings.filter(({ detail }) => detail.startsWith("sound")).map(({ kind, segmentId: id }) => [kind, id]), [["wrong-size", segmentId]]);
});

test("[SND3] a file of sound that a crash met at its beginning is removed; one that came to be unreadable is set aside", async () => {
  const begun = encodeSoundInit(G711);
  const fragment = encodeSoundFragment(G711, 1, T0, 0, [new Uint8Array(160)]);
  const files = [new Uint8Array(0), begun, Uint8Array.of(...begun, ...fragment.subarray(0, 100)), new TextEncoder().encode("changed")];
  await mkdir(join(root, "segments", "1"), { recursive: true });
  const ids = await Promise.all(files.map(async (bytes) => {
    const id = index.insertSegment(1, index.insertRun(1, T0), T0, 0, "key");
    index.closeSegment(id, { endMs: T0 + 1_000, bytes: 0, frames: 0, gops: [], sha256: null }, "closed");
    await writeFile(segmentPath(root, 1, id), "pictures");
    await writeFile(soundPath(root, 1, id), bytes);
    return id;
  }));
  const asides: (string | undefined)[] = [];
  const report = await repairRecordings(root, index, ({ setAsideAs }) => asides.push(setAsideAs));
  assert.deepEqual([report.trackFilesMended, report.filesUnread, asides.length], [0, 0, 1]);
  assert.deepEqual((await readdir(join(root, "segments", "1"))).filter((name) => name.includes("sound")), []);
  assert.deepEqual(await readdir(join(root, "set-aside", "1")), [`${ids.at(-1)}.sound.mp4`]);
});

test("[SND1] sound whose clock runs slow, or was set back, stays a fragment a second, each with its own wall time, and loses nothing", async () => {
  const writer = createWriter();
  writer.onSegment(segmentId);
  const atOf = (i: number): number => Math.round(i * 160 * 0.995) - (i < 4_000 ? 0 : 80_000);
  for (let i = 0; i < 6_000; i++) writer.onSample({ ...sampleOf(G711, atOf(i), new Uint8Array(160).fill(i & 0xff)), wallMs: T0 + i * 20 });
  writer.onSegment(undefined);
  await writer.idle();
  const bytes = await readFile(soundPath(root, 1, segmentId));
  const read = parseSoundFile(bytes);
  assert.ok(read.ok);
  const kept = Buffer.concat(read.value.units.map(({ offset, bytes: length }) => bytes.subarray(offset, offset + length)));
  assert.ok(kept.equals(Buffer.concat(Array.from({ length: 6_000 }, (_, i) => Buffer.alloc(160, i & 0xff)))), `${kept.length} bytes`);
  assert.ok(read.value.fragments.length <= 125, `${read.value.fragments.length} fragments in 120 s`);
  let unit = 0;
  for (const { wallMs, duration } of read.value.units) {
    assert.ok(Math.abs(wallMs - T0 - unit * 20) < 1, `unit ${unit} at ${wallMs - T0}`);
    unit += duration / 160;
  }
});

test("[SND1] a camera that sends sound without measure is cut short for the segment, which is told once, and goes on in the next; what is kept can be read", async () => {
  const writer = createWriter();
  const second = index.insertSegment(1, index.insertRun(1, T0 + 4_000), T0 + 4_000, 0, "key");
  writer.onSegment(segmentId);
  const large = new Uint8Array(480_000);
  for (let i = 0; i < 40; i++) {
    writer.onSample(sampleOf(G711, i * large.length, large));
    await writer.idle();
  }
  writer.onSegment(second);
  writer.onSample(sampleOf(G711, 40 * large.length, new Uint8Array(160)));
  writer.onSegment(undefined);
  await writer.idle();
  assert.equal(failures.length, 1);
  const bytes = await readFile(soundPath(root, 1, segmentId));
  assert.ok(bytes.length <= MOST_SOUND_FILE_BYTES && bytes.length > MOST_SOUND_FILE_BYTES - large.length - 10_000, String(bytes.length));
  const read = parseSoundFile(bytes);
  assert.ok(read.ok && read.value.units.length === 33);
  assert.equal(listTrackFiles(index, "sound", 1, 0, T0 * 2).length, 2);
});

test("[SND4] the sound of all cameras together waits for the disk in so much memory and no more, and all of it is given back", async () => {
  const budget = new TrackFileBudget(20_000);
  const writers = [1, 2, 3, 4].map((cameraId) => createWriter(cameraId, budget));
  let most = 0;
  for (const [i, writer] of writers.entries()) {
    writer.onSegment(index.insertSegment(i + 1, index.insertRun(i + 1, T0), T0, 0, "key"));
    for (let at = 0; at < 500; at++) { // within one turn: the disk has taken nothing yet
      writer.onSample(sampleOf(G711, at * 160, new Uint8Array(160)));
      most = Math.max(most, budget.used);
    }
  }
  assert.ok(most > 20_000 && most < 20_000 + 10_000, `${most} bytes waited`);
  for (const writer of writers) writer.onSegment(undefined);
  await Promise.all(writers.map((writer) => writer.idle()));
  assert.deepEqual([budget.used, failures], [0, []]);
});

test("[SND3] sound that a crash left without one whole fragment is set aside, and the pictures beside it stay", async () => {
  index.closeSegment(segmentId, { endMs: T0 + 10_000, bytes: 8, frames: 0, gops: [], sha256: null }, "closed");
  await mkdir(cameraFolder(root, 1), { recursive: true });
  await writeFile(segmentPath(root, 1, segmentId), "pictures");
  await writeFile(soundPath(root, 1, segmentId), "no boxes at all");
  await repairRecordings(root, index, () => undefined);
  assert.equal(await readFile(segmentPath(root, 1, segmentId), "utf8"), "pictures");
  assert.ok(existsSync(join(root, "set-aside", "1", `${segmentId}.sound.mp4`)));
});

test("[SND2] a row that the index could not take is made with the next; sound of a segment that came to nothing goes", async () => {
  const ids = [segmentId, index.insertSegment(1, 1, T0 + 10_000, 0, "key"), index.insertSegment(1, 1, T0 + 20_000, 0, "key")];
  const writer = createWriter();
  for (const [i, id] of ids.entries()) {
    writer.onSegment(id);
    writeG711(writer);
    if (i === 0) index.database.exec("PRAGMA query_only = ON"); // as on a full disk
    if (i === 1) {
      index.database.exec("PRAGMA query_only = OFF");
      index.deleteSegmentRow(id);
    }
    writer.onSegment(undefined);
    await writer.idle();
  }
  assert.deepEqual(listTrackFiles(index, "sound", 1, 0, T0 * 2).map((sound) => sound.segmentId).toSorted(), [ids[0], ids[2]]);
  assert.deepEqual(ids.map((id) => existsSync(soundPath(root, 1, id))), [true, false, true]);
  assert.equal(failures.length, 1);
});

test("[SND1] a disk that takes no sound costs that file only, and is told once", async () => {
  const writer = createWriter();
  await writeFile(join(root, "segments"), "no folder");
  writer.onSegment(segmentId);
  writeG711(writer);
  writer.onSegment(undefined);
  await writer.idle();
  assert.deepEqual([failures.length, listTrackFiles(index, "sound", 1, 0, T0 * 2)], [1, []]);
});
