// Webhooks: who is told of incidents and warnings, what waits, and dead letters that a person sends again. What is in a delivery is not shown here.
import { useState, type FormEvent } from "react";
import { WEBHOOK_FORMATS, WEBHOOK_TOPICS, type Webhook } from "../../../src/contract/webhooks.ts";
import { api } from "../api/client.ts";
import { serverNow, useNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, Button, ConfirmDialog, DataTable, DialogBox, EmptyState, PanelHead, SelectField, Skeleton, StatusMark, TextField, notify, type TableColumn } from "../design/index.ts";
import { useKeys } from "../shell/keys.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { webhookWords } from "./webhook-words.ts";

const AGAIN_EVERY_MS = 5_000;
const MOST_AT_ONCE = 500;

export function Webhooks() {
  const words = useWords(webhookWords);
  const format = useFormat();
  const problemText = useProblemText();
  const answer = useCall("listWebhooks", {}, AGAIN_EVERY_MS);
  const letters = useCall("listDeliveries", { query: { state: "dead" } }, AGAIN_EVERY_MS);
  const [making, setMaking] = useState(false);
  const [chosenId, setChosenId] = useState<number | null>(null);
  const [removing, setRemoving] = useState(false);
  useNow();
  useKeys(words.title, [{ keys: "n", label: words.add, run: () => setMaking(true) }]);
  const webhooks = answer.data?.webhooks ?? [];
  const dead = letters.data?.deliveries ?? [];
  const chosen = webhooks.find((webhook) => webhook.id === chosenId);
  const stateOf = (webhook: Webhook): string => (!webhook.enabled ? words.stopped : webhook.dead > 0 ? words.dead(format.number(webhook.dead)) : webhook.lastError !== null ? words.trying(webhook.lastError) : words.well);
  const columns: readonly TableColumn<Webhook>[] = [
    { id: "name", title: words.columns.name, width: "2fr", render: (w) => w.name },
    { id: "url", title: words.columns.url, width: "3fr", render: (w) => <span className="mono" title={w.url}>{w.url}</span> },
    { id: "state", title: words.columns.state, width: "2fr", render: (w) => <span className="row"><StatusMark tone={!w.enabled ? "off" : w.dead > 0 ? "danger" : w.lastError !== null ? "decide" : "free"} label="" /><span className="clip">{stateOf(w)}</span></span> },
    { id: "waiting", title: words.columns.waiting, width: 90, end: true, render: (w) => format.number(w.waiting) },
    { id: "last", title: words.columns.last, width: 140, end: true, render: (w) => (w.lastDeliveredAt === null ? <span className="quiet">–</span> : <span title={format.exact(w.lastDeliveredAt)}>{words.ago(format.age(Math.max(0, serverNow() - w.lastDeliveredAt)))}</span>) },
  ];
  const act = async (work: () => Promise<string>): Promise<void> => {
    try {
      notify("free", await work());
    } catch (error) {
      notify("danger", problemText(error));
    }
    answer.again();
    letters.again();
  };
  const resend = (ids: readonly number[]) => act(async () => words.resent((await api.call("resendDeliveries", { body: { ids: ids.slice(0, MOST_AT_ONCE) } })).sent));
  return (
    <div className={`people ${chosen === undefined ? "" : "people-split"}`}>
      <section className="people-main" aria-label={words.title}>
        <PanelHead title={words.title} count={answer.data === null ? undefined : format.number(webhooks.length)}><Button tone="primary" keys="n" onPress={() => setMaking(true)}>{words.add}</Button></PanelHead>
        <p className="people-said quiet">{words.what}</p>
        <div className="people-table">
          {answer.data === null ? (answer.problem !== null ? <BrokenState error={answer.problem} retry={answer.again} /> : <Skeleton rows={6} />) : (
            <DataTable label={words.title} columns={columns} rows={webhooks} selectedId={chosen?.id ?? null} onSelect={setChosenId} empty={<EmptyState>{words.none}</EmptyState>} />
          )}
        </div>
        {dead.length > 0 && (
          <section className="people-strangers" aria-label={words.letters}>
            <h3 className="row">{words.letters} <span className="quiet">{format.number(dead.length)}</span><Button className="end" onPress={() => void resend(dead.map(({ id }) => id))}>{words.resendAll}</Button></h3>
            <ul>{dead.map((one) => <li key={one.id}><span>{one.webhookName}</span><span className="mono">{one.event}</span><span className="quiet">{words.letter(format.exact(one.madeAt), one.tries, one.error ?? "")}</span><Button className="end" onPress={() => void resend([one.id])}>{words.resend}</Button></li>)}</ul>
          </section>
        )}
      </section>
      {chosen !== undefined && (
        <aside className="people-side" aria-label={chosen.name}>
          <PanelHead title={chosen.name}>
            <Button tone="quiet" onPress={() => void act(async () => { await api.call("changeWebhook", { params: { id: chosen.id }, body: { enabled: !chosen.enabled } }); return chosen.enabled ? words.nowStopped(chosen.name) : words.goesOn(chosen.name); })}>{chosen.enabled ? words.stop : words.goOn}</Button>
            <Button tone="quiet" onPress={() => setRemoving(true)}>{words.remove}</Button>
            <Button tone="quiet" onPress={() => setChosenId(null)}>{words.close}</Button>
          </PanelHead>
          <dl className="people-facts">
            <dt>{words.columns.url}</dt><dd className="mono">{chosen.url}</dd>
            <dt>{words.columns.topics}</dt><dd>{chosen.topics.map((topic) => words.topics[topic]).join(", ")} · {words.formats[chosen.format]}</dd>
            <dt>{words.made}</dt><dd>{words.by(format.exact(chosen.madeAt), chosen.madeBy.name)}</dd>
            {chosen.lastError !== null && <><dt>{words.lastError}</dt><dd>{chosen.lastError}</dd></>}
          </dl>
          <ConfirmDialog title={words.removeTitle(chosen.name)} open={removing} onClose={() => setRemoving(false)} onConfirm={() => void act(async () => { await api.call("removeWebhook", { params: { id: chosen.id } }); return words.removed(chosen.name); })} action={words.remove}><p>{words.removeWhat}</p></ConfirmDialog>
        </aside>
      )}
      <NewWebhook open={making} onClose={() => setMaking(false)} onMade={answer.again} />
    </div>
  );
}

