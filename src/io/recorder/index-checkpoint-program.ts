// What the index's thread runs: at each message, all that is in the log goes into the file, and both are synced. Never waits for whoever writes or reads: what a reader keeps from going into the file is synced in the log.
import { closeSync, fsyncSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import type { CheckpointAnswer } from "./index-checkpoints.ts";

const database = new DatabaseSync(workerData as string);
database.exec("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0");

function checkpoint(): CheckpointAnswer {
  try {
    const { busy, log, checkpointed } = database.prepare("PRAGMA wal_checkpoint(PASSIVE)").get() as { busy: number; log: number; checkpointed: number };
    const done = busy === 0 && log === checkpointed;
    if (!done) syncLog();
    return { done };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** SQLite syncs the log only where it takes something out of it. */
function syncLog(): void {
  const log = openSync(`${workerData as string}-wal`, "r");
  try {
    fsyncSync(log);
  } finally {
    closeSync(log);
  }
}

// oxlint-disable-next-line require-post-message-target-origin -- a thread's port, not a window
parentPort!.on("message", () => parentPort!.postMessage(checkpoint()));
