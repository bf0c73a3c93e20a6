// The recordings' folder is its owner's alone. A mount point is made with 0755 as a rule, and where others may enter it, each local user reads when which camera recorded, and what is in it besides. A group that may enter is left: somebody has given it.
import { chmodSync, statSync } from "node:fs";
import { FolderTrouble } from "./folder-trouble.ts";

const OTHERS = 0o007;
const OWNER = 0o700;

/** Answers whether others could enter it until now. Throws a FolderTrouble where that cannot be ended: a file system without modes says who may enter when it is mounted. */
export function closeToOthers(folder: string): boolean {
  if (process.platform === "win32" || isClosed(folder)) return false; // there modes say nothing; who may enter is the folder's own list
  let why = "its mode stays as it is";
  try {
    chmodSync(folder, statSync(folder).mode & OWNER);
  } catch (error) {
    why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  }
  if (!isClosed(folder)) throw new FolderTrouble("folder-open", folder, `other users of this machine may enter the recordings' folder ${folder}, and this one cannot end that (${why}). Let its owner run "chmod 700 ${folder}"; where its file system has no modes, mount it for this user alone (umask=077)`);
  return true;
}

const isClosed = (folder: string): boolean => (statSync(folder).mode & OTHERS) === 0;
