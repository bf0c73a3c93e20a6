// The question cards with their words, asked once and shared: they change with a new version of the program only. Where they cannot be had the questions are not shown, and nothing else waits for them.
import { useEffect } from "react";
import { create } from "zustand";
import type { TriageCard, TriageCards } from "../../../src/contract/run-cards.ts";
import type { IncidentType } from "../../../src/contract/dispatch.ts";
import { api } from "./client.ts";

const AGAIN_MS = 5_000;
const useCards = create<{ readonly answer: TriageCards | null }>(() => ({ answer: null }));
let asked = false;

function ask(): void {
  if (asked) return;
  asked = true;
  api.call("listTriageCards").then(
    (answer) => useCards.setState({ answer }),
    () => void setTimeout(() => { asked = false; ask(); }, AGAIN_MS),
  );
}

export interface KnownCards {
  readonly findCard: (named: { readonly code: string; readonly version: number }) => TriageCard | null;
  readonly cardOfType: (type: IncidentType) => TriageCard | null;
}
const NONE: KnownCards = { findCard: () => null, cardOfType: () => null };
let known: { readonly of: TriageCards; readonly cards: KnownCards } | null = null;

/** `wanted` false: nobody may read them here, and nothing is asked. */
export function useTriageCards(wanted = true): KnownCards {
  const answer = useCards((s) => s.answer);
  useEffect(() => { if (wanted) ask(); }, [wanted]);
  if (answer === null) return NONE;
  if (known?.of !== answer) {
    const findCard: KnownCards["findCard"] = ({ code, version }) => answer.cards.find((card) => card.code === code && card.version === version) ?? null;
    known = { of: answer, cards: { findCard, cardOfType: (type) => { const named = answer.types.find((one) => one.type === type); return named === undefined ? null : findCard(named); } } };
  }
  return known.cards;
}
