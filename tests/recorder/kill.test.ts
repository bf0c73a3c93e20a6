// kill -9 of recorders under load, a hundred times, each in the midst of a session of several seconds: six recorders beside each other, whose cameras have sound, whose segments last two seconds and
// whose oldest recordings go each second, so that kills fall on fragments, rotation, closing and deletion. What was sent is known byte by byte; what is left must be whole, and be exactly what was sent.
// What may be missing is judged by what the recorder itself said before its end, never by a clock: step by step, what it received, gave to its disk, and what the disk has taken (watched-recorder.ts). What the disk had must be there,
// and all that came before the last step but half a second of pictures, which is what a fragment gathers, and a second of sound. So a crowded machine makes sessions longer, and promises no less. Two of the six record on the disk of the temporary
// folder, by direct writes and with its syncs, where it has any; the others into memory, where many more rotations fall into a minute. Every second kill is followed by the recorder's own start, every other one is
// first put right and looked at here.
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, statfsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { test } from "node:test";
import { type Random, createRandom } from "../../src/base/random.ts";
import type { RecorderPace } from "../../src/app/recorder.ts";
import { checkRecordings } from "../../src/io/recorder/check-recordings.ts";
import { createFilePort } from "../../src/io/recorder/file-port.ts";
import { IndexStore } from "../../src/io/recorder/index-store.ts";
import { repairRecordings } from "../../src/io/recorder/repair.ts";
import { segmentPath, soundPath } from "../../src/io/recorder/segment-files.ts";
import { listTrackFiles } from "../../src/io/recorder/track-file-store.ts";
import { LOOPBACK_NETWORKS } from "../../src/video/camera/camera-networks.ts";
import { parseSoundFile } from "../../src/media/fmp4/sound-reading.ts";
import { readStoredSamples } from "../../src/video/live/recalled.ts";
import { TestCamera, makeSlice } from "./test-camera.ts";
import { LINK_TOKEN, TestCentre, camera, until } from "./test-centre.ts";
import type { FromWatched, Progress, ToWatched } from "./watched-recorder.ts";

const MEMORY = "/dev/shm";
const RECORDERS = 6;
const ON_DISK = 2;
/** Of each recorder; kills of sessions that were too short to show anything are made again, up to so many. */
const ROUNDS = 17;
const MOST_ROUNDS = 25;
const CAMERAS = 2;
const FRAME_MS = 40;
const GOP = 25;
const SLICE_BYTES = 3_000;
/** Of G.711, as long as a picture lasts. */
const SOUND_PACKET_BYTES = FRAME_MS * 8;
const PACE: RecorderPace = { segmentMs: 2_000, retentionMs: 1_000 };
/** Some 35 s of two cameras: two sessions are always left, and from the fifth on the oldest segments go while others are written. */
const MOST_BYTES = 6_000_000;
const LEAST_SESSION_MS = 3_000;
const SESSION_SPREAD_MS = 2_000;
/** However crowded the machine is: two such sessions are what is kept. */
const MOST_SESSION_MS = 15_000;
/** A session of so many steps is over several rotations. A step takes 50 ms at the least. */
const TELLING_STEPS = 40;
/** Of each of the two kinds of folders: sessions of which the recorder told what had come before its last step, so that what is left can be judged. On a slow disk most have fewer steps than are waited for. */
const LEAST_JUDGED = 10;
/** Half a second, and the one that shows that it is over. */
const FRAGMENT_PICTURES = 14;
/** A second of it, and what came before the first picture. */
const SOUND_PACKETS = 2 * GOP;

interface Session {
  readonly cameraId: number;
  readonly sent: number;
  /** Step by step, from the first picture on that the disk had: a recorder that starts has its threads to begin. */
  readonly steps: readonly Progress[];
}
/** Wall times. */
interface Round {
  readonly from: number;
  readonly to: number;
  readonly sessions: readonly Session[];
}
/** What is left of a session. */
interface Outcome extends Session {
  readonly pictures: number;
  readonly sounds: number;
}
interface Facts {
  closed: number;
  deleted: number;
  kills: number;
}

function hasRoom(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > 2 * 1024 * 1024 * 1024;
}
/** statfs(2) */
const TMPFS = 0x01021994;
/** Why recordings in that folder would not go past a page cache to a disk; undefined: they would. */
async function findIndirection(folder: string): Promise<string | undefined> {
  if (statfsSync(folder).type === TMPFS) return "it is in memory";
  let isRefused = false;
  const probe = await mkdtemp(join(folder, "citywatch-direct-"));
  try {
    const file = await createFilePort(() => { isRefused = true; }).create(join(probe, "file"));
    await file.close();
  } finally {
    await rm(probe, { recursive: true });
  }
  return isRefused ? "it takes no direct writes" : undefined;
}

