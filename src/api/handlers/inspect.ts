// The registers of looks and changes, for inspectors: lists, counts, files. Reading them is a record of its own, committed first [AUD3].
import { picturesUntil } from "../../accountability/view-policy.ts";
import type { Clock } from "../../base/time.ts";
import type { AccessRecord } from "../../contract/cameras.ts";
import type { AccessFilter, AccessSummary } from "../../contract/inspect.ts";
import type { Handlers } from "../handler.ts";
import { collectCsv } from "../inspect/collect-csv.ts";
import { createReadingLog } from "../inspect/reading-log.ts";
import { ACCESS_CSV_COLUMNS, AUDIT_CSV_COLUMNS, formatAccessRows, formatAuditRows } from "../inspect/register-csv.ts";
import type { StoredAccessFilter, StoredAccessRecord } from "../../contract/register.ts";
import type { AccessRecordStorePort, AuditStorePort } from "../ports.ts";

export interface InspectHandlerOptions {
  readonly clock: Clock;
  readonly timeZone: string;
  readonly records: AccessRecordStorePort;
  readonly audit: AuditStorePort;
  readonly findIncident: (id: number) => { readonly id: number; readonly number: number; readonly type: string; readonly place: { readonly label: string }; readonly contactIds: readonly number[] } | null;
  readonly findContact: (id: number) => { readonly incidentId: number | null } | null;
}

type Names = "listAccessRecords" | "summariseAccessRecords" | "exportAccessRecords" | "listAuditEntries" | "exportAuditEntries";
export function createInspectHandlers({ clock, timeZone, records, audit, findIncident, findContact }: InspectHandlerOptions): Pick<Handlers, Names> {
  const readings = createReadingLog(clock, audit);
  const toRecord = (stored: StoredAccessRecord): AccessRecord => {
    const incidentId = stored.incidentId ?? (stored.contactId === null ? null : (findContact(stored.contactId)?.incidentId ?? null));
    const incident = incidentId === null ? null : findIncident(incidentId);
    return { ...stored, openUntil: picturesUntil(stored), incident: incident === null ? null : { id: incident.id, number: incident.number, type: incident.type, place: incident.place.label } };
  };
  const withCalls = (filter: AccessFilter): StoredAccessFilter => ({ ...filter, contactIds: filter.incidentId === undefined ? [] : (findIncident(filter.incidentId)?.contactIds ?? []) });

  // Pages that stand open ask the same thing at about the same time: one answer serves all that ask while it is made.
  const counting = new Map<string, Promise<AccessSummary>>();
  const summarise = (filter: StoredAccessFilter): Promise<AccessSummary> => {
    const key = JSON.stringify(filter);
    const asked = counting.get(key) ?? records.summarise(filter, timeZone).finally(() => counting.delete(key));
    counting.set(key, asked);
    return asked;
  };

  return {
    listAccessRecords: async ({ query, principal }) => {
      const { before, limit, ...filter } = query;
      await readings.read("access-record.read", filter, principal.actor);
      return { records: (await records.list(withCalls(filter), before ?? null, limit)).map(toRecord) };
    },
    summariseAccessRecords: async ({ query, principal }) => {
      await readings.read("access-record.read", query, principal.actor);
      return summarise(withCalls(query));
    },
    exportAccessRecords: async ({ body, principal }) => {
      const file = await collectCsv(ACCESS_CSV_COLUMNS, (limit, take) => records.readInPieces(withCalls(body), limit, take), (rows: readonly StoredAccessRecord[]) => formatAccessRows(rows.map(toRecord)));
      await readings.exported("access-record.export", body, file.rows, principal.actor);
      return file;
    },

    listAuditEntries: async ({ query, principal }) => {
      const { before, limit, ...filter } = query;
      await readings.read("audit.read", filter, principal.actor);
      return { entries: await audit.list(filter, before ?? null, limit) };
    },
    exportAuditEntries: async ({ body, principal }) => {
      const file = await collectCsv(AUDIT_CSV_COLUMNS, (limit, take) => audit.readInPieces(body, limit, take), formatAuditRows);
      await readings.exported("audit.export", body, file.rows, principal.actor);
      return file;
    },
  };
}
