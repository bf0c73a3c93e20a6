// The files of a second track on their way to the disk: one after the other, hashed as they go, synced and closed before their row is made ([SND2], [MET2] in video/SPEC.md). Nobody
// waits for them: after a failure the file is not touched again, which is told once, and the next start takes what is whole of it.
import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { IndexStore } from "./index-store.ts";
import { cameraFolder, makeCameraFolder, syncFolder, trackFilePath } from "./segment-files.ts";
import type { TrackFileKind } from "./track-file-kinds.ts";

export interface TrackFileOptions {
  readonly root: string;
  readonly cameraId: number;
  readonly index: IndexStore;
  readonly onFailed: (error: Error) => void;
  /** Of the process. */
  readonly budget?: TrackFileBudget;
}

/** What sound and metadata of all cameras may take of memory on their way to the disk. */
export class TrackFileBudget {
  readonly most: number;
  used = 0;

  constructor(most: number) {
    this.most = most;
  }
}

export interface TrackFile {
  readonly segmentId: number;
  readonly hash: Hash;
  handle: FileHandle | undefined;
  /** Written so far. */
  bytes: number;
  failed: boolean;
}

/** Bytes of one track on their way to the disk; with more, what comes is dropped. */
const MOST_WAITING_BYTES = 1_000_000;

export class TrackFileWriter {
  readonly #options: TrackFileOptions;
  readonly #kind: TrackFileKind;
  readonly #budget: TrackFileBudget;
  #waitingBytes = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(kind: TrackFileKind, options: TrackFileOptions) {
    this.#kind = kind;
    this.#options = options;
    this.#budget = options.budget ?? new TrackFileBudget(MOST_WAITING_BYTES);
  }

  get isBehind(): boolean {
    return this.#waitingBytes > MOST_WAITING_BYTES || this.#budget.used > this.#budget.most;
  }

  /** Resolves when nothing waits any more. */
  idle(): Promise<void> {
    return this.#work;
  }

  begin(segmentId: number): TrackFile {
    const file: TrackFile = { segmentId, hash: createHash("sha256"), handle: undefined, bytes: 0, failed: false };
    const { root, cameraId } = this.#options;
    this.#add(file, async () => {
      await makeCameraFolder(root, cameraId);
      file.handle = await open(trackFilePath(this.#kind)(root, cameraId, segmentId), "wx", 0o600);
    });
    return file;
  }

  /** So many bytes more (or fewer) wait for their fragment. */
  hold(bytes: number): void {
    this.#waitingBytes += bytes;
    this.#budget.used += bytes;
  }

  write(file: TrackFile, bytes: Uint8Array): void {
    this.hold(bytes.length);
    this.#add(file, async () => {
      file.hash.update(bytes);
      const { bytesWritten } = await file.handle!.write(bytes, 0, bytes.length, file.bytes);
      if (bytesWritten !== bytes.length) throw new Error(`wrote ${bytesWritten} of ${bytes.length} bytes`);
      file.bytes += bytes.length;
    }, () => this.hold(-bytes.length));
  }

  /** `insert` makes the row, of bytes that are on disk. */
  close(file: TrackFile, insert: (bytes: number, sha256: Uint8Array) => void): void {
    const { root, cameraId } = this.#options;
    this.#add(file, async () => {
      await file.handle!.datasync();
      await file.handle!.close();
      file.handle = undefined;
      await syncFolder(cameraFolder(root, cameraId));
      insert(file.bytes, file.hash.digest());
    });
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
