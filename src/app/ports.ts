// Ports, looked at before anything is started: a taken one is told with the option that changes it, instead of a stack from a child minutes later.

import { createServer } from "node:net";
import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { ToldError } from "../base/told-error.ts";

/** Listens once and lets go. Port 0 asks the system for a free one. Returns the port. */
function tryPort(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : port));
    });
  });
}

/** Which process listens on a port, where the machine tells us (Linux, our own user's processes or as root). */
export function findListener(port: number): { readonly pid: number; readonly name: string } | undefined {
  try {
    const wanted = port.toString(16).toUpperCase().padStart(4, "0");
    const inodes = new Set<string>();
    for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
      for (const line of readFileSync(table, "utf8").split("\n").slice(1)) {
        const fields = line.trim().split(/\s+/);
        if (fields[3] === "0A" && fields[1]?.endsWith(`:${wanted}`) && fields[9]) inodes.add(`socket:[${fields[9]}]`);
      }
    }
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        const holds = readdirSync(`/proc/${pid}/fd`).some((fd) => {
          try {
            return inodes.has(readlinkSync(`/proc/${pid}/fd/${fd}`));
          } catch {
            return false;
          }
        });
        if (holds) return { pid: Number(pid), name: readFileSync(`/proc/${pid}/comm`, "utf8").trim() };
      } catch {
        continue; // another user's process
      }
    }
  } catch {
    return undefined; // no /proc
  }
  return undefined;
}

export interface WantedPort {
  readonly what: string; // e.g. "the console and the API"
  readonly flag: string; // e.g. "--port"
  readonly port: number;
}

/** The ports to use, in the same order, 0 replaced by a free one. Throws a ToldError that names every taken port, its holder and the option. */
export async function claimPorts(host: string, wanted: readonly WantedPort[]): Promise<number[]> {
  const ports: number[] = [];
  const taken: string[] = [];
  for (const { what, flag, port } of wanted) {
    if (port !== 0 && ports.includes(port)) taken.push(`Port ${port} is asked for twice: ${what} needs another (${flag} PORT).`);
    try {
      ports.push(await tryPort(host, port));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const holder = code === "EADDRINUSE" ? findListener(port) : undefined;
      if (code === "EADDRINUSE") taken.push(`Port ${port}, for ${what}, is taken${holder ? ` by process ${holder.pid} (${holder.name})` : ""}. Choose another: ${flag} PORT.`);
      else if (code === "EACCES") taken.push(`Port ${port}, for ${what}, is not allowed to this user. Choose one above 1023: ${flag} PORT.`);
      else if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") throw new ToldError(`--host ${host}: this machine has no such address.`, { cause: error });
      else throw error;
    }
  }
  if (taken.length > 0) throw new ToldError(taken.join("\n"));
  return ports;
}
