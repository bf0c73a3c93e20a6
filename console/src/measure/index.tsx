// Figures: how long people waited for each step, with what each figure stands on. One axis for all spans; one span is looked at closely; what looks wrong is listed under it.
import { useMemo } from "react";
import { FIGURE_CLOCKS, FIGURE_SPANS, type FigureFilter, type FigureSpan } from "../../../src/contract/figures.ts";
import { api } from "../api/client.ts";
import { serverNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, Button, DayEntry, EmptyState, PanelHead, SelectField, Skeleton, notify } from "../design/index.ts";
import { useCityTimeZone } from "../shell/city.ts";
import { navigate, useAddress } from "../shell/route.ts";
import { dayOf, rangeOfDays } from "../words/day-range.ts";
import { saveCsv } from "../words/save-file.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { DoubtfulList } from "./doubtful-list.tsx";
import "./measure.css";
import { SpanDetail } from "./span-detail.tsx";
import { SpanTable } from "./span-table.tsx";
import { measureWords } from "./words.ts";

const EVERY_MS = 30_000;
const DAY_MS = 86_400_000;
const RANGES = { today: 0, week: 6, month: 29 } as const;

export default function Measure() {
  const words = useWords(measureWords);
  const format = useFormat();
  const timeZone = useCityTimeZone();
  const problemText = useProblemText();
  const { query } = useAddress();
  const clock = FIGURE_CLOCKS.find((one) => one === query["clock"]) ?? "centre";
  const span: FigureSpan = FIGURE_SPANS.find((one) => one === query["span"]) ?? "response";
  const set = (change: Readonly<Record<string, string>>): void => {
    const next = new URLSearchParams(Object.entries({ ...query, ...change }).filter(([, value]) => value !== "")).toString();
    navigate(`/measure${next === "" ? "" : `?${next}`}`);
  };
  // This centre's own calls from a week ago, unless somebody asks for more; of a replayed log all of it, whenever that was.
  const assumed = clock === "log" ? "" : dayOf(serverNow() - RANGES.week * DAY_MS, timeZone);
  const fromDay = query["from"] ?? assumed;
  const toDay = query["to"] ?? "";
  const filter = useMemo((): FigureFilter => ({ clock, ...rangeOfDays(fromDay === "ever" ? "" : fromDay, toDay, timeZone) }), [clock, fromDay, toDay, timeZone]);
  const figures = useCall("getFigures", { query: filter }, EVERY_MS);
  const { data } = figures;
  const chosen = data?.spans.find((one) => one.span === span);

  const exportRows = async (): Promise<void> => {
    try {
      const { csv, rows, cut, behind } = await api.call("exportFigures", { body: filter }, { timeoutMs: 120_000 });
      saveCsv(`citywatch-figures-${fromDay || "all"}${toDay === "" ? "" : `-${toDay}`}.csv`, csv);
      notify(cut || behind > 0 ? "decide" : "free", [cut ? words.file.cut(format.number(rows)) : words.file.done(format.number(rows)), behind > 0 ? words.file.behind(format.number(behind)) : ""].join(" "));
    } catch (error) {
      notify("danger", problemText(error));
    }
  };
  const preset = (name: keyof typeof RANGES | "all") => (
    <Button key={name} tone="quiet" onPress={() => set({ from: name === "all" ? "ever" : dayOf(serverNow() - RANGES[name] * DAY_MS, timeZone), to: "" })}>{words.ranges[name]}</Button>
  );
  const isEmpty = data !== null && data.spans.every(({ all }) => all.n + all.missing + all.excluded === 0);
  return (
    <div className="measure">
      <PanelHead title={words.title}><span className="quiet clip">{words.by}</span></PanelHead>
      <div className="measure-tools">
        <SelectField<(typeof FIGURE_CLOCKS)[number]> label={words.clock} hideLabel choices={FIGURE_CLOCKS.map((id) => ({ id, label: words.clocks[id] }))} value={clock} onChange={(id) => set({ clock: id === "centre" ? "" : id, from: "", to: "" })} />
        <span className="row">{(["today", "week", "month", "all"] as const).map(preset)}</span>
        <label className="day-field"><span className="quiet">{words.from}</span><DayEntry label={words.from} value={fromDay === "ever" ? "" : fromDay} onChange={(day) => set({ from: day === "" ? "ever" : day })} /></label>
        <label className="day-field"><span className="quiet">{words.to}</span><DayEntry label={words.to} value={toDay} onChange={(day) => set({ to: day })} /></label>
        <span className="end"><Button onPress={() => void exportRows()}>{words.file.button}</Button></span>
      </div>
      {data !== null && data.behind > 0 && <p className="measure-note" role="status">{words.behind(format.number(data.behind))}</p>}
      {figures.problem !== null && data === null ? <BrokenState error={figures.problem} retry={figures.again} /> : data === null ? <Skeleton rows={12} /> : isEmpty ? (
        <EmptyState>{data.first === null ? words.nothingYet[clock] : words.nothingIn(format.date(data.first), format.date(data.last!))}</EmptyState>
      ) : (
        <div className="measure-body">
          <SpanTable figures={data} selected={span} onSelect={(one) => set({ span: one === "response" ? "" : one })} />
          {chosen !== undefined && <SpanDetail figures={data} chosen={chosen} />}
          <DoubtfulList filter={filter} span={span} />
        </div>
      )}
    </div>
  );
}
