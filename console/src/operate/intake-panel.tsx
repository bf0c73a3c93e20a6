// The call in hand. Where first, then what kind, then make the incident: Enter after each. Questions may be answered before and after that, and need not be. Nothing here is modal; the lists go on beside it.
import { useEffect, useRef, useState } from "react";
import { usePendingCommands } from "../api/command.ts";
import { useLive } from "../api/live-link.ts";
import { Age, Button, EmptyState, notify, PanelHead, Skeleton, TextAreaField, TextField, useScrollStop } from "../design/index.ts";
import { serverNow } from "../api/now.ts";
import { useAccount } from "../shell/session.ts";
import { useKeys } from "../shell/keys.ts";
import { DETERMINANT_PRIORITIES } from "../../../src/base/triage-grade.ts";
import { useTriageCards } from "../api/triage-cards.ts";
import { COMMON_TYPES, type IncidentType } from "../../../src/contract/dispatch.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { Duplicates } from "./duplicates.tsx";
import { EMPTY_DRAFT, verdictsToGive } from "./draft.ts";
import { neighbourType } from "./neighbour-type.ts";
import { useDraftKeeping } from "./draft-keeper.ts";
import { giveBack } from "./draft-sending.ts";
import { useCaretKept } from "./caret-kept.ts";
import { ContactSignal } from "./contact-signal.tsx";
import { EndContact } from "./end-contact.tsx";
import { PlaceField } from "./place-field.tsx";
import { SetAside } from "./set-aside.tsx";
import { answersOn, gradeOf, TriageGrade, TriageQuestions } from "./triage-questions.tsx";
import { triageWords } from "./triage-words.ts";
import { PriorityField, TypeField } from "./type-field.tsx";
import { changeDraft, closeIntake, focusSend, lookAt, selectIncident, useOperate, WITHOUT_CALL, zoomFor } from "./store.ts";
import { OutsideCity } from "./outside-city.tsx";
import { operateWords } from "./words.ts";
import { incidentNumberOf, sayIncidentNumber } from "../../../src/base/training-ids.ts";

const RENEW_EVERY_MS = 20_000; // a third of the lease
/** As it is now: two answers may come within one drawing. */
const getDraftNow = (intakeId: number) => useOperate.getState().held[intakeId]?.draft ?? EMPTY_DRAFT;
const withAnswer = (answers: Readonly<Record<string, string>>, question: string, answer: string | null): Record<string, string> => {
  const { [question]: _, ...others } = answers;
  return answer === null ? others : { ...others, [question]: answer };
};

