import { useCallback } from "react";
import { useLive } from "../api/live-link.ts";
import { notify } from "../design/index.ts";
import { useAccount } from "../shell/session.ts";
import { useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { openIntake } from "./store.ts";
import { compareContacts } from "./tones.ts";
import { operateWords } from "./words.ts";

/** Takes a call: the form opens at once and is given back if somebody was first. Null takes the most urgent, and of these the one that has waited longest. */
export function useTakeCall(): (contactId: number | null) => Promise<boolean> {
  const act = useAct();
  const words = useWords(operateWords);
  const me = useAccount();
  return useCallback(
    async (contactId) => {
      const contacts = [...useLive.getState().contacts.values()];
      const waiting = contacts.filter((c) => c.state === "ringing" || c.state === "abandoned").sort(compareContacts);
      const contact = contactId === null ? waiting[0] : contacts.find((c) => c.id === contactId);
      if (contact === undefined) {
        notify("off", words.line.noCall);
        return false;
      }
      openIntake(contact.id);
      if (contact.state === "claimed" && contact.claimedBy?.kind === "user" && contact.claimedBy.id === me?.id) return true;
      return (await act({ type: "contact.claim", contactId: contact.id })) !== null;
    },
    [act, words, me],
  );
}
