// The room of a volume that nobody fills, for tests of what else is told of a disk.
import { findDiskSpace } from "../disk-space.ts";
import type { DiskMonitorOptions } from "../disk-monitor.ts";

export const ampleRoom = (root: string): DiskMonitorOptions["room"] => ({
  look: () => findDiskSpace(root), levels: { reserveBytes: 0, floorBytes: 0, aimBytes: 0 }, inflowBytesPerSecond: 0, isShared: false, recorders: 1,
});
