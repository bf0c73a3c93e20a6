// Where the bytes of segment files go: to the end of a file, hashed on the way. Two implementations, one suite (disk-port.test.ts): Node's own thread pool, for tools and for
// whoever writes little, and a thread of the recorder's own (disk-thread.ts), which takes hashing and writing off the thread that the cameras' packets need.
import { createHash } from "node:crypto";
import { write } from "node:fs";

/** One file being written, from its beginning. Writes of one file are made one after the other, by the caller's waiting. */
export interface FileWriting {
  /** Adds `bytes[start, start + size)`; they may change again when it resolves. Rejects with the system's error, or where fewer bytes were taken. */
  write(bytes: Uint8Array, start: number, size: number): Promise<void>;
  /** The SHA-256 of all that was written. Nothing may be written after. */
  finish(): Promise<Uint8Array>;
  /** Nobody wants the hash any more. */
  drop(): void;
}
export interface DiskPort {
  /** For a new file; opening, syncing and closing it are the caller's. */
  begin(fd: number): FileWriting;
}

export function checkWritten(written: number, size: number): void {
  // The rest of a short write would be refused for want of room: that is what it means on a disk.
  if (written !== size) throw Object.assign(new Error(`wrote ${written} of ${size} bytes`), { code: "ENOSPC" });
}

export const POOLED_DISK: DiskPort = {
  begin(fd) {
    const hash = createHash("sha256");
    let position = 0;
    return {
      write: (bytes, start, size) => new Promise((resolve, reject) => {
        hash.update(bytes.subarray(start, start + size));
        write(fd, bytes, start, size, position, (error, written) => {
          try {
            if (error !== null) throw error;
            checkWritten(written, size);
            position += size;
            resolve();
          } catch (wrong) {
            reject(wrong as Error);
          }
        });
      }),
      finish: async () => hash.digest(),
      drop: () => undefined,
    };
  },
};
