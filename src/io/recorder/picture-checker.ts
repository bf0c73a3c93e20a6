// Looks at recorded key frames where ffmpeg is there ([HLT8] in video/SPEC.md): a few at a time, each recorded camera every ten minutes and once more a minute after something looked wrong.
// Nothing of a picture is kept but figures.
import { open } from "node:fs/promises";
import type { Clock, MonotonicMs } from "../../base/time.ts";
import type { PictureCheck } from "../../contract/cameras.ts";
import { judgePicture, MEASURED_HEIGHT, MEASURED_WIDTH, measurePicture, NO_PICTURE_HISTORY, type PictureHistory, type PictureMeasures, usualSharpness } from "../../video/health/picture-measures.ts";
import { decodeGreys, findFfmpeg } from "./grey-decoder.ts";
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
/** Between two looks: so that several cameras are due together, which costs less than half of one by one. */
const PAUSE_MS = 10_000;
/** First looks come so far apart on average: a recorder that starts, or is given a thousand cameras, goes on recording with a few hundredths of a core for them, not half of one. */
const FIRST_APART_MS = 1_500;
const MOST_TOGETHER = 8;
/** The first bytes of a GOP, which hold its key frame. */
const MOST_BYTES = 4 * 1024 * 1024;

interface Look {
  readonly camera: CheckedCamera;
  readonly segment: Pick<SegmentRow, "segmentId" | "initBytes" | "bytes">;
  readonly offset: number;
}

export class PictureChecker {
  readonly #options: PictureCheckerOptions;
  readonly #histories = new Map<number, PictureHistory>();
  readonly #found = new Map<number, PictureCheck>();
  readonly #dueAt = new Map<number, MonotonicMs>();
  /** The program is not there, or does not run: pictures are not looked at. Not known before it has answered. */
  #isMissing = false;
  #starting: Promise<void> | undefined;
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

  get isMissing(): boolean {
    return this.#isMissing;
  }

  /** Looks begin when the program has answered; nobody needs to wait for that. */
  start(): void {
    this.#starting = findFfmpeg(this.#options.ffmpeg, this.#ending.signal).then((isThere) => {
      if (this.#ending.signal.aborted) return;
      this.#isMissing = !isThere;
      if (isThere) this.#startLooking();
      else this.#options.log("info", {}, "there is no ffmpeg: black, blurred and frozen pictures are not looked for");
    });
  }

  #startLooking(): void {
    this.#timer = setInterval(() => {
      this.#working ??= this.#checkAll().then(() => undefined, () => undefined).finally(() => {
        this.#working = undefined;
      });
    }, PAUSE_MS);
  }

  async stop(): Promise<void> {
    this.#ending.abort(); // a look under way may last a minute on a busy machine
    await this.#starting;
    clearInterval(this.#timer);
    await this.#working;
  }

  async #checkAll(): Promise<void> {
    while (await this.checkDue());
  }

  /** Looks at cameras whose time has come, some at once; false where there is none. */
  async checkDue(): Promise<boolean> {
    const { clock, everyMs = EVERY_MS, againMs = AGAIN_MS } = this.#options;
    const now = clock.monotonicMs();
    const due = this.#listDue(now);
    if (due.length === 0 || this.#ending.signal.aborted) return false;
    const looks: Look[] = [];
    for (const camera of due) {
      const segment = camera.findSegment();
      this.#dueAt.set(camera.cameraId, now + (segment === undefined ? againMs : everyMs));
      const gop = segment?.gops.at(-1);
      if (segment !== undefined && gop !== undefined) looks.push({ camera, segment, offset: gop.offset });
    }
    const isDone = looks.length === 0 || (await this.#look(looks));
    if (!isDone && looks.length > 1) for (const look of looks) await this.#look([look]);
    return true;
  }

  #listDue(now: MonotonicMs): readonly CheckedCamera[] {
    const cameras = [...this.#options.listCameras()];
    const spreadMs = Math.min(this.#options.everyMs ?? EVERY_MS, cameras.length * FIRST_APART_MS);
    const seen = new Set<number>();
    const due: { readonly at: MonotonicMs; readonly camera: CheckedCamera }[] = [];
    for (const camera of cameras) {
      seen.add(camera.cameraId);
      let at = this.#dueAt.get(camera.cameraId);
      if (at === undefined) this.#dueAt.set(camera.cameraId, (at = now + ((camera.cameraId * 0.618_034) % 1) * spreadMs));
      if (at <= now) due.push({ at, camera });
    }
    for (const known of this.#dueAt.keys()) if (!seen.has(known)) this.#forget(known);
    return due.sort((a, b) => a.at - b.at).slice(0, MOST_TOGETHER).map(({ camera }) => camera);
  }

  /** False where one of them cannot be decoded: of several nobody knows which. */
  async #look(looks: readonly Look[]): Promise<boolean> {
    try {
      const clips = await Promise.all(looks.map((look) => this.#read(look)));
      const pictures = await decodeGreys(this.#options.ffmpeg, clips, this.#ending.signal);
      for (const [i, { camera }] of looks.entries()) this.#judge(camera, measurePicture(pictures[i]!, MEASURED_WIDTH, MEASURED_HEIGHT));
      return true;
    } catch (error) {
      if (looks.length > 1) return false;
      // What cannot be decoded is no news of the picture; the first such is told, so that nobody waits for looks that never come.
      const { cameraId } = looks[0]!.camera;
      this.#found.delete(cameraId);
      if (!this.#told && !this.#ending.signal.aborted) this.#options.log("warn", { cameraId }, `a recorded picture could not be looked at: ${(error as Error).message}`);
      this.#told = true;
      return false;
    }
  }

  #judge({ cameraId, stillMs }: CheckedCamera, measures: PictureMeasures): void {
    const { clock, againMs = AGAIN_MS } = this.#options;
    const history = judgePicture(this.#histories.get(cameraId) ?? NO_PICTURE_HISTORY, measures, stillMs, clock.wallMs());
    this.#histories.set(cameraId, history);
    const { at, sameSince } = history.last!;
    this.#found.set(cameraId, {
      at: Math.round(at), state: history.state, luma: Math.round(measures.luma), sharpness: Math.round(measures.sharpness * 10) / 10, usualSharpness: usualSharpness(history), sameSince: sameSince === at ? null : Math.round(sameSince),
    });
    if (history.suspected !== history.state) this.#dueAt.set(cameraId, clock.monotonicMs() + againMs);
  }

  async #read({ camera, segment, offset }: Look): Promise<Uint8Array> {
    const length = Math.min(MOST_BYTES, segment.bytes - offset);
    const mp4 = new Uint8Array(segment.initBytes + length);
    const handle = await open(segmentPath(this.#options.root, camera.cameraId, segment.segmentId), "r");
    try {
      await handle.read(mp4, 0, segment.initBytes, 0);
      await handle.read(mp4, segment.initBytes, length, offset);
    } finally {
      await handle.close();
    }
    return mp4;
  }

  #forget(cameraId: number): void {
    this.#dueAt.delete(cameraId);
    this.#histories.delete(cameraId);
    this.#found.delete(cameraId);
  }
}
