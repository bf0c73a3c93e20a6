// A cluster in a temporary folder, for tests and benches: same programs, same access, gone when stopped and when whoever started it dies.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCluster } from "./cluster.ts";

export interface ThrowawayCluster {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>; // ends the server and removes its folder
}

// Tests kill processes, never the machine, so what the kernel has taken is safe enough: without fsync the whole run is faster and sees the same.
const SETTINGS = { fsync: "off", full_page_writes: "off", shared_buffers: "64MB", max_connections: "200" };

export async function startThrowawayCluster(settings: Readonly<Record<string, string>> = SETTINGS): Promise<ThrowawayCluster> {
  const dir = mkdtempSync(join(tmpdir(), "citywatch-pg-"));
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  try {
    const cluster = await startCluster({ dataDir: dir, log: { info: () => undefined, warn: () => undefined }, settings, orphan: { thenRemove: dir } });
    return { url: cluster.url, pid: cluster.pid, stop: () => cluster.stop().then(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}
