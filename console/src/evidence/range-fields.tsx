// What both dialogs of evidence begin with: which cameras, and from when to when. Times are typed as ISO 8601 in the city's zone.
import { useState } from "react";
import { TextField } from "../design/index.ts";
import { useCityTimeZone } from "../shell/city.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { formatMoment, parseMoment } from "../words/zoned-time.ts";
import type { NamedCamera } from "./cameras-named.ts";
import { evidenceWords } from "./words.ts";

export interface RangeState {
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly typed: { readonly from: string; readonly to: string };
  readonly set: (edge: "from" | "to", text: string) => void;
}
export function useRange(from: number, to: number): RangeState {
  const zone = useCityTimeZone();
  const [typed, setTyped] = useState({ from: formatMoment(Math.floor(from / 1_000) * 1_000, zone), to: formatMoment(Math.ceil(to / 1_000) * 1_000, zone) });
  const start = parseMoment(typed.from, zone, from);
  return { from: start, to: parseMoment(typed.to, zone, start ?? to), typed, set: (edge, text) => setTyped((held) => ({ ...held, [edge]: text })) };
}

export function RangeFields({ cameraIds, named, range, fault }: { readonly cameraIds: readonly number[]; readonly named: ReadonlyMap<number, NamedCamera>; readonly range: RangeState; readonly fault: string | undefined }) {
  const words = useWords(evidenceWords).exports;
  const format = useFormat();
  const { from, to } = range;
  return (
    <>
      <div className="evidence-cameras">
        <span className="field-name">{words.cameras}</span>
        {cameraIds.length === 0 ? <p className="quiet">{words.none}</p> : <ul>{cameraIds.map((id) => <li key={id} className="clip" title={named.get(id)?.label ?? ""}>{named.get(id)?.label ?? "…"}</li>)}</ul>}
      </div>
      <div className="evidence-range">
        <TextField label={words.from} value={range.typed.from} onChange={(text) => range.set("from", text)} fault={fault} />
        <TextField label={words.to} value={range.typed.to} onChange={(text) => range.set("to", text)} hint={from !== undefined && to !== undefined && to > from ? words.length(format.span(to - from)) : undefined} />
      </div>
    </>
  );
}
