// The process of one role. The supervisor forks it and hands the configuration over the channel between them; without that parent it ends, so that no
// role outlives its supervisor. Ctrl-C reaches every process of the terminal: a role lets it pass, for the supervisor stops the roles in order.

import { flushCompileCache } from "node:module";
import { FolderTrouble } from "../io/recorder/folder-trouble.ts";
import { createLogger, openLineFile } from "./log-file.ts";
import type { FromRole, Logger, RoleConfig, RunningRole, ToRole } from "./roles.ts";

const STOP_WITHIN_MS = 10_000;

/** Serves one role until the parent says stop or goes away. `start` is given so that a test can run roles of its own. */
export function runRole(start: (config: RoleConfig, log: Logger) => Promise<RunningRole>): void {
  const [name = "role", logPath = "/dev/null"] = process.argv.slice(2);
  const file = openLineFile(logPath);
  const log = createLogger(name, file, (message) => process.stderr.write(`${message}\n`));
  let running: Promise<RunningRole> | undefined;
  let stopping = false;

  const tell = (message: FromRole): void => {
    if (process.connected) process.send?.(message);
  };
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    const timer = setTimeout(() => {
      log.error({ withinMs: STOP_WITHIN_MS }, `${name} did not stop within ${STOP_WITHIN_MS / 1000} s and was ended`);
      process.exit(1);
    }, STOP_WITHIN_MS);
    timer.unref();
    try {
      await (await running)?.stop();
      process.exit(0);
    } catch (error) {
      log.error({ err: error }, `${name} failed while stopping: ${(error as Error).message}`);
      process.exit(1);
    }
  };
  const die = (error: unknown): void => {
    log.error({ err: error }, `${name} fell: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  };

  process.on("uncaughtException", die);
  process.on("unhandledRejection", die);
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => void stop());
  process.on("disconnect", () => void stop());
  process.on("message", (message: ToRole) => {
    if (message.type === "stop") {
      void stop();
      return;
    }
    if (message.type === "recorder") {
      running?.then((role) => role.noteRecorder?.(message.recorderId, message.trouble), () => undefined);
      return;
    }
    if (running) return;
    running = start(message.config, log);
    running.then(
      () => {
        tell({ type: "ready" });
        flushCompileCache(); // now, since whoever is killed writes nothing at the end
      },
      (error: Error) => {
        log.error({ err: error }, `${name} did not start: ${error.message}`);
        if (process.connected) process.send?.({ type: "failed", message: error.message, ...(error instanceof FolderTrouble ? { trouble: { code: error.code, folder: error.folder } } : {}) } satisfies FromRole, () => process.exit(1));
        else process.exit(1);
      },
    );
  });
}