export function IntakePanel({ intakeId }: { readonly intakeId: number }) {
  const all = useWords(operateWords);
  const words = all.intake;
  const domain = useWords(domainWords);
  const format = useFormat();
  const act = useAct();
  const triage = useWords(triageWords);
  const cards = useTriageCards();
  const me = useAccount();
  const loaded = useLive((s) => s.sequence !== null);
  const contact = useLive((s) => s.contacts.get(intakeId));
  const draft = useOperate((s) => s.held[intakeId]?.draft ?? EMPTY_DRAFT);
  const proposed = neighbourType(contact?.signal ?? null);
  const chosen = draft.type ?? proposed;
  const [tried, setTried] = useState(false);
  const [creating, setCreating] = useState(false);
  const [givingBack, setGivingBack] = useState(false);
  // also one that was given before the page was reloaded
  const underWay = usePendingCommands((s) => s.pending.some(({ command }) => command.type === "incident.create" && (command.contactId ?? WITHOUT_CALL) === intakeId));
  const busy = creating || underWay;
  const panel = useRef<HTMLElement>(null);
  const quote = useScrollStop<HTMLQuoteElement>();
  const withoutCall = intakeId === WITHOUT_CALL;
  const held = contact?.state === "claimed" && contact.claimedBy?.kind === "user" && contact.claimedBy.id === me?.id;
  const keeping = useDraftKeeping(withoutCall ? null : intakeId, held);
  const typedBy = keeping.last?.changedBy != null && keeping.last.changedBy.id !== me?.id ? keeping.last.changedBy.name : null;

  const actNow = useRef(act); // a change of language must not put the renewal off
  actNow.current = act;
  const wasHeld = useRef(false);
  useEffect(() => {
    if (!held) return;
    wasHeld.current = true;
    const renew = (): void => {
      const waits = usePendingCommands.getState().pending.some(({ command }) => command.type === "contact.renew" && command.contactId === intakeId);
      if (!waits) void actNow.current({ type: "contact.renew", contactId: intakeId });
    };
    const timer = setInterval(renew, RENEW_EVERY_MS);
    return () => clearInterval(timer);
  }, [held, intakeId]);

  const set = (change: Parameters<typeof changeDraft>[1]): void => changeDraft(intakeId, change);
  const typeBox = (): HTMLElement | null => document.getElementById("intake-type");
  const create = async (type: IncidentType | null = chosen): Promise<void> => {
    setTried(true);
    if (busy) return;
    if (draft.place === null) return document.getElementById("intake-where")?.focus();
    if (type === null) return void setTimeout(() => typeBox()?.focus(), 0); // once it says what is missing: its list would drop over the buttons
    setCreating(true);
    const asked = cards.cardOfType(type);
    const answers = answersOn(asked, draft.answers);
    const { label, kind, district, point, uncertaintyM } = draft.place;
    const done = await act({
      type: "incident.create", contactId: withoutCall ? null : intakeId, incidentType: type, what: draft.what, who: draft.who,
      ...(draft.priority === null ? {} : { priority: draft.priority }), ...(asked === null || Object.keys(answers).length === 0 ? {} : { triage: { card: { code: asked.code, version: asked.version }, answers } }), ...verdictsToGive(draft.verdicts), place: { words: draft.where.trim().slice(0, 200), label: label.slice(0, 200), kind, district, point, uncertaintyM },
    });
    setCreating(false);
    if (done === null || done.incidentId === null) return;
    const { incidentId } = done;
    const before = useOperate.getState().intakeId === intakeId;
    closeIntake(intakeId);
    const show = (): void => {
      selectIncident(incidentId);
      focusSend(incidentId);
    };
    if (before) return show();
    // The answer was long in coming, and whoever gave it works on something else by now: that stays before them.
    const number = useLive.getState().incidents.get(incidentId)?.number ?? incidentNumberOf(incidentId);
    notify("free", words.made(`#${sayIncidentNumber({ id: incidentId, number })}`), { label: words.showMade, run: show }, true);
  };
  const release = async (): Promise<void> => {
    setGivingBack(true);
    const became = await giveBack(intakeId, act);
    setGivingBack(false);
    if (became === "not-kept") notify("decide", words.notGivenBack);
    else if (became === "typed-on") notify("decide", words.typedOn);
  };
  const createNow = useRef(create);
  createNow.current = create;
  useCaretKept(panel, () => void createNow.current());
  useKeys(all.keys.call, [
    { keys: "Ctrl+Enter", label: words.create, whileTyping: true, run: () => void create() },
    { keys: "Alt+q", label: triage.key, whileTyping: true, run: () => document.querySelector<HTMLElement>("#intake-triage [role=radiogroup][tabindex='0']")?.focus() },
    { keys: "w", label: words.where, run: () => document.getElementById("intake-where")?.focus() },
  ]);

  if (!withoutCall && contact === undefined && !loaded) return <Skeleton rows={8} />;
  if (!withoutCall && contact === undefined) return <EmptyState action={<Button onPress={() => closeIntake(intakeId)}>{words.discard}</Button>}>{words.ended}</EmptyState>;
  const gone = contact?.state === "ended";
  const endedBefore = contact?.earlierEndings.at(-1);
  const other = contact?.state === "claimed" && !held ? (contact.claimedBy?.name ?? "?") : null;
  // The lease ran out under the form (the machine slept, the link was away): nobody has the caller, and the form looks as before.
  const lapsed = wasHeld.current && !givingBack && (contact?.state === "ringing" || contact?.state === "abandoned");
  const card = chosen === null ? null : cards.cardOfType(chosen);
  const priority = draft.priority ?? (chosen === null ? null : DETERMINANT_PRIORITIES[gradeOf(chosen, card, draft.answers)]);

  return (
    <section ref={panel} className="panel intake" aria-label={contact === undefined ? words.titleWithout : words.title(domain.contactSources[contact.source])}>
      <PanelHead title={contact === undefined ? words.titleWithout : words.title(domain.contactSources[contact.source])}>
        {contact !== undefined && <Age at={contact.receivedAt} className="head-age" />}
        {(withoutCall || gone || other !== null) && <Button tone="quiet" onPress={() => closeIntake(intakeId)}>{words.discard}</Button>}
      </PanelHead>
      <div className="panel-body stack">
        {other !== null && <p className="mean-decide" role="alert">{words.lost(other)}</p>}
        {lapsed && <p className="row mean-decide" role="alert"><span className="grow">{words.lapsed}</span><Button onPress={() => void act({ type: "contact.claim", contactId: intakeId })}>{words.takeBack}</Button></p>}
        {gone && <p className="mean-decide" role="alert">{words.ended}</p>}
        {endedBefore != null && <p className="mean-decide">{all.ended.before(domain.contactDispositions[endedBefore.disposition], endedBefore.by.name, format.ago(Math.max(0, serverNow() - endedBefore.at)), endedBefore.words)}</p>}
        {contact !== undefined && (
          <div className="caller">
            <p className="row">{(contact.callerNumber !== null || contact.signal === null) && <b className="mono">{contact.callerNumber ?? all.calls.unknownCaller}</b>}{contact.abandonedAt !== null && <span className="mean-decide">{all.calls.hungUp}</span>}</p>
            <blockquote {...quote} className={contact.callerWords === null ? "quiet" : ""}>{contact.callerWords ?? words.saidNothing}</blockquote>
            <ContactSignal contactId={contact.id} />
            {contact.callerPoint !== null && (
              <p className="row quiet">
                <span className="clip">{words.callerAt(format.metres(contact.callerUncertaintyM ?? 0))}</span>
                <Button tone="quiet" onPress={() => {
                  const point = contact.callerPoint!;
                  const label = `${point.lat.toFixed(5)}, ${point.lon.toFixed(5)}`;
                  set({ where: draft.where || label, place: { kind: "coordinates", label, district: null, point, uncertaintyM: contact.callerUncertaintyM ?? 0, exact: false, cameraId: null, platformId: null, campusId: null, notUnderstood: null, namesakes: 0 } });
                  lookAt(point);
                }}>{words.useCallerPoint}</Button>
              </p>
            )}
            {contact.callerPoint !== null && <OutsideCity point={contact.callerPoint} />}
          </div>
        )}
        {typedBy !== null && <p className="quiet small">{words.typedBy(typedBy, format.ago(Math.max(0, serverNow() - (keeping.last?.changedAt ?? 0))))}</p>}
        <SetAside intakeId={intakeId} by={typedBy} />
        <PlaceField
          key={intakeId} id="intake-where" label={words.where} words={draft.where} place={draft.place} autoFocus fault={tried && draft.place === null ? words.whereMissing : undefined}
          onWords={(text) => set({ where: text, place: null })}
          onPlace={(place) => { set({ place }); lookAt(place.point, zoomFor(place.uncertaintyM)); }}
          onNext={() => typeBox()?.focus()}
          phone={contact?.callerPoint == null ? null : { point: contact.callerPoint, uncertaintyM: contact.callerUncertaintyM ?? 0 }}
        />
        <TypeField id="intake-type" value={chosen} fault={tried && chosen === null ? words.typeMissing : undefined} onChange={(type) => { if (type !== draft.type) set({ type, ...(type === chosen ? {} : { priority: null }), ...(chosen !== null && cards.cardOfType(type)?.code !== cards.cardOfType(chosen)?.code ? { answers: {} } : {}) }); }} onNext={(type) => void create(type)} />
        {draft.type === null && proposed !== null && <p className="field-hint">{words.typeOfNeighbour(COMMON_TYPES[proposed])}</p>}
        <PriorityField value={priority} onChange={(p) => set({ priority: p })} />
        {card !== null && chosen !== null && <TriageGrade type={chosen} card={card} answers={draft.answers} priority={draft.priority} />}
        <TextAreaField label={words.what} value={draft.what} onChange={(what) => set({ what })} rows={2} maxLength={2000} />
        <TextField label={words.who} value={draft.who} onChange={(who) => set({ who })} maxLength={200} />
        <div className="row wrap">
          <Button id="intake-make" tone="primary" isDisabled={busy || gone || other !== null} onPress={() => void create()} keys="Ctrl+Enter">{words.create}</Button>
          {held && <Button isDisabled={givingBack} onPress={() => void release()}>{words.release}</Button>}
        </div>
        {held && <Duplicates contactId={intakeId} draft={chosen === draft.type ? draft : { ...draft, type: chosen }} />}
        {card !== null && chosen !== null && (
          <div className="triage-box">
            <TriageQuestions key={card.code} id="intake-triage" card={card} answers={answersOn(card, draft.answers)} onAnswer={(question, answer) => set({ answers: withAnswer(getDraftNow(intakeId).answers, question, answer) })} onLeave={() => document.getElementById("intake-make")?.focus()} />
            <p className="field-hint">{triage.hint}</p>
          </div>
        )}
        {held && <EndContact contact={contact} />}
        <p className={keeping.kept ? "quiet small" : "mean-decide small"}>{withoutCall ? words.keptHere : !keeping.kept ? words.keptNotYet : words.keptThere}</p>
      </div>
    </section>
  );
}
