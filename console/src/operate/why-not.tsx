// Who is not proposed and why: the nearest of them at once, all of one reason or one unit by its call sign on demand. A city has thousands of units,
// and the proposal carries the counts and the nearest only.
import { useState } from "react";
import type { z } from "zod";
import type { NotProposedReason, Recommendation } from "../../../src/contract/dispatch.ts";
import { useLive } from "../api/live-link.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, Button, Skeleton, TextField, useScrollStop } from "../design/index.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { sayIncidentNumber } from "../../../src/base/training-ids.ts";
import { useAct } from "./act.ts";
import { distanceM } from "./distance.ts";
import { useReasonText } from "./reason-text.ts";
import { operateWords } from "./words.ts";

type NotProposed = z.infer<typeof Recommendation>["notProposed"];
const PAGE = 60;
const MOST = 1_000; // who looks for one among more types its call sign

export function WhyNot({ incidentId, notProposed }: { readonly incidentId: number; readonly notProposed: NotProposed }) {
  const words = useWords(operateWords).send;
  const [open, setOpen] = useState(false);
  if (notProposed.total === 0) return null;
  return (
    <div className="why-not">
      <button type="button" className="plain-button quiet" aria-expanded={open} onClick={() => setOpen(!open)}>{words.whyNot(notProposed.total)}</button>
      {open && <WhyNotList incidentId={incidentId} notProposed={notProposed} />}
    </div>
  );
}

function WhyNotList({ incidentId, notProposed }: { readonly incidentId: number; readonly notProposed: NotProposed }) {
  const all = useWords(operateWords);
  const words = all.send;
  const format = useFormat();
  const reasonText = useReasonText();
  const units = useLive((s) => s.units);
  const incident = useLive((s) => s.incidents.get(incidentId));
  const place = incident?.place.point;
  const act = useAct();
  const [code, setCode] = useState<NotProposedReason | null>(null); // null: the nearest
  const [typed, setTyped] = useState("");
  const [limit, setLimit] = useState(PAGE);
  const list = useScrollStop<HTMLUListElement>();
  const sought = typed.trim().toLowerCase();
  const named = sought === "" ? null : [...units.values()].filter((unit) => unit.callSign.toLowerCase().startsWith(sought)).slice(0, 20).map(({ id }) => id);
  const asked = named !== null ? (named.length === 0 ? null : { units: named.join() }) : code === null ? null : { code, limit };
  const reading = useCall("listNotProposed", asked === null ? null : { params: { id: incidentId }, query: asked });
  const rows: readonly { unitId: number; reason: { code: string; params: Record<string, string | number> }; metres?: number }[] | null = named !== null && named.length === 0 ? [] : asked === null ? notProposed.nearest : (reading.data?.units ?? null);
  /** In a straight line, as of the nearest. */
  const metresTo = (unitId: number): number | undefined => {
    const position = useLive.getState().positions.get(unitId);
    return position === undefined || place === undefined ? undefined : distanceM(position, place);
  };
  const pick = (next: NotProposedReason | null): void => {
    setCode(next);
    setTyped("");
    setLimit(PAGE);
  };
  return (
    <>
      <div className="row why-not-codes" role="group" aria-label={words.whyNotReasons}>
        <button type="button" className="code-button" aria-pressed={code === null && sought === ""} onClick={() => pick(null)}>{words.whyNotNearest}</button>
        {notProposed.byReason.map((one) => (
          <button key={one.code} type="button" className="code-button" aria-pressed={code === one.code && sought === ""} onClick={() => pick(one.code)}>
            {reasonText({ code: one.code, params: {} })} <b>{format.number(one.units)}</b>
          </button>
        ))}
      </div>
      <TextField label={words.whyNotUnit} value={typed} onChange={setTyped} />
      {reading.problem !== null && rows === null ? <BrokenState error={reading.problem} retry={reading.again} /> : rows === null ? <Skeleton rows={3} /> : rows.length === 0 ? <p className="quiet">{words.whyNotNobody}</p> : (
        <ul {...list} aria-label={words.whyNot(notProposed.total)}>
          {rows.map(({ unitId, reason, metres = metresTo(unitId) }) => (
            <li key={unitId} className="row">
              <b className="call-sign">{units.get(unitId)?.callSign ?? all.events.unit(unitId)}</b>
              {metres !== undefined && <span className="figure">{format.metres(metres)}</span>}
              <span className="quiet clip grow">{reasonText(reason)}</span>
              {reason.code === "committed" && incident !== undefined && <Button tone="quiet" onPress={() => void act({ type: "assignment.assign", incidentId, unitIds: [unitId], stack: true })}>{words.asNext(sayIncidentNumber(incident))}</Button>}
            </li>
          ))}
          {named === null && code !== null && rows.length === limit && limit < MOST && <li><button type="button" className="plain-button quiet" onClick={() => setLimit(Math.min(MOST, limit + 200))}>{words.whyNotMore}</button></li>}
        </ul>
      )}
    </>
  );
}
