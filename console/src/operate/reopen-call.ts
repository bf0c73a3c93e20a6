// A call that was ended without an incident by mistake is taken up again: with its number, its words and what was typed for it, in the hand of whoever does so.
import { useCallback } from "react";
import { CONTACT_DISPOSITIONS } from "../../../src/contract/dispatch.ts";
import { api } from "../api/client.ts";
import { useLive } from "../api/live-link.ts";
import { notify } from "../design/index.ts";
import { useAccount } from "../shell/session.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { openIntake } from "./store.ts";
import type { ContactView } from "./tones.ts";
import { operateWords } from "./words.ts";

type Disposition = (typeof CONTACT_DISPOSITIONS)[number];
/** Ways in which a person at a desk ends a call without an incident. */
export type DeskEnding = Exclude<Disposition, "incident" | "attached" | "answered-elsewhere" | "transferred">;
const ELSEWHERE: ReadonlySet<Disposition> = new Set<Disposition>(["incident", "attached", "answered-elsewhere", "transferred"]);
export const DESK_ENDINGS = CONTACT_DISPOSITIONS.filter((one): one is DeskEnding => !ELSEWHERE.has(one));

/** The call among these that this person has ended last. */
export function findLastEnded(contacts: Iterable<ContactView>, meId: number | null): ContactView | null {
  let last: ContactView | null = null;
  for (const contact of contacts) {
    if (contact.state !== "ended" || contact.disposition === null || ELSEWHERE.has(contact.disposition) || contact.claimedBy?.kind !== "user" || contact.claimedBy.id !== meId) continue;
    if (last === null || (contact.endedAt ?? 0) > (last.endedAt ?? 0)) last = contact;
  }
  return last;
}

export function useReopenCall(): (contactId: number, words: string) => Promise<boolean> {
  const act = useAct();
  return useCallback(
    async (contactId, words) => {
      const done = await act({ type: "contact.reopen", contactId, words });
      if (done === null) return false;
      openIntake(contactId);
      return true;
    },
    [act],
  );
}

const ASKED = 200; // of the newest that can be taken up again, whoever ended them

/** The call that this person ended last: a slip of the finger is undone by two. A page that was opened since, or that has let the call go, asks the centre. */
export function useTakeUpLast(): () => Promise<void> {
  const words = useWords(operateWords).ended;
  const meId = useAccount()?.id ?? null;
  const reopen = useReopenCall();
  const problemText = useProblemText();
  return useCallback(async () => {
    try {
      const last = findLastEnded(useLive.getState().contacts.values(), meId) ?? findLastEnded((await api.call("listEndedContacts", { query: { limit: ASKED } })).contacts, meId);
      if (last === null) notify("off", words.noneOfMine);
      else await reopen(last.id, words.slip);
    } catch (error) {
      notify("danger", problemText(error));
    }
  }, [words, meId, reopen, problemText]);
}
