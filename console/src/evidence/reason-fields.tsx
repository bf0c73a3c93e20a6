// Why evidence is taken: an incident, open or ended, or a purpose in words. Each export is signed and recorded with it, so nothing is guessed: only the incident that somebody looked for already is
// offered. The words of a look are not: those of a patrol's round say nothing of why a package is taken.
import { useCallback, useState } from "react";
import { PURPOSES, type ViewReason } from "../../../src/contract/cameras.ts";
import { SelectField, TextField } from "../design/index.ts";
import { domainWords } from "../words/domain.ts";
import { useWords } from "../words/use-words.ts";
import { IncidentField } from "./incident-field.tsx";
import { evidenceWords } from "./words.ts";

const OFFERED = PURPOSES.filter((purpose) => purpose !== "call" && purpose !== "report");
type Purpose = (typeof OFFERED)[number];

export interface ReasonState {
  readonly purpose: Purpose | null;
  readonly words: string;
  readonly incidentId: number | null;
  readonly set: (change: { readonly purpose?: Purpose; readonly words?: string; readonly incidentId?: number | null }) => void;
  /** What is still missing. */
  readonly fault: "purposeFault" | "wordsFault" | "incidentFault" | undefined;
  readonly reason: ViewReason | undefined;
}
export function useReasonFields(before: ViewReason | null): ReasonState {
  const [held, setHeld] = useState((): Pick<ReasonState, "purpose" | "words" | "incidentId"> => ({
    purpose: before?.purpose === "incident" ? before.purpose : null,
    words: "",
    incidentId: before?.purpose === "incident" ? before.incidentId : null,
  }));
  const { purpose, words, incidentId } = held;
  const fault = purpose === null ? "purposeFault" : purpose === "incident" ? (incidentId === null ? "incidentFault" : undefined) : words.trim() === "" ? "wordsFault" : undefined;
  const reason: ViewReason | undefined = fault !== undefined || purpose === null ? undefined : purpose === "incident" ? { purpose, incidentId: incidentId! } : { purpose, words: words.trim() };
  const set = useCallback<ReasonState["set"]>((change) => setHeld((now) => ({ ...now, ...change })), []);
  return { ...held, set, fault, reason };
}

export function ReasonFields({ state, tried }: { readonly state: ReasonState; readonly tried: boolean }) {
  const words = useWords(evidenceWords).exports;
  const purposes = useWords(domainWords).purposes;
  const { set } = state;
  const takeIncident = useCallback((incidentId: number | null) => set({ incidentId }), [set]);
  const fault = (of: ReasonState["fault"]): string | undefined => (tried && of !== undefined && state.fault === of ? words[of] : undefined);
  return (
    <>
      <SelectField label={words.purpose} choices={OFFERED.map((id) => ({ id, label: purposes[id] }))} value={state.purpose} onChange={(purpose) => state.set({ purpose })} placeholder={words.pickPurpose} fault={fault("purposeFault")} />
      {state.purpose === "incident" ? (
        <IncidentField incidentId={state.incidentId} onChange={takeIncident} fault={fault("incidentFault")} />
      ) : state.purpose !== null && (
        <TextField label={words.words} placeholder={words.wordsExample} value={state.words} onChange={(text) => state.set({ words: text })} maxLength={200} fault={fault("wordsFault")} />
      )}
    </>
  );
}
