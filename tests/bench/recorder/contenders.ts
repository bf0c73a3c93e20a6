// What is measured side by side: the recorder as it runs, its parts with something left out, ffmpeg and MediaMTX where they are there, and the floor. Each gets cameras of its own from one
// sender, settles, and is then measured by the processor time of its processes over some seconds.
import { type ChildProcess, execFileSync, fork, spawn } from "node:child_process";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { RecorderConfig } from "../../../src/app/roles.ts";
import { checkRecordings } from "../../../src/io/recorder/check-recordings.ts";
import { IndexStore } from "../../../src/io/recorder/index-store.ts";
import { LINK_TOKEN, TestCentre, camera, until } from "../../recorder/test-centre.ts";
import { AS_RECORDER } from "./as-recorder.ts";
import type { BareConfig } from "./bare-recorder.ts";
import type { FarmConfig, FromFarm } from "./camera-farm.ts";
import { readChildSeconds, readCpuSeconds, readMachineBusy, readMemory } from "./measure.ts";

const FARM: FarmConfig = { bitsPerSecond: 4_000_000, framesPerSecond: 25, gopFrames: 50, seed: 1 };
const HERE = import.meta.dirname;
/** Until what runs often is compiled: a recorder runs for months. */
const SETTLE_MS = 15_000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const nextMessage = <T>(child: ChildProcess, what: string): Promise<T> => new Promise((resolve, reject) => {
  child.once("message", (message) => resolve(message as T));
  child.once("exit", (code) => reject(new Error(`${what} ended with ${code}`)));
});

interface Farm {
  readonly rtspPort: number;
  readonly barePort: number;
  stopSending(): Promise<Extract<FromFarm, { type: "sent" }>["cameras"]>;
}
async function withFarm<T>(work: (farm: Farm) => Promise<T>): Promise<T> {
  const child = fork(join(HERE, "camera-farm.ts"), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  try {
    child.send({ type: "start", config: FARM });
    const ready = await nextMessage<FromFarm>(child, "the sender");
    if (ready.type !== "ready") throw new Error("the sender did not start");
    return await work({
      ...ready,
      stopSending: async () => {
        const answer = nextMessage<FromFarm>(child, "the sender");
        child.send({ type: "stop-sending" });
        const sent = await answer;
        return sent.type === "sent" ? sent.cameras : [];
      },
    });
  } finally {
    child.removeAllListeners("exit");
    child.kill();
  }
}

export interface Used {
  readonly cpuSeconds: number;
  readonly seconds: number;
  readonly machineBusy: number; // share of all cores, by everything
}
/** Processor time of these processes over `seconds`. */
async function measure(pids: readonly number[], seconds: number): Promise<Used> {
  const sum = (): number => pids.reduce((all, pid) => all + readCpuSeconds(pid), 0);
  const machine = readMachineBusy();
  const before = sum();
  const start = performance.now();
  await sleep(seconds * 1_000);
  const passed = (performance.now() - start) / 1_000;
  const machineAfter = readMachineBusy();
  return { cpuSeconds: sum() - before, seconds: passed, machineBusy: (machineAfter.busy - machine.busy) / (machineAfter.all - machine.all) };
}
export const camerasPerCore = (cameras: number, used: Used): number => cameras / (used.cpuSeconds / used.seconds);

export interface RecorderOutcome {
  readonly used: Used;
  readonly lost: number;
  readonly late: number;
  readonly recorded: number;
  /** Memory of the process before the first camera, and after each fifth of the time. */
  readonly emptyBytes: number;
  readonly memory: readonly { readonly atS: number; readonly bytes: number }[];
  /** Of the programs that it started and that have ended: ffmpeg, which looks at pictures. */
  readonly childSeconds: number;
  readonly writesPerSecond: number;
  readonly fsyncsPerSecond: number;
  readonly runsInterrupted: number;
  readonly mostOnDiskBytes: number;
  /** Of a check of what is left, bytes against index against hashes. */
  readonly findings: number;
}

async function readMetrics(port: number): Promise<(name: string) => number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return (name) => Number(new RegExp(`^citywatch_recorder_${name} (\\S+)$`, "m").exec(text)?.[1] ?? Number.NaN);
}

