// What is heard. Nothing that was there when the page opened makes a sound but what still needs somebody.
import { useEffect, useRef } from "react";
import { useLive } from "../api/live-link.ts";
import { playSound } from "../shell/sounds.ts";
import { isOpenIncident } from "./tones.ts";

const RING_AGAIN_MS = 6_000;
const EMERGENCY_AGAIN_MS = 4_000;

export function useAlerts(): void {
  const ringing = useLive((s) => [...s.contacts.values()].filter((c) => c.state === "ringing").length > 0);
  const emergency = useLive((s) => [...s.units.values()].some((u) => u.emergency));
  const urgent = useLive((s) => [...s.incidents.values()].filter((i) => isOpenIncident(i) && i.priority === 1).reduce((max, i) => Math.max(max, i.id), 0));
  const loaded = useLive((s) => s.sequence !== null);
  const heard = useRef<number | null>(null);

  useEffect(() => {
    if (!ringing) return;
    playSound("ring");
    const timer = setInterval(() => playSound("ring"), RING_AGAIN_MS);
    return () => clearInterval(timer);
  }, [ringing]);
  useEffect(() => {
    if (!emergency) return;
    playSound("emergency");
    const timer = setInterval(() => playSound("emergency"), EMERGENCY_AGAIN_MS);
    return () => clearInterval(timer);
  }, [emergency]);
  useEffect(() => {
    if (!loaded) return;
    if (heard.current !== null && urgent > heard.current) playSound("priority-1");
    heard.current = Math.max(heard.current ?? 0, urgent);
  }, [urgent, loaded]);
}
