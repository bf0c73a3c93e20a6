// What both registers narrow by in the same way: words, two days, what was clicked, and the file of what is left.
import { useEffect, useRef, useState } from "react";
import { Button, DayEntry, TextField, notify } from "../design/index.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { EVER } from "../words/day-range.ts";
import { saveCsv } from "../words/save-file.ts";
import type { FilterAddress } from "./use-filter.ts";
import { inspectWords } from "./words.ts";

const TYPING_MS = 400; // each reading is recorded: not one for each letter

export function SearchTool({ label, filter }: { readonly label: string; readonly filter: FilterAddress }) {
  const said = filter.query["q"] ?? "";
  const [typed, setTyped] = useState(said);
  const set = useRef(filter.set);
  set.current = filter.set;
  useEffect(() => setTyped(said), [said]);
  useEffect(() => {
    if (typed.trim() === said) return;
    const timer = setTimeout(() => set.current({ q: typed.trim() }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, said]);
  return <TextField label={label} aria-label={label} placeholder={label} type="search" value={typed} onChange={setTyped} maxLength={120} />;
}

/** `assumed`: the first day where the address names none; emptying the field then asks for everything. */
export function DayTools({ filter, assumed }: { readonly filter: FilterAddress; readonly assumed?: string | undefined }) {
  const words = useWords(inspectWords).days;
  const day = (id: "from" | "to") => (
    <label className="day-field">
      <span className="quiet">{words[id]}</span>
      <DayEntry label={words[id]} value={(id === "from" ? filter.query[id] ?? assumed : filter.query[id]) ?? ""} onChange={(day) => filter.set({ [id]: day === "" && id === "from" && assumed !== undefined ? EVER : day })} />
    </label>
  );
  return <>{day("from")}{day("to")}</>;
}

/** What was clicked stands here, and a click takes it away. */
export function Narrowed({ label, onClear }: { readonly label: string; readonly onClear: () => void }) {
  const words = useWords(inspectWords);
  return <Button className="narrowed" aria-label={words.takeAway(label)} onPress={onClear}><span className="clip">{label}</span><span aria-hidden="true">×</span></Button>;
}

export function ExportButton({ name, ask }: { readonly name: string; readonly ask: () => Promise<{ readonly csv: string; readonly rows: number; readonly cut: boolean }> }) {
  const words = useWords(inspectWords).file;
  const format = useFormat();
  const problemText = useProblemText();
  const [busy, setBusy] = useState(false);
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      const { csv, rows, cut } = await ask();
      saveCsv(`${name}-${new Date().toISOString().slice(0, 16).replace(/[-:]/g, "").replace("T", "-")}.csv`, csv);
      notify(cut ? "decide" : "free", cut ? words.cut(format.number(rows)) : words.done(format.number(rows)));
    } catch (error) {
      notify("danger", problemText(error));
    } finally {
      setBusy(false);
    }
  };
  return <Button onPress={() => void run()} isDisabled={busy}>{words.button}</Button>;
}
