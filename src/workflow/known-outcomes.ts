// Whether a command was carried out already [CMD1]: asked of the log as it comes, many in one question, while the group before is being written; so nothing is asked between one commit and the
// next. What this writer itself has committed since is remembered for longer than a command may wait. A command whose group failed is asked for anew: its first try may have been committed.
import type { Clock, MonotonicMs } from "../base/time.ts";
import type { EventStorePort, StoredOutcome } from "./event-store.ts";

export interface Asked {
  readonly request: { readonly from: "outside"; readonly commandId: string } | { readonly from: "system" };
  readonly submittedAt: MonotonicMs;
  /** Its group could not be committed: it is tried once more, alone. */
  readonly isRetry: boolean;
}

export interface KnownOutcomes {
  /** Begins to ask for it. */
  ask(job: Asked): void;
  /** Resolves when it is known. Rejects where the store cannot be asked. */
  lookUp(job: Asked): Promise<void>;
  find(commandId: string): StoredOutcome | undefined;
  /** These are committed. */
  keep(outcomes: readonly StoredOutcome[]): void;
}

/** Three times as long as a command may wait for its turn. */
const KEPT_MS = 15_000;

export function createKnownOutcomes(store: Pick<EventStorePort, "findOutcomes">, clock: Clock): KnownOutcomes {
  const kept = new Map<string, { readonly outcome: StoredOutcome; readonly at: MonotonicMs }>(); // oldest first
  const questions = new WeakMap<Asked, Promise<void>>();
  let underWay: Promise<void> = Promise.resolve();
  let gathering: { readonly ids: string[]; readonly answer: Promise<void> } | null = null;

  const keep = (outcomes: readonly StoredOutcome[]): void => {
    const now = clock.monotonicMs();
    for (const outcome of outcomes) {
      kept.delete(outcome.commandId);
      kept.set(outcome.commandId, { outcome, at: now });
    }
    for (const [id, { at }] of kept) {
      if (now - at <= KEPT_MS) break;
      kept.delete(id);
    }
  };
  const gather = (commandId: string): Promise<void> => {
    if (gathering === null) {
      const ids: string[] = [];
      // One question at a time: what comes while one is under way is asked together after it.
      const answer = underWay.then(async () => {
        gathering = null;
        const found = await store.findOutcomes(ids);
        keep(found); // those that are remembered already, too: what was just asked for must not be forgotten as old before its command has its turn
      });
      underWay = answer.catch(() => undefined); // a failure is told to whoever looks it up
      gathering = { ids, answer };
    }
    gathering.ids.push(commandId);
    return gathering.answer;
  };
  return {
    ask: (job) => {
      if (job.request.from === "outside") questions.set(job, gather(job.request.commandId));
    },
    lookUp: (job) => {
      if (job.request.from === "system") return Promise.resolve();
      return (job.isRetry ? undefined : questions.get(job)) ?? gather(job.request.commandId);
    },
    find: (commandId) => kept.get(commandId)?.outcome,
    keep,
  };
}
