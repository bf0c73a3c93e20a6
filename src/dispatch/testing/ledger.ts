// Who goes where, kept from the log alone, beside the fold and in another way: a row for each job, changed by the event that speaks of it. The invariants are held against this and not against
// the lists of the state, so that a list that is wrong there does not prove itself.
import type { AnswerStage, UnitProfile } from "../entities.ts";
import type { EventBody, StoredEvent } from "../events.ts";

interface Job {
  incidentId: number;
  readonly unitId: number;
  readonly covers: boolean;
  progress: "waits" | "goes" | "served" | "over";
  /** It served before its incident was reopened: it counts nowhere any more. */
  spent: boolean;
  /** It has left this word out for too long, and somebody was told that it counts no more. */
  silentFor: AnswerStage | null;
  /** When it had said its last word before that. */
  silentSince: number;
  /** With a patient on board: it was there, whatever it leaves out now. */
  carries: boolean;
}

export interface Ledger {
  take(event: StoredEvent): void;
  /** The units that stand for the incident's plan, as they were registered last; who leaves its word out for too long stands for nothing. */
  listServing(incidentId: number): UnitProfile[];
  /** Jobs that units were sent on and that are not over, by unit; what waits is none. */
  listGoing(): { readonly unitId: number; readonly incidentId: number }[];
  /** Units that somebody set to lost and nobody has given a job since. */
  listLost(): number[];
}

export function createLedger(): Ledger {
  const jobs = new Map<number, Job>();
  const profiles = new Map<number, UnitProfile>();
  const lost = new Set<number>();
  const move = (ids: readonly number[], to: number): void => ids.forEach((id) => void (jobs.get(id)!.incidentId = to));
  const set = (id: number, progress: Job["progress"]): void => void (jobs.get(id)!.progress = progress);

  const heard = (id: number): void => void (jobs.get(id)!.silentFor = null);

  const take = (body: EventBody, at: number): void => {
    switch (body.type) {
      case "unit.registered":
        return void profiles.set(body.unitId, body.profile);
      case "unit.shift-began":
        return void profiles.set(body.unitId, { ...profiles.get(body.unitId)!, ...(body.shift.skills === null ? {} : { skills: body.shift.skills }) });
      case "assignment.assigned":
        lost.delete(body.unitId);
        return void jobs.set(body.assignmentId, { incidentId: body.incidentId, unitId: body.unitId, covers: body.cover !== undefined, progress: body.stacked ? "waits" : "goes", spent: false, silentFor: null, silentSince: 0, carries: false });
      case "assignment.activated":
        return set(body.assignmentId, "goes");
      case "assignment.advanced":
        if (body.to !== "sent" && body.to !== "delivered") heard(body.assignmentId); // a phone that took it is no word of the crew
        jobs.get(body.assignmentId)!.carries = body.to === "transporting";
        return set(body.assignmentId, body.to === "cleared" ? "served" : "goes");
      case "assignment.unanswered":
        jobs.get(body.assignmentId)!.silentFor = body.goneUp ? body.stage : null;
        jobs.get(body.assignmentId)!.silentSince = body.since;
        return;
      case "assignment.confirmed": // nor a press of before that waited in its phone
        return Math.min(body.deviceAt ?? at, at) <= jobs.get(body.assignmentId)!.silentSince ? undefined : heard(body.assignmentId);
      case "assignment.reported-late": // no word where a phone says so by itself, or where it was pressed before the silence
        return ["sent", "delivered"].includes(body.report) || Math.min(body.deviceAt ?? at, at) <= jobs.get(body.assignmentId)!.silentSince ? undefined : heard(body.assignmentId);
      case "assignment.heard-again":
        return jobs.get(body.assignmentId)!.silentFor === "heard" ? heard(body.assignmentId) : undefined;
      case "assignment.lost":
        lost.add(body.unitId);
        return set(body.assignmentId, "over");
      case "assignment.declined":
      case "assignment.recalled":
      case "assignment.pre-empted":
        return set(body.assignmentId, "over");
      case "incident.reopened":
        for (const job of jobs.values()) if (job.incidentId === body.incidentId) job.spent = true;
        return;
      case "incident.merged":
        return move(body.assignmentIds, body.intoId);
      case "incident.unmerged":
        return move(body.moved!.assignmentIds, body.incidentId);
      case "incident.split":
        return move(body.assignmentIds, body.newId);
      default:
        return;
    }
  };
  const going = (): Job[] => [...jobs.values()].filter(({ progress }) => progress === "goes");
  return {
    take: ({ body, at }) => take(body, at),
    listServing: (incidentId) => [...jobs.values()].filter((job) => job.incidentId === incidentId && !job.covers && ((job.progress === "goes" && (job.silentFor === null || job.carries)) || (job.progress === "served" && !job.spent))).map(({ unitId }) => profiles.get(unitId)!),
    listGoing: () => going().map(({ unitId, incidentId }) => ({ unitId, incidentId })),
    listLost: () => [...lost],
  };
}
