// Who is on the job: each unit with its step, since when, and a recall. One that has not acknowledged in time stands in red.
import { useState } from "react";
import { useLive } from "../api/live-link.ts";
import { Age, Button, StatusMark } from "../design/index.ts";
import { useMay } from "../shell/session.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { ReasonForm } from "./reason-form.tsx";
import { selectUnit } from "./store.ts";
import { isLive, isThere, type IncidentView } from "./tones.ts";
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
  const [recalling, setRecalling] = useState<number | null>(null);
  const live = assignmentsOf(incident, assignments).filter((a) => isLive(a.state));
  if (live.length === 0) return null;
  return (
    <ul className="assigned" aria-label={words.onTheWay}>
      {live.map((a) => {
        const unit = units.get(a.unitId);
        const overdue = a.acknowledgeOverdue;
        const tone = overdue ? "danger" : isThere(a.state) ? "scene" : a.state === "proposed" ? "decide" : "moving";
        const last = a.milestones.at(-1);
        return (
          <li key={a.id}>
            <div className="row assigned-row">
              <StatusMark tone={tone} letter={overdue ? "?" : isThere(a.state) ? "S" : a.state === "proposed" ? "N" : "M"} label={domain.assignmentStates[a.state]} />
              <button type="button" className="plain-button call-sign" onClick={() => selectUnit(a.unitId)}>{unit?.callSign ?? all.events.unit(a.unitId)}</button>
              <span className={`clip mean-${tone}`}>{overdue ? all.units.notAcknowledged : domain.assignmentStates[a.state]}</span>
              <span className="clip grow quiet" title={words.etaWhen}>{a.roadSecondsAtAssign === null || isThere(a.state) ? "" : words.eta(format.span(a.roadSecondsAtAssign * 1000))}</span>
              {last !== undefined && <Age at={last.receivedAt} className="quiet" />}
              {mayAssign && <Button tone="quiet" onPress={() => setRecalling(recalling === a.id ? null : a.id)}>{words.recall}</Button>}
            </div>
            {recalling === a.id && <ReasonForm label={all.units.recallWords} action={words.recall} onCancel={() => setRecalling(null)} onSubmit={(text) => void act({ type: "assignment.recall", assignmentId: a.id, words: text }).then((done) => done && setRecalling(null))} />}
          </li>
        );
      })}
    </ul>
  );
}
