// One camera's worker, driven as its session drives it: the clock is the test's, packets are handed in, and no address may be joined (loopback is refused),
// so nothing goes over a network.
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { JOINING_DEFAULTS } from "../../../contract/cameras.ts";
import { createRandom } from "../../../base/random.ts";
import { H264Packetizer } from "../../../media/rtp/h264-packetizer.ts";
import { decodeBase64 } from "../../../protocol/rtsp/challenge.ts";
import { LOOPBACK_NETWORKS, parseCameraNetworks } from "../../../video/camera/camera-networks.ts";
import { GopBudget, type LiveViewerPort } from "../../../video/live/live-stream.ts";
import { PreRollBudget } from "../../../video/recording/pre-roll.ts";
import type { StoredCamera } from "../camera-list.ts";
import { CameraPool } from "../camera-pool.ts";
import { CameraWorker } from "../camera-worker.ts";
import { ChunkArena } from "../chunk-arena.ts";
import { IndexStore } from "../index-store.ts";
import { createFilePort } from "../file-port.ts";
import { TrackFileBudget } from "../track-file-writer.ts";
import type { WorkerContext } from "../worker-context.ts";

const SPS = decodeBase64("Z0LAHtkDxWhAAAADAEAAAAwDxYuS")!;
const PPS = decodeBase64("aMuMsg==")!;
export const CAMERA: StoredCamera = { cameraId: 1, code: "C1", name: "camera", address: "rtsp://127.0.0.1:1/live", userName: null, password: null, sound: false, metadata: false, ...JOINING_DEFAULTS, retentionDays: 1 };
export const T0 = 1_790_000_000_000;
const MOST_STOP_MS = 5_000;

export class TestClock {
  mono = 5_000;
  wall = T0;
  wallMs(): number { return this.wall; }
  monotonicMs(): number { return this.mono; }
  pass(ms: number): void {
    this.mono += ms;
    this.wall += ms;
  }
}

export class TestViewer implements LiveViewerPort {
  readonly got: string[] = [];
  readonly wallTimes: number[] = [];
  waitingBytes(): number { return 0; }
  onInit(): void { this.got.push("init"); }
  onFragment(_fragment: Uint8Array, key: boolean, wallMs: number): void {
    this.got.push(key ? "K" : "d");
    this.wallTimes.push(wallMs);
  }
  onDropped(frames: number): void { this.got.push(`dropped ${frames}`); }
  onGone(): void { this.got.push("gone"); }
}

/** What a camera sends, picture by picture, 40 ms apart. */
export class Pictures {
  readonly #clock: TestClock;
  readonly #packetizer = new H264Packetizer({ payloadType: 96, ssrc: 1, firstSequence: 1, channel: 0, mostPayloadBytes: 1_400 });
  #frame = 0;

  constructor(clock: TestClock) {
    this.#clock = clock;
  }

  send(to: CameraWorker, count: number, gop = 25): void {
    for (let i = 0; i < count; i++, this.#frame++) {
      const slice = this.#frame % gop === 0 ? new Uint8Array(600).fill(0x65) : new Uint8Array(300).fill(0x41);
      new DataView(slice.buffer).setUint32(slice.length - 4, this.#frame); // by which it is known again
      const nals = this.#frame % gop === 0 ? [SPS, PPS, slice] : [slice];
      const bytes = this.#packetizer.packetize(nals, this.#frame * 3_600);
      for (let at = 0; at < bytes.length;) {
        const end = at + 4 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
        to.onBytes(this.#clock.monotonicMs());
        to.onRtp(bytes, at + 4, end);
        at = end;
      }
      this.#clock.pass(40);
    }
  }
}

export const createWorkerContext = (root: string, index: IndexStore, clock: TestClock): WorkerContext => ({
  root, index, clock, random: createRandom(1), chunks: new ChunkArena(1e8), gopBudget: new GopBudget(1e8), trackFileBudget: new TrackFileBudget(1e8), preRollBudget: new PreRollBudget(1e8), timeZone: () => "UTC",
  files: createFilePort(), isHeldNow: () => false, hasRoom: () => true, onDiskFull: () => undefined,
  counters: { bytesWritten: 0, bytesOpen: 0, writes: 0, fsyncs: 0, failures: 0 },
  session: { userAgent: "test", connectTimeoutMs: 1e9, requestTimeoutMs: 1e9, addressPolicy: { networks: [] }, clock }, log: () => undefined,
});

/** Takes connections and never answers: a worker's own session neither ends nor brings anything while the test hands in pictures. */
export async function listenMutely(): Promise<{ readonly address: string; close(): void }> {
  const server = createServer((socket) => socket.on("error", () => undefined));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/live`, close: () => server.close() };
}
/** Cameras of this machine may be joined. */
export function onLoopback(context: WorkerContext): WorkerContext {
  const loopback = parseCameraNetworks(LOOPBACK_NETWORKS);
  if (!loopback.ok) throw new Error("the loopback networks cannot be read");
  return { ...context, session: { ...context.session, addressPolicy: loopback.value } };
}

/** What was created and may still run. */
const running = new Set<CameraWorker | CameraPool>();
export function createWorker(camera: StoredCamera, context: WorkerContext): CameraWorker {
  const worker = new CameraWorker(camera, context);
  running.add(worker);
  return worker;
}
export function createPool(context: WorkerContext): CameraPool {
  const pool = new CameraPool(context);
  running.add(pool);
  return pool;
}
/** After each test: one that fails in its midst leaves nothing that keeps the process, or writes into the next one's folder. A disk that a test holds is not waited for. */
export async function stopRunning(): Promise<void> {
  const all = [...running];
  running.clear();
  const left = new AbortController();
  await Promise.race([Promise.allSettled(all.map((each) => each.stop("recorder-stopped"))), wait(MOST_STOP_MS, undefined, { signal: left.signal }).catch(() => undefined)]);
  left.abort();
}

export interface WorkerWorld {
  readonly root: string;
  readonly index: IndexStore;
  readonly clock: TestClock;
  readonly context: WorkerContext;
  close(): Promise<void>;
}
/** A folder of its own with an index in it. */
export async function createWorkerWorld(): Promise<WorkerWorld> {
  const root = await mkdtemp(join(tmpdir(), "citywatch-worker-"));
  const index = new IndexStore(join(root, "index.sqlite"));
  const clock = new TestClock();
  const close = async (): Promise<void> => {
    await stopRunning();
    index.close();
    await rm(root, { recursive: true, force: true });
  };
  return { root, index, clock, context: createWorkerContext(root, index, clock), close };
}

/** Joins (no connection is made: the address is refused, later) and plays. */
export function play(worker: CameraWorker, clock: TestClock): void {
  clock.pass(2_000);
  worker.tick();
  begin(worker);
}
export function begin(worker: CameraWorker): void {
  const track = { kind: "video", codec: "h264", payloadType: 96, control: "", parameterSets: [] } as const;
  const sound = { kind: "audio", codec: "pcma", payloadType: 8, clockHz: 8_000, channels: 1, control: "" } as const;
  const metadata = { kind: "metadata", payloadType: 107, clockHz: 90_000, control: "" } as const;
  const tracks = [track, sound, metadata].map((each, at) => ({ track: each, path: { kind: "tcp", channel: at * 2 }, ssrc: undefined }) as const);
  worker.onPlaying({ track, tracks, passedOver: [], rtpInfo: [], server: undefined, trackNames: [] });
}
