// Many cameras at once from CSV, in three steps: a list is given, the server checks each row, the good rows go in. Checked before, since a list of
// thousands that is half in is hard to mend. It goes in by pieces, so that the progress is true; rows that are not taken come back as a file.
import { useRef, useState, type DragEvent } from "react";
import type { z } from "zod";
import { CAMERA_CSV_COLUMNS, type CameraImportResult } from "../../../src/contract/cameras.ts";
import { api } from "../api/client.ts";
import { ApiProblem } from "../api/problem.ts";
import { Button, StatusMark, TextAreaField } from "../design/index.ts";
import { useCity } from "../shell/city.ts";
import { useFaultText, useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { cutCsv, inWholeList, joinCsv, partRecords, piecesOf, type CsvList, type CsvRecord } from "./csv-records.ts";
import { templateOf } from "./csv-template.ts";
import { camerasWords } from "./words.ts";

type Result = z.infer<typeof CameraImportResult>;
type Rejected = Result["rejected"];
type Step =
  | { readonly at: "choose" }
  | { readonly at: "checking"; readonly rows: number }
  | { readonly at: "checked"; readonly list: CsvList; readonly check: Result; readonly good: readonly CsvRecord[]; readonly faulty: readonly CsvRecord[] }
  | { readonly at: "importing"; readonly done: number; readonly of: number }
  | { readonly at: "done"; readonly list: CsvList; readonly added: number; readonly rejected: Rejected; readonly faulty: readonly CsvRecord[]; readonly unknown: readonly CsvRecord[]; readonly stopped: string | null };

const MOST_BYTES = 50_000_000; // contract: importCameras.csv
const WITHIN_MS = 120_000;
const PIECE_ROWS = 500;
const MOST_SHOWN = 200;

export function ImportDialog({ onDone }: { readonly onDone: () => void }) {
  const words = useWords(camerasWords).import;
  const format = useFormat();
  const problemText = useProblemText();
  const [pasted, setPasted] = useState("");
  const [fileName, setFileName] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [step, setStep] = useState<Step>({ at: "choose" });

  const check = async (csv: string): Promise<void> => {
    setProblem(null);
    const list = cutCsv(csv);
    if (list === null) return setProblem(words.empty);
    setStep({ at: "checking", rows: list.records.length });
    try {
      const found = await api.call("importCameras", { query: { check: "true" }, body: { csv } }, { timeoutMs: WITHIN_MS });
      setStep({ at: "checked", list, check: found, ...partRecords(list, found.rejectedLines) });
    } catch (error) {
      setProblem(problemText(error));
      setStep({ at: "choose" });
    }
  };
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    if (file.size > MOST_BYTES) return setProblem(words.tooLarge(format.bytes(MOST_BYTES)));
    setFileName(file.name);
    await check(await file.text());
  };
  const run = async ({ list, good, check: found, faulty }: Extract<Step, { at: "checked" }>): Promise<void> => {
    let added = 0;
    const late: Rejected = []; // good when they were checked, and no longer: somebody was first with a code
    const lateLines = new Set<number>();
    let stopped: string | null = null;
    let unknown = 0; // rows that were sent, of which nobody knows whether they went in
    setStep({ at: "importing", done: 0, of: good.length });
    let done = 0;
    for (const piece of piecesOf(list.header, good, PIECE_ROWS)) {
      try {
        const result = await api.call("importCameras", { query: {}, body: { csv: piece.csv } }, { timeoutMs: WITHIN_MS });
        added += result.added;
        const lineOf = inWholeList(list.header, piece.records);
        late.push(...result.rejected.map((one) => ({ ...one, line: lineOf(one.line) })));
        for (const line of result.rejectedLines) lateLines.add(lineOf(line));
      } catch (error) {
        stopped = problemText(error);
        // Only a refusal says that nothing went in; given again, each row without a code would be a second camera.
        if (!(error instanceof ApiProblem) || error.status === 0 || error.status >= 500) unknown = piece.records.length;
        break;
      }
      done += piece.records.length;
      setStep({ at: "importing", done, of: good.length });
    }
    const untried = good.slice(done + unknown);
    const left = [...faulty, ...good.slice(0, done).filter((one) => lateLines.has(one.line)), ...untried].toSorted((a, b) => a.line - b.line);
    setStep({ at: "done", list, added, rejected: [...found.rejected, ...late].toSorted((a, b) => a.line - b.line), faulty: left, unknown: good.slice(done, done + unknown), stopped });
    onDone();
  };
  const again = (): void => {
    setStep({ at: "choose" });
    setFileName(null);
    setPasted("");
  };

  return (
    <div className="stack import" data-step={step.at}>
      {problem !== null && <p className="mean-danger" role="alert">{fileName === null ? problem : `${fileName}: ${problem}`}</p>}
      {step.at === "choose" && (
        <>
          <p className="quiet">{words.what}</p>
          <FileDrop onFile={(file) => void take(file)} />
          <TextAreaField label={words.paste} rows={4} value={pasted} onChange={setPasted} />
          <div className="row">
            <Button tone="primary" onPress={() => { setFileName(null); void check(pasted); }} isDisabled={pasted.trim() === ""}>{words.check}</Button>
            <TemplateButton />
          </div>
          <details className="import-columns"><summary>{words.columns}</summary><p className="mono">{CAMERA_CSV_COLUMNS.join(", ")}</p></details>
        </>
      )}
      {step.at === "checking" && <p role="status">{words.checking(step.rows)}</p>}
      {step.at === "checked" && (
        <>
          <p role="status" className="import-counts">
            {fileName !== null && <b className="clip">{fileName}</b>}
            <span className="row"><StatusMark tone="free" letter="✓" label="" />{words.good(step.check.added)}</span>
            {step.check.rejectedTotal > 0 && <span className="row"><StatusMark tone="danger" letter="!" label="" />{words.bad(step.check.rejectedTotal)}</span>}
          </p>
          {step.check.notices.length > 0 && <p className="mean-decide">{words.passedOver(format.list(step.check.notices.map((one) => one.field)))}</p>}
          <Faults rejected={step.check.rejected} />
          <div className="row">
            <Button tone="primary" onPress={() => void run(step)} isDisabled={step.good.length === 0}>{step.good.length === 0 ? words.noGood : words.action(step.good.length)}</Button>
            <FaultyButton list={step.list} faulty={step.faulty} fileName={fileName} />
            <Button tone="quiet" onPress={again}>{words.other}</Button>
          </div>
        </>
      )}
      {step.at === "importing" && (
        <div role="status" className="stack">
          <p>{words.importing(format.number(step.done), format.number(step.of))}</p>
          <progress className="import-progress" value={step.done} max={step.of} aria-label={words.title} />
        </div>
      )}
      {step.at === "done" && (
        <>
          <p role="status"><b>{words.result(step.added, step.faulty.length)}</b></p>
          {step.stopped !== null && <p className="mean-danger" role="alert">{words.stopped} {step.stopped}</p>}
          {step.unknown.length > 0 && <p className="mean-decide" role="alert">{words.notKnown(step.unknown.length, format.number(step.unknown[0]!.line), format.number(step.unknown.at(-1)!.line))}</p>}
          <Faults rejected={step.rejected} />
          <div className="row">
            <FaultyButton list={step.list} faulty={step.faulty} fileName={fileName} />
            {step.unknown.length > 0 && <Button onPress={() => download(words.notKnownName(baseName(fileName)), joinCsv(step.list.header, step.unknown))}>{words.saveNotKnown(step.unknown.length)}</Button>}
            <Button onPress={again}>{words.other}</Button>
          </div>
        </>
      )}
    </div>
  );
}

