// Every span on one axis: half of all took up to the first mark, nine in ten up to the second. What is too few to tell is not drawn.
import type { Figures, FigureSpan, SpanFigure } from "../../../src/contract/figures.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { countAbandoned } from "./left-out.ts";
import { TICKS_MS, missingShare, placeOf } from "./plot-scale.ts";
import { measureWords } from "./words.ts";

export function SpanTable({ figures, selected, onSelect }: { readonly figures: Figures; readonly selected: FigureSpan; readonly onSelect: (span: FigureSpan) => void }) {
  const words = useWords(measureWords);
  const format = useFormat();
  const time = (ms: number | null): string => (ms === null ? "–" : format.span(ms));
  return (
    <section className="spans-box" aria-label={words.spansTitle}>
      <table className="spans">
        <thead>
          <tr>
            <th scope="col">{words.span}</th>
            <th scope="col" className="spans-plot"><Axis /></th>
            <th scope="col">p50</th><th scope="col">p90</th><th scope="col">p95</th><th scope="col">n</th><th scope="col">{words.missing}</th><th scope="col">{words.excluded}</th>
          </tr>
        </thead>
        <tbody>
          {figures.spans.map(({ span, all }) => {
            const absent = missingShare(all.n, all.missing);
            const abandoned = countAbandoned(all);
            return (
              <tr key={span} className={span === selected ? "is-selected" : ""} onClick={() => onSelect(span)}>
                <th scope="row"><button type="button" className="span-name" aria-pressed={span === selected} title={words.definitions[span]} onClick={() => onSelect(span)}>{words.spans[span]}</button>{abandoned > 0 && <small className="span-abandoned">{words.abandoned(abandoned)}</small>}</th>
                <td className="spans-plot"><Strip figure={all} thresholds={figures.thresholds.filter((one) => one.span === span).map((one) => one.withinMs)} /></td>
                <td>{time(all.p50Ms)}</td><td>{time(all.p90Ms)}</td><td>{time(all.p95Ms)}</td><td>{format.number(all.n)}</td>
                <td className={absent > 0.2 ? "much" : ""} title={words.missingOf(format.number(all.missing), format.number(all.n + all.missing))}>{all.missing === 0 ? "0" : format.percent(absent)}</td>
                <td>{format.number(all.excluded)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="measure-key quiet"><span className="key-bar" aria-hidden="true" /> {words.key.half} <span className="key-90" aria-hidden="true" /> {words.key.nine} <span className="key-threshold" aria-hidden="true" /> {words.key.threshold}</p>
    </section>
  );
}

function Axis() {
  const format = useFormat();
  return <span className="axis">{TICKS_MS.map((ms) => <span key={ms} style={{ insetInlineStart: `${placeOf(ms) * 100}%` }}>{format.age(ms)}</span>)}</span>;
}

function Strip({ figure, thresholds }: { readonly figure: SpanFigure; readonly thresholds: readonly number[] }) {
  const words = useWords(measureWords);
  const at = (ms: number): string => `${placeOf(ms) * 100}%`;
  if (figure.p50Ms === null) return <span className="strip-few quiet">{figure.n === 0 ? words.none : words.few}</span>;
  const far = figure.p95Ms ?? figure.p90Ms;
  return (
    <span className="strip" aria-hidden="true">
      {thresholds.map((ms) => <span key={ms} className="strip-threshold" style={{ insetInlineStart: at(ms) }} />)}
      <span className="strip-half" style={{ width: at(figure.p50Ms) }} />
      {far !== null && <span className="strip-tail" style={{ insetInlineStart: at(figure.p50Ms), width: `${(placeOf(far) - placeOf(figure.p50Ms)) * 100}%` }} />}
      {figure.p90Ms !== null && <span className="strip-90" style={{ insetInlineStart: at(figure.p90Ms) }} />}
    </span>
  );
}
