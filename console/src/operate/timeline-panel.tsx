// TIMELINE: everything that happened, newest at the bottom, never edited. A correction is a new line that names the one it corrects.
import { useEffect, useMemo, useRef, useState, type FormEvent } from "react";
import type { TimelineEntry } from "../../../src/contract/dispatch.ts";
import { usePendingCommands } from "../api/command.ts";
import { mergeEntries } from "../api/live-state.ts";
import { useLive } from "../api/live-link.ts";
import { useTriageCards } from "../api/triage-cards.ts";
import type { Reading } from "../api/use-call.ts";
import type { CallAnswer } from "../api/client.ts";
import { BrokenState, Button, EmptyState, PanelHead, Skeleton, Time, useScrollStop } from "../design/index.ts";
import { useMay } from "../shell/session.ts";
import { wordFor } from "../words/catalogue.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useLanguage, useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { useCameraNames } from "./camera-names.ts";
import { DecisionView } from "./decision-view.tsx";
import { keepNote, useOperate } from "./store.ts";
import { timelineText, type TimelineWords } from "./timeline-text.ts";
import type { IncidentView } from "./tones.ts";
import { operateWords } from "./words.ts";

const NONE: readonly TimelineEntry[] = [];
/** The assignment whose choice the line tells, and of whom; null: no line of a choice. Nobody is chosen from a proposal to cover. */
function chosenBy({ event, body }: TimelineEntry): { readonly assignmentId: number; readonly unitId: number } | null {
  const { assignmentId, unitId, cover } = body;
  return event === "assignment.assigned" && typeof assignmentId === "number" && typeof unitId === "number" && cover == null ? { assignmentId, unitId } : null;
}

export function TimelinePanel({ incident, history }: { readonly incident: IncidentView; readonly history: Reading<CallAnswer<"getIncident">> }) {
  const all = useWords(operateWords);
  const words = all.timeline;
  const domain = useWords(domainWords);
  const format = useFormat();
  const act = useAct();
  const mayWrite = useMay("incident.write");
  const fresh = useLive((s) => s.timeline.get(incident.id) ?? NONE);
  const units = useLive((s) => s.units);
  const nameOfCamera = useCameraNames();
  const note = useOperate((s) => s.notes[incident.id] ?? "");
  const setNote = (words: string): void => keepNote(incident.id, words);
  const [correcting, setCorrecting] = useState<number | null>(null);
  const [opened, setOpened] = useState<number | null>(null);
  const mayAssign = useMay("assignment.write");
  const box = useRef<HTMLTextAreaElement>(null);
  const { ref: list, ...stop } = useScrollStop<HTMLOListElement>();
  const pending = usePendingCommands((s) => s.pending);
  const waiting = pending.filter((p) => p.command.type === "incident.note" && p.command.incidentId === incident.id);
  const entries = useMemo(() => mergeEntries(history.data?.timeline ?? NONE, fresh), [history.data, fresh]);

  // A gap in the numbers means that the link was away: the whole history is asked for again.
  const gap = entries.some((entry, i) => entry.number !== i + 1);
  const { again, loading } = history;
  useEffect(() => { if (gap && !loading) again(); }, [gap, loading, again]);
  useEffect(() => { list.current?.scrollTo({ top: list.current.scrollHeight }); }, [list, entries.length, waiting.length]);

  const correctedBy = useMemo(() => new Set(entries.map((e) => e.corrects).filter((n) => n !== null)), [entries]);
  const cards = useTriageCards();
  const language = useLanguage();
  const wordsOfAnswer: TimelineWords["wordsOfAnswer"] = (card, question, answer) => {
    const asked = cards.findCard(card)?.questions.find((one) => one.code === question);
    const said = asked?.options.find((option) => option.code === answer);
    return asked === undefined || said === undefined ? undefined : { question: asked.words[language], answer: said.words[language] };
  };
  const context = { events: all.events, domain, format, nameOfUnit: (id: number) => units.get(id)?.callSign, nameOfCamera, wordsOfAnswer };
  const write = (event?: FormEvent): void => {
    event?.preventDefault();
    const text = note.trim();
    if (text === "") return;
    setNote("");
    const corrects = correcting;
    setCorrecting(null);
    void act({ type: "incident.note", incidentId: incident.id, words: text, corrects }).then((done) => { if (done === null) { setNote(text); setCorrecting(corrects); } });
  };
  return (
    <div className="timeline">
      <PanelHead title={words.title} count={words.appendOnly} />
      {history.data === null && entries.length === 0 ? (history.problem === null ? <Skeleton rows={5} /> : <BrokenState error={history.problem} retry={history.again} />) : (
        <ol ref={list} {...stop} className="entries" aria-label={words.title}>
          {entries.length === 0 && <EmptyState>{words.empty}</EmptyState>}
          {entries.map((entry) => {
            const deviceAt = typeof entry.body["deviceAt"] === "number" ? entry.body["deviceAt"] : null;
            return (
              <li key={entry.number} className={`entry ${correctedBy.has(entry.number) ? "entry-corrected" : ""}`}>
                <Time at={entry.at} exact />
                <div>
                  <p>{timelineText(entry, context)}{entry.corrects !== null && <span className="quiet"> ({words.corrects(entry.corrects)})</span>}</p>
                  <p className="quiet small">
                    {entry.number} · {entry.by.kind === "system" ? words.system : entry.by.kind === "service" ? wordFor(domain.services, entry.by.name) : entry.by.name}
                    {deviceAt !== null && Math.abs(deviceAt - entry.at) >= 1_000 && <> · {words.device(format.time(deviceAt))}</>}
                    {correctedBy.has(entry.number) && <> · {words.corrected}</>}
                    {mayAssign && chosenBy(entry) !== null && <> · <button type="button" className="plain-button link-button" aria-expanded={opened === entry.number} onClick={() => setOpened(opened === entry.number ? null : entry.number)}>{all.decision.show}</button></>}
                    {mayWrite && entry.event === "incident.noted" && <> · <button type="button" className="plain-button link-button" onClick={() => { setCorrecting(entry.number); box.current?.focus(); }}>{words.correct}</button></>}
                  </p>
                  {opened === entry.number && chosenBy(entry) !== null && <DecisionView {...chosenBy(entry)!} />}
                </div>
              </li>
            );
          })}
          {waiting.map((one) => (
            <li key={one.commandId} className="entry entry-waiting">
              <Time at={one.since} exact />
              <div><p>{one.command.type === "incident.note" ? one.command.words : ""}</p><p className="mean-decide small" role="status">{words.waiting}</p></div>
            </li>
          ))}
        </ol>
      )}
      {mayWrite && (
        <form className="note-form" onSubmit={write}>
          <textarea
            ref={box} id="incident-note" className="input" rows={1} aria-label={words.note} value={note} maxLength={2000} placeholder={correcting === null ? words.note : words.correcting(correcting)} onChange={(e) => setNote(e.target.value)}
            onKeyDown={(e) => {
              if (e.key === "Enter" && !e.shiftKey && !e.nativeEvent.isComposing) { e.preventDefault(); write(); }
              if (e.key === "Escape") { setCorrecting(null); e.currentTarget.blur(); }
            }}
          />
          <Button type="submit" isDisabled={note.trim() === ""}>{words.noteAction}</Button>
        </form>
      )}
    </div>
  );
}
