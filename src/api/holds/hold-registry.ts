// The register of evidence holds as the rest of the API uses it: changes are committed, then told to whoever keeps recordings. Writes take turns, so that
// recorders hear of changes in the order of the revisions.
import type { Result } from "../../base/result.ts";
import type { Clock } from "../../base/time.ts";
import type { Actor } from "../../contract/basics.ts";
import type { NewHold } from "../../contract/holds.ts";
import type { StoredHold } from "../../contract/register.ts";
import type { HoldStorePort } from "../ports.ts";

export type HoldChange = { readonly kind: "changed" | "released"; readonly hold: StoredHold };

export interface HoldRegistry {
  make(hold: NewHold, by: Actor): Promise<StoredHold>;
  review(id: number, words: string, reviewAt: number, by: Actor): Promise<Result<StoredHold, "not-found" | "hold-released">>;
  release(id: number, words: string, by: Actor): Promise<Result<StoredHold, "not-found" | "hold-released" | "own-hold">>;
  subscribe(listener: (change: HoldChange) => void): () => void;
}

export function createHoldRegistry({ store, clock }: { readonly store: HoldStorePort; readonly clock: Clock }): HoldRegistry {
  const listeners = new Set<(change: HoldChange) => void>();
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };
  const tell = (change: HoldChange): void => {
    for (const listener of listeners) listener(change);
  };
  return {
    make: (hold, by) => inTurn(async () => {
      const made = await store.make(hold, by, clock.wallMs());
      tell({ kind: "changed", hold: made });
      return made;
    }),
    review: (id, words, reviewAt, by) => inTurn(() => store.review(id, words, reviewAt, by, clock.wallMs())), // what recorders keep stays the same
    release: (id, words, by) => inTurn(async () => {
      const released = await store.release(id, words, by, clock.wallMs());
      if (released.ok) tell({ kind: "released", hold: released.value });
      return released;
    }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
