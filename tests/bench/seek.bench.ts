// `npm run bench -- seek [--cameras 100] [--hours 24] [--written 1] [--seeks 400] [--write] [--json]`: how soon the past is there. An archive of a day is made by the
// product's own writer (seek/day-archive.ts), then a recorder in a process of its own is asked over HTTP for the first frame of random seconds of random cameras, in the three
// ways that the console has, and for whole days' timelines. Cold: the files that are read were put out of the page cache before; warm: the same seeks again. In the same
// run, as the peer, ffmpeg is asked for the same frames from the same files, a process each. `--write` puts the table into docs/reference/seek-figures.md.
import { execFileSync, fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { Agent, type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "../../src/base/random.ts";
import type { RecorderConfig } from "../../src/app/roles.ts";
import { KeyFrameReader } from "../../src/contract/key-frames.ts";
import { segmentPath, walkSegment } from "../../src/io/recorder/segment-files.ts";
import { BOX_HEADER_BYTES, findBoxHeader, listMoofSamples } from "../../src/media/fmp4/reading.ts";
import { readAnnexBClip } from "../recorder/archive.ts";
import { LINK_TOKEN, TestCentre, camera, until } from "../recorder/test-centre.ts";
import { AS_RECORDER } from "./recorder/as-recorder.ts";
import { readMachineBusy, readMemory } from "./recorder/measure.ts";
import { makeDayArchive } from "./seek/day-archive.ts";
import { type BenchFigure, describeMachine, findCommit, printReport, readNumberOption, tellProgress } from "./report.ts";

const CAMERAS = readNumberOption("cameras", 100);
const HOURS = readNumberOption("hours", 24);
const WRITTEN = readNumberOption("written", 1);
const SEEKS = readNumberOption("seeks", 400);
const PEER_SEEKS = 40;
const SECONDS = HOURS * 3_600;
const HOUR_MS = 3_600_000;
const CLIP = new URL("../../src/sim/assets/school-gate-normal.h264", import.meta.url);
const DOCUMENT = join(import.meta.dirname, "..", "..", "docs", "reference", "seek-figures.md");

const random = createRandom(1);
const between = (from: number, to: number): number => from + random.next() * (to - from);
const percentile = (values: readonly number[], part: number): number => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(values.length * part) - 1)] ?? Number.NaN;
const median = (values: readonly number[]): number => percentile(values, 0.5);
const p99 = (values: readonly number[]): number => percentile(values, 0.99);

/** Length of a file's front up to the end of its first frame, once that is known. */
function findFirstFrameEnd(bytes: Buffer): number | undefined {
  let firstSample: number | undefined;
  for (let at = 0; ; ) {
    const box = findBoxHeader(bytes, at);
    if (box === undefined) return undefined;
    if (box.type === "moof") {
      if (at + box.size > bytes.length) return undefined;
      firstSample = listMoofSamples(bytes.subarray(at, at + box.size))[0]?.size;
    } else if (box.type === "mdat") return firstSample === undefined ? undefined : at + BOX_HEADER_BYTES + firstSample;
    at += box.size;
  }
}

/** Asks one recorder as one browser would: connections stay open. */
class Client {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  /** Gives what comes to `enough` until that says true, then leaves. Answers the milliseconds up to there, and the status. */
  async ask(path: string, token: string, headers: Readonly<Record<string, string>>, enough: (bytes: Buffer) => boolean): Promise<{ readonly ms: number; readonly bytes: Buffer; readonly answer: IncomingMessage }> {
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port: this.#port, path, agent: this.#agent, headers: { authorization: `Bearer ${token}`, ...headers } }, (answer) => {
        const pieces: Buffer[] = [];
        let there = false;
        const end = (bytes: Buffer): void => {
          if (there) return;
          there = true;
          resolve({ ms: performance.now() - startedAt, bytes, answer });
          if (!answer.complete) answer.destroy();
        };
        answer.on("data", (piece: Buffer) => {
          pieces.push(piece);
          const bytes = pieces.length === 1 ? piece : Buffer.concat(pieces);
          if (!there && enough(bytes)) end(bytes);
        });
        answer.on("end", () => end(Buffer.concat(pieces)));
        answer.on("error", () => undefined);
      });
      asked.on("error", reject);
      asked.end();
    });
  }

  async get(path: string, token: string): Promise<{ readonly ms: number; readonly bytes: Buffer }> {
    const got = await this.ask(path, token, {}, () => false);
    if (got.answer.statusCode !== 200) throw new Error(`${path}: ${got.answer.statusCode} ${got.bytes.toString("utf8").slice(0, 200)}`);
    return got;
  }

  close(): void {
    this.#agent.destroy();
  }
}

