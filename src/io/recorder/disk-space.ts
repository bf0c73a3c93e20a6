// How large a volume is and what of it is free, as whoever may not use the superuser's share sees it.
import { statSync } from "node:fs";
import { statfs } from "node:fs/promises";

export interface DiskSpace {
  readonly totalBytes: number;
  readonly freeBytes: number;
}
/** A port, so that a test has a volume as small as it wants. */
export type FindDiskSpace = () => Promise<DiskSpace>;

export async function findDiskSpace(root: string): Promise<DiskSpace> {
  const facts = await statfs(root);
  return { totalBytes: facts.blocks * facts.bsize, freeBytes: facts.bavail * facts.bsize };
}

/** Whether both folders are on one file system. Two volumes of one pool (btrfs, ZFS) are told as two, and so is a folder that this user may not look at. */
export function isOnOneVolume(one: string, other: string): boolean {
  try {
    return statSync(one).dev === statSync(other).dev;
  } catch {
    return false;
  }
}
