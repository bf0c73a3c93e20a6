// What PostgreSQL's own log says about its end, put so that the person at the terminal knows what to do. Pure but for the reading of the tail.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const TAIL_BYTES = 16 * 1024;

const CAUSES: readonly { readonly pattern: RegExp; readonly say: (match: RegExpExecArray) => string }[] = [
  { pattern: /No space left on device/, say: () => "The disk is full: PostgreSQL could not write. Free some space and start again; nothing that was acknowledged is lost." },
  { pattern: /Disk quota exceeded/, say: () => "The disk quota is used up: PostgreSQL could not write. Free some space and start again; nothing that was acknowledged is lost." },
  { pattern: /Read-only file system/, say: () => "The data folder is on a read-only file system: PostgreSQL could not write." },
  { pattern: /lock file "([^"]+)" already exists/, say: (m) => `Another PostgreSQL already works in this data folder (${m[1]}).` },
  { pattern: /(?:could not (?:map|create|resize)[^\n]*shared memory[^\n]*)/, say: (m) => `The machine gave PostgreSQL no shared memory (${m[0]}).` },
  { pattern: /FATAL:\s+data directory "([^"]+)" has (wrong ownership|invalid permissions)/, say: (m) => `${m[1]} has ${m[2]}: it must belong to the user that PostgreSQL runs as, with mode 0700.` },
  { pattern: /error while loading shared libraries: ([^\n]+)/, say: (m) => `PostgreSQL lacks a library: ${m[1]}. Run npm ci again.` },
  { pattern: /(?:PANIC|FATAL):\s+([^\n]*checkpoint[^\n]*)/, say: (m) => `The database cannot be recovered by itself: ${m[1]}.` },
];

/** The last known cause in the text of a server log; undefined where none is known. */
export function explainServerLog(text: string): string | undefined {
  let best: { at: number; message: string } | undefined;
  for (const { pattern, say } of CAUSES) {
    for (const match of text.matchAll(new RegExp(pattern, "g"))) {
      if (!best || match.index >= best.at) best = { at: match.index, message: say(match) };
    }
  }
  return best?.message;
}

/** The end of a file, from `start` on and at most 16 KiB of it; empty where it cannot be read. */
export function readTail(file: string, start: number): string {
  let fd: number;
  try {
    fd = openSync(file, "r");
  } catch {
    return "";
  }
  try {
    const { size } = fstatSync(fd);
    const from = Math.max(start, size - TAIL_BYTES);
    const buffer = Buffer.alloc(Math.max(0, size - from));
    const read = readSync(fd, buffer, 0, buffer.length, from);
    return buffer.toString("utf8", 0, read);
  } finally {
    closeSync(fd);
  }
}
