// A major incident's own room: what belongs to it, and the sums of it. What is added up is what the live state holds, so that it is as fresh as the rows.
import { isLive, isOpenIncident, type AssignmentView, type IncidentView } from "./tones.ts";

/** The major incident and its parts, whatever their status. */
export function incidentsOfRoom(roomId: number, incidents: ReadonlyMap<number, IncidentView>): readonly IncidentView[] {
  const major = incidents.get(roomId);
  return major === undefined ? [] : [major, ...major.partIds.map((id) => incidents.get(id)).filter((one) => one !== undefined)];
}

export interface RoomSums {
  readonly open: number;
  /** Units with a live job at any of them, each once; who only covers for them is not counted. */
  readonly unitIds: ReadonlySet<number>;
  readonly missing: number;
}
export function sumRoom(room: readonly IncidentView[], assignments: ReadonlyMap<number, AssignmentView>): RoomSums {
  const jobs = room.flatMap(({ assignmentIds }) => assignmentIds.map((id) => assignments.get(id))).filter((job) => job !== undefined && isLive(job.state) && job.cover === null) as AssignmentView[];
  return { open: room.filter(isOpenIncident).length, unitIds: new Set(jobs.map(({ unitId }) => unitId)), missing: room.reduce((sum, { shortfall }) => sum + (shortfall?.missing ?? 0), 0) };
}
