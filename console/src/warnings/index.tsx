// Warnings to the public: what waits for a second person, what is in force, what is over. One drafts, another reads and sends; nobody sends their own draft.
import { useState } from "react";
import type { Warning } from "../../../src/contract/warnings.ts";
import { api } from "../api/client.ts";
import { useNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, Button, ConfirmDialog, EmptyState, PanelHead, Skeleton, StatusMark, notify, type Tone } from "../design/index.ts";
import { useKeys } from "../shell/keys.ts";
import { useAccount } from "../shell/session.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { WarningForm, type WarningTask } from "./warning-form.tsx";
import "./warnings.css";
import { warningWords } from "./words.ts";

const AGAIN_EVERY_MS = 4_000;

const isInForce = (w: Warning, now: number): boolean => w.state === "sent" && w.kind !== "cancel" && w.replacedBy === null && w.content.expiresAt > now;
const toneOf = (w: Warning, now: number): Tone => (w.state === "draft" ? "decide" : isInForce(w, now) ? "danger" : "off");

export default function Warnings() {
  const words = useWords(warningWords);
  const answer = useCall("listWarnings", {}, AGAIN_EVERY_MS);
  const [chosenId, setChosenId] = useState<number | null>(null);
  const [form, setForm] = useState<WarningTask | null>(null);
  const now = useNow();
  useKeys(words.title, [{ keys: "n", label: words.draft, run: () => setForm({ task: "new" }) }, { keys: "Escape", label: words.close, whileTyping: true, run: () => { setForm(null); setChosenId(null); } }]);
  const all = answer.data?.warnings ?? [];
  const chosen = all.find((w) => w.id === chosenId);
  const groups: readonly (readonly [string, readonly Warning[]])[] = [
    [words.waiting, all.filter((w) => w.state === "draft")], [words.inForce, all.filter((w) => isInForce(w, now))], [words.over, all.filter((w) => w.state !== "draft" && !isInForce(w, now))],
  ];
  const done = (saved: Warning): void => {
    setForm(null);
    setChosenId(saved.id);
    answer.again();
  };
  return (
    <div className={`warnings ${chosen === undefined && form === null ? "" : "warnings-split"}`}>
      <section className="warnings-main" aria-label={words.title}>
        <PanelHead title={words.title}><Button tone="primary" keys="n" onPress={() => setForm({ task: "new" })}>{words.draft}</Button></PanelHead>
        <p className="warnings-said quiet">{words.what} <a href="/public/warnings.atom" target="_blank" rel="noreferrer">{words.feed}</a></p>
        {answer.data === null ? (answer.problem !== null ? <BrokenState error={answer.problem} retry={answer.again} /> : <Skeleton rows={6} />) : all.length === 0 ? <EmptyState>{words.none}</EmptyState> : (
          <div className="warnings-list">
            {groups.filter(([, list]) => list.length > 0).map(([title, list]) => (
              <section key={title} aria-label={title}>
                <h3>{title} <span className="quiet">{list.length}</span></h3>
                <ul>{list.map((w) => <li key={w.id}><Row warning={w} now={now} isChosen={w.id === chosenId} onPress={() => { setForm(null); setChosenId(w.id); }} /></li>)}</ul>
              </section>
            ))}
          </div>
        )}
      </section>
      {form !== null ? (
        <aside className="warnings-side" aria-label={words.forms[form.task]}><PanelHead title={words.forms[form.task]} /><WarningForm key={`${form.task} ${form.task === "new" ? 0 : form.of.id}`} form={form} onSaved={done} onCancel={() => setForm(null)} /></aside>
      ) : chosen !== undefined && (
        <aside className="warnings-side" aria-label={chosen.content.headline}><OneWarning key={chosen.id} warning={chosen} now={now} changed={answer.again} follow={(task) => setForm({ task, of: chosen })} close={() => setChosenId(null)} /></aside>
      )}
    </div>
  );
}

function Row({ warning, now, isChosen, onPress }: { readonly warning: Warning; readonly now: number; readonly isChosen: boolean; readonly onPress: () => void }) {
  const words = useWords(warningWords);
  const format = useFormat();
  const { content } = warning;
  const left = content.expiresAt - now;
  return (
    <button type="button" className={`warning-row ${isChosen ? "warning-chosen" : ""}`} aria-pressed={isChosen} onClick={onPress}>
      <StatusMark tone={toneOf(warning, now)} label={words.states[warning.state]} />
      <span className="clip grow">{content.headline}</span>
      <span className="quiet">{words.kinds[warning.kind]}</span>
      <span className="quiet warning-when">{warning.state === "draft" ? words.by(warning.draftedBy.name) : warning.kind === "cancel" || left <= 0 ? format.date(warning.approvedAt ?? warning.draftedAt) : words.left(format.span(left))}</span>
    </button>
  );
}

