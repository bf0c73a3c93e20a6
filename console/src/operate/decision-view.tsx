// How a unit came to be chosen: what the dispatcher was shown of it, and the whole proposal worked out again from what was stored with the decision; and whether both agree, or why not. Opened from the unit's line in the timeline.
import type { z } from "zod";
import type { DecisionReplay } from "../../../src/contract/dispatch.ts";
import { useLive } from "../api/live-link.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, Skeleton } from "../design/index.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useReasonText } from "./reason-text.ts";
import { operateWords } from "./words.ts";

const MOST_ROWS = 8;
type Replay = z.infer<typeof DecisionReplay>;

export function DecisionView({ assignmentId, unitId }: { readonly assignmentId: number; readonly unitId: number }) {
  const words = useWords(operateWords).decision;
  const reading = useCall("replayDecision", { params: { id: assignmentId } });
  if (reading.data === null) return <div className="decision">{reading.problem === null ? <Skeleton rows={4} /> : <BrokenState error={reading.problem} retry={reading.again} />}</div>;
  return <section className="decision" aria-label={words.title}><Decision replay={reading.data} unitId={unitId} /></section>;
}

function Decision({ replay: { shown, recommendation, agrees, roadsChanged, inputsIntact, inputsKeptUntil }, unitId }: { readonly replay: Replay; readonly unitId: number }) {
  const all = useWords(operateWords);
  const words = all.decision;
  const format = useFormat();
  const reasonText = useReasonText();
  const units = useLive((s) => s.units);
  const nameOf = (id: number): string => units.get(id)?.callSign ?? all.events.unit(id);
  if (shown === null) return <p className="quiet">{words.nothingShown}</p>;
  const then = words.shownThen(shown.rank, format.span(shown.roadSeconds * 1000), format.exact(shown.computedAt));
  if (recommendation === null) return <><p>{then}</p><p className={inputsIntact ? "quiet" : "mean-danger"}>{!inputsIntact ? words.altered : inputsKeptUntil === null ? words.notStored : words.forgotten}</p></>;
  const first = recommendation.candidates.slice(0, MOST_ROWS);
  const chosen = recommendation.candidates.find((one) => one.unitId === unitId);
  const rows = chosen === undefined || first.includes(chosen) ? first : [...first, chosen];
  return (
    <>
      <p>{then}</p>
      <p className={agrees ? "mean-free" : inputsIntact ? "mean-decide" : "mean-danger"} role="status">{agrees ? words.agrees : !inputsIntact ? words.altered : roadsChanged ? words.roadsChanged : words.differs}</p>
      <ol className="decision-rows" aria-label={words.again}>
        {rows.map((one) => (
          <li key={one.unitId} value={one.rank} className={one.unitId === unitId ? "decision-chosen" : ""}>
            <b className="call-sign">{nameOf(one.unitId)}</b> <span className="eta">{format.span(one.roadSeconds * 1000)}</span>{one.suggested && <span className="mean-free"> {words.suggested}</span>}
            <span className="quiet"> {one.reasons.filter(({ code }) => code !== "by-road").map(reasonText).join(" · ")}</span>
          </li>
        ))}
      </ol>
      <p className="quiet small">{[recommendation.candidates.length > rows.length ? words.others(recommendation.candidates.length - rows.length) : "", recommendation.notProposed.total > 0 ? all.send.whyNot(recommendation.notProposed.total) : "", inputsKeptUntil === null ? "" : words.keptUntil(format.date(inputsKeptUntil))].filter((part) => part !== "").join(" · ")}</p>
    </>
  );
}
