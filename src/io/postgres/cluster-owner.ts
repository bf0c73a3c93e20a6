// PostgreSQL refuses to run as root, and a user that it may run as must be able to reach its programs and its data: every folder above them
// needs the search bit for that user. This file decides both. Dropping to a user by `setuid` at spawn was chosen over `su`/`runuser`,
// which need a login shell and a terminal-less PAM set-up that bare containers lack.

import { accessSync, chownSync, constants, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { ToldError } from "../../base/told-error.ts";

/** The operating system user that PostgreSQL runs as. `drop` is true where we are root and change to it at spawn. */
export interface ClusterOwner {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
  readonly drop: boolean;
}

/** Finds a user in the text of /etc/passwd. */
export function parsePasswd(text: string, name: string): { uid: number; gid: number } | undefined {
  for (const line of text.split("\n")) {
    const fields = line.split(":");
    if (fields[0] !== name) continue;
    const uid = Number(fields[2]);
    const gid = Number(fields[3]);
    if (Number.isInteger(uid) && Number.isInteger(gid) && uid > 0) return { uid, gid };
  }
  return undefined;
}

/** Ourselves; or, as root, the user `postgres` where the machine has one, else `nobody`. Throws where there is neither. */
export function chooseClusterOwner(): ClusterOwner {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  if (uid !== 0) return { uid, gid, name: String(uid), drop: false };
  const passwd = readFileSync("/etc/passwd", "utf8");
  for (const name of ["postgres", "nobody"]) {
    const found = parsePasswd(passwd, name);
    if (found) return { ...found, name, drop: true };
  }
  throw new ToldError("PostgreSQL does not run as root, and /etc/passwd has neither a user postgres nor nobody. Start Citywatch as a plain user, or set DATABASE_URL.");
}

/** Whether the owner may read and search `path`, judged by the mode bits of it and of every folder above it. */
export function canReach(owner: ClusterOwner, path: string): boolean {
  let at: string;
  try {
    at = realpathSync(path);
  } catch {
    return false;
  }
  if (!owner.drop) {
    try {
      accessSync(at, constants.R_OK | constants.X_OK);
      return true;
    } catch {
      return false;
    }
  }
  let need = 0o5; // read and search on the place itself, search alone above it
  for (;;) {
    const stat = statSync(at);
    const shift = stat.uid === owner.uid ? 6 : stat.gid === owner.gid ? 3 : 0;
    if (((stat.mode >> shift) & need) !== need) return false;
    const parent = dirname(at);
    if (parent === at) return true;
    at = parent;
    need = 0o1;
  }
}

/** Gives a file or folder to the owner; does nothing where we are the owner. */
export function giveTo(owner: ClusterOwner, path: string): void {
  if (owner.drop) chownSync(path, owner.uid, owner.gid);
}
