// State = fold(log), at the start of a centre: the newest checkpoint (checkpoint.ts), and the rest of the log on it. A log that was altered or damaged is told and taken as far as it goes: an emergency centre must
// start. An event that speaks of what the log has lost (a claim of a contact whose ring is gone) is kept out whole, so that what the state holds
// stays closed in itself; its number, its place in the chain and its ids stay used. Rejected: ending at the first fault, which is a centre that
// never starts again, and a layer for each event, which costs every start for what almost no log has.
import type { WallMs } from "../base/time.ts";
import { apply, skip } from "../dispatch/apply.ts";
import type { StoredEvent } from "../dispatch/events.ts";
import { keepBlocks, type StateBlocks, timeOfHead } from "../dispatch/state-blocks.ts";
import type { HashFunction, State } from "../dispatch/state.ts";
import { createLayer, createState, mergeLayer } from "../dispatch/state.ts";
import { findFault } from "../dispatch/timeline.ts";
import { AwayError, type Checkpoint, type CheckpointStorePort } from "./checkpoint.ts";
import type { EventStorePort } from "./event-store.ts";

const FAULTS_TOLD = 20;

export interface FoldOptions {
  readonly store: Pick<EventStorePort, "readAll" | "findEnd">;
  readonly hash: HashFunction;
  readonly onWarning: (fields: object, message: string) => void;
  readonly checkpoints?: CheckpointStorePort | undefined;
  /** The state as it was after that event. */
  readonly upTo?: number;
  readonly idBase?: number | undefined;
  /** So many events at a turn of the loop: where others wait for it, few. */
  readonly page?: number;
  /** Where there is no checkpoint, what was folded for somebody before is gone on with. The state is the caller's until the turn of the loop ends. */
  readonly progress?: FoldProgress | undefined;
}
/** A state that was folded from the beginning of the log, so far: of one whose reading failed half way, too. One goes on with it at a time. */
export interface FoldProgress {
  folded: Pick<Folded, "state" | "blocks"> | null;
  turn: Promise<unknown>;
}
export const createFoldProgress = (): FoldProgress => ({ folded: null, turn: Promise.resolve() });
export interface Folded {
  readonly state: State;
  readonly blocks: StateBlocks;
  /** What it was made from; null: from the whole log. */
  readonly from: Checkpoint | null;
}

/** Rejects only where the store or the checkpoint cannot be read. */
export async function foldLog(options: FoldOptions): Promise<Folded> {
  const { store, onWarning, checkpoints, upTo, idBase, progress } = options;
  const passOver = (fault: string): void => onWarning({ fault }, "dispatch: a checkpoint is passed over");
  const found = (await checkpoints?.find(upTo ?? (await store.findEnd()), passOver)) ?? null;
  const from = found === null || (await isOf(store, found)) ? found : null;
  if (found !== from) {
    passOver(`the log has another event ${found!.sequence} than the checkpoint, or none`);
    await found!.away.close();
  }
  const begin = (): Pick<Folded, "state" | "blocks"> => {
    const state = createState(idBase);
    return { state, blocks: keepBlocks(state, from) };
  };
  if (from !== null || progress === undefined) return { ...(await foldOnto(begin(), options)), from };
  const turn = progress.turn.then(() => {
    if (progress.folded === null || progress.folded.state.sequence > (upTo ?? Infinity)) progress.folded = begin();
    return foldOnto(progress.folded, options);
  });
  progress.turn = turn.catch(() => undefined);
  return { ...(await turn), from };
}

/** The rest of the log, a page at a time: where it cannot be read to its end, the state is of some page's last event. */
async function foldOnto(folded: Pick<Folded, "state" | "blocks">, { store, hash, onWarning, upTo, page }: FoldOptions): Promise<Pick<Folded, "state" | "blocks">> {
  const { state } = folded;
  let faults = 0;
  const tell = (fault: string): void => {
    if (++faults <= FAULTS_TOLD) onWarning({ fault }, "dispatch: the log has been altered or damaged");
  };
  await store.readAll(state.sequence, (events) => {
    if (foldWhole(state, events, hash)) return;
    for (const event of events) foldOne(state, event, hash, tell);
  }, upTo, page);
  const end = upTo ?? (await store.findEnd());
  if (end > state.sequence) {
    tell(`event ${end} was written, and event ${state.sequence} is the last that is there`);
    state.sequence = end;
  }
  if (faults > FAULTS_TOLD) onWarning({ faults }, "dispatch: more of the log has been altered or damaged");
  return folded;
}

/** Whether the log has the event after which the checkpoint was taken: it may have been restored from a backup since, and have gone on otherwise. */
async function isOf(store: Pick<EventStorePort, "readAll">, { sequence, head }: Checkpoint): Promise<boolean> {
  let at: WallMs | undefined;
  await store.readAll(sequence - 1, (events) => void (at ??= events[0]?.at), sequence);
  return at === timeOfHead(head);
}

/** False, with nothing changed, where not every event is as it should be. */
function foldWhole(state: State, events: readonly StoredEvent[], hash: HashFunction): boolean {
  const layer = createLayer(state);
  try {
    for (const event of events) {
      if (findFault(layer, event, hash) !== null) return false;
      apply(layer, event);
    }
  } catch (error) {
    if (error instanceof AwayError) throw error;
    return false; // which event and why is told when they are taken one by one
  }
  mergeLayer(state, layer);
  return true;
}

function foldOne(state: State, event: StoredEvent, hash: HashFunction, tell: (fault: string) => void): void {
  try {
    const fault = findFault(state, event, hash);
    if (fault !== null) tell(fault);
    const layer = createLayer(state);
    apply(layer, event);
    mergeLayer(state, layer);
    if (fault !== null) skip(state, event);
  } catch (error) {
    if (error instanceof AwayError) throw error; // says nothing of the event
    tell(`event ${event.sequence} is kept out: ${(error as Error).message}`);
    skip(state, event);
  }
}
