// `npm run bench -- recorder [--cameras 400] [--seconds 60] [--ffmpeg 20] [--json]`: what recording costs, counted in processor time of the recorder's own
// process. In the same run and from the same sender: ffmpeg -c copy, a process a camera, where it is on the PATH; and the floor (recorder/floor.c, where
// there is a C compiler), which reads the same bytes from sockets and writes them. Nothing is lost only if the index holds as many pictures
// as the sender's kernel took. Needs about 30 MB of disk a camera and minute, given back at the end.
import { type ChildProcess, execFileSync, fork, spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { RecorderConfig } from "../../src/app/roles.ts";
import { LINK_TOKEN, TestCentre, camera, until } from "../recorder/test-centre.ts";
import type { FarmConfig, FromFarm } from "./recorder/camera-farm.ts";
import { canMeasure, readCpuSeconds, readMachineBusy, readMemory, readWriteCalls } from "./recorder/measure.ts";
import { type BenchFigure, printReport, readNumberOption, tellProgress } from "./report.ts";

const CAMERAS = readNumberOption("cameras", 400);
const SECONDS = readNumberOption("seconds", 60);
const FFMPEG = readNumberOption("ffmpeg", 20);
const SETTLE_MS = 5_000;
/** What the recordings may take of the disk; a run that writes more deletes meanwhile, and then counts what it lost by the runs alone. */
const MOST_BYTES = readNumberOption("gigabytes", 40) * 1e9;
const FARM: FarmConfig = { bitsPerSecond: 4_000_000, framesPerSecond: 25, gopFrames: 50, seed: 1 };
const HERE = import.meta.dirname;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const onPath = (name: string, ...args: string[]): boolean => {
  try {
    execFileSync(name, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

interface Farm {
  readonly rtspPort: number;
  readonly barePort: number;
  stopSending(): Promise<Extract<FromFarm, { type: "sent" }>["cameras"]>;
}
async function withFarm<T>(work: (farm: Farm) => Promise<T>): Promise<T> {
  const child = fork(join(HERE, "recorder", "camera-farm.ts"), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const next = (): Promise<FromFarm> => new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(message as FromFarm));
    child.once("exit", (code) => reject(new Error(`the sender ended with ${code}`)));
  });
  try {
    child.send({ type: "start", config: FARM });
    const ready = await next();
    if (ready.type !== "ready") throw new Error("the sender did not start");
    return await work({
      ...ready,
      stopSending: async () => {
        const answer = next();
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

interface Used {
  readonly cpuSeconds: number;
  readonly seconds: number;
  readonly machineBusy: number; // share of all cores, by everything
}
/** Processor time of these processes over `seconds`. */
async function measure(pids: () => readonly number[], seconds: number): Promise<Used> {
  const ids = pids();
  const machine = readMachineBusy();
  const before = ids.reduce((sum, pid) => sum + readCpuSeconds(pid), 0);
  const start = performance.now();
  await sleep(seconds * 1_000);
  const passed = (performance.now() - start) / 1_000;
  const after = ids.reduce((sum, pid) => sum + readCpuSeconds(pid), 0);
  const machineAfter = readMachineBusy();
  return { cpuSeconds: after - before, seconds: passed, machineBusy: (machineAfter.busy - machine.busy) / (machineAfter.all - machine.all) };
}
const camerasPerCore = (cameras: number, used: Used): number => cameras / (used.cpuSeconds / used.seconds);

interface RecorderOutcome {
  readonly used: Used;
  readonly lost: number;
  readonly late: number;
  readonly recorded: number;
  readonly bytesPerCamera: number;
  readonly growthPerCamera: number;
  readonly writesPerSecond: number;
  readonly gaps: number;
}
async function benchRecorder(dir: string): Promise<RecorderOutcome> {
  return withFarm(async (farm) => {
    const centre = new TestCentre();
    await centre.start();
    const child = fork(join(HERE, "..", "recorder", "recorder-process.ts"), { execArgv: ["--disable-warning=ExperimentalWarning"], stdio: ["ignore", "inherit", "inherit", "ipc"] });
    const pid = child.pid!;
    try {
      const config: RecorderConfig = {
        role: "recorder", version: "bench", recorderId: 1, centreUrl: centre.url, token: LINK_TOKEN, recordingsDir: dir, host: "127.0.0.1", port: 0, mediaUrl: "http://127.0.0.1:1",
        cameraNetworks: "127.0.0.0/8", evidencePage: "", mostRecordingBytes: MOST_BYTES,
      };
      child.send(config);
      await new Promise((resolve) => child.once("message", resolve));
      await sleep(2_000);
      const empty = readMemory(pid);
      centre.tell(Array.from({ length: CAMERAS }, (_, i) => camera(i + 1, `rtsp://127.0.0.1:${farm.rtspPort}/c${i + 1}`)));
      await until("every camera joined", () => [...centre.health.values()].filter((health) => health.state === "connected").length === CAMERAS, 120_000);
      await sleep(SETTLE_MS);
      const early = readMemory(pid);
      const writes = readWriteCalls(pid);
      const used = await measure(() => [pid], SECONDS);
      const writesPerSecond = (readWriteCalls(pid) - writes) / used.seconds;
      const late = readMemory(pid);
      const sent = await farm.stopSending();
      await until("every camera gone", () => [...centre.health.values()].every((health) => health.state !== "connected"), 60_000);
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.send({ type: "stop" });
      await ended;
      const index = new DatabaseSync(join(dir, "index.sqlite"), { readOnly: true });
      const recorded = Number((index.prepare("SELECT sum(frames) AS n FROM segment WHERE state = 'closed'").get() as { n: number }).n);
      const gaps = Number((index.prepare("SELECT count(*) AS n FROM run").get() as { n: number }).n) - CAMERAS;
      index.close();
      const frames = sent.reduce((sum, each) => sum + each.frames, 0);
      return {
        used, recorded, lost: frames - recorded, late: sent.reduce((sum, each) => sum + each.late, 0), writesPerSecond, gaps,
        bytesPerCamera: Math.round((early - empty) / CAMERAS), growthPerCamera: Math.round((late - early) / CAMERAS),
      };
    } finally {
      if (child.exitCode === null) child.kill("SIGKILL");
      await centre.stop();
    }
  });
}

async function benchFfmpeg(dir: string): Promise<{ readonly used: Used; readonly bytesPerCamera: number }> {
  return withFarm(async (farm) => {
    const children: ChildProcess[] = Array.from({ length: FFMPEG }, (_, i) =>
      spawn("ffmpeg", ["-nostdin", "-loglevel", "quiet", "-rtsp_transport", "tcp", "-i", `rtsp://127.0.0.1:${farm.rtspPort}/f${i}`, "-c", "copy", "-f", "segment", "-segment_time", "60",
        "-segment_format", "mp4", "-segment_format_options", "movflags=+frag_keyframe+empty_moov+default_base_moof", join(dir, `f${i}-%05d.mp4`)], { stdio: "ignore" }));
    try {
      await until("every ffmpeg writing", () => readdirSync(dir).filter((name) => statSync(join(dir, name)).size > 100_000).length >= FFMPEG, 120_000);
      await sleep(SETTLE_MS);
      const used = await measure(() => children.map((child) => child.pid!), SECONDS);
      const bytesPerCamera = Math.round(children.reduce((sum, child) => sum + readMemory(child.pid!), 0) / FFMPEG);
      return { used, bytesPerCamera };
    } finally {
      for (const child of children) child.kill("SIGKILL");
    }
  });
}

async function benchFloor(dir: string, program: string, way: "direct" | "cached"): Promise<Used | undefined> {
  return withFarm(async (farm) => {
    const child = spawn(program, [String(farm.barePort), String(CAMERAS), dir, String(SECONDS + 30), way], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const joined = await new Promise<boolean>((resolve) => {
        child.stdout.once("data", () => resolve(true));
        child.once("exit", () => resolve(false));
      });
      if (!joined) return undefined; // a file system without direct input and output
      await sleep(SETTLE_MS);
      return await measure(() => [child.pid!], SECONDS);
    } finally {
      child.kill("SIGKILL");
    }
  });
}

const inFolder = async <T>(work: (dir: string) => Promise<T>): Promise<T> => {
  const dir = mkdtempSync(join(process.env["CITYWATCH_BENCH_DIR"] ?? tmpdir(), "citywatch-bench-"));
  try {
    return await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};
const count = (value: number): string => Math.round(value).toLocaleString("en");
const times = (value: number): string => `${value.toFixed(2)} times`;

if (!canMeasure()) {
  tellProgress("this bench reads /proc and so runs on Linux only");
  process.exit(1);
}
tellProgress(`recorder: ${CAMERAS} cameras for ${SECONDS} s ...`);
const ours = await inFolder(benchRecorder);
const perCore = camerasPerCore(CAMERAS, ours.used);
const figures: BenchFigure[] = [
  { what: "cameras recorded at once, 4 Mbit/s, 25 pictures a second", value: count(CAMERAS) },
  { what: "cameras per core", value: count(perCore) },
  { what: "processor seconds per camera-hour", value: ((ours.used.cpuSeconds / ours.used.seconds / CAMERAS) * 3_600).toFixed(2) },
  { what: "pictures recorded", value: count(ours.recorded) },
  { what: "pictures lost", value: count(ours.lost), goal: "0" },
  { what: "pictures that the sender itself was late with", value: count(ours.late) },
  { what: "runs interrupted", value: count(ours.gaps), goal: "0" },
  { what: "memory a camera", value: `${(ours.bytesPerCamera / 1e6).toFixed(2)} MB`, goal: "under 1 MB" },
  { what: "its growth while measured", value: `${(ours.growthPerCamera / 1e6).toFixed(3)} MB` },
  { what: "write calls a second", value: count(ours.writesPerSecond) },
  { what: "machine busy meanwhile", value: `${Math.round(ours.used.machineBusy * 100)} %` },
];
const peers: Record<string, number> = {};
let ratioToFfmpeg: number | null = null;
let ratioToFloor: number | null = null;
if (onPath("ffmpeg", "-version")) {
  tellProgress(`ffmpeg -c copy: ${FFMPEG} processes for ${SECONDS} s ...`);
  const peer = await inFolder(benchFfmpeg);
  peers["ffmpeg"] = Math.round(camerasPerCore(FFMPEG, peer.used));
  ratioToFfmpeg = perCore / camerasPerCore(FFMPEG, peer.used);
  figures.push(
    { what: `ffmpeg -c copy (${FFMPEG} processes): cameras per core`, value: count(peers["ffmpeg"]!) },
    { what: "ffmpeg: memory a camera", value: `${(peer.bytesPerCamera / 1e6).toFixed(1)} MB` },
    { what: "cameras per core against ffmpeg", value: times(ratioToFfmpeg), goal: "at least 10" },
  );
} else figures.push({ what: "ffmpeg", value: "not on the PATH" });
if (onPath("cc", "--version")) {
  await inFolder(async (tools) => {
    const program = join(tools, "floor");
    execFileSync("cc", ["-O2", "-o", program, join(HERE, "recorder", "floor.c")]);
    for (const way of ["direct", "cached"] as const) {
      tellProgress(`floor, ${way}: ${CAMERAS} sockets for ${SECONDS} s ...`);
      const used = await inFolder((dir) => benchFloor(dir, program, way));
      if (used === undefined) continue;
      const floor = camerasPerCore(CAMERAS, used);
      peers[`floor-${way}`] = Math.round(floor);
      ratioToFloor = Math.max(ratioToFloor ?? 0, floor / perCore);
      figures.push({ what: `floor in C, ${way} writes: cameras per core`, value: count(floor) });
    }
  });
  if (ratioToFloor !== null) figures.push({ what: "processor time against the lowest floor", value: times(ratioToFloor), goal: "at most 2" });
} else figures.push({ what: "floor", value: "no C compiler" });
printReport("recorder", figures, {
  cameras: CAMERAS, camerasPerCore: Math.round(perCore), peers, ratioToFfmpeg, ratioToFloor, bytesPerCamera: ours.bytesPerCamera, samplesLost: ours.lost,
});
