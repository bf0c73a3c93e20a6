// The files of a second track on their way to the disk: one after the other, hashed as they go, synced and closed before their row is made ([SND2], [MET2] in video/SPEC.md). Nobody
// waits for them: after a failure the file is not touched again, which is told once, and the next start takes what is whole of it. A row that the index could not take is made with the next file's.
import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open, unlink } from "node:fs/promises";
import type { WallMs } from "../../base/time.ts";
import type { IndexStore } from "./index-store.ts";
import { cameraFolder, makeCameraFolder, syncFolder, trackFilePath } from "./segment-files.ts";
import type { WriteRoom } from "./room-keeper.ts";
import type { TrackFileKind } from "./track-file-kinds.ts";

export interface TrackFileOptions {
  readonly root: string;
  readonly cameraId: number;
  readonly index: IndexStore;
  readonly onFailed: (error: Error) => void;
  /** Of the process. */
  readonly budget?: TrackFileBudget;
  /** Asked before each write. */
  readonly room?: WriteRoom;
}

/** What sound and metadata of all cameras may take of memory on their way to the disk. */
export class TrackFileBudget {
  readonly most: number;
  used = 0;
  /** Of it, what waits for its own fragment and not for the disk. */
  gathered = 0;

  constructor(most: number) {
    this.most = most;
  }
}

export interface TrackFile {
  readonly segmentId: number;
  readonly hash: Hash;
  handle: FileHandle | undefined;
  /** Written so far, and the end of it; undefined where nothing but the initialisation is. */
  bytes: number;
  endMs: WallMs | undefined;
  failed: boolean;
  /** There was no room for more of it: what it has is whole. */
  isRefused: boolean;
}

/** Bytes of one track on their way to the disk; with more, what comes is dropped, */
const MOST_WAITING_BYTES = 1_000_000;
/** and with so many times more, what waited for an event. */
const WAITED_FACTOR = 8;

/** An hour or more of them; what is beyond, the next start finds. */
const MOST_OWED = 100;
/** SQLITE_CONSTRAINT_FOREIGNKEY. */
const SQLITE_NO_SUCH_SEGMENT = 787;

export class TrackFileWriter {
  readonly #options: TrackFileOptions;
  readonly #kind: TrackFileKind;
  readonly #budget: TrackFileBudget;
  #waitingBytes = 0;
  #work: Promise<void> = Promise.resolve();
  /** Rows of files that are whole and that the index has not taken: it is on the same disk and fails with it. */
  readonly #owed: { readonly segmentId: number; readonly insert: () => void }[] = [];

  constructor(kind: TrackFileKind, options: TrackFileOptions) {
    this.#kind = kind;
    this.#options = options;
    this.#budget = options.budget ?? new TrackFileBudget(MOST_WAITING_BYTES);
  }

  /** What waits for its fragment has to go out now: together it is so much that the disk, however idle, would be taken for slow. */
  get isCrowded(): boolean {
    return this.#budget.gathered > this.#budget.most / 2;
  }

  get isBehind(): boolean {
    return this.#waitingBytes > MOST_WAITING_BYTES || this.#budget.used > this.#budget.most;
  }

  /** Nothing more is taken. What `waited` for an event comes a GOP at a time, each as soon as the disk is not behind with the one before: it is not cut short by its own length. */
  isFull(waited: boolean): boolean {
    return waited ? this.#waitingBytes > MOST_WAITING_BYTES * WAITED_FACTOR || this.#budget.used > this.#budget.most * 2 : this.isBehind;
  }

  /** Resolves when nothing waits any more. */
  idle(): Promise<void> {
    return this.#work;
  }

  begin(segmentId: number): TrackFile {
    const file: TrackFile = { segmentId, hash: createHash("sha256"), handle: undefined, bytes: 0, endMs: undefined, failed: false, isRefused: false };
    const { root, cameraId } = this.#options;
    this.#add(file, async () => {
      await makeCameraFolder(root, cameraId);
      file.handle = await open(trackFilePath(this.#kind)(root, cameraId, segmentId), "wx", 0o600);
    });
    return file;
  }

  /** So many bytes more (or fewer) wait for their fragment. */
  hold(bytes: number): void {
    this.#budget.gathered += bytes;
    this.#count(bytes);
  }

  #count(bytes: number): void {
    this.#waitingBytes += bytes;
    this.#budget.used += bytes;
  }

  /** `endMs`: where the last unit of these bytes ends; not given for the initialisation. */
  write(file: TrackFile, bytes: Uint8Array, endMs?: WallMs): void {
    this.#count(bytes.length);
    this.#add(file, async () => {
      if (file.isRefused) return;
      const { room } = this.#options;
      try {
        await room?.take(bytes.length);
      } catch (error) {
        file.isRefused = true; // before it touched the disk: what is there stays whole, and ends with its segment
        this.#options.onFailed(error as Error);
        return;
      }
      file.hash.update(bytes);
      const { bytesWritten } = await file.handle!.write(bytes, 0, bytes.length, file.bytes).finally(() => room?.settle(bytes.length));
      if (bytesWritten !== bytes.length) throw new Error(`wrote ${bytesWritten} of ${bytes.length} bytes`);
      file.bytes += bytes.length;
      file.endMs = endMs;
    }, () => this.#count(-bytes.length));
  }

  /** `insert` makes the row, of bytes that are on disk and end at `endMs`. */
  close(file: TrackFile, insert: (bytes: number, sha256: Uint8Array, endMs: WallMs) => void): void {
    const { root, cameraId } = this.#options;
    this.#add(file, async () => {
      const { endMs } = file;
      if (endMs === undefined) {
        await file.handle!.close();
        file.handle = undefined;
        await this.#unlink(file.segmentId);
        return;
      }
      await file.handle!.datasync();
      await file.handle!.close();
      file.handle = undefined;
      await syncFolder(cameraFolder(root, cameraId));
      const sha256 = file.hash.digest();
      if (this.#owed.length < MOST_OWED) this.#owed.push({ segmentId: file.segmentId, insert: () => insert(file.bytes, sha256, endMs) });
      await this.#settle();
    });
  }

  async #unlink(segmentId: number): Promise<void> {
    const { root, cameraId } = this.#options;
    await unlink(trackFilePath(this.#kind)(root, cameraId, segmentId)).catch((refused: NodeJS.ErrnoException) => {
      if (refused.code !== "ENOENT") throw refused;
    });
  }

  /** Tells the index what it could not take yet, in order. A file whose segment is gone goes too: its pictures never came to the disk. */
  async #settle(): Promise<void> {
    for (let next = this.#owed[0]; next !== undefined; next = this.#owed[0]) {
      try {
        next.insert();
      } catch (error) {
        if ((error as { errcode?: number }).errcode !== SQLITE_NO_SUCH_SEGMENT) throw error;
        await this.#unlink(next.segmentId);
      }
      this.#owed.shift();
    }
  }

  #add(file: TrackFile, work: () => Promise<void>, done: () => void = () => undefined): void {
    this.#work = this.#work.then(async () => {
      try {
        if (!file.failed) await work();
      } catch (error) {
        file.failed = true;
        await file.handle?.close().catch(() => undefined);
        this.#options.onFailed(error as Error);
      } finally {
        done();
      }
    });
  }
}
