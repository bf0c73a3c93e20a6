// The city and its places, answered from memory: the call taker's completion must not wait for the database.
import type { Clock } from "../../base/time.ts";
import { faultsOfPlace } from "../../contract/camera-place.ts";
import type { Campus, City } from "../../contract/city.ts";
import type { Handlers } from "../handler.ts";
import type { CityPort, PlatformsPort } from "../ports.ts";

export interface CityHandlerOptions {
  readonly clock: Clock;
  readonly city: CityPort;
  readonly bounds: City["bounds"];
  readonly platforms: PlatformsPort;
  readonly campuses: readonly Campus[];
  readonly countCameras: () => number;
}

export function createCityHandlers({ clock, city, bounds, platforms, campuses, countCameras }: CityHandlerOptions): Pick<Handlers, "getCity" | "findNearRoad" | "searchPlaces" | "registerPlatforms" | "listPlatforms" | "listCampuses"> {
  return {
    getCity: async () => ({ ...city.facts, counts: { ...city.facts.counts, cameras: countCameras(), campuses: campuses.length, platforms: platforms.list().length } }),
    searchPlaces: async ({ query }) => {
      const startedAt = clock.monotonicMs();
      const near = query.lon === undefined || query.lat === undefined ? null : { lon: query.lon, lat: query.lat };
      return { ...city.searchPlaces(query.q, query.limit, near), tookMs: clock.monotonicMs() - startedAt };
    },
    findNearRoad: async ({ query }) => ({ road: city.findNearRoad(query) }),
    registerPlatforms: async ({ principal, body }) => {
      const rejected = body.platforms.flatMap(({ code, point }) => faultsOfPlace(point, bounds, "point").map((fault) => ({ platform: code, ...fault, params: { ...fault.params } })));
      const misplaced = new Set(rejected.map(({ platform }) => platform));
      const placed = [...new Map(body.platforms.filter(({ code }) => !misplaced.has(code)).map((one) => [one.code, one])).values()];
      return { platforms: placed.length === 0 ? [] : [...(await platforms.enter(placed, principal.actor, clock.wallMs()))], rejected };
    },
    listPlatforms: async () => ({ platforms: [...platforms.list()] }),
    listCampuses: async () => ({ campuses: [...campuses] }),
  };
}
