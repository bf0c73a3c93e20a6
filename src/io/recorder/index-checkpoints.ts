// The index's log (WAL) is brought into its file by a thread with a connection of its own ([RCD16]): that takes syncs, and a disk that takes a second for one would stand the cameras' thread still, again and again. That
// thread only appends to the log.
//
// It syncs nothing then, not even the head of a log that is begun anew, which SQLite syncs lest old entries come back after a power cut. Such a log must not be written over an old one, so it is
// cut to nothing instead: by this thread, which alone writes, and only where nothing was written since the thread began, so that all of it is in the file and synced, and cutting is all there is to do.
// Until then a reader of ours, the pin, keeps SQLite from beginning the log anew by itself. Where somebody else's reader stands in the way of cutting, heads are synced until it can be done.
// Turned down: the whole index in a thread (each statement an exchange of messages), writers that wait for a lock (a sync under it is waited for all the same).
import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import type { IndexStore } from "./index-store.ts";

/** What the thread answers: whether it did it all, or the error. */
export type CheckpointAnswer = { readonly done: boolean } | { readonly error: string };

export interface IndexCheckpointsOptions {
  readonly index: IndexStore;
  readonly onFailed: (error: Error) => void;
  /** For tests. */
  readonly program?: URL;
}

interface Waiting { readonly resolve: () => void; readonly reject: (error: Error) => void }

const PROGRAM = new URL("./index-checkpoint-program.ts", import.meta.url);
const LOOK_MS = 1_000;
/** After a failure the next try comes after so many looks. */
const RETRY_LOOKS = 60;
/** A log of so many bytes is worth the syncs; SQLite's own measure. */
const ENOUGH_BYTES = 4 * 1024 * 1024;
/** What is in the log alone may be lost with the power: no longer than this. */
const MOST_AGE_MS = 60_000;
/** Where the disk is so slow that something is written during each turn, the log grows up to this; then the cameras' thread waits for the disk once. Where a turn does not end at all there is nothing to wait for: the log grows on, and that is told. */
const MOST_BYTES = 64 * 1024 * 1024;

export class IndexCheckpoints {
  readonly #index: IndexStore;
  readonly #onFailed: (error: Error) => void;
  readonly #program: URL;
  readonly #timer: NodeJS.Timeout;
  /** Who waits for what is written until now to be synced: by the turn that is under way, by the next. */
  #inTurn: Waiting[] = [];
  #forNext: Waiting[] = [];
  readonly #pin: DatabaseSync;
  #worker: Worker | undefined;
  /** Of the turn that is under way: how much had been written when it began. */
  #writtenBefore: number | undefined;
  #looksSince = 0;
  /** That the log has grown too large; until it is cut. */
  #isTold = false;
  /** Looks to leave out after a failure. */
  #rest = 0;

  /** From now on until `stop` the index checkpoints by this alone. */
  constructor({ index, onFailed, program = PROGRAM }: IndexCheckpointsOptions) {
    this.#index = index;
    this.#onFailed = onFailed;
    this.#program = program;
    this.#pin = new DatabaseSync(index.file, { readOnly: true });
    index.database.exec("PRAGMA wal_autocheckpoint = 0");
    this.#timer = setInterval(() => this.look(), LOOK_MS);
    this.#timer.unref();
  }

