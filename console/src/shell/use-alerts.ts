// What is heard, in every room, by whoever may do something about it: calls that ring, a panic button, an officer's emergency, a new incident of priority 1, the
// alert of one that nobody goes to, a unit that does not answer, and by a supervisor what has gone up. Nothing that was there when the page opened makes a sound but what still needs somebody.
import { useCallback, useEffect, useMemo, useRef } from "react";
import { create } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { CommandSetAside, sendCommand } from "../api/command.ts";
import { useLive } from "../api/live-link.ts";
import { serverNow, useNow } from "../api/now.ts";
import { notify } from "../design/index.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useWords } from "../words/use-words.ts";
import { acknowledgeAlert, findLoudest, findWorst, followAlerts, listLoud, NO_ALERTS, SOUND_AGAIN_MS, type Alerts } from "./short-alert.ts";
import { useAddress } from "./route.ts";
import { useMay, usePermissions } from "./session.ts";
import { goesUpTo, hearUnanswered, keyOf, listEscalations, listUnheard, type Escalation, type ToldWords } from "./escalations.ts";
import { playSound } from "./sounds.ts";
import { isOpenIncident, isUrgentContact } from "./waiting.ts";
import { shellWords } from "./words.ts";

const RING_AGAIN_MS = 6_000;
const EMERGENCY_AGAIN_MS = 4_000;
const GONE_UP_AGAIN_MS = 30_000;

/** `turn` moves when another incident begins to sound, so that it is heard at once and not at the next repetition. */
const useShortAlerts = create<{ readonly alerts: Alerts; readonly turn: number }>(() => ({ alerts: NO_ALERTS, turn: 0 }));
function follow(now: number): void {
  useShortAlerts.setState(({ alerts, turn }) => {
    const after = followAlerts(alerts, useLive.getState().incidents.values(), now);
    return { alerts: after, turn: listLoud(after).some((id) => alerts.get(id)?.loud !== true) ? turn + 1 : turn };
  });
}
export const useLoudIncidents = (): readonly number[] => listLoud(useShortAlerts((s) => s.alerts));
export const useWorstAlert = (): number | null => useShortAlerts((s) => findWorst(s.alerts));
export const useIsLoud = (incidentId: number): boolean => useShortAlerts((s) => s.alerts.get(incidentId)?.loud === true);

/** What this console was made quiet for, as it was told then. */
const useQuietEscalations = create<{ readonly quiet: ReadonlySet<string> }>(() => ({ quiet: new Set() }));
export function useEscalations(): readonly Escalation[] {
  const { contacts, incidents, assignments, handOvers } = useLive(useShallow((s) => ({ contacts: s.contacts, incidents: s.incidents, assignments: s.assignments, handOvers: s.handOvers })));
  return useMemo(() => listEscalations({ contacts, incidents, assignments, handOvers }), [contacts, incidents, assignments, handOvers]);
}
/** Empty for everybody but a supervisor. */
export function useLoudEscalations(): readonly Escalation[] {
  const escalations = useEscalations();
  const quiet = useQuietEscalations((s) => s.quiet);
  const mine = goesUpTo(usePermissions());
  return useMemo(() => (mine ? listUnheard(escalations, quiet) : []), [mine, escalations, quiet]);
}
/** Until each is told again. */
export const quietEscalations = (escalations: readonly Escalation[]): void => useQuietEscalations.setState({ quiet: new Set(escalations.map(keyOf)) });

function useRepeated(sound: Parameters<typeof playSound>[0], everyMs: number | null, turn = 0): void {
  useEffect(() => {
    if (everyMs === null) return;
    playSound(sound);
    const timer = setInterval(() => playSound(sound), everyMs);
    return () => clearInterval(timer);
  }, [sound, everyMs, turn]);
}

/** Once, in the frame, drawing nothing. An officer's phone (Field) hears none of it. */
export function Alerts(): null {
  const { room } = useAddress();
  const mayHandle = useMay("contact.handle");
  const mayAssign = useMay("assignment.write");
  const hearsCalls = room === "operate" || (mayHandle && room !== "field");
  const hearsIncidents = room === "operate" || (mayAssign && room !== "field");
  const ringing = useLive((s) => [...s.contacts.values()].some((c) => c.state === "ringing" && !isUrgentContact(c)));
  const pressed = useLive((s) => [...s.contacts.values()].some((c) => c.state === "ringing" && isUrgentContact(c)));
  const goneUp = useLoudEscalations();
  const assignments = useLive((s) => s.assignments);
  const emergency = useLive((s) => [...s.units.values()].some((u) => u.emergency));
  const urgent = useLive((s) => [...s.incidents.values()].filter((i) => isOpenIncident(i) && i.priority === 1).reduce((max, i) => Math.max(max, i.id), 0));
  const loaded = useLive((s) => s.sequence !== null);
  const incidents = useLive((s) => s.incidents);
  const loudest = useShortAlerts((s) => findLoudest(s.alerts));
  const turn = useShortAlerts((s) => s.turn);
  const heard = useRef<number | null>(null);
  const now = useNow();

  useEffect(() => follow(now), [incidents, now]);
  useRepeated("ring", hearsCalls && ringing && !pressed ? RING_AGAIN_MS : null);
  useRepeated("alarm", hearsCalls && pressed ? RING_AGAIN_MS : null);
  useRepeated(goneUp.some(({ urgent }) => urgent) ? "gone-up-1" : "gone-up", room !== "field" && goneUp.length > 0 ? GONE_UP_AGAIN_MS : null, goneUp.length);
  const told = useRef<ToldWords>(new Map());
  useEffect(() => {
    const heardNow = hearUnanswered(told.current, { assignments, incidents });
    told.current = heardNow.told;
    if (hearsIncidents && heardNow.sound !== null) playSound(heardNow.sound);
  }, [assignments, incidents, hearsIncidents]);
  useRepeated("emergency", hearsIncidents && emergency ? EMERGENCY_AGAIN_MS : null);
  useRepeated(loudest === 1 ? "nobody-goes-1" : "nobody-goes", hearsIncidents && loudest !== null ? SOUND_AGAIN_MS[loudest]! : null, turn);
  useEffect(() => {
    if (!loaded) return;
    if (hearsIncidents && heard.current !== null && urgent > heard.current) playSound("priority-1");
    heard.current = Math.max(heard.current ?? 0, urgent);
  }, [urgent, loaded, hearsIncidents]);
  return null;
}

/** Silences the alert of these incidents on this console until the next reminder, and writes into their timelines who knows of it. */
export function useAcknowledge(): (incidentIds: readonly number[]) => void {
  const words = useWords(shellWords).waiting;
  const problemText = useProblemText();
  const mayWrite = useMay("incident.write");
  return useCallback(
    (incidentIds) => {
      for (const id of incidentIds) {
        const missing = useLive.getState().incidents.get(id)?.shortfall?.missing;
        follow(serverNow());
        useShortAlerts.setState(({ alerts }) => ({ alerts: acknowledgeAlert(alerts, id) }));
        if (!mayWrite || missing === undefined) continue;
        sendCommand({ type: "incident.note", incidentId: id, words: words.acknowledgedNote(missing) }).then(
          (outcome) => { if (outcome.outcome !== "accepted") notify("decide", outcome.message); },
          (error: unknown) => { if (!(error instanceof CommandSetAside)) notify("danger", problemText(error)); },
        );
      }
    },
    [words, problemText, mayWrite],
  );
}
