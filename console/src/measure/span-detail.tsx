// One span closely: how its values lie, against which thresholds, by priority as graded first and last, and what is not in it and why.
import type { Figures } from "../../../src/contract/figures.ts";
import { domainWords } from "../words/domain.ts";
import { wordFor } from "../words/catalogue.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { listLeftOut, type LeftOut } from "./left-out.ts";
import { missingShare, plotBars, plotEdges } from "./plot-scale.ts";
import { measureWords } from "./words.ts";

type Scope = Figures["thresholds"][number]["scope"];
type Chosen = Figures["spans"][number];

export function SpanDetail({ figures, chosen }: { readonly figures: Figures; readonly chosen: Chosen }) {
  const words = useWords(measureWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  const { all, span } = chosen;
  const bars = plotBars(chosen.bars, figures.barEndsMs);
  const edges = plotEdges(bars);
  const leftOut = listLeftOut(all);
  const reasonOf = ({ kind, code }: LeftOut): string => (kind === "missing" ? words.missingMilestone(wordFor(words.milestones, code)) : wordFor(words.exclusions, code));
  const thresholds = figures.thresholds.filter((one) => one.span === span);
  const nameOf = (bar: (typeof bars)[number]): string => (bar.to === null ? words.over(format.span(bar.from)) : `${format.span(bar.from)}–${format.span(bar.to)}`);
  const scopeText = ({ sources, unitKinds, incidentTypes }: Scope): string =>
    [sources?.map((one) => wordFor(domain.contactSources, one)), unitKinds?.map((one) => wordFor(domain.unitKinds, one)), incidentTypes?.map((one) => wordFor(domain.incidentTypes, one))].flatMap((names) => names ?? []).join(", ");
  return (
    <section className="span-detail" aria-label={words.spans[span]}>
      <header><h3>{words.spans[span]}</h3><span className="quiet">{words.definitions[span]}</span></header>
      <figure className="spread">
        <figcaption>
          {words.values(all.n)}
          {leftOut.length > 0 && <> · {words.leftOutHere(leftOut.map((one) => `${reasonOf(one)} ${format.number(one.n)}`).join(", "))}</>}
          <span className="quiet">{bars.length > 0 && ` · ${words.mostInBar(format.number(Math.max(...bars.map(({ n }) => n))))}`}{all.n > 0 && all.n < 20 && ` · ${words.smallN}`}</span>
        </figcaption>
        <div className="spread-bars">
          {bars.map((bar, i) => (
            <span key={bar.from} className="spread-bar" title={`${nameOf(bar)}: ${format.number(bar.n)}`}>
              <span className="spread-fill" style={{ height: `${bar.n === 0 ? 0 : Math.max(3, bar.height * 100)}%` }} />
              {edges.filter(({ at }) => at === i || (at === bars.length && i === at - 1)).map(({ at, ms, isOpen }) => <span key={at} className="spread-edge quiet" style={{ insetInlineStart: at === i ? 0 : "100%" }}>{format.span(ms)}{isOpen && "+"}</span>)}
            </span>
          ))}
        </div>
      </figure>
      <div className="detail-lists">
        <div>
          <h4>{words.thresholds}</h4>
          {thresholds.length === 0 ? <p className="quiet">{words.noThreshold}</p> : (
            <ul className="threshold-list">
              {thresholds.map((one) => {
                const share = one.n === 0 ? null : one.within / one.n;
                const missed = one.wanted !== null && share !== null && share < one.wanted;
                return (
                  <li key={one.id}>
                    <b className={missed ? "mean-decide" : ""}>{share === null ? "–" : format.percent(share)}</b> {words.within(format.span(one.withinMs))}{one.wanted === null ? "" : ` · ${words.wanted(format.percent(one.wanted))}`}{missed ? ` · ${words.notReached}` : ""}
                    <small className="quiet">{words.ofThese(format.number(one.n))}{one.missing > 0 ? ` · ${words.ifMissingFailed(format.percent(one.within / (one.n + one.missing)))}` : ""}</small>
                    <small className="quiet">{words.scopeOf(scopeText(one.scope))}</small>
                    {one.where !== null && <small className="quiet">{words.where[one.where]}{one.unplaced > 0 && ` · ${words.unplaced(format.number(one.unplaced))}`}</small>}
                    <small className="quiet">{wordFor(words.sources, one.source) === one.source.replaceAll("-", " ") ? one.source : wordFor(words.sources, one.source)}, {words.edition(one.edition)}{one.published === null ? "" : `, ${one.published}`} · {words.entered(one.entered)}</small>
                  </li>
                );
              })}
            </ul>
          )}
        </div>
        <div>
          <h4>{words.byPriority}</h4>
          <table className="graded">
            <thead><tr><th scope="col">{words.priority}</th><th scope="col" colSpan={3}>{words.gradedFirst}</th><th scope="col" colSpan={3}>{words.gradedLast}</th></tr><tr><th /><th scope="col">p50</th><th scope="col">p90</th><th scope="col">n</th><th scope="col">p50</th><th scope="col">p90</th><th scope="col">n</th></tr></thead>
            <tbody>
              {[1, 2, 3, 4, null].map((priority) => {
                const [first, last] = [chosen.byFirst.find((one) => one.priority === priority), chosen.byLast.find((one) => one.priority === priority)];
                if (first === undefined && last === undefined) return null;
                const cells = (one: typeof first) => <><td>{one?.p50Ms == null ? "–" : format.span(one.p50Ms)}</td><td>{one?.p90Ms == null ? "–" : format.span(one.p90Ms)}</td><td>{format.number(one?.n ?? 0)}</td></>;
                return <tr key={String(priority)}><th scope="row">{priority === null ? words.notGraded : priority}</th>{cells(first)}{cells(last)}</tr>;
              })}
            </tbody>
          </table>
        </div>
        <div>
          <h4>{words.notIn(words.spans[span])}</h4>
          <ul className="reasons">
            {leftOut.map((one) => <li key={`${one.kind} ${one.code}`}><span>{reasonOf(one)}</span><b>{format.number(one.n)}</b></li>)}
            {leftOut.length === 0 && <li className="quiet">{words.allIn}</li>}
          </ul>
          {all.entered > 0 && <p className="quiet">{words.enteredByDesk(format.number(all.entered), format.number(all.n))}</p>}
          {all.missing > 0 && <p className="quiet">{words.missingShare(format.percent(missingShare(all.n, all.missing)))}</p>}
        </div>
      </div>
    </section>
  );
}
