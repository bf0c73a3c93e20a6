// How long what may wait, to be read: by priority, until it is told and until it goes up, and where each time is from.
import type { Waits as WaitTable } from "../../../src/contract/dispatch.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, DataTable, EmptyState, PanelHead, Skeleton, type TableColumn } from "../design/index.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { waitWords } from "./wait-words.ts";

type Row = WaitTable["rows"][number] & { readonly id: number };
const PRIORITIES = [1, 2, 3, 4] as const;

export function Waits() {
  const words = useWords(waitWords);
  const format = useFormat();
  const { data, problem, again } = useCall("getWaits", {});
  if (data === null) return <div className="people">{problem === null ? <Skeleton rows={8} /> : <BrokenState error={problem} retry={again} />}</div>;
  const cell = ({ tellMs, upMs }: Row, i: number): string => {
    const tell = format.span(tellMs[i]!);
    if (upMs === null) return tell;
    const up = upMs[i] ?? null;
    return up === null ? words.neverUp(tell) : words.cell(tell, format.span(up));
  };
  const columns: readonly TableColumn<Row>[] = [
    {
      id: "what", title: words.columns.what, width: "2fr",
      render: (row) => <span title={words.codes[row.code]}>{words.codes[row.code]}{row.code === "arrive" && <span className="quiet"> · {words.beyond(format.number(data.roadTimeFactor), format.span(data.unknownRoadMs))}</span>}</span>,
    },
    ...PRIORITIES.map((priority, i): TableColumn<Row> => ({ id: `p${priority}`, title: words.columns.priority(priority), width: "1fr", render: (row) => cell(row, i) })),
    { id: "from", title: words.columns.from, width: "2fr", wideOnly: true, render: (row) => <span className="quiet" title={words.sources[row.code]}>{words.sources[row.code]}</span> },
  ];
  return (
    <div className="people">
      <section className="people-main" aria-label={words.title}>
        <PanelHead title={words.title} />
        <p className="people-said quiet">{words.what(format.span(data.longestReminderMs))}</p>
        <div className="people-table"><DataTable label={words.title} columns={columns} rows={data.rows.map((row, id): Row => ({ ...row, id }))} empty={<EmptyState>{words.title}</EmptyState>} /></div>
      </section>
    </div>
  );
}
