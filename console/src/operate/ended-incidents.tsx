// ENDED INCIDENTS: newest first, or the one of a number, whoever ended it and at whichever desk. One that is opened here can be read, noted in, linked and reopened as any other. Over the map.
import { useState } from "react";
import type { Incident } from "../../../src/contract/dispatch.ts";
import { useNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, Button, EmptyState, IconButton, PanelHead, Skeleton, TextField } from "../design/index.ts";
import { designWords } from "../design/words.ts";
import { parseIncidentNumber } from "../evidence/incident-number.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { selectIncident, toggleEnded } from "./store.ts";
import { isOpenIncident } from "./tones.ts";
import { operateWords } from "./words.ts";
import { sayIncidentNumber } from "../../../src/base/training-ids.ts";

const RENEW_MS = 20_000;
const FEW = 100;
const MOST = 500;

export function EndedIncidentsPanel() {
  const words = useWords(operateWords).endedIncidents;
  const close = useWords(designWords).close;
  const [typed, setTyped] = useState("");
  const [limit, setLimit] = useState(FEW);
  const number = parseIncidentNumber(typed);
  const found = useCall("listIncidents", { query: number === undefined ? { limit } : { number, limit: 1 } }, RENEW_MS);
  const rows = (found.data?.incidents ?? []).filter((one) => number !== undefined || !isOpenIncident(one)).toSorted((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));
  return (
    <section className="board ended-panel" aria-label={words.title}>
      <PanelHead title={words.title}><IconButton icon="close" label={close} onPress={() => toggleEnded("incidents")} /></PanelHead>
      <div className="panel-body"><TextField label={words.number} value={typed} onChange={setTyped} maxLength={12} autoFocus autoComplete="off" /></div>
      {found.data === null ? (found.problem === null ? <Skeleton rows={5} /> : <BrokenState error={found.problem} retry={found.again} />)
        : rows.length === 0 ? <EmptyState>{number !== undefined ? words.noSuch(typed.trim()) : found.data.incidents.length < limit ? words.none : words.noneAmong(limit)}</EmptyState>
          : <ul className="closure-list">{rows.map((one) => <EndedRow key={one.id} incident={one} />)}</ul>}
      {number === undefined && found.data !== null && found.data.incidents.length === limit && <p className="panel-body">{limit < MOST ? <Button tone="quiet" onPress={() => setLimit(MOST)}>{words.more}</Button> : <span className="quiet">{words.byNumber}</span>}</p>}
    </section>
  );
}

function EndedRow({ incident }: { readonly incident: Incident }) {
  const words = useWords(operateWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  const now = useNow();
  const { id, type, place, priority, disposition, status, endedAt, dispositionWords } = incident;
  const how = isOpenIncident(incident) ? domain.incidentStatuses[status] : words.incident.ended(disposition === null ? domain.incidentStatuses[status] : domain.dispositions[disposition], format.ago(Math.max(0, now - (endedAt ?? now))));
  return (
    <li className="closure-row">
      <div className="grow">
        <p className="row"><b className={`priority priority-${priority}`}>P{priority}</b><b>#{sayIncidentNumber(incident)}</b><span className="clip">{domain.incidentTypes[type]}</span><span className="clip grow quiet" title={place.label}>{place.label}</span></p>
        <p className="quiet small clip" title={dispositionWords ?? ""}>{[how, dispositionWords ?? ""].filter((part) => part !== "").join(" · ")}</p>
      </div>
      <Button onPress={() => selectIncident(id, place.point)}>{words.endedIncidents.open}</Button>
    </li>
  );
}
