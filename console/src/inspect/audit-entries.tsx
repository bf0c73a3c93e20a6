// Who changed accounts, cameras and settings, or who read these registers, newest first. A row says the change in one line; the chosen one stands beside
// the list field by field, as it was and as it is.
import { useMemo, useState } from "react";
import type { AuditEntry } from "../../../src/contract/access.ts";
import type { AUDIT_KINDS, AuditFilter } from "../../../src/contract/inspect.ts";
import { api } from "../api/client.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, Button, DataTable, EmptyState, IconButton, PanelHead, SelectField, Skeleton, type TableColumn } from "../design/index.ts";
import { useCityTimeZone } from "../shell/city.ts";
import { wordFor } from "../words/catalogue.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { readChange, type ChangeLine, type ChangeWords } from "./change-text.ts";
import { rangeOfDays } from "../words/day-range.ts";
import { DayTools, ExportButton, Narrowed, SearchTool } from "./filter-tools.tsx";
import { idOf, useFilterAddress } from "./use-filter.ts";
import { usePages } from "../api/use-pages.ts";
import { inspectWords } from "./words.ts";

const PAGE = 200;
const SUBJECTS = ["account", "camera", "hold", "machine-account", "tracker", "alarm-point", "webhook", "warning", "run-cards", "sharing", "platform", "shared-incident"] as const;
type Subject = "all" | (typeof SUBJECTS)[number];
const isSubject = (kind: string | undefined): kind is (typeof SUBJECTS)[number] => SUBJECTS.some((one) => one === kind);

function useChangeWords(): ChangeWords {
  const words = useWords(inspectWords).changes;
  const domain = useWords(domainWords);
  const format = useFormat();
  const units = useCall("listUnits", {});
  return useMemo(() => ({
    field: (code) => wordFor(words.fields, code), role: (code) => wordFor(domain.roles, code), recording: (code) => wordFor(domain.recordingModes, code),
    cameraKind: (code) => wordFor(domain.cameraKinds, code), purpose: (code) => wordFor(domain.purposes, code), mode: (code) => wordFor(words.modes, code),
    unit: (id) => units.data?.units.find((unit) => unit.id === id)?.callSign ?? words.unit(String(id)), number: format.number, list: format.list, time: format.exact, kept: (days) => (days < 1 ? format.age(Math.round(days * 1_440) * 60_000) : words.days(Math.round(days * 10) / 10)),
    none: words.nothingThere, yes: words.yes, no: words.no, changed: words.secretChanged,
  }), [words, domain, format, units.data]);
}

const lineText = ({ field, from, to }: ChangeLine): string => (from === null ? `${field}: ${to}` : `${field}: ${from} → ${to}`);

