// Values that cannot be, or look wrong, one by one: whoever answers for a figure can look at what it is made of.
import { useMemo, useState } from "react";
import type { DoubtfulSpan, FigureFilter, FigureSpan } from "../../../src/contract/figures.ts";
import { useCall } from "../api/use-call.ts";
import { Button, DataTable, EmptyState, type TableColumn } from "../design/index.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { measureWords } from "./words.ts";

const PAGE = 100;
type Row = DoubtfulSpan & { readonly id: number };

export function DoubtfulList({ filter, span }: { readonly filter: FigureFilter; readonly span: FigureSpan }) {
  const words = useWords(measureWords);
  const format = useFormat();
  const [ofAll, setOfAll] = useState(false);
  const [limit, setLimit] = useState(PAGE);
  const found = useCall("listDoubtfulSpans", { query: { ...filter, limit, ...(ofAll ? {} : { span }) } });
  const columns = useMemo((): readonly TableColumn<Row>[] => [
    { id: "at", title: words.arrived, width: 184, render: (row) => format.exact(row.arrivedAt) },
    { id: "span", title: words.span, width: "2fr", render: (row) => words.spans[row.span] },
    { id: "ms", title: words.value, width: 110, end: true, render: (row) => format.span(row.ms) },
    { id: "why", title: words.why, width: "3fr", render: (row) => row.doubts.map((doubt) => words.doubts[doubt]).join(", ") },
    { id: "counted", title: words.counts, width: 110, render: (row) => (row.counted ? words.counted : words.leftOut) },
    { id: "unit", title: words.unit, width: "1fr", render: (row) => row.callSign ?? "" },
    { id: "incident", title: words.incident, width: 110, end: true, render: (row) => (row.incidentId === null ? "" : String(row.incidentId)) },
  ], [words, format]);
  const rows = useMemo((): readonly Row[] => (found.data?.spans ?? []).map((one, id) => ({ ...one, id })), [found.data]);
  const total = found.data?.total ?? 0;
  return (
    <section className="doubtful" aria-label={words.doubtful}>
      <header className="row"><h3>{words.doubtful}</h3><span className="quiet">{found.data === null ? "" : format.number(total)}</span><span className="end"><Button tone="quiet" onPress={() => setOfAll((now) => !now)}>{ofAll ? words.onlyThis : words.ofAllSpans}</Button></span></header>
      <div className={`doubtful-table ${rows.length === 0 ? "is-empty" : ""}`}><DataTable label={words.doubtful} columns={columns} rows={rows} empty={<EmptyState>{words.nothingDoubtful}</EmptyState>} /></div>
      {rows.length < total && limit < 500 && <Button onPress={() => setLimit(500)}>{words.more}</Button>}
    </section>
  );
}
