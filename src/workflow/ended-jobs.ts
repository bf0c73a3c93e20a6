// How a job ended: told to a phone although the job is no longer the unit's. Which job of a unit ended last is part of the state (`lastEndedJobs`).
import type { Assignment } from "../dispatch/entities.ts";
import { isLive } from "../dispatch/transitions.ts";

/** When an assignment ended, and by whom; null while it is live. */
export const endOf = (assignment: Assignment): Assignment["milestones"][number] | null =>
  isLive(assignment.state) ? null : (assignment.milestones.findLast((milestone) => milestone.state === assignment.state) ?? null);
