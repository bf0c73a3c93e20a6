// A database that somebody else runs (DATABASE_URL): whether it can be ours, asked before anything is written in it, and what the person who gave the address can
// do where it cannot. The driver's own words name codes; these name the remedy. Never the password.
import { ToldError } from "../../base/told-error.ts";
import { parseDatabaseUrl, type Database } from "./database.ts";

const LEAST_MAJOR = 16;

/** What went wrong with the connection or the rights, in words; undefined where it is nothing that the address explains. */
export function explainDatabaseError(error: unknown, url: string): string | undefined {
  const { host, port, user, database, path } = parseDatabaseUrl(url);
  const place = path ?? `${host}:${port}`;
  const { code, message } = error as { code?: string; message?: string };
  switch (code) {
    case "ECONNREFUSED":
    case "ENOENT":
      return `No PostgreSQL answers at ${place}. Is it running, and is that its port?`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The host ${host} is not known. Check its spelling, or give its number.`;
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "CONNECT_TIMEOUT":
      return `${place} does not answer. Check the network and the firewall between.`;
    case "CONNECTION_CLOSED":
    case "ECONNRESET":
      return `${place} closed the connection. Is it PostgreSQL, and does it want TLS (?sslmode=require)?`;
    case "28P01":
      return `PostgreSQL at ${place} refuses the password of ${user}.`;
    case "28000":
      return `PostgreSQL at ${place} does not let ${user} in (${message}). Its pg_hba.conf says who may come from where.`;
    case "3D000":
      return `There is no database ${database} at ${place}. Make it: create database "${database}" owner "${user}" encoding 'UTF8' template template0;`;
    case "42501":
      return `${user} may not make tables in the database ${database} (${message}). Make it the owner: alter database "${database}" owner to "${user}"; or: grant create, usage on schema public to "${user}";`;
    case "53300":
      return `PostgreSQL at ${place} has no connection left. Citywatch needs about 20: raise max_connections.`;
    case "57P03":
      return `PostgreSQL at ${place} is starting up or shutting down. Try again in a moment.`;
    case "25006":
      return `The database ${database} at ${place} can only be read: is it a standby? Give the address of the primary.`;
    default:
      return undefined;
  }
}

/** Throws a ToldError where the server or what is in the database cannot be Citywatch's. Writes nothing. */
export async function checkServer(database: Database): Promise<void> {
  const [server] = await database<{ version: number; encoding: string; name: string }[]>`
    select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding, current_database() as name`;
  const { version, encoding, name } = server!;
  if (version < LEAST_MAJOR * 10_000) throw new ToldError(`PostgreSQL is version ${Math.floor(version / 10_000)}; Citywatch needs ${LEAST_MAJOR} or newer.`);
  if (encoding !== "UTF8") throw new ToldError(`The database ${name} is in ${encoding}; Citywatch needs UTF8: create database ... encoding 'UTF8' template template0;`);
  const tables = await database<{ table: string }[]>`
    select c.relname as "table" from pg_class c where c.relnamespace = to_regnamespace('public') and c.relkind in ('r', 'p', 'v', 'm') order by c.relname`;
  const columns = await database<{ column: string }[]>`select attname as "column" from pg_attribute where attrelid = to_regclass('public.migration') and attnum > 0 and not attisdropped`;
  const isOurs = ["number", "name", "checksum", "applied_at"].every((wanted) => columns.some(({ column }) => column === wanted));
  if (tables.length > 0 && !isOurs) {
    const shown = tables.slice(0, 3).map(({ table }) => table).join(", ");
    throw new ToldError(`The database ${name} is not empty and not Citywatch's: it holds ${shown}${tables.length > 3 ? ` and ${tables.length - 3} more` : ""}. Give one of its own: create database citywatch;`);
  }
}
