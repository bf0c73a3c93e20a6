// Why somebody looks, or takes away what was recorded, as the access records keep it. Throws where the reason is none.
import type { z } from "zod";
import { type IncidentRefusal, judgeCallReason, refuseIncidentReason } from "../../accountability/view-policy.ts";
import { createFault } from "../../base/expectations.ts";
import type { ViewMode, ViewReason } from "../../contract/cameras.ts";
import { ApiError, badInput } from "../gate/problem.ts";

export interface ReasonSources {
  readonly findIncident: (id: number) => { readonly endedAt: number | null } | null;
  readonly findContact: (id: number) => { readonly endedAt: number | null; readonly incidentId: number | null } | null;
}
/** The incident that this one is now: where it was merged into another, that one has its calls and units, and a look for it goes on for that [TIE1]. */
export function followMerges<Found extends { readonly mergedIntoId: number | null }>(findIncident: (id: number) => Found | null, id: number): Found | null {
  let incident = findIncident(id);
  while (incident !== null && incident.mergedIntoId !== null) incident = findIncident(incident.mergedIntoId);
  return incident;
}

/** What a record says of why somebody looks. */
export interface RecordedReason {
  readonly purpose: string;
  readonly incidentId: number | null;
  readonly contactId: number | null;
  readonly words: string | null;
}

export const callEnded = (contactId: number): ApiError => new ApiError(409, "call-ended", "The call has ended without an incident: give a purpose in words", { details: { contactId } });
export const incidentEnded = (rule: IncidentRefusal, incidentId: number): ApiError => new ApiError(409, rule, "The incident has ended: give a purpose in words", { details: { incidentId } });

/** A call that has become an incident is that incident [VIEW10]. */
export function getReason(sources: ReasonSources, reason: z.output<typeof ViewReason>, mode: ViewMode, now: number): RecordedReason {
  const none = { incidentId: null, contactId: null, words: null };
  if (reason.purpose === "call") {
    const judged = judgeCallReason(sources.findContact(reason.contactId));
    if (judged.kind === "call") return { ...none, purpose: "call", contactId: reason.contactId };
    if (judged.kind === "incident") return getReason(sources, { purpose: "incident", incidentId: judged.incidentId }, mode, now);
    if (judged.refusal === "call-unknown") throw badInput([createFault("reason.contactId", String(reason.contactId), "call-exists")]);
    throw callEnded(reason.contactId);
  }
  if (reason.purpose !== "incident") return { ...none, purpose: reason.purpose, words: reason.words };
  const { incidentId } = reason;
  const refusal = refuseIncidentReason(sources.findIncident(incidentId), mode, now);
  if (refusal === "incident-unknown") throw badInput([createFault("reason.incidentId", String(incidentId), "incident-exists")]);
  if (refusal !== null) throw incidentEnded(refusal, incidentId);
  return { ...none, purpose: "incident", incidentId };
}
