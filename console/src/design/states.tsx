// The five states that every panel has besides its content: empty, loading, stale, broken, forbidden.
import type { ReactNode } from "react";
import { useProblemText } from "../words/use-problem-text.ts";
import { Button } from "./button.tsx";
import { designWords } from "./words.ts";
import { useWords } from "../words/use-words.ts";

/** The head line of a panel: name, count, and its tools at the end. */
export function PanelHead({ title, count, tone, children }: { readonly title: string; readonly count?: ReactNode; readonly tone?: string; readonly children?: ReactNode }) {
  return (
    <header className="panel-head">
      <h2 title={title} className={tone === undefined ? "" : `mean-${tone}`}>{title}</h2>
      {count !== undefined && <span className="panel-count">{count}</span>}
      {children !== undefined && <div className="end row">{children}</div>}
    </header>
  );
}
/** Says what is not there and what it means, in one or two short sentences. */
export function EmptyState({ children, action }: { readonly children: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className="empty-state">
      <p>{children}</p>
      {action}
    </div>
  );
}
/** Rows in the shape of what will come; never a bare spinner. */
export function Skeleton({ rows = 5, height }: { readonly rows?: number; readonly height?: number }) {
  const words = useWords(designWords);
  return (
    <div className="skeleton" role="status" aria-label={words.loading}>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className="skeleton-row" style={{ ...(height === undefined ? {} : { height }), width: `${92 - ((i * 17) % 38)}%` }} />
      ))}
    </div>
  );
}
/** What broke, and what to do. */
export function BrokenState({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const words = useWords(designWords);
  const text = useProblemText();
  return (
    <div className="empty-state" role="alert">
      <p><span className="mean-danger">◆ </span>{text(error)}</p>
      {retry !== undefined && <Button onPress={retry}>{words.tryAgain}</Button>}
    </div>
  );
}
export function ForbiddenState() {
  const words = useWords(designWords);
  return <EmptyState>{words.forbidden}</EmptyState>;
}
/** Dims what is older than its limit; the age itself is shown by the caller. */
export function Stale({ stale, children }: { readonly stale: boolean; readonly children: ReactNode }) {
  return <div className={stale ? "stale" : "fresh"}>{children}</div>;
}