/** The recorder role in a process of its own, linked to a centre that tells it `cameras`. */
export async function benchRecorder(dir: string, cameras: number, seconds: number, mostBytes: number): Promise<RecorderOutcome> {
  return withFarm(async (farm) => {
    const centre = new TestCentre();
    await centre.start();
    const child = fork(join(HERE, "..", "..", "recorder", "recorder-process.ts"), AS_RECORDER);
    const pid = child.pid!;
    try {
      const config: RecorderConfig = {
        role: "recorder", version: "bench", recorderId: 1, centreUrl: centre.url, token: LINK_TOKEN, recordingsDir: dir, host: "127.0.0.1", port: 0, mediaUrl: "http://127.0.0.1:1",
        cameraNetworks: "127.0.0.0/8", evidencePage: "", mostRecordingBytes: mostBytes,
      };
      child.send(config);
      const { port } = await nextMessage<{ port: number }>(child, "the recorder");
      await sleep(2_000);
      const emptyBytes = readMemory(pid);
      const joined = (): number => [...centre.health.values()].filter((health) => health.state === "connected").length;
      centre.tell(Array.from({ length: cameras }, (_, i) => camera(i + 1, `rtsp://127.0.0.1:${farm.rtspPort}/c${i + 1}`)));
      await until("every camera joined", () => joined() === cameras, 120_000);
      await sleep(SETTLE_MS);
      const memory = [{ atS: 0, bytes: readMemory(pid) }];
      let mostOnDiskBytes = 0;
      const started = performance.now();
      const look = (): void => {
        mostOnDiskBytes = Math.max(mostOnDiskBytes, sumFiles(join(dir, "segments")));
        const atS = (performance.now() - started) / 1_000;
        if (atS < memory.length * (seconds / 5) - 1) return;
        memory.push({ atS: Math.round(atS), bytes: readMemory(pid) });
      };
      const looking = setInterval(look, Math.min(10_000, seconds * 200));
      const before = await readMetrics(port);
      const childrenBefore = readChildSeconds(pid);
      const used = await measure([pid], seconds);
      const childSeconds = readChildSeconds(pid) - childrenBefore;
      clearInterval(looking);
      look();
      const after = await readMetrics(port);
      const perSecond = (name: string): number => (after(name) - before(name)) / used.seconds;
      const sent = await farm.stopSending();
      await until("every camera gone", () => joined() === 0, 60_000);
      const frames = sent.reduce((sum, each) => sum + each.frames, 0);
      // What is on its way to the disk gets there; where something was lost, it never does.
      const read = async (): Promise<number> => (await readMetrics(port))("pictures_written");
      await until("every picture recorded", async () => (await read()) >= frames, 10_000).catch(() => undefined);
      const recorded = await read();
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.send({ type: "stop" });
      await ended;
      const index = new DatabaseSync(join(dir, "index.sqlite"), { readOnly: true });
      const runs = Number((index.prepare("SELECT count(*) AS n FROM run").get() as { n: number }).n);
      const inIndex = Number((index.prepare("SELECT sum(frames) AS n FROM segment WHERE state = 'closed'").get() as { n: number }).n);
      const deleted = Number((index.prepare("SELECT count(*) AS n FROM gap WHERE cause LIKE 'deleted%'").get() as { n: number }).n);
      index.close();
      const findings = await checkLeft(dir);
      if (deleted === 0 && inIndex !== recorded) throw new Error(`the recorder counted ${recorded} pictures, its index holds ${inIndex}`);
      return {
        used, recorded, lost: frames - recorded, late: sent.reduce((sum, each) => sum + each.late, 0), emptyBytes, memory, childSeconds, writesPerSecond: perSecond("writes"),
        fsyncsPerSecond: perSecond("fsyncs"), runsInterrupted: runs - cameras, mostOnDiskBytes, findings,
      };
    } finally {
      if (child.exitCode === null) child.kill("SIGKILL");
      await centre.stop();
    }
  });
}

async function checkLeft(dir: string): Promise<number> {
  const index = new IndexStore(join(dir, "index.sqlite"));
  try {
    return (await checkRecordings(dir, index, () => undefined)).findings.length;
  } finally {
    index.close();
  }
}

