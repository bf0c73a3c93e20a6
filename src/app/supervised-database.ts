// Our own PostgreSQL, kept alive: the same socket and password after each restart, so that the roles' pools find it again by themselves.

import { setTimeout as sleep } from "node:timers/promises";
import { startCluster, type Cluster } from "../io/postgres/cluster.ts";
import { openDatabase, withDatabase } from "../io/postgres/database.ts";
import { initialRestartState, planRestart } from "./restart-policy.ts";
import type { Logger } from "./roles.ts";

export interface SupervisedDatabase {
  readonly url: string; // of the database citywatch
  readonly folder: string; // where its files are
  readonly pid: () => number | undefined;
  stop(): Promise<void>;
  kill(): void;
}

/** Where the supervisor dies, the roles end themselves; what they are writing then is still taken. */
const orphan = { afterSeconds: 5 };

/** Makes the database of that name where the server has none. */
async function ensureDatabase(serverUrl: string, name: string): Promise<void> {
  const server = openDatabase(serverUrl, { max: 1 });
  try {
    const found = await server`select 1 from pg_database where datname = ${name}`;
    if (found.length === 0) await server`create database ${server(name)}`;
  } finally {
    await server.end();
  }
}

/** Starts the cluster and watches it. The first start throws where it fails; later deaths are mended and noted. */
export async function superviseDatabase(dataDir: string, log: Logger, note: (message: string) => void): Promise<SupervisedDatabase> {
  let cluster: Cluster | undefined = await startCluster({ dataDir, log, orphan });
  const { url, folder } = cluster;
  await ensureDatabase(url, "citywatch");
  let stopping = false;
  let memory = initialRestartState;
  const abort = new AbortController();

  const watch = async (): Promise<void> => {
    while (!stopping) {
      const since = performance.now();
      const { reason, signal } = cluster ? await cluster.exited : { reason: "it did not start", signal: null };
      if (stopping) return;
      cluster = undefined;
      const plan = planRestart(memory, performance.now() - since);
      memory = plan.state;
      note(`the database ended${signal ? ` by ${signal}` : `: ${reason}`}; starting it again in ${(plan.delayMs / 1000).toFixed(1)} s`);
      await sleep(plan.delayMs, undefined, { signal: abort.signal }).catch(() => undefined);
      if (stopping) return;
      try {
        const started = await startCluster({ dataDir, log, orphan });
        if (stopping) return await started.stop();
        cluster = started;
        note("the database runs again");
      } catch (error) {
        note(`the database did not start: ${(error as Error).message}`);
      }
    }
  };
  const over = watch();

  return {
    url: withDatabase(url, "citywatch"),
    folder,
    pid: () => cluster?.pid,
    async stop() {
      stopping = true;
      abort.abort();
      await cluster?.stop();
      await over;
    },
    kill() {
      stopping = true;
      abort.abort();
      if (cluster) process.kill(cluster.pid, "SIGQUIT"); // immediate shutdown: recovers from its log at the next start
    },
  };
}
