// Who tells where a unit is, and who acts for it. A fleet gateway does both for every unit. A unit that a person leads from the field page is given no
// work there, and its phone tells the place where it can: one unit, one voice [SES4].
import type { Clock } from "../../base/time.ts";
import type { DispatchService } from "../../workflow/dispatch-service.ts";
import { ApiError, badInput } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";
import type { PositionIntake } from "../interfaces/position-intake.ts";
import type { SessionStorePort } from "../ports.ts";

export interface FieldWorkHandlerOptions {
  readonly clock: Clock;
  readonly dispatch: DispatchService;
  readonly sessions: SessionStorePort;
  readonly intake: PositionIntake;
}

type Names = "reportPositions" | "reportOwnPosition" | "listFieldWork";

export function createFieldWorkHandlers({ clock, dispatch, sessions, intake }: FieldWorkHandlerOptions): Pick<Handlers, Names> {
  return {
    reportPositions: async ({ body }) => intake.report(body.fixes),

    // The unit is that of the account and cannot be named: nobody moves another unit. The age counts by the phone's own clock, so that a wrong one does no harm.
    reportOwnPosition: async ({ principal, body }) => {
      if (principal.kind !== "user" || principal.account.unitId === null) throw new ApiError(409, "no-unit", "This account is bound to no unit: an administrator binds it");
      const { ageMs, ...fix } = body;
      if (intake.isBeyond(fix.lon, fix.lat)) throw new ApiError(409, "outside-city", "This place is far outside the city: it is not taken as the unit's");
      const fault = intake.reportOwn({ ...fix, unitId: principal.account.unitId, at: clock.wallMs() - ageMs });
      if (fault?.field === "unitId") throw new ApiError(409, "off-duty", "The position of a unit is taken only on duty [UNT5]");
      if (fault !== null) throw badInput([fault]);
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
