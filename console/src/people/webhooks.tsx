// Webhooks: who is told of incidents and warnings, what waits, and dead letters that a person sends again. What is in a delivery is not shown here.
import { useState, type FormEvent } from "react";
import { WEBHOOK_FORMATS, WEBHOOK_TOPICS, type Webhook } from "../../../src/contract/webhooks.ts";
import { api } from "../api/client.ts";
import { serverNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { Button, DialogBox, SelectField, StatusMark, TextField, type TableColumn } from "../design/index.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { ConfirmedButton, RegisterPage, useDone } from "./register-page.tsx";
import { webhookWords } from "./webhook-words.ts";

const AGAIN_EVERY_MS = 5_000;
const MOST_AT_ONCE = 500;

export function Webhooks() {
  const words = useWords(webhookWords);
  const format = useFormat();
  const reading = useCall("listWebhooks", {}, AGAIN_EVERY_MS);
  const letters = useCall("listDeliveries", { query: { state: "dead" } }, AGAIN_EVERY_MS);
  const [making, setMaking] = useState(false);
  const done = useDone(reading.again, letters.again);
  const webhooks = reading.data?.webhooks ?? [];
  const dead = letters.data?.deliveries ?? [];
  const stateOf = (webhook: Webhook): string => (!webhook.enabled ? words.stopped : webhook.dead > 0 ? words.dead(format.number(webhook.dead)) : webhook.lastError !== null ? words.trying(webhook.lastError) : words.well);
  const columns: readonly TableColumn<Webhook>[] = [
    { id: "name", title: words.columns.name, width: "2fr", render: (w) => w.name },
    { id: "url", title: words.columns.url, wideOnly: true, width: "3fr", render: (w) => <span className="mono" title={w.url}>{w.url}</span> },
    { id: "state", title: words.columns.state, width: "2fr", render: (w) => <span className="row"><StatusMark tone={!w.enabled ? "off" : w.dead > 0 ? "danger" : w.lastError !== null ? "decide" : "free"} label="" /><span className="clip">{stateOf(w)}</span></span> },
    { id: "waiting", title: words.columns.waiting, wideOnly: true, width: 90, end: true, render: (w) => format.number(w.waiting) },
    { id: "last", title: words.columns.last, width: 140, end: true, render: (w) => (w.lastDeliveredAt === null ? <span className="quiet">–</span> : <span title={format.exact(w.lastDeliveredAt)}>{words.ago(format.age(Math.max(0, serverNow() - w.lastDeliveredAt)))}</span>) },
  ];
  const resend = (ids: readonly number[]) => done(async () => words.resent((await api.call("resendDeliveries", { body: { ids: ids.slice(0, MOST_AT_ONCE) } })).sent), "free");
  const turn = ({ id, name, enabled }: Webhook) => done(async () => {
    await api.call("changeWebhook", { params: { id }, body: { enabled: !enabled } });
    return enabled ? words.nowStopped(name) : words.goesOn(name);
  }, "free");
  const remove = ({ id, name }: Webhook) => done(async () => {
    await api.call("removeWebhook", { params: { id } });
    return words.removed(name);
  });
  const givenUp = dead.length > 0 && (
    <section className="people-strangers" aria-label={words.letters}>
      <h3 className="row">{words.letters} <span className="quiet">{format.number(dead.length)}</span><Button className="end" onPress={() => void resend(dead.map(({ id }) => id))}>{words.resendAll}</Button></h3>
      <ul>{dead.map((one) => <li key={one.id}><span>{one.webhookName}</span><span className="mono">{one.event}</span><span className="quiet">{words.letter(format.exact(one.madeAt), one.tries, one.error ?? "")}</span><Button className="end" onPress={() => void resend([one.id])}>{words.resend}</Button></li>)}</ul>
    </section>
  );
  return (
    <RegisterPage
      words={words} reading={reading} rows={webhooks} columns={columns} onAdd={() => setMaking(true)} titleOf={(w) => w.name} more={givenUp}
      toolsOf={(w) => (
        <>
          <Button tone="quiet" onPress={() => void turn(w)}>{w.enabled ? words.stop : words.goOn}</Button>
          <ConfirmedButton label={words.remove} title={words.removeTitle(w.name)} what={words.removeWhat} onConfirm={() => void remove(w)} />
        </>
      )}
      factsOf={(w) => [
        [words.columns.url, <span className="mono">{w.url}</span>],
        [words.columns.topics, `${w.topics.map((topic) => words.topics[topic]).join(", ")} · ${words.formats[w.format]}`],
        [words.made, words.by(format.exact(w.madeAt), w.madeBy.name)],
        w.lastError === null ? null : [words.lastError, w.lastError],
      ]}
    >
      <NewWebhook open={making} onClose={() => setMaking(false)} onMade={reading.again} />
    </RegisterPage>
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
