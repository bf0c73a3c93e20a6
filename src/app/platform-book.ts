// The platforms of the city: read at the start, kept in memory for every question, and entered anew by whoever registers units. Whoever goes by them (place search, cover moves) is told of each change.
import type { PlatformsPort } from "../api/ports.ts";
import type { Point } from "../contract/basics.ts";
import type { Platform } from "../contract/city.ts";
import type { createPlaceStore } from "../io/postgres/place-store.ts";

export interface PlatformBookOptions {
  readonly store: Pick<ReturnType<typeof createPlaceStore>, "listPlatforms" | "enterPlatforms">;
  readonly districtAt: (point: Point) => string | null;
  readonly onChange: (platforms: readonly Platform[]) => void;
}

export async function createPlatformBook({ store, districtAt, onChange }: PlatformBookOptions): Promise<PlatformsPort> {
  let platforms = await store.listPlatforms();
  onChange(platforms);
  return {
    list: () => platforms,
    enter: async (entered, by, now) => {
      platforms = await store.enterPlatforms(entered.map((platform) => ({ ...platform, district: districtAt(platform.point) })), by, now);
      onChange(platforms);
      const codes = new Set(entered.map(({ code }) => code));
      return platforms.filter(({ code }) => codes.has(code));
    },
  };
}
