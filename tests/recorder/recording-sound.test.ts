// The sound in one MP4 of a range, read by readers that we did not write: mp4box, ffmpeg and Chromium. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { decodeG711 } from "../../src/base/g711.ts";
import { findBoxHeader } from "../../src/media/fmp4/reading.ts";
import { segmentPath, soundPath } from "../../src/io/recorder/segment-files.ts";
import type { AudioTrack } from "../../src/protocol/rtsp/media-tracks.ts";
import { launchBrowser } from "../support/browser.ts";
import { type StoredSound, TestArchive, readAnnexBClip } from "./archive.ts";
import { PlaybackServer } from "./playback-server.ts";
import { type ReadBack, findWithMp4box, readWithMp4box } from "./read-movie.ts";

const T0 = 1_790_000_000_000;
const clip = readAnnexBClip(new URL("../../src/sim/assets/square-normal.h264", import.meta.url));
const G711: AudioTrack = { kind: "audio", codec: "pcmu", payloadType: 0, clockHz: 8_000, channels: 1, control: undefined };
const AAC: AudioTrack = { kind: "audio", codec: "aac", payloadType: 97, clockHz: 16_000, channels: 1, control: undefined, config: Uint8Array.of(0x14, 0x08), samplesPerFrame: 1_024 };
const UNIT = 160; // 20 ms
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SILENT = 0xff;
/** Each unit tells its number: two octets, over and over. Neither is silence. */
const unitAt = (i: number): Uint8Array => new Uint8Array(UNIT).map((_, at) => (at % 2 === 0 ? (i >> 7) & 0x7f : i & 0x7f));
const numbered: StoredSound = { track: G711, unitDuration: UNIT, unitAt };
const lost = (from: number, to: number): StoredSound => ({ ...numbered, unitAt: (i) => (i >= from && i < to ? undefined : unitAt(i)) });
const noFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0 ? false : "no ffmpeg on this machine";