interface Seek { readonly cameraId: number; readonly at: number; readonly token: string; readonly fileToken: string }

/** The direct way: one request for a minute, whose first bytes are the initialisation and the GOP of the moment. */
async function seekMovie(client: Client, { cameraId, at, fileToken }: Seek): Promise<number> {
  const got = await client.ask(`/v1/cameras/${cameraId}/recording.mp4?from=${at}&to=${at + 60_000}`, fileToken, {}, (bytes) => {
    const end = findFirstFrameEnd(bytes);
    return end !== undefined && bytes.length >= end;
  });
  if (got.answer.statusCode !== 200) throw new Error(`recording.mp4 of camera ${cameraId} answered ${got.answer.statusCode}`);
  return got.ms;
}

/** HLS as the console plays it: the playlist of an hour, then the initialisation and the part of the moment. */
async function seekPlaylist(client: Client, { cameraId, at, token }: Seek, dayEnd: number): Promise<number> {
  const from = Math.floor((at - 15 * 60_000) / 900_000) * 900_000;
  const playlist = await client.get(`/v1/cameras/${cameraId}/hls.m3u8?from=${from}&to=${Math.min(dayEnd, from + HOUR_MS)}`, token);
  const lines = playlist.bytes.toString("latin1").split("\n");
  const map = /URI="([^"]+)",BYTERANGE="(\d+)@0"/.exec(lines.find((line) => line.startsWith("#EXT-X-MAP")) ?? "")!;
  let part: { uri: string; start: number; end: number } | undefined;
  for (const [i, line] of lines.entries()) {
    if (!line.startsWith("#EXT-X-PROGRAM-DATE-TIME:")) continue;
    if (Date.parse(line.slice(25)) > at) break;
    const [bytes, start] = lines[i + 2]!.slice("#EXT-X-BYTERANGE:".length).split("@").map(Number);
    part = { uri: lines[i + 3]!, start: start!, end: start! + bytes! };
  }
  if (part === undefined) throw new Error(`the playlist of camera ${cameraId} has no part at ${at}`);
  const init = await client.ask(`/v1/cameras/${cameraId}/${map[1]}`, token, { range: `bytes=0-${Number(map[2]) - 1}` }, () => false);
  const media = await client.ask(`/v1/cameras/${cameraId}/${part.uri}`, token, { range: `bytes=${part.start}-${part.end - 1}` }, (bytes) => {
    const end = findFirstFrameEnd(bytes);
    return end !== undefined && bytes.length >= end;
  });
  if (init.answer.statusCode !== 206 || media.answer.statusCode !== 206) throw new Error(`parts of camera ${cameraId} answered ${init.answer.statusCode} and ${media.answer.statusCode}`);
  return playlist.ms + init.ms + media.ms;
}

async function seekKeyFrame(client: Client, { cameraId, at, token }: Seek): Promise<number> {
  const got = await client.get(`/v1/cameras/${cameraId}/key-frame?at=${at}`, token);
  const records = new KeyFrameReader().push(got.bytes);
  if (!records.ok || records.value.length !== 2) throw new Error(`key-frame of camera ${cameraId} is not whole`);
  return got.ms;
}

/** Puts files out of the page cache (posix_fadvise, by coreutils' dd); false where that cannot be done. */
function evict(files: readonly string[]): boolean {
  try {
    execFileSync("sync");
    for (let i = 0; i < files.length; i += 100) execFileSync("sh", ["-c", 'for f in "$@"; do dd if="$f" iflag=nocache count=0 status=none; done', "sh", ...files.slice(i, i + 100)]);
    return true;
  } catch {
    return false;
  }
}

