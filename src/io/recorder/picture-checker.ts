// Looks at recorded key frames where ffmpeg is there ([HLT8] in video/SPEC.md): one small decode at a time, at the lowest priority, each recorded camera every ten minutes and once more a minute after
// something looked wrong. Nothing of a picture is kept but figures. ffmpeg gets the bytes through a pipe and its options from here alone. On a busy machine everything else goes first, so it has a minute.
import { execFile } from "node:child_process";
import { open } from "node:fs/promises";
import { constants, setPriority } from "node:os";
import type { Clock, MonotonicMs } from "../../base/time.ts";
import type { PictureCheck } from "../../contract/cameras.ts";
import { judgePicture, MEASURED_HEIGHT, MEASURED_WIDTH, measurePicture, NO_PICTURE_HISTORY, type PictureHistory, type PictureMeasures, usualSharpness } from "../../video/health/picture-measures.ts";
import type { SegmentRow } from "./index-store.ts";
import { segmentPath } from "./segment-files.ts";

/** A camera as far as its pictures are looked at. */
export interface CheckedCamera {
  readonly cameraId: number;
  /** The segment that is being written; undefined where nothing is recorded now. */
  readonly findSegment: () => Pick<SegmentRow, "segmentId" | "initBytes" | "bytes" | "gops"> | undefined;
  readonly stillMs: number;
}
export interface PictureCheckerOptions {
  readonly root: string;
  readonly clock: Clock;
  /** Name or path of the program. */
  readonly ffmpeg: string;
  readonly listCameras: () => Iterable<CheckedCamera>;
  readonly log: (level: "info" | "warn" | "error", fields: object, message: string) => void;
  readonly everyMs?: number;
  readonly againMs?: number;
}

const EVERY_MS = 600_000;
const AGAIN_MS = 60_000;
/** Between two looks of the recorder. One takes some 0.13 s of a core at 1920 x 1080, mostly for starting the program: 0.02 % of a core a camera. */
const PAUSE_MS = 250;
const LIMIT_MS = 60_000;
const START_LIMIT_MS = 10_000;
const MOST_BYTES = 4 * 1024 * 1024;
const PICTURE_BYTES = MEASURED_WIDTH * MEASURED_HEIGHT;
const ARGUMENTS = [
  "-v", "error", "-threads", "1", "-f", "mp4", "-i", "pipe:0", "-map", "0:v:0", "-frames:v", "1", "-vf", `scale=${MEASURED_WIDTH}:${MEASURED_HEIGHT}:flags=area,format=gray`, "-f", "rawvideo", "pipe:1",
];

/** Whether the program is there and runs. */
export const findFfmpeg = (program: string): Promise<boolean> => new Promise((resolve) => execFile(program, ["-version"], { timeout: START_LIMIT_MS, windowsHide: true }, (error) => resolve(error === null)));

/** Decodes the first picture of a fragmented MP4. Rejects with what the program said, and when it is aborted. */
export function decodeGrey(program: string, mp4: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, ARGUMENTS, { encoding: "buffer", timeout: LIMIT_MS, killSignal: "SIGKILL", maxBuffer: PICTURE_BYTES + 65_536, windowsHide: true, signal }, (error, stdout, stderr) => {
      if (stdout.length === PICTURE_BYTES) resolve(stdout);
      else reject(new Error(stderr.toString().trim().split("\n")[0] || error?.message || "no picture came out"));
    });
    try {
      if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    } catch {
      // It ended already, or we may not: it runs as it is.
    }
    child.stdin!.on("error", () => undefined); // it takes no more than the first picture
    child.stdin!.end(mp4);
  });
}

export class PictureChecker {
  readonly #options: PictureCheckerOptions;
  readonly #histories = new Map<number, PictureHistory>();
  readonly #found = new Map<number, PictureCheck>();
  readonly #dueAt = new Map<number, MonotonicMs>();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  readonly #ending = new AbortController();
  #told = false;

  constructor(options: PictureCheckerOptions) {
    this.#options = options;
  }

  find(cameraId: number): PictureCheck | null {
    return this.#found.get(cameraId) ?? null;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#working ??= this.checkNext().then(() => undefined, () => undefined).finally(() => {
        this.#working = undefined;
      });
    }, PAUSE_MS);
  }

  async stop(): Promise<void> {
    this.#ending.abort(); // a look under way may last a minute on a busy machine
    clearInterval(this.#timer);
    await this.#working;
  }

  /** Looks at one camera whose time has come; false where there is none. */
  async checkNext(): Promise<boolean> {
    const { clock, everyMs = EVERY_MS, againMs = AGAIN_MS } = this.#options;
    const now = clock.monotonicMs();
    const seen = new Set<number>();
    let next: CheckedCamera | undefined;
    let nextDue = Infinity;
    for (const camera of this.#options.listCameras()) {
      seen.add(camera.cameraId);
      // The first looks are spread: a recorder that starts does not decode all its cameras at once.
      let due = this.#dueAt.get(camera.cameraId);
      if (due === undefined) this.#dueAt.set(camera.cameraId, (due = now + ((camera.cameraId * 0.618_034) % 1) * Math.min(everyMs, AGAIN_MS)));
      if (due <= now && due < nextDue) [next, nextDue] = [camera, due];
    }
    for (const known of this.#dueAt.keys()) if (!seen.has(known)) this.#forget(known);
    if (next === undefined || this.#ending.signal.aborted) return false;
    const { cameraId } = next;
    const segment = next.findSegment();
    this.#dueAt.set(cameraId, now + (segment === undefined ? againMs : everyMs));
    const gop = segment?.gops.at(-1);
    if (segment === undefined || gop === undefined) return true;
    try {
      const measures = await this.#look(cameraId, segment, gop.offset);
      const history = judgePicture(this.#histories.get(cameraId) ?? NO_PICTURE_HISTORY, measures, next.stillMs, clock.wallMs());
      this.#histories.set(cameraId, history);
      const { at, sameSince } = history.last!;
      this.#found.set(cameraId, {
        at: Math.round(at), state: history.state, luma: Math.round(measures.luma), sharpness: Math.round(measures.sharpness * 10) / 10, usualSharpness: usualSharpness(history), sameSince: sameSince === at ? null : Math.round(sameSince),
      });
      if (history.suspected !== history.state) this.#dueAt.set(cameraId, clock.monotonicMs() + againMs);
    } catch (error) {
      // What cannot be decoded is no news of the picture; the first such is told, so that nobody waits for looks that never come.
      this.#found.delete(cameraId);
      if (!this.#told && !this.#ending.signal.aborted) this.#options.log("warn", { cameraId }, `a recorded picture could not be looked at: ${(error as Error).message}`);
      this.#told = true;
    }
    return true;
  }

  async #look(cameraId: number, segment: Pick<SegmentRow, "segmentId" | "initBytes" | "bytes">, offset: number): Promise<PictureMeasures> {
    const length = Math.min(MOST_BYTES, segment.bytes - offset);
    const mp4 = new Uint8Array(segment.initBytes + length);
    const handle = await open(segmentPath(this.#options.root, cameraId, segment.segmentId), "r");
    try {
      await handle.read(mp4, 0, segment.initBytes, 0);
      await handle.read(mp4, segment.initBytes, length, offset);
    } finally {
      await handle.close();
    }
    return measurePicture(await decodeGrey(this.#options.ffmpeg, mp4, this.#ending.signal), MEASURED_WIDTH, MEASURED_HEIGHT);
  }

  #forget(cameraId: number): void {
    this.#dueAt.delete(cameraId);
    this.#histories.delete(cameraId);
    this.#found.delete(cameraId);
  }
}
