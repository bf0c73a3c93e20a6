// SEND: what the plan still asks for, which units can be there first by road and why, and why the others are not proposed. Until something is
// ticked by hand those are that the plan suggested when it was first shown (proposal.ts): better ones are offered. In the list Enter goes on to the button, and only there it sends. A plan that is satisfied says so in one
// line, without the list: it looked as if it asked for more.
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { z } from "zod";
import type { Candidate, Want } from "../../../src/contract/dispatch.ts";
import { useLive } from "../api/live-link.ts";
import { serverNow, useNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, Button, EmptyState, Icon, IconButton, notify, PanelHead, Skeleton, StatusMark } from "../design/index.ts";
import { isTyping, useKeys } from "../shell/keys.ts";
import { isShortLate } from "../shell/waiting.ts";
import { useMay } from "../shell/session.ts";
import { domainWords, skillWord } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { AssignedUnits } from "./assigned-units.tsx";
import { isJustChanged, NO_CHOICE, showChoice, standProposal, type Standing } from "./proposal.ts";
import { useReasonText } from "./reason-text.ts";
import { TakenUnits, Uncovered } from "./scarce.tsx";
import { settleKeys } from "./settled-keys.ts";
import { focusSend, keepPath, keepRoads, setProposed, setTicked, toggleTicked, useOperate } from "./store.ts";
import { isOpenIncident, needsDisposition, unitMark, type IncidentView } from "./tones.ts";
import { activeOf, assignmentsOf } from "./use-lists.ts";
import { WhyNot } from "./why-not.tsx";
import { triageWords } from "./triage-words.ts";
import { operateWords } from "./words.ts";

const OLD_MS = 30_000;
const RENEW_MS = 15_000; // units move; not while somebody points at the list
const OLD_FIX_MS = 60_000; // where it was then is not where it is
const NEAR_M = 1_000; // farther off nobody asks why a unit is not among them
const MOST_NEARER = 3;
const NOBODY: readonly number[] = [];

