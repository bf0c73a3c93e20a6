// Dispatch over HTTP: hands commands to the writer with what the gate knows of the sender, and reads the state. Its entities have the contract's shapes.
import type { Clock } from "../../base/time.ts";
import { DispatchUnavailableError, type DispatchService, type Sender } from "../../workflow/dispatch-service.ts";
import { authoriseCommand } from "../gate/authorise.ts";
import type { Principal } from "../gate/principal.ts";
import { ApiError, notFound } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";

export interface DispatchHandlerOptions {
  readonly clock: Clock;
  readonly dispatch: DispatchService;
  readonly countCommand: (type: string, outcome: string) => void;
}

type Names = "sendCommand" | "getIncident" | "listIncidents" | "recommend" | "getBoard" | "listUnits" | "registerUnits";

const senderOf = (principal: Principal): Sender => ({
  ...principal.actor, permissions: [...principal.permissions], unitId: principal.kind === "user" ? principal.account.unitId : null,
});

export function createDispatchHandlers({ clock, dispatch, countCommand }: DispatchHandlerOptions): Pick<Handlers, Names> {
  return {
    sendCommand: async ({ principal, body }) => {
      const sender = senderOf(principal);
      authoriseCommand(sender, body.command, dispatch);
      try {
        const outcome = await dispatch.send(sender, body);
        countCommand(body.command.type, outcome.outcome);
        return outcome;
      } catch (error) {
        if (!(error instanceof DispatchUnavailableError)) throw error;
        countCommand(body.command.type, "unavailable");
        throw new ApiError(503, "dispatch-unavailable", "The command could not be stored: send it again with the same id", { retryAfterMs: 1_000 });
      }
    },

    getIncident: async ({ params }) => {
      const file = await dispatch.incident(params.id);
      if (file === null) throw notFound("incident");
      return file;
    },
    listIncidents: async ({ query }) => ({ incidents: dispatch.listIncidents(query.before ?? null, query.limit) }),
    recommend: async ({ params, principal }) => {
      const recommendation = dispatch.recommend(params.id, clock.wallMs(), principal.actor);
      if (recommendation === null) throw notFound("incident");
      return { ...recommendation, candidates: [...recommendation.candidates], notProposed: [...recommendation.notProposed] };
    },
    listUnits: async () => ({ units: dispatch.liveWork().units.map(({ id, callSign, kind }) => ({ id, callSign, kind })) }),
    registerUnits: async ({ principal, body }) => {
      const outcome = await dispatch.registerUnits(principal.actor, body.units);
      if (outcome.outcome !== "accepted") throw new ApiError(409, outcome.rule, outcome.message);
      const wanted = new Set(body.units.map((unit) => unit.callSign));
      return { units: dispatch.liveWork().units.filter((unit) => wanted.has(unit.callSign)).map(({ id, callSign }) => ({ id, callSign })) };
    },
    getBoard: async () => dispatch.board(clock.wallMs()),
  };
}
