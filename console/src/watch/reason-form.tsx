// Why do you look? Asked before the first picture of a session, since each look is written down with its reason before a byte leaves. What is
// written down is permanent, so nothing is guessed and no hurried key lands in it: the purpose must be chosen, and the words wait until it is.
import { useEffect, useMemo, useRef, useState, type FormEvent, type KeyboardEvent } from "react";
import { PURPOSES, type ViewReason } from "../../../src/contract/cameras.ts";
import { useLive } from "../api/live-link.ts";
import { Button, SelectField, TextField } from "../design/index.ts";
import { domainWords } from "../words/domain.ts";
import { useWords } from "../words/use-words.ts";
import { watchWords } from "./words.ts";

/** A call and the report of an incident are reasons at the dispatcher's desk, where they are given by themselves. */
const OFFERED = PURPOSES.filter((purpose) => purpose !== "call" && purpose !== "report");
type Purpose = (typeof OFFERED)[number];

export function ReasonForm({ before, onReason, onCancel }: { readonly before: ViewReason | null; readonly onReason: (reason: ViewReason) => void; readonly onCancel: (() => void) | null }) {
  const words = useWords(watchWords);
  const purposes = useWords(domainWords).purposes;
  const incidents = useLive((s) => s.incidents);
  const open = useMemo(() => [...incidents.values()].filter((i) => i.status === "active" || i.status === "reopened").sort((a, b) => b.number - a.number), [incidents]);
  const [purpose, setPurpose] = useState<Purpose | null>(OFFERED.find((one) => one === before?.purpose) ?? null);
  const [text, setText] = useState(before !== null && "words" in before ? before.words : "");
  const [incidentId, setIncidentId] = useState<number | null>(before?.purpose === "incident" ? before.incidentId : null);
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const pressed = useRef(false);
  useEffect(() => {
    const input = form.current?.querySelector("input");
    if (before === null) form.current?.focus(); // not a field: a letter typed in haste would choose a purpose by its first letter
    else input?.select(); // the old words give way to the first letter
  }, [before]);
  // The key that opened the form may still be held down: its repetitions are not words.
  const onKeyDownCapture = (event: KeyboardEvent): void => {
    if (event.repeat && !pressed.current) event.preventDefault();
    else pressed.current = true;
  };
  const purposeFault = purpose === null ? words.reason.purposeFault : undefined;
  const fault = purpose === "incident" ? (incidentId === null ? words.reason.incidentFault : undefined) : text.trim() === "" ? words.reason.wordsFault : undefined;

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (fault !== undefined || purpose === null) return;
    if (purpose === "incident") onReason({ purpose, incidentId: incidentId! });
    else onReason({ purpose, words: text.trim() });
  };
  return (
    <form ref={form} tabIndex={-1} className="watch-reason" onSubmit={submit} onKeyDownCapture={onKeyDownCapture} noValidate aria-label={words.reason.title}>
      <h2>{words.reason.title}</h2>
      <p className="quiet">{words.reason.why}</p>
      <SelectField label={words.reason.purpose} choices={OFFERED.map((id) => ({ id, label: purposes[id] }))} value={purpose} onChange={setPurpose} placeholder={words.reason.pickPurpose} fault={tried ? purposeFault : undefined} />
      {purpose === "incident" ? (
        <SelectField label={words.reason.incident} placeholder={open.length === 0 ? words.reason.noIncident : words.reason.pickIncident} choices={open.map((i) => ({ id: i.id, label: `${i.number} · ${i.place.label}`, detail: i.what }))} value={incidentId} onChange={setIncidentId} disabled={open.length === 0} fault={tried ? fault : undefined} />
      ) : purpose !== null && (
        <TextField label={words.reason.words} placeholder={words.reason.wordsExample} value={text} onChange={setText} maxLength={200} autoFocus={before !== null} fault={tried ? fault : undefined} />
      )}
      <div className="row">
        <Button type="submit" tone="primary" keys="Enter">{before === null ? words.reason.start : words.reason.change}</Button>
        {onCancel !== null && <Button tone="quiet" keys="Escape" onPress={onCancel}>{words.reason.keep}</Button>}
      </div>
    </form>
  );
}
