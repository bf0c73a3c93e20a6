// Ends a process when the one that started it dies, however that dies: kill -9 gives nobody time to clean up. A shell waits on a pipe whose other end only this
// process holds; the kernel closes it with us. For PostgreSQL and for what a test run starts: our own roles watch their channel themselves.
// Rejected: a Node process as guard (40 MB for waiting), prctl(PR_SET_PDEATHSIG) (Linux only, and Node has no way to it).
import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";

export interface GuardOptions {
  readonly signal: "INT" | "TERM"; // first; after half a minute QUIT, then KILL
  readonly afterSeconds?: number; // so long the process is left alone, e.g. for those who still write to it
  readonly thenRemove?: string; // a folder, once it is gone
}

// $1 process, $2 signal, $3 seconds to wait, $4 folder to remove
const SCRIPT = `
read -r _
sleep "$3"
kill -s "$2" "$1" 2>/dev/null
n=0
while kill -0 "$1" 2>/dev/null && [ $n -lt 400 ]; do
  n=$((n + 1))
  [ $n -eq 300 ] && kill -s QUIT "$1" 2>/dev/null
  [ $n -eq 350 ] && kill -s KILL "$1" 2>/dev/null
  sleep 0.1
done
[ -z "$4" ] || rm -rf -- "$4"
`;

/** Guards a child of this process until it exits. The guard keeps nothing alive and is in a group of its own: Ctrl-C does not reach it. */
export function guardAgainstOrphaning(child: ChildProcess, options: GuardOptions): void {
  if (child.pid === undefined) return;
  const args = ["-c", SCRIPT, "citywatch-guard", String(child.pid), options.signal, String(options.afterSeconds ?? 0), options.thenRemove ?? ""];
  const guard = spawn("/bin/sh", args, { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  guard.once("error", () => undefined); // without a shell there is no guard; the next start takes over what was left
  guard.unref();
  (guard.stdin as Socket).unref();
  guard.stdin?.once("error", () => undefined);
  child.once("exit", () => guard.kill("SIGKILL"));
}
