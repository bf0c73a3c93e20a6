// A list of CSV in two steps: the server checks each row, then the good rows go in. Lists of platforms and of shifts are some thousands of rows, so they go in one piece; the longer list of cameras has its own dialog, with a progress.
import { useRef, useState } from "react";
import type { LineFault } from "../../../src/contract/duty.ts";
import { ApiProblem } from "../api/problem.ts";
import { Button, DialogBox, StatusMark, TextAreaField, notify } from "../design/index.ts";
import { useFaultText, useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { dutyWords } from "./duty-words.ts";

const MOST_BYTES = 5_000_000; // contract: DutyCsv
const MOST_SHOWN = 200;

export interface ListTaken {
  readonly taken: number;
  readonly rejected: readonly LineFault[];
  readonly rejectedLines: readonly number[];
  readonly notices: readonly { readonly field: string }[];
}

export function ListImport({ title, what, send, onClose, onDone }: { readonly title: string; readonly what: string; readonly send: (csv: string, check: boolean) => Promise<ListTaken>; readonly onClose: () => void; readonly onDone: () => void }) {
  const words = useWords(dutyWords).list;
  const format = useFormat();
  const problemText = useProblemText();
  const file = useRef<HTMLInputElement>(null);
  const [pasted, setPasted] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [checked, setChecked] = useState<{ readonly csv: string; readonly answer: ListTaken } | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async (csv: string, check: boolean): Promise<void> => {
    setProblem(null);
    setBusy(true);
    try {
      const answer = await send(csv, check);
      if (check) return setChecked({ csv, answer });
      notify("free", words.done(answer.taken));
      onDone();
      onClose();
    } catch (error) {
      const entered = error instanceof ApiProblem ? error.problem.details?.["entered"] : undefined; // of a long list, before it was refused
      setProblem(typeof entered === "number" ? `${problemText(error)} ${words.enteredBefore(entered)}` : problemText(error));
      if (typeof entered === "number") onDone();
    } finally {
      setBusy(false);
    }
  };
  const take = async (chosen: File | undefined): Promise<void> => {
    if (chosen === undefined) return;
    if (chosen.size > MOST_BYTES) return setProblem(words.tooLarge);
    await run(await chosen.text(), true);
  };
  return (
    <DialogBox title={title} open onClose={onClose} wide>
      <div className="stack import" data-step={checked === null ? "choose" : "checked"}>
        {problem !== null && <p className="mean-danger" role="alert">{problem}</p>}
        {checked === null ? (
          <>
            <p className="quiet">{what}</p>
            <div className="row">
              <input ref={file} type="file" accept=".csv,text/csv" aria-label={words.file} tabIndex={-1} className="file-input" onChange={(event) => { void take(event.target.files?.[0]); event.target.value = ""; }} />
              <Button autoFocus onPress={() => file.current?.click()} isDisabled={busy}>{words.choose}</Button>
            </div>
            <TextAreaField label={words.paste} rows={6} value={pasted} onChange={setPasted} />
            <div className="row"><Button tone="primary" onPress={() => void run(pasted, true)} isDisabled={busy || pasted.trim() === ""}>{words.check}</Button></div>
          </>
        ) : (
          <>
            <p role="status" className="import-counts">
              <span className="row"><StatusMark tone="free" letter="✓" label="" />{words.good(checked.answer.taken)}</span>
              {checked.answer.rejectedLines.length > 0 && <span className="row"><StatusMark tone="danger" letter="!" label="" />{words.bad(checked.answer.rejectedLines.length)}</span>}
            </p>
            {checked.answer.notices.length > 0 && <p className="mean-decide">{words.passedOver(format.list(checked.answer.notices.map(({ field }) => field)))}</p>}
            <Faults rejected={checked.answer.rejected} />
            <div className="row">
              <Button tone="primary" autoFocus onPress={() => void run(checked.csv, false)} isDisabled={busy || checked.answer.taken === 0}>{checked.answer.taken === 0 ? words.noGood : words.take(checked.answer.taken)}</Button>
              <Button tone="quiet" onPress={() => { setChecked(null); setProblem(null); }}>{words.other}</Button>
            </div>
          </>
        )}
      </div>
    </DialogBox>
  );
}

function Faults({ rejected }: { readonly rejected: readonly LineFault[] }) {
  const words = useWords(dutyWords).list;
  const faultText = useFaultText();
  if (rejected.length === 0) return null;
  return (
    <div className="import-rows" tabIndex={0} role="region" aria-label={words.faults}>
      <table>
        <thead><tr><th scope="col">{words.line}</th><th scope="col">{words.field}</th><th scope="col">{words.value}</th><th scope="col">{words.expected}</th></tr></thead>
        <tbody>{rejected.slice(0, MOST_SHOWN).map((fault, i) => <tr key={i}><td>{fault.line}</td><td className="mono">{fault.field}</td><td className="mono" title={fault.value}>{fault.value === "absent" ? "–" : fault.value}</td><td>{faultText(fault)}</td></tr>)}</tbody>
      </table>
    </div>
  );
}
