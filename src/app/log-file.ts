// Where a process writes its log: pino's JSON lines into a file that is turned over by size, and warnings as a short line to the terminal. Writing a log
// line never fails the work: on a full disk lines are lost and counted, nothing else.

import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";
import { pino } from "pino";
import type { Logger } from "./roles.ts";

export interface LineFile {
  write(line: string): void;
  close(): void;
}

/** Appends lines to `path`; past `limitBytes` the file becomes `path.1`, the one before it `path.2`. */
export function openLineFile(path: string, limitBytes: number = 16 * 1024 * 1024): LineFile {
  let fd = openSync(path, "a", 0o600);
  let size = fstatSync(fd).size;
  let lost = 0;
  const turnOver = (): void => {
    closeSync(fd);
    for (const [from, to] of [[`${path}.1`, `${path}.2`], [path, `${path}.1`]] as const) {
      try {
        renameSync(from, to);
      } catch {
        // there is none yet
      }
    }
    fd = openSync(path, "a", 0o600);
    size = 0;
  };
  return {
    write(line) {
      try {
        if (size > limitBytes) turnOver();
        const text = lost > 0 ? `{"level":40,"msg":"${lost} log lines were lost: the disk was full"}\n${line}` : line;
        size += writeSync(fd, text);
        lost = 0;
      } catch {
        lost++;
      }
    },
    close: () => closeSync(fd),
  };
}

/** A logger for one process. `warn` gets what the person at the terminal should see. */
export function createLogger(name: string, file: LineFile, warn: (message: string) => void): Logger {
  const log = pino({ base: { role: name }, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: ["password", "token", "*.password", "*.token"], censor: "(hidden)" } }, file);
  return {
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => {
      log.warn(fields, message);
      warn(message);
    },
    error: (fields, message) => {
      log.error(fields, message);
      warn(message);
    },
  };
}
