// One unit, one voice [SES4]: a unit whose own phone tells its place is not moved by a gateway or a tracker for half a minute after; two receivers would make it jump.
// Where the phone cannot tell it (no permission, no receiver) the vehicle's own tracker goes on: a unit without a fresh position is not proposed, which must not be
// the price of logging in.
import { createFault, type InputFault } from "../../base/expectations.ts";
import type { Clock } from "../../base/time.ts";
import type { Bounds } from "../../geo/point.ts";
import type { DispatchService } from "../../workflow/dispatch-service.ts";

type Fix = Parameters<DispatchService["positions"]["report"]>[0][number];

/** So long after a phone told its place, a gateway's fix of the same unit is not taken. */
const OWN_FIX_HOLDS_MS = 30_000;
/** Units cross the city's border; about 25 km. Farther away the device is not with the unit. */
const BEYOND_BORDER_DEG = 0.25;

export interface PositionIntake {
  isBeyond(lon: number, lat: number): boolean;
  /** Of trackers and gateways. What is wrong is told by its index and holds back no other. */
  report(fixes: readonly Fix[]): { readonly taken: number; readonly refused: (InputFault & { readonly index: number })[] };
  /** Of the unit's own phone; null where it was taken. */
  reportOwn(fix: Fix): InputFault | null;
}

export function createPositionIntake({ clock, positions, bounds }: { readonly clock: Clock; readonly positions: Pick<DispatchService["positions"], "report">; readonly bounds: Bounds }): PositionIntake {
  const toldItself = new Map<number, number>(); // our time, by unit
  return {
    isBeyond: (lon, lat) => lon < bounds.west - BEYOND_BORDER_DEG || lon > bounds.east + BEYOND_BORDER_DEG || lat < bounds.south - BEYOND_BORDER_DEG || lat > bounds.north + BEYOND_BORDER_DEG,
    report: (fixes) => {
      const now = clock.wallMs();
      const indexes: number[] = [];
      const held = fixes.flatMap((fix, index) => {
        if (now - (toldItself.get(fix.unitId) ?? -Infinity) < OWN_FIX_HOLDS_MS) return [{ index, ...createFault("unitId", String(fix.unitId), "unit-not-speaking") }];
        indexes.push(index);
        return [];
      });
      const { taken, refused } = positions.report(indexes.map((index) => fixes[index]!), now);
      return { taken, refused: [...held, ...refused.map((one) => ({ ...one, index: indexes[one.index]! }))].sort((a, b) => a.index - b.index) };
    },
    reportOwn: (fix) => {
      const now = clock.wallMs();
      const [fault] = positions.report([fix], now).refused;
      if (fault !== undefined) return fault;
      toldItself.set(fix.unitId, now);
      return null;
    },
  };
}
