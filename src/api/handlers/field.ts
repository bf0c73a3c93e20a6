// What the phone of a crew shows: the own unit and its job, who else goes, the way there, and the cameras that see it. Nothing here can be asked of another
// unit: the unit is that of the account.
import type { Clock } from "../../base/time.ts";
import type { Point } from "../../contract/basics.ts";
import type { Contact } from "../../contract/dispatch.ts";
import type { Caller, FieldView } from "../../contract/live.ts";
import type { Assignment, Incident, Unit } from "../../dispatch/entities.ts";
import { isLive } from "../../dispatch/transitions.ts";
import type { DispatchService } from "../../workflow/dispatch-service.ts";
import { STALE_FIX_MS } from "../../workflow/ranking.ts";
import type { Principal } from "../gate/principal.ts";
import { ApiError } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";
import { tellEnded } from "./field-ended.ts";
import { listFieldSteps } from "./field-steps.ts";

export type PlaceOfJob = Pick<Incident["place"], "point" | "uncertaintyM">;

export interface FieldHandlerOptions {
  readonly clock: Clock;
  readonly dispatch: Pick<DispatchService, "findUnit" | "findAssignment" | "findIncident" | "findContact" | "findLastEnded" | "findRoad" | "positions">;
  readonly listSeeing: (place: PlaceOfJob) => Promise<readonly { readonly cameraId: number; readonly code: string; readonly name: string; readonly distanceM: number; readonly hasStream: boolean }[]>;
}
type Names = "getField" | "getFieldWay" | "listFieldCameras";

/** Cameras that a crew is offered, and those that it may open [VIEW11]. */
export const MOST_FIELD_CAMERAS = 6;

const callerOf = ({ id, source, receivedAt, callerNumber, callerWords }: Contact): Caller => ({ contactId: id, source, receivedAt, number: callerNumber, words: callerWords });

export interface OwnJob {
  readonly assignment: Assignment;
  readonly incident: Incident;
}
/** The job that the unit has now. */
export function findJob(dispatch: Pick<DispatchService, "findUnit" | "findAssignment" | "findIncident">, unitId: number): OwnJob | null {
  const activeId = dispatch.findUnit(unitId)?.activeAssignmentId ?? null;
  const assignment = activeId === null ? null : dispatch.findAssignment(activeId);
  const incident = assignment === null ? null : dispatch.findIncident(assignment.incidentId);
  return assignment === null || incident === null ? null : { assignment, incident: asSeenBy(assignment, incident) };
}

/** Who covers stands at the platform: that is the place of the job, for the way and for the cameras, and what was said of the incident is for those who go there. */
function asSeenBy({ cover }: Assignment, incident: Incident): Incident {
  if (cover === null) return incident;
  return { ...incident, what: "", who: "", contactIds: [], place: { words: "", label: cover.label, kind: "platform", district: null, point: cover.point, uncertaintyM: 0 } };
}

export function createFieldHandlers({ clock, dispatch, listSeeing }: FieldHandlerOptions): Pick<Handlers, Names> {
  const getUnit = (principal: Principal): Unit => {
    if (principal.kind !== "user" || principal.account.unitId === null) throw new ApiError(409, "no-unit", "This account is bound to no unit: an administrator binds it");
    const unit = dispatch.findUnit(principal.account.unitId);
    if (unit === null) throw new ApiError(409, "no-unit", "The unit of this account does not exist any more");
    return unit;
  };
  const findFresh = (unitId: number, now: number): Point | null => {
    const fix = dispatch.positions.find(unitId);
    return fix === null || now - fix.at > STALE_FIX_MS ? null : fix.point;
  };
  const othersOf = ({ assignment, incident }: OwnJob, now: number): FieldView["others"] =>
    incident.assignmentIds.flatMap((id) => {
      const other = id === assignment.id ? null : dispatch.findAssignment(id);
      const unit = other === null || !isLive(other.state) ? null : dispatch.findUnit(other.unitId);
      return other === null || unit === null || (other.cover === null) !== (assignment.cover === null) ? [] : [{ callSign: unit.callSign, kind: unit.kind, state: other.state, point: findFresh(unit.id, now) }];
    });
  const helpOf = (unit: Unit, now: number): FieldView["help"] => {
    const incident = unit.emergency && unit.emergencyIncidentId !== null ? dispatch.findIncident(unit.emergencyIncidentId) : null;
    if (incident === null) return null;
    return incident.assignmentIds.flatMap((id) => {
      const coming = dispatch.findAssignment(id);
      const helper = coming === null || !isLive(coming.state) || coming.cover !== null || coming.unitId === unit.id ? null : dispatch.findUnit(coming.unitId);
      if (coming === null || helper === null) return [];
      const { callSign, kind } = helper;
      return [{ callSign, kind, state: coming.state, point: findFresh(helper.id, now), place: incident.place.point, secondsAtAssign: coming.roadSecondsAtAssign, sentAt: coming.milestones[0]?.receivedAt ?? null }];
    });
  };

  return {
    getField: async ({ principal }): Promise<FieldView> => {
      const unit = getUnit(principal);
      const now = clock.wallMs();
      const job = findJob(dispatch, unit.id);
      const ended = dispatch.findLastEnded(unit.id);
      const endedOf = ended === null ? null : dispatch.findIncident(ended.incidentId);
      return {
        unit, assignment: job?.assignment ?? null, incident: job?.incident ?? null, at: now,
        stateSince: unit.since,
        callers: (job?.incident.contactIds ?? []).map((id) => dispatch.findContact(id)).filter((contact) => contact !== null).map(callerOf),
        next: job === null ? [] : listFieldSteps(job.assignment.state, unit.kind), others: job === null ? [] : othersOf(job, now), help: helpOf(unit, now),
        lastEnded: ended === null || endedOf === null ? null : tellEnded(ended, endedOf, principal.actor, now),
      };
    },

    getFieldWay: async ({ principal }) => {
      const unit = getUnit(principal);
      const job = findJob(dispatch, unit.id);
      if (job === null) return null;
      const position = findFresh(unit.id, clock.wallMs());
      const from = position ?? unit.home;
      const to = job.incident.place.point;
      const road = dispatch.findRoad(from, to);
      return { assignmentId: job.assignment.id, from, start: position === null ? "post" : "position", to, road };
    },

    listFieldCameras: async ({ principal }) => {
      const job = findJob(dispatch, getUnit(principal).id);
      if (job === null) return { assignmentId: null, cameras: [] };
      const seeing = await listSeeing(job.incident.place);
      return { assignmentId: job.assignment.id, cameras: seeing.filter((camera) => camera.hasStream).map(({ cameraId, code, name, distanceM }) => ({ cameraId, code, name, distanceM })) };
    },
  };
}
