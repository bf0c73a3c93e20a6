// One MP4 of any range, read by readers that we did not write: mp4box, ffprobe and Chromium. The pictures carry their number, so that what is shown can be told from
// what should be. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { type IncomingMessage, createServer, request as httpRequest } from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { KeyFrameReader } from "../../src/contract/key-frames.ts";
import type { ViewClaims } from "../../src/contract/media.ts";
import { segmentPath } from "../../src/io/recorder/segment-files.ts";
import { launchBrowser } from "../support/browser.ts";
import { type StoredClip, TestArchive, readAnnexBClip, readMp4Clip } from "./archive.ts";
import { PlaybackServer } from "./playback-server.ts";
import { readWithMp4box } from "./read-movie.ts";
import { CONSOLE_ORIGIN, until } from "./test-centre.ts";

const T0 = 1_790_000_000_000;
const SECOND = 1_000;
const clip = readAnnexBClip(new URL("../../src/sim/assets/square-normal.h264", import.meta.url));
const large: StoredClip = { ...clip, samples: clip.samples.slice(0, 50).map((sample) => ({ ...sample, bytes: new Uint8Array(20_000) })) }; // not to be decoded

function findMissing(): string | false {
  try {
    execFileSync("ffmpeg", ["-version"], { stdio: "ignore" });
    return false;
  } catch {
    return "ffmpeg is not here";
  }
}

/** Pictures with B pictures and a key frame every 2 s, each with its number in grey: 13 steps by 16 on the left, the sixteens on the right. */
async function makeNumbered(folder: string, codec: "libx264" | "libx265"): Promise<StoredClip> {
  const file = join(folder, `${codec}.mp4`);
  const source = "nullsrc=s=128x64:r=25:d=20,geq=lum='if(lt(X,64),16+13*mod(N,16),16+6*floor(N/16))':cb=128:cr=128";
  const how = codec === "libx264" ? ["-qp", "4", "-bf", "2", "-g", "50", "-keyint_min", "50", "-sc_threshold", "0"] : ["-tag:v", "hvc1", "-x265-params", "qp=4:keyint=50:min-keyint=50:scenecut=0:log-level=none"];
  execFileSync("ffmpeg", ["-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", source, "-c:v", codec, ...how, "-pix_fmt", "yuv420p", file]);
  return readMp4Clip(file);
}

