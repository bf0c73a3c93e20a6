// The city and its places, answered from memory: the call taker's completion must not wait for the database.
import type { Clock } from "../../base/time.ts";
import type { Campus } from "../../contract/city.ts";
import type { PlatformBook } from "../duty/platform-book.ts";
import type { Handlers } from "../handler.ts";
import type { CityPort } from "../ports.ts";

export interface CityHandlerOptions {
  readonly clock: Clock;
  readonly city: CityPort;
  readonly platforms: Pick<PlatformBook, "list">;
  readonly campuses: readonly Campus[];
  readonly countCameras: () => number;
}

export function createCityHandlers({ clock, city, platforms, campuses, countCameras }: CityHandlerOptions): Pick<Handlers, "getCity" | "findNearRoad" | "searchPlaces" | "listPlatforms" | "listCampuses"> {
  return {
    getCity: async () => ({ ...city.facts, counts: { ...city.facts.counts, cameras: countCameras(), campuses: campuses.length, platforms: platforms.list().length } }),
    searchPlaces: async ({ query }) => {
      const startedAt = clock.monotonicMs();
      const near = query.lon === undefined || query.lat === undefined ? null : { lon: query.lon, lat: query.lat };
      return { ...city.searchPlaces(query.q, query.limit, near), tookMs: clock.monotonicMs() - startedAt };
    },
    findNearRoad: async ({ query }) => ({ road: city.findNearRoad(query) }),
    listPlatforms: async () => ({ platforms: [...platforms.list()] }),
    listCampuses: async () => ({ campuses: [...campuses] }),
  };
}
