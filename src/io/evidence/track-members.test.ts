// Sound and metadata in packages: byte for byte what was recorded within the pictures' time, a WAV that every player takes, and what the verification says of each. Rules: src/video/SPEC.md.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { decodeG711 } from "../../base/g711.ts";
import { MEMBERS, type Manifest, parseManifest } from "../../evidence/manifest.ts";
import { type Verdict, verifyPackage } from "../../evidence/verify.ts";
import { parseSoundFile } from "../../media/fmp4/sound-reading.ts";
import { walkTrackFile } from "../../media/fmp4/track-walk.ts";
import type { AudioTrack, SecondTrack } from "../../protocol/rtsp/media-tracks.ts";
import { TrackSample } from "../../video/ingest/track-ingest.ts";
import { MetadataWriter } from "../recorder/metadata-writer.ts";
import { trackFilePath } from "../recorder/segment-files.ts";
import { SoundWriter } from "../recorder/sound-writer.ts";
import { nodeTools, openPackage } from "./package-source.ts";
import { PackageRig, T0 } from "./testing/package-rig.ts";

const G711: AudioTrack = { kind: "audio", codec: "pcma", payloadType: 8, clockHz: 8_000, channels: 1, control: undefined };
const AAC: AudioTrack = { kind: "audio", codec: "aac", payloadType: 97, clockHz: 16_000, channels: 1, control: undefined, config: Uint8Array.of(0x14, 0x08), samplesPerFrame: 1_024 };
const METADATA: SecondTrack = { kind: "metadata", payloadType: 107, clockHz: 90_000, control: undefined };
const noFfmpeg = spawnSync("ffprobe", ["-version"]).status === 0 ? false : "no ffmpeg on this machine";

let rig: PackageRig;
function sampleOf(track: SecondTrack, atMs: number, bytes: Uint8Array): TrackSample {
  const sample = new TrackSample(track);
  sample.bytes = bytes;
  sample.end = bytes.length;
  sample.media90k = Math.round(atMs * 90);
  sample.wallMs = T0 + atMs;
  return sample;
}
const octetAt = (packet: number): number => (packet * 37) & 0xff;
/** Feeds a writer what a camera sends, each piece into the segment of its time. */
async function feed(cameraId: number, writer: SoundWriter | MetadataWriter, samples: readonly TrackSample[]): Promise<void> {
  for (const sample of samples) {
    const segment = rig.index.listSegments(cameraId, sample.wallMs, sample.wallMs).find(({ startMs, endMs }) => sample.wallMs >= startMs && sample.wallMs < endMs);
    writer.onSegment(segment?.segmentId);
    writer.onSample(sample);
  }
  writer.onSegment(undefined);
  await writer.idle();
}
const optionsOf = (cameraId: number) => ({ root: rig.root, index: rig.index, cameraId, onFailed: (error: Error) => { throw error; } });

// Camera 1: 130 s with G.711 in packets of 20 ms, of which those of second 20 are lost, and a document a second. Camera 2: AAC. Camera 3: nothing beside its pictures.
before(async () => {
  rig = await PackageRig.create();
  for (const cameraId of [1, 2, 3]) await rig.record(cameraId, T0, 130 * 25);
  const packets = Array.from({ length: 6_500 }, (_, i) => i).filter((i) => i < 1_000 || i >= 1_050);
  await feed(1, new SoundWriter(optionsOf(1)), packets.map((i) => sampleOf(G711, i * 20, new Uint8Array(160).fill(octetAt(i)))));
  await feed(1, new MetadataWriter(optionsOf(1)), Array.from({ length: 130 }, (_, i) => sampleOf(METADATA, i * 1_000 + 1, Buffer.from(`<tt:MetadataStream n="${i}"/>`))));
  await feed(2, new SoundWriter(optionsOf(2)), Array.from({ length: 2_000 }, (_, i) => sampleOf(AAC, i * 64, new Uint8Array(100 + (i % 9)).fill(i & 0xff))));
});
/** The packages that tests have opened. */
const opened: { close(): Promise<void> }[] = [];
async function openAt(path: string) {
  const found = await openPackage(path);
  assert.ok(found.ok, JSON.stringify(found));
  opened.push(found.value);
  return found.value;
}
after(async () => {
  await Promise.all(opened.map((each) => each.close()));
  await rig.close();
});

