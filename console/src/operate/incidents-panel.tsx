// INCIDENTS: the open ones by priority, then by who has waited longest.
import { useMemo } from "react";
import { useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import { EmptyState, PanelHead, RowList, Skeleton, StatusMark } from "../design/index.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useHeldOrder } from "./stable-order.ts";
import { focusSend, lookAt, selectIncident, setClosing, useOperate } from "./store.ts";
import { incidentMark, isLive, type IncidentView } from "./tones.ts";
import { assignmentsOf, useOpenIncidents } from "./use-lists.ts";
import { operateWords } from "./words.ts";

export function IncidentsPanel() {
  const words = useWords(operateWords).incidents;
  const domain = useWords(domainWords);
  const loaded = useLive((s) => s.sequence !== null);
  const all = useLive((s) => s.incidents);
  const open = useOpenIncidents();
  const selected = useOperate((s) => s.incidentId);
  const { order, hold } = useHeldOrder();
  const rows = useMemo(() => order(open.map((i) => i.id)).map((id) => all.get(id)).filter((i) => i !== undefined), [order, open, all]);
  const show = (id: number): void => {
    const incident = all.get(id);
    if (incident !== undefined) selectIncident(id, incident.place.point);
  };
  return (
    <section className="panel" aria-label={words.title} data-list="incidents" {...hold}>
      <PanelHead title={words.title} count={open.length} />
      {loaded ? (
        <RowList
          label={words.title} items={rows} selectedId={selected} onSelect={show}
          textOf={(i) => `${i.number} ${domain.incidentTypes[i.type]} ${i.place.label}`}
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
          rowClass={(i) => (i.status === "closed" || i.status === "cancelled" ? "row-gone" : "")}
          empty={<EmptyState>{words.none}</EmptyState>}
        >
          {(incident) => <IncidentRow incident={incident} />}
        </RowList>
      ) : <Skeleton rows={6} />}
    </section>
  );
}

function IncidentRow({ incident }: { readonly incident: IncidentView }) {
  const words = useWords(operateWords).incidents;
  const domain = useWords(domainWords);
  const format = useFormat();
  const now = useNow();
  const assignments = useLive((s) => s.assignments);
  const mine = assignmentsOf(incident, assignments);
  const mark = incidentMark(incident, mine, now);
  const going = mine.filter((a) => isLive(a.state)).length;
  const label = incident.shortfall === null ? words.going(going) : going === 0 ? words.nobody : words.missing(incident.shortfall.missing);
  return (
    <>
      <StatusMark tone={mark.tone} letter={mark.letter} label={label} />
      <b className={`priority priority-${incident.priority}`}>P{incident.priority}</b>
      <span className="row-number">{incident.number}</span>
      <span className="clip">{domain.incidentTypes[incident.type]}</span>
      <span className="clip grow quiet">{incident.place.label}</span>
      {incident.shortfall !== null && <span className={`clip mean-${mark.tone}`}>{label}</span>}
      <time className="row-end" title={format.exact(incident.firstContactAt)}>{format.span(now - incident.firstContactAt)}</time>
    </>
  );
}
