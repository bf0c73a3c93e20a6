// Today's figures: p50, p90, how many, how many are missing. A mean is not shown; it flatters.
import { useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, EmptyState, IconButton, PanelHead, Skeleton, Stale } from "../design/index.ts";
import { designWords } from "../design/words.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { toggleBoard } from "./store.ts";
import { operateWords } from "./words.ts";

const FIGURES = ["answer", "process", "dispatch", "acknowledge", "turnout", "travel", "response"] as const;
const STALE_MS = 60_000;

export function BoardPanel() {
  const words = useWords(operateWords).board;
  const close = useWords(designWords).close;
  const format = useFormat();
  const now = useNow();
  const live = useLive((s) => s.board);
  const asked = useCall("getBoard", live === null ? {} : null);
  const board = live ?? asked.data;
  const head = (
    <PanelHead title={words.title} count={board === null ? undefined : `${words.since(format.minute(board.since))} · ${words.age(format.age(now - board.at))}`}>
      <IconButton icon="close" label={close} onPress={toggleBoard} />
    </PanelHead>
  );
  if (board === null) return <section className="board" aria-label={words.title}>{head}{asked.problem === null ? <Skeleton rows={7} /> : <BrokenState error={asked.problem} retry={asked.again} />}</section>;
  const { answerTarget: target } = board;
  const wanted = format.percent(target.wanted);
  const within = format.age(target.withinMs);
  return (
    <section className="board" aria-label={words.title}>
      {head}
      <Stale stale={now - board.at > STALE_MS}>
        <dl className="board-counts">
          {([[words.contacts, board.contacts], [words.incidents, board.incidents], [words.active, board.active], [words.units, `${board.unitsAvailable}/${board.unitsTotal}`]] as const).map(([label, value]) => (
            <div key={label}><dt>{label}</dt><dd>{typeof value === "number" ? format.number(value) : value}</dd></div>
          ))}
        </dl>
        {board.contacts === 0 ? <EmptyState>{words.none}</EmptyState> : (
          <table className="board-table">
            <thead><tr><th scope="col"><span className="hidden-text">{words.title}</span></th><th scope="col">{words.p50}</th><th scope="col">{words.p90}</th><th scope="col">{words.n}</th><th scope="col">{words.missing}</th></tr></thead>
            <tbody>
              {FIGURES.map((name) => {
                const figure = board[name];
                return (
                  <tr key={name}>
                    <th scope="row">{words.figures[name]} <small className="quiet">{words.about[name]}</small></th>
                    <td>{figure.p50Ms === null ? "–" : format.span(figure.p50Ms)}</td>
                    <td>{figure.p90Ms === null ? "–" : format.span(figure.p90Ms)}</td>
                    <td>{format.number(figure.n)}</td>
                    <td className={figure.missing > 0 ? "" : "quiet"}>{format.number(figure.missing)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
        <p className={`board-target ${target.share !== null && target.share < target.wanted ? "mean-danger" : "quiet"}`}>
          {target.share === null ? words.targetNone(within, wanted, target.source) : words.target(format.percent(target.share), within, wanted, target.source)}
        </p>
      </Stale>
    </section>
  );
}
