// One unit in full: crew, phone, job, and what a dispatcher can enter for it.
import { useState, type ReactNode } from "react";
import { endsShiftSoon } from "../../../src/base/shift.ts";
import { useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import { Button, IconButton, SelectField, Time } from "../design/index.ts";
import { useMay } from "../shell/session.ts";
import { stepSince } from "../shell/waiting.ts";
import { domainWords, skillWord } from "../words/domain.ts";
import type { Format } from "../words/format.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { ReasonForm } from "./reason-form.tsx";
import { silenceWords } from "./silence-words.ts";
import { useHeardFrom, useSilentAdvice } from "./silent-unit.ts";
import { askRecall, endRecall, selectIncident, toggleReach, useOperate } from "./store.ts";
import { isLive, isOpenIncident, type UnitView } from "./tones.ts";
import { activeOf } from "./use-lists.ts";
import { operateWords } from "./words.ts";
import { sayIncidentNumber } from "../../../src/base/training-ids.ts";

const DAY_MS = 86_400_000;
const STEPS = ["acknowledged", "en-route", "staged", "on-scene", "transporting", "cleared"] as const;

export function UnitCard({ unit, onClose }: { readonly unit: UnitView; readonly onClose: () => void }) {
  const all = useWords(operateWords);
  const words = all.units;
  const domain = useWords(domainWords);
  const format = useFormat();
  const act = useAct();
  const now = useNow();
  const mayChange = useMay("unit.write");
  const mayAssign = useMay("assignment.write");
  const assignments = useLive((s) => s.assignments);
  const incidents = useLive((s) => s.incidents);
  const active = activeOf(unit, assignments);
  const incident = active === undefined ? undefined : incidents.get(active.incidentId);
  const silence = useWords(silenceWords);
  const heardFrom = useHeardFrom();
  const silentAdvice = useSilentAdvice();
  const advice = active === undefined ? null : silentAdvice(active, now);
  const selectedId = useOperate((s) => s.incidentId);
  const reachShown = useOperate((s) => s.reachUnitId === unit.id);
  const recalling = useOperate((s) => active !== undefined && s.recallingId === active.id);
  const [clearing, setClearing] = useState(false);
  const asking = recalling ? "recall" : clearing ? "clear" : null;
  // It is busy elsewhere, and the incident in hand is not its own, nor waits for it already.
  const selected = useLive((s) => (selectedId === null ? undefined : s.incidents.get(selectedId)));
  const mayStack = mayAssign && active !== undefined && selected !== undefined && isOpenIncident(selected) && ![active.id, ...unit.stackedAssignmentIds].some((id) => assignments.get(id)?.incidentId === selected.id);
  const free = unit.availability === "available";
  const facts: readonly (readonly [string, ReactNode])[] = [
    [words.crew, unit.crew.map((c) => `${c.name} (${c.badge})`).join(", ") || "–"],
    [words.phone, unit.phone ?? "–"],
    ...(unit.skills.length === 0 ? [] : [[words.skills, format.list(unit.skills.map((skill) => skillWord(domain.skills, skill)))] as const]),
    ...shiftFact(unit, now, words, format),
    // A unit on a job is not free, whatever its own availability says: what it does is told, and for how long.
    active === undefined ? [domain.availabilities[unit.availability], <Time key="since" at={unit.since} />] : [domain.assignmentStates[active.state], <Time key="since" at={stepSince(active) ?? unit.since} />],
  ];
  return (
    <article className="unit-card" aria-label={unit.callSign}>
      <header className="row">
        <b>{unit.callSign}</b>
        <span className="quiet clip grow">{domain.unitKinds[unit.kind]}</span>
        {incident !== undefined && <Button tone="quiet" onPress={() => selectIncident(incident.id, incident.place.point)}>#{sayIncidentNumber(incident)}</Button>}
        <IconButton icon="close" label={words.close} onPress={onClose} />
      </header>
      {active !== undefined && advice !== null && (
        <div role="status">
          <p className="mean-danger">{advice}</p>
          {mayAssign && asking === null && <div className="row"><Button tone="primary" keys="y" onPress={() => void heardFrom(active.id)}>{silence.heardFrom}</Button><Button keys="p" onPress={() => askRecall(active)}>{silence.recallSilent}</Button></div>}
        </div>
      )}
      {asking === "recall" && active !== undefined && (
        <ReasonForm label={words.recallWords} action={words.recall} onCancel={endRecall} onSubmit={(text) => void act({ type: "assignment.recall", assignmentId: active.id, words: text }).then((done) => done && endRecall())} />
      )}
      {asking === "clear" && (
        <ReasonForm label={words.clearWords} action={words.clearEmergency} onCancel={() => setClearing(false)} onSubmit={(text) => void act({ type: "unit.emergency-clear", unitId: unit.id, words: text }).then((done) => done && setClearing(false))} />
      )}
      {asking === null && <dl className="unit-facts">{facts.map(([label, value]) => <div key={label}><dt>{label}</dt><dd className="clip">{value}</dd></div>)}</dl>}
      {asking === null && unit.stackedAssignmentIds.length > 0 && <p className="quiet">{words.next(unit.stackedAssignmentIds.length)}</p>}
      {asking === null && (
        <footer className="row wrap">
          {mayAssign && <Button tone="quiet" keys="z" aria-pressed={reachShown} onPress={() => toggleReach(unit.id)}>{reachShown ? all.reach.hide : all.reach.show}</Button>}
          {unit.emergency && mayChange && <Button tone="danger" onPress={() => setClearing(true)}>{words.clearEmergency}</Button>}
          {active !== undefined && isLive(active.state) && mayAssign && (
            <>
              <SelectField
                label={words.advance} hideLabel placeholder={words.advance} value={null}
                choices={STEPS.map((step) => ({ id: step, label: domain.assignmentStates[step] }))}
                onChange={(to) => void act({ type: "assignment.advance", assignmentId: active.id, to })}
              />
              <Button onPress={() => askRecall(active)}>{words.recall}</Button>
            </>
          )}
          {active === undefined && mayChange && unit.availability !== "conditionally-available" && (
            <Button tone="quiet" onPress={() => void act({ type: "unit.availability", unitId: unit.id, availability: "conditionally-available" }, unit.sequence)}>{words.setUrgentOnly}</Button>
          )}
          {mayStack && <Button onPress={() => void act({ type: "assignment.assign", incidentId: selected.id, unitIds: [unit.id], stack: true })}>{all.send.asNext(sayIncidentNumber(selected))}</Button>}
          {active === undefined && mayChange && (
            <Button onPress={() => void act({ type: "unit.availability", unitId: unit.id, availability: free ? "not-available" : "available" }, unit.sequence)}>{free ? words.setOff : words.setAvailable}</Button>
          )}
        </footer>
      )}
    </article>
  );
}

/** When its shift ends, or begins, or ended; the day is in the title, and in the text where it is another one. */
function shiftFact(unit: UnitView, now: number, words: { readonly shiftEnds: string; readonly shiftStarts: string; readonly shiftEnded: string }, format: Format): readonly (readonly [string, ReactNode])[] {
  if (unit.shiftEndsAt === null) return [];
  const begins = unit.shiftStartsAt !== null && unit.shiftStartsAt > now;
  const at = begins ? unit.shiftStartsAt! : unit.shiftEndsAt;
  const tone = endsShiftSoon(unit, now) ? "mean-decide" : undefined;
  return [[begins ? words.shiftStarts : at <= now ? words.shiftEnded : words.shiftEnds, <time key="shift" className={tone} title={format.exact(at)}>{Math.abs(at - now) < DAY_MS ? format.minute(at) : format.exact(at)}</time>]];
}
