// Whether the database is there, which it is, and how large; and which errors mean that it is not.
import type { Database } from "./database.ts";

/** Of the driver and of the operating system, and PostgreSQL's own (appendix A): connection exceptions, shutdown, starting up, too many connections. */
const AWAY_CODES = new Set([
  "CONNECTION_CLOSED", "CONNECTION_ENDED", "CONNECTION_DESTROYED", "CONNECT_TIMEOUT", "ECONNREFUSED", "ECONNRESET", "ENOENT", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENOTFOUND",
  "57P01", "57P02", "57P03", "57P05", "53300",
]);

export const isDatabaseAway = (error: unknown): boolean => {
  const { code, name, syscall } = (error ?? {}) as { code?: unknown; name?: unknown; syscall?: unknown };
  if (typeof code !== "string" || name === "ApiError") return false;
  if (code.startsWith("08")) return true; // class 08: connection exception
  return AWAY_CODES.has(code) && (code !== "ENOENT" || syscall === "connect"); // ENOENT of a file is another matter
};

export function createDatabaseStatus(database: Database) {
  return {
    isUnreachable: isDatabaseAway,
    isOutOfTime: (error: unknown): boolean => (error as { code?: unknown } | null)?.code === "57014", // query_canceled: by statement_timeout, nobody cancels here
    status: async (): Promise<{ reachable: boolean; version: string; sizeBytes: number }> => {
      try {
        const [row] = await database`select current_setting('server_version') as version, pg_database_size(current_database()) as size`;
        return { reachable: true, version: String(row!["version"]).split(" ")[0]!, sizeBytes: Number(row!["size"]) };
      } catch (error) {
        if (!isDatabaseAway(error)) throw error;
        return { reachable: false, version: "", sizeBytes: 0 };
      }
    },
  };
}
