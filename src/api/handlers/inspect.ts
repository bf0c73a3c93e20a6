// The registers of looks and changes, for inspectors: lists, counts, files. Reading them is a record of its own, committed first [AUD3].
import { viewOpenUntil } from "../../accountability/view-policy.ts";
import type { Clock } from "../../base/time.ts";
import type { AccessRecord } from "../../contract/cameras.ts";
import { MOST_EXPORTED, type AccessFilter } from "../../contract/inspect.ts";
import type { Handlers } from "../handler.ts";
import { createReadingLog } from "../inspect/reading-log.ts";
import { formatAccessCsv, formatAuditCsv } from "../inspect/register-csv.ts";
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
    return { ...stored, openUntil: viewOpenUntil(stored), incident: incident === null ? null : { id: incident.id, number: incident.number, type: incident.type, place: incident.place.label } };
  };
  const withCalls = (filter: AccessFilter): StoredAccessFilter => ({ ...filter, contactIds: filter.incidentId === undefined ? [] : (findIncident(filter.incidentId)?.contactIds ?? []) });

  return {
    listAccessRecords: async ({ query, principal }) => {
      const { before, limit, ...filter } = query;
      await readings.read("access-record.read", filter, principal.actor);
      return { records: (await records.list(withCalls(filter), before ?? null, limit)).map(toRecord) };
    },
    summariseAccessRecords: async ({ query, principal }) => {
      await readings.read("access-record.read", query, principal.actor);
      return records.summarise(withCalls(query), timeZone);
    },
    exportAccessRecords: async ({ body, principal }) => {
      const rows = await records.list(withCalls(body), null, MOST_EXPORTED + 1);
      const taken = rows.slice(0, MOST_EXPORTED);
      await readings.exported("access-record.export", body, taken.length, principal.actor);
      return { csv: formatAccessCsv(taken.map(toRecord)), rows: taken.length, cut: rows.length > taken.length };
    },

    listAuditEntries: async ({ query, principal }) => {
      const { before, limit, ...filter } = query;
      await readings.read("audit.read", filter, principal.actor);
      return { entries: await audit.list(filter, before ?? null, limit) };
    },
    exportAuditEntries: async ({ body, principal }) => {
      const rows = await audit.list(body, null, MOST_EXPORTED + 1);
      const taken = rows.slice(0, MOST_EXPORTED);
      await readings.exported("audit.export", body, taken.length, principal.actor);
      return { csv: formatAuditCsv(taken), rows: taken.length, cut: rows.length > taken.length };
    },
  };
}