/** What a file with sample tables in front would have to read before its first picture: the head of every fragment. */
async function readAllHeads(root: string, segmentIds: readonly number[]): Promise<number> {
  const startedAt = performance.now();
  for (const segmentId of segmentIds) {
    const handle = await open(segmentPath(root, 1, segmentId), "r");
    await walkSegment(handle, (await handle.stat()).size);
    await handle.close();
  }
  return performance.now() - startedAt;
}

const dir = mkdtempSync(join(process.env["CITYWATCH_BENCH_DIR"] ?? tmpdir(), "citywatch-bench-"));
const centre = new TestCentre();
const child = fork(join(import.meta.dirname, "..", "recorder", "recorder-process.ts"), AS_RECORDER);
try {
  const dayEnd = Math.floor((Date.now() - HOUR_MS) / 60_000) * 60_000;
  const dayStart = dayEnd - SECONDS * 1_000;
  const clip = readAnnexBClip(CLIP);
  const madeAt = performance.now();
  tellProgress(`writing ${HOURS} h of ${WRITTEN} of ${CAMERAS} cameras ...`);
  const archive = await makeDayArchive(dir, clip, CAMERAS, WRITTEN, dayStart, SECONDS, tellProgress);
  const makingS = (performance.now() - madeAt) / 1_000;

  await centre.start();
  const config: RecorderConfig = {
    role: "recorder", version: "bench", recorderId: 1, centreUrl: centre.url, token: LINK_TOKEN, recordingsDir: archive.root, host: "127.0.0.1", port: 0, mediaUrl: "http://127.0.0.1:1", cameraNetworks: "127.0.0.0/8", mostRecordingBytes: null, evidencePage: "",
  };
  centre.cameras = Array.from({ length: CAMERAS }, (_, i) => camera(i + 1, "rtsp://127.0.0.1:1/none", { recording: "on-demand", retentionDays: 30 }));
  tellProgress("starting the recorder ...");
  const startedAt = performance.now();
  child.send(config);
  const { port } = await new Promise<{ port: number }>((resolve, reject) => {
    child.once("message", (message: { type: string; port: number; message?: string }) => (message.type === "ready" ? resolve(message) : reject(new Error(`the recorder did not start: ${message.message}`))));
    child.once("exit", (code) => reject(new Error(`the recorder ended with ${code}`)));
  });
  await until("the recorder ready", async () => (await fetch(`http://127.0.0.1:${port}/ready`)).ok);
  const startS = (performance.now() - startedAt) / 1_000;
  const client = new Client(port);
  const signAll = (mode: "playback" | "download") => Promise.all(Array.from({ length: CAMERAS }, (_, i) => centre.sign({ cameraId: i + 1, mode }, 3_600_000)));
  const [tokens, fileTokens] = [await signAll("playback"), await signAll("download")];
  const tokenOf = (cameraId: number): string => tokens[cameraId - 1]!;
  const fileTokenOf = (cameraId: number): string => fileTokens[cameraId - 1]!;

  // Each seek is another minute of one of the written files, so that none finds what another has read.
  const seeks: Seek[] = Array.from({ length: SEEKS }, () => {
    const cameraId = 1 + Math.floor(between(0, CAMERAS));
    return { cameraId, at: Math.floor(between(dayStart, dayEnd - 1_000) / 1_000) * 1_000, token: tokenOf(cameraId), fileToken: fileTokenOf(cameraId) };
  });
  const day = (cameraId: number): string => `from=${dayStart}&to=${dayEnd}`.replace(/^/, `/v1/cameras/${cameraId}/timeline?`);
  const segmentsOf = async (cameraId: number): Promise<{ id: number; start: number; end: number; bytes: number }[]> =>
    (JSON.parse((await client.get(`${day(cameraId)}&segments=true`, tokenOf(cameraId))).bytes.toString("utf8")) as { segments: { id: number; start: number; end: number; bytes: number }[] }).segments;

  tellProgress("timelines ...");
  evict([join(archive.root, "index.sqlite")]);
  const timelinesCold: number[] = [];
  for (let cameraId = 1; cameraId <= CAMERAS; cameraId++) timelinesCold.push((await client.get(day(cameraId), tokenOf(cameraId))).ms);
  const timelinesWarm: number[] = [];
  for (let cameraId = 1; cameraId <= CAMERAS; cameraId++) timelinesWarm.push((await client.get(day(cameraId), tokenOf(cameraId))).ms);
  const coverage = (JSON.parse((await client.get(day(1), tokenOf(1))).bytes.toString("utf8")) as { coverage: unknown[] }).coverage.length;

  const written = (await Promise.all(Array.from({ length: WRITTEN }, (_, i) => segmentsOf(i + 1)))).flatMap((segments, i) => segments.map((segment) => segmentPath(archive.root, i + 1, segment.id)));
  const ways = { movie: seekMovie, playlist: (to: Client, seek: Seek) => seekPlaylist(to, seek, dayEnd), keyFrame: seekKeyFrame } as const;
  const cold = { movie: [] as number[], playlist: [] as number[], keyFrame: [] as number[] };
  const warm = { movie: [] as number[], playlist: [] as number[], keyFrame: [] as number[] };
  let evicted = true;
  const machineBefore = readMachineBusy();
  for (const way of ["movie", "playlist", "keyFrame"] as const) {
    tellProgress(`seeks by ${way} ...`);
    evicted = evict([...written, join(archive.root, "index.sqlite")]) && evicted;
    for (const seek of seeks) cold[way].push(await ways[way](client, seek));
    for (const seek of seeks) warm[way].push(await ways[way](client, seek));
  }

  const machineAfter = readMachineBusy();
  const busy = (machineAfter.busy - machineBefore.busy) / (machineAfter.all - machineBefore.all);
  tellProgress("a day as one file ...");
  let slowestHealth = 0;
  let asking = true;
  const health = (async () => {
    const other = new Client(port);
    while (asking) slowestHealth = Math.max(slowestHealth, (await other.get("/health", "")).ms);
    other.close();
  })();
  const dayFirst: number[] = [];
  let dayBytes = 0;
  for (let i = 0; i < 5; i++) {
    const cameraId = 1 + ((i * 17) % CAMERAS);
    const got = await client.ask(`/v1/cameras/${cameraId}/recording.mp4?from=${dayStart}&to=${dayEnd}`, fileTokenOf(cameraId), {}, (bytes) => (findFirstFrameEnd(bytes) ?? Number.MAX_SAFE_INTEGER) <= bytes.length);
    dayFirst.push(got.ms);
    dayBytes = Number(got.answer.headers["content-length"]);
  }
  asking = false;
  await health;
  const memoryBefore = readMemory(child.pid!);
  const downloadAt = performance.now();
  let downloaded = 0;
  await new Promise<void>((resolve, reject) => {
    request({ host: "127.0.0.1", port, path: `/v1/cameras/1/recording.mp4?from=${dayStart}&to=${dayStart + Math.min(SECONDS, 7_200) * 1_000}`, headers: { authorization: `Bearer ${fileTokenOf(1)}` } }, (answer) => {
      answer.on("data", (piece: Buffer) => { downloaded += piece.length; }).on("end", resolve).on("error", reject);
    }).on("error", reject).end();
  });
  const downloadS = (performance.now() - downloadAt) / 1_000;
  const growth = readMemory(child.pid!) - memoryBefore;
  const ofOne = await segmentsOf(1);
  evict(written);
  const headsMs = await readAllHeads(archive.root, ofOne.slice(0, 60).map((segment) => segment.id));

  const peer: number[] = [];
  let hasPeer = true;
  tellProgress("ffmpeg -ss ...");
  try {
    evict(written);
    for (const { at } of seeks.slice(0, PEER_SEEKS)) {
      const segment = ofOne.find((each) => at >= each.start && at < each.end)!;
      const beganAt = performance.now();
      execFileSync("ffmpeg", ["-nostdin", "-v", "quiet", "-ss", ((at - segment.start) / 1_000).toFixed(3), "-i", segmentPath(archive.root, 1, segment.id), "-frames:v", "1", "-c", "copy", "-f", "h264", "-"], { stdio: ["ignore", "pipe", "ignore"] });
      peer.push(performance.now() - beganAt);
    }
  } catch {
    hasPeer = false;
  }
  client.close();

  const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
  const both = (values: readonly number[]): string => `${ms(median(values))} / ${ms(p99(values))}`;
  const gigabytes = (value: number): string => `${(value / 1e9).toFixed(2)} GB`;
  const figures: BenchFigure[] = [
    { what: `archive: ${CAMERAS} cameras, ${HOURS} h, 25 pictures a second, key frames 1 s apart; segments`, value: archive.segments.toLocaleString("en") },
    { what: `of them written by the product's writer: ${WRITTEN} cameras (the others are hard links with rows of their own)`, value: `${gigabytes(archive.writtenBytes)} in ${makingS.toFixed(0)} s` },
    { what: "the recorder's start with it", value: `${startS.toFixed(1)} s` },
    { what: `first frame, one request for "play from", ${evicted ? "cold" : "as found"}: median / p99`, value: both(cold.movie), goal: "p99 under 150 ms" },
    { what: "the same, warm", value: both(warm.movie) },
    { what: `first frame by HLS (playlist of an hour, initialisation, part), ${evicted ? "cold" : "as found"}`, value: both(cold.playlist), goal: "p99 under 150 ms" },
    { what: "the same, warm", value: both(warm.playlist) },
    { what: `key frame alone, ${evicted ? "cold" : "as found"}`, value: both(cold.keyFrame) },
    { what: "the same, warm", value: both(warm.keyFrame) },
    { what: `ffmpeg -ss on the same files, a process each, ${evicted ? "cold" : "as found"} (${PEER_SEEKS} seeks)`, value: hasPeer ? both(peer) : "not on the PATH" },
    { what: "machine busy during the seeks, others' work included", value: `${Math.round(busy * 100)} %` },
    { what: "a day's timeline, cold index: median / p99", value: both(timelinesCold), goal: "under 50 ms" },
    { what: `the same, warm (${ofOne.length.toLocaleString("en")} segments as ${coverage} stretch${coverage === 1 ? "" : "es"})`, value: both(timelinesWarm) },
    { what: `a whole day as one MP4 (${gigabytes(dayBytes)}): its first frame, slowest of 5`, value: ms(Math.max(...dayFirst)), goal: "under 1,000 ms" },
    { what: "slowest other answer meanwhile", value: ms(slowestHealth) },
    { what: "heads of all fragments of one hour, which sample tables in front would need first, cold", value: ms(headsMs) },
    { what: "download of two hours", value: `${(downloaded / 1e6 / downloadS).toFixed(0)} MB/s` },
    { what: "memory that the recorder grew by meanwhile", value: `${(growth / 1e6).toFixed(1)} MB` },
  ];
  if (process.argv.includes("--write")) {
    const table = ["| what | measured | to reach |", "|---|---|---|", ...figures.map(({ what, value, goal }) => `| ${what} | ${value} | ${goal ?? ""} |`)].join("\n");
    writeFileSync(DOCUMENT, `# How soon the past is there

Made by \`npm run bench -- seek --write\` at ${findCommit()} on ${describeMachine()}. A seek is counted from the request to the last byte of the first frame; the second, the camera and
the way are drawn at random from the day. Cold: the files had been put out of the page cache before the seeks of each way; what the disk itself
keeps is not known. Where the machine was busy with others' work, the slowest of a hundred are those that had to wait for a processor: the medians tell more. The clip has small pictures, as a fragment takes at least a block of 4 KB and a bench should not fill the disk.

${table}
`);
  }
  printReport("seek", figures, {
    p99Ms: Math.max(p99(cold.movie), p99(cold.playlist)), dayTimelineMs: p99(timelinesCold), directP99Ms: p99(cold.movie), hlsP99Ms: p99(cold.playlist), keyFrameP99Ms: p99(cold.keyFrame), warmDirectP99Ms: p99(warm.movie), warmHlsP99Ms: p99(warm.playlist),
    medianMs: Math.max(median(cold.movie), median(cold.playlist)), machineBusy: busy, cold: evicted, peers: hasPeer ? { ffmpegP99Ms: p99(peer) } : {}, dayFirstFrameMs: Math.max(...dayFirst), slowestOtherMs: slowestHealth, cameras: CAMERAS, hours: HOURS, segments: archive.segments,
  });
} finally {
  if (child.exitCode === null) child.kill("SIGKILL");
  await centre.stop();
  rmSync(dir, { recursive: true, force: true });
}
