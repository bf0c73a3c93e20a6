// Dispatch over HTTP: hands commands to the writer with what the gate knows of the sender, and reads the state. Its entities have the contract's shapes.
import { createFault } from "../../base/expectations.ts";
import { type Clock, DAY_MS } from "../../base/time.ts";
import { faultsOfPlace } from "../../contract/camera-place.ts";
import type { Actor } from "../../contract/basics.ts";
import type { City } from "../../contract/city.ts";
import { type Command, MOST_FLAGS, MOST_FLAG_DAYS } from "../../contract/dispatch.ts";
import { listWaitRows } from "../../dispatch/policy.ts";
import type { Point } from "../../geo/point.ts";
import { DispatchUnavailableError, type DispatchService, type Sender } from "../../workflow/dispatch-service.ts";
import { createKeptAnswers } from "../../workflow/kept-answers.ts";
import { authoriseCommand } from "../gate/authorise.ts";
import { permissionsOfAccount, type Principal } from "../gate/principal.ts";
import { ApiError, notFound } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";
import type { PlatformBook } from "../duty/platform-book.ts";
import type { AccountStorePort, CityPort } from "../ports.ts";

export interface DispatchHandlerOptions {
  readonly clock: Clock;
  readonly platforms: Pick<PlatformBook, "list">;
  readonly bounds: City["bounds"];
  readonly findReach: CityPort["findReach"];
  readonly dispatch: DispatchService;
  readonly accounts: Pick<AccountStorePort, "list">;
  readonly countCommand: (type: string, outcome: string) => void;
}

type Names = "listWatchers" | "getWaits" | "listPreemptible" | "proposeCover" | "listDuplicates" | "sendCommand" | "findCommandOutcome" | "listEndedContacts" | "getIncident" | "listIncidents" | "listIncidentFlags" | "recommend" | "listNotProposed" | "replayDecision" | "findReach" | "getBoard" | "listUnits" | "registerUnits";

const senderOf = (principal: Principal): Sender => ({
  ...principal.actor, permissions: [...principal.permissions], unitId: principal.kind === "user" ? principal.account.unitId : null,
});

/** Areas are worked out one after another, a step at a turn of the loop: beyond so many that wait nobody would still want the answer. */
const MOST_REACHES = 16;

