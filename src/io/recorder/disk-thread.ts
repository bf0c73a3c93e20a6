// The recorder's own threads for writing: bytes are hashed and written there, one write of a thread after the other, straight out of the memory that the cameras' thread put them together in. Jobs
// and their outcomes pass through rings in shared memory; a thread is woken once for all that a turn brings, and nobody is woken for outcomes: the cameras' thread looks for them every
// so often while there are jobs under way. It leaves the cameras' thread with half of the work, and a write that hangs
// holds up neither that nor Node's pool of threads.
// There is more than one, since a disk that others use too gives each who waits its turn: with one alone, 800 MB of pictures once waited on a busy machine.
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { getSystemErrorMessage, getSystemErrorName } from "node:util";
import { type DiskPort, type FileWriting, checkWritten } from "./disk-port.ts";

/** Jobs that may be under way; a power of two. A camera has one at a time. */
export const RING_JOBS = 4_096;
/** The fields of a job in its ring: 64-bit floats. `RESULT` is the thread's: bytes written, or the system's error number, which is negative. */
export const JOB_FIELDS = { op: 0, file: 1, fd: 2, slab: 3, start: 4, size: 5, position: 6, result: 7 } as const;
export const JOB_WIDTH = 8;
export const JOB_OPS = { write: 0, finish: 1, drop: 2, forget: 3 } as const;
/** The counters beside the rings: jobs handed over, jobs done (both wrap at 32 bits), and whether the thread sleeps. */
export const COUNTERS = { submitted: 0, done: 1, asleep: 2 } as const;
export const DIGEST_BYTES = 32;

/** What the thread is started with. Slabs, the buffers that jobs point into, come over the port when the first job needs them. */
export interface DiskThreadStart {
  readonly counters: SharedArrayBuffer;
  readonly jobs: SharedArrayBuffer;
  readonly digests: SharedArrayBuffer;
  readonly slabs: MessagePort;
}
export interface SlabMessage {
  readonly slab: number;
  readonly buffer: SharedArrayBuffer;
}

const PROGRAM = new URL("./disk-thread-program.ts", import.meta.url);

const THREADS = 3;
/** So often outcomes are looked for. What waits for them is memory, and a first viewer. */
const LOOK_EVERY_MS = 15;

export class DiskThreads implements DiskPort {
  readonly #program: URL;
  readonly #lines: (Line | undefined)[];
  #next = 0;
  /** While anything is under way. A process does not end meanwhile. */
  #looking: NodeJS.Timeout | undefined;

  /** `program` is for tests. A thread starts with its first file, and anew with the next one after it ended unexpectedly. */
  constructor(program = PROGRAM, threads = THREADS) {
    this.#program = program;
    this.#lines = new Array<Line | undefined>(threads).fill(undefined);
  }

  /** What is written must lie in shared memory. Files are dealt out in turn; a file stays with its thread. */
  begin(fd: number): FileWriting {
    const at = this.#next;
    this.#next = (at + 1) % this.#lines.length;
    let line = this.#lines[at];
    if (line === undefined || line.ended !== undefined) this.#lines[at] = line = new Line(this.#program, () => this.#look());
    return line.begin(fd);
  }

  /** Memory that is given back: nothing points into it any more. Without it the threads would hold it for ever. */
  forget(buffer: ArrayBufferLike): void {
    for (const line of this.#lines) line?.forget(buffer);
  }

  /** To be called when nothing is under way any more. */
  async close(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line?.close()));
    this.#lines.fill(undefined);
  }

  #look(): void {
    this.#looking ??= setInterval(() => {
      for (const line of this.#lines) line?.take();
      if (this.#lines.some((line) => line?.isBusy)) return;
      clearInterval(this.#looking);
      this.#looking = undefined;
    }, LOOK_EVERY_MS);
  }
}

interface Waiting {
  readonly done: (result: number, digest: Uint8Array) => void;
  readonly failed: (error: Error) => void;
}
interface Job extends Waiting {
  readonly op: number;
  readonly file: number;
  readonly fd: number;
  /** What is written, and for the end of a memory that memory. */
  readonly bytes: Uint8Array | undefined;
  readonly start: number;
  readonly size: number;
  readonly position: number;
}

/** One life of one thread. */
class Line {
  /** Why nothing more is taken. */
  ended: Error | undefined;
  readonly #counters = new Int32Array(new SharedArrayBuffer(16));
  readonly #jobs = new Float64Array(new SharedArrayBuffer(RING_JOBS * JOB_WIDTH * 8));
  readonly #digests = new Uint8Array(new SharedArrayBuffer(RING_JOBS * DIGEST_BYTES));
  readonly #waiting = new Array<Waiting | undefined>(RING_JOBS).fill(undefined);
  /** Jobs that found the ring full. */
  readonly #late: Job[] = [];
  readonly #slabs = new Map<ArrayBufferLike, number>();
  #nextSlab = 0;
  readonly #slabPort: MessagePort;
  readonly #worker: Worker;
  readonly #onBusy: () => void;
  #submitted = 0;
  #taken = 0;
  #files = 0;