async function pack(exportId: number, cameraIds: readonly number[], may: { sound: boolean; metadata: boolean } = { sound: true, metadata: true }): Promise<{ manifest: Manifest; verdict: Verdict; read: (name: string) => Promise<Buffer>; folder: string }> {
  const order = rig.order(T0 + 10_000, T0 + 70_000, cameraIds, exportId);
  const zip = await rig.export({ ...order, cameras: order.cameras.map((camera) => ({ ...camera, ...may })) });
  const path = join(rig.root, `${exportId}.zip`);
  await writeFile(path, zip);
  const folder = join(rig.root, `unpacked-${exportId}`);
  const source = await openAt(path);
  const verdict = await verifyPackage(source, nodeTools, { knownKey: null });
  const read = async (name: string): Promise<Buffer> => {
    const member = source.members.get(name);
    assert.ok(member !== undefined, name);
    return Buffer.from(await member.read(0, member.size));
  };
  const parsed = parseManifest(String(await read(MEMBERS.manifest)));
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return { manifest: parsed.value, verdict, read, folder };
}

test("[EXP11] sound and metadata leave beside their pictures, byte for byte, with their hashes and where they came from; the verification counts them", async () => {
  const { manifest, verdict, read } = await pack(50, [1, 2, 3]);
  assert.deepEqual([verdict.grade, verdict.findings, verdict.sounds, verdict.metadata], ["whole-unknown-key", [], 2, 1]);
  const [one, two, three] = manifest.cameras.map(({ files }) => files[0]!);
  assert.deepEqual(one!.beside!.map(({ kind, name, codec }) => [kind, name, codec]), [["sound", "media/01-C-1-1.sound.mp4", "pcma"], ["sound-to-play", "media/01-C-1-1.sound.wav", null], ["metadata", "media/01-C-1-1.metadata.mp4", null]]);
  assert.deepEqual(two!.beside!.map(({ kind, codec }) => [kind, codec]), [["sound", "aac"]]);
  assert.equal("beside" in three!, false);
  for (const [cameraId, { kind, name, parts, initBytes, sha256, bytes }] of [...one!.beside!.filter(({ kind: of }) => of !== "sound-to-play").map((member) => [1, member] as const), [2, two!.beside![0]!] as const]) {
    const path = trackFilePath(kind as "sound" | "metadata");
    const stored = await Promise.all(parts.map(({ segmentId }) => readFile(path(rig.root, cameraId, segmentId))));
    const expected = Buffer.concat([stored[0]!.subarray(0, initBytes), ...parts.map(({ from, to }, i) => stored[i]!.subarray(from, to))]);
    const member = await read(name);
    assert.ok(expected.equals(member), name);
    assert.deepEqual([member.length, createHash("sha256").update(member).digest("hex")], [bytes, sha256]);
    assert.ok(parts.every(({ check, sha256: recorded }, i) => check === "match" && recorded === createHash("sha256").update(stored[i]!).digest("hex")));
    const times = walkTrackFile(member).fragments.map(({ wallMs }) => Math.round(wallMs - T0));
    assert.ok(times[0]! > 8_500 && times[0]! <= 10_100 && times.at(-1)! > 68_000 && times.at(-1)! < 70_000, `${name}: nothing from long before or after the pictures (${times[0]} to ${times.at(-1)})`);
  }
  const sound = parseSoundFile(await read("media/02-C-2-1.sound.mp4"));
  assert.ok(sound.ok && sound.value.format.codec === "aac" && sound.value.units.length > 900);
});

test("[EXP11] the WAV begins with the first picture, is as long as the pictures, holds the sound at its time within 40 ms and silence where it was lost", { skip: noFfmpeg }, async () => {
  const { manifest, read } = await pack(51, [1]);
  const [file] = manifest.cameras[0]!.files;
  const wav = await read("media/01-C-1-1.sound.wav");
  const path = join(rig.root, "sound.wav");
  await writeFile(path, wav);
  const { stdout } = spawnSync("ffprobe", ["-v", "error", "-show_entries", "stream=codec_name,sample_rate,channels,duration", "-of", "csv=p=0", path], { encoding: "utf8" });
  assert.equal(stdout.trim(), `pcm_s16le,8000,1,${((file!.end - file!.start) / 1_000).toFixed(6)}`);
  const sampleAt = (ms: number): number => wav.readInt16LE(44 + 2 * Math.round((ms - (file!.start - T0)) * 8));
  const valuesNear = (ms: number): number[] => [-2, -1, 0, 1, 2].map((packets) => decodeG711("pcma", octetAt(Math.floor(ms / 20) + packets)));
  for (const ms of [10_010, 15_010, 25_010, 40_010, 61_010, 69_970]) assert.ok(valuesNear(ms).includes(sampleAt(ms)), `at ${ms}: ${sampleAt(ms)}`);
  assert.deepEqual([20_100, 20_500, 20_900].map(sampleAt), [0, 0, 0]);
});

