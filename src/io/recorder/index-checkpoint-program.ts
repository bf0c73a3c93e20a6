// What the index's thread runs: at each message, all that is in the log goes into the file, and both are synced. Never waits for whoever writes or reads.
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import type { CheckpointAnswer } from "./index-checkpoints.ts";

const database = new DatabaseSync(workerData as string);
database.exec("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0");

function checkpoint(): CheckpointAnswer {
  try {
    const { busy, log, checkpointed } = database.prepare("PRAGMA wal_checkpoint(PASSIVE)").get() as { busy: number; log: number; checkpointed: number };
    return { done: busy === 0 && log === checkpointed };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

// oxlint-disable-next-line require-post-message-target-origin -- a thread's port, not a window
parentPort!.on("message", () => parentPort!.postMessage(checkpoint()));
