// Which contact came under the id of a switch, where a start left that in the log: asked for as commands come, many in one question, while the group before is being written, so that no decision waits for it (state-blocks.ts says
// what is known already). What a start did not take in never changes, so an answer holds for good.
import type { Command, SystemCommand } from "../dispatch/commands.ts";
import type { StateBlocks } from "../dispatch/state-blocks.ts";
import type { EventStorePort } from "./event-store.ts";

export interface KnownContacts {
  /** Resolves when the state knows the id that the command (or a question beside commands) names, if it names one. Rejects where the store cannot be asked. */
  lookUp(asked: Command | SystemCommand | { readonly externalId: string }): Promise<void>;
}

/** `upTo`: the event that the state was stored after. */
export function createKnownContacts(store: Pick<EventStorePort, "findContactIds">, blocks: Pick<StateBlocks, "mustAsk" | "know">, upTo: number): KnownContacts {
  let underWay: Promise<void> = Promise.resolve();
  let gathering: { readonly ids: Set<string>; readonly answer: Promise<void> } | null = null;
  const gather = (externalId: string): Promise<void> => {
    if (gathering === null) {
      const ids = new Set<string>();
      const answer = underWay.then(async () => {
        gathering = null;
        const found = await store.findContactIds([...ids], upTo);
        for (const id of ids) blocks.know(id, found.get(id) ?? null);
      });
      underWay = answer.catch(() => undefined); // a failure is told to whoever looks it up
      gathering = { ids, answer };
    }
    gathering.ids.add(externalId);
    return gathering.answer;
  };
  return {
    lookUp: (asked) => ("externalId" in asked && blocks.mustAsk(asked.externalId) ? gather(asked.externalId) : Promise.resolve()),
  };
}