function sumFiles(dir: string): number {
  let sum = 0;
  for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) sum += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0; // gone between the two
  }
  return sum;
}

/** The recorder's parts without centre and media server, with something left out or added. */
export async function benchBare(dir: string, cameras: number, seconds: number, parts: BareConfig["parts"]): Promise<Used> {
  return withFarm(async (farm) => {
    const child = fork(join(HERE, "bare-recorder.ts"), AS_RECORDER);
    try {
      child.send({ dir, cameras, rtspPort: farm.rtspPort, parts } satisfies BareConfig);
      await nextMessage(child, "the bare recorder");
      await sleep(SETTLE_MS);
      return await measure([child.pid!], seconds);
    } finally {
      child.kill("SIGKILL");
    }
  });
}

export interface PeerOutcome {
  readonly used: Used;
  readonly bytesPerCamera: number;
}
const countGrown = (dir: string): number => readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && statSync(join(entry.parentPath, entry.name)).size > 100_000).length;

export async function benchFfmpeg(dir: string, cameras: number, seconds: number): Promise<PeerOutcome> {
  return withFarm(async (farm) => {
    const children: ChildProcess[] = Array.from({ length: cameras }, (_, i) =>
      spawn("ffmpeg", ["-nostdin", "-loglevel", "quiet", "-rtsp_transport", "tcp", "-i", `rtsp://127.0.0.1:${farm.rtspPort}/f${i}`, "-c", "copy", "-f", "segment", "-segment_time", "60",
        "-segment_format", "mp4", "-segment_format_options", "movflags=+frag_keyframe+empty_moov+default_base_moof", join(dir, `f${i}-%05d.mp4`)], { stdio: "ignore" }));
    try {
      await until("every ffmpeg writing", () => countGrown(dir) >= cameras, 120_000);
      await sleep(SETTLE_MS);
      const pids = children.map((child) => child.pid!);
      const used = await measure(pids, seconds);
      return { used, bytesPerCamera: Math.round(pids.reduce((sum, pid) => sum + readMemory(pid), 0) / cameras) };
    } finally {
      for (const child of children) child.kill("SIGKILL");
    }
  });
}

/** One process for all cameras, fMP4 segments of a minute, as ours. */
export async function benchMediaMtx(dir: string, cameras: number, seconds: number): Promise<PeerOutcome> {
  return withFarm(async (farm) => {
    const config = join(dir, "mediamtx.yml");
    const off = ["rtsp", "rtmp", "hls", "webrtc", "srt"].map((name) => `${name}: no`);
    const paths = Array.from({ length: cameras }, (_, i) => `  m${i}:\n    source: rtsp://127.0.0.1:${farm.rtspPort}/m${i}\n    rtspTransport: tcp`);
    writeFileSync(config, [...off, "logLevel: error", "pathDefaults:", "  record: yes", `  recordPath: ${dir}/%path/%Y-%m-%d_%H-%M-%S-%f`, "  recordFormat: fmp4", "  recordSegmentDuration: 60s", "paths:", ...paths, ""].join("\n"));
    const child = spawn("mediamtx", [config], { stdio: "ignore" });
    try {
      await until("MediaMTX writing", () => countGrown(dir) >= cameras, 120_000);
      await sleep(SETTLE_MS);
      const used = await measure([child.pid!], seconds);
      return { used, bytesPerCamera: Math.round(readMemory(child.pid!) / cameras) };
    } finally {
      child.kill("SIGKILL");
    }
  });
}

/** Undefined where the file system has no direct writes. */
export async function benchFloor(dir: string, program: string, way: "direct" | "cached", cameras: number, seconds: number): Promise<Used | undefined> {
  return withFarm(async (farm) => {
    const child = spawn(program, [String(farm.barePort), String(cameras), dir, String(seconds + 30), way], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const joined = await new Promise<boolean>((resolve) => {
        child.stdout.once("data", () => resolve(true));
        child.once("exit", () => resolve(false));
      });
      if (!joined) return undefined;
      await sleep(SETTLE_MS);
      return await measure([child.pid!], seconds);
    } finally {
      child.kill("SIGKILL");
    }
  });
}

export function isOnPath(name: string, ...args: string[]): boolean {
  try {
    execFileSync(name, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
