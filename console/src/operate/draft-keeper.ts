// Keeps the draft of a call in hand on the server while it is typed, and takes up what was kept: after a reload, and from whoever had the call before.
// A field is sent a moment after its last key; what could not be sent is sent again, and stays in the tab's own storage meanwhile.
import { useEffect, useState } from "react";
import type { KeptDraft } from "../../../src/contract/dispatch.ts";
import { api } from "../api/client.ts";
import { ApiProblem } from "../api/problem.ts";
import { findUnsaved, markKept, takeKeptDraft, useOperate } from "./store.ts";

const AFTER_KEY_MS = 250;
const AGAIN_MS = 2_000;

async function send(contactId: number, keepalive = false): Promise<void> {
  const fields = findUnsaved(contactId);
  if (fields === null) return;
  await api.call("changeCallDraft", { params: { id: contactId }, body: fields }, { keepalive });
  markKept(contactId, fields);
}

/** Keeps what is not kept yet, now: before the call is given back. Never rejects. */
export const keepDraftNow = (contactId: number): Promise<void> => send(contactId).catch(() => {});

export interface Keeping {
  /** False while something typed is not on the server. */
  readonly kept: boolean;
  /** Who typed last on the server, and when, as found when the call was opened. */
  readonly last: Pick<KeptDraft, "changedBy" | "changedAt"> | null;
}

/** `contactId` null: nothing to keep. Only while `held` does the server take what is typed; it is read in any case. */
export function useDraftKeeping(contactId: number | null, held: boolean): Keeping {
  const kept = useOperate((s) => contactId === null || (s.unsaved[contactId]?.length ?? 0) === 0);
  const [last, setLast] = useState<Keeping["last"]>(null);

  useEffect(() => {
    if (contactId === null) return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = (): void => {
      api.call("getCallDraft", { params: { id: contactId } }, { signal: abort.signal }).then(
        ({ draft, changedBy, changedAt }) => {
          takeKeptDraft(contactId, draft);
          setLast({ changedBy, changedAt });
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
        await send(contactId);
      } catch (error) {
        again = error instanceof ApiProblem && !error.transient ? null : AGAIN_MS; // no more ours: the words stay in this tab
      }
      sending = false;
      if (again !== null && findUnsaved(contactId) !== null) later(again);
    };
    const unsubscribe = useOperate.subscribe((now, before) => { if (now.unsaved !== before.unsaved && findUnsaved(contactId) !== null) later(AFTER_KEY_MS); });
    const flush = (): void => void send(contactId, true).catch(() => {});
    addEventListener("pagehide", flush);
    if (findUnsaved(contactId) !== null) later(0);
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
