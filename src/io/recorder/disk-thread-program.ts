// What a disk thread runs: jobs in the order in which they came, each to its end. It never goes back to an event loop; it sleeps on the counter of jobs.
import { type Hash, createHash } from "node:crypto";
import { writeSync } from "node:fs";
import { constants } from "node:os";
import { receiveMessageOnPort, workerData } from "node:worker_threads";
import { collectGarbage } from "./collect-garbage.ts";
import { COUNTERS, DIGEST_BYTES, type DiskThreadStart, JOB_FIELDS, JOB_OPS, JOB_WIDTH, RING_JOBS, type SlabMessage } from "./disk-thread.ts";

const start = workerData as DiskThreadStart;
const counters = new Int32Array(start.counters);
const jobs = new Float64Array(start.jobs);
const digests = new Uint8Array(start.digests);
const slabs = new Map<number, Uint8Array>();
const hashes = new Map<number, Hash>();

function findSlab(slab: number): Uint8Array {
  for (;;) {
    const known = slabs.get(slab);
    if (known !== undefined) return known;
    const received = receiveMessageOnPort(start.slabs) as { message: SlabMessage } | undefined;
    if (received === undefined) throw new Error(`no slab ${slab}`); // they are told before a job points into them
    slabs.set(received.message.slab, new Uint8Array(received.message.buffer));
  }
}

function forgetSlab(slab: number): void {
  slabs.delete(slab);
  collectGarbage();
}

function write(at: number): number {
  const file = jobs[at + JOB_FIELDS.file]!;
  const from = jobs[at + JOB_FIELDS.start]!;
  const size = jobs[at + JOB_FIELDS.size]!;
  const slab = findSlab(jobs[at + JOB_FIELDS.slab]!);
  let hash = hashes.get(file);
  if (hash === undefined) hashes.set(file, (hash = createHash("sha256")));
  hash.update(slab.subarray(from, from + size));
  try {
    return writeSync(jobs[at + JOB_FIELDS.fd]!, slab, from, size, jobs[at + JOB_FIELDS.position]!);
  } catch (error) {
    return (error as NodeJS.ErrnoException).errno ?? -constants.errno.EIO;
  }
}

function work(slot: number): void {
  const at = slot * JOB_WIDTH;
  const file = jobs[at + JOB_FIELDS.file]!;
  const op = jobs[at + JOB_FIELDS.op];
  if (op === JOB_OPS.write) jobs[at + JOB_FIELDS.result] = write(at);
  else if (op === JOB_OPS.forget) forgetSlab(jobs[at + JOB_FIELDS.slab]!);
  else {
    if (op === JOB_OPS.finish) digests.set((hashes.get(file) ?? createHash("sha256")).digest(), slot * DIGEST_BYTES);
    hashes.delete(file);
  }
}

for (let done = 0; ;) {
  while (Atomics.load(counters, COUNTERS.submitted) !== done) {
    work(done & (RING_JOBS - 1));
    done = (done + 1) | 0;
    Atomics.store(counters, COUNTERS.done, done);
  }
  Atomics.store(counters, COUNTERS.asleep, 1);
  if (Atomics.load(counters, COUNTERS.submitted) === done) Atomics.wait(counters, COUNTERS.submitted, done);
  Atomics.store(counters, COUNTERS.asleep, 0);
}
