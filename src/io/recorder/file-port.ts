// New files as the writer needs them: opened, synced and closed; what is written into them goes by disk-port.ts. They are opened for writes past the page cache where the file
// system offers that; where it does not (some network and memory file systems), ordinary writes do, and that is said once. A port, so that tests can fail a sync.
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { syncFolder } from "./segment-files.ts";

export interface NewFile {
  readonly fd: number;
  /** Bytes and length are on the disk when it resolves: with the length, all that the bytes need to be found again. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
export interface FilePort {
  create(path: string): Promise<NewFile>;
  syncFolder(path: string): Promise<void>;
}

/** `onBuffered` hears once that writes go through the page cache. */
export function createFilePort(onBuffered: () => void = () => undefined): FilePort {
  let isTold = false;
  return {
    create: async (path) => {
      const { handle, isDirect } = await openNew(path);
      if (!isDirect && !isTold) {
        isTold = true;
        onBuffered();
      }
      return { fd: handle.fd, sync: () => handle.datasync(), close: () => handle.close() };
    },
    syncFolder,
  };
}

async function openNew(path: string): Promise<{ readonly handle: FileHandle; readonly isDirect: boolean }> {
  const flags = constants.O_WRONLY | constants.O_CREAT;
  try {
    return { handle: await open(path, flags | constants.O_EXCL | (constants.O_DIRECT ?? 0), 0o600), isDirect: constants.O_DIRECT !== undefined };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EINVAL") throw error;
    return { handle: await open(path, flags, 0o600), isDirect: false }; // the refused open may have made the file
  }
}

/** Whether a failed write, sync or statement of the index means that there is no room. */
export function isDiskFull(error: Error): boolean {
  const { code, errcode } = error as Error & { readonly code?: string; readonly errcode?: number };
  return code === "ENOSPC" || code === "EDQUOT" || (code === "ERR_SQLITE_ERROR" && errcode === SQLITE_FULL);
}
const SQLITE_FULL = 13;

/** Why there are no pictures after that failure. */
export function gapCauseOfDisk(error: Error): "disk-full" | "disk-failed" {
  return isDiskFull(error) ? "disk-full" : "disk-failed";
}
