// The register of webhooks, their deliveries, and the same events by cursor. An administrator sees where deliveries go and why they fail, not what is in them.
import { createFault } from "../../base/expectations.ts";
import type { Clock } from "../../base/time.ts";
import type { IncidentDelivery } from "../../contract/webhooks.ts";
import type { DispatchService } from "../../workflow/dispatch-service.ts";
import { badInput, notFound } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";
import type { SecretPort, TargetPort, WebhookStorePort } from "../ports.ts";
import type { z } from "zod";

export interface WebhookHandlerOptions {
  readonly clock: Clock;
  readonly secrets: Pick<SecretPort, "createToken">;
  readonly store: WebhookStorePort;
  readonly targets: TargetPort;
  readonly dispatch: Pick<DispatchService, "findIncident">;
}
type Names = "listWebhooks" | "createWebhook" | "changeWebhook" | "removeWebhook" | "listDeliveries" | "resendDeliveries" | "listIncidentEvents";

export function createWebhookHandlers({ clock, secrets, store, targets, dispatch }: WebhookHandlerOptions): Pick<Handlers, Names> {
  return {
    listWebhooks: async () => ({ webhooks: await store.list() }),
    createWebhook: async ({ principal, body }) => {
      const refusal = targets.judgeUrl(body.url);
      if (refusal !== undefined) throw badInput([createFault("url", body.url, refusal === "not-https" ? "https-target" : "webhook-target")]);
      // Base64 with a mark in front, as libraries of Standard Webhooks take it.
      const secret = `whsec_${Buffer.from(secrets.createToken(), "base64url").toString("base64")}`;
      return { webhook: await store.add(body, secret, principal.actor, clock.wallMs()), secret };
    },
    changeWebhook: async ({ principal, params, body }) => {
      const changed = await store.setEnabled(params.id, body.enabled, principal.actor, clock.wallMs());
      if (changed === null) throw notFound("webhook");
      return changed;
    },
    removeWebhook: async ({ principal, params }) => {
      if (!(await store.remove(params.id, principal.actor, clock.wallMs()))) throw notFound("webhook");
      return { done: true };
    },
    listDeliveries: async ({ query }) => ({ deliveries: await store.listDeliveries(query.state, query.before ?? null, query.limit) }),
    resendDeliveries: async ({ principal, body }) => ({ sent: await store.resend(body.ids, principal.actor, clock.wallMs()) }),
    listIncidentEvents: async ({ query }) => {
      const { events, next } = await store.listEvents(query.after, query.limit);
      return { events: events.map((event) => ({ ...event, number: dispatch.findIncident(event.incidentId)?.number ?? 0 })), next };
    },
  };
}

/** The body of the form `citywatch`; null where the incident is not there any more. That something happens to an incident is told to any target; what and where, and who goes, while it is shared with it. */
export function writeIncident(dispatch: Pick<DispatchService, "findIncident" | "findAssignment" | "findUnit">, delivery: { readonly event: string; readonly subjectId: number; readonly sequence: number; readonly eventAt: number }, isShared: boolean, sentAt: number): z.input<typeof IncidentDelivery> | null {
  const incident = dispatch.findIncident(delivery.subjectId);
  if (incident === null) return null;
  const { id, number, status, type, priority, place, createdAt, endedAt, disposition } = incident;
  const about = { type: delivery.event, sequence: delivery.sequence, at: delivery.eventAt, sentAt, incident: { id, number, status } };
  if (!isShared) return { ...about, shared: null };
  const units = incident.assignmentIds.flatMap((assignmentId) => {
    const assignment = dispatch.findAssignment(assignmentId);
    const unit = assignment === null ? null : dispatch.findUnit(assignment.unitId);
    return assignment === null || unit === null ? [] : [{ callSign: unit.callSign, kind: unit.kind, state: assignment.state }];
  });
  return { ...about, shared: { type, priority, place, createdAt, endedAt, disposition, units } };
}
