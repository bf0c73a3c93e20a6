// ENDED INCIDENTS: what ended last first, or the one of a number, whoever ended it and at whichever desk. One that is opened here can be read, noted in, linked and reopened as any other. Over the map. The centre
// lists them by their numbers; what ended a moment ago and has an old number is known to the page itself.
import { useState } from "react";
import type { Incident } from "../../../src/contract/dispatch.ts";
import { api } from "../api/client.ts";
import { useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { usePages } from "../api/use-pages.ts";
import { BrokenState, Button, EmptyState, IconButton, PanelHead, Skeleton, TextField } from "../design/index.ts";
import { designWords } from "../design/words.ts";
import { parseIncidentNumber } from "../evidence/incident-number.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useHeldOrder } from "./stable-order.ts";
import { selectIncident, toggleEnded } from "./store.ts";
import { isOpenIncident } from "./tones.ts";
import { operateWords } from "./words.ts";
import { sayIncidentNumber } from "../../../src/base/training-ids.ts";

const RENEW_MS = 20_000;
const PAGE = 100;

export function EndedIncidentsPanel() {
  const words = useWords(operateWords).endedIncidents;
  const close = useWords(designWords).close;
  const [typed, setTyped] = useState("");
  const number = parseIncidentNumber(typed);
  return (
    <section className="board ended-panel" aria-label={words.title}>
      <PanelHead title={words.title}><IconButton icon="close" label={close} onPress={() => toggleEnded("incidents")} /></PanelHead>
      <div className="panel-body"><TextField label={words.number} value={typed} onChange={setTyped} maxLength={12} autoFocus autoComplete="off" /></div>
      {number === undefined ? <Newest /> : <OfNumber number={number} typed={typed.trim()} />}
    </section>
  );
}

function Newest() {
  const words = useWords(operateWords).endedIncidents;
  const { rows, problem, more, loadMore, again } = usePages<Incident>(async (before) => (await api.call("listIncidents", { query: { status: "ended", limit: PAGE, ...(before === undefined ? {} : { before }) } })).incidents, "ended", PAGE, RENEW_MS);
  const live = useLive((s) => s.incidents);
  const { order, hold } = useHeldOrder();
  if (rows === null) return problem === null ? <Skeleton rows={5} /> : <BrokenState error={problem} retry={again} />;
  const known = new Map([...rows, ...live.values()].map((one) => [one.id, one]));
  const ended = [...known.values()].filter((one) => !isOpenIncident(one)).toSorted((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));
  if (ended.length === 0) return <EmptyState>{words.none}</EmptyState>;
  return (
    <div {...hold}>
      <ul className="closure-list">{order(ended.map(({ id }) => id)).map((id) => known.get(id)).filter((one) => one !== undefined).map((one) => <EndedRow key={one.id} incident={one} />)}</ul>
      {more && <p className="panel-body"><Button tone="quiet" onPress={loadMore}>{words.more}</Button></p>}
    </div>
  );
}

function OfNumber({ number, typed }: { readonly number: number; readonly typed: string }) {
  const words = useWords(operateWords).endedIncidents;
  const { data, problem, again } = useCall("listIncidents", { query: { number, limit: 1 } }, RENEW_MS);
  if (data === null) return problem === null ? <Skeleton rows={1} /> : <BrokenState error={problem} retry={again} />;
  if (data.incidents.length === 0) return <EmptyState>{words.noSuch(typed)}</EmptyState>;
  return <ul className="closure-list">{data.incidents.map((one) => <EndedRow key={one.id} incident={one} />)}</ul>;
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