describe("one MP4 of a range", () => {
  let archive: TestArchive;
  let server: PlaybackServer;

  before(async () => {
    archive = await TestArchive.create();
    await archive.record(1, clip, T0, 4_000); // 160 s, three segments
    await archive.record(2, clip, T0, 250); // 10 s, 20 s nothing, 10 s
    await archive.record(2, clip, T0 + 30_000, 250);
    await archive.record(3, large, T0, 3_000);
    server = new PlaybackServer(archive, () => T0 + 1_000 * SECOND);
    await server.start();
  });
  after(async () => {
    await server?.stop();
    await archive?.remove();
  });

  const path = (cameraId: number, from: number, to: number): string => `/v1/cameras/${cameraId}/recording.mp4?from=${T0 + from}&to=${T0 + to}`;
  const fetchMovie = async (cameraId: number, from: number, to: number): Promise<Buffer> => {
    const answer = await server.get(path(cameraId, from, to), { cameraId });
    assert.equal(answer.status, 200, await answer.clone().text());
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.equal(Number(answer.headers.get("content-length")), bytes.length);
    return bytes;
  };
  const pictureAt = (i: number): Uint8Array => clip.samples[i % clip.samples.length]!.bytes;

  test("[PLY11] the pictures of the GOPs that touch it, as they were sent, from time 0 on, over rotations of the segments", async () => {
    const { samples, durationMs, codec } = readWithMp4box(await fetchMovie(1, 0, 160_000));
    assert.equal(codec, clip.format.codecString);
    assert.equal(samples.length, 4_000);
    samples.forEach((sample, i) => {
      assert.deepEqual([sample.dts, sample.key], [i * 3_600, i % 25 === 0]);
      assert.ok(Buffer.from(sample.data).equals(pictureAt(i)), `picture ${i}`);
    });
    assert.equal(durationMs, 160_000);
    const part = readWithMp4box(await fetchMovie(1, 57_480, 63_040));
    assert.equal(part.samples.length, 7 * 25, "57 s to 64 s");
    assert.deepEqual([part.samples[0]!.dts, part.samples.at(-1)!.dts], [0, (7 * 25 - 1) * 3_600]);
    assert.ok(Buffer.from(part.samples[0]!.data).equals(pictureAt(57 * 25)));
    assert.equal(part.durationMs, 7_000 - 480, "it begins at the asked moment, though decoding begins at the key frame");
  });

  test("[PLY12] time goes on over a gap", async () => {
    const { samples, durationMs } = readWithMp4box(await fetchMovie(2, 0, 60_000));
    assert.equal(samples.length, 500);
    assert.deepEqual([249, 250, 499].map((i) => samples[i]!.dts / 90), [9_960, 30_000, 39_960]);
    assert.equal(durationMs, 40_000);
  });

  test("[PLY12] time goes on where pieces of two runs come by turns, after a clock was set back", async () => {
    await archive.record(8, clip, T0, 3_000);
    await archive.record(8, clip, T0 + 30_000, 1_500);
    const changes = archive.index.listSegments(8, T0, T0 + 120_000).filter(({ runId }, i, all) => runId !== all[i - 1]?.runId);
    assert.ok(changes.length >= 3, "one run, the other, the one again");
    const { samples } = readWithMp4box(await fetchMovie(8, 0, 120_000));
    assert.ok(samples.length >= 3_000);
    const leftOutMs = Number((await server.get(path(8, 0, 120_000), { cameraId: 8 })).headers.get("x-citywatch-left-out"));
    assert.ok(leftOutMs > 0 && Math.abs(leftOutMs - (4_500 - samples.length) * 40) <= 1_000, `${leftOutMs} ms left out of ${4_500 - samples.length} pictures`);
    assert.equal((await server.get(path(1, 0, 10_000))).headers.get("x-citywatch-left-out"), null);
    samples.forEach((sample, i) => assert.equal(sample.dts, i * 3_600, `picture ${i}`));
  });

  test("[PLY13] any part of it by Range is that part, and its tag tells that it is the same file", async () => {
    const whole = await fetchMovie(1, 57_480, 100_000);
    const tag = (await server.get(path(1, 57_480, 100_000))).headers.get("etag")!;
    await fc.assert(fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(400_000), async (start, size) => {
      const end = Math.min(whole.length, start + size + 1);
      const answer = await server.get(path(1, 57_480, 100_000), {}, { range: `bytes=${start}-${end - 1}`, "if-range": tag });
      assert.equal(answer.status, 206);
      assert.equal(answer.headers.get("content-range"), `bytes ${start}-${end - 1}/${whole.length}`);
      assert.ok(Buffer.from(await answer.arrayBuffer()).equals(whole.subarray(start, end)));
    }), { numRuns: 60 });
    const status = async (range: string, more: Readonly<Record<string, string>> = {}): Promise<number> => (await server.get(path(1, 57_480, 100_000), {}, { range, ...more })).status;
    assert.equal(await status(`bytes=${whole.length}-`), 416);
    assert.equal(await status("bytes=-0"), 416);
    assert.equal(await status("bytes=-100"), 206);
    assert.equal(await status("bytes=5-1"), 200, "what is not understood is as if not asked");
    assert.equal(await status("bytes=0-1,5-6"), 200);
    assert.equal(await status("bytes=0-1", { "if-range": '"another"' }), 200, "a file that became another is sent from its start");
    const head = await fetch(server.url + path(1, 57_480, 100_000), { method: "HEAD", headers: { authorization: `Bearer ${await server.sign({ mode: "download" })}` } });
    assert.deepEqual([head.status, Number(head.headers.get("content-length")), (await head.arrayBuffer()).byteLength], [200, whole.length, 0]);
  });

  test("[PLY11] [PLY13] what is being written is in it as far as it is on disk; more of it is another file, which its tag says", async () => {
    await archive.record(7, clip, T0, 2_000, null);
    const url = `/v1/cameras/7/recording.mp4?from=${T0}&to=${T0 + 500_000}`;
    const early = await server.get(url, { cameraId: 7 });
    const { samples } = readWithMp4box(Buffer.from(await early.arrayBuffer()));
    assert.equal(samples.length, 2_000);
    samples.forEach((sample, i) => assert.ok(Buffer.from(sample.data).equals(pictureAt(i)), `picture ${i}`));
    await archive.record(7, clip, T0 + 80_000, 50); // goes on in the same run
    const later = await server.get(url, { cameraId: 7 }, { range: "bytes=1000-", "if-range": early.headers.get("etag")! });
    assert.equal(later.status, 200, "not the rest of another file");
    assert.equal(readWithMp4box(Buffer.from(await later.arrayBuffer())).samples.length, 2_050);
  });

  test("[PLY11] a file holds one format: where another begins it ends, and says where that is", async () => {
    await archive.record(5, clip, T0, 100);
    await archive.record(5, { ...clip, format: { ...clip.format, width: 640 } }, T0 + 10_000, 100);
    const answer = await server.get(path(5, 0, 60_000), { cameraId: 5 });
    assert.equal(Number(answer.headers.get("x-citywatch-next-format")), T0 + 10_000);
    assert.equal(readWithMp4box(Buffer.from(await answer.arrayBuffer())).samples.length, 100);
    const rest = await server.get(path(5, 10_000, 60_000), { cameraId: 5 });
    assert.equal(rest.headers.get("x-citywatch-next-format"), null);
    assert.equal(readWithMp4box(Buffer.from(await rest.arrayBuffer())).samples.length, 100);
  });

  test("[PLY7] [PLY13] [VIEW13] who may not look gets nothing, and never by a token in the address", async () => {
    const status = async (url: string, claims: Partial<ViewClaims> | null): Promise<number> => (await server.get(url, claims)).status;
    assert.equal(await status(path(1, 0, 1_000), null), 401);
    assert.equal(await status(`${path(1, 0, 1_000)}&token=${await server.sign({ mode: "download" })}`, null), 401);
    assert.equal(await status(path(1, 0, 1_000), { cameraId: 2 }), 403);
    for (const mode of ["live", "playback"] as const) assert.equal(await status(path(1, 0, 1_000), { mode }), 403, "to watch is not to take away");
    assert.equal(await status(path(1, 0, 1_000), { from: T0 + 500, to: T0 + 5_000 }), 403);
    assert.equal(await status(path(1, 1_000, 2_000), { from: T0 + 500, to: T0 + 5_000 }), 200);
    assert.equal(await status(path(1, 200_000, 300_000), {}), 404);
    assert.equal(await status(path(1, 5_000, 5_000), {}), 400);
    assert.equal(await status(`/v1/cameras/..%2f1/recording.mp4?from=${T0}&to=${T0 + 1}`, {}), 400);
    const narrow = readWithMp4box(Buffer.from(await (await server.get(path(1, 1_200, 1_900), { from: T0 + 1_200, to: T0 + 1_900 })).arrayBuffer()));
    assert.equal(narrow.samples.length, 25, "the one GOP that the view touches");
  });

  test("[PLY14] a browser's own download: the token in a form field, the name with the camera's code and local times", async () => {
    archive.index.saveSetting("time-zone", "Asia/Shanghai");
    const post = async (fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
      fetch(`${server.url}/v1/cameras/1/recording.mp4`, { method: "POST", body: new URLSearchParams(fields), headers });
    const range = { from: String(T0 + 1_000), to: String(T0 + 61_000) };
    const answer = await post({ token: await server.sign({ mode: "download" }), ...range }, { origin: "null" });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-disposition"), "attachment; filename=\"C-2001 2026-09-21 22.13.21 to 22.14.21.mp4\"; filename*=UTF-8''C-2001%202026-09-21%2022.13.21%20to%2022.14.21.mp4");
    assert.equal(readWithMp4box(Buffer.from(await answer.arrayBuffer())).samples.length, 60 * 25);
    assert.equal((await post({ token: await server.sign({ mode: "download" }), ...range }, { origin: CONSOLE_ORIGIN })).status, 200);
    assert.equal((await post({ token: await server.sign({ mode: "download" }), ...range }, { origin: "http://elsewhere.example" })).status, 403);
    assert.equal((await post(range)).status, 401);
    assert.equal((await post(range, { authorization: `Bearer ${await server.sign({ mode: "download" })}` })).status, 401, "a form has its token in the form");
    assert.equal((await post({ token: await server.sign({ mode: "download", cameraId: 2 }), ...range })).status, 403);
    assert.equal((await post({ token: await server.sign(), ...range })).status, 403, "to watch is not to take away [VIEW13]");
    assert.equal((await post({ token: "x".repeat(20_000), ...range })).status, 413);
  });

  /** A request whose answer nobody reads. */
  const ask = async (viewId: number): Promise<IncomingMessage> => {
    const token = await server.sign({ mode: "download", cameraId: 3, viewId });
    return new Promise((resolve, reject) => httpRequest(server.url + path(3, 0, 120_000), { headers: { authorization: `Bearer ${token}` }, agent: false }, resolve).on("error", reject).end());
  };
  /** What `count` comes to rest at, above `from`: the same for a second. */
  const settled = async (count: () => number, from: number): Promise<number> => {
    let last = await until("something to be read", () => count() > from && count());
    for (let same = 0; same < 10; same++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (count() !== last) same = -1;
      last = count();
    }
    return last;
  };

  test("[PLY13] no more is read than goes out; one that goes away leaves nothing; and a view that ends cuts what runs of it", async () => {
    let reads = 0;
    const { turns } = server.reading;
    const take = turns.take.bind(turns);
    turns.take = (work) => {
      reads++;
      return take(work);
    };
    const size = Number((await server.get(path(3, 0, 120_000), { cameraId: 3 }, { range: "bytes=0-0" })).headers.get("content-range")!.split("/")[1]);
    assert.ok(size > 60_000_000);
    const before = reads;
    const slow = await ask(1);
    const read = (await settled(() => reads, before)) - before;
    assert.ok(read < 100, `${read} of some 240 reads were made for a client that takes nothing`);
    slow.destroy();
    const beforeBoth = reads;
    const running = await Promise.all([ask(77), ask(78)]);
    await settled(() => reads, beforeBoth);
    server.endView(77);
    const outcome = (message: IncomingMessage): Promise<string> => new Promise((resolve) => {
      message.on("end", () => resolve("whole")).on("error", () => resolve("cut")).resume();
    });
    assert.deepEqual(await Promise.all(running.map(outcome)), ["cut", "whole"]);
    await until("nothing under way", () => server.running === 0);
  });

  test("[VIEW8] a recorder that stops tells the ends of the downloads that it breaks off", async () => {
    const other = new PlaybackServer(archive, () => T0 + 1_000 * SECOND);
    await other.start();
    const running = (await other.get(path(3, 0, 120_000), { cameraId: 3, viewId: 91 })).body!.getReader();
    await running.read();
    await other.get(`/v1/cameras/3/key-frames?from=${T0}&to=${T0 + 9_000}`, { cameraId: 3, viewId: 92 });
    await other.stop();
    assert.deepEqual(other.over, [91], "what is watched ends with its page, or with its token");
    await running.cancel().catch(() => undefined);
  });

  test("[PLY13] a view that ends while its file is being planned gets none of it, and what is planned counts against the bound", async () => {
    const { reading } = server;
    const getFormat = reading.getFormat.bind(reading);
    let planned: (() => void) | undefined;
    const held = new Promise<void>((resolve) => { planned = resolve; });
    let planning = 0;
    let mostPlanned = 0;
    reading.getFormat = async (...args) => {
      mostPlanned = Math.max(mostPlanned, ++planning);
      await held;
      return getFormat(...args).finally(() => planning--);
    };
    try {
      const waiting = Array.from({ length: 100 }, (_, i) => server.get(path(1, i, 2_000), { viewId: 500 + i }));
      await until("all wait", () => server.running === 100);
      const over = await server.get(path(1, 200, 2_000));
      assert.deepEqual([over.status, ((await over.json()) as { rule: string }).rule], [503, "too-many-readers"]);
      server.endView(500);
      planned!();
      const answers = await Promise.all(waiting);
      assert.deepEqual(answers.map((each) => each.status), [401, ...Array.from({ length: 99 }, () => 200)]);
      await Promise.all(answers.map((each) => each.arrayBuffer()));
      assert.equal(mostPlanned, 2, "so many are planned at a time");
    } finally {
      planned!();
      reading.getFormat = getFormat;
    }
    await until("nothing under way", () => server.running === 0);
  });

  test("[PLY13] a file that is gone or broken in the midst ends the body early, and the server goes on", async () => {
    await archive.record(6, clip, T0, 3_000);
    const spans = archive.index.listSpans(6, T0, T0 + 200_000);
    await rm(segmentPath(archive.root, 6, spans[1]!.segmentId));
    const answer = await server.get(path(6, 0, 120_000), { cameraId: 6 });
    assert.equal(answer.status, 200);
    await assert.rejects(answer.arrayBuffer());
    await writeFile(segmentPath(archive.root, 6, spans[1]!.segmentId), new Uint8Array(spans[1]!.bytes));
    await assert.rejects((await server.get(path(6, 0, 120_000), { cameraId: 6 })).arrayBuffer());
    assert.equal((await server.get(path(1, 0, 1_000))).status, 200);
  });
});

