// In the header of every room, at a place of its own that moves nothing: what rings unanswered or has nobody going, how many, how old. A press
// goes there. It does not blink: the one thing that blinks is the row itself.
import { useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import { IconButton } from "../design/index.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useKeys } from "./keys.ts";
import { mayEnter } from "./room-rules.ts";
import { navigate } from "./route.ts";
import { usePermissions } from "./session.ts";
import { useAcknowledge, useLoudIncidents } from "./use-alerts.ts";
import { findLateCalls, findLateIncidents } from "./waiting.ts";
import { shellWords } from "./words.ts";

function goTo(path: string): void {
  if (location.pathname + location.search === path) navigate("/operate", { replace: true }); // asked for again: the room hears of it only by a change
  navigate(path);
}

export function WaitingStrip() {
  const words = useWords(shellWords);
  const format = useFormat();
  const now = useNow();
  const mayGo = mayEnter("operate", usePermissions());
  const contacts = useLive((s) => s.contacts);
  const incidents = useLive((s) => s.incidents);
  const calls = findLateCalls(contacts.values(), now);
  const short = findLateIncidents(incidents.values(), now);
  const loud = useLoudIncidents();
  const acknowledge = useAcknowledge();
  const toCalls = (): void => goTo("/operate?calls=late");
  const toIncident = (): void => short === null ? undefined : goTo(`/operate?incident=${short.oldestId}`);
  useKeys(words.product, [
    ...(mayGo && calls !== null ? [{ keys: "g r", label: words.waiting.goCalls, run: toCalls }] : []),
    ...(mayGo && short !== null ? [{ keys: "g s", label: words.waiting.goIncident, run: toIncident }] : []),
    ...(loud.length > 0 ? [{ keys: "g k", label: words.waiting.acknowledge, run: () => acknowledge(loud) }] : []),
  ]);
  if (calls === null && short === null) return null;
  return (
    <div className="waiting-strip" role="group" aria-label={words.waiting.title}>
      {calls !== null && <Item letter="R" count={calls.count} text={words.waiting.calls(calls.count)} age={format.span(now - calls.since)} oldest={words.waiting.oldest(format.span(now - calls.since))} go={mayGo ? toCalls : null} keys="g r" />}
      {short !== null && <Item letter="!" count={short.count} text={words.waiting.incidents(short.count)} age={format.span(now - short.since)} oldest={words.waiting.oldest(format.span(now - short.since))} go={mayGo ? toIncident : null} keys="g s" />}
      {loud.length > 0 && <IconButton icon="mute" className="waiting-silence" label={`${words.waiting.acknowledge} (G K)`} onPress={() => acknowledge(loud)} />}
    </div>
  );
}

interface ItemProps {
  readonly letter: string;
  readonly count: number;
  readonly text: string;
  readonly age: string;
  readonly oldest: string;
  readonly go: (() => void) | null;
  readonly keys: string;
}
function Item({ letter, count, text, age, oldest, go, keys }: ItemProps) {
  const inside = (
    <>
      <b aria-hidden="true">{letter}</b>
      <span className="waiting-long clip">{text}</span>
      <span className="waiting-short" aria-hidden="true">{count}</span>
      <time>{age}</time>
    </>
  );
  if (go === null) return <span className="waiting-item" title={`${text}, ${oldest}`}>{inside}</span>;
  return <button type="button" className="waiting-item" aria-label={`${text}, ${oldest}`} title={`${text}, ${oldest} (${keys.toUpperCase()})`} onClick={go}>{inside}</button>;
}