export function createDispatchHandlers({ clock, platforms, bounds, findReach, dispatch, accounts, countCommand }: DispatchHandlerOptions): Pick<Handlers, Names> {
  type Reached = { readonly from: Point; readonly positionAgeMs: number | null; readonly at: number; readonly areas: ReturnType<CityPort["findReach"]>; failed: boolean };
  const reached = createKeptAnswers<Reached>();
  let [reaching, closings] = [0, 0];
  dispatch.subscribe(({ closures }) => void (closings += closures.length));
  const beginReach = (from: Point, positionAgeMs: number | null, at: number, minutes: readonly number[]): Reached => {
    if (reaching >= MOST_REACHES) throw new ApiError(503, "busy", "Too many ask what units reach: try again", { retryAfterMs: 5_000 });
    reaching++;
    const areas = findReach(from, minutes.map((one) => one * 60)).finally(() => reaching--);
    const mine: Reached = { from, positionAgeMs, at, areas, failed: false };
    areas.catch(() => (mine.failed = true));
    return mine;
  };
  /** Who may be handed what somebody watches over. */
  const listWatchers = async (): Promise<{ id: number; name: string }[]> =>
    (await accounts.list()).filter((account) => !account.disabled && permissionsOfAccount(account).includes("incident.write")).map(({ id, name }) => ({ id, name }));
  const findAddressee = async (command: Command): Promise<Actor | null> => {
    if (command.type !== "hand-over.offer") return null;
    const person = (await listWatchers()).find(({ id }) => id === command.toUserId);
    return person === undefined ? null : { kind: "user", ...person };
  };

  return {
    listWatchers: async () => ({ people: await listWatchers() }),
    getWaits: async () => {
      const { roadTimeFactor, unknownRoadMs, longestReminderMs } = dispatch.policy;
      return { rows: listWaitRows(dispatch.policy), roadTimeFactor, unknownRoadMs, longestReminderMs };
    },
    sendCommand: async ({ principal, body }) => {
      const sender = senderOf(principal);
      authoriseCommand(sender, body.command, dispatch);
      try {
        const outcome = await dispatch.send(sender, body, await findAddressee(body.command));
        countCommand(body.command.type, outcome.outcome);
        return outcome;
      } catch (error) {
        if (error instanceof DispatchUnavailableError) countCommand(body.command.type, "unavailable");
        throw error;
      }
    },

    findCommandOutcome: async ({ principal, params }) => ({ outcome: await dispatch.findOutcome(principal.actor, params.id) }),
    listEndedContacts: async ({ principal, query }) => {
      if (principal.kind !== "user") throw new ApiError(403, "forbidden", "Only people take calls up again");
      return { contacts: dispatch.listReopenable(query.before ?? null, query.limit, clock.wallMs()) };
    },
    getIncident: async ({ params }) => {
      const file = await dispatch.incident(params.id);
      if (file === null) throw notFound("incident");
      return file;
    },
    listIncidents: async ({ query }) => {
      if (query.number === undefined) return { incidents: dispatch.listIncidents(query.before ?? null, query.limit, query.status) };
      const found = dispatch.findIncidentByNumber(query.number);
      return { incidents: found === null ? [] : [found] };
    },
    listIncidentFlags: async ({ query: { from, to } }) => {
      const begin = Math.max(from, to - MOST_FLAG_DAYS * DAY_MS);
      return { flags: begin < to ? await dispatch.listIncidentFlags(begin, to, MOST_FLAGS) : [] };
    },
    recommend: async ({ params, principal }) => {
      const recommendation = dispatch.recommend(params.id, clock.wallMs(), principal.actor);
      if (recommendation === null) throw notFound("incident");
      return recommendation;
    },
    listPreemptible: async ({ params }) => {
      const offers = dispatch.listPreemptible(params.id, clock.wallMs());
      if (offers === null) throw notFound("incident");
      return { offers };
    },
    proposeCover: async ({ params, query }) => {
      const proposal = dispatch.proposeCover(params.id, query.units ?? [], clock.wallMs());
      if (proposal === null) throw notFound("incident");
      return proposal;
    },
    listDuplicates: async ({ params, query }) => {
      const contact = dispatch.findContact(params.id);
      if (contact === null) throw notFound("contact");
      const { lon, lat, uncertaintyM } = query;
      const place = lon === undefined || lat === undefined ? null : { point: { lon, lat }, uncertaintyM };
      return { candidates: dispatch.findDuplicates({ contact, place, type: query.type ?? null, now: clock.wallMs() }) };
    },
    listNotProposed: async ({ params, query }) => {
      const units = dispatch.listNotProposed(params.id, clock.wallMs(), { unitIds: query.units, code: query.code, after: query.after, limit: query.limit });
      if (units === null) throw notFound("incident");
      return { units };
    },
    findReach: async ({ params, query }) => {
      const unit = dispatch.findUnit(params.id);
      if (unit === null) throw notFound("unit");
      const now = clock.wallMs();
      const fix = dispatch.positions.find(unit.id);
      const { from, positionAgeMs, at, areas } = reached.get(`${unit.id} ${query.minutes.join()} ${closings}`, now, ({ failed }) => !failed, () =>
        beginReach(fix?.point ?? unit.home, fix === null ? null : Math.max(0, now - fix.at), now, query.minutes));
      return {
        unitId: unit.id, from, positionAgeMs, at,
        areas: (await areas)?.map(({ seconds, polygons }) => ({ minutes: seconds / 60, polygons: polygons.map((rings) => rings.map((ring) => [...ring])) })) ?? null,
      };
    },
    replayDecision: async ({ params }) => {
      const replay = await dispatch.replayDecision(params.id);
      if (replay === null) throw notFound("assignment");
      return replay;
    },
    listUnits: async () => ({ units: dispatch.liveWork().units.map(({ id, callSign, kind }) => ({ id, callSign, kind })) }),
    registerUnits: async ({ principal, body }) => {
      const platformIds = new Map(platforms.list().map(({ code, id }) => [code, id]));
      const rejected = body.units.flatMap(({ callSign, home, platformCode }) => [
        ...faultsOfPlace(home, bounds, "home"), ...(platformCode === undefined || platformCode === null || platformIds.has(platformCode) ? [] : [createFault("platformCode", platformCode, "platform-exists")]),
      ].map((fault) => ({ callSign, ...fault, params: { ...fault.params } })));
      const misplaced = new Set(rejected.map((fault) => fault.callSign));
      const placed = body.units.filter(({ callSign }) => !misplaced.has(callSign)).map(({ platformCode, ...unit }) => ({ ...unit, platformId: platformCode === undefined || platformCode === null ? platformCode : platformIds.get(platformCode)! }));
      if (placed.length > 0) {
        const outcome = await dispatch.registerUnits(principal.actor, placed);
        if (outcome.outcome !== "accepted") throw new ApiError(409, outcome.rule, outcome.message);
      }
      const entered = new Set(placed.map((unit) => unit.callSign));
      return { units: dispatch.liveWork().units.filter((unit) => entered.has(unit.callSign)).map(({ id, callSign }) => ({ id, callSign })), rejected };
    },
    getBoard: async () => dispatch.board(clock.wallMs()),
  };
}
