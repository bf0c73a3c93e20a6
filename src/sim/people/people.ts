// The people of the simulated city: callers and crews, each with its own service token. Everything they do goes over the HTTP contract.
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../../base/time.ts";
import { createRandom } from "../../base/random.ts";
import type { CityModel } from "../../geo/city/city-model.ts";
import { findEdgesOfPiece } from "../../geo/road-pieces.ts";
import { closeRoads } from "../../geo/roads.ts";
import { findRoute } from "../../geo/routing.ts";
import type { StorySite } from "../demo-city/types.ts";
import { createAddressBook } from "./address-book.ts";
import { startCallers } from "./callers.ts";
import { createCentreClient } from "./centre-client.ts";
import { createFleet } from "./fleet.ts";
import { createTelephoneSwitch } from "./telephone-switch.ts";
import type { FindWay } from "./unit-phone.ts";

export interface PeopleOptions {
  readonly centreUrl: string;
  readonly tokens: { readonly telephony: string; readonly fleet: string };
  readonly seed: number;
  readonly callsPerHour: number;
  readonly city: CityModel;
  readonly stories: readonly StorySite[];
  readonly stage: (cameraCode: string, event: StorySite["kind"], durationMs: number) => void;
  readonly clock: Clock;
  readonly warn: (fields: object, message: string) => void;
}

export interface People {
  stop(): Promise<void>;
}

const TICK_MS = 1_000;

export function startPeople(options: PeopleOptions): People {
  const { centreUrl, tokens, city, clock, warn } = options;
  const aborter = new AbortController();
  const { signal } = aborter;
  const told = new Set<string>();
  const clientOf = (token: string) =>
    createCentreClient({
      centreUrl, token, signal,
      onRefused: (what, status, text) => {
        if (told.has(`${what} ${status}`)) return; // once each: a wrong token would fill the log
        told.add(`${what} ${status}`);
        warn({ what, status, answer: text }, "the centre refuses what the simulator sends");
      },
    });
  const random = createRandom(options.seed);
  const findWay: FindWay = (from, to) => {
    const route = findRoute(city.roads, from, to);
    return typeof route === "string" ? null : route;
  };
  const fleet = createFleet({
    client: clientOf(tokens.fleet), clock, random: random.fork("fleet"), findWay,
    onClosures: (closures) => closeRoads(city.roads, new Set(closures.flatMap(({ pieces }) => pieces.flatMap((piece) => findEdgesOfPiece(city.graph, piece))))),
  });
  const telephony = clientOf(tokens.telephony);
  const callers = startCallers({
    telephone: createTelephoneSwitch(telephony.post), mayAnswer: telephony.hasAccount, clock, random, addresses: createAddressBook(city), stories: options.stories, stage: options.stage, callsPerHour: options.callsPerHour,
    runName: `sim-${clock.wallMs().toString(36)}`, signal,
    pause: (ms) => sleep(ms, undefined, { signal }).catch(() => undefined),
  });

  let timer: NodeJS.Timeout | undefined;
  let ticking: Promise<void> = Promise.resolve();
  const tick = (): void => {
    ticking = fleet
      .tick()
      .catch((error: unknown) => warn({ error: String(error) }, "the fleet stumbled"))
      .then(() => {
        if (!signal.aborted) timer = setTimeout(tick, TICK_MS);
      });
  };
  tick();
  return {
    stop: async () => {
      aborter.abort();
      clearTimeout(timer);
      await Promise.all([ticking, callers.ended]);
    },
  };
}