test("[EXP11] mp4box and ffmpeg take the files of sound", { skip: noFfmpeg }, async () => {
  const { read } = await pack(52, [1]);
  const path = join(rig.root, "sound.mp4");
  await writeFile(path, await read("media/01-C-1-1.sound.mp4"));
  const { stdout, stderr } = spawnSync("ffmpeg", ["-v", "error", "-i", path, "-f", "s16le", "-"], { maxBuffer: 1e8 });
  assert.deepEqual([String(stderr), Math.abs(stdout.length / 16_000 - 60) < 2.5], ["", true]);
});

test("[EXP11] where the register has no purpose for them, neither sound nor metadata leaves", async () => {
  const { manifest, verdict } = await pack(53, [1], { sound: false, metadata: true });
  assert.deepEqual(manifest.cameras[0]!.files[0]!.beside!.map(({ kind }) => kind), ["metadata"]);
  assert.deepEqual([verdict.sounds, verdict.metadata], [0, 1]);
});

test("[EXP11] a stored file of sound that changed is told, and one that is gone takes nothing of the pictures along", async () => {
  const [first, second] = rig.index.listSegments(1, T0 + 10_000, T0 + 70_000).map(({ segmentId }) => trackFilePath("sound")(rig.root, 1, segmentId));
  const [good, other] = [await readFile(first!), await readFile(second!)];
  const bad = Buffer.from(good);
  bad[bad.length - 9] = bad[bad.length - 9]! ^ 1;
  await writeFile(first!, bad);
  await rm(second!);
  const { verdict, manifest } = await pack(54, [1]);
  await Promise.all([writeFile(first!, good), writeFile(second!, other)]);
  assert.deepEqual([verdict.grade, verdict.findings.map(({ level, code }) => [level, code])], ["whole-unknown-key", [["remark", "source-mismatch"], ["remark", "source-missing"]]]);
  assert.equal(verdict.frames, manifest.cameras[0]!.files[0]!.frames);
});

test("[EXP11] sound or metadata that was destroyed on the disk is told, stretch by stretch, and what is whole leaves all the same", async () => {
  const segments = rig.index.listSegments(1, T0 + 10_000, T0 + 70_000).map(({ segmentId }) => segmentId);
  for (const [exportId, kind, destroy] of [[60, "sound", (bytes: Buffer) => bytes.fill(0)], [61, "sound", (bytes: Buffer) => bytes.fill(1, 3, 4)], [62, "metadata", (bytes: Buffer) => bytes.fill(0)]] as const) {
    const path = trackFilePath(kind)(rig.root, 1, segments[0]!);
    const good = await readFile(path);
    await writeFile(path, destroy(Buffer.from(good)));
    const { verdict, manifest } = await pack(exportId, [1]);
    await writeFile(path, good);
    const name = `media/01-C-1-1.${kind}.mp4`;
    assert.deepEqual([verdict.grade, verdict.findings.map(({ level, code, subject }) => [level, code, subject])], ["whole-unknown-key", [["remark", "source-mismatch", name], ["remark", "source-left-out", name]]]);
    const member = manifest.cameras[0]!.files[0]!.beside!.find((each) => each.name === name)!;
    assert.deepEqual(member.parts.map(({ segmentId, check, from, to }) => [segmentId, check, to > from]), segments.map((segmentId, i) => [segmentId, i === 0 ? "mismatch" : "match", i !== 0]));
    assert.ok(member.bytes > member.initBytes && member.initBytes > 0);
  }
  const paths = segments.map((segmentId) => trackFilePath("sound")(rig.root, 1, segmentId));
  const all = await Promise.all(paths.map((path) => readFile(path)));
  for (const [i, path] of paths.entries()) await writeFile(path, Buffer.alloc(all[i]!.length));
  const { verdict, manifest } = await pack(63, [1]);
  for (const [i, path] of paths.entries()) await writeFile(path, all[i]!);
  assert.deepEqual([verdict.grade, verdict.sounds, verdict.findings.map(({ code }) => code)], ["whole-unknown-key", 0, segments.flatMap(() => ["source-mismatch", "source-left-out"])]);
  assert.equal(manifest.cameras[0]!.files[0]!.beside![0]!.parts.length, segments.length);
});

