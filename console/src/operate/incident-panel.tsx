// The selected incident: what, where, who (each editable in place and sent on Enter or on leaving the field), its end, and what goes on with it.
import { useEffect, useRef, useState } from "react";
import { COMMON_TYPES, INCIDENT_TYPES, type Contact } from "../../../src/contract/dispatch.ts";
import { useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import { useTriageCards } from "../api/triage-cards.ts";
import { useCall } from "../api/use-call.ts";
import { Age, BrokenState, Button, EmptyState, IconButton, Skeleton, StatusMark, useScrollStop } from "../design/index.ts";
import { useAcknowledge, useIsLoud } from "../shell/use-alerts.ts";
import { isShortLate } from "../shell/waiting.ts";
import { useMay } from "../shell/session.ts";
import { shellWords } from "../shell/words.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { CloseForm } from "./close-form.tsx";
import { EmergencyPlace } from "./emergency-place.tsx";
import { TieForms, TieLines, WatchLine, type TieKind } from "./incident-ties.tsx";
import { SharingLines } from "./sharing-lines.tsx";
import { InlineField } from "./inline-field.tsx";
import { OutsideCity } from "./outside-city.tsx";
import { PlaceField } from "./place-field.tsx";
import { ReasonForm } from "./reason-form.tsx";
import { useSettledKeys } from "./settled-keys.ts";
import { SendPanel } from "./send-panel.tsx";
import { TimelinePanel } from "./timeline-panel.tsx";
import { PriorityField, TypeField } from "./type-field.tsx";
import type { PlaceView } from "./draft.ts";
import { lookAt, openIntake, setClosing, useOperate, useRests } from "./store.ts";
import { tieWords } from "./ties-words.ts";
import { answersOn, gradeOf, TriageGrade, TriageQuestions } from "./triage-questions.tsx";
import { triageWords } from "./triage-words.ts";
import { incidentMark, isOpenIncident, needsDisposition, type IncidentView } from "./tones.ts";
import { assignmentsOf } from "./use-lists.ts";
import { operateWords } from "./words.ts";
import { sayIncidentNumber } from "../../../src/base/training-ids.ts";

export function IncidentPanel() {
  const words = useWords(operateWords).incident;
  const id = useOperate((s) => s.incidentId);
  useSettledKeys(id);
  const live = useLive((s) => (id === null ? undefined : s.incidents.get(id)));
  const rests = useRests();
  const history = useCall("getIncident", id === null || !rests ? null : { params: { id } });
  const incident = live ?? history.data?.incident;
  const calls = useLive((s) => s.contacts);
  // A call that was attached a moment ago is in the live state before the history is read again.
  const callers = (incident?.contactIds ?? []).map((one) => calls.get(one) ?? history.data?.contacts.find((c) => c.id === one)).filter((c) => c !== undefined);
  const { again } = history;
  const unread = history.data !== null && incident !== undefined && callers.length < incident.contactIds.length;
  useEffect(() => { if (unread) again(); }, [unread, incident?.contactIds.length, again]);
  // After a long absence the link begins anew with what is, and not with what was missed.
  const snapshots = useLive((s) => s.snapshots);
  const readAt = useRef(snapshots);
  useEffect(() => {
    if (readAt.current === snapshots) return;
    readAt.current = snapshots;
    again();
  }, [snapshots, again]);
  if (id === null) return <section className="panel" aria-label={words.loading}><EmptyState>{words.none}</EmptyState></section>;
  if (incident === undefined) return <section className="panel">{history.problem === null ? <Skeleton rows={10} /> : <BrokenState error={history.problem} retry={history.again} />}</section>;
  return (
    <section className="panel incident" aria-label={words.number(sayIncidentNumber(incident))}>
      <IncidentHead key={incident.id} incident={incident} callers={callers} />
      {rests ? <SendPanel key={`send ${incident.id}`} incident={incident} /> : <Skeleton rows={6} />}
      {rests && <TimelinePanel key={`time ${incident.id}`} incident={incident} history={history} />}
    </section>
  );
}

type Asking = "triage" | "ties" | "cancel" | "reopen" | "no-unit" | "place" | "type" | TieKind | null;
const TIES: readonly Asking[] = ["merge", "link", "split", "join", "major", "share"];

function IncidentHead({ incident, callers }: { readonly incident: IncidentView; readonly callers: readonly Contact[] }) {
  const words = useWords(operateWords).incident;
  const domain = useWords(domainWords);
  const format = useFormat();
  const act = useAct();
  const now = useNow();
  const mayWrite = useMay("incident.write");
  const mayHandle = useMay("contact.handle");
  const { ties } = useWords(tieWords);
  const assignments = useLive((s) => s.assignments);
  const closing = useOperate((s) => s.closing);
  const [asking, setAsking] = useState<Asking>(null);
  const loud = useIsLoud(incident.id);
  const acknowledge = useAcknowledge();
  const shell = useWords(shellWords).waiting;
  const open = isOpenIncident(incident);
  const jobs = assignmentsOf(incident, assignments);
  const mark = incidentMark(incident, jobs, now);
  const allDone = jobs.length > 0 && needsDisposition(incident, jobs);
  useEffect(() => { if (closing) setAsking(null); }, [closing]);
  const update = (change: { what?: string; who?: string }): Promise<unknown> => act({ type: "incident.update", incidentId: incident.id, ...change }, incident.sequence);
  const done = (accepted: unknown): void => { if (accepted !== null) setAsking(null); };

  return (
    <>
      <header className="incident-head">
        <div className="row">
          <StatusMark tone={mark.tone} letter={mark.letter} label={domain.incidentStatuses[incident.status]} />
          <h2 className="clip grow">#{sayIncidentNumber(incident)} <span>{domain.incidentTypes[incident.type]}</span></h2>
          <IconButton icon="pin" label={words.map} onPress={() => lookAt(incident.place.point, 17)} />
        </div>
        <p className="row incident-line">
          <button type="button" className={`priority priority-${incident.priority} plain-button`} disabled={!mayWrite || !open} onClick={() => setAsking(asking === "type" ? null : "type")}>P{incident.priority}</button>
          <span className="clip grow">{incident.place.label}</span>
          <OutsideCity point={incident.place.point} size="short" />
          {open ? <Age at={incident.firstContactAt} className="head-age" /> : <span className="quiet">{words.ended(incident.disposition === null ? domain.incidentStatuses[incident.status] : domain.dispositions[incident.disposition], format.ago(now - (incident.endedAt ?? now)))}</span>}
        </p>
        {incident.type === "officer-emergency" && <EmergencyPlace incident={incident} />}
        {incident.shortfall !== null && open && (
          <p className={`row head-short mean-${isShortLate(incident, now) ? "danger" : "decide"}`} role="status">
            <span className="grow">{words.shortBy(incident.shortfall.missing, format.span(now - incident.shortfall.since))}</span>
            {loud && <Button tone="danger" keys="g k" onPress={() => acknowledge([incident.id])}>{shell.acknowledgeShort}</Button>}
          </p>
        )}
        <WatchLine incident={incident} />
        <TieLines incident={incident} />
      </header>
      <div className="incident-fields">
        {asking === "type" ? (
          <div className="stack">
            <TypeField value={incident.type} onChange={(type) => (type === incident.type ? setAsking(null) : void act({ type: "incident.update", incidentId: incident.id, incidentType: type }, incident.sequence).then(done))} />
            <PriorityField value={incident.priority} onChange={(priority) => void act({ type: "incident.update", incidentId: incident.id, priority }, incident.sequence).then(done)} />
            <div><Button tone="quiet" onPress={() => setAsking(null)}>{words.back}</Button></div>
          </div>
        ) : (
          <FieldLine label={words.type} value={domain.incidentTypes[incident.type]} detail={`${INCIDENT_TYPES[incident.type].line} ${domain.incidentCategories[INCIDENT_TYPES[incident.type].category]} · ${COMMON_TYPES[incident.type]}`} onEdit={mayWrite && open ? () => setAsking("type") : null} />
        )}
        <TriageLine incident={incident} asking={asking === "triage"} mayAnswer={mayWrite && open} onAsk={(ask) => setAsking(ask ? "triage" : null)} />
        {callers.map((contact) => <CallerLine key={contact.id} contact={contact} mayDetach={mayHandle} />)}
        <InlineField label={words.what} value={incident.what} empty={words.whatEmpty} disabled={!mayWrite || !open} onSave={(what) => update({ what })} />
        {asking === "place" ? <PlaceEditor incident={incident} onDone={() => setAsking(null)} /> : (
          <FieldLine
            label={words.where} value={incident.place.label} onEdit={mayWrite && open ? () => setAsking("place") : null}
            detail={[incident.place.district, incident.place.words !== incident.place.label && incident.place.words !== "" ? words.typed(incident.place.words) : null, incident.place.uncertaintyM > 0 ? `± ${format.metres(incident.place.uncertaintyM)}` : null].filter((x) => x !== null).join(" · ")}
          />
        )}
        <InlineField label={words.who} value={incident.who} empty={words.whoEmpty} disabled={!mayWrite || !open} onSave={(who) => update({ who })} />
        {closing && open && mayWrite && <CloseForm incident={incident} />}
        {asking === "cancel" && <ReasonForm label={words.cancelWords} action={words.cancel} tone="danger" onCancel={() => setAsking(null)} onSubmit={(text) => void act({ type: "incident.cancel", incidentId: incident.id, words: text }).then(done)} />}
        {asking === "reopen" && <ReasonForm label={words.reopenWords} action={words.reopen} onCancel={() => setAsking(null)} onSubmit={(text) => void act({ type: "incident.reopen", incidentId: incident.id, words: text }).then(done)} />}
        {asking === "no-unit" && <ReasonForm label={words.noUnitWords} action={words.noUnitNeeded} onCancel={() => setAsking(null)} onSubmit={(text) => void act({ type: "incident.no-unit-needed", incidentId: incident.id, words: text }).then(done)} />}
        {mayWrite && asking === null && !closing && (
          <div className="row wrap">
            {open ? (
              <>
                <Button tone={allDone ? "primary" : "plain"} onPress={() => setClosing(true)} keys="c">{words.close}</Button>
                <Button tone="quiet" onPress={() => setAsking("cancel")}>{words.cancel}</Button>
                {incident.shortfall !== null && <Button tone="quiet" onPress={() => setAsking("no-unit")}>{words.noUnitNeeded}</Button>}
                <IconButton icon="more" label={ties.more} onPress={() => setAsking("ties")} />
              </>
            ) : incident.mergedIntoId === null && <Button onPress={() => setAsking("reopen")}>{words.reopen}</Button>}
          </div>
        )}
        {asking === null && !closing && <SharingLines key={incident.id} incidentId={incident.id} />}
        {!closing && asking === "ties" && <TieForms incident={incident} callers={callers} kind={null} onKind={setAsking} />}
        {!closing && TIES.includes(asking) && <TieForms incident={incident} callers={callers} kind={asking as TieKind} onKind={setAsking} />}
      </div>
    </>
  );
}

/** How bad it is by the question card; the questions open below, and each answer is sent as it is given. */
function TriageLine({ incident, asking, mayAnswer, onAsk }: { readonly incident: IncidentView; readonly asking: boolean; readonly mayAnswer: boolean; readonly onAsk: (ask: boolean) => void }) {
  const words = useWords(triageWords);
  const back = useWords(operateWords).incident.back;
  const domain = useWords(domainWords);
  const act = useAct();
  const cards = useTriageCards();
  // what was begun by one version is asked to its end by that one
  const card = (incident.triage?.card == null ? null : cards.findCard(incident.triage.card)) ?? cards.cardOfType(incident.type);
  if (card === null) return null;
  const answers = Object.fromEntries((incident.triage?.answers ?? []).map(({ question, answer }) => [question, answer]));
  const count = Object.keys(answersOn(card, answers)).length;
  if (!asking) return <FieldLine label={words.title} value={domain.determinants[incident.triage?.determinant ?? gradeOf(incident.type, card, answers)]} detail={words.answered(count, card.questions.length)} onEdit={mayAnswer ? () => onAsk(true) : null} />;
  return (
    <div className="triage-box">
      <TriageGrade type={incident.type} card={card} answers={answers} priority={incident.priority} />
      <TriageQuestions id="incident-triage" card={card} answers={answersOn(card, answers)} onAnswer={(question, answer) => void act({ type: "incident.answer", incidentId: incident.id, card: { code: card.code, version: card.version }, question, answer })} onLeave={() => onAsk(false)} />
      <div><Button tone="quiet" onPress={() => onAsk(false)}>{back}</Button></div>
    </div>
  );
}

/** Who called: the number, and the words that the caller said, never those that somebody here typed. */
function CallerLine({ contact, mayDetach }: { readonly contact: Contact; readonly mayDetach: boolean }) {
  const ties = useWords(tieWords).ties;
  const act = useAct();
  const all = useWords(operateWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  const quote = useScrollStop<HTMLQuoteElement>();
  return (
    <div className="inline-field">
      <span className="inline-label">{domain.contactSources[contact.source]}</span>
      <div className="inline-value caller-line">
        <span className="row"><b className="mono">{contact.callerNumber ?? all.calls.unknownCaller}</b><span className="quiet">{format.time(contact.receivedAt)}</span>{contact.abandonedAt !== null && <span className="mean-decide">{all.calls.hungUp}</span>}
          {mayDetach && contact.disposition === "attached" && <Button tone="quiet" onPress={() => void act({ type: "contact.detach", contactId: contact.id }).then((done) => { if (done !== null) openIntake(contact.id); })}>{ties.detach}</Button>}</span>
        {contact.callerWords === null ? <small className="quiet">{all.intake.saidNothing}</small> : <blockquote {...quote}>{all.incident.saidBy}: “{contact.callerWords}”</blockquote>}
      </div>
    </div>
  );
}

function FieldLine({ label, value, detail = "", onEdit }: { readonly label: string; readonly value: string; readonly detail?: string; readonly onEdit: (() => void) | null }) {
  const shown = <>{value}{detail !== "" && <small className="quiet">{detail}</small>}</>;
  return (
    <div className="inline-field">
      <span className="inline-label">{label}</span>
      {onEdit === null ? <span className="inline-value">{shown}</span> : <button type="button" className="inline-value plain-button" onClick={onEdit}>{shown}</button>}
    </div>
  );
}

function PlaceEditor({ incident, onDone }: { readonly incident: IncidentView; readonly onDone: () => void }) {
  const words = useWords(operateWords).incident;
  const act = useAct();
  const [typed, setTyped] = useState(incident.place.words || incident.place.label);
  const save = (place: PlaceView): void => {
    const { label, kind, district, point, uncertaintyM } = place;
    lookAt(point, 17);
    void act({ type: "incident.update", incidentId: incident.id, place: { words: typed.trim().slice(0, 200), label: label.slice(0, 200), kind, district, point, uncertaintyM } }, incident.sequence).then((ok) => ok !== null && onDone());
  };
  return (
    <div className="stack">
      <PlaceField label={words.where} words={typed} place={null} autoFocus onWords={setTyped} onPlace={save} onLeave={onDone} />
      <div><Button tone="quiet" onPress={onDone}>{words.back}</Button></div>
    </div>
  );
}
