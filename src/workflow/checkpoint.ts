// Checkpoints: the state as it was after some event, kept beside the log, so that a start reads the newest one and folds the rest only [CMD8]. The log stays the truth: a checkpoint that is not
// whole, or that another version of the code's fold has made, is passed over with a word, and all of them may be thrown away at any time. They are written from time to
// time, a few blocks at a turn of the loop, while commands go on. What a start did not fold it did not check either: the chain of hashes before the checkpoint is looked through beside the work, and so are the blocks that it
// left where they are.
import { skip } from "../dispatch/apply.ts";
import type { AwayRows, FrozenState, StateBlocks, StoredBlock } from "../dispatch/state-blocks.ts";
import { createState, type HashFunction, type State } from "../dispatch/state.ts";
import { findFault } from "../dispatch/timeline.ts";
import type { EventStorePort } from "./event-store.ts";

export interface Checkpoint {
  /** Last event of the log that is in it. */
  readonly sequence: number;
  readonly head: string;
  /** What a start has at hand (`blocksAtHand`), each as it was written. */
  readonly blocks: readonly StoredBlock[];
  readonly away: AwayBlocks;
  readonly mark: CheckpointMark;
}
/** The rest of a checkpoint. Both questions are answered within the turn of the loop, in a millisecond or so, and throw an `AwayError` where the store does not answer in time. */
export interface AwayBlocks extends AwayRows {
  /** Looks through all blocks beside the work; null: they are as they were written. Rejects where they could not be read. */
  check(): Promise<string | null>;
  /** Nothing is asked after it. */
  close(): Promise<void>;
}
/** By which the store knows it again: its number, and the sum of the digests of its blocks. */
export interface CheckpointMark {
  readonly number: number;
  readonly sum: bigint;
}
/** What is stored of the state cannot be read just now, or is not what was written: nothing is known of the log by it. */
export class AwayError extends Error {
  override readonly name = "AwayError";
}

/** Of one version of the code: what another has made is none of its business. */
export interface CheckpointStorePort {
  /** The newest that is whole and holds no event after `upTo`; null: none. `tell` what is passed over. */
  find(upTo: number, tell: (fault: string) => void): Promise<Checkpoint | null>;
  /** All of it or nothing. `before`: the one that its state was made from, of which all blocks that did not change are taken over; every other one that is newer than that goes. Rejects where another centre has taken over the log. */
  save(frozen: Pick<FrozenState, "sequence" | "head" | "changed" | "textOf">, before: CheckpointMark | null): Promise<CheckpointMark>;
  /** None of them is to be used again: the next start folds the whole log. */
  discard(): Promise<void>;
  close(): Promise<void>;
}

/** A start folds so many events at most, beside those of a writing under way: with its hash some 80 microseconds each in a process that has just begun. */
const EVERY_EVENTS = 1_000;

export interface Checkpointer {
  /** Begins to write one where it is time to. To be called every second or so. */
  tick(): void;
  /** Waits for the one under way. */
  stop(): Promise<void>;
}

export interface CheckpointerOptions {
  readonly store: CheckpointStorePort;
  readonly state: State;
  readonly blocks: StateBlocks;
  /** What the state was made from. */
  readonly from: Checkpoint | null;
  /** Incidents that ended a moment ago: who looks for these at a start need not go through all that ever ended. */
  readonly endedIds?: () => readonly number[];
  readonly everyEvents?: number;
  readonly onWarning: (fields: object, message: string) => void;
}

export function createCheckpointer({ store, state, blocks, from, endedIds = () => [], everyEvents = EVERY_EVENTS, onWarning }: CheckpointerOptions): Checkpointer {
  let mark = from?.mark ?? null;
  let last = from?.sequence ?? 0; // also of one that failed: it is tried again after as many events, not each second
  let running: Promise<void> | null = null;
  let stopped = false;
  const write = async (): Promise<void> => {
    const frozen = blocks.freeze(endedIds());
    last = frozen.sequence;
    let stored = false;
    try {
      mark = await store.save(frozen, mark);
      stored = true;
    } catch (error) {
      onWarning({ error: (error as Error).message }, "dispatch: no checkpoint could be written; the next start folds more of the log");
    } finally {
      frozen.end(stored);
    }
  };
  return {
    tick: () => {
      if (running !== null || stopped || state.sequence - last < everyEvents) return;
      running = write().finally(() => void (running = null));
    },
    stop: async () => {
      stopped = true;
      await running;
    },
  };
}

