// What the dispatch writer needs of a durable log. One append is one transaction: all of its events and outcomes are there afterwards, or
// none. The store keeps a second writer out and notices when another has taken over (fencing by epoch).
import type { WallMs } from "../base/time.ts";
import type { Outcome } from "../dispatch/commands.ts";
import type { Actor } from "../dispatch/entities.ts";
import type { StoredEvent } from "../dispatch/events.ts";
import type { Span } from "../dispatch/unheard.ts";
import type { StoredInputs } from "./decision-inputs.ts";

export interface StoredOutcome {
  readonly commandId: string;
  /** Digest of sender and command: the same id with another content is a fault of the sender. */
  readonly fingerprint: string;
  readonly at: WallMs;
  readonly by: Actor;
  readonly outcome: Outcome;
}

export interface AppendBatch {
  /** Sequence of the last event before this batch; the store refuses where the log is not there. */
  readonly after: number;
  readonly events: readonly StoredEvent[];
  readonly outcomes: readonly StoredOutcome[];
  /** What the decisions among the events were made on. One that is stored already stays as it is. */
  readonly inputs?: readonly StoredInputs[];
}

export interface EventStorePort {
  /** Resolves after the commit. Rejects with `WriterFencedError` when another writer has taken over; on any other error the batch may be there or not. */
  append(batch: AppendBatch): Promise<void>;
  /** Calls `take` with pages of the log in order, after the given sequence to its end, or to `upTo`; `page`: so many events at a time. */
  readAll(after: number, take: (events: readonly StoredEvent[]) => void, upTo?: number, page?: number): Promise<void>;
  /** Sequence of the last event that was ever appended, whether it is still there or not; 0 where there was none. */
  findEnd(): Promise<number>;
  /** The outcomes that are stored for these command ids. */
  findOutcomes(commandIds: readonly string[]): Promise<readonly StoredOutcome[]>;
  /** Which contacts came last under these ids of switches, up to that event. */
  findContactIds(externalIds: readonly string[], upTo: number): Promise<ReadonlyMap<string, number>>;
  findInputs(digest: string): Promise<StoredInputs | null>;
  /** Inputs of before then go; their digests stay in the log. */
  forgetInputs(before: WallMs): Promise<void>;
  /** The events of one incident's timeline, in order. */
  readIncident(incidentId: number): Promise<readonly StoredEvent[]>;
  /** Times in which the log could be written that ended after then, by their beginning. */
  readListening(after: WallMs): Promise<readonly Span[]>;
  /** Keeps that the log can be written, from then to then: one that began at the same moment is longer now. What ended before `forgetBefore` goes. Rejects where it cannot be written. */
  keepListening(span: Span, forgetBefore: WallMs): Promise<void>;
  /** Gives up the right to write. */
  close(): Promise<void>;
}

/** Another writer holds the log or has taken it; this one must not go on. */
export class WriterFencedError extends Error {
  override readonly name = "WriterFencedError";
}