test("[EXP11] a first file whose initialisation was changed does not cost the sound of the others", async () => {
  const [first] = rig.index.listSegments(1, T0 + 10_000, T0 + 70_000);
  const path = trackFilePath("sound")(rig.root, 1, first!.segmentId);
  const good = await readFile(path);
  const bad = Buffer.from(good);
  bad[walkTrackFile(good).initBytes - 1]! ^= 1;
  await writeFile(path, bad);
  const { manifest } = await pack(64, [1]);
  await writeFile(path, good);
  assert.deepEqual(manifest.cameras[0]!.files[0]!.beside![0]!.parts.map(({ check, from, to }) => [check, to > from]), [["mismatch", false], ["match", true]]);
});

test("[EXP11] of the minute that is being written the sound and metadata that are on the disk leave too, told as without a hash", async (t) => {
  await rig.record(4, T0, 40 * 25);
  const writers = [new SoundWriter(optionsOf(4)), new MetadataWriter(optionsOf(4))] as const;
  const [segment] = rig.index.listSegments(4, T0 + 30_000, T0 + 30_000);
  for (const writer of writers) writer.onSegment(segment!.segmentId);
  t.after(async () => {
    for (const writer of writers) {
      writer.onSegment(undefined);
      await writer.idle();
    }
    rig.wallMs = T0 + 3_600_000;
  });
  for (let i = 0; i < 2_000; i++) writers[0].onSample(sampleOf(G711, i * 20, new Uint8Array(160).fill(octetAt(i))));
  for (let i = 0; i < 40; i++) writers[1].onSample(sampleOf(METADATA, i * 1_000 + 1, Buffer.from(`<tt:MetadataStream n="${i}"/>`)));
  await Promise.all(writers.map((writer) => writer.idle()));
  rig.wallMs = T0 + 71_000;
  const { manifest, verdict, read } = await pack(65, [4]);
  const [file] = manifest.cameras[0]!.files;
  assert.deepEqual(file!.beside!.map(({ kind, parts }) => [kind, parts.map(({ segmentId, check, sha256 }) => [segmentId, check, sha256])]), [["sound", [[segment!.segmentId, "no-hash", null]]], ["sound-to-play", []], ["metadata", [[segment!.segmentId, "no-hash", null]]]]);
  assert.deepEqual([verdict.grade, verdict.findings.map(({ level, code, subject }) => [level, code, subject])], ["whole-unknown-key", [["remark", "source-no-hash", "media/01-C-4-1.sound.mp4"], ["remark", "source-no-hash", "media/01-C-4-1.metadata.mp4"]]]);
  const sound = parseSoundFile(await read("media/01-C-4-1.sound.mp4"));
  assert.ok(sound.ok);
  const last = sound.value.units.at(-1)!;
  assert.ok(last.wallMs - T0 > 37_000, "all but what still waits for its fragment");
  assert.equal(file!.beside![0]!.end, Math.round(last.wallMs + last.duration / 8));
  const wav = await read("media/01-C-4-1.sound.wav");
  assert.notEqual(wav.readInt16LE(44 + 2 * Math.round((37_500 - (file!.start - T0)) * 8)), 0);
});

test("[EXP6] [EXP11] a byte of sound that was changed after the signature is found and named", async () => {
  await pack(55, [1]);
  const source = await openAt(join(rig.root, "55.zip"));
  const name = "media/01-C-1-1.sound.wav";
  const wav = source.members.get(name)!;
  const bytes = await wav.read(0, wav.size);
  bytes[5_000] = bytes[5_000]! ^ 1;
  const members = new Map(source.members).set(name, { size: wav.size, read: async (at, length) => bytes.subarray(at, at + length) });
  const verdict = await verifyPackage({ members }, nodeTools, { knownKey: null });
  assert.deepEqual([verdict.grade, verdict.findings.map(({ code, subject }) => `${code} ${subject}`)], ["altered", [`file-changed ${name}`]]);
});
