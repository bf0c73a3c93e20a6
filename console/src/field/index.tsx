// Field: the phone of one unit, one column in thumb's reach. What is needed most stands lowest: the job's next step and the emergency button.
import { useEffect, useRef, useState } from "react";
import type { Assignment, AVAILABILITIES } from "../../../src/contract/dispatch.ts";
import type { Point } from "../../../src/contract/basics.ts";
import { distanceM } from "../../../src/geo/point.ts";
import { useNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, Skeleton, StatusMark, SwitchField } from "../design/index.ts";
import { setPreferences, usePreferences } from "../shell/preferences.ts";
import { findKeptPhone, forgetPhone, keepPhone, keepShell } from "../shell/phone-store.ts";
import { renewSession, useAccount } from "../shell/session.ts";
import { TrainingMark, useIsTraining } from "../shell/training-banner.tsx";
import { wordFor } from "../words/catalogue.ts";
import { useRuleText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import "./field.css";
import { createHelpCall } from "./emergency.ts";
import { FieldButton, GuardedPage, usePresses } from "./field-button.tsx";
import { Help } from "./help.tsx";
import { HoldButton } from "./hold-button.tsx";
import { JobCard } from "./job-card.tsx";
import { findMyPoint } from "./my-point.ts";
import type { Refusal } from "./outbox.ts";
import { endNoticeOf, endedByOthers, isAskedIfWell, progressOf, questionBefore, stateSince, type EndNotice } from "./progress.ts";
import { PhoneAlone } from "./phone-alone.tsx";
import type { PositionState } from "./position.ts";
import { Report } from "./report.tsx";
import { Unbound } from "./unbound.tsx";
import { useField, type Field as FieldState } from "./use-field.ts";
import { usePosition } from "./use-position.ts";
import { fieldWords } from "./words.ts";

type Availability = (typeof AVAILABILITIES)[number];

export default function Field() {
  const account = useAccount();
  const [kept] = useState(findKeptPhone);
  if (account === null) return kept === null ? null : <PhoneAlone kept={kept} />; // started without a link
  return account.unitId === null ? <Unbound /> : <Phone key={account.id} accountId={account.id} />;
}

function Phone({ accountId }: { readonly accountId: number }) {
  const field = useField(accountId);
  const { view, problem } = field;
  const unbound = problem?.rule === "no-unit";
  useEffect(() => {
    if (unbound) forgetPhone();
    if (unbound) void renewSession(); // taken off the unit meanwhile: the page says so and asks no more
  }, [unbound]);
  useKept(accountId, view);
  if (view === null) return <div className="field-room">{problem !== null ? <BrokenState error={problem} /> : field.linkLostAt !== null ? <LinkState field={field} /> : <Skeleton rows={8} height={28} />}</div>;
  return <Duty field={field} view={view} />;
}

/** So that this phone comes up without a link, too. */
function useKept(accountId: number, view: FieldState["view"]): void {
  const training = useIsTraining();
  const { unit, assignment } = view ?? {};
  useEffect(keepShell, []);
  useEffect(() => {
    if (unit === undefined || assignment === undefined) return;
    keepPhone({ accountId, unitId: unit.id, callSign: unit.callSign, training, at: Date.now(), job: assignment === null ? null : { id: assignment.id, state: assignment.state } });
  }, [accountId, unit?.id, unit?.callSign, assignment?.id, assignment?.state, training]);
}

function Duty({ field, view }: { readonly field: FieldState; readonly view: NonNullable<FieldState["view"]> }) {
  const words = useWords(fieldWords);
  const format = useFormat();
  const { unit, assignment, incident } = view;
  const progress = progressOf(view, field.box);
  const { notice, dismiss, ended } = useEndNotice(view);
  const position = usePosition(unit);
  const highContrast = usePreferences((p) => p.highContrast);
  useNewJobSignal(progress === null ? null : (assignment?.id ?? null));

  const [asked, setAsked] = useState<NonNullable<typeof progress>["state"] | null>(null);
  const advance = (to: NonNullable<typeof progress>["state"]): void => {
    if (assignment === null) return;
    setAsked(null);
    if (to === "cleared") ended(assignment.id);
    navigator.vibrate?.(30);
    field.press({ type: "assignment.advance", assignmentId: assignment.id, to, deviceAt: Date.now() });
  };
  const decline = (why: string): void => {
    if (assignment === null) return;
    ended(assignment.id);
    field.press({ type: "assignment.decline", assignmentId: assignment.id, words: why, deviceAt: Date.now() });
  };
  const emergencyPending = field.box.entries.some((e) => e.command.type === "unit.emergency");
  const pressHelp = useRef((_point: Point | null): void => {});
  pressHelp.current = (point) => field.press({ type: "unit.emergency", unitId: unit.id, point, deviceAt: Date.now() });
  const [help] = useState(() => createHelpCall(findMyPoint, (point) => pressHelp.current(point)));
  const hasJob = progress !== null && assignment !== null && incident !== null;
  const jobKey = hasJob ? {} : null;
  const way = useCall("getFieldWay", jobKey, WAY_EVERY_MS);
  const cameras = useCall("listFieldCameras", jobKey, CAMERAS_EVERY_MS);
  // Only from a fix: the post says nothing about where the crew is.
  const metresOff = way.data?.start === "position" && way.data.assignmentId === assignment?.id ? distanceM(way.data.from, way.data.to) : null;
  const question = asked === null ? null : questionBefore(asked, metresOff, unit.emergency);
  const step = (to: NonNullable<typeof progress>["state"]): void => (questionBefore(to, metresOff, unit.emergency) === null ? advance(to) : setAsked(to));
  const steps = words.steps as Readonly<Record<string, string>>;
  const isAsked = hasJob && isAskedIfWell(view, field.box);
  const inEmergency = unit.emergency || emergencyPending;
  const meaning = JSON.stringify([hasJob && [assignment.id, progress.state, progress.primary, progress.others, progress.mayDecline], question, isAsked, inEmergency, notice?.assignmentId, field.refusals.length]);
  return (
    <GuardedPage meaning={meaning} className="field-page">
    <div className="field-room">
      {field.refusals.map((refusal, i) => <RefusalNotice key={`${refusal.pressedAt}-${i}`} refusal={refusal} onClose={() => field.dismissRefusal(refusal)} />)}
      {inEmergency && (
        <section className="field-alarm" role="alert">
          <StatusMark tone="danger" letter="!" label={words.emergency.title} blink />
          <p><b>{emergencyPending && !unit.emergency ? words.emergency.sending : words.emergency.sent}</b> {words.emergency.clear}</p>
          {view.help !== null && <Help help={view.help} />}
        </section>
      )}
      <header className="field-head">
        <div className="row">
          <h1>{unit.callSign}</h1>
          <TrainingMark />
          <span className="quiet grow field-crew">{unit.crew.map((c) => c.name).join(", ")}</span>
          <SwitchField label={words.highContrast} value={highContrast} onChange={(next) => setPreferences({ highContrast: next })} />
        </div>
        {(!hasJob || field.linkLostAt !== null || field.box.entries.length > 0) && <LinkState field={field} />}
        {!hasJob && unit.platformId !== null && <Post platformId={unit.platformId} />}
        {!hasJob && <p className="quiet">{unit.shiftEndsAt === null ? words.noShift : <Shift until={unit.shiftEndsAt} />}</p>}
        {(!hasJob || !QUIET_PLACES.includes(position)) && <PlaceState state={position} />}
      </header>

      {notice !== null && <Ended notice={notice} onClose={dismiss} />}

      {hasJob ? (
        <JobCard
          assignment={assignment} incident={incident} callers={view.callers} progress={progress} onAdvance={step} onDecline={decline} home={unit.home} others={view.others}
          way={way.data?.assignmentId === assignment.id ? way.data : null} cameras={cameras.data?.assignmentId === assignment.id ? cameras.data.cameras : []}
        />
      ) : (
        <section className="field-idle">
          <p>{words.noJob}</p>
          {inEmergency ? <p className="row"><StatusMark tone="danger" letter="!" label="" /> {words.emergency.state}</p> : <AvailabilityChoice availability={pendingAvailability(field) ?? unit.availability} since={stateSince(view, field.box)} onChange={(availability) => field.press({ type: "unit.availability", unitId: unit.id, availability, activity: availability === "available" ? null : words.activity[availability] })} />}
        </section>
      )}
      <Report unitId={unit.id} field={field} findPoint={findMyPoint} />
    </div>
    <footer className="field-dock">
      {hasJob && asked !== null && question !== null && (
        <div className="field-note" role="alertdialog" aria-label={words.ask[question](format.metres(metresOff ?? 0))}>
          <p><b>{words.ask[question](format.metres(metresOff ?? 0))}</b></p>
          <div className="job-others"><FieldButton onPress={() => setAsked(null)}>{words.ask.no}</FieldButton><FieldButton tone="danger" onPress={() => advance(asked)}>{words.ask.yes(wordFor(steps, asked))}</FieldButton></div>
        </div>
      )}
      {isAsked && (
        <div className="field-note field-well" role="alert">
          <p><b>{words.well.ask}</b> {words.well.why}</p>
          <FieldButton tone="primary" onPress={() => { navigator.vibrate?.(30); field.press({ type: "assignment.confirm", assignmentId: assignment.id, words: "", deviceAt: Date.now() }); }}>{words.well.yes}</FieldButton>
        </div>
      )}
      {hasJob && progress.primary !== null && question === null && <FieldButton tone="primary" className="job-next" onPress={() => step(progress.primary!)}>{wordFor(steps, progress.primary)}</FieldButton>}
      <HoldButton label={words.emergency.title} hint={words.emergency.hold} onBegin={help.prepare} onHeld={help.call} disabled={inEmergency} />
    </footer>
    </GuardedPage>
  );
}

const WAY_EVERY_MS = 15_000;
const CAMERAS_EVERY_MS = 60_000;

const QUIET_PLACES: readonly PositionState[] = ["told", "waiting", "off-duty"];
function PlaceState({ state }: { readonly state: PositionState }) {
  const words = useWords(fieldWords);
  const warns = !QUIET_PLACES.includes(state);
  return <p className={`field-link ${warns ? "field-link-lost" : ""}`} role="status" data-place={state}><StatusMark tone={state === "told" ? "free" : warns ? "decide" : "off"} letter={state === "told" ? "✓" : "!"} label="" />{words.place[state]}</p>;
}

function LinkState({ field }: { readonly field: FieldState }) {
  const words = useWords(fieldWords);
  const format = useFormat();
  useNow();
  const waiting = field.box.entries.length;
  const lost = field.linkLostAt !== null;
  if (!lost && waiting === 0) return <p className="field-link"><StatusMark tone="free" letter="✓" label="" />{words.link.good}</p>;
  return (
    <p className={`field-link ${lost ? "field-link-lost" : ""}`} role="status" data-outbox={waiting}>
      <StatusMark tone={lost ? "decide" : "moving"} letter={waiting === 0 ? "!" : String(waiting)} label="" />
      <span>
        {lost ? words.link.lost(format.span(Date.now() - field.linkLostAt!)) : words.link.sending} {waiting > 0 && words.link.waiting(waiting)}
      </span>
    </p>
  );
}

function RefusalNotice({ refusal, onClose }: { readonly refusal: Refusal; readonly onClose: () => void }) {
  const words = useWords(fieldWords);
  const format = useFormat();
  const ruleText = useRuleText();
  const what = refusal.command.type === "assignment.advance" ? (words.steps as Readonly<Record<string, string>>)[refusal.command.to] ?? refusal.command.to : words.commands[refusal.command.type];
  const said = refusal.command.type === "contact.receive" ? refusal.command.callerWords : null;
  return (
    <section className="field-note" role="alert">
      <p><b>{words.notTaken(what, format.time(refusal.pressedAt))}</b> {ruleText(refusal.rule)}</p>
      {said !== null && <p>“{said}”</p>}
      <FieldButton onPress={onClose}>{words.understood}</FieldButton>
    </section>
  );
}

function Ended({ notice: { assignmentId, told }, onClose }: { readonly notice: EndNotice; readonly onClose: () => void }) {
  const words = useWords(fieldWords);
  const format = useFormat();
  return (
    <section className="field-note" role="alert" data-ended={assignmentId}>
      <p>
        <b>{told === null ? words.withdrawn.title : words.ended[told.state](String(told.incidentNumber))}</b>
        {told !== null && <span className="quiet"> {format.time(told.at)}</span>}
      </p>
      <p>{told?.words || words.withdrawn.text}</p>
      <FieldButton onPress={onClose}>{words.understood}</FieldButton>
    </section>
  );
}

function Post({ platformId }: { readonly platformId: number }) {
  const words = useWords(fieldWords);
  const platforms = useCall("listPlatforms", {});
  const platform = platforms.data?.platforms.find((p) => p.id === platformId);
  return platform === undefined ? null : <p>{words.post(platform.name)}</p>;
}
function Shift({ until }: { readonly until: number }) {
  const words = useWords(fieldWords);
  const format = useFormat();
  const now = useNow();
  return <>{words.shift(format.minute(until))}{until > now ? ` · ${words.left(format.age(until - now))}` : ""}</>;
}

function AvailabilityChoice({ availability, since, onChange }: { readonly availability: Availability; readonly since: number; readonly onChange: (next: Availability) => void }) {
  const words = useWords(fieldWords);
  const format = useFormat();
  const now = useNow();
  const { resting, isMeant } = usePresses();
  const tones = { available: "free", "conditionally-available": "decide", "not-available": "off" } as const;
  return (
    <fieldset className="field-availability" disabled={resting}>
      <legend>{words.iAm} <span className="quiet">{words.since(format.minute(since), format.age(Math.max(0, now - since)))}</span></legend>
      {(Object.keys(tones) as Availability[]).map((id) => (
        <label key={id} className="field-choice" data-chosen={availability === id}>
          <input type="radio" name="availability" checked={availability === id} onChange={() => isMeant() && onChange(id)} />
          <StatusMark tone={tones[id]} letter={words.availabilityLetters[id]} label="" />
          {words.availability[id]}
        </label>
      ))}
    </fieldset>
  );
}
function pendingAvailability(field: FieldState): Availability | null {
  const last = field.box.entries.findLast((e) => e.command.type === "unit.availability")?.command;
  return last?.type === "unit.availability" ? last.availability : null;
}

const READ_KEY = "citywatch.field.read";
function readNotices(): number[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(READ_KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "number") : [];
  } catch {
    return [];
  }
}

