// Export as evidence: cameras, range, reason; then the download and how far it is. Closing the dialog stops nothing.
import { useCallback, useEffect, useState, type FormEvent } from "react";
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { MOST_EXPORT_CAMERAS, type EvidenceExport } from "../../../src/contract/evidence.ts";
import { api } from "../api/client.ts";
import { serverNow } from "../api/now.ts";
import { Button, DialogBox, SwitchField, notify } from "../design/index.ts";
import { useProblemText, useRuleText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { areNamed, besideOf, chosenOf, useCamerasNamed } from "./cameras-named.ts";
import { startDownload } from "./download.ts";
import { findRangeFault } from "./export-range.ts";
import { RangeFields, useRange } from "./range-fields.tsx";
import { ReasonFields, useReasonFields } from "./reason-fields.tsx";
import "./evidence.css";
import { evidenceWords } from "./words.ts";

export interface ExportDialogProps {
  readonly cameraIds: readonly number[];
  readonly from: number;
  readonly to: number;
  /** What the person looks for already; null: is asked. */
  readonly reason: ViewReason | null;
  readonly onClose: () => void;
}

const ASK_MS = 1_000;

/** Mounted while it is open. */
export function ExportDialog({ cameraIds, from, to, reason, onClose }: ExportDialogProps) {
  const words = useWords(evidenceWords).exports;
  const problemText = useProblemText();
  const ruleText = useRuleText();
  const named = useCamerasNamed(cameraIds);
  const beside = besideOf(named.values());
  const range = useRange(from, to);
  const why = useReasonFields(reason);
  const [sound, setSound] = useState(true);
  const [metadata, setMetadata] = useState(true);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState<readonly EvidenceExport[] | null>(null);
  const [refused, setRefused] = useState<readonly string[]>([]);
  const [over, setOver] = useState(0);
  const tellOver = useCallback((): void => setOver((held) => held + 1), []);
  const rangeFault = findRangeFault(range.from, range.to, serverNow());
  const isFit = cameraIds.length > 0 && cameraIds.length <= MOST_EXPORT_CAMERAS && areNamed(cameraIds, named);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (rangeFault !== undefined || why.reason === undefined || !isFit || busy) return;
    setBusy(true);
    try {
      const answer = await api.call("createExports", { body: { cameraIds: [...cameraIds], from: range.from!, to: range.to!, reason: why.reason, ...chosenOf(beside, { sound, metadata }) } });
      for (const { url, token } of answer.exports) startDownload(url, token);
      setRefused(answer.refused.map(({ reason: { code } }) => ruleText(code)));
      setAsked(answer.exports.map((one) => one.export));
    } catch (error) {
      notify("danger", problemText(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <DialogBox title={words.title} open onClose={onClose}>
      {asked === null ? (
        <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
          <p className="quiet">{words.intro}</p>
          <RangeFields cameraIds={cameraIds} named={named} range={range} fault={tried && rangeFault !== undefined ? words[rangeFault] : undefined} />
          {cameraIds.length > MOST_EXPORT_CAMERAS && <p className="mean-danger" role="alert">{words.mostFault}</p>}
          <ReasonFields state={why} tried={tried} />
          {(beside.sound || beside.metadata) && (
            <fieldset className="evidence-beside">
              {beside.sound && <SwitchField label={words.withSound} value={sound} onChange={setSound} />}
              {beside.metadata && <SwitchField label={words.withMetadata} value={metadata} onChange={setMetadata} />}
              <p className="quiet">{words.besideWhat}{beside.metadata && ` ${words.metadataWhat}`}</p>
            </fieldset>
          )}
          <footer className="dialog-foot">
            <Button onPress={onClose}>{words.cancel}</Button>
            <Button type="submit" tone="primary" isDisabled={busy || !isFit}>{words.start}</Button>
          </footer>
        </form>
      ) : (
        <div className="stack">
          {asked.length > 1 && <p>{words.several}</p>}
          {asked.map((one) => <ExportProgress key={one.id} first={one} onOver={tellOver} />)}
          {refused.map((text) => <p key={text} className="mean-danger" role="alert">{words.refused(text)}</p>)}
          {over < asked.length && <p className="quiet">{words.goesOn}</p>}
          <footer className="dialog-foot"><Button tone="primary" autoFocus onPress={onClose}>{words.close}</Button></footer>
        </div>
      )}
    </DialogBox>
  );
}

function ExportProgress({ first, onOver }: { readonly first: EvidenceExport; readonly onOver: () => void }) {
  const all = useWords(evidenceWords);
  const words = all.exports;
  const format = useFormat();
  const problemText = useProblemText();
  const [held, setHeld] = useState(first);
  const goesOn = held.endedAt === null && held.state !== "lapsed";
  useEffect(() => {
    if (!goesOn) return onOver();
    const timer = setInterval(() => void api.call("getExport", { params: { id: first.id } }).then(setHeld, () => undefined), ASK_MS); // asked again in a second
    return () => clearInterval(timer);
  }, [goesOn, first.id, onOver]);
  const share = held.state === "complete" ? 1 : held.ofBytes === null || held.ofBytes === 0 ? 0 : held.bytes / held.ofBytes;
  const stop = (): void => void api.call("cancelExport", { params: { id: first.id } }).catch((error: unknown) => notify("danger", problemText(error)));
  return (
    <section className="evidence-progress" aria-label={words.package(String(first.id))}>
      <div className="row"><b>{words.package(String(first.id))}</b><span className={held.state === "failed" ? "mean-danger" : "quiet"} role="status">{all.states[held.state]}</span>
        {goesOn && <Button tone="quiet" className="end" onPress={stop}>{words.stop}</Button>}
      </div>
      <div className="evidence-bar" role="progressbar" aria-label={words.package(String(first.id))} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.floor(share * 100)}><span style={{ width: `${share * 100}%` }} /></div>
      <p className="quiet">{held.fault !== null ? all.faults[held.fault] : held.ofBytes === null ? (held.bytes > 0 ? format.bytes(held.bytes) : " ") : words.of(format.bytes(held.bytes), format.bytes(held.ofBytes))}</p>
      {held.sha256 !== null && <p><span className="quiet">{words.sha}</span><code className="evidence-hash">{held.sha256}</code></p>}
    </section>
  );
}
