// What is kept as evidence: until when it is to be looked at again, by whom it was made, and the two things that can be done with it, each with words.
import { useEffect, useMemo, useState, type FormEvent } from "react";
import type { Hold } from "../../../src/contract/holds.ts";
import { api } from "../api/client.ts";
import { serverNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, Button, DataTable, DialogBox, EmptyState, Skeleton, TextField, notify, type TableColumn } from "../design/index.ts";
import { useCityTimeZone } from "../shell/city.ts";
import { useMay, useSession } from "../shell/session.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { formatMoment, parseMoment } from "../words/zoned-time.ts";
import { DEFAULT_REVIEW_MS, isReviewDay } from "./export-range.ts";
import { evidenceWords } from "./words.ts";

const EVERY_MS = 15_000;
const PAGE = 50;

export function HoldsList() {
  const words = useWords(evidenceWords).list;
  const format = useFormat();
  const mayReview = useMay("hold.write");
  const mayRelease = useMay("hold.release");
  const me = useSession(({ now }) => (now.state === "logged-in" ? now.session.account.id : null));
  const [offset, setOffset] = useState(0);
  const reading = useCall("listHolds", { query: { order: "due", limit: PAGE, offset } }, EVERY_MS);
  const page = reading.data;
  useEffect(() => {
    if (page !== null && page.holds.length === 0 && offset > 0) setOffset(Math.floor(Math.max(0, page.total - 1) / PAGE) * PAGE); // the last page was emptied
  }, [page, offset]);
  const [chosen, setChosen] = useState<{ readonly hold: Hold; readonly step: "review" | "release" } | null>(null);
  const columns = useMemo((): readonly TableColumn<Hold>[] => [
    { id: "state", title: words.state, width: 190, render: (h) => {
      const day = format.date(h.reviewAt);
      return <span className={h.state === "overdue" ? "mean-decide" : ""} title={h.waitingFor.length === 0 ? "" : words.waiting(h.waitingFor.length)}>{h.state === "released" ? words.released : h.state === "overdue" ? words.overdue(day) : words.until(day)}{h.waitingFor.length > 0 ? " …" : ""}</span>;
    } },
    { id: "at", title: words.when, width: 170, render: (h) => format.exact(h.madeAt) },
    { id: "who", title: words.who, width: "2fr", render: (h) => h.madeBy.name },
    { id: "cameras", title: words.cameras, width: "3fr", render: (h) => <span title={h.cameras.map(({ code, name }) => `${code} ${name}`).join("\n")}>{h.cameras.map(({ code }) => code).join(", ")}</span> },
    { id: "range", title: words.range, width: 250, render: (h) => format.exactRange(h.from, h.to) },
    { id: "why", title: words.why, width: "5fr", render: (h) => <span title={h.words ?? ""}>{h.words ?? (h.incidentId === null ? "" : words.incident(String(h.incidentId)))}</span> },
    { id: "do", title: "", width: 270, render: (h) => h.state === "released" ? "" : <>
      {mayReview && <Button className="cell-action" onPress={() => setChosen({ hold: h, step: "review" })}>{words.reviewed}</Button>}
      {mayRelease && (h.madeBy.kind === "user" && h.madeBy.id === me
        ? <span className="quiet" title={words.ownHold}>{words.byAnother}</span>
        : <Button className="cell-action" onPress={() => setChosen({ hold: h, step: "release" })}>{words.release}</Button>)}
    </> },
  ], [words, format, mayReview, mayRelease, me]);
  return (
    <>
      {page !== null && page.total > 0 && (
        <p className="evidence-count" role="status">
          {words.open(page.open)}
          {page.overdue > 0 && <b className="mean-decide">{words.overdueCount(page.overdue)}</b>}
          {page.total > page.open && <span className="quiet">{words.releasedCount(page.total - page.open)}</span>}
        </p>
      )}
      <div className="inspect-table" style={{ "--rows": page?.holds.length ?? 3 } as React.CSSProperties}>
        {reading.data === null ? (reading.problem === null ? <Skeleton rows={4} /> : <BrokenState error={reading.problem} retry={reading.again} />)
          : <DataTable label={words.holds} columns={columns} rows={reading.data.holds} empty={<EmptyState>{words.noHolds}</EmptyState>} />}
      </div>
      {page !== null && page.total > PAGE && (
        <nav className="evidence-pages" aria-label={words.holds}>
          <Button isDisabled={offset === 0} onPress={() => setOffset(offset - PAGE)}>{words.back}</Button>
          <span className="quiet">{words.page(offset + 1, offset + page.holds.length, page.total)}</span>
          <Button isDisabled={offset + PAGE >= page.total} onPress={() => setOffset(offset + PAGE)}>{words.on}</Button>
        </nav>
      )}
      {chosen !== null && <StepDialog {...chosen} onClose={() => { setChosen(null); reading.again(); }} />}
    </>
  );
}

function StepDialog({ hold, step, onClose }: { readonly hold: Hold; readonly step: "review" | "release"; readonly onClose: () => void }) {
  const all = useWords(evidenceWords);
  const words = all.list;
  const zone = useCityTimeZone();
  const problemText = useProblemText();
  const [text, setText] = useState("");
  const [review, setReview] = useState(() => formatMoment(serverNow() + DEFAULT_REVIEW_MS, zone).slice(0, 10));
  const [tried, setTried] = useState(false);
  const reviewAt = parseMoment(review, zone, serverNow());
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (text.trim() === "" || (step === "review" && !isReviewDay(reviewAt, serverNow()))) return;
    try {
      if (step === "release") await api.call("releaseHold", { params: { id: hold.id }, body: { words: text.trim() } });
      else await api.call("reviewHold", { params: { id: hold.id }, body: { words: text.trim(), reviewAt: reviewAt! } });
      onClose();
    } catch (error) {
      notify("danger", problemText(error));
    }
  };
  return (
    <DialogBox title={step === "release" ? words.releaseTitle(String(hold.id)) : words.reviewTitle(String(hold.id))} open onClose={onClose}>
      <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
        <p className="quiet">{hold.cameras.map(({ code, name }) => `${code} ${name}`).join(" · ")}</p>
        <TextField label={step === "release" ? words.releaseWhy : words.reviewWhy} value={text} onChange={setText} maxLength={500} autoFocus fault={tried && text.trim() === "" ? all.exports.wordsFault : undefined} />
        {step === "review" && <TextField label={all.keep.review} value={review} onChange={setReview} fault={tried && !isReviewDay(reviewAt, serverNow()) ? all.keep.reviewFault : undefined} />}
        <footer className="dialog-foot">
          <Button onPress={onClose}>{all.exports.cancel}</Button>
          <Button type="submit" tone={step === "release" ? "danger" : "primary"}>{step === "release" ? words.release : words.reviewed}</Button>
        </footer>
      </form>
    </DialogBox>
  );
}