export function SendPanel({ incident }: { readonly incident: IncidentView }) {
  const triage = useWords(triageWords);
  const all = useWords(operateWords);
  const words = all.send;
  const domain = useWords(domainWords);
  const format = useFormat();
  const act = useAct();
  const reasonText = useReasonText();
  const now = useNow();
  const mayAssign = useMay("assignment.write");
  const open = isOpenIncident(incident);
  const units = useLive((s) => s.units);
  const [pointed, setPointed] = useState(false);
  const pointedNow = useRef(pointed);
  pointedNow.current = pointed;
  const [more, setMore] = useState(false);
  const short = incident.shortfall;
  const tickedByHand = useOperate((s) => s.ticked);
  const asked = open && mayAssign && (short !== null || more || tickedByHand !== null);
  const plan = useCall("recommend", asked ? { params: { id: incident.id } } : null, pointed ? undefined : RENEW_MS);
  const [busy, setBusy] = useState(false);

  // Another run card, place, type or crew needs another answer; the answer's own age is shown beside it.
  const about = `${incident.runCard.code} ${incident.runCard.version} ${incident.type} ${incident.place.point.lon} ${incident.place.point.lat} ${incident.assignmentIds.join()} ${incident.shortfall?.missing ?? 0}`;
  const { again } = plan;
  const [standing, setStanding] = useState<Standing | null>(null);
  const answeredAbout = useRef<string | null>(about); // null: what comes now was asked before the job changed
  useEffect(() => {
    if (!asked || answeredAbout.current === about) return;
    answeredAbout.current = null;
    const timer = setTimeout(() => {
      answeredAbout.current = about;
      again();
    }, 150);
    return () => clearTimeout(timer);
  }, [about, again, asked]);
  useEffect(() => {
    const answered = answeredAbout.current;
    if (plan.data !== null && answered !== null) setStanding((before) => standProposal(before, answered, plan.data!.candidates, pointedNow.current));
  }, [plan.data]);

  const stands = standing !== null && standing.about === about;
  const shown = useMemo(() => {
    const byId = new Map((plan.data?.candidates ?? []).map((c) => [c.unitId, c]));
    return (standing?.rows ?? []).map((id) => byId.get(id)).filter((c) => c !== undefined);
  }, [plan.data, standing]);
  const suggested = stands ? standing.ticked : NOBODY;
  const ticked = tickedByHand ?? suggested;
  const better = stands ? standing.better.filter((id) => !ticked.includes(id)) : NOBODY;
  // What the button says may change by itself: then a key that was on its way is not obeyed.
  const shownChoice = useRef(NO_CHOICE);
  const byHand = useRef(false);
  const said = ticked.join();
  useEffect(() => {
    shownChoice.current = showChoice(shownChoice.current, said, byHand.current || tickedByHand !== null, performance.now());
    if (said !== "") byHand.current = false;
  }, [said, tickedByHand]);
  const takeBetter = (): void => {
    if (plan.data === null || better.length === 0) return;
    setTicked(null);
    setStanding(standProposal(null, about, plan.data.candidates));
    byHand.current = true;
  };
  useEffect(() => {
    setProposed(asked ? ticked : NOBODY);
    return () => setProposed(NOBODY);
  }, [asked, ticked]);
  useEffect(() => {
    if (plan.data !== null) keepRoads(plan.data.incidentId, plan.data.computedAt, new Map(plan.data.candidates.map((c) => [c.unitId, c.roadSeconds])));
  }, [plan.data]);
  useEffect(() => {
    for (const c of shown) if (ticked.includes(c.unitId)) keepPath(c.unitId, c.path);
  }, [shown, ticked]);
  const nameOf = (unitId: number): string => units.get(unitId)?.callSign ?? all.events.unit(unitId);

  const send = async (): Promise<void> => {
    if (ticked.length === 0 || busy || !asked) return;
    if (isJustChanged(shownChoice.current, performance.now())) return notify("decide", words.justChanged);
    setBusy(true);
    const outcome = await act({ type: "assignment.assign", incidentId: incident.id, unitIds: [...ticked] });
    setBusy(false);
    if (outcome === null) return again();
    setTicked(null);
    setMore(false);
    again();
    if (document.activeElement?.closest(".send") != null) document.querySelector<HTMLElement>("[data-list=incidents] [role=listbox]")?.focus(); // the list that had it goes
  };
  const list = useRef<HTMLUListElement>(null);
  const sendFocus = useOperate((s) => s.sendFocus);
  const listed = asked && shown.length > 0;
  useEffect(() => {
    if (sendFocus !== incident.id || !listed) return;
    focusSend(null);
    if (isTyping(document.activeElement)) return;
    settleKeys();
    list.current?.querySelector("input")?.focus();
  }, [sendFocus, incident.id, listed]);
  const onListKey = (event: KeyboardEvent): void => {
    const boxes = [...(list.current?.querySelectorAll("input") ?? [])];
    const at = boxes.indexOf(event.target as HTMLInputElement);
    if (event.key === "Enter") {
      settleKeys(); // the one that goes to the button must not press it as well
      document.getElementById("send-units")?.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") boxes[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  useKeys(words.title, [
    { keys: "s", label: all.keys.send, listed: false, run: () => void send() },
    ...(better.length > 0 ? [{ keys: "r", label: words.takeBetter, listed: false, run: takeBetter }] : []),
    ...shown.slice(0, 9).map((c, i) => ({ keys: String(i + 1), label: words.tick(nameOf(c.unitId)), listed: false, run: () => toggleTicked(c.unitId, suggested) })),
  ]);

  const gone = stands ? standing.gone : NOBODY;
  const whyGone = useCall("listNotProposed", asked && gone.length > 0 ? { params: { id: incident.id }, query: { units: gone.slice(0, 20).join() } } : null);
  const reasonOf = (unitId: number): string => {
    const found = whyGone.data?.units.find((n) => n.unitId === unitId);
    return found === undefined ? words.notProposedNow : reasonText(found.reason);
  };
  const nearer = useMemo(() => {
    const { units: known } = useLive.getState();
    const here = (id: number): boolean => incident.assignmentIds.includes(known.get(id)?.activeAssignmentId ?? 0);
    const first = plan.data?.candidates[0];
    return plan.data === null || first === undefined ? [] : plan.data.notProposed.nearest.filter((n) => !here(n.unitId) && n.metres < Math.min(first.roadMetres, NEAR_M));
  }, [plan.data, incident.assignmentIds]);
  const skillsOf = ({ skills = [] }: Want): string => format.list(skills.map((skill) => skillWord(domain.skills, skill)));
  const wants = plan.data?.runCard.wants.map((w) => words.want(w.count, w.kinds.map((k) => domain.unitKinds[k].toLowerCase()).join(words.or), skillsOf(w))) ?? [];
  return (
    <div className="send">
      <PanelHead title={words.title} count={words.plan(domain.incidentTypes[incident.type], incident.priority)}>
        {asked && plan.data !== null && <span className={`small ${now - plan.data.computedAt > OLD_MS ? "mean-decide" : "quiet"}`} title={format.exact(plan.data.computedAt)}>{format.age(now - plan.data.computedAt)}</span>}
        {asked && <IconButton icon="target" label={words.again} onPress={again} />}
      </PanelHead>
      <AssignedUnits incident={incident} />
      {!open ? <EmptyState>{words.ended}</EmptyState>
        : !mayAssign ? <EmptyState>{words.forbidden}</EmptyState>
          : !asked ? <Satisfied incident={incident} onMore={() => setMore(true)} />
          : plan.problem !== null && plan.data === null ? <BrokenState error={plan.problem} retry={again} />
            : plan.data === null ? <Skeleton rows={4} /> : (
              <>
                <p className="send-card quiet small">{triage.runCard(plan.data.runCard.code, plan.data.runCard.version)}</p>
                {short !== null && wants.length > 0 && <p className={`send-wants send-short mean-${isShortLate(incident, now) ? "danger" : "decide"}`}>{words.stillWants(short.missing, format.list(wants))}</p>}
                {short !== null && plan.data.skillGaps.length > 0 && <p className="send-wants mean-decide" role="status">{words.skillGap(format.list([...new Set(plan.data.skillGaps.map(skillsOf))]))}</p>}
                {shown.length === 0 && <EmptyState>{words.nothing}</EmptyState>}
                <ul ref={list} className="candidates" aria-label={words.title} onKeyDown={onListKey} onPointerEnter={() => setPointed(true)} onPointerLeave={() => setPointed(false)}>
                  {shown.map((candidate, i) => <CandidateRow key={candidate.unitId} candidate={candidate} number={i + 1} better={better.includes(candidate.unitId)} ticked={ticked.includes(candidate.unitId)} onToggle={() => toggleTicked(candidate.unitId, suggested)} />)}
                </ul>
                {better.length > 0 && (
                  <p className="row send-better mean-decide" role="status">
                    <span className="grow">{words.better(format.list(better.map(nameOf)))}</span>
                    <Button tone="quiet" keys="r" onPress={takeBetter}>{words.takeBetter}</Button>
                  </p>
                )}
                {gone.length > 0 && <p className="send-wants mean-decide" role="status">{gone.map((id) => words.gone(nameOf(id), reasonOf(id))).join(" ")}</p>}
                {nearer.length > 0 && <p className="send-wants quiet">{words.nearer(format.list(nearer.slice(0, MOST_NEARER).map((n) => words.nearerUnit(nameOf(n.unitId), format.metres(n.metres), reasonText(n.reason)))))}</p>}
                <WhyNot incidentId={incident.id} notProposed={plan.data.notProposed} />
                <div className="send-foot">
                  <Button id="send-units" tone="primary" className="grow" isDisabled={ticked.length === 0 || busy} onPress={() => void send()} keys="s">
                    {ticked.length === 0 ? words.pick : ticked.length <= 3 ? words.sendNamed(format.list(ticked.map(nameOf))) : words.send(ticked.length)}
                  </Button>
                  {short === null && <Button tone="quiet" onPress={() => { setTicked(null); setMore(false); }}>{words.fewer}</Button>}
                </div>
              </>
            )}
      {open && mayAssign && asked && <TakenUnits incident={incident} held={pointed} />}
      {open && mayAssign && <Uncovered incident={incident} chosen={asked ? ticked : NOBODY} />}
    </div>
  );
}

