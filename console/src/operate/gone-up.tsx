// What goes up to a supervisor, above the lists: each with what is the matter, since when, and the press that takes it. Nothing opens under a pointer: while somebody points at the lists below, it
// keeps its rows, and one that is done with says so and has no press any more. Hand-overs have a line of their own above ([HND3]).
import { useRef, type ReactNode } from "react";
import { sayIncidentNumber } from "../../../src/base/training-ids.ts";
import { useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import { Button, PanelHead } from "../design/index.ts";
import { goesUpTo, type Escalation } from "../shell/escalations.ts";
import { usePermissions } from "../shell/session.ts";
import { useEscalations } from "../shell/use-alerts.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { useSignalText } from "./contact-signal.tsx";
import { silenceWords } from "./silence-words.ts";
import { useHeardFrom, useSilentText } from "./silent-unit.ts";
import { askRecall, selectIncident, selectUnit } from "./store.ts";
import { useTakeCall } from "./take-call.ts";

const rowKeyOf = ({ kind, id }: Escalation): string => `${kind} ${id}`;
/** Rows; what is more is counted. */
const MOST = 6;

export function GoneUp({ held }: { readonly held: boolean }) {
  const words = useWords(silenceWords).goneUp;
  const mine = goesUpTo(usePermissions());
  const escalations = useEscalations().filter(({ kind }) => kind !== "hand-over");
  const placed = useRef<readonly Escalation[]>([]);
  if (!held) placed.current = escalations;
  const shown = placed.current;
  const standing = new Set(escalations.map(rowKeyOf));
  if (!mine || shown.length === 0) return null;
  return (
    <section className="gone-up" aria-label={words.titleMine} data-list="gone-up">
      <PanelHead title={words.titleMine} count={standing.size} {...(standing.size > 0 ? { tone: "danger" } : {})} />
      <ul>{shown.slice(0, MOST).map((one) => <GoneUpRow key={rowKeyOf(one)} escalation={one} done={!standing.has(rowKeyOf(one))} />)}</ul>
      {shown.length > MOST && <p className="quiet">{words.more(shown.length - MOST)}</p>}
    </section>
  );
}

function GoneUpRow({ escalation: { kind, id, since, urgent, incidentId }, done }: { readonly escalation: Escalation; readonly done: boolean }) {
  const words = useWords(silenceWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  const now = useNow();
  const act = useAct();
  const take = useTakeCall();
  const heardFrom = useHeardFrom();
  const silentText = useSilentText();
  const signalText = useSignalText();
  const contact = useLive((s) => (kind === "contact" ? s.contacts.get(id) : undefined));
  const incident = useLive((s) => (incidentId === null ? undefined : s.incidents.get(incidentId)));
  const job = useLive((s) => (kind === "unit" ? s.assignments.get(id) : undefined));
  const unit = useLive((s) => (job === undefined ? undefined : s.units.get(job.unitId)));
  const span = format.span(Math.max(0, now - since));
  const about = incident === undefined ? "" : `#${sayIncidentNumber(incident)} ${domain.incidentTypes[incident.type]}`;
  const open = (): void => { if (incident !== undefined) selectIncident(incident.id, incident.place.point); };
  let text = "";
  let presses: ReactNode = null;
  if (kind === "contact") {
    if (contact === undefined) return null;
    const what = contact.signal !== null ? signalText(contact.signal) : `${domain.contactSources[contact.source]} ${contact.callerNumber ?? ""}`.trim();
    text = contact.state === "abandoned" ? words.goneUp.callBack(what, span) : words.goneUp.contact(what, span);
    presses = <Button tone="primary" onPress={() => void take(id)}>{words.goneUp.take}</Button>;
  } else if (kind === "watch") {
    text = words.goneUp.watch(about, span);
    presses = <><Button onPress={open}>{words.goneUp.open}</Button><Button tone="primary" onPress={() => void act({ type: "incident.watch", incidentId: id }).then((done) => { if (done !== null) open(); })}>{words.goneUp.watchOver}</Button></>;
  } else if (kind === "unit") {
    if (job === undefined) return null;
    text = words.goneUp.unit(unit?.callSign ?? "?", about, silentText(job, now) ?? "");
    presses = <><Button onPress={() => { selectUnit(job.unitId); open(); }}>{words.goneUp.open}</Button><Button onPress={() => askRecall(job)}>{words.recallSilent}</Button><Button tone="primary" onPress={() => void heardFrom(id)}>{words.heardFrom}</Button></>;
  } else {
    text = words.goneUp.short(about, span);
    presses = <Button tone="primary" onPress={open}>{words.goneUp.open}</Button>;
  }
  return (
    <li data-kind={kind} data-urgent={urgent || undefined} data-done={done || undefined}>
      <p><b className={done ? "quiet" : "mean-danger"} aria-hidden="true">{done ? "✓" : "▲"}</b> <span>{text}</span></p>
      {kind === "contact" && contact?.callerWords && <p className="gone-up-words clip" title={contact.callerWords}>“{contact.callerWords}”</p>}
      <div className="row" inert={done}>{presses}</div>
    </li>
  );
}