function OneWarning({ warning, now, changed, follow, close }: { readonly warning: Warning; readonly now: number; readonly changed: () => void; readonly follow: (task: "update" | "cancel" | "change") => void; readonly close: () => void }) {
  const words = useWords(warningWords);
  const format = useFormat();
  const problemText = useProblemText();
  const me = useAccount();
  const [sending, setSending] = useState(false);
  const [read, setRead] = useState(warning.revision); // what is on screen may be worded anew while somebody reads it
  const movedOn = warning.state === "draft" && warning.revision !== read;
  const { content } = warning;
  const isOwn = warning.draftedBy.kind === "user" && warning.draftedBy.id === me?.id;
  const settle = async (route: "approveWarning" | "discardWarning"): Promise<void> => {
    try {
      if (route === "approveWarning") await api.call(route, { params: { id: warning.id }, body: { revision: read } });
      else await api.call(route, { params: { id: warning.id } });
      notify(route === "approveWarning" ? "free" : "off", route === "approveWarning" ? words.sent(content.headline) : words.discarded(content.headline));
    } catch (error) {
      notify("danger", problemText(error));
    }
    changed();
  };
  return (
    <>
      <PanelHead title={words.kinds[warning.kind]}><Button tone="quiet" onPress={close}>{words.close}</Button></PanelHead>
      <article className="warning-card">
        <h3>{content.headline}</h3>
        <p className="quiet">{[content.event, words.severities[content.severity], words.urgencies[content.urgency], words.certainties[content.certainty]].join(" · ")}</p>
        <p className="warning-words">{content.description}</p>
        {content.instruction !== "" && <p className="warning-words"><b>{words.instruction}:</b> {content.instruction}</p>}
        <dl className="warning-facts">
          <dt>{words.area}</dt><dd>{content.area.description}{content.area.circle !== null && <span className="quiet"> · {words.around(format.metres(content.area.circle.radiusM))}</span>}</dd>
          <dt>{words.expires}</dt><dd>{format.exact(content.expiresAt)}{content.expiresAt <= now && <span className="mean-decide"> · {words.ranOut}</span>}</dd>
          <dt>{words.drafted}</dt><dd>{words.at(format.exact(warning.draftedAt), warning.draftedBy.name)}</dd>
          {warning.approvedAt !== null && <><dt>{words.sentWord}</dt><dd>{words.at(format.exact(warning.approvedAt), warning.approvedBy?.name ?? "")}</dd></>}
          {warning.state === "sent" && <><dt>CAP 1.2</dt><dd><a href={`/public/warnings/${warning.id}.xml`} target="_blank" rel="noreferrer">/public/warnings/{warning.id}.xml</a></dd></>}
        </dl>
        {movedOn && <p className="row mean-decide" role="alert"><span className="grow">{words.changedNow(warning.draftedBy.name)}</span><Button onPress={() => setRead(warning.revision)}>{words.readAgain}</Button></p>}
        {warning.state === "draft" && !movedOn && (isOwn ? <p className="mean-decide" role="status">{words.notOwn}</p> : <p className="quiet">{words.readFirst}</p>)}
        <footer className="dialog-foot">
          {warning.state === "draft" && <Button onPress={() => void settle("discardWarning")}>{words.discard}</Button>}
          {warning.state === "draft" && <Button onPress={() => follow("change")}>{words.change}</Button>}
          {warning.state === "draft" && !isOwn && <Button tone="danger" isDisabled={movedOn} onPress={() => setSending(true)}>{words.send}</Button>}
          {warning.state === "sent" && warning.kind !== "cancel" && warning.replacedBy === null && <><Button onPress={() => follow("cancel")}>{words.withdraw}</Button><Button onPress={() => follow("update")}>{words.update}</Button></>}
        </footer>
      </article>
      <ConfirmDialog title={words.sendTitle(content.headline)} open={sending} onClose={() => setSending(false)} onConfirm={() => void settle("approveWarning")} action={words.send}><p>{words.sendWhat}</p></ConfirmDialog>
    </>
  );
}
