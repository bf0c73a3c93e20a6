// What a start left of a checkpoint where it is stored, asked for within one turn of the loop: the rules and the fold ask the state in the middle of a decision and cannot wait. A thread of its own has the connection, unpacks
// what it reads and compares it with its digest; the centre's thread sleeps until that has answered, a millisecond or so, and no longer than a second: then, and for a while after it, whoever asks is told that nothing can
// be read, since a database that hangs must not hold up those who ask for nothing of it. The thread starts with the first question and ends with the last of a start. Rejected: a promise at every
// reading of the state (each rule would have to be written for a state that changes while it waits), and all blocks in memory (three gigabytes a year of a large city).
import { MessageChannel, type MessagePort, Worker, receiveMessageOnPort } from "node:worker_threads";
import type { BlockName } from "../../dispatch/state-blocks.ts";
import { AwayError, type AwayBlocks } from "../../workflow/checkpoint.ts";

export interface AwayBlocksOf {
  readonly databaseUrl: string;
  /** Of the checkpoint. */
  readonly number: number;
  readonly sequence: number;
  /** All is read as it was at the first question, whatever is written or let go since. */
  readonly holds: boolean;
}
/** What the thread is given, told and asked; it answers a question on the port and rings the bell. */
export interface AwayThreadStart extends AwayBlocksOf {
  readonly port: MessagePort;
  readonly bell: Int32Array;
}
export type AwayQuestion = { readonly call: number } & ({ readonly kind: "block"; readonly name: BlockName } | { readonly kind: "contact"; readonly externalId: string });
export type AwayAnswer = { readonly call: number } & ({ readonly value: string | number | null } | { readonly error: string });
/** To `check`, on the thread's own port: the fault, or null; or why it could not look. */
export type AwayChecked = { readonly fault: string | null } | { readonly error: string };

const PROGRAM = new URL("./away-blocks-program.ts", import.meta.url);
const ANSWER_MS = 1_000;
/** The thread itself has to start once. */
const FIRST_ANSWER_MS = 5_000;
/** So long after a question without an answer none is asked. */
const REST_MS = 3_000;

export interface AwayTimes {
  readonly answerMs: number;
  readonly firstAnswerMs: number;
  readonly restMs: number;
}

/** `program` and `times` are for tests. */
export function createAwayBlocks(of: AwayBlocksOf, program: URL = PROGRAM, times: AwayTimes = { answerMs: ANSWER_MS, firstAnswerMs: FIRST_ANSWER_MS, restMs: REST_MS }): AwayBlocks {
  let thread: Thread | null = null;
  let restUntil = 0;
  let closed = false;
  const findThread = (): Thread => {
    if (closed) throw new AwayError("the checkpoint was closed");
    if (performance.now() < restUntil) throw new AwayError("what is stored of ended calls cannot be read just now");
    if (thread === null || thread.hasEnded) thread = new Thread(of, program, times);
    return thread;
  };
  const ask = (question: Omit<Extract<AwayQuestion, { kind: "block" }>, "call"> | Omit<Extract<AwayQuestion, { kind: "contact" }>, "call">): string | number | null => {
    const asked = findThread();
    const answer = asked.ask(question);
    if (answer === null) {
      restUntil = performance.now() + times.restMs;
      thread = null;
      void asked.end();
      throw new AwayError("what is stored of ended calls could not be read in time");
    }
    if ("error" in answer) throw new AwayError(answer.error);
    return answer.value;
  };
  return {
    readBlock: (name) => ask({ kind: "block", name }) as string | null,
    findContactId: (externalId) => ask({ kind: "contact", externalId }) as number | null,
    check: async () => findThread().check(),
    close: async () => {
      closed = true;
      await thread?.end();
    },
  };
}

/** One life of it. */
class Thread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #bell = new Int32Array(new SharedArrayBuffer(4));
  readonly #times: AwayTimes;
  #answered = false;
  #last = 0;
  #checking: { readonly resolve: (fault: string | null) => void; readonly reject: (error: Error) => void } | null = null;
  hasEnded = false;

  constructor(of: AwayBlocksOf, program: URL, times: AwayTimes) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#times = times;
    const start: AwayThreadStart = { ...of, port: port2, bell: this.#bell };
    this.#worker = new Worker(program, { workerData: start, transferList: [port2], execArgv: ["--disable-warning=ExperimentalWarning"] });
    this.#worker.on("message", (checked: AwayChecked) => {
      if ("error" in checked) this.#checking?.reject(new AwayError(checked.error));
      else this.#checking?.resolve(checked.fault);
      this.#checking = null;
    });
    this.#worker.on("error", (error) => this.#fall(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on("exit", (code) => this.#fall(new Error(`the thread of stored blocks ended with ${code}`)));
    this.#worker.unref();
    this.#port.unref();
  }

  /** null: no answer came in time. */
  ask(question: { readonly kind: "block"; readonly name: BlockName } | { readonly kind: "contact"; readonly externalId: string }): AwayAnswer | null {
    const call = ++this.#last;
    // oxlint-disable-next-line require-post-message-target-origin -- a port of Node, not a window
    this.#port.postMessage({ ...question, call } satisfies AwayQuestion);
    const until = performance.now() + (this.#answered ? this.#times.answerMs : this.#times.firstAnswerMs);
    for (;;) {
      const rung = Atomics.load(this.#bell, 0); // before looking: an answer that comes after it ends the sleep at once
      const found = receiveMessageOnPort(this.#port) as { message: AwayAnswer } | undefined;
      if (found !== undefined) {
        this.#answered = true;
        if (found.message.call === call) return found.message;
        continue;
      }
      const leftMs = until - performance.now();
      if (leftMs <= 0) return null;
      Atomics.wait(this.#bell, 0, rung, leftMs);
    }
  }

  check(): Promise<string | null> {
    if (this.#checking !== null) return Promise.reject(new AwayError("the checkpoint is being looked through already"));
    return new Promise((resolve, reject) => {
      this.#checking = { resolve, reject };
      // oxlint-disable-next-line require-post-message-target-origin -- a port of Node, not a window
      this.#worker.postMessage("check");
    });
  }

  async end(): Promise<void> {
    this.#fall(new Error("the checkpoint was closed"));
    await this.#worker.terminate();
  }

  #fall(why: Error): void {
    this.hasEnded = true;
    this.#port.close();
    this.#checking?.reject(new AwayError(why.message));
    this.#checking = null;
  }
}
