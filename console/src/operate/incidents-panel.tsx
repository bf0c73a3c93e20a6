// INCIDENTS: the open ones, what asks for most on top: late, short of units, to be closed, under way. Two lines a row: on one, the worst row lost its place and its clock to the
// words that say how bad it is.
import { useMemo } from "react";
import { useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import { Button, EmptyState, Icon, IconButton, PanelHead, RowList, Skeleton, StatusMark } from "../design/index.ts";
import { useIsLoud, useWorstAlert } from "../shell/use-alerts.ts";
import { isShortLate } from "../shell/waiting.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useOutsideText } from "./outside-city.tsx";
import { useHeldOrder } from "./stable-order.ts";
import { incidentsOfRoom, sumRoom } from "./room.ts";
import { enterRoom, focusSend, lookAt, selectIncident, setClosing, toggleEnded, useOperate } from "./store.ts";
import { tieWords } from "./ties-words.ts";
import { blinking, incidentMark, isGoing, isLive, isOpenIncident, isUnanswered, needsDisposition, type IncidentView } from "./tones.ts";
import { assignmentsOf, useOpenIncidents } from "./use-lists.ts";
import { operateWords } from "./words.ts";
import { sayIncidentNumber } from "../../../src/base/training-ids.ts";

export function IncidentsPanel() {
  const words = useWords(operateWords).incidents;
  const loaded = useLive((s) => s.sequence !== null);
  const all = useLive((s) => s.incidents);
  const open = useOpenIncidents();
  const selected = useOperate((s) => s.incidentId);
  const endedShown = useOperate((s) => s.endedShown === "incidents");
  const { order, hold } = useHeldOrder();
  const now = useNow();
  const rows = useMemo(() => order(open.map((i) => i.id)).map((id) => all.get(id)).filter((i) => i !== undefined), [order, open, all]);
  const assignments = useLive((s) => s.assignments);
  const units = useLive((s) => s.units);
  const contacts = useLive((s) => s.contacts);
  const inDanger = new Set([...units.values()].flatMap((unit) => (unit.emergency && unit.emergencyIncidentId !== null ? [unit.emergencyIncidentId] : [])));
  const blink = blinking(units.values(), contacts.values(), now, useWorstAlert());
  const show = (id: number): void => {
    const incident = all.get(id);
    if (incident !== undefined) selectIncident(id, incident.place.point);
  };
  return (
    <section className="panel" aria-label={words.title} data-list="incidents" {...hold}>
      <RoomHead />
      <PanelHead title={words.title} count={open.length}><IconButton icon="history" label={words.showEnded} aria-pressed={endedShown} onPress={() => toggleEnded("incidents")} /></PanelHead>
      {loaded ? (
        <RowList
          label={words.title} items={rows} selectedId={selected} onSelect={show}
          onAction={(id) => { show(id); focusSend(id); }}
          onKey={(key, id) => {
            const incident = all.get(id);
            if (incident === undefined) return false;
            if (key === "m") lookAt(incident.place.point);
            else if (key === "c") { show(id); setClosing(true); }
            else if (key === "n") {
              const note = (): void => document.getElementById("incident-note")?.focus();
              if (selected === id) note();
              else { show(id); setTimeout(note, 60); }
            }
            else return false;
            return true;
          }}
          rowHeight={44} rowClass={(i) => (!isOpenIncident(i) ? "row-gone" : inDanger.has(i.id) ? "row-danger" : isShortLate(i, now) ? "row-late" : needsDisposition(i, assignmentsOf(i, assignments)) ? "row-decide" : "")}
          empty={<EmptyState>{words.none}</EmptyState>}
        >
          {(incident) => <IncidentRow incident={incident} blink={blink?.kind === "incident" && blink.id === incident.id} />}
        </RowList>
      ) : <Skeleton rows={6} />}
    </section>
  );
}

/** Whose room this is, its sums, and the way back to the whole city. */
function RoomHead() {
  const words = useWords(tieWords).major;
  const domain = useWords(domainWords);
  const roomId = useOperate((s) => s.roomId);
  const incidents = useLive((s) => s.incidents);
  const assignments = useLive((s) => s.assignments);
  const major = roomId === null ? undefined : incidents.get(roomId);
  if (roomId === null) return null;
  const sums = sumRoom(incidentsOfRoom(roomId, incidents), assignments);
  return (
    <div className="room-head" role="status">
      <p className="row"><b className="major-badge">{words.badge}</b><b className="clip grow">{major === undefined ? "" : words.room(sayIncidentNumber(major), domain.incidentTypes[major.type])}</b><Button tone="quiet" onPress={() => enterRoom(null)}>{words.leaveRoom}</Button></p>
      <p className="row small"><span className="clip grow">{words.sums(sums.open, sums.unitIds.size)}</span><span className={sums.missing > 0 ? "mean-decide" : "quiet"}>{sums.missing > 0 ? words.short(sums.missing) : words.enough}</span></p>
    </div>
  );
}

function IncidentRow({ incident, blink }: { readonly incident: IncidentView; readonly blink: boolean }) {
  const words = useWords(operateWords).incidents;
  const ties = useWords(tieWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  const now = useNow();
  const assignments = useLive((s) => s.assignments);
  const units = useLive((s) => s.units);
  const mine = assignmentsOf(incident, assignments);
  const mark = incidentMark(incident, mine, now);
  const outside = useOutsideText(incident.place.point, "short");
  const going = mine.filter(isGoing).length;
  const label = needsDisposition(incident, mine) ? words.toClose : incident.shortfall === null ? words.going(going) : going === 0 ? words.nobody : words.missing(incident.shortfall.missing);
  const silent = mine.filter((a) => isUnanswered(a) && isLive(a.state));
  const late = isShortLate(incident, now);
  const loud = useIsLoud(incident.id);
  return (
    <>
      <StatusMark tone={mark.tone} letter={mark.letter} label={label} blink={blink} />
      <b className={`priority priority-${incident.priority}`}>P{incident.priority}</b>
      <span className="row-lines">
        <span className="row-line">
          <span className="row-number">{sayIncidentNumber(incident)}</span>
          {incident.major !== null && <b className="major-badge">{ties.major.badge}</b>}
          <span className="clip grow">{domain.incidentTypes[incident.type]}</span>
          {incident.watch.by === null && <span className={`row-silent ${incident.watch.reminders > 0 ? "" : "row-unwatched"}`} title={ties.watch.nobody}>W</span>}
          <time className={`row-end ${mark.tone === "danger" ? "mean-danger" : ""}`} title={format.exact(incident.firstContactAt)}>{format.span(now - incident.firstContactAt)}</time>
        </span>
        <span className="row-line">
          <span className="clip grow quiet" title={incident.place.label}>{outside === null ? incident.place.label : <><span className="mean-decide">{outside}</span> · {incident.place.label}</>}</span>
          {silent.length > 0 && <span className="row-silent" title={words.silent(format.list(silent.map((a) => units.get(a.unitId)?.callSign ?? "?")))}>? {words.silentCount(silent.length)}</span>}
          <span className={`row-state mean-${mark.tone} ${late ? "row-alert" : ""}`}>{loud && <Icon name="sound" size={12} />}{label}</span>
        </span>
      </span>
    </>
  );
}