function FileDrop({ onFile }: { readonly onFile: (file: File | undefined) => void }) {
  const words = useWords(camerasWords).import;
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    onFile(event.dataTransfer.files[0]);
  };
  return (
    <div className={`file-drop ${over ? "file-drop-over" : ""}`} onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={onDrop}>
      <input ref={input} type="file" accept=".csv,text/csv" aria-label={words.file} tabIndex={-1} className="file-input" onChange={(e) => { onFile(e.target.files?.[0]); e.target.value = ""; }} />
      <Button autoFocus onPress={() => input.current?.click()}>{words.choose}</Button>
      <span className="quiet">{words.drop}</span>
    </div>
  );
}

function Faults({ rejected }: { readonly rejected: Rejected }) {
  const words = useWords(camerasWords).import;
  const faultText = useFaultText();
  const format = useFormat();
  if (rejected.length === 0) return null;
  return (
    <>
      <div className="import-rows" tabIndex={0} role="region" aria-label={words.faults}>
        <table>
          <thead><tr><th scope="col">{words.line}</th><th scope="col">{words.field}</th><th scope="col">{words.value}</th><th scope="col">{words.expected}</th></tr></thead>
          <tbody>{rejected.slice(0, MOST_SHOWN).map((r, i) => <tr key={i}><td>{r.line}</td><td className="mono">{r.field}</td><td className="mono" title={r.value}>{valueText(r.value, words)}</td><td>{faultText(r)}</td></tr>)}</tbody>
        </table>
      </div>
      {rejected.length > MOST_SHOWN && <p className="quiet">{words.moreFaults(format.number(rejected.length - MOST_SHOWN))}</p>}
    </>
  );
}
/** What the server says in place of a value, in the user's words. */
function valueText(value: string, words: { readonly absent: string; readonly hidden: string; readonly unreadable: string }): string {
  if (value === "absent" || value === "") return words.absent;
  return value === "(not shown)" ? words.hidden : value === "(not readable)" ? words.unreadable : value;
}

function download(name: string, csv: string): void {
  const url = URL.createObjectURL(new Blob(["\ufeff", csv], { type: "text/csv;charset=utf-8" })); // the mark tells spreadsheets that it is UTF-8
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
const baseName = (fileName: string | null): string => (fileName ?? "cameras.csv").replace(/\.csv$/i, "");
function FaultyButton({ list, faulty, fileName }: { readonly list: CsvList; readonly faulty: readonly CsvRecord[]; readonly fileName: string | null }) {
  const words = useWords(camerasWords).import;
  if (faulty.length === 0) return null;
  return <Button onPress={() => download(words.faultyName(baseName(fileName)), joinCsv(list.header, faulty))}>{words.saveFaulty(faulty.length)}</Button>;
}
function TemplateButton() {
  const words = useWords(camerasWords);
  const centre = useCity((s) => s.city?.centre);
  return <Button tone="quiet" onPress={() => download("cameras-template.csv", templateOf(words.examples, centre ?? { lon: 0, lat: 0 }))}>{words.import.template}</Button>;
}
