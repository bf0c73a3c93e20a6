// Many cameras at once from CSV: good rows go in, each bad one is listed with its line, its field, what stood there and what was expected.
import { useState, type ChangeEvent } from "react";
import type { z } from "zod";
import { CAMERA_CSV_COLUMNS, type CameraImportResult } from "../../../src/contract/cameras.ts";
import { api } from "../api/client.ts";
import { Button, TextAreaField } from "../design/index.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { camerasWords } from "./words.ts";

type Result = z.infer<typeof CameraImportResult>;
const MOST_BYTES = 50_000_000; // contract: importCameras.csv
const IMPORT_WITHIN_MS = 120_000;

export function ImportDialog({ onDone }: { readonly onDone: () => void }) {
  const words = useWords(camerasWords).import;
  const format = useFormat();
  const problemText = useProblemText();
  const [csv, setCsv] = useState("");
  const [fileName, setFileName] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [result, setResult] = useState<Result | null>(null);
  const [working, setWorking] = useState(false);

  const pick = async (event: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const file = event.target.files?.[0];
    setResult(null);
    if (file === undefined) return;
    if (file.size > MOST_BYTES) return setProblem(words.tooLarge(format.bytes(MOST_BYTES)));
    setProblem(null);
    setFileName(file.name);
    setCsv(await file.text());
  };
  const run = async (): Promise<void> => {
    setWorking(true);
    setProblem(null);
    try {
      setResult(await api.call("importCameras", { body: { csv } }, { timeoutMs: IMPORT_WITHIN_MS }));
      onDone();
    } catch (error) {
      setProblem(problemText(error));
    } finally {
      setWorking(false);
    }
  };
  const rows = csv === "" ? 0 : csv.trim().split("\n").length - 1;
  return (
    <div className="stack import">
      <p className="quiet">{words.what}</p>
      <p className="mono import-columns">{CAMERA_CSV_COLUMNS.join(", ")}</p>
      <label className="field"><span className="field-label">{words.file}</span><input type="file" accept=".csv,text/csv" onChange={(e) => void pick(e)} /></label>
      {fileName === null ? <TextAreaField label={words.paste} rows={5} value={csv} onChange={setCsv} /> : <p>{words.chosen(fileName, format.number(rows))}</p>}
      {problem !== null && <p className="mean-danger" role="alert">{problem}</p>}
      {result !== null && (
        <div role="status" className="stack">
          <p><b>{words.result(format.number(result.added), format.number(result.rejectedTotal))}</b></p>
          {result.rejected.length > 0 && (
            <div className="import-rows">
              <table>
                <thead><tr><th scope="col">{words.line}</th><th scope="col">{words.field}</th><th scope="col">{words.value}</th><th scope="col">{words.expected}</th></tr></thead>
                <tbody>{result.rejected.map((r, i) => <tr key={i}><td>{r.line}</td><td className="mono">{r.field}</td><td className="mono">{r.value}</td><td>{r.expected}</td></tr>)}</tbody>
              </table>
            </div>
          )}
        </div>
      )}
      <div><Button tone="primary" onPress={() => void run()} isDisabled={rows < 1 || working}>{working ? words.working : words.action(rows)}</Button></div>
    </div>
  );
}
