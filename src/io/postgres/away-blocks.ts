// What a start left of a checkpoint where it is stored, asked for within one turn of the loop: the rules and the fold ask the state in the middle of a decision and cannot wait. A thread of its own has the connection, unpacks
// what it reads and compares it with its digest; the centre's thread sleeps until that has answered, a millisecond or so, and no longer than a second: then, and until another thread has shown that its database answers,
// whoever asks is told at once that nothing can be read, since a database that hangs must not hold up those who ask for nothing of it. Only the first thread may take longer, once, since it starts with the first question;
// each later one starts and says hello while nobody waits for it, and the rest before it grows while threads fail. Rejected: a promise at every reading of the state (each rule would have to be written
// for a state that changes while it waits), and all blocks in memory (three gigabytes a year of a large city).
import { MessageChannel, type MessagePort, Worker, receiveMessageOnPort } from "node:worker_threads";
import type { BlockKind, BlockName } from "../../dispatch/state-blocks.ts";
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
  readonly look: AwayLook;
}
/** How all blocks are looked through: a page in a statement of its own, with a pause after it, since others use the database, too. */
export interface AwayLook {
  readonly pageBlocks: number;
  readonly pauseMs: number;
  readonly statementMs: number;
}
export type AwayQuestion = { readonly call: number } & ({ readonly kind: "block"; readonly name: BlockName } | { readonly kind: "contact"; readonly externalId: string });
export type AwayAnswer = { readonly call: number } & ({ readonly value: string | number | null } | { readonly error: string });
/** Asked on the thread's own port, where nobody sleeps until it is answered: whether the database answers, and the look through all blocks. */
export type AwayErrand = "hello" | "check";
/** `fault`: of the look, if it found one; or why it could not be done. */
/** Blocks of a kind, asked and answered there, too. */
export interface AwayRange {
  readonly call: number;
  readonly kind: BlockKind;
  readonly numbers: readonly number[];
}
export type AwayRangeRead = { readonly range: number } & ({ readonly texts: ReadonlyMap<number, string> } | { readonly error: string });
export type AwayErrandDone = { readonly errand: AwayErrand } & ({ readonly fault: string | null } | { readonly error: string });

const PROGRAM = new URL("./away-blocks-program.ts", import.meta.url);
const LOOK: AwayLook = { pageBlocks: 200, pauseMs: 100, statementMs: 60_000 };

export interface AwayTimes {
  readonly answerMs: number;
  /** The first thread has to start, too. */
  readonly firstAnswerMs: number;
  /** So long after a thread that failed the next is started; doubled each time until one has answered a question. */
  readonly restMs: number;
  readonly longestRestMs: number;
  /** In which a new thread has to have started and to have heard from its database. */
  readonly helloMs: number;
}
const TIMES: AwayTimes = { answerMs: 1_000, firstAnswerMs: 5_000, restMs: 3_000, longestRestMs: 60_000, helloMs: 30_000 };

/** `program`, `times` and `look` are for tests. */
export function createAwayBlocks(of: AwayBlocksOf, program: URL = PROGRAM, times: AwayTimes = TIMES, look: AwayLook = LOOK): AwayBlocks {
  let thread: Thread | null = null;
  let hasBegun = false;
  let next: Thread | null = null; // has not said hello yet
  let { restMs } = times;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const rest = (): void => {
    if (closed) return;
    timer = setTimeout(startNext, restMs).unref();
    restMs = Math.min(restMs * 2, times.longestRestMs);
  };
  const startNext = (): void => {
    const begun = new Thread(of, program, look, times.answerMs);
    next = begun;
    timer = setTimeout(() => void begun.end(), times.helloMs).unref();
    begun.run("hello").then(() => void (thread = begun), () => begun.end()).finally(() => {
      next = null;
      clearTimeout(timer);
      if (thread !== begun) rest();
    }).catch(() => undefined);
  };
  const letGo = (failed: Thread): void => {
    thread = null;
    void failed.end();
    rest();
  };
  const findThread = (): Thread => {
    if (closed) throw new AwayError("the checkpoint was closed");
    if (!hasBegun) {
      hasBegun = true;
      thread = new Thread(of, program, look, times.firstAnswerMs);
    }
    if (thread?.hasEnded === true) letGo(thread);
    if (thread === null) throw new AwayError("what is stored of ended calls cannot be read just now");
    return thread;
  };
  const ask = (question: Omit<Extract<AwayQuestion, { kind: "block" }>, "call"> | Omit<Extract<AwayQuestion, { kind: "contact" }>, "call">): string | number | null => {
    const asked = findThread();
    const answer = asked.ask(question, times.answerMs);
    if (answer === null) {
      letGo(asked);
      throw new AwayError("what is stored of ended calls could not be read in time");
    }
    ({ restMs } = times);
    if ("error" in answer) throw new AwayError(answer.error);
    return answer.value;
  };
  return {
    readBlock: (name) => ask({ kind: "block", name }) as string | null,
    readBlocks: async (kind, numbers) => findThread().readRange(kind, numbers),
    findContactId: (externalId) => ask({ kind: "contact", externalId }) as number | null,
    check: async () => findThread().run("check"),
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await Promise.all([thread?.end(), next?.end()]);
    },
  };
}

