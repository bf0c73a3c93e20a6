// The register of looks: who, when, which camera, live or which piece of the past, and why. One filter, kept in the address, serves the picture above, the
// list, and the file; a click on a person, a camera or an incident narrows to it.
import { useMemo, useState } from "react";
import { Link } from "react-aria-components/Link";
import { LOOK_MODES, PURPOSES, type AccessRecord, type LookMode } from "../../../src/contract/cameras.ts";
import type { AccessFilter } from "../../../src/contract/inspect.ts";
import { api } from "../api/client.ts";
import { serverNow, useNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, Button, DataTable, EmptyState, SelectField, Skeleton, StatusMark, type TableColumn } from "../design/index.ts";
import { useCityTimeZone } from "../shell/city.ts";
import { useMay } from "../shell/session.ts";
import { wordFor } from "../words/catalogue.ts";
import { domainWords } from "../words/domain.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { assumedFirstDay, dayOf, rangeOfDays } from "../words/day-range.ts";
import { DayTools, ExportButton, Narrowed, SearchTool } from "./filter-tools.tsx";
import { LooksPicture } from "./looks-picture.tsx";
import { isAllSent, lastVisible, sentFactOf } from "./sent.ts";
import { idOf, useFilterAddress, type Query } from "./use-filter.ts";
import { usePages } from "../api/use-pages.ts";
import { inspectWords } from "./words.ts";

const PAGE = 200;
const PICTURE_EVERY_MS = 30_000;
/** Pieces of one look that its tooltip lists. */
const MOST_PARTS_TOLD = 12;
type Purpose = (typeof PURPOSES)[number];
const isLookMode = (text: string | undefined): text is LookMode => (LOOK_MODES as readonly string[]).includes(text ?? "");
const isPurpose = (text: string | undefined): text is Purpose => (PURPOSES as readonly string[]).includes(text ?? "");

/** The day from which is shown what is narrowed by no day, person, camera or incident; those have few looks enough to be shown from the first. */
function assumedDay(query: Query, today: number, timeZone: string): string | undefined {
  const isShort = [query["camera"], query["account"], query["incident"]].some((id) => idOf(id) !== undefined) || query["to"] !== undefined;
  return isShort ? undefined : assumedFirstDay(today, timeZone);
}

function filterOf(query: Query, assumed: string | undefined, timeZone: string): AccessFilter {
  const { purpose, mode, q } = query;
  const [cameraId, accountId, incidentId] = [idOf(query["camera"]), idOf(query["account"]), idOf(query["incident"])];
  return {
    ...(cameraId === undefined ? {} : { cameraId }), ...(accountId === undefined ? {} : { accountId }), ...(incidentId === undefined ? {} : { incidentId }),
    ...(isPurpose(purpose) ? { purpose } : {}), ...(isLookMode(mode) ? { mode } : {}), ...(q === undefined || q.trim() === "" ? {} : { q: q.trim().slice(0, 120) }),
    ...rangeOfDays(query["from"] ?? assumed ?? "", query["to"] ?? "", timeZone),
  };
}

/** How long a look lasted, or that it goes on. Where nobody told the end (the machine was switched off), the last token's is shown as the bound that it is. */
function Lasted({ record }: { readonly record: AccessRecord }) {
  const words = useWords(inspectWords).looks;
  const format = useFormat();
  useNow();
  // Of a file or package the length is that of what left, not of the sending.
  if (record.mode === "export" && record.from !== null && record.to !== null) return <>{format.span(record.to - record.from)}</>;
  if (record.endedAt !== null) return <>{format.span(record.endedAt - record.at)}</>;
  const now = serverNow();
  if (record.openUntil > now) return <span className="row looking" title={record.mode === "download" ? words.downloadingWhat : words.openWhat}><StatusMark tone="scene" label="" />{record.mode === "download" ? words.downloading : words.open} {format.span(Math.max(0, now - record.at))}</span>;
  return <span className="quiet" title={words.noEnd}>≤ {format.span(record.openUntil - record.at)}</span>;
}

