// Who is on the job: each unit with its step, since when, and a recall. One that leaves its word out stands in red, with what to do about it.
import { useState } from "react";
import { useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import { Age, Button, StatusMark } from "../design/index.ts";
import { useMay } from "../shell/session.ts";
import { stepSince } from "../shell/waiting.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { ReasonForm } from "./reason-form.tsx";
import { selectUnit } from "./store.ts";
import { tieWords } from "./ties-words.ts";
import { silenceWords } from "./silence-words.ts";
import { useHeardFrom, useSilentAdvice, useSilentText } from "./silent-unit.ts";
import { isLive, isThere, isUnanswered, type IncidentView } from "./tones.ts";
import { assignmentsOf } from "./use-lists.ts";
import { operateWords } from "./words.ts";

export function AssignedUnits({ incident }: { readonly incident: IncidentView }) {
  const all = useWords(operateWords);
  const words = all.send;
  const domain = useWords(domainWords);
  const format = useFormat();
  const act = useAct();
  const mayAssign = useMay("assignment.write");
  const units = useLive((s) => s.units);
  const assignments = useLive((s) => s.assignments);
  const ties = useWords(tieWords);
  const silence = useWords(silenceWords);
  const silentText = useSilentText();
  const silentAdvice = useSilentAdvice();
  const heardFrom = useHeardFrom();
  const now = useNow();
  const [recalling, setRecalling] = useState<number | null>(null);
  const [losing, setLosing] = useState<number | null>(null);
  const live = assignmentsOf(incident, assignments).filter((a) => isLive(a.state));
  if (live.length === 0) return null;
  return (
    <ul className="assigned" aria-label={words.onTheWay}>
      {live.map((a) => {
        const unit = units.get(a.unitId);
        const overdue = isUnanswered(a);
        const tone = overdue ? "danger" : isThere(a.state) ? "scene" : a.state === "proposed" ? "decide" : "moving";
        const since = stepSince(a);
        const asks = overdue && a.state !== "proposed"; // then its word takes the row, and what can be done about it stands below
        return (
          <li key={a.id}>
            <div className="row assigned-row">
              <StatusMark tone={tone} letter={overdue ? "?" : isThere(a.state) ? "S" : a.state === "proposed" ? "N" : "M"} label={domain.assignmentStates[a.state]} />
              <button type="button" className="plain-button call-sign" onClick={() => selectUnit(a.unitId)}>{unit?.callSign ?? all.events.unit(a.unitId)}</button>
              <span className={`${a.cover === null ? "clip" : "row-keep"} mean-${tone}`} title={silentAdvice(a, now) ?? undefined}>{silentText(a, now) ?? (a.state === "proposed" ? words.isNext : domain.assignmentStates[a.state])}</span>
              {a.cover !== null ? <span className="clip grow quiet" title={a.cover.label}>{ties.cover.covers(a.cover.label)}</span>
                : <span className="clip grow quiet" title={words.etaWhen}>{a.roadSecondsAtAssign === null || isThere(a.state) ? "" : words.eta(format.span(a.roadSecondsAtAssign * 1000))}</span>}
              {since !== undefined && <Age at={since} className="quiet" />}
              {mayAssign && !asks && <Button tone="quiet" onPress={() => setRecalling(recalling === a.id ? null : a.id)}>{words.recall}</Button>}
            </div>
            {asks && mayAssign && (
              <div className="row assigned-presses">
                <Button tone="quiet" onPress={() => void heardFrom(a.id)}>{silence.heardFrom}</Button>
                <Button tone="quiet" onPress={() => { setRecalling(null); setLosing(losing === a.id ? null : a.id); }}>{ties.lost.action}</Button>
                <Button tone="quiet" onPress={() => { setLosing(null); setRecalling(recalling === a.id ? null : a.id); }}>{words.recall}</Button>
              </div>
            )}
            {losing === a.id && <ReasonForm label={ties.lost.words} action={ties.lost.confirm} tone="danger" onCancel={() => setLosing(null)} onSubmit={(text) => void act({ type: "assignment.lose", assignmentId: a.id, words: text }).then((done) => done && setLosing(null))} />}
            {recalling === a.id && <ReasonForm label={all.units.recallWords} action={words.recall} onCancel={() => setRecalling(null)} onSubmit={(text) => void act({ type: "assignment.recall", assignmentId: a.id, words: text }).then((done) => done && setRecalling(null))} />}
          </li>
        );
      })}
    </ul>
  );
}
