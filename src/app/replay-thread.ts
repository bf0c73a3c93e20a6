// The centre's own thread for decisions that are worked out again: the state as it was is folded from a checkpoint and the log, on roads of its own, and a click of an inspector costs no command a millisecond. It reads the
// database beside the centre and writes nothing. After an update that folds otherwise there is no checkpoint of before, and the log is folded from its beginning: minutes, which the thread takes, since it holds up nobody. Who asks is
// told after a minute that it is under way and asks again; the work goes on meanwhile, what was folded stays for the next question, and a database that went away in its midst costs what was not read yet. The thread starts with the first
// question and ends a while after the last answer. Who waits how long in line is dispatch's to say (workflow/dispatch-service.ts). Rejected: an end by the clock, after which the next try begins from nothing.
import { Worker } from "node:worker_threads";
import { AwayError } from "../workflow/checkpoint.ts";
import { type DecisionReplay, type ReplayPort, ReplayUnderWayError } from "../workflow/replay-decision.ts";
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
export type ReplayAnswer = { readonly call: number } & ({ readonly replay: DecisionReplay | null } | { readonly error: string; /** The database cannot be read just now. */ readonly isAway: boolean });

export interface ReplayThread {
  readonly replay: ReplayPort;
  close(): Promise<void>;
}

const PROGRAM = new URL("./replay-thread-program.ts", import.meta.url);
/** So long somebody waits for the answer; the work goes on. */
const WITHIN_MS = 60_000;
/** The roads of a city are some tens of megabytes, a state of a year some gigabytes. An answer that came too late is kept as long. */
const IDLE_MS = 5 * 60_000;
/** Of a state as it was, what is asked of it is in memory; of one that is folded from the log's beginning, all of it. */
const MOST_HEAP_MB = 4_096;

/** `program` and the times are for tests. */
export function createReplayThread(start: ReplayThreadStart, program: URL = PROGRAM, withinMs: number = WITHIN_MS, idleMs: number = IDLE_MS): ReplayThread {
  let life: Life | null = null;
  let idle: NodeJS.Timeout | undefined;
  /** By assignment: what is being worked out, and what was when nobody waited for it any more. */
  const answers = new Map<number, { readonly answer: Promise<DecisionReplay | null>; isLate: boolean }>();
  const end = async (): Promise<void> => {
    clearTimeout(idle);
    answers.clear();
    const ending = life;
    life = null;
    await ending?.end("the thread of replays was closed");
  };
  const begin = (question: Omit<ReplayQuestion, "call">): { readonly answer: Promise<DecisionReplay | null>; isLate: boolean } => {
    clearTimeout(idle);
    if (life === null || life.hasEnded) life = new Life(start, program);
    const begun = { answer: life.ask(question), isLate: false };
    answers.set(question.assignmentId, begun);
    const forget = (): void => void (answers.get(question.assignmentId) === begun && answers.delete(question.assignmentId));
    const settled = (): void => {
      if (begun.isLate) setTimeout(forget, idleMs).unref();
      else forget();
      clearTimeout(idle);
      if (life?.isAsked === false) idle = setTimeout(() => void end(), idleMs).unref();
    };
    begun.answer.then(settled, settled);
    return begun;
  };
  return {
    replay: async (incidentIds, assignmentId, now) => {
      const asked = answers.get(assignmentId) ?? begin({ incidentIds, assignmentId, now });
      let tooLate: NodeJS.Timeout | undefined;
      const waits = new Promise<never>((_, reject) => {
        tooLate = setTimeout(() => {
          asked.isLate = true;
          reject(new ReplayUnderWayError(`the decision on assignment ${assignmentId} is still being worked out again`));
        }, withinMs);
      });
      try {
        const replay = await Promise.race([asked.answer, waits]);
        answers.delete(assignmentId);
        return replay;
      } catch (error) {
        if (!(error instanceof ReplayUnderWayError)) answers.delete(assignmentId); // told: the next question is a new one
        throw error;
      } finally {
        clearTimeout(tooLate);
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
      if ("error" in answer) call?.reject(answer.isAway ? new AwayError(answer.error) : new Error(answer.error));
      else call?.resolve(answer.replay);
    });
    this.#worker.on("error", (error) => this.#fall(error instanceof Error ? error.message : String(error)));
    this.#worker.on("exit", (code) => this.#fall(`the thread of replays ended with ${code}`));
    this.#worker.unref();
  }

  get hasEnded(): boolean {
    return this.#why !== undefined;
  }
  get isAsked(): boolean {
    return this.#calls.size > 0;
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
