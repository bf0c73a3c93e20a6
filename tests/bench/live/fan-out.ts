// What viewers of one camera cost the recorder: processor time of its own process alone, with one viewer and with many by turns within one run, so that
// whatever else the machine does falls on both alike. The camera is the recorder bench's (4 Mbit/s, 25 pictures a second); the viewers are a process of their own.
import { type ChildProcess, type ForkOptions, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RecorderConfig } from "../../../src/app/roles.ts";
import { CONSOLE_ORIGIN, LINK_TOKEN, TestCentre, camera, until } from "../../recorder/test-centre.ts";
import { AS_RECORDER } from "../recorder/as-recorder.ts";
import type { FarmConfig, FromFarm } from "../recorder/camera-farm.ts";
import { readCpuSeconds } from "../recorder/measure.ts";
import type { FromViewers, ToViewers } from "./viewers.ts";

const FARM: FarmConfig = { bitsPerSecond: 4_000_000, framesPerSecond: 25, gopFrames: 50, seed: 1 };
const HERE = import.meta.dirname;
const SETTLE_MS = 2_000;

export interface FanOut {
  /** Share of one core, one number a turn. */
  readonly none: readonly number[];
  readonly one: readonly number[];
  readonly many: readonly number[];
  /** Pictures a second that the slowest of the many got, and what was left out for any. */
  readonly leastPerSecond: number;
  readonly dropped: number;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function start(path: string, options: ForkOptions = { stdio: AS_RECORDER.stdio }): ChildProcess {
  return fork(path, options);
}
function ask<T extends { readonly type: string }>(child: ChildProcess, message: object | undefined, wanted: T["type"]): Promise<T> {
  return new Promise((resolve, reject) => {
    const hear = (answer: unknown): void => {
      if ((answer as T).type !== wanted) return;
      child.off("message", hear);
      child.off("exit", end);
      resolve(answer as T);
    };
    const end = (code: number | null): void => reject(new Error(`a part of the bench ended with ${code}`));
    child.on("message", hear);
    child.once("exit", end);
    if (message !== undefined) child.send(message);
  });
}

/** `cameras` are recorded meanwhile; the first of them is watched. */
export async function measureFanOut(viewers: number, cameras: number, turns: number, secondsEach: number): Promise<FanOut> {
  const dir = mkdtempSync(join(process.env["CITYWATCH_BENCH_DIR"] ?? tmpdir(), "citywatch-bench-live-"));
  const centre = new TestCentre();
  const children: ChildProcess[] = [];
  try {
    await centre.start();
    const farm = start(join(HERE, "..", "recorder", "camera-farm.ts"));
    children.push(farm);
    const { rtspPort } = await ask<Extract<FromFarm, { type: "ready" }>>(farm, { type: "start", config: FARM }, "ready");
    const recorder = start(join(HERE, "..", "..", "recorder", "recorder-process.ts"), AS_RECORDER);
    children.push(recorder);
    const config: RecorderConfig = {
      role: "recorder", version: "bench", recorderId: 1, centreUrl: centre.url, token: LINK_TOKEN, recordingsDir: dir, host: "127.0.0.1", port: 0, mediaUrl: "http://127.0.0.1:1",
      cameraNetworks: "127.0.0.0/8", evidencePage: "", mostRecordingBytes: 4e9,
    };
    const { port } = await ask<{ type: "ready"; port: number }>(recorder, config, "ready");
    await until("the recorder's link", () => centre.links > 0);
    centre.tell(Array.from({ length: cameras }, (_, i) => camera(i + 1, `rtsp://127.0.0.1:${rtspPort}/c${i + 1}`)));
    await until("the cameras", () => [...centre.health.values()].filter(({ state }) => state === "connected").length === cameras);
    const audience = start(join(HERE, "viewers.ts"));
    children.push(audience);

    const measure = async (count: number): Promise<{ share: number; counted: Extract<FromViewers, { type: "counted" }>; seconds: number }> => {
      if (count > 0) {
        const tokens = await Promise.all(Array.from({ length: count }, () => centre.sign({}, 300_000)));
        await ask(audience, { type: "open", url: `ws://127.0.0.1:${port}/v1/live`, origin: CONSOLE_ORIGIN, cameraId: 1, tokens } satisfies ToViewers, "opened");
      }
      await sleep(SETTLE_MS);
      await ask(audience, { type: "count" } satisfies ToViewers, "counted");
      const before = readCpuSeconds(recorder.pid!);
      const begun = performance.now();
      await sleep(secondsEach * 1_000);
      const seconds = (performance.now() - begun) / 1_000;
      const share = (readCpuSeconds(recorder.pid!) - before) / seconds;
      const counted = await ask<Extract<FromViewers, { type: "counted" }>>(audience, { type: "count" } satisfies ToViewers, "counted");
      await ask(audience, { type: "close" } satisfies ToViewers, "closed");
      return { share, counted, seconds };
    };

    await measure(viewers); // once for the compiler
    const none: number[] = [];
    const one: number[] = [];
    const many: number[] = [];
    let leastPerSecond = Infinity;
    let dropped = 0;
    for (let turn = 0; turn < turns; turn++) {
      none.push((await measure(0)).share);
      one.push((await measure(1)).share);
      const { share, counted, seconds } = await measure(viewers);
      many.push(share);
      leastPerSecond = Math.min(leastPerSecond, counted.least / seconds);
      dropped += counted.dropped;
    }
    return { none, one, many, leastPerSecond, dropped };
  } finally {
    for (const child of children) {
      child.removeAllListeners("exit");
      child.kill("SIGKILL");
    }
    await centre.stop();
    await sleep(200);
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}