/** One life of it. */
class Thread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #bell = new Int32Array(new SharedArrayBuffer(4));
  readonly #ranges = new Map<number, { readonly resolve: (texts: ReadonlyMap<number, string>) => void; readonly reject: (error: Error) => void }>();
  readonly #errands = new Map<AwayErrand, { readonly resolve: (fault: string | null) => void; readonly reject: (error: Error) => void }>();
  #firstMs: number | null;
  #last = 0;
  hasEnded = false;

  /** `firstMs`: what its first answer may take. */
  constructor(of: AwayBlocksOf, program: URL, look: AwayLook, firstMs: number) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#firstMs = firstMs;
    const start: AwayThreadStart = { ...of, port: port2, bell: this.#bell, look };
    this.#worker = new Worker(program, { workerData: start, transferList: [port2], execArgv: ["--disable-warning=ExperimentalWarning"] });
    this.#worker.on("message", (done: AwayErrandDone | AwayRangeRead) => {
      if ("range" in done) {
        const asked = this.#ranges.get(done.range);
        this.#ranges.delete(done.range);
        if ("error" in done) asked?.reject(new AwayError(done.error));
        else asked?.resolve(done.texts);
        return;
      }
      const errand = this.#errands.get(done.errand);
      this.#errands.delete(done.errand);
      if ("error" in done) errand?.reject(new AwayError(done.error));
      else errand?.resolve(done.fault);
    });
    this.#worker.on("error", (error) => this.#fall(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on("exit", (code) => this.#fall(new Error(`the thread of stored blocks ended with ${code}`)));
    this.#worker.unref();
    this.#port.unref();
  }

  /** null: no answer came in time. */
  ask(question: { readonly kind: "block"; readonly name: BlockName } | { readonly kind: "contact"; readonly externalId: string }, withinMs: number): AwayAnswer | null {
    const call = ++this.#last;
    // oxlint-disable-next-line require-post-message-target-origin -- a port of Node, not a window
    this.#port.postMessage({ ...question, call } satisfies AwayQuestion);
    const until = performance.now() + (this.#firstMs ?? withinMs);
    for (;;) {
      const rung = Atomics.load(this.#bell, 0); // before looking: an answer that comes after it ends the sleep at once
      const found = receiveMessageOnPort(this.#port) as { message: AwayAnswer } | undefined;
      if (found !== undefined) {
        this.#firstMs = null;
        if (found.message.call === call) return found.message;
        continue;
      }
      const leftMs = until - performance.now();
      if (leftMs <= 0) return null;
      Atomics.wait(this.#bell, 0, rung, leftMs);
    }
  }

  run(errand: AwayErrand): Promise<string | null> {
    if (this.#errands.has(errand)) return Promise.reject(new AwayError("the checkpoint is being looked through already"));
    return new Promise((resolve, reject) => {
      this.#errands.set(errand, { resolve, reject });
      // oxlint-disable-next-line require-post-message-target-origin -- a port of Node, not a window
      this.#worker.postMessage(errand);
    });
  }

  readRange(kind: BlockKind, numbers: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const call = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#ranges.set(call, { resolve, reject });
      // oxlint-disable-next-line require-post-message-target-origin -- a port of Node, not a window
      this.#worker.postMessage({ call, kind, numbers } satisfies AwayRange);
    });
  }

  async end(): Promise<void> {
    this.#fall(new Error("the checkpoint was closed"));
    await this.#worker.terminate();
  }

  #fall(why: Error): void {
    this.hasEnded = true;
    this.#port.close();
    for (const { reject } of [...this.#errands.values(), ...this.#ranges.values()]) reject(new AwayError(why.message));
    this.#errands.clear();
    this.#ranges.clear();
  }
}
