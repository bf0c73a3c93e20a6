// Who reads the registers of looks and changes is written down too [AUD3], before anything is shown. A page that stands open asks again and again with
// the same filter: that is one reading for as long as it lasts, and another one a quarter of an hour after it was written down.
import { MINUTE_MS, type Clock } from "../../base/time.ts";
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
  const known = new Map<string, number>();
  return {
    read: async (action, filter, by) => {
      const now = clock.wallMs();
      const key = JSON.stringify([action, by.kind, by.id, filter]);
      const before = known.get(key);
      if (before !== undefined && now - before < SAME_READING_MS) return;
      await audit.recordReading(action, { filter }, by, now);
      known.delete(key); // a Map keeps the order of insertion: the first is the oldest
      known.set(key, now);
      if (known.size > MOST_KEPT) known.delete(known.keys().next().value!);
    },
    exported: (action, filter, rows, by) => audit.recordReading(action, { filter, rows }, by, clock.wallMs()),
  };
}
