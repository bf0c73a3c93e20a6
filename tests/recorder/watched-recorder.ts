// Runs the recorder role in a process of its own that says, step by step, how far it has come, so that after a kill it is known what it had received, what it had given to its disk, and what the disk had taken. A step is over when
// all that was given to the disk before it is there, 50 ms after the last one at the soonest: where the machine or the disk is crowded steps take longer, and nothing that is said of them is less true. It is watched from inside, by
// its own classes.
import { setTimeout as wait } from "node:timers/promises";
import { type RecorderPace, startRecorder } from "../../src/app/recorder.ts";
import type { RecorderConfig } from "../../src/app/roles.ts";
import { CameraWorker } from "../../src/io/recorder/camera-worker.ts";
import { RecordingWriter } from "../../src/io/recorder/recording-writer.ts";

const STEP_MS = 50;
const LOOK_MS = 5;

/** What came of one camera, in pictures and packets of sound, how many pictures were given to the disk, and how many it has taken. */
export interface Progress {
  readonly cameraId: number;
  readonly received: number;
  readonly sounds: number;
  readonly handed: number;
  readonly written: number;
}
export type FromWatched = { readonly type: "ready" } | { readonly type: "failed"; readonly message: string } | { readonly type: "step"; readonly cameras: readonly Progress[] };
export type ToWatched = RecorderConfig & { readonly pace: RecorderPace };

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

const handed = new Map<RecordingWriter, number>();
const { writeFragment } = RecordingWriter.prototype;
RecordingWriter.prototype.writeFragment = function (this: RecordingWriter, chunk, start, end, facts): boolean {
  const isTaken = writeFragment.call(this, chunk, start, end, facts);
  if (isTaken) handed.set(this, (handed.get(this) ?? 0) + facts.frames);
  return isTaken;
};

const tell = (message: FromWatched): void => void (process.connected && process.send!(message));

async function step(): Promise<void> {
  while (process.connected) {
    await wait(STEP_MS);
    await Promise.all(Array.from(came.keys(), async ({ writer, beside }) => {
      const due = handed.get(writer) ?? 0;
      const besideThem = beside.idle();
      while (writer.picturesWritten < due) await wait(LOOK_MS);
      await besideThem;
    }));
    tell({ type: "step", cameras: Array.from(came, ([{ camera, writer }, count]) => ({ cameraId: camera.cameraId, ...count, handed: handed.get(writer) ?? 0, written: writer.picturesWritten })) });
  }
}

// Whoever started it may be killed: it does not go on by itself.
process.once("disconnect", () => process.exit());
process.once("message", (config: ToWatched) => {
  const log = { info: () => undefined, warn: () => undefined, error: (fields: object, message: string) => console.error(message, JSON.stringify(fields)) };
  startRecorder(config, log, config.pace).then(
    () => {
      tell({ type: "ready" });
      void step();
    },
    (error: Error) => tell({ type: "failed", message: error.message }),
  );
});