/** What of the past went out to that screen, or as a file or package; and beside it, quieter, what was opened or asked for. */
function PastOf({ record: r, timeZone }: { readonly record: AccessRecord; readonly timeZone: string }) {
  const words = useWords(inspectWords).looks;
  const format = useFormat();
  const day = dayOf(r.at, timeZone);
  const between = (from: number | null, to: number | null, clock: (at: number) => string = format.time): string => {
    const [first, second] = [from ?? to, to ?? from];
    if (first === null || second === null) return "–";
    return `${dayOf(first, timeZone) === day ? "" : `${format.date(first)} `}${clock(first)}–${dayOf(first, timeZone) === dayOf(second, timeZone) ? "" : `${format.date(second)} `}${clock(second)}`;
  };
  if (r.mode === "export") return <span title={words.exportedWhat}>{words.exported(between(r.from, r.to))}</span>;
  const isFile = r.mode === "download";
  const fact = sentFactOf(r, serverNow());
  const asked = isFile ? words.asked(between(r.from, r.to)) : words.opened(between(r.from, lastVisible(r, serverNow()), format.minute));
  const main = fact.kind !== "sent" ? (isFile ? words.downloadUntold : words.past) + (fact.kind === "nothing" ? words.nothingSent : "") : `${isFile ? words.download : words.past} ${between(fact.from, fact.to)}${fact.parts.length > 1 ? words.ofIt(format.span(fact.ms)) : ""}`;
  const parts = fact.kind === "sent" && fact.parts.length > 1 ? `: ${format.list(fact.parts.slice(0, MOST_PARTS_TOLD).map((part) => between(part.from, part.to)))}${fact.parts.length > MOST_PARTS_TOLD ? " …" : ""}` : "";
  const title = `${fact.kind === "sent" ? words.sentWhat : fact.kind === "nothing" ? words.nothingSentWhat : words.untoldWhat}${parts}. ${isFile ? words.downloadedWhat : words.pastWhat}`;
  return <span title={title}>{main}{!(isFile && isAllSent(fact, r.from, r.to)) && <span className="quiet"> · {asked}</span>}</span>;
}

