// The log of dispatch in PostgreSQL. Two locks keep writers apart. An advisory lock, held by this connection, makes a second centre wait or give
// up while the first lives, and is gone with its process. The epoch in `dispatch_writer` fences: an append first updates that row, naming its
// epoch and the log's end, so a writer that was overtaken while its connection was down changes nothing. Rejected: the advisory lock alone,
// which is lost silently with a connection.
import { hostname } from "node:os";
import { createActorTable } from "../../dispatch/actors.ts";
import type { Outcome } from "../../dispatch/commands.ts";
import type { Actor } from "../../dispatch/entities.ts";
import type { EventBody, StoredEvent } from "../../dispatch/events.ts";
import type { EventStorePort, StoredOutcome } from "../../workflow/event-store.ts";
import { WriterFencedError } from "../../workflow/event-store.ts";
import type { Database } from "./database.ts";
import { openDatabase } from "./database.ts";
import { RenewedDatabase } from "./renewed-database.ts";

/** Another process writes the log. `holder` and `since` say which. */
export class WriterBusyError extends Error {
  override readonly name = "WriterBusyError";
}

export interface EventStoreOptions {
  /** How long to wait for another writer to end; it is gone at once when its process is. Default 15 s. */
  readonly waitMs?: number;
  /** Without an answer for so long, a connection is given up. Default 8 s. */
  readonly answerMs?: number;
}

const LOCK_KEY = 7_300_180_010;
const RETRY_MS = 25; // the lock of a centre that was killed is gone within milliseconds, and everybody waits for the next one
const PAGE = 5_000;
/** An append that hangs longer than this is given up by the server; the writer then asks the log what became of it. */
const STATEMENT_MS = 6_000;
/** Without an answer for so long, the connection is given up too. Longer than a statement may take, so that a slow server answers first. */
const ANSWER_MS = 8_000;