const lastOf = ({ steps }: Session, what: "received" | "sounds" | "written"): number => steps.at(-1)?.[what] ?? 0;
/** What had come when the last step began: with its end, all of it that was given to the disk is there. */
const beforeLastStep = ({ steps }: Session, what: "received" | "sounds"): number => steps.at(-2)?.[what] ?? 0;
const isTelling = ({ steps }: Session): boolean => steps.length >= TELLING_STEPS;
const canBeJudged = ({ steps }: Session): boolean => steps.length >= 2;

/** It loads while another one records, out of what the first of all has compiled: else the processor would do nothing but that. */
const forkProcess = (cache: string): ChildProcess =>
  fork(new URL("./watched-recorder.ts", import.meta.url), { stdio: ["ignore", "ignore", "inherit", "ipc"], execArgv: ["--disable-warning=ExperimentalWarning"], env: { ...process.env, NODE_COMPILE_CACHE: cache } });
async function compileOnce(cache: string): Promise<void> {
  const child = forkProcess(cache);
  child.disconnect(); // nothing to do: it ends by itself, and keeps what it compiled
  await once(child, "exit");
}
const isAlive = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/** Starts the recorder of a process; resolves when it is ready, with the steps that it tells from then on. */
async function startRecorderOf(child: ChildProcess, config: ToWatched): Promise<readonly (readonly Progress[])[]> {
  const steps: (readonly Progress[])[] = [];
  await new Promise<void>((resolve, reject) => {
    child.on("message", (message: FromWatched) => {
      if (message.type === "step") steps.push(message.cameras);
      else if (message.type === "ready") resolve();
      else reject(new Error(message.message));
    });
    child.once("exit", () => reject(new Error("the recorder's process ended before it was ready")));
    child.send(config);
  });
  return steps;
}
/** All that it told before is heard by then. */
async function kill(child: ChildProcess): Promise<void> {
  const gone = Promise.all([once(child, "exit"), once(child, "disconnect")]);
  child.kill("SIGKILL");
  await gone;
}