export function AccessRecords() {
  const words = useWords(inspectWords).looks;
  const domain = useWords(domainWords);
  const format = useFormat();
  const timeZone = useCityTimeZone();
  const problemText = useProblemText();
  const mayOperate = useMay("operate.read");
  const address = useFilterAddress("looks");
  const { query, set } = address;
  const [openedAt] = useState(serverNow); // a room that stands open over midnight goes on from the same day
  const assumed = assumedDay(query, openedAt, timeZone);
  const filter = useMemo(() => filterOf(query, assumed, timeZone), [query, assumed, timeZone]);
  const pages = usePages<AccessRecord>(async (before) => (await api.call("listAccessRecords", { query: { ...filter, limit: PAGE, ...(before === undefined ? {} : { before }) } })).records, JSON.stringify(filter), PAGE);
  const summary = useCall("summariseAccessRecords", { query: filter }, filter.from === undefined ? undefined : PICTURE_EVERY_MS); // years are counted once

  const columns = useMemo((): readonly TableColumn<AccessRecord>[] => [
    { id: "at", title: words.when, width: 184, render: (r) => format.exact(r.at) },
    { id: "who", title: words.who, width: "3fr", render: (r) => <Button tone="quiet" className="cell-button" onPress={() => set({ account: String(r.accountId) })}>{r.accountName}</Button> },
    { id: "camera", title: words.camera, width: "5fr", render: (r) => <span title={`${r.cameraCode} · ${r.cameraName} · ${r.cameraPlace}`}><Button tone="quiet" className="cell-button" onPress={() => set({ camera: String(r.cameraId) })}><b>{r.cameraCode}</b> {r.cameraName}</Button></span> },
    { id: "mode", title: words.what, width: 400, render: (r) => <>{r.mode === "live" ? words.live : <PastOf record={r} timeZone={timeZone} />}{r.sound && <span title={words.heardWhat}> · {words.heard}</span>}{r.metadata && <span title={words.describedWhat}> · {words.described}</span>}</> },
    { id: "long", title: words.long, width: 150, end: true, render: (r) => <Lasted record={r} /> },
    { id: "why", title: words.why, width: "9fr", render: (r) => <Why record={r} mayOperate={mayOperate} onIncident={(id) => set({ incident: String(id) })} /> },
  ], [words, format, timeZone, set, mayOperate]);

  const known = <T,>(read: (r: AccessRecord) => T | null | undefined | false): T | undefined => {
    for (const row of pages.rows ?? []) {
      const found = read(row);
      if (found !== null && found !== undefined && found !== false) return found;
    }
    return undefined;
  };
  const { accountId, cameraId, incidentId } = filter;
  const isNarrowed = Object.keys(query).length > 0;
  const onTime = (from: number, to: number): void => set({ from: dayOf(from, timeZone), to: dayOf(to - 1, timeZone) });
  return (
    <div className="inspect-panel">
      <div className="inspect-tools">
        <SearchTool label={words.search} filter={address} />
        <SelectField<Purpose | "all"> label={words.purpose} hideLabel choices={[{ id: "all", label: words.allPurposes }, ...PURPOSES.map((id) => ({ id, label: domain.purposes[id] }))]} value={filter.purpose ?? "all"} onChange={(id) => set({ purpose: id === "all" ? "" : id })} />
        <SelectField<LookMode | "all"> label={words.what} hideLabel choices={[{ id: "all", label: words.liveAndPast }, { id: "live", label: words.live }, { id: "playback", label: words.pastOnly }, { id: "download", label: words.downloadsOnly }, { id: "export", label: words.exportsOnly }]} value={filter.mode ?? "all"} onChange={(id) => set({ mode: id === "all" ? "" : id })} />
        <DayTools filter={address} assumed={assumed} />
        {accountId !== undefined && <Narrowed label={known((r) => r.accountId === accountId && r.accountName) ?? words.person(String(accountId))} onClear={() => set({ account: "" })} />}
        {cameraId !== undefined && <Narrowed label={known((r) => r.cameraId === cameraId && `${r.cameraCode} ${r.cameraName}`) ?? words.oneCamera(String(cameraId))} onClear={() => set({ camera: "" })} />}
        {incidentId !== undefined && <Narrowed label={words.incident(String(known((r) => r.incident?.id === incidentId && r.incident.number) ?? incidentId))} onClear={() => set({ incident: "" })} />}
        {isNarrowed && <Button tone="quiet" onPress={address.clear}>{words.clear}</Button>}
        <span className="end"><ExportButton name="citywatch-looks" ask={() => api.call("exportAccessRecords", { body: filter }, { timeoutMs: 120_000 })} /></span>
      </div>
      {summary.problem !== null && summary.data === null && pages.problem === null && <p className="inspect-note" role="status">{problemText(summary.problem)}</p>}
      {summary.data !== null && summary.data.total > 0 && <LooksPicture summary={summary.data} onTime={onTime} onPurpose={(purpose) => set({ purpose })} onAccount={(id) => set({ account: String(id) })} onCamera={(id) => set({ camera: String(id) })} />}
      <div className="inspect-table">
        {pages.rows === null ? (pages.problem !== null ? <BrokenState error={pages.problem} retry={pages.again} /> : <Skeleton rows={16} />) : (
          <DataTable label={words.title} columns={columns} rows={pages.rows} empty={<EmptyState>{isNarrowed ? words.nothing : words.none}</EmptyState>} />
        )}
      </div>
      {pages.more && <footer className="inspect-more"><Button onPress={pages.loadMore}>{words.older}</Button></footer>}
    </div>
  );
}

function Why({ record: r, mayOperate, onIncident }: { readonly record: AccessRecord; readonly mayOperate: boolean; readonly onIncident: (id: number) => void }) {
  const words = useWords(inspectWords).looks;
  const domain = useWords(domainWords);
  const { incident } = r;
  const about = incident === null ? (r.incidentId === null ? null : words.incident(String(r.incidentId))) : `${words.incident(String(incident.number))} · ${wordFor(domain.incidentTypes, incident.type)} · ${incident.place}`;
  const call = r.contactId === null ? null : words.call(String(r.contactId));
  if (about === null) return <span title={r.words ?? call ?? ""}>{call ?? `${wordFor(domain.purposes, r.purpose)}${r.words === null ? "" : `: ${r.words}`}`}</span>;
  const incidentId = incident?.id ?? r.incidentId!;
  const said = call === null ? about : `${about} · ${call}`;
  return (
    <span title={said}>
      <Button tone="quiet" className="cell-button" onPress={() => onIncident(incidentId)}>{said}</Button>
      {mayOperate && <Link className="cell-link" href={`/operate?incident=${incidentId}`}>{words.openIncident}</Link>}
    </span>
  );
}
