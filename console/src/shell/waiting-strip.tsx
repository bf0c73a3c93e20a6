// In the header of every room, at a place of its own that moves nothing: which officer is in danger, what rings unanswered or has nobody going, how many, how old. A press
// goes there. It does not blink: the one thing that blinks is the row itself.
import { useMemo } from "react";
import { useShallow } from "zustand/react/shallow";
import { useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import { Button, Icon, IconButton, type IconName } from "../design/index.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useKeys } from "./keys.ts";
import { mayEnter } from "./room-rules.ts";
import { navigate } from "./route.ts";
import { usePermissions } from "./session.ts";
import { goesUpTo } from "./escalations.ts";
import { quietEscalations, useAcknowledge, useEscalations, useLoudEscalations, useLoudIncidents } from "./use-alerts.ts";
import { concerns, findLateCalls, findLateIncidents, listEmergencies, type Emergency } from "./waiting.ts";
import { shellWords } from "./words.ts";

function goTo(path: string): void {
  if (location.pathname + location.search === path) navigate("/operate", { replace: true }); // asked for again: the room hears of it only by a change
  navigate(path);
}
const goToIncident = (id: number): void => goTo(`/operate?incident=${id}`);

function useEmergencies(): readonly Emergency[] {
  const { units, incidents, assignments } = useLive(useShallow((s) => ({ units: s.units, incidents: s.incidents, assignments: s.assignments })));
  return useMemo(() => listEmergencies(units.values(), incidents, assignments), [units, incidents, assignments]);
}

export function WaitingStrip() {
  const words = useWords(shellWords);
  const format = useFormat();
  const now = useNow();
  const permissions = usePermissions();
  const mayGo = mayEnter("operate", permissions);
  const contacts = useLive((s) => s.contacts);
  const incidents = useLive((s) => s.incidents);
  const calls = concerns("calls", permissions) ? findLateCalls(contacts.values(), now) : null;
  const short = concerns("incidents", permissions) ? findLateIncidents(incidents.values(), now) : null;
  const alerts = useLoudIncidents();
  const loud = concerns("incidents", permissions) ? alerts : [];
  const acknowledge = useAcknowledge();
  const toCalls = (): void => goTo("/operate?calls=late");
  const emergencies = useEmergencies();
  const escalations = useEscalations();
  const goneUp = concerns("incidents", permissions) ? escalations[0] : undefined;
  const upSince = escalations.reduce((oldest, { since }) => Math.min(oldest, since), now);
  const loudUp = useLoudEscalations();
  const mine = goesUpTo(permissions);
  const upText = mine ? words.waiting.goneUpToYou(escalations.length) : words.waiting.goneUp(escalations.length);
  const toGoneUp = (): void => { if (goneUp !== undefined) goTo(goneUp.incidentId !== null ? `/operate?incident=${goneUp.incidentId}` : goneUp.kind === "contact" ? "/operate?calls=late" : "/operate"); };
  const quieten = (): void => {
    if (loud.length > 0) acknowledge(loud);
    if (loudUp.length > 0) quietEscalations(escalations);
  };
  const danger = emergencies[0];
  // One key for the worst that waits: an officer whom nobody goes to, else who has waited longest for units, else the officer.
  const worst = danger?.going === 0 ? danger.incidentId : (short?.oldestId ?? danger?.incidentId ?? null);
  const toWorst = (): void => { if (worst !== null) goToIncident(worst); };
  useKeys(words.product, [
    ...(mayGo && calls !== null ? [{ keys: "g r", label: words.waiting.goCalls, run: toCalls }] : []),
    ...(mayGo && worst !== null ? [{ keys: "g s", label: words.waiting.goIncident, run: toWorst }] : []),
    ...(mayGo && danger !== undefined ? [{ keys: "g e", label: words.waiting.goEmergency, run: () => goToIncident(danger.incidentId) }] : []),
    ...(mayGo && goneUp !== undefined ? [{ keys: "g u", label: words.waiting.goGoneUp, run: toGoneUp }] : []),
    ...(loud.length + loudUp.length > 0 ? [{ keys: "g k", label: words.waiting.acknowledge, run: quieten }] : []),
  ]);
  if (calls === null && short === null && danger === undefined && goneUp === undefined) return null;
  return (
    <div className="waiting-strip" role="group" aria-label={words.waiting.title}>
      {danger !== undefined && <Item loud count={emergencies.length} text={words.waiting.emergencies(danger.callSign, emergencies.length)} age={format.span(now - danger.since)} oldest={words.waiting.emergencyGoing(danger.going)} go={mayGo ? () => goToIncident(danger.incidentId) : null} keys="g e" />}
      {calls !== null && <Item sign="phone" count={calls.count} text={words.waiting.calls(calls.count)} age={format.span(now - calls.since)} oldest={words.waiting.oldest(format.span(now - calls.since))} go={mayGo ? toCalls : null} keys="g r" />}
      {short !== null && <Item count={short.count} text={words.waiting.incidents(short.count)} age={format.span(now - short.since)} oldest={words.waiting.oldest(format.span(now - short.since))} go={mayGo ? () => goToIncident(short.oldestId) : null} keys={worst === short.oldestId ? "g s" : ""} />}
      {goneUp !== undefined && <Item mark="▲" count={escalations.length} text={upText} age={format.span(now - upSince)} oldest={words.waiting.oldest(format.span(now - upSince))} go={mayGo ? toGoneUp : null} keys="g u" />}
      {loud.length + loudUp.length > 0 && <IconButton icon="mute" className="waiting-silence" label={`${words.waiting.acknowledge} (G K)`} onPress={quieten} />}
    </div>
  );
}

interface ItemProps {
  /** Beside the colour; a letter would read as a key. An exclamation mark where absent. */
  readonly sign?: IconName;
  /** In place of it. */
  readonly mark?: string;
  readonly count: number;
  readonly text: string;
  readonly age: string;
  readonly oldest: string;
  readonly go: (() => void) | null;
  readonly keys: string;
  readonly loud?: boolean;
}
function Item({ sign, mark = "!", count, text, age, oldest, go, keys, loud = false }: ItemProps) {
  const className = `waiting-item ${loud ? "waiting-danger" : ""}`;
  const inside = (
    <>
      <b aria-hidden="true">{sign === undefined ? mark : <Icon name={sign} size={14} />}</b>
      <span className="hidden-text">{text} </span>
      <span className="waiting-long clip" aria-hidden="true">{text}</span>
      <span className="waiting-short" aria-hidden="true">{count}</span>
      <time>{age}</time>
      <span className="hidden-text">, {oldest}</span>
    </>
  );
  if (go === null) return <span className={className} title={`${text}, ${oldest}`}>{inside}</span>;
  return <button type="button" className={className} title={`${text}, ${oldest}${keys === "" ? "" : ` (${keys.toUpperCase()})`}`} onClick={go}>{inside}</button>;
}

/** Under the header of every room from the press on, until somebody goes to that officer; the chip above stays until the emergency is cleared. */
export function EmergencyBanner() {
  const words = useWords(shellWords).waiting;
  const format = useFormat();
  const now = useNow();
  const mayGo = mayEnter("operate", usePermissions());
  const incidents = useLive((s) => s.incidents);
  const alone = useEmergencies().filter((emergency) => emergency.going === 0);
  const first = alone[0];
  if (first === undefined) return null;
  return (
    <div className="emergency-banner" role="alert">
      <b aria-hidden="true">!</b>
      <span className="clip grow"><strong>{words.emergencies(first.callSign, alone.length)}</strong> · {incidents.get(first.incidentId)?.place.label} · {words.emergencyGoing(0)}</span>
      <time aria-hidden="true">{format.span(Math.max(0, now - first.since))}</time>
      {mayGo && <Button keys="g s" onPress={() => goToIncident(first.incidentId)}>{words.emergencyOpen}</Button>}
    </div>
  );
}
