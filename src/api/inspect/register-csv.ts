// The registers of looks and changes as CSV (RFC 4180) for whoever takes them along: times in UTC as ISO 8601, codes and not words, so that a file says the
// same in every language and can be counted by a program. A cell that a spreadsheet would run as a formula begins with an apostrophe (OWASP, CSV
// injection): names and reasons are what people typed. Rows are made in pieces: a whole file at once would hold up everybody else's commands.
import type { AuditEntry } from "../../contract/access.ts";
import type { AccessRecord } from "../../contract/cameras.ts";

type Cell = string | number | null;

export const ACCESS_CSV_COLUMNS = [
  "record", "began", "ended", "open_until", "account", "account_id", "camera", "camera_id", "camera_name", "place", "mode", "sound", "metadata", "range_from", "range_to", "served_from", "served_to", "served_s", "purpose", "incident", "call", "words",
] as const;
export const AUDIT_CSV_COLUMNS = ["entry", "at", "by", "by_kind", "by_id", "action", "subject_kind", "subject_id", "subject", "change"] as const;

const isoOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
const FORMULA = /^[=+\-@\t\r]/;

export function formatCsv(rows: readonly (readonly Cell[])[]): string {
  const cell = (value: Cell): string => {
    const text = value === null ? "" : typeof value === "number" ? String(value) : FORMULA.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

export const formatAccessRows = (records: readonly AccessRecord[]): string =>
  formatCsv(records.map((r) => [
    r.id, isoOf(r.at), isoOf(r.endedAt), isoOf(r.openUntil), r.accountName, r.accountId, r.cameraCode, r.cameraId, r.cameraName, r.cameraPlace, r.mode, r.sound ? 1 : 0, r.metadata ? 1 : 0, isoOf(r.from), isoOf(r.to), isoOf(r.served?.[0]?.from ?? null), isoOf(r.served?.at(-1)?.to ?? null), r.served === null ? null : Math.round(r.served.reduce((sum, range) => sum + range.to - range.from, 0) / 1_000), r.purpose,
    r.incident?.number ?? r.incidentId, r.contactId, r.words,
  ]));

export const formatAuditRows = (entries: readonly AuditEntry[]): string =>
  formatCsv(entries.map((e) => [e.id, isoOf(e.at), e.by.name, e.by.kind, e.by.id, e.action, e.subjectKind, e.subjectId, e.subjectName, JSON.stringify(e.body)]));
