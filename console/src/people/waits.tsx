// How long what may wait, to be read: by priority, until it is told and below that until it goes up, and where each time is from. A plain table whose cells wrap: on a phone both times are whole.
import type { Waits as WaitTable } from "../../../src/contract/dispatch.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, PanelHead, Skeleton } from "../design/index.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { waitWords } from "./wait-words.ts";

type Row = WaitTable["rows"][number];
const PRIORITIES = [1, 2, 3, 4] as const;

export function Waits() {
  const words = useWords(waitWords);
  const format = useFormat();
  const { data, problem, again } = useCall("getWaits", {});
  if (data === null) return <div className="people">{problem === null ? <Skeleton rows={8} /> : <BrokenState error={problem} retry={again} />}</div>;
  const upText = ({ upMs }: Row, i: number): string | null => {
    if (upMs === null) return null;
    const up = upMs[i] ?? null;
    return up === null ? words.neverUp : words.up(format.span(up));
  };
  return (
    <div className="people">
      <section className="people-main" aria-label={words.title}>
        <PanelHead title={words.title} />
        <p className="people-said quiet">{words.what(format.span(data.longestReminderMs))}</p>
        <div className="waits-box" tabIndex={0} role="region" aria-label={words.title}>
          <table className="waits-table">
            <thead><tr><th scope="col">{words.columns.what}</th>{PRIORITIES.map((priority) => <th key={priority} scope="col">{words.columns.priority(priority)}</th>)}<th scope="col" className="waits-from">{words.columns.from}</th></tr></thead>
            <tbody>
              {data.rows.map((row) => (
                <tr key={row.code}>
                  <th scope="row">{words.codes[row.code]}{row.code === "arrive" && <small className="quiet">{words.beyond(format.number(data.roadTimeFactor), format.span(data.unknownRoadMs))}</small>}</th>
                  {PRIORITIES.map((priority, i) => <td key={priority}>{format.span(row.tellMs[i]!)}{upText(row, i) !== null && <small className="quiet">{upText(row, i)}</small>}</td>)}
                  <td className={row.own ? "waits-from" : "waits-from quiet"}>{row.own ? words.own : words.sources[row.code]}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </div>
  );
}
