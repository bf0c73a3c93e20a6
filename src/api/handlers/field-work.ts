// Who tells where a unit is, and who acts for it. A fleet gateway does both for every unit. A unit that a person leads from the field page is given no
// work there, and its phone tells the place where it can: one unit, one voice [SES4]. Where it cannot (no permission, no receiver) the vehicle's own
// tracker goes on telling it: a unit without a fresh position is not proposed, which must not be the price of logging in.
import { createFault } from "../../base/expectations.ts";
import type { Clock } from "../../base/time.ts";
import type { City } from "../../contract/city.ts";
import type { DispatchService } from "../../workflow/dispatch-service.ts";
import { ApiError, badInput } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";
import type { SessionStorePort } from "../ports.ts";

export interface FieldWorkHandlerOptions {
  readonly clock: Clock;
  readonly dispatch: DispatchService;
  readonly sessions: SessionStorePort;
  readonly bounds: City["bounds"];
}

type Names = "reportPositions" | "reportOwnPosition" | "listFieldWork";

/** So long after a phone told its place, a gateway's fix of the same unit is not taken: two receivers would make it jump. */
const OWN_FIX_HOLDS_MS = 30_000;
/** Units cross the city's border; about 25 km. Farther away the phone is not with the unit. */
const BEYOND_BORDER_DEG = 0.25;

export function createFieldWorkHandlers({ clock, dispatch, sessions, bounds }: FieldWorkHandlerOptions): Pick<Handlers, Names> {
  const toldItself = new Map<number, number>(); // our time, by unit
  const speaksItself = (unitId: number, now: number): boolean => now - (toldItself.get(unitId) ?? -Infinity) < OWN_FIX_HOLDS_MS;
  const isBeyond = (lon: number, lat: number): boolean =>
    lon < bounds.west - BEYOND_BORDER_DEG || lon > bounds.east + BEYOND_BORDER_DEG || lat < bounds.south - BEYOND_BORDER_DEG || lat > bounds.north + BEYOND_BORDER_DEG;

  return {
    reportPositions: async ({ body }) => {
      const now = clock.wallMs();
      const indexes: number[] = [];
      const held = body.fixes.flatMap((fix, index) => {
        if (speaksItself(fix.unitId, now)) return [{ index, ...createFault("unitId", String(fix.unitId), "unit-not-speaking") }];
        indexes.push(index);
        return [];
      });
      const { taken, refused } = dispatch.positions.report(indexes.map((index) => body.fixes[index]!), now);
      return { taken, refused: [...held, ...refused.map((one) => ({ ...one, index: indexes[one.index]! }))].sort((a, b) => a.index - b.index) };
    },

    // The unit is that of the account and cannot be named: nobody moves another unit. The age counts by the phone's own clock, so that a wrong one does no harm.
    reportOwnPosition: async ({ principal, body }) => {
      if (principal.kind !== "user" || principal.account.unitId === null) throw new ApiError(409, "no-unit", "This account is bound to no unit: an administrator binds it");
      const { unitId } = principal.account;
      const { ageMs, ...fix } = body;
      if (isBeyond(fix.lon, fix.lat)) throw new ApiError(409, "outside-city", "This place is far outside the city: it is not taken as the unit's");
      const now = clock.wallMs();
      const [fault] = dispatch.positions.report([{ ...fix, unitId, at: now - ageMs }], now).refused;
      if (fault?.field === "unitId") throw new ApiError(409, "off-duty", "The position of a unit is taken only on duty [UNT5]");
      if (fault !== undefined) throw badInput([fault]);
      toldItself.set(unitId, now);
      return { done: true };
    },

    listFieldWork: async () => {
      const now = clock.wallMs();
      const ledIds = new Set(await sessions.listLedUnits(now));
      const { units, assignments: live, incidents, closures } = dispatch.liveWork();
      return {
        at: now, units: units.filter((unit) => !ledIds.has(unit.id)), assignments: live.filter((assignment) => !ledIds.has(assignment.unitId)),
        incidents, closures,
        led: units.filter((unit) => ledIds.has(unit.id)).map((unit) => ({ unit, assignment: live.find((assignment) => assignment.id === unit.activeAssignmentId) ?? null })),
      };
    },
  };
}