export function AuditEntries({ kind }: { readonly kind: (typeof AUDIT_KINDS)[number] }) {
  const words = useWords(inspectWords).changes;
  const domain = useWords(domainWords);
  const format = useFormat();
  const timeZone = useCityTimeZone();
  const changeWords = useChangeWords();
  const address = useFilterAddress(kind);
  const { query, set } = address;
  const [chosenId, setChosenId] = useState<number | null>(null);
  const filter = useMemo((): AuditFilter => {
    const [actorId, subjectId] = [idOf(query["by"]), idOf(query["subject"])];
    const { of, q } = query;
    return {
      kind, ...(actorId === undefined ? {} : { actorId }), ...(isSubject(of) ? { subjectKind: of, ...(subjectId === undefined ? {} : { subjectId }) } : {}),
      ...(q === undefined || q.trim() === "" ? {} : { q: q.trim().slice(0, 120) }), ...rangeOfDays(query["from"] ?? "", query["to"] ?? "", timeZone),
    };
  }, [kind, query, timeZone]);
  const pages = usePages<AuditEntry>(async (before) => (await api.call("listAuditEntries", { query: { ...filter, limit: PAGE, ...(before === undefined ? {} : { before }) } })).entries, JSON.stringify(filter), PAGE);

  const whoOf = (e: AuditEntry): string => (e.by.kind === "service" ? wordFor(domain.services, e.by.name) : e.by.kind === "system" ? words.system : e.by.name);
  const subjectOf = (e: AuditEntry): string => e.subjectName ?? (e.subjectId === null ? wordFor(words.many, e.subjectKind) : `${wordFor(words.subjects, e.subjectKind)} ${e.subjectId}`);
  const columns = useMemo((): readonly TableColumn<AuditEntry>[] => [
    { id: "at", title: words.when, width: 184, render: (e) => format.exact(e.at) },
    { id: "who", title: words.who, width: 150, render: (e) => (e.by.kind === "user" ? <Button tone="quiet" className="cell-button" onPress={() => set({ by: String(e.by.id) })}>{e.by.name}</Button> : whoOf(e)) },
    { id: "action", title: words.action, width: 160, render: (e) => wordFor(words.actions, e.action) },
    ...(kind === "readings" ? [] : [{
      id: "subject", title: words.subject, width: "4fr" as const,
      render: (e: AuditEntry) => (e.subjectId === null ? <span className="quiet">{subjectOf(e)}</span> : <span title={subjectOf(e)}><Button tone="quiet" className="cell-button" onPress={() => set({ of: e.subjectKind, subject: String(e.subjectId) })}>{subjectOf(e)}</Button></span>),
    }]),
    { id: "body", title: kind === "readings" ? words.filter : words.body, width: "8fr", render: (e) => {
      const lines = readChange(e, changeWords).map(lineText).join("; ");
      return <span title={lines}>{lines === "" ? <span className="quiet">{kind === "readings" ? words.everything : "–"}</span> : lines}</span>;
    } },
  ], [words, domain, format, set, kind, changeWords]);

  const chosen = pages.rows?.find((e) => e.id === chosenId);
  const { kind: _kind, ...narrowing } = filter;
  const isNarrowed = Object.keys(narrowing).length > 0;
  const actor = pages.rows?.find((e) => e.by.kind === "user" && e.by.id === filter.actorId)?.by.name;
  const subject = pages.rows?.find((e) => e.subjectKind === filter.subjectKind && e.subjectId === filter.subjectId);
  return (
    <div className="inspect-panel">
      <div className="inspect-tools">
        <SearchTool label={words.search} filter={address} />
        {kind === "changes" && <SelectField<Subject> label={words.subject} hideLabel choices={[{ id: "all", label: words.allSubjects }, ...SUBJECTS.filter((id) => id !== "shared-incident").map((id) => ({ id, label: words.many[id] }))]} value={filter.subjectKind ?? "all"} onChange={(id) => set({ of: id === "all" ? "" : id, subject: "" })} />}
        <DayTools filter={address} />
        {filter.actorId !== undefined && <Narrowed label={words.by(actor ?? String(filter.actorId))} onClear={() => set({ by: "" })} />}
        {filter.subjectId !== undefined && <Narrowed label={subject === undefined ? String(filter.subjectId) : subjectOf(subject)} onClear={() => set({ subject: "" })} />}
        {isNarrowed && <Button tone="quiet" onPress={address.clear}>{words.showAll}</Button>}
        <span className="end"><ExportButton name={`citywatch-${kind}`} ask={() => api.call("exportAuditEntries", { body: filter }, { timeoutMs: 120_000 })} /></span>
      </div>
      <div className={`inspect-table ${chosen === undefined ? "" : "inspect-split"}`}>
        {pages.rows === null ? (pages.problem !== null ? <BrokenState error={pages.problem} retry={pages.again} /> : <Skeleton rows={16} />) : (
          <DataTable label={kind === "changes" ? words.title : words.readings} columns={columns} rows={pages.rows} selectedId={chosenId} onSelect={setChosenId} empty={<EmptyState>{isNarrowed ? words.nothing : words.none}</EmptyState>} />
        )}
        {chosen !== undefined && (
          <aside className="change-card" aria-label={words.oneChange}>
            <PanelHead title={wordFor(words.actions, chosen.action)}><IconButton icon="close" label={words.close} onPress={() => setChosenId(null)} /></PanelHead>
            <p className="change-head"><b>{isSubject(chosen.subjectKind) ? subjectOf(chosen) : wordFor(words.many, chosen.subjectKind)}</b><br /><span className="quiet">{whoOf(chosen)} · {format.exact(chosen.at)}</span></p>
            <ChangeTable lines={readChange(chosen, changeWords)} />
          </aside>
        )}
      </div>
      {pages.more && <footer className="inspect-more"><Button onPress={pages.loadMore}>{words.older}</Button></footer>}
    </div>
  );
}

function ChangeTable({ lines }: { readonly lines: readonly ChangeLine[] }) {
  const words = useWords(inspectWords).changes;
  if (lines.length === 0) return <p className="quiet change-head">{words.everything}</p>;
  const pairs = lines.some((line) => line.from !== null);
  return (
    <table className="change-table">
      <thead><tr><th>{words.field}</th>{pairs && <th>{words.before}</th>}<th>{pairs ? words.after : words.value}</th></tr></thead>
      <tbody>
        {lines.map(({ field, from, to }, i) => <tr key={`${field}-${i}`}><th scope="row">{field}</th>{pairs && <td className="change-from">{from ?? "–"}</td>}<td>{to}</td></tr>)}
      </tbody>
    </table>
  );
}
