// UNITS: who is in trouble, on the way, there, free; with an incident selected, who is on it and who could be there first, with the way of each.
// The age of a position is told where it is stale. Beside them the card of the one that is chosen.
import { useMemo, useState } from "react";
import { Input } from "react-aria-components/Input";
import { endsShiftSoon, isOffShift } from "../../../src/base/shift.ts";
import { useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import { EmptyState, PanelHead, RowList, Skeleton, StatusMark } from "../design/index.ts";
import { useMay } from "../shell/session.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { useAnswerByKey, useSilentText } from "./silent-unit.ts";
import { useHeldOrder } from "./stable-order.ts";
import { lookAt, selectUnit, toggleReach, toggleTicked, useOperate } from "./store.ts";
import { blinking, isFree, STALE_POSITION_MS, unitMark, type UnitView } from "./tones.ts";
import { UnitCard } from "./unit-card.tsx";
import { activeOf, useSortedUnits, useWayToPlace } from "./use-lists.ts";
import { operateWords } from "./words.ts";
import { sayIncidentNumber } from "../../../src/base/training-ids.ts";

export function UnitsPanel() {
  const words = useWords(operateWords).units;
  const domain = useWords(domainWords);
  const loaded = useLive((s) => s.sequence !== null);
  const all = useLive((s) => s.units);
  const units = useSortedUnits();
  const selected = useOperate((s) => s.unitId);
  const [filter, setFilter] = useState("");
  const { order, hold } = useHeldOrder();
  const act = useAct();
  const answer = useAnswerByKey();
  const mayAssign = useMay("assignment.write");
  const mayChange = useMay("unit.write");
  const wanted = useMemo(() => {
    const text = filter.trim().toLowerCase();
    return text === "" ? units : units.filter((u) => `${u.callSign} ${domain.unitKinds[u.kind]} ${u.crew.map((c) => c.name).join(" ")}`.toLowerCase().includes(text));
  }, [units, filter, domain]);
  const rows = useMemo(() => order(wanted.map((u) => u.id)).map((id) => all.get(id)).filter((u) => u !== undefined), [order, wanted, all]);
  const inTrouble = units.some((u) => u.emergency);
  const now = useNow();
  const card = selected === null ? undefined : all.get(selected);

  const onKey = (key: string, id: number): boolean => {
    const position = useLive.getState().positions.get(id);
    if (key === "m" && position !== undefined) lookAt(position);
    else if (key === "x" && mayAssign && useOperate.getState().incidentId !== null) toggleTicked(id, []);
    else if (key === "z" && mayAssign) toggleReach(id);
    else if ((key === "y" || key === "p") && mayAssign) answer(key === "y" ? "heard" : "recall", id);
    else if (key === "f" && mayChange) void act({ type: "unit.availability", unitId: id, availability: "available" });
    else return false;
    return true;
  };
  return (
    <section className="panel" aria-label={words.title} data-list="units" {...hold}>
      <PanelHead title={words.title} count={words.free(units.filter((unit) => isFree(unit, now)).length, units.length)} {...(inTrouble ? { tone: "danger" } : {})}>
        <Input className="filter-input" aria-label={words.filter} placeholder={words.filter} value={filter} onChange={(e) => setFilter(e.target.value)} onKeyDown={(e) => { if (e.key === "Escape") setFilter(""); }} />
      </PanelHead>
      {card !== undefined && <UnitCard key={card.id} unit={card} onClose={() => selectUnit(null)} />}
      {loaded ? (
        <RowList
          label={words.title} items={rows} selectedId={selected}
          onSelect={(id) => {
            selectUnit(id);
            const position = useLive.getState().positions.get(id);
            if (position !== undefined) lookAt(position, 15);
          }}
          onKey={onKey} empty={<EmptyState>{words.none}</EmptyState>}
        >
          {(unit) => <UnitRow unit={unit} />}
        </RowList>
      ) : <Skeleton rows={6} />}
    </section>
  );
}

function UnitRow({ unit }: { readonly unit: UnitView }) {
  const silentText = useSilentText();
  const words = useWords(operateWords).units;
  const domain = useWords(domainWords);
  const format = useFormat();
  const now = useNow();
  const assignments = useLive((s) => s.assignments);
  const fixedAt = useLive((s) => s.positions.get(unit.id)?.fixedAt ?? null);
  const way = useWayToPlace()?.wayOf(unit);
  const active = activeOf(unit, assignments);
  const incident = useLive((s) => (active === undefined ? undefined : s.incidents.get(active.incidentId)));
  const mark = unitMark(unit, active, now);
  const doing = unit.emergency ? words.emergency : active !== undefined ? (silentText(active, now) ?? domain.assignmentStates[active.state]) : isOffShift(unit, now) ? words.offShift : (unit.activity ?? domain.availabilities[unit.availability]);
  const age = fixedAt === null ? null : now - fixedAt;
  const blink = blinking([unit], [], now);
  return (
    <>
      <StatusMark tone={mark.tone} letter={mark.letter} label={doing} blink={blink !== null} />
      <b className="call-sign">{unit.callSign}</b>
      <span className={`clip ${incident === undefined ? "" : "grow"} mean-${mark.tone}`} title={doing}>{doing}</span>
      {incident === undefined ? <span className="clip grow quiet">{domain.unitKinds[unit.kind]}</span> : <span className="row-keep quiet">{words.onJob(sayIncidentNumber(incident))}</span>}
      {endsShiftSoon(unit, now) && <span className="row-end mean-decide" title={format.exact(unit.shiftEndsAt!)}>{words.shiftSoon(format.age(unit.shiftEndsAt! - now))}</span>}
      {isOffShift(unit, now) && unit.activeAssignmentId === null ? null : age === null ? <span className="row-end mean-decide">{words.noPosition}</span>
        : age > STALE_POSITION_MS ? <span className="row-end mean-decide" title={format.exact(fixedAt!)}>{words.age(format.age(age))}</span>
          : way?.seconds != null ? <span className="row-end" title={words.byRoad}>{format.span(way.seconds * 1000)}</span>
            : way?.metres != null && <span className="row-end" title={words.straight}>{format.metres(way.metres)}</span>}
    </>
  );
}
