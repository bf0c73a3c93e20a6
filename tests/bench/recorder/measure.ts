// What a process has used, from Linux's /proc: processor time (user + system) and memory. Benches that need it run on Linux only, and say so elsewhere.
import { existsSync, readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100; // USER_HZ, fixed for user space on Linux

export const canMeasure = (): boolean => existsSync("/proc/self/stat");

/** Seconds of processor time of one process with all its threads. */
export function readCpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1").replace(/^.*\) /s, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Seconds of processor time of the children of a process that have ended. */
export function readChildSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1").replace(/^.*\) /s, "").split(" ");
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}

/** Resident memory, bytes. */
export function readMemory(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0) * 1024;
}

/** System calls that wrote, of all kinds. */
export function readWriteCalls(pid: number): number {
  return Number(/^syscw: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, "latin1"))?.[1] ?? 0);
}

/** Of a whole machine: how much of its processors' time was used between two readings. */
export function readMachineBusy(): { readonly busy: number; readonly all: number } {
  const fields = readFileSync("/proc/stat", "latin1").split("\n")[0]!.trim().split(/\s+/).slice(1, 9).map(Number);
  const all = fields.reduce((sum, value) => sum + value, 0);
  return { busy: all - fields[3]! - fields[4]!, all };
}

