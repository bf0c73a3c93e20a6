// Evidence, as a page of Inspect: which packages left, what is kept, the key that signs, and the check of a package that somebody brings.
import { useMemo } from "react";
import { api } from "../api/client.ts";
import { useCall } from "../api/use-call.ts";
import { usePages } from "../api/use-pages.ts";
import type { EvidenceExport } from "../../../src/contract/evidence.ts";
import { BrokenState, Button, DataTable, EmptyState, Skeleton, notify, type TableColumn } from "../design/index.ts";
import { useMay } from "../shell/session.ts";
import { domainWords } from "../words/domain.ts";
import { wordFor } from "../words/catalogue.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import "./evidence.css";
import { HoldsList } from "./holds-list.tsx";
import { VerifyPanel } from "./verify-panel.tsx";
import { evidenceWords } from "./words.ts";

const PAGE = 50;

export function EvidenceRoom() {
  const all = useWords(evidenceWords);
  const words = all.list;
  const mayHolds = useMay("hold.read");
  const mayInspect = useMay("access-record.read");
  const mayExport = useMay("evidence.export");
  const key = useCall("getEvidenceKey", {});
  return (
    <div className="evidence-room">
      {(mayInspect || mayExport) && <section><h3>{words.exports}</h3><ExportsList /></section>}
      {mayHolds && <section><h3>{words.holds}</h3><HoldsList /></section>}
      <div className="evidence-foot">
        {key.data !== null || key.problem !== null ? <VerifyPanel ownFingerprint={key.data?.fingerprint ?? null} /> : <Skeleton rows={5} />}
        {key.data !== null && (
          <section className="evidence-card" aria-label={words.key}>
            <h3>{words.key}</h3>
            <p className="quiet">{words.keyWhat}</p>
            <p><code className="evidence-hash">{key.data.fingerprint}</code></p>
            <Button onPress={() => void navigator.clipboard.writeText(key.data!.pem).then(() => notify("free", all.exports.copied))}>{words.copyKey}</Button>
          </section>
        )}
      </div>
    </div>
  );
}

function ExportsList() {
  const all = useWords(evidenceWords);
  const words = all.list;
  const domain = useWords(domainWords);
  const format = useFormat();
  const { rows, problem, more, loadMore, again } = usePages<EvidenceExport>(async (before) => (await api.call("listExports", { query: { limit: PAGE, ...(before === undefined ? {} : { before }) } })).exports, "all", PAGE);
  const columns = useMemo((): readonly TableColumn<EvidenceExport>[] => [
    { id: "at", title: words.when, width: 190, render: (r) => format.exact(r.at) },
    { id: "who", title: words.who, width: "2fr", render: (r) => r.accountName },
    { id: "cameras", title: words.cameras, width: "3fr", render: (r) => <span title={r.cameras.map(({ code, name }) => `${code} ${name}`).join("\n")}>{r.cameras.map(({ code }) => code).join(", ")}</span> },
    { id: "range", title: words.range, width: 300, render: (r) => format.exactRange(r.from, r.to) },
    { id: "why", title: words.why, width: "3fr", render: (r) => { const why = [r.incidentNumber === null ? wordFor(domain.purposes, r.purpose) : words.incident(String(r.incidentNumber)), r.words].filter((text) => text !== null).join(": "); return <span title={why}>{why}</span>; } },
    { id: "state", title: words.state, width: 150, render: (r) => <span className={r.state === "failed" ? "mean-danger" : r.state === "complete" ? "" : "quiet"} title={r.fault === null ? "" : all.faults[r.fault]}>{all.states[r.state]}</span> },
    { id: "size", title: words.size, width: 90, end: true, render: (r) => (r.bytes === 0 ? "" : format.bytes(r.bytes)) },
    { id: "sha", title: words.sha, width: 190, render: (r) => (r.sha256 === null ? "" : <Button tone="quiet" className="cell-button" onPress={() => void navigator.clipboard.writeText(r.sha256!).then(() => notify("free", all.exports.copied))}><code className="evidence-hash" title={r.sha256}>{r.sha256.slice(0, 16)}…</code></Button>) },
  ], [all, words, domain, format]);
  return (
    <>
      <div className="inspect-table" style={{ "--rows": rows?.length ?? 3 } as React.CSSProperties}>
        {rows === null ? (problem === null ? <Skeleton rows={4} /> : <BrokenState error={problem} retry={again} />)
          : <DataTable label={words.exports} columns={columns} rows={rows} empty={<EmptyState>{words.empty}</EmptyState>} />}
      </div>
      {more && <Button onPress={loadMore}>{words.older}</Button>}
    </>
  );
}
