// Who changed accounts, cameras and settings, newest first. What was changed is shown as it was written down, field by field.
import { useMemo } from "react";
import type { AuditEntry } from "../../../src/contract/access.ts";
import { api } from "../api/client.ts";
import { BrokenState, Button, DataTable, EmptyState, Skeleton, type TableColumn } from "../design/index.ts";
import { wordFor } from "../words/catalogue.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { usePages } from "./use-pages.ts";
import { inspectWords } from "./words.ts";

const PAGE = 200;

export function AuditEntries() {
  const words = useWords(inspectWords).changes;
  const domain = useWords(domainWords);
  const format = useFormat();
  const pages = usePages<AuditEntry>(async (before) => (await api.call("listAuditEntries", { query: { limit: PAGE, ...(before === undefined ? {} : { before }) } })).entries, "all", PAGE);
  const columns = useMemo((): readonly TableColumn<AuditEntry>[] => [
    { id: "at", title: words.when, width: 204, render: (e) => format.exact(e.at) },
    { id: "who", title: words.who, width: "1fr", render: (e) => (e.by.kind === "service" ? wordFor(domain.services, e.by.name) : e.by.name) },
    { id: "action", title: words.action, width: "1fr", render: (e) => wordFor(words.actions, e.action) },
    { id: "subject", title: words.subject, width: "1fr", render: (e) => `${wordFor(words.subjects, e.subjectKind)}${e.subjectId === null ? "" : ` ${e.subjectId}`}` },
    { id: "body", title: words.body, width: "3fr", render: (e) => <span className="mono" title={JSON.stringify(e.body, null, 1)}>{bodyText(e.body)}</span> },
  ], [words, domain, format]);
  return (
    <div className="inspect-panel">
      <div className="inspect-table">
        {pages.rows === null ? (pages.problem !== null ? <BrokenState error={pages.problem} retry={pages.again} /> : <Skeleton rows={16} />) : <DataTable label={words.title} columns={columns} rows={pages.rows} empty={<EmptyState>{words.none}</EmptyState>} />}
      </div>
      {pages.more && <footer className="inspect-more"><Button onPress={pages.loadMore}>{words.older}</Button></footer>}
    </div>
  );
}
const bodyText = (body: AuditEntry["body"]): string => Object.entries(body).map(([k, v]) => `${k}: ${typeof v === "string" ? v : JSON.stringify(v)}`).join("; ");
