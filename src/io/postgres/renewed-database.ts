// A pool that is thrown away and opened anew where an answer does not come in time. The driver (postgres 3.4) can leave a transaction, and then all that
// stands behind it on the same connection, waiting for ever when the server dies between two of its statements: seen once in some ten times that PostgreSQL
// was killed under load. No limit of the server's own helps there, for the server is gone. What was under way may have been done or not; whoever asks
// must find out, as after any lost connection.
import type { Database } from "./database.ts";

export class RenewedDatabase {
  readonly #open: () => Database;
  readonly #withinMs: number;
  readonly #graceS: number;
  #database: Database;

  /** Answers later than `withinMs` are not waited for. What else is under way on the same connections has `graceS` seconds to end. */
  constructor(open: () => Database, withinMs: number, graceS = 0) {
    this.#open = open;
    this.#withinMs = withinMs;
    this.#graceS = graceS;
    this.#database = open();
  }

  get current(): Database {
    return this.#database;
  }

  /** Rejects where there is no answer in time; the connections are then new ones. */
  async ask<T>(work: (database: Database) => Promise<T>): Promise<T> {
    const database = this.#database;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        this.#renew(database);
        reject(new Error(`the database did not answer within ${this.#withinMs / 1_000} s`));
      }, this.#withinMs);
    });
    const asked = work(database);
    asked.catch(() => undefined); // it may still fail when nobody waits for it
    try {
      return await Promise.race([asked, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async end(timeoutS = 1): Promise<void> {
    await this.#database.end({ timeout: timeoutS });
  }

  #renew(late: Database): void {
    if (late !== this.#database) return; // somebody else who waited on the same connections has done it
    this.#database = this.#open();
    late.end({ timeout: this.#graceS }).catch(() => undefined);
  }
}

/** Longer than any transaction of ours takes: a list of 10,000 cameras goes in within 12 s. */
const TRANSACTION_MS = 60_000;
/** A pool for many users, of which no transaction waits for ever: one without an end within `withinMs` rejects, and all who come after it get new connections. */
export function openRenewedDatabase(open: () => Database, withinMs: number = TRANSACTION_MS): Database {
  const renewed = new RenewedDatabase(open, withinMs, withinMs / 1_000);
  const begin = (...asked: Parameters<Database["begin"]>): Promise<unknown> => renewed.ask((database) => database.begin(...asked));
  const end = (options?: { timeout?: number }): Promise<void> => renewed.end(options?.timeout);
  return new Proxy(renewed.current, {
    apply: (_first, self, asked) => Reflect.apply(renewed.current, self, asked),
    get: (_first, name) => (name === "begin" ? begin : name === "end" ? end : Reflect.get(renewed.current, name)),
  });
}
