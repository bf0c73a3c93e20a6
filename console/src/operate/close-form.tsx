import { useEffect, useRef, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import { DISPOSITIONS } from "../../../src/contract/dispatch.ts";
import { useLive } from "../api/live-link.ts";
import { Button, KeyHint, TextField } from "../design/index.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { setClosing } from "./store.ts";
import { isLive, type IncidentView } from "./tones.ts";
import { operateWords } from "./words.ts";

type Disposition = (typeof DISPOSITIONS)[number];

/** How it ended: a code (1 to 9), words if there is more to say, Enter. Open units are released by it, which the timeline tells. */
export function CloseForm({ incident }: { readonly incident: IncidentView }) {
  const words = useWords(operateWords).incident;
  const domain = useWords(domainWords);
  const format = useFormat();
  const act = useAct();
  const [disposition, setDisposition] = useState<Disposition | null>(null);
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const { assignments, units } = useLive(useShallow((s) => ({ assignments: s.assignments, units: s.units })));
  const ended = incident.assignmentIds.flatMap((id) => {
    const job = assignments.get(id);
    return job !== undefined && isLive(job.state) ? [`${units.get(job.unitId)?.callSign ?? job.unitId} (${domain.assignmentStates[job.state]})`] : [];
  });
  useEffect(() => form.current?.querySelector("button")?.focus(), []);
  const close = (): void => {
    if (disposition === null || busy) return;
    setBusy(true);
    void act({ type: "incident.close", incidentId: incident.id, disposition, words: text.trim() }).then((done) => {
      setBusy(false);
      if (done !== null) setClosing(false);
    });
  };
  return (
    <form
      ref={form} className="close-form" aria-label={words.closeTitle} onSubmit={(e) => { e.preventDefault(); close(); }}
      onKeyDown={(e) => {
        if (e.key === "Escape") { e.stopPropagation(); setClosing(false); }
        const picked = DISPOSITIONS[Number(e.key) - 1];
        if (picked !== undefined && !(e.target instanceof HTMLInputElement)) { e.preventDefault(); setDisposition(picked); form.current?.querySelector("input")?.focus(); }
      }}
    >
      <p className="quiet">{words.closeTitle}</p>
      <div className="close-codes">
        {DISPOSITIONS.map((code, i) => (
          <button key={code} type="button" className="code-button" aria-pressed={disposition === code} onClick={() => { setDisposition(code); form.current?.querySelector("input")?.focus(); }}>
            <KeyHint keys={String(i + 1)} /> {domain.dispositions[code]}
          </button>
        ))}
      </div>
      {ended.length > 0 && <p className="close-jobs" role="status">{words.closeEnds(ended.length, format.list(ended))}</p>}
      <TextField label={words.closeWords} value={text} onChange={setText} maxLength={2000} />
      <div className="row">
        <Button type="submit" tone="primary" isDisabled={disposition === null || busy} keys="Enter">{disposition === null ? words.close : words.closeAction(domain.dispositions[disposition])}</Button>
        <Button tone="quiet" onPress={() => setClosing(false)} keys="Escape">{words.back}</Button>
      </div>
    </form>
  );
}
