// Runs the recorder role in a process of its own that says, step by step, how far it has come, so that after a kill it is known what it had received and for how long. A step is a turn of its event loop, then a write
// by each of three threads as the recorder's own, then a sync, 50 ms apart at the soonest: where the machine or the disk is crowded steps take longer, and so may what it does. It is watched from inside, by its own classes.
import { open } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { type RecorderPace, startRecorder } from "../../src/app/recorder.ts";
import type { RecorderConfig } from "../../src/app/roles.ts";
import { CameraWorker } from "../../src/io/recorder/camera-worker.ts";
import { DiskThreads } from "../../src/io/recorder/disk-thread.ts";

const STEP_MS = 50;

/** What came of one camera, in pictures and packets of sound, and how many pictures the disk has taken. */
export interface Progress {
  readonly cameraId: number;
  readonly received: number;
  readonly sounds: number;
  readonly written: number;
}
export type FromWatched = { readonly type: "ready" } | { readonly type: "failed"; readonly message: string } | { readonly type: "step"; readonly cameras: readonly Progress[] };
export type ToWatched = RecorderConfig & { readonly pace: RecorderPace; readonly probePath: string };

const came = new Map<CameraWorker, { received: number; sounds: number }>();
const countOf = (worker: CameraWorker): { received: number; sounds: number } => {
  const count = came.get(worker) ?? { received: 0, sounds: 0 };
  came.set(worker, count);
  return count;
};
const { onSample, onTrackRtp } = CameraWorker.prototype;
CameraWorker.prototype.onSample = function (this: CameraWorker, sample): void {
  countOf(this).received++;
  onSample.call(this, sample);
};
CameraWorker.prototype.onTrackRtp = function (this: CameraWorker, at, bytes, start, end): void {
  countOf(this).sounds++;
  onTrackRtp.call(this, at, bytes, start, end);
};

const tell = (message: FromWatched): void => void (process.connected && process.send!(message));

async function step(probePath: string): Promise<void> {
  const disk = new DiskThreads();
  const block = new Uint8Array(new SharedArrayBuffer(4_096));
  const probes = await Promise.all(["1", "2", "3"].map(async (name) => open(`${probePath}.${name}`, "w")));
  const writings = probes.map(({ fd }) => disk.begin(fd));
  while (process.connected) {
    await wait(STEP_MS);
    await Promise.all(writings.map((writing) => writing.write(block, 0, block.length)));
    await probes[0]!.datasync();
    tell({ type: "step", cameras: Array.from(came, ([worker, count]) => ({ cameraId: worker.camera.cameraId, ...count, written: worker.writer.picturesWritten })) });
  }
}

// Whoever started it may be killed: it does not go on by itself.
process.once("disconnect", () => process.exit());
process.once("message", (config: ToWatched) => {
  const log = { info: () => undefined, warn: () => undefined, error: (fields: object, message: string) => console.error(message, JSON.stringify(fields)) };
  startRecorder(config, log, config.pace).then(
    () => {
      tell({ type: "ready" });
      void step(config.probePath);
    },
    (error: Error) => tell({ type: "failed", message: error.message }),
  );
});
