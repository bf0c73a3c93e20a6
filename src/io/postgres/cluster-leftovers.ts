// What a crash leaves behind: a server that outlived its supervisor, back-ends that outlived their server, and a postmaster.pid whose number may
// by now belong to somebody else. PostgreSQL itself refuses to start on a number that is alive, whoever it is; so we look at who it is.
// Only processes whose working folder is this very data folder are ever ended.

import { readFileSync, readdirSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ToldError } from "../../base/told-error.ts";
import { isAlive } from "../process/is-alive.ts";

/** The process number in the text of postmaster.pid; undefined where the file is torn. */
export function parsePostmasterPid(text: string): number | undefined {
  const pid = Number.parseInt(text.split("\n")[0] ?? "", 10);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

/** The processes that work in `pgdata`: PostgreSQL changes its folder there and its back-ends inherit it. */
export function listProcessesIn(pgdata: string): number[] {
  const target = realpathSync(pgdata);
  if (process.platform === "linux") {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .filter((name) => {
        try {
          return readlinkSync(`/proc/${name}/cwd`) === target && /postgres/.test(readFileSync(`/proc/${name}/cmdline`, "utf8"));
        } catch {
          return false; // gone meanwhile, or another user's
        }
      })
      .map(Number);
  }
  try {
    const pid = parsePostmasterPid(readFileSync(join(pgdata, "postmaster.pid"), "utf8"));
    if (pid === undefined || !isAlive(pid)) return [];
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).includes(target) ? [pid] : [];
  } catch {
    return [];
  }
}

async function gone(pgdata: string, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (listProcessesIn(pgdata).length > 0) {
    if (performance.now() > until) return false;
    await sleep(50);
  }
  return true;
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // it ended between the look and the call
    }
  }
}

/**
 * Ends whatever a crash left running on `pgdata` and removes the files that would stop a new server. The caller must hold the data folder's lock: only
 * then is a running server a left-over. Returns how many processes were ended; throws where one does not end.
 */
export async function clearLeftovers(pgdata: string): Promise<number> {
  const found = listProcessesIn(pgdata);
  if (found.length > 0) {
    let postmaster: number | undefined;
    try {
      postmaster = parsePostmasterPid(readFileSync(join(pgdata, "postmaster.pid"), "utf8"));
    } catch {
      postmaster = undefined;
    }
    if (postmaster !== undefined && found.includes(postmaster)) {
      signalAll([postmaster], "SIGINT"); // fast shutdown: roll back, checkpoint, end
      await gone(pgdata, 20_000);
    } else {
      await gone(pgdata, 2_000); // back-ends notice their server's death by themselves
    }
    signalAll(listProcessesIn(pgdata), "SIGQUIT");
    if (!(await gone(pgdata, 5_000))) signalAll(listProcessesIn(pgdata), "SIGKILL");
    if (!(await gone(pgdata, 5_000))) throw new ToldError(`A PostgreSQL of an earlier run still works in ${pgdata} and does not end (process ${listProcessesIn(pgdata).join(", ")})`);
  }
  rmSync(join(pgdata, "postmaster.pid"), { force: true });
  return found.length;
}