describe("the sound in one MP4 of a range", () => {
  let archive: TestArchive;
  let server: PlaybackServer;
  before(async () => {
    archive = await TestArchive.create();
    await archive.record(1, clip, T0, 4_000, "camera-closed", numbered); // 160 s, three segments
    await archive.record(2, clip, T0, 250, "camera-closed", { ...lost(200, 300), delayMs: 300 }); // 10 s of which 2 s of sound are lost; then 20 s nothing, and 10 s
    await archive.record(2, clip, T0 + 30_000, 250, "camera-closed", { ...numbered, delayMs: 80 });
    await archive.record(3, clip, T0, 250);
    await archive.record(4, clip, T0, 2_500, "camera-closed", { ...numbered, delayMs: 330 });
    for (const at of [0, 14 * HOUR_MS]) await archive.record(5, clip, T0 + at, 50, "camera-closed", numbered);
    server = new PlaybackServer(archive, () => T0 + 2 * DAY_MS);
    await server.start();
  });
  after(async () => {
    await server?.stop();
    await archive?.remove();
  });

  const path = (cameraId: number, from: number, to: number): string => `/v1/cameras/${cameraId}/recording.mp4?from=${T0 + from}&to=${T0 + to}`;
  const fetchMovie = async (cameraId: number, from: number, to: number, sound = true): Promise<Buffer> => {
    const answer = await server.get(path(cameraId, from, to), { cameraId, sound });
    assert.equal(answer.status, 200, await answer.clone().text());
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.equal(Number(answer.headers.get("content-length")), bytes.length);
    return bytes;
  };
  /** The track from its first sample to its last, as a player plays it: end to end. */
  const listen = (bytes: Uint8Array): { readonly startMs: number; readonly octets: Buffer; readonly track: ReadBack } => {
    const track = findWithMp4box(bytes, "audio") ?? assert.fail("no sound");
    for (const [i, { dts }] of track.samples.entries()) if (i > 0) assert.equal(dts, track.samples[i - 1]!.dts + track.samples[i - 1]!.duration, `sample ${i} begins where the one before ends`);
    for (const { data, duration } of track.samples) assert.equal(data.length, duration, "as long as its octets");
    return { startMs: (track.samples[0]!.dts * 1_000) / track.timescale, octets: Buffer.concat(track.samples.map(({ data }) => data)), track };
  };

  test("[PLY16] every unit that was sent, in order and once, over rotations of the segments, with the pictures as without it", async () => {
    const bytes = await fetchMovie(1, 0, 160_000);
    const { startMs, octets, track } = listen(bytes);
    assert.deepEqual([startMs, track.codec, track.timescale], [0, "ulaw", 8_000]);
    assert.ok(octets.equals(Buffer.concat(Array.from({ length: 8_000 }, (_, i) => unitAt(i)))), `${octets.length} octets`);
    const silent = await fetchMovie(1, 0, 160_000, false);
    const [seen, before] = [readWithMp4box(bytes), readWithMp4box(silent)];
    assert.deepEqual(seen.samples.map(({ data: _data, ...facts }) => facts), before.samples.map(({ data: _data, ...facts }) => facts));
    seen.samples.forEach((sample, i) => assert.ok(Buffer.from(sample.data).equals(before.samples[i]!.data), `picture ${i}`));
    assert.equal(seen.durationMs, 160_000);
  });

  test("[PLY16] no token to hear, or nothing heard in the range: no track; the answer says which", async () => {
    assert.equal(findWithMp4box(await fetchMovie(1, 0, 10_000, false), "audio"), undefined);
    assert.equal(findWithMp4box(await fetchMovie(3, 0, 10_000), "audio"), undefined);
    const told = async (cameraId: number, sound: boolean): Promise<string | null> => (await server.get(path(cameraId, 0, 5_000), { cameraId, sound })).headers.get("x-citywatch-sound");
    assert.deepEqual([await told(1, true), await told(1, false), await told(3, true)], ["pcmu", null, "none"]);
  });

  test("[PLY16] hours without pictures do not become hours of silence to fetch: such a range has no track, and says so; a day with sound is the most", async () => {
    const answer = await server.get(path(5, 0, 20 * HOUR_MS), { cameraId: 5, sound: true });
    assert.deepEqual([answer.status, answer.headers.get("x-citywatch-sound")], [200, "none"]);
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.ok(bytes.length < 10_000_000, `${bytes.length} bytes`);
    assert.equal(findWithMp4box(bytes, "video")?.samples.length, 100);
    const refused = await server.get(path(5, 0, DAY_MS + 1_000), { cameraId: 5, sound: true });
    assert.deepEqual([refused.status, (await refused.text()).includes("with sound")], [400, true]);
  });

  test("[PLY16] of a range in the midst: what was sent with its pictures, and what began before them is cut by the edit of both tracks", async () => {
    for (const [cameraId, delayMs, from] of [[1, 0, 57_480], [1, 0, 61_990], [1, 0, 90_007], [4, 330, 57_310], [4, 330, 61_990], [4, 330, 90_007]] as const) {
      const bytes = await fetchMovie(cameraId, from, from + 5_500);
      const { startMs, octets } = listen(bytes);
      const pictures = readWithMp4box(bytes);
      const firstPictureMs = Math.floor(from / 1_000) * 1_000; // a key frame each second
      const pictureAt = pictures.samples[0]!.dts / 90;
      // The number of the unit that sounds with the first picture.
      const at = Math.round((pictureAt - startMs) * 8);
      const number = (octets[at - (at % UNIT)]! << 7) | octets[at - (at % UNIT) + 1]!;
      assert.ok(Math.abs(number * 20 + delayMs - firstPictureMs) <= 40, `camera ${cameraId}: unit ${number} with the picture of ${firstPictureMs} ms`);
      assert.equal(pictures.durationMs, Math.ceil((from + 5_500) / 1_000) * 1_000 - from, "it begins at the asked moment");
      assert.ok(startMs <= pictureAt + from - firstPictureMs + 1, "no sound is missing at the asked moment");
    }
  });

  test("[PLY16] time without sound is silence of its length, also where no pictures are: what follows is in step within 40 ms", async () => {
    const { startMs, octets } = listen(await fetchMovie(2, 0, 60_000));
    assert.equal(startMs, 0);
    const at = (ms: number): number => octets[ms * 8]!;
    const unitsFrom = (first: number, beginMs: number, count: number): void => {
      for (let i = 0; i < count; i++) {
        const ms = beginMs + i * 20 + 10;
        const around = [-35, 0, 35].map((off) => octets.subarray((ms + off) * 8, (ms + off) * 8 + UNIT).includes((first + i) & 0x7f));
        assert.ok(around.includes(true), `unit ${first + i} at ${ms} ms`);
      }
    };
    for (const ms of [0, 150, 290]) assert.equal(at(ms), SILENT, `before it began, at ${ms} ms`);
    unitsFrom(0, 300, 199);
    for (const ms of [4_400, 5_000, 6_200]) assert.equal(at(ms), SILENT, `what was lost, at ${ms} ms`);
    unitsFrom(300, 6_300, 180);
    for (const ms of [10_100, 20_000, 29_900]) assert.equal(at(ms), SILENT, `without pictures, at ${ms} ms`);
    unitsFrom(0, 30_080, 480);
    assert.ok(octets.length / 8 >= 39_950, "to the end");
  });

  test("[PLY13] [PLY16] any part of it by Range is that part; with and without sound are two files", async () => {
    const url = path(2, 3_300, 60_000);
    const claims = { cameraId: 2, sound: true } as const;
    const whole = await fetchMovie(2, 3_300, 60_000);
    const tag = (await server.get(url, claims)).headers.get("etag")!;
    assert.notEqual((await server.get(url, { cameraId: 2 })).headers.get("etag"), tag);
    await fc.assert(fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(60_000), async (start, size) => {
      const end = Math.min(whole.length, start + size + 1);
      const answer = await server.get(url, claims, { range: `bytes=${start}-${end - 1}`, "if-range": tag });
      assert.equal(answer.headers.get("content-range"), `bytes ${start}-${end - 1}/${whole.length}`);
      assert.ok(Buffer.from(await answer.arrayBuffer()).equals(whole.subarray(start, end)), `${start} to ${end}`);
    }), { numRuns: 200 });
  });

  test("[VIEW12] [SND6] sound that goes out is told as served, also where nobody takes the pictures beside it; silence tells nothing", async () => {
    const whole = await fetchMovie(2, 0, 60_000);
    const viewId = 7_001;
    for (let at = 0; at < whole.length; ) {
      const moof = findBoxHeader(whole, at)!;
      at += moof.size;
      const trackId = moof.type === "moof" ? whole.readUInt32BE(at - moof.size + 44) : 0; // moof, mfhd, traf, tfhd
      if (trackId !== 2) continue;
      const mdat = findBoxHeader(whole, at)!;
      const answer = await server.get(path(2, 0, 60_000), { cameraId: 2, viewId, sound: true }, { range: `bytes=${at}-${at + mdat.size - 1}` });
      assert.ok(Buffer.from(await answer.arrayBuffer()).equals(whole.subarray(at, at + mdat.size)));
      at += mdat.size;
    }
    const told = server.served.listUntold(0, "all").find((look) => look.viewId === viewId)?.served ?? assert.fail("nothing is told");
    // Units 0 to 199 from 300 ms on, and after 2 s that were lost the rest of the 10 s; 10 s again at 30 s.
    assert.deepEqual(told.map(({ from, to }) => [from - T0, to - T0]), [[300, 10_000], [30_080, 40_000]]);
  });

  test("[PLY16] what is being written is in it as far as it is on disk; sound that is gone costs its own minute", async () => {
    await archive.record(7, clip, T0, 2_000, null, numbered);
    const { octets } = listen(await fetchMovie(7, 0, 80_000));
    assert.ok(octets.subarray(0, 78 * 8_000).equals(Buffer.concat(Array.from({ length: 78 * 50 }, (_, i) => unitAt(i)))));
    await archive.record(8, clip, T0, 4_000, "camera-closed", numbered);
    const [, second] = archive.index.listSegments(8, T0, T0 + 200_000);
    await rm(soundPath(archive.root, 8, second!.segmentId));
    const heard = listen(await fetchMovie(8, 0, 160_000)).octets;
    const hole = second!.startMs - T0;
    assert.ok(heard.subarray(0, (hole - 1_100) * 8).equals(Buffer.concat(Array.from({ length: 8_000 }, (_, i) => unitAt(i))).subarray(0, (hole - 1_100) * 8)));
    assert.deepEqual([heard[(hole + 5_000) * 8], heard.length], [SILENT, 160 * 8_000]);
  });

  /** What of a body comes before it breaks off. */
  const readBroken = async (answer: Response): Promise<number> => {
    let got = 0;
    try {
      for await (const part of answer.body!) got += part.length;
    } catch {
      return got;
    }
    return assert.fail(`all ${got} bytes came`);
  };

  test("[PLY13] a lost or torn file of pictures costs a movie with sound what it costs one without: the body ends at that piece", async () => {
    for (const [cameraId, harm] of [[12, "lost"], [13, "torn"]] as const) {
      await archive.record(cameraId, clip, T0, 6_000, "camera-closed", numbered); // 240 s
      const segments = archive.index.listSegments(cameraId, T0, T0 + 300_000);
      const hurt = segments[2]!; // in the midst of its run
      const file = segmentPath(archive.root, cameraId, hurt.segmentId);
      if (harm === "lost") await rm(file);
      else await truncate(file, 10_000);
      const got: number[] = [];
      for (const sound of [false, true]) {
        const answer = await server.get(path(cameraId, 0, 240_000), { cameraId, sound });
        assert.equal(answer.status, 200);
        got.push(await readBroken(answer));
      }
      const before = segments.slice(0, 2).reduce((sum, { bytes }) => sum + bytes, 0);
      for (const bytes of got) assert.ok(bytes > before * 0.95 && bytes < before + 2_000_000, `${harm}: ${got} of which ${before} stand before it`);
      assert.ok(got[1]! > got[0]!, "and the sound of what is before it");
    }
  });

  test("[PLY13] pictures that cannot be read at a range's front are left out, and those behind them come, with sound and without; where none can be read the answer says that, and not that nothing was recorded", async () => {
    await archive.record(14, clip, T0, 4_000, "camera-closed", numbered);
    const segments = archive.index.listSegments(14, T0, T0 + 300_000);
    await rm(segmentPath(archive.root, 14, segments[0]!.segmentId));
    for (const sound of [false, true]) {
      const answer = await server.get(path(14, 0, 160_000), { cameraId: 14, sound });
      const bytes = Buffer.from(await answer.arrayBuffer());
      assert.deepEqual([answer.status, answer.headers.get("x-citywatch-first-picture")], [200, String(Math.round(segments[1]!.startMs))]);
      assert.equal(readWithMp4box(bytes).samples.length, 4_000 - segments[0]!.frames);
    }
    for (const { segmentId } of segments.slice(1)) await rm(segmentPath(archive.root, 14, segmentId));
    const answer = await server.get(path(14, 0, 159_000), { cameraId: 14, sound: true });
    assert.deepEqual([answer.status, ((await answer.json()) as { rule: string }).rule], [410, "unreadable"]);
    assert.equal((await server.get(path(14, 200_000, 210_000), { cameraId: 14, sound: true })).status, 404, "nothing was recorded");
  });

  test("[PLY13] the front of a later run that cannot be read ends the body there, and a part behind it can still be had", async () => {
    await archive.record(15, clip, T0, 250, "camera-closed", numbered);
    await archive.record(15, clip, T0 + 30_000, 4_000, "camera-closed", numbered);
    const [first, second] = archive.index.listSegments(15, T0, T0 + 300_000);
    const whole = await fetchMovie(15, 0, 180_000);
    await rm(segmentPath(archive.root, 15, second!.segmentId));
    const answer = await server.get(path(15, 0, 179_999), { cameraId: 15, sound: true });
    const got = await readBroken(answer);
    assert.ok(answer.status === 200 && got > first!.bytes * 0.95 && got < first!.bytes + 2_000_000, `${answer.status}, ${got} of ${first!.bytes}`);
    const end = await server.get(path(15, 0, 179_999), { cameraId: 15, sound: true }, { range: "bytes=-50000" });
    assert.ok(Buffer.from(await end.arrayBuffer()).equals(whole.subarray(-50_000)));
  });

  test("[PLY16] sound that was destroyed is told as that, and how much of it; what was lost on its way here is not", async () => {
    const told = async (cameraId: number, from: number, to: number): Promise<(string | null)[]> => {
      const { headers } = await server.get(path(cameraId, from, to), { cameraId, sound: true }, { range: "bytes=0-0" });
      return ["x-citywatch-sound", "x-citywatch-sound-missing", "x-citywatch-no-sound"].map((name) => headers.get(name));
    };
    assert.deepEqual(await told(2, 0, 40_000), ["pcmu", "0", null], "2 s were lost on their way");
    assert.deepEqual([await told(3, 0, 5_000), await told(5, 0, 20 * HOUR_MS)], [["none", "0", "not-recorded"], ["none", "0", "hours-without-pictures"]]);
    await archive.record(16, clip, T0, 4_000, "camera-closed", numbered);
    const segments = archive.index.listSegments(16, T0, T0 + 300_000);
    const zero = async (segmentId: number, from: number): Promise<void> => {
      const file = soundPath(archive.root, 16, segmentId);
      await writeFile(file, (await readFile(file)).fill(0, from));
    };
    const { size } = await stat(soundPath(archive.root, 16, segments[0]!.segmentId));
    await zero(segments[0]!.segmentId, Math.round(size / 2));
    const [, half] = await told(16, 0, 160_000);
    const length = segments[0]!.endMs - segments[0]!.startMs;
    assert.ok(Math.abs(Number(half) - length / 2) < 2_000, `${half} of ${length} ms`);
    assert.deepEqual(await told(16, 0, 10_000), ["pcmu", "0", null], "what is asked for is whole");
    for (const { segmentId } of segments) await zero(segmentId, 0);
    assert.deepEqual(await told(16, 0, 159_990), ["none", "159990", "unreadable"]);
    for (const { segmentId } of segments) await rm(soundPath(archive.root, 16, segmentId));
    assert.deepEqual(await told(16, 0, 159_980), ["none", "159980", "unreadable"]);
  });

  test("[PLY16] ffmpeg decodes G.711 and AAC, silence and all, in step: a tone begins in the second that it was sent in", { skip: noFfmpeg }, async () => {
    const tones = spawnSync("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "aevalsrc='if(gte(t,4),0.5*sin(880*PI*t),0)':s=16000:d=8", "-c:a", "aac", "-f", "adts", "-"], { maxBuffer: 1e8 }).stdout;
    const frames: Uint8Array[] = [];
    for (let at = 0; at < tones.length; ) {
      const size = ((tones[at + 3]! & 3) << 11) | (tones[at + 4]! << 3) | (tones[at + 5]! >> 5);
      frames.push(new Uint8Array(tones.subarray(at + 7, at + size)));
      at += size;
    }
    // 8 s of which the tone is 4 to 8, nothing for 12 s, and the same again: tones at 4 to 8 and 24 to 28.
    const aac: StoredSound = { track: AAC, unitDuration: 1_024, unitAt: (i) => frames[i] };
    for (const at of [T0, T0 + 20_000]) await archive.record(9, clip, at, 200, "camera-closed", aac);
    const loud = (i: number): Uint8Array => new Uint8Array(UNIT).fill(SILENT).map((_, at) => (i >= 200 && i < 400 ? (at % 20 < 10 ? 0x90 : 0x10) : SILENT));
    for (const at of [T0, T0 + 20_000]) await archive.record(10, clip, at, 200, "camera-closed", { ...numbered, unitAt: loud });
    assert.ok(Math.abs(decodeG711("pcmu", 0x90)) > 8_000);
    for (const [cameraId, codec, clockHz] of [[9, "aac", 16_000], [10, "pcm_mulaw", 8_000]] as const) {
      const file = join(archive.root, `${codec}.mp4`);
      await writeFile(file, await fetchMovie(cameraId, 0, 60_000));
      const told = execFileSync("ffprobe", ["-v", "error", "-count_frames", "-show_entries", "stream=codec_name,nb_read_frames", "-of", "csv=p=0", file], { encoding: "utf8" });
      assert.match(told, new RegExp(`^h264,400\n${codec},`));
      // End to end, as a browser plays it: no -af aresample, so times between count for nothing.
      const { stdout, stderr } = spawnSync("ffmpeg", ["-v", "error", "-xerror", "-i", file, "-map", "0:a", "-f", "s16le", "-"], { maxBuffer: 1e9 });
      assert.equal(String(stderr), "");
      const level = (seconds: number): number => {
        let most = 0;
        for (let i = 0; i < clockHz / 50; i++) most = Math.max(most, Math.abs(stdout.readInt16LE(2 * (Math.round(seconds * clockHz) + i))));
        return most;
      };
      const edges: number[] = [];
      for (let at = 0, on = false; at < 27.9; at += 0.02) if (level(at) > 3_000 !== on) {
        on = !on;
        edges.push(at);
      }
      const expected = [4, 8, 24, 28].slice(0, edges.length);
      assert.ok(edges.length >= 3, `${codec}: ${edges}`);
      // ffmpeg's encoder sends its first frame 1,024 instants before the sound begins: 64 ms at 16 kHz.
      edges.forEach((at, i) => assert.ok(Math.abs(at - expected[i]! - (codec === "aac" ? 0.064 : 0)) <= 0.06, `${codec}: ${edges}`));
    }
  });

  test("[PLY16] Chromium plays both, and what stands behind a hole is heard with its own pictures; after a seek too", async () => {
    // Loud from 4 s to 8 s of each run; 8 s, nothing for 12 s, and 8 s again. A browser that played the sound without its silence would be loud at 12 s.
    const loud = (i: number): Uint8Array => new Uint8Array(UNIT).fill(SILENT).map((_, at) => (i >= 200 && i < 400 ? (at % 20 < 10 ? 0x90 : 0x10) : SILENT));
    for (const at of [T0, T0 + 20_000]) await archive.record(11, clip, at, 200, "camera-closed", { ...numbered, unitAt: loud });
    const movie = await fetchMovie(11, 0, 60_000);
    const aac = noFfmpeg === false ? await fetchMovie(9, 0, 60_000) : undefined; // loud from 4 s on
    const files = createServer((message, answer) => {
      const bytes = message.url === "/g711.mp4" ? movie : message.url === "/aac.mp4" ? aac : undefined;
      if (bytes === undefined) return void answer.setHeader("content-type", "text/html").end("<video></video>");
      const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(message.headers.range ?? "bytes=0-")!;
      const [start, end] = [Number(first), last === "" ? bytes.length : Number(last) + 1];
      answer.writeHead(206, { "content-type": "video/mp4", "accept-ranges": "bytes", "content-length": end - start, "content-range": `bytes ${start}-${end - 1}/${bytes.length}` }).end(bytes.subarray(start, end));
    });
    await new Promise<void>((resolve) => files.listen(0, "127.0.0.1", resolve));
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(files.address() as AddressInfo).port}/`);
      /** Where in the movie it is loud, looked at each 20 ms from `from` on until it has become quiet again or the movie ends. Runs in the page. */
      const listenFrom = (file: string, from: number): Promise<{ loud: number[]; audioBytes: number }> => page.evaluate(`(async () => {
        const video = document.querySelector("video").cloneNode();
        document.body.replaceChildren(video);
        const context = new AudioContext();
        const analyser = context.createAnalyser();
        context.createMediaElementSource(video).connect(analyser);
        analyser.connect(context.destination);
        const values = new Float32Array(512);
        const loud = [];
        video.src = "/${file}";
        video.currentTime = ${from};
        const over = new Promise((resolve, reject) => { video.onended = resolve; video.onerror = () => reject(new Error(video.error.message)); });
        const timer = setInterval(() => {
          analyser.getFloatTimeDomainData(values);
          if (Math.max(...values.map(Math.abs)) > 0.05) loud.push(video.currentTime);
        }, 20);
        await video.play();
        await over;
        clearInterval(timer);
        return { loud, audioBytes: video.webkitAudioDecodedByteCount };
      })()`);
      // A busy machine looks late, never early; half a second is a sound's way through the browser.
      const g711 = await listenFrom("g711.mp4", 3);
      const heard = (from: number, to: number, all: readonly number[]): number => all.filter((at) => at >= from && at < to).length;
      assert.ok(g711.audioBytes > 0 && heard(3.9, 8.6, g711.loud) > 0 && heard(23.9, 28.6, g711.loud) > 0, String(g711.loud));
      assert.equal(heard(9, 23.5, g711.loud), 0, `loud in the hole: ${g711.loud}`);
      const sought = await listenFrom("g711.mp4", 20);
      assert.ok(heard(23.9, 28.6, sought.loud) > 0 && heard(20, 23.5, sought.loud) === 0, String(sought.loud));
      if (aac === undefined) return;
      const tone = await listenFrom("aac.mp4", 19);
      assert.ok(heard(23.9, 28.6, tone.loud) > 0 && heard(19, 23.5, tone.loud) === 0, String(tone.loud));
    } finally {
      await browser.close();
      files.closeAllConnections();
      files.close();
    }
  });
});
