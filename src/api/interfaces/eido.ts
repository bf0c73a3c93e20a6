// EIDO over HTTP: an incident of ours on request, a neighbour's incident in.
import { createFault } from "../../base/expectations.ts";
import { keepLatest } from "../../base/keep-latest.ts";
import { eidoOf, readNeighbour, saidBy } from "../../interfaces/eido-incident.ts";
import { formatEido, parseEido } from "../../protocol/eido/eido.ts";
import type { Incident } from "../../dispatch/entities.ts";
import type { DispatchService } from "../../workflow/dispatch-service.ts";
import { badInput, notFound } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";
import { accountIdOf } from "./machine-accounts.ts";
import type { ReportIntake } from "./report-intake.ts";
import type { Sharings } from "./sharings.ts";

export interface EidoOptions {
  readonly dispatch: Pick<DispatchService, "incident" | "findIncident" | "findContact" | "findUnit">;
  readonly reports: ReportIntake;
  /** What this centre is called in ids, and by people. */
  readonly domain: string;
  readonly name: string;
  readonly shorten: (text: string) => string;
  readonly sharings: Pick<Sharings, "mayRead">;
}
export interface EidoDesk {
  readonly handlers: Pick<Handlers, "getIncidentEido" | "reportEido">;
  /** For a webhook with which it is shared. Null: there is no such incident. */
  tell(incidentId: number): Promise<Record<string, unknown> | null>;
}

/** What a call taker was told last of a neighbour's incident. Kept in memory: after a start of ours, the next version with the same words is one contact more. */
interface Told {
  readonly words: string;
  readonly updatedAt: number;
  readonly answer: ReturnType<ReportIntake["receive"]>;
}
const MOST_TOLD = 10_000;

export function createEidoDesk({ dispatch, reports, domain, name, shorten, sharings }: EidoOptions): EidoDesk {
  const lastTold = new Map<string, Told>();
  /** As which a merged one goes on, through however many merges; null: it was not merged. */
  const findRoot = ({ mergedIntoId }: Incident): Incident | null => {
    const into = mergedIntoId === null ? null : dispatch.findIncident(mergedIntoId);
    return into === null ? null : (findRoot(into) ?? into);
  };
  const write = async (incidentId: number): Promise<Record<string, unknown> | null> => {
    const found = await dispatch.incident(incidentId);
    if (found === null) return null;
    const { incident, contacts, assignments, timeline } = found;
    const goesOnAs = findRoot(incident);
    const updatedAt = Math.max(timeline.at(-1)?.at ?? incident.createdAt, goesOnAs?.endedAt ?? 0);
    return formatEido(eidoOf({ incident, goesOnAs, contacts, assignments, findUnit: dispatch.findUnit }, domain, updatedAt), { id: domain, name });
  };
  return {
    tell: write,
    handlers: {
      getIncidentEido: async ({ principal, params }) => {
        // What is not shared and what does not exist are answered alike: ids are not to be counted through.
        const may = principal.kind === "user" || (await sharings.mayRead(params.id, { kind: "key", id: accountIdOf(principal.actor) }, principal.actor));
        const eido = may ? await write(params.id) : null;
        if (eido === null) throw notFound("incident");
        return eido;
      },
      reportEido: async ({ principal, body }) => {
        const parsed = parseEido(body);
        if (!parsed.ok) throw badInput([createFault(parsed.field, parsed.value, `eido-${parsed.expected}`)]);
        const { incident } = parsed;
        const told = readNeighbour(incident);
        const words = shorten(saidBy(incident));
        const key = shorten(`${principal.actor.id},${incident.issuer},${incident.id}`);
        const last = lastTold.get(key);
        if (last?.words === words) {
          const { contactId, state } = await last.answer;
          return { contactId, state: dispatch.findContact(contactId)?.state ?? state, repeated: true };
        }
        const answer = reports.receive(principal.actor, `eido/${shorten(`${incident.issuer},${incident.id},${incident.updatedAt},${words}`)}`, {
          source: "alarm", receivedAt: undefined, callerNumber: told.number, callerPoint: told.point, callerUncertaintyM: told.uncertaintyM, callerWords: told.words,
          signal: { kind: "neighbouring-centre", priorityHint: told.priorityHint, code: told.code, site: told.from, door: null, cameraIds: [] },
        });
        const mine: Told = { words, updatedAt: incident.updatedAt, answer };
        if (last === undefined || mine.updatedAt >= last.updatedAt) keepLatest(lastTold, key, mine, MOST_TOLD);
        answer.catch(() => lastTold.get(key) === mine && lastTold.delete(key)); // it was not taken: the next try is the first again
        return answer;
      },
    },
  };
}
