// The three things that the welcome page offers, begun where they are done: /operate?begin=call, camera or unit. The address is cleared at once, so that
// a reload does not begin again; nothing is taken or sent by an address.
import { useEffect } from "react";
import { useLive } from "../api/live-link.ts";
import { serverNow } from "../api/now.ts";
import { notify } from "../design/index.ts";
import { navigate, useAddress } from "../shell/route.ts";
import { useWords } from "../words/use-words.ts";
import { findBeginning } from "./beginning.ts";
import { focusSend, selectIncident, setTab } from "./store.ts";
import { isOpenIncident, sortIncidents } from "./tones.ts";
import { assignmentsOf } from "./use-lists.ts";
import { operateWords } from "./words.ts";

export function useBegin(): void {
  const words = useWords(operateWords).begin;
  const address = useAddress();
  const loaded = useLive((s) => s.sequence !== null);
  const task = address.query["begin"];
  useEffect(() => {
    if (task === undefined || !loaded) return;
    navigate("/operate", { replace: true });
    const { contacts, incidents, assignments } = useLive.getState();
    const sorted = sortIncidents([...incidents.values()].filter(isOpenIncident), (incident) => assignmentsOf(incident, assignments), serverNow());
    const beginning = findBeginning(task, [...contacts.values()], sorted);
    if (beginning === null) return;
    if (beginning.kind === "incident") {
      selectIncident(beginning.incident.id, beginning.incident.place.point);
      if (beginning.send) focusSend(beginning.incident.id);
    } else {
      setTab("calls");
      setTimeout(() => document.querySelector<HTMLElement>("[data-list=calls] [role=listbox]")?.focus(), 60);
      notify("off", words[beginning.note]);
    }
  }, [task, loaded, words]);
}
