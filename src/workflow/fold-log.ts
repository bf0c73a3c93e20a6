// State = fold(log), at the start of a centre. A log that was altered or damaged is told and taken as far as it goes: an emergency centre must
// start. An event that speaks of what the log has lost (a claim of a contact whose ring is gone) is kept out whole, so that what the state holds
// stays closed in itself; its number, its place in the chain and its ids stay used. Rejected: ending at the first fault, which is a centre that
// never starts again, and a layer for each event, which costs every start for what almost no log has.
import { apply, skip } from "../dispatch/apply.ts";
import type { StoredEvent } from "../dispatch/events.ts";
import type { HashFunction, State } from "../dispatch/state.ts";
import { createLayer, createState, mergeLayer } from "../dispatch/state.ts";
import { findFault } from "../dispatch/timeline.ts";
import type { EventStorePort } from "./event-store.ts";

const FAULTS_TOLD = 20;

/** `upTo`: the state as it was after that event. Rejects only where the store cannot be read. */
export async function foldLog(store: EventStorePort, hash: HashFunction, onWarning: (fields: object, message: string) => void, upTo?: number, idBase?: number): Promise<State> {
  const state = createState(idBase);
  let faults = 0;
  const tell = (fault: string): void => {
    if (++faults <= FAULTS_TOLD) onWarning({ fault }, "dispatch: the log has been altered or damaged");
  };
  await store.readAll(0, (events) => {
    if (foldWhole(state, events, hash)) return;
    for (const event of events) foldOne(state, event, hash, tell);
  }, upTo);
  const end = upTo ?? (await store.findEnd());
  if (end > state.sequence) {
    tell(`event ${end} was written, and event ${state.sequence} is the last that is there`);
    state.sequence = end;
  }
  if (faults > FAULTS_TOLD) onWarning({ faults }, "dispatch: more of the log has been altered or damaged");
  return state;
}

/** False, with nothing changed, where not every event is as it should be. */
function foldWhole(state: State, events: readonly StoredEvent[], hash: HashFunction): boolean {
  const layer = createLayer(state);
  try {
    for (const event of events) {
      if (findFault(layer, event, hash) !== null) return false;
      apply(layer, event);
    }
  } catch {
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
    tell(`event ${event.sequence} is kept out: ${(error as Error).message}`);
    skip(state, event);
  }
}