  /** `onBusy`: something is under way that outcomes have to be taken of. */
  constructor(program: URL, onBusy: () => void) {
    this.#onBusy = onBusy;
    const { port1, port2 } = new MessageChannel();
    this.#slabPort = port1;
    const start: DiskThreadStart = {
      counters: this.#counters.buffer as SharedArrayBuffer, jobs: this.#jobs.buffer as SharedArrayBuffer, digests: this.#digests.buffer as SharedArrayBuffer, slabs: port2,
    };
    this.#worker = new Worker(program, { workerData: start, transferList: [port2], execArgv: ["--disable-warning=ExperimentalWarning"], resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 } });
    this.#worker.on("error", (error) => this.#end(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on("exit", (code) => this.#end(new Error(`the disk thread ended with ${code}`)));
    this.#worker.unref();
    this.#slabPort.unref();
  }

  begin(fd: number): FileWriting {
    const file = ++this.#files;
    let position = 0;
    const run = <T>(op: number, bytes: Uint8Array | undefined, start: number, size: number, read: (result: number, digest: Uint8Array) => T): Promise<T> =>
      new Promise((resolve, reject) => this.#submit({
        op, file, fd, bytes, start, size, position, failed: reject,
        done: (result, digest) => {
          try {
            resolve(read(result, digest));
          } catch (wrong) {
            reject(wrong as Error);
          }
        },
      }));
    return {
      write: (bytes, start, size) => run(JOB_OPS.write, bytes, start, size, (result) => {
        if (result < 0) throw systemError(result);
        checkWritten(result, size);
        position += size;
      }),
      finish: () => run(JOB_OPS.finish, undefined, 0, 0, (_result, digest) => digest.slice()),
      drop: () => void run(JOB_OPS.drop, undefined, 0, 0, () => undefined).catch(() => undefined), // a thread that ended has dropped it
    };
  }

  forget(buffer: ArrayBufferLike): void {
    if (this.ended !== undefined || !this.#slabs.has(buffer)) return;
    this.#submit({ op: JOB_OPS.forget, file: 0, fd: -1, bytes: new Uint8Array(buffer), start: 0, size: 0, position: 0, done: () => undefined, failed: () => undefined });
  }

  async close(): Promise<void> {
    this.#end(new Error("the disk thread was closed"));
    await this.#worker.terminate();
  }

  #submit(job: Job): void {
    if (this.ended !== undefined) job.failed(this.ended);
    else if (this.#underWay() >= RING_JOBS) this.#late.push(job);
    else this.#put(job);
  }

  #underWay(): number {
    return (this.#submitted - this.#taken) | 0;
  }

  #put(job: Job): void {
    if (this.#underWay() === 0) this.#onBusy();
    const slot = this.#submitted & (RING_JOBS - 1);
    const at = slot * JOB_WIDTH;
    const jobs = this.#jobs;
    jobs[at + JOB_FIELDS.op] = job.op;
    jobs[at + JOB_FIELDS.file] = job.file;
    jobs[at + JOB_FIELDS.fd] = job.fd;
    jobs[at + JOB_FIELDS.slab] = job.bytes === undefined ? -1 : this.#findSlab(job.bytes.buffer);
    jobs[at + JOB_FIELDS.start] = (job.bytes?.byteOffset ?? 0) + job.start;
    jobs[at + JOB_FIELDS.size] = job.size;
    jobs[at + JOB_FIELDS.position] = job.position;
    if (job.op === JOB_OPS.forget) this.#slabs.delete(job.bytes!.buffer);
    this.#waiting[slot] = job;
    this.#submitted = (this.#submitted + 1) | 0;
    Atomics.store(this.#counters, COUNTERS.submitted, this.#submitted);
    if (Atomics.exchange(this.#counters, COUNTERS.asleep, 0) === 1) Atomics.notify(this.#counters, COUNTERS.submitted);
  }

  /** The thread's number for this memory, which it is told of once. */
  #findSlab(buffer: ArrayBufferLike): number {
    const known = this.#slabs.get(buffer);
    if (known !== undefined) return known;
    if (!(buffer instanceof SharedArrayBuffer)) throw new TypeError("bytes for the disk thread in memory that it does not share");
    const slab = this.#nextSlab++;
    this.#slabs.set(buffer, slab);
    // oxlint-disable-next-line require-post-message-target-origin -- a port of Node, not a window
    this.#slabPort.postMessage({ slab, buffer } satisfies SlabMessage);
    return slab;
  }

  get isBusy(): boolean {
    return this.ended === undefined && this.#underWay() > 0;
  }

  /** Takes the outcomes that there are. */
  take(): void {
    if (this.ended !== undefined) return;
    const done = Atomics.load(this.#counters, COUNTERS.done);
    while (this.#taken !== done) {
      const slot = this.#taken & (RING_JOBS - 1);
      const waiting = this.#waiting[slot]!;
      this.#waiting[slot] = undefined;
      const result = this.#jobs[slot * JOB_WIDTH + JOB_FIELDS.result]!;
      this.#taken = (this.#taken + 1) | 0;
      waiting.done(result, this.#digests.subarray(slot * DIGEST_BYTES, (slot + 1) * DIGEST_BYTES));
    }
    while (this.#late.length > 0 && this.#underWay() < RING_JOBS) this.#put(this.#late.shift()!);
  }

  #end(error: Error): void {
    if (this.ended !== undefined) return;
    this.ended = error;
    this.#slabPort.close();
    for (const waiting of [...this.#waiting.splice(0), ...this.#late.splice(0)]) waiting?.failed(error);
  }
}

function systemError(errno: number): Error {
  const code = getSystemErrorName(errno);
  return Object.assign(new Error(`${code}: ${getSystemErrorMessage(errno)}, write`), { errno, code, syscall: "write" });
}
