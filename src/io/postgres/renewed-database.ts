// A pool that is thrown away and opened anew where an answer does not come in time. The driver (postgres 3.4) can leave a transaction, and then all that
// stands behind it on the same connection, waiting for ever when the server dies between two of its statements: seen once in some ten times that PostgreSQL
// was killed under load. No limit of the server's own helps there, for the server is gone. What was under way may have been done or not; whoever asks
// must find out, as after any lost connection.
import type { Database } from "./database.ts";

export class RenewedDatabase {
  readonly #open: () => Database;
  readonly #withinMs: number;
  #database: Database;

  /** Answers later than `withinMs` are not waited for. */
  constructor(open: () => Database, withinMs: number) {
    this.#open = open;
    this.#withinMs = withinMs;
    this.#database = open();
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

  async end(): Promise<void> {
    await this.#database.end({ timeout: 1 });
  }

  #renew(late: Database): void {
    if (late !== this.#database) return; // somebody else who waited on the same connections has done it
    this.#database = this.#open();
    late.end({ timeout: 0 }).catch(() => undefined);
  }
}
