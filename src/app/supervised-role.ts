// One role as a child process: forked, given its configuration, waited for, restarted when it dies, stopped within bounded time. The first start is different:
// if that fails, the whole start fails and says why, but for a part that the others do without, which is tried again; a death after it is mended, for ever, at growing intervals.

import { fork, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { ToldError } from "../base/told-error.ts";
import type { RecorderTrouble } from "../contract/recorders.ts";
import { FolderTrouble } from "../io/recorder/folder-trouble.ts";
import type { LineFile } from "./log-file.ts";
import { initialRestartState, planRestart } from "./restart-policy.ts";
import { PROCESS_SETTINGS } from "./process-settings.ts";
import type { FromRole, RoleConfig, ToRole } from "./roles.ts";

export interface RolePart {
  readonly name: string; // e.g. "centre"; in notes and log file names
  readonly entry: string; // the file to fork
  readonly config: RoleConfig;
  /** Asked before each life for what it is given; throws where it cannot live just now, which is a death like any other. `config` where it is absent. */
  readonly prepare?: () => RoleConfig;
  /** The others do without it: where its first life fails the start goes on, and it is tried again. */
  readonly mayBeMissed?: boolean;
  readonly logPath: string;
  /** Where Node keeps what it made of the program's sources: a role that was killed is back in half the time. */
  readonly codeCacheDir?: string;
  readonly output: LineFile; // what the process writes to its standard output and error
  readonly readyWithinMs: number;
  readonly stopWithinMs: number;
}

export interface RoleFailure {
  readonly message: string;
  readonly trouble: RecorderTrouble | null;
}
export interface RoleHooks {
  note(message: string): void; // a death, a new life
  complain(message: string): void; // what the process itself writes to its standard error
  progress(step: string, done: number, of: number | null): void;
  /** It works (null), or its life ended before it did. */
  came?(failure: RoleFailure | null): void;
}

export interface SupervisedRole {
  readonly ready: Promise<string | null>; // null: it works; of a part that may be missed why it does not. Rejects with a ToldError where the first start of any other fails
  /** To the process that lives just now, if any. */
  tell(message: ToRole): void;
  readonly pid: () => number | undefined;
  readonly restarts: () => number;
  stop(): Promise<void>;
  kill(): void; // at once, for the second Ctrl-C
}

/** How it ended, and how long it was. */
interface Life {
  readonly end: string;
  readonly trouble: RecorderTrouble | null;
  readonly livedMs: number;
  readonly cameToWork: boolean;
}

const describeEnd = (code: number | null, signal: string | null): string => (signal ? `ended by ${signal}` : `ended with code ${code}`);

export function superviseRole(part: RolePart, hooks: RoleHooks): SupervisedRole {
  let child: ChildProcess | undefined;
  let stopping = false;
  let restarts = 0;
  let wasReady = false;
  /** The start went on without it. */
  let isMissed = false;
  let hindrance: string | undefined;
  let memory = initialRestartState;
  const abort = new AbortController();
  let settle: { resolve: (failure: string | null) => void; reject: (error: Error) => void };
  const ready = new Promise<string | null>((resolve, reject) => (settle = { resolve, reject }));
  ready.catch(() => undefined); // whoever waits sees it; nobody has to

  /** Runs one process from birth to death. */
  const live = (config: RoleConfig): Promise<Life> =>
    new Promise((resolve) => {
      const since = performance.now();
      let cameToWork = false;
      const settings = PROCESS_SETTINGS[config.role];
      const env: NodeJS.ProcessEnv = { ...settings.env, ...process.env };
      delete env["DATABASE_URL"]; // it may hold a password; a role gets its own over the channel
      if (part.codeCacheDir !== undefined) env["NODE_COMPILE_CACHE"] = part.codeCacheDir;
      const process_ = fork(part.entry, [part.name, part.logPath], { env, execArgv: [...process.execArgv, ...settings.nodeFlags], stdio: ["ignore", "pipe", "pipe", "ipc"] });
      child = process_;
      let failure: string | undefined;
      let trouble: RecorderTrouble | null = null;
      const tell = (message: ToRole): void => void process_.send(message, () => undefined);
      const tooLate = setTimeout(() => {
        failure = `${part.name} was not ready within ${part.readyWithinMs / 1000} s`;
        process_.kill("SIGKILL");
      }, part.readyWithinMs);
      for (const [stream, shown] of [[process_.stdout!, false], [process_.stderr!, true]] as const) {
        createInterface({ input: stream }).on("line", (line) => {
          part.output.write(`${line}\n`);
          if (shown && !/^\s+at |^\s*$/.test(line)) hooks.complain(`${part.name}: ${line}`);
        });
      }
      process_.on("message", (message: FromRole) => {
        if (message.type === "progress") hooks.progress(message.step, message.done, message.of);
        else if (message.type === "failed") {
          failure = message.message;
          trouble = message.trouble ?? null;
        } else {
          clearTimeout(tooLate);
          cameToWork = true;
          if (wasReady || isMissed) hooks.note(`${part.name} runs${wasReady ? " again" : ""}`);
          wasReady = true;
          hooks.came?.(null);
          settle.resolve(null);
        }
      });
      let over = false;
      const end = (how: string): void => {
        if (over) return;
        over = true;
        clearTimeout(tooLate);
        child = undefined;
        resolve({ end: failure ?? how, trouble, livedMs: performance.now() - since, cameToWork });
      };
      process_.once("error", (error) => end(error.message));
      process_.once("exit", (code, signal) => end(describeEnd(code, signal)));
      tell({ type: "start", config });
    });

  const tryToLive = (): Promise<Life> => {
    let config: RoleConfig;
    try {
      config = part.prepare?.() ?? part.config;
    } catch (error) {
      const trouble = error instanceof FolderTrouble ? { code: error.code, folder: error.folder } : null;
      return Promise.resolve({ end: (error as Error).message, trouble, livedMs: 0, cameToWork: false });
    }
    return live(config);
  };

  const loop = async (): Promise<void> => {
    while (!stopping) {
      const { end, trouble, livedMs, cameToWork } = await tryToLive();
      if (stopping) break;
      if (!cameToWork) hooks.came?.({ message: end, trouble });
      if (!wasReady && part.mayBeMissed !== true) {
        settle.reject(new ToldError(`The ${part.name} did not start: ${end}. More in ${part.logPath}`));
        return;
      }
      const plan = planRestart(memory, livedMs, cameToWork && part.config.role === "centre"); // calls come in to nobody
      memory = plan.state;
      restarts++;
      if (wasReady && end !== hindrance) hooks.note(`${part.name} ${end}; starting it again in ${(plan.delayMs / 1000).toFixed(1)} s`);
      hindrance = cameToWork ? undefined : end; // it may last for days: the same is told once
      isMissed ||= !wasReady;
      settle.resolve(end); // of a part that the others do without
      await sleep(plan.delayMs, undefined, { signal: abort.signal }).catch(() => undefined);
    }
    settle.reject(new ToldError(`The ${part.name} was stopped before it was ready`));
  };
  const over = loop();

  return {
    ready,
    tell: (message) => void child?.send(message, () => undefined),
    pid: () => child?.pid,
    restarts: () => restarts,
    async stop() {
      stopping = true;
      abort.abort();
      const running = child;
      if (running) {
        running.send({ type: "stop" } satisfies ToRole, () => undefined);
        const timer = setTimeout(() => running.kill("SIGKILL"), part.stopWithinMs);
        await over;
        clearTimeout(timer);
      } else await over;
    },
    kill() {
      stopping = true;
      abort.abort();
      child?.kill("SIGKILL");
    },
  };
}