describe("read by others", { skip: findMissing() }, () => {
  let folder = "";
  let archive: TestArchive;
  let server: PlaybackServer;
  let h264: StoredClip;
  let h265: StoredClip;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "citywatch-movies-"));
    h264 = await makeNumbered(folder, "libx264");
    h265 = await makeNumbered(folder, "libx265");
    archive = await TestArchive.create(folder);
    await archive.record(1, h264, T0, 1_500);
    await archive.record(1, h264, T0 + 90_000, 500);
    await archive.record(2, h265, T0, 500);
    server = new PlaybackServer(archive, () => T0 + 1_000 * SECOND);
    await server.start();
  });
  after(async () => {
    await server?.stop();
    await archive?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  test("[PLY11] [PLY12] ffprobe decodes every picture of H.264 with B pictures and of H.265, over a gap too", async () => {
    for (const [cameraId, codec, frames, seconds] of [[1, "h264", 2_000, 110], [2, "hevc", 500, 20]] as const) {
      const answer = await server.get(`/v1/cameras/${cameraId}/recording.mp4?from=${T0}&to=${T0 + 200_000}`, { cameraId });
      const file = join(folder, `${codec}.out.mp4`);
      await writeFile(file, Buffer.from(await answer.arrayBuffer()));
      const told = execFileSync("ffprobe", ["-v", "error", "-count_frames", "-show_entries", "stream=codec_name,nb_read_frames:format=duration", "-of", "csv=p=0", file], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
      assert.equal(told.trim(), `${codec},${frames}\n${seconds.toFixed(6)}`);
      execFileSync("ffmpeg", ["-nostdin", "-v", "error", "-xerror", "-i", file, "-f", "null", "-"], { stdio: "ignore" });
    }
  });

  test("[PLY10] [PLY11] [PLY12] [PLY13] Chromium shows the asked moment first, and after each seek the picture of that time", async () => {
    // Chromium asks without a token: what stands between adds one.
    const between = createServer((message, answer) => {
      if (message.url === "/") return void answer.setHeader("content-type", "text/html").end("<video muted></video>");
      const [, from, to] = message.url!.split("/").map(Number);
      void server.sign({ mode: "download" }).then((token) => {
        const { range } = message.headers;
        const up = httpRequest(`${server.url}/v1/cameras/1/recording.mp4?from=${T0 + from!}&to=${T0 + to!}`, { headers: { authorization: `Bearer ${token}`, ...(range === undefined ? {} : { range }) } }, (got) => {
          answer.writeHead(got.statusCode!, { "content-type": got.headers["content-type"], "content-length": got.headers["content-length"], "accept-ranges": "bytes", ...(got.headers["content-range"] === undefined ? {} : { "content-range": got.headers["content-range"] }) });
          got.pipe(answer);
        });
        answer.on("close", () => up.destroy());
        up.on("error", () => answer.destroy());
        up.end();
      });
    });
    await new Promise<void>((resolve) => between.listen(0, "127.0.0.1", resolve));
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(between.address() as AddressInfo).port}/`);
      // Runs in the page, whose types are not this program's.
      const watch = (from: number, to: number, seeks: readonly number[]): Promise<{ duration: number; numbers: number[] }> => page.evaluate(`(async () => {
        const video = document.querySelector("video");
        const canvas = new OffscreenCanvas(128, 64).getContext("2d", { willReadFrequently: true });
        const once = (name) => new Promise((resolve, reject) => { video.addEventListener(name, resolve, { once: true }); video.addEventListener("error", () => reject(new Error(video.error.message)), { once: true }); });
        const shown = () => new Promise((resolve) => video.requestVideoFrameCallback(resolve));
        const number = () => {
          canvas.drawImage(video, 0, 0);
          const grey = (x) => ((canvas.getImageData(x, 32, 1, 1).data[0] * 219) / 255 + 16);
          return Math.round((grey(96) - 16) / 6) * 16 + Math.round((grey(32) - 16) / 13);
        };
        const first = shown();
        const loaded = once("loadeddata");
        video.src = "/${from}/${to}";
        await loaded;
        await first;
        const numbers = [number()];
        for (const to of ${JSON.stringify(seeks)}) {
          const next = shown();
          const there = once("seeked");
          video.currentTime = to;
          await there;
          await next;
          numbers.push(number());
        }
        return { duration: video.duration, numbers };
      })()`);
      const numberAt = (seconds: number): number => Math.floor(seconds * 25 + 0.001) % 500; // the last one whose time has come
      const whole = await watch(0, 200_000, [33.3, 7.1, 58.5, 95.3, 75, 59.5, 59.9]);
      assert.equal(Math.round(whole.duration), 110);
      assert.deepEqual(whole.numbers.slice(0, 4), [0, 33.3, 7.1, 58.5].map((at) => numberAt(at - (at === 0 ? 0 : 0.08))), "a picture shows 2 later than it decodes, as it was sent");
      assert.equal(whole.numbers[4], numberAt(95.3 - 90 - 0.08));
      assert.ok(whole.numbers[5] === 498 || whole.numbers[5] === 499, `in a gap stands the last one before it, as it was shown or decoded, and not ${whole.numbers[5]}`);
      assert.deepEqual(whole.numbers.slice(6), [numberAt(59.5 - 0.08), numberAt(59.9 - 0.08)], "two moments within one GOP");
      const part = await watch(21_480, 50_000, [10.5]);
      assert.deepEqual(part.numbers, [numberAt(21.48 - 0.08), numberAt(21.48 + 10.5 - 0.08)]);

      // Key frames as the console decodes them: the format's record configures a decoder, each picture is a chunk.
      const answer = await server.get(`/v1/cameras/1/key-frames?from=${T0 + 3_000}&to=${T0 + 11_000}&order=backward`);
      const records = new KeyFrameReader().push(new Uint8Array(await answer.arrayBuffer()));
      assert.ok(records.ok && records.value[0]?.kind === "format");
      const { codec, width, height, description } = records.value[0];
      const pictures = records.value.flatMap((record) => (record.kind === "key-frame" ? [{ start: record.start, bytes: [...record.bytes] }] : []));
      const decoded = await page.evaluate(`(async ({ config, pictures }) => {
        const canvas = new OffscreenCanvas(128, 64).getContext("2d", { willReadFrequently: true });
        const numbers = [];
        const decoder = new VideoDecoder({ error: (error) => { throw error; }, output: (frame) => {
          canvas.drawImage(frame, 0, 0);
          frame.close();
          const grey = (x) => ((canvas.getImageData(x, 32, 1, 1).data[0] * 219) / 255 + 16);
          numbers.push(Math.round((grey(96) - 16) / 6) * 16 + Math.round((grey(32) - 16) / 13));
        } });
        decoder.configure({ ...config, description: Uint8Array.from(config.description) });
        for (const picture of pictures) {
          decoder.decode(new EncodedVideoChunk({ type: "key", timestamp: picture.start * 1000, data: Uint8Array.from(picture.bytes) }));
          await decoder.flush();
        }
        return numbers;
      })(${JSON.stringify({ config: { codec, codedWidth: width, codedHeight: height, description: [...description] }, pictures })})`);
      assert.deepEqual(decoded, [250, 200, 150, 100, 50], "those of 10, 8, 6, 4 and 2 s");
    } finally {
      await browser.close();
      between.closeAllConnections();
      between.close();
    }
  });
});
