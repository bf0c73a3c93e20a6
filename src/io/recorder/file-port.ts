// New files as the writer needs them: opened, synced and closed; what is written into them goes by disk-port.ts. They are opened for writes past the page cache where the file
// system offers that; where it does not (some network and memory file systems), at the opening or only at the first write, ordinary writes do, and that is said once. A port, so that tests can fail a sync.
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { syncFolder } from "./segment-files.ts";

export interface NewFile {
  readonly fd: number;
  /** Bytes and length are on the disk when it resolves: with the length, all that the bytes need to be found again. */
  sync(): Promise<void>;
  close(): Promise<void>;
  /** After a refused direct write: this file, closed and opened anew for ordinary writes, as are all new ones from now on. Undefined where it is opened for these already. */
  reopenBuffered?(): Promise<NewFile | undefined>;
  /** A direct write of this file was refused that was not its first. One such file says nothing of the file system; several with none between them that was synced do, and new ones are then for ordinary writes. */
  noteRefused?(): void;
}
export interface FilePort {
  create(path: string): Promise<NewFile>;
  syncFolder(path: string): Promise<void>;
}

const NEW = constants.O_WRONLY | constants.O_CREAT;
/** 0: this system has no such writes. */
const DIRECT = constants.O_DIRECT ?? 0;

/** So many files whose direct writes were refused in their midst, none of them after one that ended well. */
const MOST_REFUSED = 3;

/** `onBuffered` hears once that writes go through the page cache. `direct` is for tests. */
export function createFilePort(onBuffered: () => void = () => undefined, direct: number = DIRECT): FilePort {
  let isRefused = direct === 0;
  let isTold = false;
  let refused = 0;
  const tellBuffered = (): void => {
    isRefused = true;
    if (!isTold) onBuffered();
    isTold = true;
  };
  const toBuffered = (handle: FileHandle): NewFile => ({ fd: handle.fd, sync: () => handle.datasync(), close: () => handle.close() });
  const createDirect = async (path: string): Promise<NewFile | undefined> => {
    try {
      const handle = await open(path, NEW | constants.O_EXCL | direct, 0o600);
      const reopenBuffered = async (): Promise<NewFile> => {
        tellBuffered();
        const again = await open(path, constants.O_WRONLY);
        await handle.close();
        return toBuffered(again);
      };
      const sync = async (): Promise<void> => {
        await handle.datasync();
        refused = 0;
      };
      const noteRefused = (): void => {
        if (++refused >= MOST_REFUSED) tellBuffered();
      };
      return { ...toBuffered(handle), sync, reopenBuffered, noteRefused };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EINVAL") throw error;
      return undefined;
    }
  };
  return {
    create: async (path) => {
      if (!isRefused) {
        const file = await createDirect(path);
        if (file !== undefined) return file;
        tellBuffered();
        return toBuffered(await open(path, NEW, 0o600)); // the refused open may have made the file
      }
      tellBuffered();
      return toBuffered(await open(path, NEW | constants.O_EXCL, 0o600));
    },
    syncFolder,
  };
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
