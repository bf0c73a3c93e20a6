// "Verify a package": a ZIP or an unpacked folder, dropped or chosen, read on this machine by a worker. The installation's own key is offered as the known one, and can be
// replaced by another city's.
import { useEffect, useRef, useState, type DragEvent } from "react";
import type { FromVerifier } from "./verify-worker.ts";
import { judgeFingerprint, parseFingerprint } from "../../../src/evidence/fingerprint.ts";
import type { Verdict } from "../../../src/evidence/verify.ts";
import { Button, TextField } from "../design/index.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { chosenFiles, readDropped, type PackageFile } from "./dropped-files.ts";
import { evidenceWords } from "./words.ts";

type State =
  | { readonly kind: "idle" }
  | { readonly kind: "reading"; readonly done: number; readonly of: number }
  | { readonly kind: "told"; readonly verdict: Verdict }
  | { readonly kind: "failed"; readonly text: string };

export function VerifyPanel({ ownFingerprint }: { readonly ownFingerprint: string | null }) {
  const all = useWords(evidenceWords);
  const words = all.verify;
  const format = useFormat();
  const [typed, setTyped] = useState<string | null>(null);
  const known = typed ?? ownFingerprint ?? "";
  const fingerprint = known.trim() === "" ? null : parseFingerprint(known);
  const [state, setState] = useState<State>({ kind: "idle" });
  const [over, setOver] = useState(false);
  const worker = useRef<Worker | null>(null);
  useEffect(() => () => worker.current?.terminate(), []);

  const check = (files: readonly PackageFile[]): void => {
    if (files.length === 0) return;
    worker.current?.terminate();
    const made = new Worker(new URL("./verify-worker.ts", import.meta.url), { type: "module" });
    worker.current = made;
    setState({ kind: "reading", done: 0, of: 0 });
    made.addEventListener("message", ({ data }: MessageEvent<FromVerifier>) => {
      if (data.type === "progress") setState({ kind: "reading", done: data.done, of: data.of });
      else {
        setState(data.type === "verdict" ? { kind: "told", verdict: data.verdict } : { kind: "failed", text: data.type === "broke-off" ? words.worker : `${words.notPackage} ${data.why}` });
        made.terminate();
      }
    });
    made.addEventListener("error", () => setState({ kind: "failed", text: words.worker }));
    made.postMessage(files, { transfer: [] });
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    readDropped(event.dataTransfer).then(check, (error: unknown) => setState({ kind: "failed", text: `${words.notPackage} ${error instanceof Error ? error.message : String(error)}` }));
  };
  const chooser = (label: string, folder: boolean) => (
    <label className="button button-plain">{label}
      <input type="file" {...(folder ? { webkitdirectory: "", multiple: true } : { accept: ".zip,application/zip" })} onChange={(event) => { check(chosenFiles(event.target.files ?? [])); event.target.value = ""; }} />
    </label>
  );
  return (
    <section className="evidence-card" aria-label={words.title}>
      <h3>{words.title}</h3>
      <div className={`evidence-drop ${over ? "evidence-over" : ""}`} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={onDrop}>
        <p className="quiet">{words.what}</p>
        <div className="row">{chooser(words.choose, false)}{chooser(words.chooseFolder, true)}</div>
      </div>
      <TextField label={words.known} hint={words.knownHint} value={known} onChange={setTyped} maxLength={200} spellCheck="false" fault={fingerprint === undefined ? words.knownFault : undefined} />
      <div role="status" aria-live="polite">
        {state.kind === "reading" && <><p className="quiet">{words.reading(format.bytes(state.done), format.bytes(state.of))}</p><div className="evidence-bar"><span style={{ width: `${state.of === 0 ? 0 : (state.done / state.of) * 100}%` }} /></div></>}
        {state.kind === "failed" && <p className="evidence-verdict evidence-verdict-altered">{state.text}</p>}
        {state.kind === "told" && <Told verdict={judgeFingerprint(state.verdict, fingerprint ?? null)} />}
      </div>
      {(state.kind === "told" || state.kind === "failed") && <Button tone="quiet" onPress={() => setState({ kind: "idle" })}>{words.again}</Button>}
    </section>
  );
}

function Told({ verdict: { grade, findings, manifest, fingerprint, frames } }: { readonly verdict: Verdict }) {
  const all = useWords(evidenceWords);
  const words = all.verify;
  const format = useFormat();
  const told = useRef<HTMLParagraphElement>(null);
  useEffect(() => void told.current?.scrollIntoView({ block: "nearest" }), []); // newer browsers answer a promise, which React would take for a clean-up
  return (
    <>
      <p ref={told} className={`evidence-verdict evidence-verdict-${grade}`}>{all.grades[grade]}</p>
      {(["broken", "unchecked", "remark"] as const).map((level) => {
        const of = findings.filter((finding) => finding.level === level);
        return of.length === 0 ? null : (
          <div key={level}>
            <b>{words[level]}</b>
            <ul className="evidence-findings">{of.map(({ subject, code, detail }) => <li key={`${subject} ${code} ${detail}`}><b>{subject}</b> {all.findings[code]}{detail === "" ? "" : ` (${detail})`}</li>)}</ul>
          </div>
        );
      })}
      {manifest !== undefined && (
        <p className="quiet">
          {all.exports.package(String(manifest.exportId))} · {manifest.city} · {words.madeBy(manifest.askedBy.name, format.exact(manifest.askedBy.at))}<br />
          {format.exact(manifest.range.from)} – {format.exact(manifest.range.to)} · {manifest.cameras.map(({ code }) => code).join(", ")} · {words.pictures(frames)}<br />
          {words.fingerprint} <code className="evidence-hash">{fingerprint}</code>
        </p>
      )}
    </>
  );
}
