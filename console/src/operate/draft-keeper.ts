// Keeps the draft of a call in hand on the server while it is typed, and takes up what was kept: after a reload, and from whoever had the call before.
// A field is sent a moment after its last key; what could not be sent is sent again, and stays in the tab's own storage meanwhile.
import { useEffect, useState } from "react";
import type { KeptDraft } from "../../../src/contract/dispatch.ts";
import { api } from "../api/client.ts";
import { ApiProblem } from "../api/problem.ts";
import { getWriterId, hasSendable, sendDraft } from "./draft-sending.ts";
import { takeKeptDraft, useOperate } from "./store.ts";

const AFTER_KEY_MS = 250;
const AGAIN_MS = 2_000;

export interface Keeping {
  /** False while something typed is not on the server. */
  readonly kept: boolean;
  /** Who typed last on the server, and when, as found when the call was opened. */
  readonly last: Pick<KeptDraft, "changedBy" | "changedAt"> | null;
}

/** `contactId` null: nothing to keep. Only while `held` does the server take what is typed; it is read in any case. */
export function useDraftKeeping(contactId: number | null, held: boolean): Keeping {
  const kept = useOperate((s) => contactId === null || (s.held[contactId]?.unsaved.length ?? 0) === 0);
  const [last, setLast] = useState<Keeping["last"]>(null);

  useEffect(() => {
    if (contactId === null) return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = (): void => {
      api.call("getCallDraft", { params: { id: contactId } }, { signal: abort.signal }).then(
        (kept) => {
          if (abort.signal.aborted) return;
          takeKeptDraft(contactId, kept, getWriterId());
          setLast({ changedBy: kept.changedBy, changedAt: kept.changedAt });
        },
        (error: unknown) => { if (!abort.signal.aborted && error instanceof ApiProblem && error.transient) timer = setTimeout(read, AGAIN_MS); },
      );
    };
    read();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [contactId, held]); // read again once it is ours: whoever had it may have typed on

  useEffect(() => {
    if (contactId === null || !held) return;
    let over = false;
    let sending = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (ms: number): void => {
      if (!over && !sending) timer ??= setTimeout(() => void run(), ms);
    };
    const run = async (): Promise<void> => {
      timer = undefined;
      sending = true;
      let again: number | null = AFTER_KEY_MS;
      try {
        await sendDraft(contactId);
      } catch (error) {
        again = error instanceof ApiProblem && !error.transient ? null : AGAIN_MS; // no more ours: the words stay in this tab
      }
      sending = false;
      if (again !== null && hasSendable(contactId)) later(again);
    };
    const unsubscribe = useOperate.subscribe((now, before) => { if (now.held !== before.held && hasSendable(contactId)) later(AFTER_KEY_MS); });
    const flush = (): void => void sendDraft(contactId, true).catch(() => {});
    addEventListener("pagehide", flush);
    if (hasSendable(contactId)) later(0);
    return () => {
      over = true;
      clearTimeout(timer);
      unsubscribe();
      removeEventListener("pagehide", flush);
      flush();
    };
  }, [contactId, held]);
  return { kept, last };
}