  /** Bytes of the log. */
  get logBytes(): number {
    return statSync(`${this.#index.file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Each second: begins a turn of the thread where one is due. */
  look(): void {
    if (this.#writtenBefore !== undefined) {
      this.#tellGrowth();
      return;
    }
    this.#rest = Math.max(0, this.#rest - 1);
    if (this.#rest > 0) return;
    const bytes = this.logBytes;
    this.#looksSince = bytes === 0 ? 0 : this.#looksSince + 1;
    if (bytes >= ENOUGH_BYTES || this.#looksSince * LOOK_MS >= MOST_AGE_MS) this.#begin();
  }

  /** Resolves when all that was written until now is on the disk. Rejects where the thread could not bring it there; that is told, and what was written stays in the log. */
  sync(): Promise<void> {
    if (this.#rest > 0) return Promise.reject(new Error("the index's thread failed a moment ago"));
    return new Promise((resolve, reject) => {
      this.#forNext.push({ resolve, reject });
      if (this.#writtenBefore === undefined) this.#begin();
    });
  }

  #tellGrowth(): void {
    if (this.#isTold || this.logBytes <= MOST_BYTES) return;
    this.#isTold = true;
    this.#onFailed(new Error(`the disk has not answered yet, and the log has grown past ${MOST_BYTES / 1024 / 1024} MB`));
  }

  /** To be called before the index is closed. Waits for a disk that does not answer. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker !== undefined) {
      worker.removeAllListeners();
      await worker.terminate();
    }
    this.#settle();
    this.#refuse(new Error("the index is being closed"));
    this.#pin.close();
    this.#index.database.exec("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 1000");
  }

  #begin(): void {
    try {
      this.#index.database.exec("PRAGMA wal_autocheckpoint = 0");
      this.#pin.exec("BEGIN");
      this.#pin.prepare("SELECT count(*) FROM setting").get(); // takes its place in the log
      this.#writtenBefore = this.#countWritten();
      this.#inTurn = this.#forNext.splice(0);
      this.#worker ??= this.#start();
      // oxlint-disable-next-line require-post-message-target-origin -- a thread, not a window
      this.#worker.postMessage("checkpoint");
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #start(): Worker {
    const worker = new Worker(this.#program, { workerData: this.#index.file, execArgv: ["--disable-warning=ExperimentalWarning"], resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 32 } });
    worker.on("message", (answer: CheckpointAnswer) => this.#take(answer));
    worker.on("error", (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    worker.on("exit", (code) => this.#fail(new Error(`the index's thread ended with ${code}`)));
    worker.unref();
    return worker;
  }

  #take(answer: CheckpointAnswer): void {
    if ("error" in answer) {
      this.#fail(new Error(answer.error));
      return;
    }
    const isAtRest = this.#writtenBefore === this.#countWritten();
    this.#settle();
    for (const { resolve } of this.#inTurn.splice(0)) resolve();
    this.#takeTurnsEnd(answer.done, isAtRest);
    if (this.#forNext.length > 0 && this.#writtenBefore === undefined) this.#begin();
  }

  #takeTurnsEnd(isDone: boolean, isAtRest: boolean): void {
    try {
      // Not done: somebody else reads what was before, and it will be done once they have.
      if (!isDone || (!isAtRest && this.logBytes <= MOST_BYTES)) return;
      if (!isAtRest) this.#index.database.exec("PRAGMA synchronous = NORMAL");
      this.#cut();
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  /** Nothing may be written between the end of the pin and this. */
  #cut(): void {
    const { busy } = this.#index.database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get() as { busy: number };
    this.#index.database.exec(`PRAGMA synchronous = ${busy === 0 ? "OFF" : "NORMAL"}`);
    if (busy === 0) this.#isTold = false;
    this.#looksSince = 0;
  }

  #settle(): void {
    this.#writtenBefore = undefined;
    if (this.#pin.isTransaction) this.#pin.exec("ROLLBACK");
  }

  #fail(error: Error): void {
    const worker = this.#worker;
    this.#worker = undefined;
    worker?.removeAllListeners();
    void worker?.terminate();
    // Until the next try as without a thread. First of all: without the pin the log may be begun anew.
    this.#index.database.exec("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 1000");
    this.#settle();
    this.#rest = RETRY_LOOKS;
    this.#refuse(error);
    this.#onFailed(error);
  }

  #refuse(error: Error): void {
    for (const { reject } of [...this.#inTurn.splice(0), ...this.#forNext.splice(0)]) reject(error);
  }

  #countWritten(): number {
    return (this.#index.database.prepare("SELECT total_changes() AS written").get() as { written: number }).written;
  }
}
