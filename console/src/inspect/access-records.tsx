// The register of looks: who, when, which camera, live or which piece of the past, and why. Filters narrow by camera, person, purpose and words.
import { useMemo, useState } from "react";
import { PURPOSES, type AccessRecord } from "../../../src/contract/cameras.ts";
import { api } from "../api/client.ts";
import { useNow } from "../api/now.ts";
import { useLive } from "../api/live-link.ts";
import { BrokenState, Button, DataTable, EmptyState, SelectField, Skeleton, TextField, type TableColumn } from "../design/index.ts";
import { wordFor } from "../words/catalogue.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { usePages } from "./use-pages.ts";
import { inspectWords } from "./words.ts";

const PAGE = 200;
type PurposeFilter = (typeof PURPOSES)[number] | "all";
type ModeFilter = "all" | "live" | "playback";

/** Where nobody told the end (the machine was switched off), the last token's is shown as the bound that it is. */
function NoEndTold({ record }: { readonly record: AccessRecord }) {
  const words = useWords(inspectWords).looks;
  const format = useFormat();
  const now = useNow();
  if (record.openUntil > now) return <span className="quiet">{words.open}</span>;
  return <span className="quiet" title={words.noEnd}>≤ {format.span(record.openUntil - record.at)}</span>;
}

export function AccessRecords() {
  const words = useWords(inspectWords).looks;
  const domain = useWords(domainWords);
  const format = useFormat();
  const incidents = useLive((s) => s.incidents);
  const [cameraId, setCameraId] = useState<number | null>(null);
  const [accountId, setAccountId] = useState<number | null>(null);
  const [purpose, setPurpose] = useState<PurposeFilter>("all");
  const [mode, setMode] = useState<ModeFilter>("all");
  const [q, setQ] = useState("");
  const key = `${cameraId ?? ""}/${accountId ?? ""}`;
  const pages = usePages<AccessRecord>(
    async (before) => (await api.call("listAccessRecords", { query: { limit: PAGE, ...(cameraId === null ? {} : { cameraId }), ...(accountId === null ? {} : { accountId }), ...(before === undefined ? {} : { before }) } })).records,
    key, PAGE,
  );
  const needle = q.trim().toLowerCase();
  const shown = useMemo(() => (pages.rows ?? []).filter((r) => (purpose === "all" || r.purpose === purpose) && (mode === "all" || r.mode === mode) && (needle === "" || [r.accountName, r.cameraCode, r.words ?? ""].some((t) => t.toLowerCase().includes(needle)))), [pages.rows, purpose, mode, needle]);

  const columns = useMemo((): readonly TableColumn<AccessRecord>[] => [
    { id: "at", title: words.when, width: 204, render: (r) => format.exact(r.at) },
    { id: "who", title: words.who, width: "1fr", render: (r) => <Button tone="quiet" className="cell-button" onPress={() => setAccountId(r.accountId)}>{r.accountName}</Button> },
    { id: "camera", title: words.camera, width: "1fr", render: (r) => <Button tone="quiet" className="cell-button" onPress={() => setCameraId(r.cameraId)}>{r.cameraCode}</Button> },
    { id: "mode", title: words.what, width: 300, render: (r) => (r.mode === "live" ? words.live : words.past(r.from === null ? "–" : format.exact(r.from), r.to === null ? "–" : format.minute(r.to))) },
    { id: "long", title: words.long, width: 92, end: true, render: (r) => (r.endedAt === null ? <NoEndTold record={r} /> : format.span(r.endedAt - r.at)) },
    { id: "purpose", title: words.purpose, width: 150, render: (r) => wordFor(domain.purposes, r.purpose) },
    { id: "why", title: words.why, width: "2fr", render: (r) => (r.incidentId !== null ? words.incident(String(incidents.get(r.incidentId)?.number ?? r.incidentId)) : r.contactId !== null ? words.call(String(r.contactId)) : <span title={r.words ?? ""}>{r.words}</span>) },
  ], [words, domain, format, incidents]);

  const nameOf = <K extends "accountName" | "cameraCode">(field: K, match: (r: AccessRecord) => boolean): string => pages.rows?.find(match)?.[field] ?? "–";
  return (
    <div className="inspect-panel">
      <div className="inspect-tools">
        <TextField label={words.search} aria-label={words.search} placeholder={words.search} type="search" value={q} onChange={setQ} />
        <SelectField<PurposeFilter> label={words.purpose} hideLabel choices={[{ id: "all", label: words.allPurposes }, ...PURPOSES.map((id) => ({ id, label: domain.purposes[id] }))]} value={purpose} onChange={setPurpose} />
        <SelectField<ModeFilter> label={words.what} hideLabel choices={[{ id: "all", label: words.liveAndPast }, { id: "live", label: words.live }, { id: "playback", label: words.pastOnly }]} value={mode} onChange={setMode} />
        {accountId !== null && <Button onPress={() => setAccountId(null)}>{words.only(nameOf("accountName", (r) => r.accountId === accountId))} ×</Button>}
        {cameraId !== null && <Button onPress={() => setCameraId(null)}>{words.only(nameOf("cameraCode", (r) => r.cameraId === cameraId))} ×</Button>}
        <span className="quiet end">{pages.rows !== null && words.count(format.number(shown.length))}</span>
      </div>
      <div className="inspect-table">
        {pages.rows === null ? (pages.problem !== null ? <BrokenState error={pages.problem} retry={pages.again} /> : <Skeleton rows={16} />) : (
          <DataTable label={words.title} columns={columns} rows={shown} empty={<EmptyState>{pages.rows.length === 0 ? words.none : words.nothing}</EmptyState>} />
        )}
      </div>
      {pages.more && <footer className="inspect-more"><Button onPress={pages.loadMore}>{words.older}</Button></footer>}
    </div>
  );
}
