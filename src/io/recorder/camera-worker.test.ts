// One camera's worker, driven as its session drives it: the clock is the test's, packets are handed in, and no address may be joined (loopback is refused),
// so nothing goes over a network.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { createRandom } from "../../base/random.ts";
import { H264Packetizer } from "../../media/rtp/h264-packetizer.ts";
import { decodeBase64 } from "../../protocol/rtsp/challenge.ts";
import { GopBudget, type LiveViewerPort } from "../../video/live/live-stream.ts";
import type { StoredCamera } from "./camera-list.ts";
import { CameraPool } from "./camera-pool.ts";
import { CameraWorker, type WorkerContext } from "./camera-worker.ts";
import { IndexStore } from "./index-store.ts";
import { WriteBudget } from "./recording-writer.ts";

const SPS = decodeBase64("Z0LAHtkDxWhAAAADAEAAAAwDxYuS")!;
const PPS = decodeBase64("aMuMsg==")!;
const T0 = 1_790_000_000_000;
const CAMERA: StoredCamera = { cameraId: 1, code: "C1", name: "camera", address: "rtsp://127.0.0.1:1/live", userName: null, password: null, recording: "continuous", retentionDays: 1 };

class TestClock {
  mono = 5_000;
  wall = T0;
  wallMs(): number { return this.wall; }
  monotonicMs(): number { return this.mono; }
  pass(ms: number): void {
    this.mono += ms;
    this.wall += ms;
  }
}

class TestViewer implements LiveViewerPort {
  readonly got: string[] = [];
  waitingBytes(): number { return 0; }
  onInit(): void { this.got.push("init"); }
  onFragment(_fragment: Uint8Array, key: boolean): void { this.got.push(key ? "K" : "d"); }
  onDropped(frames: number): void { this.got.push(`dropped ${frames}`); }
}

/** What a camera sends, picture by picture, 40 ms apart. */
class Pictures {
  readonly #packetizer = new H264Packetizer({ payloadType: 96, ssrc: 1, firstSequence: 1, channel: 0, mostPayloadBytes: 1_400 });
  #frame = 0;
  send(to: CameraWorker, count: number, gop = 25): void {
    for (let i = 0; i < count; i++, this.#frame++) {
      const nals = this.#frame % gop === 0 ? [SPS, PPS, new Uint8Array(600).fill(0x65)] : [new Uint8Array(300).fill(0x41)];
      const bytes = this.#packetizer.packetize(nals, this.#frame * 3_600);
      for (let at = 0; at < bytes.length;) {
        const end = at + 4 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
        to.onRtp(bytes, at + 4, end);
        at = end;
      }
      clock.pass(40);
    }
  }
}

let root = "";
let index: IndexStore;
let clock: TestClock;
let context: WorkerContext;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "citywatch-worker-"));
  index = new IndexStore(join(root, "index.sqlite"));
  clock = new TestClock();
  context = {
    root, index, clock, random: createRandom(1), writeBudget: new WriteBudget(1e8), gopBudget: new GopBudget(1e8), counters: { bytesWritten: 0, writes: 0, fsyncs: 0, failures: 0 },
    session: { userAgent: "test", connectTimeoutMs: 1_000, requestTimeoutMs: 1_000, addressPolicy: { allowLoopback: false }, clock }, log: () => undefined,
  };
});
afterEach(async () => {
  index.close();
  await rm(root, { recursive: true, force: true });
});

function play(worker: CameraWorker): void {
  const track = { codec: "h264", payloadType: 96, control: "", parameterSets: [] } as const;
  worker.onPlaying({ track, channel: 0, ssrc: undefined, rtpInfo: [], server: undefined, trackNames: [] });
}

test("[LIV4] a viewer of a camera that is not connected gets nothing until its next key frame", async () => {
  const worker = new CameraWorker(CAMERA, context);
  play(worker);
  new Pictures().send(worker, 10);
  worker.onEnded("closed", "the camera closed the connection");
  clock.pass(3 * 3_600_000);
  const viewer = new TestViewer();
  worker.addViewer(viewer);
  assert.deepEqual(viewer.got, []);
  play(worker);
  new Pictures().send(worker, 2);
  assert.deepEqual(viewer.got, ["init", "K", "d"]);
  await worker.stop("not-wanted");
});

test("[LIV4] a camera that is removed gives back the bytes of its kept GOP", async () => {
  const pool = new CameraPool(context);
  pool.put(CAMERA);
  const worker = pool.find(1)!;
  play(worker);
  new Pictures().send(worker, 10);
  assert.ok(context.gopBudget.used > 0);
  pool.remove(1);
  assert.equal(context.gopBudget.used, 0);
  await pool.stop("recorder-stopped");
});