/** Waits for the right to write. Throws `WriterBusyError` where another keeps it. The database must be migrated. */
export async function openEventStore(databaseUrl: string, options: EventStoreOptions = {}): Promise<EventStorePort & { readonly epoch: number }> {
  // One connection: the session that holds the lock is the one that appends. Reads of timelines have their own.
  const answerMs = options.answerMs ?? ANSWER_MS;
  const writing = new RenewedDatabase(() => openDatabase(databaseUrl, { max: 1, keepOpen: true, statementTimeoutMs: STATEMENT_MS, applicationName: "citywatch dispatch writer" }), answerMs);
  const reading = new RenewedDatabase(() => openDatabase(databaseUrl, { max: 2, applicationName: "citywatch dispatch reader" }), answerMs);
  const close = async (): Promise<void> => {
    await Promise.all([writing.end(), reading.end()]);
  };
  try {
    const epoch = await takeEpoch(writing, options.waitMs ?? 15_000);
    return { ...createStore(writing, reading, epoch), epoch, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What reads the log beside its writer. */
export type EventReader = Pick<EventStorePort, "readAll" | "findEnd" | "findInputs" | "readIncident" | "close">;
export function openEventReader(databaseUrl: string): EventReader {
  const reading = new RenewedDatabase(() => openDatabase(databaseUrl, { max: 1, applicationName: "citywatch dispatch replays" }), ANSWER_MS);
  return { ...createReader(reading), close: () => reading.end() };
}

async function takeEpoch(writing: RenewedDatabase, waitMs: number): Promise<number> {
  const giveUpAt = performance.now() + waitMs;
  while (!(await writing.ask(tryLock))) {
    if (performance.now() >= giveUpAt) {
      const [held] = await writing.ask((database) => database<{ holder: string; since: Date }[]>`select holder, since from dispatch_writer`);
      throw new WriterBusyError(`Another centre writes this database: ${held?.holder ?? "unknown"}, since ${held?.since.toISOString() ?? "?"}. Stop it first.`);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  const [row] = await writing.ask((database) => database<{ epoch: number }[]>`
    update dispatch_writer set epoch = epoch + 1, holder = ${`${hostname()} process ${process.pid}`}, since = now() returning epoch`);
  if (row === undefined) throw new Error("dispatch_writer has no row: the database is damaged");
  return row.epoch;
}

async function tryLock(database: Database): Promise<boolean> {
  const [row] = await database<{ locked: boolean }[]>`select pg_try_advisory_lock(${LOCK_KEY}) as locked`;
  return row?.locked === true;
}

function createStore(writing: RenewedDatabase, reading: RenewedDatabase, epoch: number): Omit<EventStorePort, "close"> {
  let session = 0; // backend process that is known to hold the lock
  return {
    append: async ({ after, events, outcomes, inputs = [] }) => {
      const last = events.at(-1)?.sequence ?? after;
      const rows = events.map(rowOf);
      const answers = outcomes.map((one) => ({
        command_id: one.commandId, fingerprint: one.fingerprint, at_ms: one.at, actor_kind: one.by.kind, actor_id: one.by.id, actor_name: one.by.name, outcome: one.outcome,
      }));
      const kept = inputs.map((one) => ({
        digest: one.digest, incident_id: one.incidentId, sequence: one.sequence, computed_at_ms: one.computedAt, roads: one.roads,
        columns: Buffer.from(one.columns.buffer, one.columns.byteOffset, one.columns.byteLength).toString("base64"),
      }));
      const [end] = await writing.ask((database) => database<AppendRow[]>`
        select * from append_to_dispatch_log(${epoch}, ${after}, ${last}, ${LOCK_KEY}, ${session}, ${database.json(rows as never)}, ${database.json(answers as never)}, ${database.json(kept)})`);
      if (end!.status === "locked") {
        // A new connection: the lock went with the old one. It is held by another centre, or still by a connection of ours that was given up and that the server has not missed yet: the epoch tells which.
        if (end!.other_epoch !== epoch) throw new WriterFencedError("another centre has taken over the dispatch log");
        throw new Error("the connection before this one still holds the right to write");
      }
      session = end!.backend;
      if (end!.status === "moved") {
        if (end!.other_epoch !== epoch) throw new WriterFencedError(`another centre has taken over the dispatch log (epoch ${end!.other_epoch ?? "gone"}, ours ${epoch})`);
        throw new Error(`the dispatch log ends at ${end!.other_sequence}, not at ${after}`);
      }
    },

    forgetInputs: async (before) => {
      await reading.ask((database) => database`delete from decision_inputs where computed_at_ms < ${before}`);
    },

    readListening: async (after) => {
      const rows = await reading.ask((database) => database<{ since_ms: number; until_ms: number }[]>`select since_ms, until_ms from dispatch_listening where until_ms > ${after} order by since_ms`);
      return rows.map(({ since_ms, until_ms }) => ({ from: since_ms, to: until_ms }));
    },
    keepListening: async ({ from, to }, forgetBefore) => {
      await writing.ask((database) => database`
        with forgotten as (delete from dispatch_listening where until_ms < ${forgetBefore})
        insert into dispatch_listening (since_ms, until_ms) select ${from}::bigint, ${to}::bigint from dispatch_writer where epoch = ${epoch}
        on conflict (since_ms) do update set until_ms = greatest(dispatch_listening.until_ms, excluded.until_ms)`);
    },

    ...createReader(reading),
  };
}

function createReader(reading: RenewedDatabase): Omit<EventStorePort, "append" | "forgetInputs" | "readListening" | "keepListening" | "close"> {
  const actors = createActorTable();
  const actorOf = (row: ActorColumns): Actor => actors(row.actor_kind, row.actor_id, row.actor_name);
  const eventOf = (row: EventRow): StoredEvent => {
    const entry = row.incident_id === null ? null : { incidentId: row.incident_id, number: row.entry_number!, previousHash: row.previous_hash!, hash: row.hash! };
    return { sequence: row.sequence, at: row.at_ms, by: actorOf(row), commandId: row.command_id, body: row.body, entry };
  };
  return {
    readAll: async (after, take, upTo = Number.MAX_SAFE_INTEGER, page = PAGE) => {
      let last = after;
      for (;;) {
        const rows = await reading.ask((database) => database<EventRow[]>`select * from dispatch_event where sequence > ${last} and sequence <= ${upTo} order by sequence limit ${page}`);
        if (rows.length > 0) take(rows.map(eventOf));
        if (rows.length < page) return;
        last = rows.at(-1)!.sequence;
      }
    },

    findEnd: async () => {
      const [row] = await reading.ask((database) => database<{ last_sequence: number }[]>`select last_sequence from dispatch_writer`);
      return row!.last_sequence;
    },

    findOutcomes: async (commandIds) => {
      const rows = await reading.ask((database) => database<OutcomeRow[]>`select * from dispatch_outcome where command_id = any(${commandIds as string[]}::uuid[])`);
      return rows.map((row): StoredOutcome => ({ commandId: row.command_id, fingerprint: row.fingerprint, at: row.at_ms, by: actorOf(row), outcome: row.outcome }));
    },

    findContactIds: async (externalIds, upTo) => {
      const rows = await reading.ask((database) => database<{ external_id: string; contact_id: number }[]>`
        select distinct on (body->>'externalId') body->>'externalId' as external_id, (body->>'contactId')::bigint as contact_id from dispatch_event
        where body->>'type' = 'contact.received' and body->>'externalId' = any(${externalIds as string[]}::text[]) and sequence <= ${upTo} order by body->>'externalId', sequence desc`);
      return new Map(rows.map((row) => [row.external_id, row.contact_id]));
    },

    findInputs: async (digest) => {
      const [row] = await reading.ask((database) => database<InputsRow[]>`select * from decision_inputs where digest = ${digest}`);
      return row === undefined ? null : { digest: row.digest, incidentId: row.incident_id, sequence: row.sequence, computedAt: row.computed_at_ms, roads: row.roads, columns: row.columns };
    },

    readIncident: async (incidentId) => {
      const rows = await reading.ask((database) => database<EventRow[]>`select * from dispatch_event where incident_id = ${incidentId} order by entry_number`);
      return rows.map(eventOf);
    },
  };
}

interface ActorColumns {
  readonly actor_kind: Actor["kind"];
  readonly actor_id: number;
  readonly actor_name: string;
}
interface EventRow extends ActorColumns {
  readonly sequence: number;
  readonly at_ms: number;
  readonly command_id: string | null;
  readonly body: EventBody;
  readonly incident_id: number | null;
  readonly entry_number: number | null;
  readonly previous_hash: string | null;
  readonly hash: string | null;
}
interface AppendRow {
  readonly status: "done" | "moved" | "locked";
  readonly backend: number;
  readonly other_epoch: number | null;
  readonly other_sequence: number | null;
}
interface InputsRow {
  readonly digest: string;
  readonly incident_id: number;
  readonly sequence: number;
  readonly computed_at_ms: number;
  readonly roads: string;
  readonly columns: Uint8Array;
}
interface OutcomeRow extends ActorColumns {
  readonly command_id: string;
  readonly fingerprint: string;
  readonly at_ms: number;
  readonly outcome: Outcome;
}

function rowOf(event: StoredEvent): EventRow {
  const { by, entry } = event;
  return {
    sequence: event.sequence, at_ms: event.at, actor_kind: by.kind, actor_id: by.id, actor_name: by.name, command_id: event.commandId, body: event.body,
    incident_id: entry?.incidentId ?? null, entry_number: entry?.number ?? null, previous_hash: entry?.previousHash ?? null, hash: entry?.hash ?? null,
  };
}

