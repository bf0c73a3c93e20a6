// CALLS: who rings, who hung up, who is in whose hand; ages in seconds. How many of each stands in the head: rows below the edge are not forgotten. One key takes.
import { useMemo } from "react";
import { useLive } from "../api/live-link.ts";
import { usePendingCommands } from "../api/command.ts";
import { useNow } from "../api/now.ts";
import { EmptyState, IconButton, PanelHead, RowList, Skeleton, StatusMark } from "../design/index.ts";
import { useAccount, useMay } from "../shell/session.ts";
import { isRingingLate, waitsSince } from "../shell/waiting.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useSignalText } from "./contact-signal.tsx";
import { useHeldOrder } from "./stable-order.ts";
import { openIntake, toggleEnded, useOperate, WITHOUT_CALL } from "./store.ts";
import { useTakeCall } from "./take-call.ts";
import { blinking, contactMark, isCallBackOverdue, putOwnFirst, type ContactView } from "./tones.ts";
import { useOpenContacts } from "./use-lists.ts";
import { operateWords } from "./words.ts";

export function ContactsPanel() {
  const words = useWords(operateWords).calls;
  const format = useFormat();
  const loaded = useLive((s) => s.sequence !== null);
  const all = useLive((s) => s.contacts);
  const open = useOpenContacts();
  const me = useAccount()?.id ?? null;
  const take = useTakeCall();
  const mayHandle = useMay("contact.handle");
  const mayMake = useMay("incident.write");
  const selected = useOperate((s) => s.intakeId);
  const endedShown = useOperate((s) => s.endedShown === "calls");
  const { order, hold } = useHeldOrder();
  const now = useNow();
  const rows = useMemo(() => order(putOwnFirst(open, me).map((c) => c.id)).map((id) => all.get(id)).filter((c) => c !== undefined), [order, open, all, me]);
  const ringing = open.filter((c) => c.state === "ringing").length;
  const ringingLate = open.filter((c) => isRingingLate(c, now)).length;
  const toCallBack = open.filter((c) => c.state === "abandoned").length;
  const waiting = [ringing > 0 ? words.ringing(ringing, ringingLate) : null, toCallBack > 0 ? words.toCallBack(toCallBack) : null].filter((part) => part !== null).join(" · ");
  const last = useMemo(() => Math.max(0, ...[...all.values()].map((c) => c.receivedAt)), [all]);
  const late = open.some((c) => contactMark(c, now).tone === "danger");

  return (
    <section className="panel" aria-label={words.title} data-list="calls" {...hold}>
      <PanelHead title={words.title} count={waiting === "" ? undefined : waiting} {...(late ? { tone: "danger" } : {})}>
        {mayHandle && <IconButton icon="history" label={words.showEnded} aria-pressed={endedShown} onPress={() => toggleEnded("calls")} />}
        {mayMake && <IconButton icon="plus" label={words.newWithout} onPress={() => openIntake(WITHOUT_CALL)} />}
      </PanelHead>
      {loaded ? (
        <RowList
          label={words.title} items={rows} selectedId={selected}
          onSelect={(id) => all.get(id)?.state === "claimed" && void take(id)}
          onAction={(id) => mayHandle && void take(id)}
          onKey={(key, id) => {
            if (!mayHandle || (key !== "t" && key !== "e")) return false;
            void take(id).then((mine) => mine && key === "e" && document.getElementById("end-call")?.focus());
            return true;
          }}
          rowClass={(c) => (c.state === "ended" ? "row-gone" : c.state === "ringing" ? "row-new" : "")}
          empty={<EmptyState>{last === 0 ? words.none : words.noneSince(format.ago(now - last))}</EmptyState>}
        >
          {(contact) => <ContactRow contact={contact} />}
        </RowList>
      ) : <Skeleton rows={3} />}
    </section>
  );
}

function ContactRow({ contact }: { readonly contact: ContactView }) {
  const words = useWords(operateWords).calls;
  const domain = useWords(domainWords);
  const format = useFormat();
  const me = useAccount();
  const now = useNow();
  const units = useLive((s) => s.units);
  const contacts = useLive((s) => s.contacts);
  const signalText = useSignalText();
  const mark = contactMark(contact, now);
  const since = waitsSince(contact);
  const blink = blinking(units.values(), contacts.values(), now);
  const mine = contact.claimedBy?.kind === "user" && contact.claimedBy.id === me?.id;
  const due = contact.state === "abandoned" && contact.dueAt !== null ? contact.dueAt - now : null;
  const escalated = contact.owner === "supervisor";
  const taking = usePendingCommands((s) => s.pending.some((p) => p.command.type === "contact.claim" && p.command.contactId === contact.id));
  const state = taking ? words.taking :
    contact.state === "claimed" ? (mine ? words.mine : words.takenBy(contact.claimedBy?.name ?? "?"))
      : isCallBackOverdue(contact, now) ? words.callBackOverdue : due !== null ? words.callBackIn(format.span(due))
        : domain.contactStates[contact.state];
  return (
    <>
      <StatusMark tone={mark.tone} letter={mark.letter} label={domain.contactStates[contact.state]} blink={blink?.kind === "contact" && blink.id === contact.id} />
      <time className={`row-age mean-${mark.tone}`} title={format.exact(since)}>{format.span(Math.max(0, now - since))}</time>
      <span className={`row-keep ${escalated ? "mean-danger" : ""}`}>{state}</span>
      <span className={contact.signal === null ? "row-keep" : "clip grow"} title={contact.signal === null ? undefined : signalText(contact.signal)}>{contact.signal !== null ? signalText(contact.signal) : contact.source === "telephone" ? (contact.callerNumber ?? words.unknownCaller) : domain.contactSources[contact.source]}</span>
      <span className="clip grow quiet" title={contact.callerWords ?? ""}>{contact.callerWords}</span>
      {escalated && <span className="row-keep mean-danger" role="img" aria-label={words.supervisorToo} title={words.supervisorToo}>▲</span>}
    </>
  );
}
