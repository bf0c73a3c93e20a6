// A page of what is registered: a table, a key that adds, and beside it the one that is chosen with its facts and what can be done with it. The four registers of
// outside systems differ in their columns and facts only, and are read again and again, since what they tell ages.
import type { ReactNode } from "react";
import { useState } from "react";
import { useNow } from "../api/now.ts";
import type { Reading } from "../api/use-call.ts";
import { BrokenState, Button, ConfirmDialog, DataTable, EmptyState, PanelHead, Skeleton, notify, type TableColumn, type Tone } from "../design/index.ts";
import { designWords } from "../design/words.ts";
import { useKeys } from "../shell/keys.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";

interface RegisterPageProps<T extends { readonly id: number }> {
  readonly words: { readonly title: string; readonly what: string; readonly add: string; readonly none: string };
  readonly reading: Reading<unknown>;
  readonly rows: readonly T[];
  /** How many there are, where some of the rows count no more. */
  readonly count?: number;
  readonly columns: readonly TableColumn<T>[];
  readonly onAdd: () => void;
  readonly titleOf: (row: T) => string;
  readonly factsOf: (row: T) => readonly (readonly [term: string, fact: ReactNode] | null)[];
  readonly toolsOf: (row: T) => ReactNode;
  /** Beside the key that adds. */
  readonly tools?: ReactNode;
  /** Above the table. */
  readonly above?: ReactNode;
  /** Below the table. */
  readonly more?: ReactNode;
  /** Dialogs. */
  readonly children: ReactNode;
}

export function RegisterPage<T extends { readonly id: number }>({ words, reading, rows, count = rows.length, columns, onAdd, titleOf, factsOf, toolsOf, tools, above, more, children }: RegisterPageProps<T>) {
  const { close } = useWords(designWords);
  const format = useFormat();
  const [chosenId, setChosenId] = useState<number | null>(null);
  const chosen = rows.find(({ id }) => id === chosenId);
  useNow();
  useKeys(words.title, [
    { keys: "n", label: words.add, run: onAdd },
    ...(chosen === undefined ? [] : [{ keys: "Escape", label: close, run: () => setChosenId(null) }]),
  ]);
  return (
    <div className={`people ${chosen === undefined ? "" : "people-split"}`}>
      <section className="people-main" aria-label={words.title}>
        <PanelHead title={words.title} count={reading.data === null ? undefined : format.number(count)}>{tools}<Button tone="primary" keys="n" onPress={onAdd}>{words.add}</Button></PanelHead>
        <p className="people-said quiet">{words.what}</p>
        {above}
        <div className="people-table">
          {reading.data === null ? (reading.problem !== null ? <BrokenState error={reading.problem} retry={reading.again} /> : <Skeleton rows={6} />) : (
            <DataTable label={words.title} columns={columns} rows={rows} selectedId={chosen?.id ?? null} onSelect={setChosenId} empty={<EmptyState>{words.none}</EmptyState>} />
          )}
        </div>
        {more}
      </section>
      {chosen !== undefined && (
        <aside className="people-side" aria-label={titleOf(chosen)}>
          <PanelHead title={titleOf(chosen)}>
            <div key={chosen.id} className="row">{toolsOf(chosen)}</div>
            <Button tone="quiet" onPress={() => setChosenId(null)}>{close}</Button>
          </PanelHead>
          <dl className="people-facts">{factsOf(chosen).map((fact) => fact !== null && <div key={fact[0]}><dt>{fact[0]}</dt><dd>{fact[1]}</dd></div>)}</dl>
        </aside>
      )}
      {children}
    </div>
  );
}

/** Does one thing to the register and tells what became of it; what is shown is read again either way. */
export function useDone(...again: readonly (() => void)[]): (work: () => Promise<string>, tone?: Tone) => Promise<void> {
  const problemText = useProblemText();
  return async (work, tone = "off") => {
    try {
      notify(tone, await work());
    } catch (error) {
      notify("danger", problemText(error));
    }
    for (const read of again) read();
  };
}

/** A button for what cannot be taken back: asks once. */
export function ConfirmedButton({ label, title, what, onConfirm }: { readonly label: string; readonly title: string; readonly what: string; readonly onConfirm: () => void }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button tone="quiet" onPress={() => setAsking(true)}>{label}</Button>
      <ConfirmDialog title={title} open={asking} onClose={() => setAsking(false)} onConfirm={onConfirm} action={label}><p>{what}</p></ConfirmDialog>
    </>
  );
}
