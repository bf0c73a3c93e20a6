// The looks as a picture: how many when, for what, by whom, of which camera. Every part narrows the list under it when it is clicked.
import { useMemo } from "react";
import type { AccessSummary } from "../../../src/contract/inspect.ts";
import { wordFor } from "../words/catalogue.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { barsOf, type Bar } from "./bars.ts";
import { inspectWords } from "./words.ts";

export interface PictureActions {
  readonly onTime: (from: number, to: number) => void;
  readonly onPurpose: (purpose: string) => void;
  readonly onAccount: (accountId: number) => void;
  readonly onCamera: (cameraId: number) => void;
}

export function LooksPicture({ summary, onTime, onPurpose, onAccount, onCamera }: { readonly summary: AccessSummary } & PictureActions) {
  const words = useWords(inspectWords).picture;
  const domain = useWords(domainWords);
  const format = useFormat();
  const bars = useMemo(() => barsOf(summary), [summary]);
  const most = Math.max(1, ...bars.map((bar) => bar.n));
  const nameOf = (bar: Bar): string => (summary.bucket === "hour" ? `${format.date(bar.from)} ${format.minute(bar.from)}–${format.minute(bar.to)}` : bar.to - bar.from > 90_000_000 ? `${format.date(bar.from)} – ${format.date(bar.to - 1)}` : format.date(bar.from));
  const sayOf = (bar: Bar): string => [`${nameOf(bar)}: ${words.looks(bar.n)}`, ...[...bar.byPurpose].sort((a, b) => b[1] - a[1]).map(([purpose, n]) => `${wordFor(domain.purposes, purpose)} ${format.number(n)}`)].join("\n");
  return (
    <section className="picture" aria-label={words.title}>
      <figure className="picture-time">
        <figcaption><b>{words.total(summary.total)}</b> <span className="quiet">{words.parts(format.number(summary.live), format.number(summary.playback), format.number(summary.download), format.number(summary.export))} · {summary.bucket === "hour" ? words.perHour : words.perDay}</span></figcaption>
        <div className="bars">
          {bars.map((bar) => (
            <button key={bar.from} type="button" className="bar" title={sayOf(bar)} aria-label={sayOf(bar)} disabled={bar.n === 0} onClick={() => onTime(bar.from, bar.to)}>
              <span style={{ height: `${bar.n === 0 ? 0 : Math.max(4, (bar.n / most) * 100)}%` }} />
            </button>
          ))}
        </div>
        <div className="bars-foot quiet">
          <span>{bars.length > 0 && (summary.bucket === "hour" ? `${format.date(bars[0]!.from)} ${format.minute(bars[0]!.from)}` : format.date(bars[0]!.from))}</span>
          <span>{words.most(format.number(most))}</span>
          <span>{bars.length > 1 && (summary.bucket === "hour" ? format.minute(bars.at(-1)!.to) : format.date(bars.at(-1)!.from))}</span>
        </div>
      </figure>
      <Ranking title={words.byPurpose} rows={summary.byPurpose.map(({ purpose, n }) => ({ key: purpose, label: wordFor(domain.purposes, purpose), n, press: () => onPurpose(purpose) }))} total={summary.total} />
      <Ranking title={words.byPerson} rows={summary.byAccount.map(({ accountId, accountName, n }) => ({ key: String(accountId), label: accountName, n, press: () => onAccount(accountId) }))} total={summary.total} />
      <Ranking title={words.byCamera} rows={summary.byCamera.map(({ cameraId, cameraCode, cameraName, n }) => ({ key: String(cameraId), label: `${cameraCode} ${cameraName}`, n, press: () => onCamera(cameraId) }))} total={summary.total} />
    </section>
  );
}

const MOST_RANKED = 5;
function Ranking({ title, rows, total }: { readonly title: string; readonly rows: readonly { readonly key: string; readonly label: string; readonly n: number; readonly press: () => void }[]; readonly total: number }) {
  const format = useFormat();
  return (
    <div className="ranking">
      <h3>{title}</h3>
      <ul>
        {rows.slice(0, MOST_RANKED).map(({ key, label, n, press }) => (
          <li key={key}>
            <button type="button" onClick={press} title={label}>
              <span className="ranking-bar" style={{ width: `${(n / Math.max(1, total)) * 100}%` }} />
              <span className="clip grow">{label}</span><span className="ranking-n">{format.number(n)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
