// ENDED CALLS: those that somebody here ended without an incident within the last day, newest first, each with how and by whom. One that was a slip is taken up again, with a word why. Over the map, so that
// nothing that rings is hidden by it.
import { useState } from "react";
import type { Contact } from "../../../src/contract/dispatch.ts";
import { api } from "../api/client.ts";
import { useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import { usePages } from "../api/use-pages.ts";
import { BrokenState, Button, EmptyState, IconButton, PanelHead, Skeleton, Time } from "../design/index.ts";
import { designWords } from "../design/words.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { ReasonForm } from "./reason-form.tsx";
import { useReopenCall } from "./reopen-call.ts";
import { useHeldOrder } from "./stable-order.ts";
import { toggleEnded } from "./store.ts";
import { operateWords } from "./words.ts";

const RENEW_MS = 20_000;
const PAGE = 50;

export function EndedCallsPanel() {
  const words = useWords(operateWords).ended;
  const close = useWords(designWords).close;
  const [asking, setAsking] = useState<number | null>(null);
  const ended = usePages<Contact>(async (before) => (await api.call("listEndedContacts", { query: { limit: PAGE, ...(before === undefined ? {} : { before }) } })).contacts, "ended", PAGE, asking === null ? RENEW_MS : null);
  const live = useLive((s) => s.contacts);
  const { order, hold } = useHeldOrder();
  // One that somebody has taken up meanwhile is no longer offered.
  const rows = new Map((ended.rows ?? []).filter(({ id }) => (live.get(id)?.state ?? "ended") === "ended").map((one) => [one.id, one]));
  return (
    <section className="board ended-panel" aria-label={words.title} {...hold}>
      <PanelHead title={words.title} count={words.since}><IconButton icon="close" label={close} onPress={() => toggleEnded("calls")} /></PanelHead>
      {ended.rows === null ? (ended.problem === null ? <Skeleton rows={5} /> : <BrokenState error={ended.problem} retry={ended.again} />)
        : rows.size === 0 ? <EmptyState>{words.none}</EmptyState>
          : <ul className="closure-list">{order([...rows.keys()]).map((id) => rows.get(id)).filter((one) => one !== undefined).map((one) => <EndedRow key={one.id} contact={one} asking={asking === one.id} onAsk={(ask) => setAsking(ask ? one.id : null)} />)}</ul>}
      {ended.more && <p className="panel-body"><Button tone="quiet" onPress={ended.loadMore}>{words.more}</Button></p>}
    </section>
  );
}

function EndedRow({ contact, asking, onAsk }: { readonly contact: Contact; readonly asking: boolean; readonly onAsk: (ask: boolean) => void }) {
  const all = useWords(operateWords);
  const words = all.ended;
  const domain = useWords(domainWords);
  const format = useFormat();
  const now = useNow();
  const reopen = useReopenCall();
  const { id, source, callerNumber, callerWords, disposition, claimedBy, endedAt } = contact;
  return (
    <li className="closure-row ended-row">
      <div className="row">
        <div className="grow">
          <p className="row"><b className="clip">{callerNumber ?? (source === "telephone" ? all.calls.unknownCaller : domain.contactSources[source])}</b><span className="quiet"><Time at={contact.receivedAt} /></span></p>
          <p className="quiet small clip" title={callerWords ?? ""}>{words.how(disposition === null ? "" : domain.contactDispositions[disposition], claimedBy?.name ?? "?", format.ago(Math.max(0, now - (endedAt ?? now))))}{callerWords === null ? "" : ` · “${callerWords}”`}</p>
        </div>
        <Button onPress={() => onAsk(!asking)} aria-expanded={asking}>{words.takeUp}</Button>
      </div>
      {asking && <ReasonForm label={words.why} action={words.takeUp} onCancel={() => onAsk(false)} onSubmit={(text) => void reopen(id, text).then((done) => { if (done) toggleEnded("calls"); })} />}
    </li>
  );
}
