// The centre's own thread for decisions that are worked out again: the state as it was is folded from a checkpoint and the log, on roads of its own, and a click of an inspector costs no command a millisecond. It reads the
// database beside the centre and writes nothing. It starts with the first question, ends a while after the last, and is ended where an answer takes too long. Who waits how long in line is dispatch's to say (workflow/dispatch-service.ts).
import { Worker } from "node:worker_threads";
import type { DecisionReplay, ReplayPort } from "../workflow/replay-decision.ts";
import { DispatchUnavailableError } from "../workflow/dispatch-writer.ts";

export interface ReplayThreadStart {
  readonly databaseUrl: string;
  readonly cityDir: string;
  /** Of the code that folds: whose checkpoints may be read. */
  readonly foldVersion: string;
}
export interface ReplayQuestion {
  readonly call: number;
  readonly incidentIds: readonly number[];
  readonly assignmentId: number;
  readonly now: number;
}
export type ReplayAnswer = { readonly call: number } & ({ readonly replay: DecisionReplay | null } | { readonly error: string });

export interface ReplayThread {
  readonly replay: ReplayPort;
  close(): Promise<void>;
}

const PROGRAM = new URL("./replay-thread-program.ts", import.meta.url);
/** A log without a checkpoint is folded whole: some minutes for a year of a large city, for which nobody waits at a screen. */
const WITHIN_MS = 60_000;
/** The roads of a city are some tens of megabytes. */
const IDLE_MS = 60_000;
/** Of a state as it was, what is asked of it is in memory. */
const MOST_HEAP_MB = 2_048;

/** `program` and the times are for tests. */
export function createReplayThread(start: ReplayThreadStart, program: URL = PROGRAM, withinMs: number = WITHIN_MS, idleMs: number = IDLE_MS): ReplayThread {
  let life: Life | null = null;
  let idle: NodeJS.Timeout | undefined;
  const end = async (): Promise<void> => {
    clearTimeout(idle);
    const ending = life;
    life = null;
    await ending?.end("the thread of replays was closed");
  };
  return {
    replay: async (incidentIds, assignmentId, now) => {
      clearTimeout(idle);
      if (life === null || life.hasEnded) life = new Life(start, program);
      const asked = life;
      const tooLate = setTimeout(() => void asked.end(`the decision could not be worked out again within ${withinMs / 1_000} s`), withinMs);
      try {
        return await asked.ask({ incidentIds, assignmentId, now });
      } finally {
        clearTimeout(tooLate);
        clearTimeout(idle);
        if (!asked.hasEnded) {
          idle = setTimeout(() => void end(), idleMs);
          idle.unref();
        }
      }
    },
    close: end,
  };
}

class Life {
  readonly #worker: Worker;
  readonly #calls = new Map<number, { readonly resolve: (replay: DecisionReplay | null) => void; readonly reject: (error: Error) => void }>();
  #last = 0;
  #why: string | undefined;

  constructor(start: ReplayThreadStart, program: URL) {
    this.#worker = new Worker(program, { workerData: start, execArgv: ["--disable-warning=ExperimentalWarning"], resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB } });
    this.#worker.on("message", (answer: ReplayAnswer) => {
      const call = this.#calls.get(answer.call);
      this.#calls.delete(answer.call);
      if ("error" in answer) call?.reject(new Error(answer.error));
      else call?.resolve(answer.replay);
    });
    this.#worker.on("error", (error) => this.#fall(error instanceof Error ? error.message : String(error)));
    this.#worker.on("exit", (code) => this.#fall(`the thread of replays ended with ${code}`));
    this.#worker.unref();
  }

  get hasEnded(): boolean {
    return this.#why !== undefined;
  }

  ask(question: Omit<ReplayQuestion, "call">): Promise<DecisionReplay | null> {
    if (this.#why !== undefined) return Promise.reject(new DispatchUnavailableError(this.#why));
    const call = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#calls.set(call, { resolve, reject });
      // oxlint-disable-next-line require-post-message-target-origin -- a port of Node, not a window
      this.#worker.postMessage({ ...question, call } satisfies ReplayQuestion);
    });
  }

  async end(why: string): Promise<void> {
    this.#fall(why);
    await this.#worker.terminate();
  }

  #fall(why: string): void {
    this.#why ??= why;
    for (const { reject } of this.#calls.values()) reject(new DispatchUnavailableError(this.#why));
    this.#calls.clear();
  }
}