test("[RCD9] [RCD11] [SND3] [RET4] kill -9, a hundred times under load: at most the last second is missing, and the rest is whole and is what was sent", { timeout: 1_800_000 }, async (t) => {
  const random = createRandom(20_261_123);
  const memory = hasRoom(MEMORY) ? MEMORY : tmpdir();
  const indirection = await findIndirection(tmpdir());
  if (indirection !== undefined) t.diagnostic(`no kill falls on direct writes and syncs of a disk: ${indirection} (${tmpdir()}; TMPDIR says where else)`);
  const cache = await mkdtemp(join(memory, "citywatch-kills-"));
  const facts: Facts = { closed: 0, deleted: 0, kills: 0 };
  const startedAt = Date.now();
  const groups: { readonly where: string; readonly outcomes: Outcome[] }[] = [{ where: indirection === undefined ? "on a disk" : "in the temporary folder", outcomes: [] }, { where: "in memory", outcomes: [] }];
  try {
    await compileOnce(cache);
    // All are waited for, so that a failure leaves no process behind.
    const ends = await Promise.allSettled(Array.from({ length: RECORDERS }, async (_, i) => {
      const onDisk = i < ON_DISK;
      groups[onDisk ? 0 : 1]!.outcomes.push(...(await killAgainAndAgain({ cache, parent: onDisk ? tmpdir() : memory, random, facts })));
    }));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
  t.diagnostic(`${facts.kills} kills in ${Math.round((Date.now() - startedAt) / 1_000)} s, ${facts.closed} segments with sound closed, ${facts.deleted} deleted meanwhile`);
  for (const { where, outcomes } of groups) {
    const judged = outcomes.filter(canBeJudged);
    const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((all, outcome) => all + of(outcome), 0);
    const lost = judged.map((outcome) => lastOf(outcome, "received") - outcome.pictures);
    t.diagnostic(`${where}: ${outcomes.length} sessions, ${sum(({ pictures }) => pictures)} of ${sum(({ sent }) => sent)} pictures and ${sum(({ sounds }) => sounds)} packets of sound left and compared; ${judged.length} sessions could be judged, ${outcomes.filter(isTelling).length} of them as long as was wanted; on average the last ${Math.round((lost.reduce((a, b) => a + b, 0) / judged.length) * FRAME_MS)} ms lost of what came, at worst ${Math.max(...lost) * FRAME_MS} ms`);
    for (const outcome of outcomes) {
      const { steps, pictures, sounds } = outcome;
      assert.ok(pictures >= lastOf(outcome, "written"), `${pictures} pictures are left where the disk had taken ${lastOf(outcome, "written")}`);
      for (const { received, handed } of steps) assert.ok(received - handed <= FRAGMENT_PICTURES, `${received - handed} pictures were not given to the disk`);
      assert.ok(pictures >= beforeLastStep(outcome, "received") - FRAGMENT_PICTURES, `${pictures} pictures are left of ${beforeLastStep(outcome, "received")} that had come before the last step`);
      assert.ok(sounds >= beforeLastStep(outcome, "sounds") - SOUND_PACKETS, `${sounds} packets of sound are left of ${beforeLastStep(outcome, "sounds")} that had come before the last step`);
    }
    assert.ok(judged.length >= LEAST_JUDGED, `${where} only ${judged.length} of ${outcomes.length} sessions could be judged`);
  }
  assert.ok(facts.kills >= 100, `only ${facts.kills} kills`);
  assert.ok(facts.deleted > 0, "kills fell among deletions");
});

const stepsOf = (cameraId: number, steps: readonly (readonly Progress[])[]): Progress[] => steps.flatMap((cameras) => cameras.filter((each) => each.cameraId === cameraId && each.written > 0));

/** One recorder and its cameras, killed in each round and started again on the same folder. */
async function killAgainAndAgain({ cache, parent, random, facts }: { readonly cache: string; readonly parent: string; readonly random: Random; readonly facts: Facts }): Promise<Outcome[]> {
  const folder = await mkdtemp(join(parent, "citywatch-kills-"));
  const centre = new TestCentre();
  const sources = Array.from({ length: CAMERAS }, () => new TestCamera({ behaviour: "plays", gop: GOP, frameMs: FRAME_MS, sliceBytes: SLICE_BYTES, sound: true }));
  const outcomes: Outcome[] = [];
  let rounds: Round[] = [];
  let child = forkProcess(cache);
  let spare: ChildProcess | undefined;
  try {
    await centre.start();
    for (const source of sources) await source.start();
    centre.cameras = sources.map((source, i) => camera(i + 1, source.address, { sound: true, retentionDays: 30 }));
    const recordingsDir = join(folder, "recordings");
    const config: ToWatched = {
      role: "recorder", version: "test", recorderId: 1, centreUrl: centre.url, token: LINK_TOKEN, recordingsDir, host: "127.0.0.1", port: 0, mediaUrl: "http://127.0.0.1:0", cameraNetworks: LOOPBACK_NETWORKS, mostRecordingBytes: MOST_BYTES, evidencePage: "",
      pace: PACE,
    };
    let telling = 0;
    for (let round = 0; round < MOST_ROUNDS && (round < ROUNDS || telling < ROUNDS); round++) {
      const from = Date.now();
      const steps = await startRecorderOf(child, config);
      spare = forkProcess(cache);
      await until("pictures of all cameras", () => sources.every((source) => source.sentInSession !== undefined));
      const sinceMs = performance.now();
      const sessionMs = LEAST_SESSION_MS + random.integer(SESSION_SPREAD_MS);
      await until("the session to last", () => {
        const ms = performance.now() - sinceMs;
        return (ms >= sessionMs && sources.every((_, i) => stepsOf(i + 1, steps).length >= TELLING_STEPS)) || ms >= MOST_SESSION_MS;
      });
      const sent = sources.map(({ sentInSession }) => sentInSession);
      await kill(child);
      facts.kills++;
      rounds.push({ from, to: Date.now(), sessions: sent.flatMap((count, i) => (count === undefined ? [] : [{ cameraId: i + 1, sent: count, steps: stepsOf(i + 1, steps) }])) });
      if (rounds.at(-1)!.sessions.every(isTelling)) telling++;
      child = spare;
      await until("the cameras to see it gone", () => sources.every((source) => source.sentInSession === undefined));
      if (round % 2 === 1 && round < ROUNDS - 1) continue; // the recorder's own start puts it right
      outcomes.push(...(await lookAt(recordingsDir, rounds, facts)));
      rounds = [];
    }
    return outcomes;
  } finally {
    for (const each of [child, spare]) if (each !== undefined && isAlive(each)) each.kill("SIGKILL");
    for (const source of sources) await source.stop();
    await centre.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is left of the last rounds, after it was put right as a start does. */
async function lookAt(folder: string, rounds: readonly Round[], facts: Facts): Promise<Outcome[]> {
  const index = new IndexStore(join(folder, "index.sqlite"));
  try {
    await repairRecordings(folder, index, (fields, message) => assert.fail(`${message} ${JSON.stringify(fields)}`));
    const report = await checkRecordings(folder, index, () => undefined);
    assert.deepEqual(report.findings, []);
    const { crashes } = index.database.prepare("SELECT count(*) AS crashes FROM run WHERE cause <> 'recorder-crashed'").get() as { crashes: number };
    assert.equal(crashes, 0, "each run ended by a kill, and says so");
    facts.deleted += (index.database.prepare("SELECT count(*) AS n FROM gap WHERE cause IN ('deleted', 'deleted-early')").get() as { n: number }).n;
    const outcomes: Outcome[] = [];
    for (const { from, to, sessions } of rounds) {
      for (const session of sessions) {
        const { cameraId, sent } = session;
        const pictures = await countPictures(folder, index, cameraId, from, to);
        const files = listTrackFiles(index, "sound", cameraId, from, to);
        const sounds = await countSoundPackets(folder, files.map(({ segmentId }) => soundPath(folder, cameraId, segmentId)));
        assert.ok(pictures <= sent && sounds <= sent, `${pictures} pictures and ${sounds} packets of sound of ${sent}`);
        facts.closed += files.filter(({ sha256 }) => sha256 !== null).length;
        outcomes.push({ ...session, pictures, sounds });
      }
    }
    return outcomes;
  } finally {
    index.close();
  }
}

/** How many packets of sound of a session are on disk, each compared with what was sent: all bytes of the n-th are n, and none is missing between the first and the last. */
async function countSoundPackets(root: string, paths: readonly string[]): Promise<number> {
  let count = 0;
  let expected: number | undefined;
  for (const path of paths) {
    const bytes = await readFile(path);
    const read = parseSoundFile(bytes);
    if (!read.ok) assert.fail(`${relative(root, path)}: ${read.error}`);
    for (const { offset, bytes: length } of read.value.units) {
      assert.equal(length % SOUND_PACKET_BYTES, 0, `${relative(root, path)}: a piece of a packet`);
      for (let at = offset; at < offset + length; at += SOUND_PACKET_BYTES) {
        const first = bytes[at]!;
        assert.equal(first, expected ?? first, `${relative(root, path)}, byte ${at}: another packet than the next`);
        assert.ok(bytes.subarray(at, at + SOUND_PACKET_BYTES).every((byte) => byte === first), `${relative(root, path)}, byte ${at}: not the bytes that were sent`);
        expected = (first + 1) & 0x7f;
        count++;
      }
    }
  }
  return count;
}

/** How many pictures of a session are on disk, each compared with what was sent: the n-th of a session holds bytes that only it has. */
async function countPictures(root: string, index: IndexStore, cameraId: number, from: number, to: number): Promise<number> {
  const sql = "SELECT segment_id, init_bytes FROM segment JOIN run USING (run_id) WHERE segment.camera_id = ? AND run.start_ms BETWEEN ? AND ? AND segment.state <> 'deleting' ORDER BY segment_id";
  const rows = index.database.prepare(sql).all(cameraId, from, to) as unknown as { segment_id: number; init_bytes: number }[];
  let at = 0;
  for (const row of rows) {
    const bytes = await readFile(segmentPath(root, cameraId, row.segment_id));
    const samples = readStoredSamples(bytes.subarray(row.init_bytes));
    if (!samples.ok) assert.fail(samples.error);
    for (const sample of samples.value) {
      const isKey = at % GOP === 0;
      assert.equal(sample.key, isKey, `camera ${cameraId}, picture ${at}`);
      const slice = makeSlice(isKey ? 0x65 : 0x41, isKey ? SLICE_BYTES * 2 : SLICE_BYTES, at);
      const whole = Buffer.from(sample.bytes.subarray(sample.start, sample.start + sample.length));
      assert.ok(whole.subarray(whole.length - slice.length).equals(slice), `camera ${cameraId}, picture ${at}: not the bytes that were sent`);
      at++;
    }
  }
  return at;
}
