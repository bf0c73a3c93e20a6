// Which incidents began within a range of time, ended or not, for a time bar. An incident's id follows the time at which it was made, so the range is found by steps that double, back from the
// newest: of a log of years only what lies near is touched. Where more began than a bar can show apart, each piece of it has its gravest.
import type { WallMs } from "../base/time.ts";
import type { Incident } from "../dispatch/entities.ts";

export interface IncidentFlag {
  readonly id: number;
  readonly number: number;
  /** Of the first contact. */
  readonly at: WallMs;
  readonly type: Incident["type"];
  readonly priority: Incident["priority"];
  readonly place: string;
  readonly endedAt: WallMs | null;
  /** Others of about the same time that have no flag of their own. */
  readonly more: number;
}
export interface IncidentsById {
  readonly firstId: number;
  readonly lastId: number;
  find(id: number): Incident | undefined;
  /** Has them at hand, wherever they are stored. */
  load(ids: readonly number[]): Promise<void>;
}

/** An incident is made so long after its first contact at most, or it has no flag. */
const MADE_WITHIN_MS = 2 * 3_600_000;

/** So many are read at a time, and judged in one turn of the loop. */
const PAGE = 1_024;

export async function listIncidentFlags(incidents: IncidentsById, from: WallMs, to: WallMs, most: number): Promise<IncidentFlag[]> {
  const cells = new Map<number, { shown: Incident; n: number }>();
  const cellMs = (to - from) / most;
  const first = await firstMadeAt(incidents, from);
  for (let id = first; id <= incidents.lastId; id++) {
    if ((id - first) % PAGE === 0) await incidents.load(Array.from({ length: Math.min(PAGE, incidents.lastId - id + 1) }, (_, i) => id + i));
    const incident = incidents.find(id);
    if (incident === undefined) continue;
    if (incident.createdAt > to + MADE_WITHIN_MS) break;
    const at = incident.firstContactAt;
    if (at < from || at >= to) continue;
    const cell = cells.get(Math.floor((at - from) / cellMs));
    if (cell === undefined) cells.set(Math.floor((at - from) / cellMs), { shown: incident, n: 1 });
    else {
      cell.n++;
      if (incident.priority < cell.shown.priority) cell.shown = incident;
    }
  }
  return Array.from(cells.values(), ({ shown: { id, number, firstContactAt, type, priority, place, endedAt }, n }) => ({ id, number, at: firstContactAt, type, priority, place: place.label, endedAt, more: n - 1 })).sort((a, b) => a.at - b.at || a.id - b.id);
}

/** The first id that was made at or after a moment; one past the last where there is none. */
async function firstMadeAt({ firstId, lastId, find, load }: IncidentsById, at: WallMs): Promise<number> {
  const isBefore = async (id: number): Promise<boolean> => {
    await load([id]);
    const incident = find(id);
    return incident !== undefined && incident.createdAt < at;
  };
  let step = 1;
  let low = lastId + 1; // made at or after it, or beyond the last
  while (low - step >= firstId && !(await isBefore(low - step))) {
    low -= step;
    step *= 2;
  }
  let before = Math.max(firstId - 1, low - step); // made before it, or before the first
  while (low - before > 1) {
    const middle = Math.floor((low + before) / 2);
    if (await isBefore(middle)) before = middle;
    else low = middle;
  }
  return low;
}
