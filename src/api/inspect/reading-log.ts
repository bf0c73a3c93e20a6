// Who reads the registers of looks and changes is written down too [AUD3], before anything is shown. A page that stands open asks again and again with
// the same filter: that is one reading for as long as it lasts, and another one a quarter of an hour after it was written down. What is being written is known
// already, so that a list and its figures, asked at once, are one reading; a wall clock that is set changes nothing.
import { MINUTE_MS, type Clock, type MonotonicMs } from "../../base/time.ts";
import type { Actor } from "../../contract/basics.ts";
import type { ReadingAction } from "../../contract/inspect.ts";
import type { AuditStorePort } from "../ports.ts";

export const SAME_READING_MS = 15 * MINUTE_MS;
const MOST_KEPT = 10_000;

export interface ReadingLog {
  /** Resolves once the reading is committed, or was before. */
  read(action: ReadingAction, filter: object, by: Actor): Promise<void>;
  /** Each time. */
  exported(action: ReadingAction, filter: object, rows: number, by: Actor): Promise<void>;
}

export function createReadingLog(clock: Clock, audit: Pick<AuditStorePort, "recordReading">): ReadingLog {
  const known = new Map<string, { readonly since: MonotonicMs; readonly written: Promise<void> }>();
  return {
    read: async (action, filter, by) => {
      const now = clock.monotonicMs();
      const key = JSON.stringify([action, by.kind, by.id, filter]);
      const before = known.get(key);
      if (before !== undefined && now - before.since < SAME_READING_MS) return before.written;
      const reading = { since: now, written: audit.recordReading(action, { filter }, by, clock.wallMs()) };
      known.delete(key); // a Map keeps the order of insertion: the first is the oldest
      known.set(key, reading);
      if (known.size > MOST_KEPT) known.delete(known.keys().next().value!);
      try {
        await reading.written;
      } catch (error) {
        if (known.get(key) === reading) known.delete(key); // whoever asks next writes it down
        throw error;
      }
    },
    exported: (action, filter, rows, by) => audit.recordReading(action, { filter, rows }, by, clock.wallMs()),
  };
}
