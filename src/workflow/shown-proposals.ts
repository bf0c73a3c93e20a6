// What each dispatcher was last shown for each incident, for as long as it counts as the reason for a choice [ASG10], with what it was worked out from.
// Bounded by number and by bytes: a hundred dispatchers with fourteen thousand units each are forty megabytes.
import type { WallMs } from "../base/time.ts";
import type { Actor } from "../dispatch/entities.ts";
import type { Proposal } from "../dispatch/events.ts";
import { type DecisionInputs, type DigestFunction, type StoredInputs, encodeInputs, sizeOfInputs } from "./decision-inputs.ts";
import type { Candidate } from "./recommendation.ts";

const MOST_KEPT = 500;
const MOST_BYTES = 128_000_000;
/** What was shown longer ago is not why the unit was chosen: units drive on. */
const COUNTS_MS = 60_000;

export interface ShownProposals {
  /** In place of what the asker was shown for this incident before. */
  readonly keep: (asker: Actor, candidates: readonly Candidate[], inputs: DecisionInputs) => void;
  readonly find: (incidentId: number, by: Actor, unitId: number, now: WallMs) => Proposal | null;
  readonly findInputs: (digest: string) => StoredInputs | null;
}

interface Shown {
  readonly proposals: ReadonlyMap<number, Omit<Proposal, "inputs">>;
  readonly inputs: DecisionInputs;
  /** Made when the first decision is made on it. */
  stored: StoredInputs | null;
}

export function createShownProposals(digestOf: DigestFunction): ShownProposals {
  const kept = new Map<string, Shown>(); // oldest first
  let bytes = 0;
  const keyOf = (incidentId: number, by: Actor): string => `${incidentId} ${by.kind} ${by.id}`;
  const drop = (key: string): void => {
    const shown = kept.get(key);
    if (shown === undefined) return;
    bytes -= sizeOfInputs(shown.inputs);
    kept.delete(key);
  };
  return {
    keep: (asker, candidates, inputs) => {
      const key = keyOf(inputs.incidentId, asker);
      drop(key);
      const { computedAt } = inputs;
      kept.set(key, { proposals: new Map(candidates.map(({ unitId, rank, roadSeconds }) => [unitId, { rank, roadSeconds, computedAt }])), inputs, stored: null });
      bytes += sizeOfInputs(inputs);
      for (const [oldest, shown] of kept) {
        if (oldest === key || (kept.size <= MOST_KEPT && bytes <= MOST_BYTES && computedAt - shown.inputs.computedAt <= COUNTS_MS)) break;
        drop(oldest);
      }
    },
    find: (incidentId, by, unitId, now) => {
      const shown = kept.get(keyOf(incidentId, by));
      const proposal = shown?.proposals.get(unitId);
      if (shown === undefined || proposal === undefined || now - proposal.computedAt > COUNTS_MS) return null;
      shown.stored ??= encodeInputs(shown.inputs, digestOf);
      return { ...proposal, inputs: shown.stored.digest };
    },
    findInputs: (digest) => [...kept.values()].find(({ stored }) => stored?.digest === digest)?.stored ?? null,
  };
}
