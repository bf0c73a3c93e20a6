// EIDO over HTTP: an incident of ours on request, a neighbour's incident in.
import { createFault } from "../../base/expectations.ts";
import type { Clock } from "../../base/time.ts";
import { eidoOf, readNeighbour } from "../../interfaces/eido-incident.ts";
import { formatEido, parseEido } from "../../protocol/eido/eido.ts";
import type { DispatchService } from "../../workflow/dispatch-service.ts";
import { badInput, notFound } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";
import type { ReportIntake } from "./report-intake.ts";

export interface EidoOptions {
  readonly clock: Clock;
  readonly dispatch: Pick<DispatchService, "findIncident" | "findContact" | "findAssignment" | "findUnit">;
  readonly reports: ReportIntake;
  /** What this centre is called in ids, and by people. */
  readonly domain: string;
  readonly name: string;
  readonly shorten: (text: string) => string;
}
export interface EidoDesk {
  readonly handlers: Pick<Handlers, "getIncidentEido" | "reportEido">;
  /** Null: there is no such incident. */
  write(incidentId: number): Record<string, unknown> | null;
}

/** A neighbour may ask for what goes on, not through the archive. */
const TOLD_FOR_MS = 24 * 3_600_000;

export function createEidoDesk({ clock, dispatch, reports, domain, name, shorten }: EidoOptions): EidoDesk {
  const write = (incidentId: number): Record<string, unknown> | null => {
    const incident = dispatch.findIncident(incidentId);
    if (incident === null) return null;
    const contacts = incident.contactIds.map((id) => dispatch.findContact(id)).filter((contact) => contact !== null);
    const assignments = incident.assignmentIds.map((id) => dispatch.findAssignment(id)).filter((assignment) => assignment !== null);
    return formatEido(eidoOf({ incident, contacts, assignments, findUnit: dispatch.findUnit }, domain, clock.wallMs()), { id: domain, name });
  };
  return {
    write,
    handlers: {
      getIncidentEido: async ({ principal, params }) => {
        const endedAt = dispatch.findIncident(params.id)?.endedAt ?? null;
        const isOver = principal.kind === "service" && endedAt !== null && clock.wallMs() - endedAt > TOLD_FOR_MS;
        const eido = isOver ? null : write(params.id);
        if (eido === null) throw notFound("incident");
        return eido;
      },
      reportEido: async ({ principal, body }) => {
        const parsed = parseEido(body);
        if (!parsed.ok) throw badInput([createFault(parsed.field, parsed.value, `eido-${parsed.expected}`)]);
        const { incident } = parsed;
        const told = readNeighbour(incident);
        return reports.receive(principal.actor, `eido/${shorten(`${incident.issuer},${incident.id},${incident.updatedAt}`)}`, {
          source: "alarm", receivedAt: undefined, callerNumber: told.number, callerPoint: told.point, callerUncertaintyM: told.uncertaintyM, callerWords: told.words,
          signal: { kind: "neighbouring-centre", priorityHint: told.priorityHint, code: null, site: told.from, door: null, cameraIds: [] },
        });
      },
    },
  };
}
