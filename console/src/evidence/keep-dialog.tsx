// Keep as evidence: what was recorded in the range is not deleted until somebody releases it.
import { useState, type FormEvent } from "react";
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { api } from "../api/client.ts";
import { serverNow } from "../api/now.ts";
import { Button, DialogBox, TextField, notify } from "../design/index.ts";
import { useCityTimeZone } from "../shell/city.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useWords } from "../words/use-words.ts";
import { formatMoment, parseMoment } from "../words/zoned-time.ts";
import { useCamerasNamed } from "./cameras-named.ts";
import "./evidence.css";
import { DEFAULT_REVIEW_MS, isReviewDay } from "./export-range.ts";
import { RangeFields, useRange } from "./range-fields.tsx";
import { ReasonFields, useReasonFields } from "./reason-fields.tsx";
import { evidenceWords } from "./words.ts";

/** Mounted while it is open. */
export function KeepDialog({ cameraIds, from, to, reason, onClose }: { readonly cameraIds: readonly number[]; readonly from: number; readonly to: number; readonly reason: ViewReason | null; readonly onClose: () => void }) {
  const words = useWords(evidenceWords);
  const problemText = useProblemText();
  const zone = useCityTimeZone();
  const named = useCamerasNamed(cameraIds);
  const range = useRange(from, to);
  const why = useReasonFields(reason);
  const [review, setReview] = useState(() => formatMoment(serverNow() + DEFAULT_REVIEW_MS, zone).slice(0, 10));
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const reviewAt = parseMoment(review, zone, serverNow());
  const isOrdered = range.from !== undefined && range.to !== undefined && range.to > range.from;

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (!isOrdered || why.reason === undefined || cameraIds.length === 0 || busy || !isReviewDay(reviewAt, serverNow())) return;
    setBusy(true);
    try {
      const body = { cameraIds: [...cameraIds], from: range.from!, to: range.to!, reviewAt, incidentId: why.reason.purpose === "incident" ? why.reason.incidentId : null, words: "words" in why.reason ? why.reason.words : null };
      const hold = await api.call("createHold", { body });
      notify("free", words.keep.kept(String(hold.id)));
      onClose();
    } catch (error) {
      notify("danger", problemText(error));
      setBusy(false);
    }
  };
  return (
    <DialogBox title={words.keep.title} open onClose={onClose}>
      <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
        <p className="quiet">{words.keep.intro}</p>
        <RangeFields cameraIds={cameraIds} named={named} range={range} fault={tried && !isOrdered ? words.exports.rangeFault : undefined} />
        <ReasonFields state={why} tried={tried} />
        <TextField label={words.keep.review} value={review} onChange={setReview} hint={words.keep.reviewHint} fault={tried && !isReviewDay(reviewAt, serverNow()) ? words.keep.reviewFault : undefined} />
        <footer className="dialog-foot">
          <Button onPress={onClose}>{words.exports.cancel}</Button>
          <Button type="submit" tone="primary" isDisabled={busy || cameraIds.length === 0}>{words.keep.save}</Button>
        </footer>
      </form>
    </DialogBox>
  );
}
