// The door to PostgreSQL: one place that knows how a database URL is read and which defaults a pool has. A URL may name a server
// (`postgres://user:password@host:5432/name`) or, as libpq has it, a unix socket by `?host=/folder` (PostgreSQL manual, 32.1.1.2), which the driver
// itself does not read.

import postgres from "postgres";
import { ToldError } from "../../base/told-error.ts";

export interface DatabaseOptions {
  readonly max?: number; // connections; 10 unless told
  readonly applicationName?: string;
  readonly statementTimeoutMs?: number; // a statement that takes longer is ended by the server (57014)
  readonly keepOpen?: boolean; // a connection that holds a lock: never recycled by age, as the driver does else after 30 to 60 minutes
}

const bigintAsNumber = {
  to: 20,
  from: [20],
  serialize: (value: number | bigint): string => String(value),
  parse: (text: string): number => {
    const value = Number(text);
    if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} does not fit a number`);
    return value;
  },
};

/** `int8` comes as a number (our ids and sequences stay far below 2^53; one that does not fit throws), `timestamptz` as a Date. */
export type Database = postgres.Sql<{ bigint: number }>;
export type Transaction = postgres.TransactionSql<{ bigint: number }>;
/** A pool, or one transaction of it. */
export type Asks = postgres.ISql<{ bigint: number }>;

/** One row as the driver gives it: by column name. */
export type Row = postgres.Row;

export interface SocketPlace {
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly socketDir: string;
  readonly port: number;
}

export function formatSocketUrl(place: SocketPlace): string {
  const { user, password, database, socketDir, port } = place;
  const e = encodeURIComponent;
  return `postgres://${e(user)}:${e(password)}@localhost:${port}/${e(database)}?host=${e(socketDir)}`;
}

export interface ParsedDatabaseUrl {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly path?: string; // the socket, where the URL names one
  readonly ssl?: "require" | "prefer" | "verify-full" | "allow";
}

const SSL_MODES = ["require", "prefer", "verify-full", "allow"] as const;

/** Reads a database URL. Throws an Error that names the part at fault and never repeats the password. */
export function parseDatabaseUrl(text: string): ParsedDatabaseUrl {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ToldError("DATABASE_URL: expected postgres://user:password@host:port/database");
  }
  if (url.protocol !== "postgres:" && url.protocol !== "postgresql:") throw new ToldError(`DATABASE_URL: expected postgres://, found ${url.protocol}//`);
  const database = decodeURIComponent(url.pathname.slice(1));
  if (!database) throw new ToldError("DATABASE_URL: the path names no database: expected postgres://user:password@host:port/database");
  const port = url.port ? Number(url.port) : 5432;
  const socketDir = url.searchParams.get("host");
  const mode = url.searchParams.get("sslmode");
  const ssl = SSL_MODES.find((known) => known === mode);
  if (mode !== null && mode !== "disable" && !ssl) throw new ToldError(`DATABASE_URL: sslmode ${mode}: expected disable, ${SSL_MODES.join(", ")}`);
  return {
    host: decodeURIComponent(url.hostname) || "localhost",
    port,
    database,
    user: decodeURIComponent(url.username) || "citywatch",
    password: decodeURIComponent(url.password),
    ...(socketDir?.startsWith("/") ? { path: `${socketDir}/.s.PGSQL.${port}` } : {}),
    ...(ssl ? { ssl } : {}),
  };
}

/** The same server, another database on it. */
export function withDatabase(text: string, database: string): string {
  const url = new URL(text);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

/** Opens a pool; connections are made when first used. End it with `await database.end()`. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  return postgres({
    ...parseDatabaseUrl(url),
    max: options.max ?? 10,
    connect_timeout: 10,
    ...(options.keepOpen === true ? { max_lifetime: null } : {}),
    types: { bigint: bigintAsNumber },
    onnotice: () => undefined, // "relation already exists, skipping" and the like
    connection: {
      application_name: options.applicationName ?? "citywatch", TimeZone: "UTC",
      ...(options.statementTimeoutMs === undefined ? {} : { statement_timeout: options.statementTimeoutMs }),
    },
  }) as unknown as Database;
}

/** Questions of inspectors: few at once, and none that goes on when the console has given up waiting (15 s). */
export const openInspection = (url: string, statementTimeoutMs: number = 10_000): Database => openDatabase(url, { max: 3, statementTimeoutMs, applicationName: "citywatch inspection" });

const READ_AT_ONCE = 1_000;
/** A file is asked for seldom, and waited for. */
const FILE_TIMEOUT_MS = 100_000;
/** Reads a long answer in pieces, so that nobody else waits while all of it is made. */
export async function readInPieces(inspection: Database, ask: (sql: Asks) => postgres.PendingQuery<Row[]>, take: (rows: Row[]) => void): Promise<void> {
  await inspection.begin("read only", async (transaction) => {
    await transaction`select set_config('statement_timeout', ${String(FILE_TIMEOUT_MS)}, true)`;
    for await (const rows of ask(transaction).cursor(READ_AT_ONCE)) take(rows);
  });
}

export const toWall = (at: Date | null): number | null => (at === null ? null : at.getTime());
