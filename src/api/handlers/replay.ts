// Where a replay goes; there is such a machine account only in a demo and in training.
import type { City } from "../../contract/city.ts";
import type { Handlers } from "../handler.ts";

export interface ReplayHandlerOptions {
  readonly city: Pick<City, "name" | "timeZone" | "bounds">;
  readonly training: boolean;
}

export const createReplayHandlers = ({ city, training }: ReplayHandlerOptions): Pick<Handlers, "getReplayTarget"> => ({
  getReplayTarget: async () => ({ name: city.name, timeZone: city.timeZone, bounds: city.bounds, training }),
});
