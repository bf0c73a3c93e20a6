// The job of each unit that ended last, so that a phone can be told how and why although the job is no longer the unit's. An index over the fold,
// kept by its changes: a walk over all assignments at each poll of each phone would grow with the years.
import type { WallMs } from "../base/time.ts";
import type { Assignment } from "../dispatch/entities.ts";
import { isLive } from "../dispatch/transitions.ts";

export interface EndedJobs {
  take(assignments: Iterable<Assignment>): void;
  /** The assignment's id, or null where none of the unit's has ended. */
  findLast(unitId: number): number | null;
}

/** When an assignment ended, and by whom; null while it is live. */
export const endOf = (assignment: Assignment): Assignment["milestones"][number] | null =>
  isLive(assignment.state) ? null : (assignment.milestones.findLast((milestone) => milestone.state === assignment.state) ?? null);

export function createEndedJobs(): EndedJobs {
  const lastOf = new Map<number, { readonly assignmentId: number; readonly at: WallMs }>();
  return {
    take: (assignments) => {
      for (const assignment of assignments) {
        const at = endOf(assignment)?.receivedAt;
        const last = lastOf.get(assignment.unitId);
        if (at !== undefined && (last === undefined || at >= last.at)) lastOf.set(assignment.unitId, { assignmentId: assignment.id, at });
      }
    },
    findLast: (unitId) => lastOf.get(unitId)?.assignmentId ?? null,
  };
}