/** Looks through what a start left where it is stored, and once more later where it could not be read. Where it is not what was written no checkpoint is used or written any more, and that is told; discarding it is tried until it is done. Returns the function that ends it. */
export function checkBlocks({ away, store, checkpointer, every, onWarning }: {
  readonly away: Pick<AwayBlocks, "check">;
  readonly store: Pick<CheckpointStorePort, "discard">;
  readonly checkpointer: Pick<Checkpointer, "stop">;
  readonly every: (intervalMs: number, work: () => void) => () => void;
  readonly onWarning: (fields: object, message: string) => void;
}): () => void {
  let running = false;
  let damaged = false;
  const told = new Set<string>();
  const look = async (): Promise<void> => {
    if (!damaged) {
      const fault = await away.check();
      if (fault === null) return stop();
      damaged = true;
      onWarning({ fault }, "dispatch: what is stored of ended calls is not what was written: start the centre anew at a quiet moment, and it makes all of it from the log");
    }
    await checkpointer.stop();
    await store.discard(); // until it is done: the next start would take what is damaged
    stop();
  };
  const stop = every(CHECK_BLOCKS_MS, () => {
    if (running) return;
    running = true;
    look().catch((error: unknown) => {
      const meaning = damaged ? "the damaged checkpoint cannot be discarded for the time being; it is tried again" : "the checkpoint cannot be looked through for the time being";
      if (!told.has(meaning)) onWarning({ error: (error as Error).message }, `dispatch: ${meaning}`);
      told.add(meaning);
    }).finally(() => void (running = false));
  });
  return stop;
}
/** A start has other things to do. */
const CHECK_BLOCKS_MS = 10_000;

const CHECK_PAGE = 200;
const CHECK_EVERY_MS = 50;
const FAULTS_TOLD = 20;

/** Looks through the log up to an event, a page at a time: what a start did not fold. Returns the function that ends it. */
export function checkChain({ store, hash, upTo, every, onWarning }: {
  readonly store: Pick<EventStorePort, "readAll">;
  readonly hash: HashFunction;
  readonly upTo: number;
  readonly every: (intervalMs: number, work: () => void) => () => void;
  readonly onWarning: (fields: object, message: string) => void;
}): () => void {
  let heads: State | null = createState(); // holds numbers and the ends of the chains, nothing else
  let at = 0;
  let faults = 0;
  let reading = false;
  let away = false;
  const tell = (fault: string): void => {
    if (++faults <= FAULTS_TOLD) onWarning({ fault }, "dispatch: the log has been altered or damaged");
  };
  /** False: the store could not be read to the end of the page. What it gave counts: it is not read again. */
  const read = async (of: State, to: number): Promise<boolean> => {
    try {
      await store.readAll(at, (events) => {
        for (const event of events) {
          const fault = findFault(of, event, hash);
          if (fault !== null) tell(fault);
          skip(of, event);
          at = event.sequence;
        }
      }, to);
      at = to;
      away = false;
      return true;
    } catch (error) {
      if (!away) onWarning({ error: (error as Error).message }, "dispatch: the log cannot be looked through for the time being");
      away = true;
      return false;
    }
  };
  const page = async (): Promise<void> => {
    if (heads === null || !(await read(heads, Math.min(at + CHECK_PAGE, upTo))) || at < upTo) return;
    stop();
    if (heads.sequence < upTo) tell(`event ${upTo} was written, and event ${heads.sequence} is the last before it that is there`);
    if (faults > FAULTS_TOLD) onWarning({ faults }, "dispatch: more of the log has been altered or damaged");
    heads = null;
  };
  const stop = every(CHECK_EVERY_MS, () => {
    if (reading) return;
    reading = true;
    void page().finally(() => void (reading = false));
  });
  return stop;
}