/** Told until it is read when somebody else ended the job: recalled, pre-empted, given to another. */
function useEndNotice({ assignment, lastEnded }: NonNullable<FieldState["view"]>): { readonly notice: EndNotice | null; readonly dismiss: () => void; readonly ended: (id: number) => void } {
  const before = useRef<Assignment | null>(null);
  const own = useRef(new Set<number>());
  const [gone, setGone] = useState<number | null>(null);
  const [read, setRead] = useState(readNotices);
  useEffect(() => {
    setGone((known) => endedByOthers(before.current, assignment, own.current) ?? known);
    before.current = assignment;
  }, [assignment]);
  const notice = endNoticeOf(lastEnded, gone, new Set(read));
  const shown = notice?.assignmentId ?? null;
  useEffect(() => {
    if (shown !== null) navigator.vibrate?.([200, 100, 200]);
  }, [shown]);
  const dismiss = (): void => {
    if (shown === null) return;
    const next = [...read, shown].slice(-20);
    setRead(next);
    try {
      localStorage.setItem(READ_KEY, JSON.stringify(next));
    } catch {
      // storage off: a page that is loaded again says it again
    }
  };
  return { notice, dismiss, ended: (id) => void own.current.add(id) };
}
function useNewJobSignal(assignmentId: number | null): void {
  const before = useRef<number | null>(null);
  useEffect(() => {
    if (assignmentId !== null && assignmentId !== before.current) navigator.vibrate?.([300, 150, 300, 150, 300]);
    before.current = assignmentId;
  }, [assignmentId]);
}
