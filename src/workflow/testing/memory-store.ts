// An event store in memory, for tests of the writer: it can fail before the commit, after it (the answer is lost), and be taken over.
import type { StoredEvent } from "../../dispatch/events.ts";
import type { StoredInputs } from "../decision-inputs.ts";
import type { EventStorePort, StoredOutcome } from "../event-store.ts";
import { WriterFencedError } from "../event-store.ts";

export interface MemoryStore extends EventStorePort {
  readonly events: StoredEvent[];
  readonly outcomes: Map<string, StoredOutcome>;
  readonly inputs: Map<string, StoredInputs>;
  appends: number;
  /** What the next appends do; empty: they work. A refused text makes every append with it fail. */
  readonly faults: ("ok" | "fail" | "commit-then-fail" | "commit-then-hang")[];
  /** What an append waits for that commits and hangs. */
  hung: Promise<void>;
  refusedText: string | null;
  unreachable: boolean;
  /** It can be read: a full disk. */
  unwritable: boolean;
  /** While set, everything waits for it: a store that answers nothing. */
  held: Promise<void> | null;
  fenced: boolean;
  /** The log is these again, as if nothing had been appended after them. */
  rewind(events: readonly StoredEvent[]): void;
}

/** Values go through JSON, as in a real store, so that nothing is shared with the writer. */
export function createMemoryStore(): MemoryStore {
  const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
  const reach = async (): Promise<void> => {
    await store.held;
    if (store.unreachable) throw new Error("connection refused");
  };
  let end = 0;
  const listening = new Map<number, number>();
  const store: MemoryStore = {
    events: [], outcomes: new Map(), inputs: new Map(), appends: 0, faults: [], refusedText: null, unreachable: false, unwritable: false, held: null, hung: Promise.resolve(), fenced: false,
    append: async (batch) => {
      await reach();
      if (store.fenced) throw new WriterFencedError("another centre has taken over");
      store.appends++;
      if (store.unwritable) throw new Error("no space left on device");
      const fault = store.faults.shift();
      if (fault === "fail") throw new Error("connection lost");
      if (store.refusedText !== null && JSON.stringify(batch).includes(store.refusedText)) throw new Error("unsupported text");
      if (batch.after !== end) throw new Error(`the log ends at ${end}, not at ${batch.after}`);
      if (batch.outcomes.some((one) => store.outcomes.has(one.commandId))) throw new Error("duplicate command id");
      store.events.push(...copy(batch.events));
      end = batch.events.at(-1)?.sequence ?? end;
      for (const one of batch.inputs ?? []) store.inputs.set(one.digest, { ...one, columns: one.columns.slice() });
      for (const outcome of batch.outcomes) store.outcomes.set(outcome.commandId, copy(outcome));
      if (fault === "commit-then-fail") throw new Error("connection lost");
      if (fault === "commit-then-hang") await store.hung;
    },
    readAll: async (after, take, upTo = Infinity) => {
      await reach();
      take(copy(store.events.filter((event) => event.sequence > after && event.sequence <= upTo)));
    },
    findContactIds: async (externalIds, upTo) => {
      await reach();
      const received = store.events.flatMap(({ sequence, body }) => (body?.type === "contact.received" && sequence <= upTo && externalIds.includes(body.externalId) ? [[body.externalId, body.contactId] as const] : []));
      return new Map(received);
    },
    findInputs: async (digest) => {
      await reach();
      return store.inputs.get(digest) ?? null;
    },
    forgetInputs: async (before) => {
      await reach();
      for (const [digest, { computedAt }] of store.inputs) if (computedAt < before) store.inputs.delete(digest);
    },
    findEnd: async () => {
      await reach();
      return end;
    },
    findOutcomes: async (ids) => {
      await reach();
      return ids.flatMap((id) => copy(store.outcomes.get(id) ?? []));
    },
    readIncident: async (incidentId) => {
      await reach();
      return copy(store.events.filter((event) => event.entry?.incidentId === incidentId));
    },
    readListening: async (after) => {
      await reach();
      return Array.from(listening, ([from, to]) => ({ from, to })).filter(({ to }) => to > after).sort((a, b) => a.from - b.from);
    },
    keepListening: async ({ from, to }, forgetBefore) => {
      await reach();
      if (store.unwritable) throw new Error("no space left on device");
      for (const [since, until] of listening) if (until < forgetBefore) listening.delete(since);
      listening.set(from, Math.max(listening.get(from) ?? to, to));
    },
    close: () => Promise.resolve(),
    rewind: (events) => {
      store.events.splice(0, Infinity, ...events);
      end = events.at(-1)?.sequence ?? 0;
    },
  };
  return store;
}
