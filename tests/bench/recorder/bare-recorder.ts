// The recorder's own parts (cameras, writer, index, disk threads) without centre and media server, so that one of them can be left out and its cost seen: the hash, the index, or, to the contrary,
// a viewer of each camera added. Runs as a process of its own.
import { join } from "node:path";
import { createRandom } from "../../../src/base/random.ts";
import { readCameraNetworks } from "../../../src/app/camera-networks.ts";
import { systemClock } from "../../../src/io/clock/clock.ts";
import { CameraPool } from "../../../src/io/recorder/camera-pool.ts";
import { ChunkArena } from "../../../src/io/recorder/chunk-arena.ts";
import { DiskThreads } from "../../../src/io/recorder/disk-thread.ts";
import { createFilePort } from "../../../src/io/recorder/file-port.ts";
import { IndexStore } from "../../../src/io/recorder/index-store.ts";
import { TrackFileBudget } from "../../../src/io/recorder/track-file-writer.ts";
import { GopBudget, type LiveViewerPort } from "../../../src/video/live/live-stream.ts";
import { PreRollBudget } from "../../../src/video/recording/pre-roll.ts";
import { camera } from "../../recorder/test-centre.ts";

export interface BareConfig {
  readonly dir: string;
  readonly cameras: number;
  readonly rtspPort: number;
  readonly parts: "all" | "no-hash" | "no-index" | "live";
}

/** Takes what the writer tells it, and keeps nothing. */
function forgetting(index: IndexStore): IndexStore {
  let id = 0;
  const nothing = (): undefined => undefined;
  return new Proxy(index, {
    get: (target, name) => {
      if (name === "transaction") return (work: () => void) => work();
      if (name === "insertRun" || name === "insertSegment") return () => ++id;
      const own = Reflect.get(target, name) as unknown;
      return typeof own === "function" ? nothing : own;
    },
  });
}

const VIEWER: Omit<LiveViewerPort, "waitingBytes"> = { onInit: () => undefined, onFragment: () => undefined, onDropped: () => undefined, onGone: () => undefined };

function run({ dir, cameras, rtspPort, parts }: BareConfig): void {
  const index = new IndexStore(join(dir, "index.sqlite"));
  const pool = new CameraPool({
    root: dir, index: parts === "no-index" ? forgetting(index) : index, clock: systemClock, random: createRandom(1), chunks: new ChunkArena(2e9),
    disk: parts === "no-hash" ? new DiskThreads(new URL("./unhashed-disk-program.ts", import.meta.url)) : new DiskThreads(),
    gopBudget: new GopBudget(64 * 1024 * 1024), trackFileBudget: new TrackFileBudget(1e8), preRollBudget: new PreRollBudget(1e8), timeZone: () => "UTC", counters: { bytesWritten: 0, bytesOpen: 0, writes: 0, fsyncs: 0, failures: 0 },
    session: { userAgent: "bench", connectTimeoutMs: 10_000, requestTimeoutMs: 10_000, addressPolicy: readCameraNetworks("127.0.0.0/8"), clock: systemClock },
    files: createFilePort(), isHeldNow: () => false, hasRoom: () => true, onDiskFull: () => undefined, log: () => undefined,
  });
  pool.replace(Array.from({ length: cameras }, (_, i) => camera(i + 1, `rtsp://127.0.0.1:${rtspPort}/b${i + 1}`)));
  pool.start();
  if (parts === "live") for (const worker of pool.list()) worker.addViewer({ ...VIEWER, waitingBytes: () => 0 });
  const waiting = setInterval(() => {
    for (const worker of pool.list()) if (worker.health().state !== "connected") return;
    clearInterval(waiting);
    process.send!("joined");
  }, 100);
}

// Whoever started it may be killed: it does not go on by itself.
process.once("disconnect", () => process.exit());
process.once("message", (config: BareConfig) => run(config));
