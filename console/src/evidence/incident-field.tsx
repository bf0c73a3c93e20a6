// Which incident evidence is taken for: one that is open, from the list, or any by its number. Most evidence is asked for when the incident has long ended.
import { useEffect, useState } from "react";
import { useLive } from "../api/live-link.ts";
import { useCall } from "../api/use-call.ts";
import { SelectField, TextField } from "../design/index.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { parseIncidentNumber } from "./incident-number.ts";
import { evidenceWords } from "./words.ts";

export interface IncidentFieldProps {
  readonly incidentId: number | null;
  readonly onChange: (incidentId: number | null) => void;
  readonly fault: string | undefined;
}
/** The choice that opens the field for a number; no incident has this id. */
const BY_NUMBER = 0;

export function IncidentField({ incidentId, onChange, fault }: IncidentFieldProps) {
  const words = useWords(evidenceWords).exports;
  const format = useFormat();
  const open = useLive((s) => s.incidents);
  /** Null: one is chosen from the list. */
  const [typed, setTyped] = useState<string | null>(null);
  const number = typed === null ? undefined : parseIncidentNumber(typed);
  const search = useCall("listIncidents", number === undefined ? null : { query: { number, limit: 1 } });
  const found = number === undefined ? undefined : search.data?.incidents[0];
  const foundId = found?.id ?? null;

  // What was looked at for an incident that has ended meanwhile is not in the list.
  const ended = useCall("getIncident", typed === null && incidentId !== null && !open.has(incidentId) ? { params: { id: incidentId } } : null);
  const endedNumber = ended.data?.incident.number;
  useEffect(() => {
    if (endedNumber !== undefined) setTyped(String(endedNumber));
  }, [endedNumber]);
  useEffect(() => {
    if (typed !== null && !search.loading && incidentId !== foundId) onChange(foundId);
  }, [typed, search.loading, incidentId, foundId, onChange]);

  const choices = [
    ...[...open.values()].sort((a, b) => b.number - a.number).map((one) => ({ id: one.id, label: `${one.number} · ${one.place.label}`, detail: one.what })),
    { id: BY_NUMBER, label: words.byNumber, detail: words.byNumberWhat },
  ];
  const choose = (id: number): void => {
    setTyped(id === BY_NUMBER ? "" : null);
    onChange(id === BY_NUMBER ? null : id);
  };
  const isMissing = number !== undefined && search.data !== null && found === undefined;
  const numberFault = isMissing ? words.noSuchNumber(typed!.trim()) : typed?.trim() !== "" && number === undefined ? words.numberFault : fault;
  const what = found === undefined ? undefined : [found.place.label, found.what, found.endedAt === null ? "" : words.endedOn(format.exact(found.endedAt))].filter((text) => text !== "").join(" · ");
  return (
    <>
      <SelectField label={words.incident} placeholder={words.pickIncident} choices={choices} value={typed !== null ? BY_NUMBER : incidentId} onChange={choose} fault={typed === null ? fault : undefined} />
      {typed !== null && <TextField label={words.number} value={typed} onChange={setTyped} maxLength={12} autoFocus={typed === ""} hint={what ?? ""} fault={numberFault} />}
    </>
  );
}
