// The centre as a replay meets it: it must train or play, or nothing is sent.
import { ToldError } from "../../base/told-error.ts";
import { Welcome } from "../../contract/access.ts";
import { ROUTES } from "../../contract/routes.ts";
import type { Point } from "../../geo/point.ts";
import { distanceM } from "../../geo/point.ts";
import { createCentreClient } from "../people/centre-client.ts";
import type { ReplayCentre } from "./player.ts";
import type { ReplayUnit } from "./replay-call.ts";

export interface ReplayCentreOptions {
  readonly origin: string;
  readonly token: string;
  readonly signal: AbortSignal;
  /** Among the skills of the units that are registered. */
  readonly skill: string;
}

/** Throws a ToldError where no centre answers, or one that is real. */
export async function createReplayCentre({ origin, token, signal, skill }: ReplayCentreOptions): Promise<ReplayCentre & { readonly middle: Point; readonly middleUncertaintyM: number }> {
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    try {
      return await fetch(new URL(`/api/v1${path}`, origin), { ...init, redirect: "error", signal, headers: { accept: "application/json", authorization: `Bearer ${token}`, ...init.headers } });
    } catch (error) {
      if (signal.aborted) throw new ToldError("The replay was broken off.", { cause: error });
      throw new ToldError(`No centre answers at ${origin}. Is it running? Another address: --centre URL.`, { cause: error });
    }
  };
  const { demo, training } = Welcome.parse(await (await ask(ROUTES.welcome.path, { headers: { authorization: "" } })).json());
  if (!demo && !training) throw new ToldError(`The centre at ${origin} is a real one: a replay goes into training (citywatch start --training) or the demo city only.`);
  const answer = await ask(ROUTES.getReplayTarget.path);
  if (!answer.ok) throw new ToldError(`The centre at ${origin} does not know this data folder (${answer.status}): name the one that it runs on with --data FOLDER.`);
  const { bounds } = ROUTES.getReplayTarget.answer.parse(await answer.json());
  const middle = { lon: (bounds.west + bounds.east) / 2, lat: (bounds.south + bounds.north) / 2 };
  const client = createCentreClient({ centreUrl: origin, token, signal, onRefused: () => undefined });
  return {
    middle, middleUncertaintyM: Math.round(distanceM(middle, { lon: bounds.east, lat: bounds.north })),
    send: client.send,
    hasOutcome: async (commandId) => {
      const asked = await ask(ROUTES.findCommandOutcome.path.replace("{id}", commandId));
      if (!asked.ok) throw new ToldError(`The centre answered ${asked.status} when it was asked how far the replay had come.`);
      return ROUTES.findCommandOutcome.answer.parse(await asked.json()).outcome !== null;
    },
    registerUnits: async (units: readonly ReplayUnit[]) => {
      const body = { units: units.map(({ callSign, kind }) => ({ callSign, kind, home: middle, skills: [skill] })) };
      const registered = await ask(ROUTES.registerUnits.path, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });
      if (!registered.ok) return new Map();
      return new Map(ROUTES.registerUnits.answer.parse(await registered.json()).units.map(({ id, callSign }) => [callSign, id]));
    },
  };
}
