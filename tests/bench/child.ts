// Processes that a bench starts: each ends with whoever started it, however that ended, and one that ends before its time fails the bench in place of leaving it waiting.
import type { ChildProcess } from "node:child_process";

/** To be called in the child. */
export function endWithStarter(): void {
  process.once("disconnect", () => process.exit());
}

/** The next message of a child; rejects where it ends without one. */
export const nextMessage = <T>(child: ChildProcess, what: string): Promise<T> =>
  new Promise((resolve, reject) => {
    const ended = (code: number | null, signal: string | null): void => reject(new Error(`${what} ended with ${signal ?? code}`));
    child.once("exit", ended);
    child.once("message", (message) => {
      child.off("exit", ended);
      resolve(message as T);
    });
  });