function NewWebhook({ open, onClose, onMade }: { readonly open: boolean; readonly onClose: () => void; readonly onMade: () => void }) {
  const words = useWords(webhookWords);
  const problemText = useProblemText();
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const [topic, setTopic] = useState<"both" | Webhook["topics"][number]>("incident");
  const [form, setForm] = useState<Webhook["format"]>("citywatch");
  const [fault, setFault] = useState<string | undefined>();
  const [secret, setSecret] = useState<string | null>(null);
  const leave = (): void => {
    setName("");
    setUrl("");
    setFault(undefined);
    setSecret(null);
    onClose();
  };
  const make = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (name.trim() === "" || url.trim() === "") return setFault(words.missing);
    try {
      const made = await api.call("createWebhook", { body: { name, url, topics: topic === "both" ? [...WEBHOOK_TOPICS] : [topic], format: form } });
      setSecret(made.secret);
      onMade();
    } catch (error) {
      setFault(problemText(error));
    }
  };
  return (
    <DialogBox title={words.add} open={open} onClose={leave}>
      {secret === null ? (
        <form className="stack" onSubmit={(event) => void make(event)}>
          <TextField label={words.columns.name} value={name} onChange={(value) => { setName(value); setFault(undefined); }} autoComplete="off" autoFocus />
          <TextField label={words.columns.url} value={url} onChange={(value) => { setUrl(value); setFault(undefined); }} placeholder="https://" hint={words.urlHint} autoComplete="off" />
          <SelectField label={words.columns.topics} choices={[...WEBHOOK_TOPICS.map((id) => ({ id, label: words.topics[id] })), { id: "both" as const, label: words.both }]} value={topic} onChange={setTopic} />
          <SelectField label={words.form} choices={WEBHOOK_FORMATS.map((id) => ({ id, label: words.formats[id] }))} value={form} onChange={setForm} />
          {fault !== undefined && <p className="mean-danger" role="alert">{fault}</p>}
          <footer className="dialog-foot"><Button onPress={leave}>{words.close}</Button><Button tone="primary" type="submit">{words.make}</Button></footer>
        </form>
      ) : (
        <div className="stack">
          <p>{words.once}</p>
          <p className="mono people-secret people-key">{secret}</p>
          <footer className="dialog-foot"><Button tone="primary" onPress={leave}>{words.kept}</Button></footer>
        </div>
      )}
    </DialogBox>
  );
}
