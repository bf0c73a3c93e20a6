// What other agencies may read of us, and their reading. A key or a webhook alone opens no incident: a person shares one, for a purpose and until an end, takes that back in one action, and sees how
// often it was read; each reading is an entry in the audit entries by the agency's name, committed before the object leaves. Rejected: what is open is a neighbour's to read, which nobody
// asked for, nobody sees, and whoever makes keys can do by themselves.
import { HOUR_MS, type Clock } from "../../base/time.ts";
import type { Actor } from "../../contract/basics.ts";
import type { Agency } from "../../contract/sharings.ts";
import { ApiError, notFound } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";
import type { SharingStorePort } from "../ports.ts";

export interface SharingsOptions {
  readonly clock: Clock;
  readonly store: SharingStorePort;
  /** Whom something can be shared with: keys of neighbouring centres, webhooks that are told of incidents. */
  readonly listAgencies: () => Promise<readonly Agency[]>;
  readonly incidentExists: (id: number) => boolean;
}
export interface Sharings {
  readonly handlers: Pick<Handlers, "listSharingAgencies" | "listSharings" | "createSharing" | "endSharing">;
  /** Whether the agency may be given the incident now; that it is, is written down by then. Throws ApiError 429 where a key asks too often. */
  mayRead(incidentId: number, agency: Pick<Agency, "kind" | "id">, by: Actor): Promise<boolean>;
  /** The same of a webhook, which stands in the records by its name: once for each delivery, however often that is tried. */
  mayTell(incidentId: number, webhook: { readonly id: number; readonly name: string }, deliveryId: number): Promise<boolean>;
}

/** Ids of webhooks in records begin here: below are services and machine accounts. */
const FIRST_WEBHOOK_ID = 1_000_000;

/** Each reading is kept for ever: nobody who asks needs an incident more often than twice a second. What a webhook is told is as often as something happens. */
const MOST_READS = 120;
const READS_WITHIN_MS = 60_000;

export function createSharings({ clock, store, listAgencies, incidentExists }: SharingsOptions): Sharings {
  const asked = new Map<number, { since: number; count: number }>(); // by key
  const checkRate = (keyId: number): void => {
    const now = clock.wallMs();
    const window = asked.get(keyId);
    if (window === undefined || now - window.since >= READS_WITHIN_MS || now < window.since) return void asked.set(keyId, { since: now, count: 1 });
    if (++window.count > MOST_READS) throw new ApiError(429, "too-many-requests", "Too many requests in a minute", { retryAfterMs: window.since + READS_WITHIN_MS - now });
  };
  const checkIncident = (id: number): void => {
    if (!incidentExists(id)) throw notFound("incident");
  };
  return {
    handlers: {
      listSharingAgencies: async () => ({ agencies: [...(await listAgencies())] }),
      listSharings: async ({ params }) => {
        checkIncident(params.id);
        return { sharings: await store.list(params.id) };
      },
      createSharing: async ({ principal, params, body }) => {
        checkIncident(params.id);
        const agency = (await listAgencies()).find(({ kind, id }) => kind === body.agency.kind && id === body.agency.id);
        if (agency === undefined) throw notFound("agency");
        const now = clock.wallMs();
        return store.add({ incidentId: params.id, agency, purpose: body.purpose, until: now + body.hours * HOUR_MS }, principal.actor, now);
      },
      endSharing: async ({ principal, params }) => {
        const ended = await store.end(params.id, principal.actor, clock.wallMs());
        if (ended === null) throw notFound("sharing");
        return ended;
      },
    },
    mayRead: async (incidentId, agency, by) => {
      if (agency.kind === "key") checkRate(agency.id);
      return store.recordRead(incidentId, agency, by, clock.wallMs());
    },
    mayTell: (incidentId, { id, name }, deliveryId) => store.recordRead(incidentId, { kind: "webhook", id }, { kind: "service", id: FIRST_WEBHOOK_ID + id, name }, clock.wallMs(), deliveryId),
  };
}