/** Nothing is missing: one line says why, and what is left to do. */
function Satisfied({ incident, onMore }: { readonly incident: IncidentView; readonly onMore: () => void }) {
  const words = useWords(operateWords).send;
  const assignments = useLive((s) => s.assignments);
  const done = incident.assignmentIds.length > 0 && needsDisposition(incident, assignmentsOf(incident, assignments));
  const text = done ? words.allDone : incident.noUnitNeeded !== null ? words.noUnitNeeded(incident.noUnitNeeded) : incident.neededUnits === 0 ? words.nobodyNeeded : words.enough;
  return (
    <div className={`row send-enough ${done ? "send-done mean-decide" : ""}`} role="status">
      {done ? <StatusMark tone="decide" letter="D" label="" /> : <Icon name="check" />}
      <span className="grow">{text}</span>
      <Button tone="quiet" onPress={onMore}>{words.more}</Button>
    </div>
  );
}

function CandidateRow({ candidate, number, better, ticked, onToggle }: { readonly candidate: z.infer<typeof Candidate>; readonly number: number; readonly better: boolean; readonly ticked: boolean; readonly onToggle: () => void }) {
  const all = useWords(operateWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  const reasonText = useReasonText();
  const unit = useLive((s) => s.units.get(candidate.unitId));
  const assignments = useLive((s) => s.assignments);
  const mark = unit === undefined ? ({ tone: "off", letter: "?" } as const) : unitMark(unit, activeOf(unit, assignments), serverNow());
  // The time stands before it and is by road for all; who leaves its platform empty is at it.
  const empties = candidate.reasons.some((r) => r.code === "leaves-platform-empty");
  const lacks = candidate.reasons.find((r) => r.code === "lacks-skill");
  const soon = candidate.reasons.find((r) => r.code === "shift-ends-soon");
  const age = candidate.positionAgeMs;
  const told = [...(age !== null && age > OLD_FIX_MS ? [all.send.fix(format.age(age))] : []), ...candidate.reasons.filter((r) => r !== lacks && r !== soon && r.code !== "by-road" && !(empties && r.code === "at-platform")).map(reasonText)];
  const reasons = told.length > 0 ? told.join(" · ") : all.send.wayOnly(format.metres(candidate.roadMetres));
  return (
    <li>
      <label className="candidate" data-better={better || undefined}>
        <input type="checkbox" checked={ticked} onChange={onToggle} onFocus={() => keepPath(candidate.unitId, candidate.path)} />
        <span className="rank">{number}</span>
        <StatusMark tone={mark.tone} letter={mark.letter} label={unit === undefined ? "" : domain.availabilities[unit.availability]} />
        <b className="call-sign">{unit?.callSign ?? all.events.unit(candidate.unitId)}</b>
        <span className="eta" title={format.metres(candidate.roadMetres)}>{format.span(candidate.roadSeconds * 1000)}</span>
        {better && <span className="mean-decide">{all.send.betterMark}</span>}
        {lacks !== undefined && <span className="clip mean-decide" title={reasonText(lacks)}>{reasonText(lacks)}</span>}
        {soon !== undefined && <span className="clip mean-decide" title={reasonText(soon)}>{reasonText(soon)}</span>}
        <span className="clip grow quiet" title={reasons}>{reasons}</span>
      </label>
    </li>
  );
}
