// Run cards: what goes to a type of incident, as data with a version; each incident records the version it was given. Counts follow what is
// common to first-alarm cards: one engine and police to smoke, two engines and an ambulance to a building on fire, police and ambulance to an
// injury. A city edits this table, not code.
import type { Incident, IncidentType, UnitKind, Want } from "./entities.ts";
import type { State } from "./state.ts";
import { isGoing } from "./transitions.ts";

export interface RunCard {
  readonly code: string;
  readonly version: number;
  readonly wants: readonly Want[];
}

const police: Want = { kinds: ["patrol", "platform-crew"], count: 1 };
const twoPolice: Want = { kinds: ["patrol", "platform-crew"], count: 2 };
const engine: Want = { kinds: ["fire-engine"], count: 1 };
const ambulance: Want = { kinds: ["ambulance"], count: 1 };
const campusOrPolice: Want = { kinds: ["campus-police", "patrol", "platform-crew"], count: 1 };

export const RUN_CARDS: Record<IncidentType, RunCard> = {
  theft: { code: "theft", version: 1, wants: [police] },
  robbery: { code: "robbery", version: 1, wants: [twoPolice] },
  fight: { code: "fight", version: 1, wants: [twoPolice] },
  "fire-smoke": { code: "fire-smoke", version: 1, wants: [engine, police] },
  "fire-building": { code: "fire-building", version: 1, wants: [{ kinds: ["fire-engine"], count: 2 }, ambulance, police] },
  "traffic-collision": { code: "traffic-collision", version: 1, wants: [police] },
  "traffic-injury": { code: "traffic-injury", version: 1, wants: [police, ambulance] },
  "traffic-obstruction": { code: "traffic-obstruction", version: 1, wants: [police] },
  medical: { code: "medical", version: 1, wants: [ambulance] },
  "school-alarm": { code: "school-alarm", version: 1, wants: [campusOrPolice, police] },
  "officer-emergency": { code: "officer-emergency", version: 1, wants: [{ kinds: ["patrol", "platform-crew"], count: 3 }] },
  "noise-nuisance": { code: "noise-nuisance", version: 1, wants: [police] },
  "person-missing": { code: "person-missing", version: 1, wants: [police] },
  other: { code: "other", version: 1, wants: [police] },
};

/**
 * Kinds of the units that stand for the incident's wants: those that go or are there, and those that were there and cleared since it was last
 * reopened. One answer for the shortfall [INC5] and for what is suggested [REC3].
 */
export function standingUnits(state: State, incident: Pick<Incident, "id" | "assignmentIds">): UnitKind[] {
  const { spentIds } = state.books.get(incident.id);
  return incident.assignmentIds
    .map((id) => state.assignments.get(id))
    .filter((assignment) => assignment.cover === null) // who covers elsewhere does not come here
    .filter((assignment) => isGoing(assignment.state) || (assignment.state === "cleared" && !spentIds.includes(assignment.id)))
    .map((assignment) => state.units.get(assignment.unitId).kind);
}

/** How many of the wanted units nobody in `kinds` stands for. Each unit stands for one place; the pairing leaves the fewest open. */
export function countMissing(wants: readonly Want[], kinds: readonly string[]): number {
  const places = wants.flatMap((want) => Array.from({ length: want.count }, () => want.kinds as readonly string[]));
  const unitAt: (number | null)[] = places.map(() => null);
  const seat = (unit: number, seen: Set<number>): boolean => {
    for (const [place, wanted] of places.entries()) {
      if (seen.has(place) || !wanted.includes(kinds[unit]!)) continue;
      seen.add(place);
      const sitting = unitAt[place]!;
      if (sitting === null || seat(sitting, seen)) {
        unitAt[place] = unit;
        return true;
      }
    }
    return false;
  };
  let seated = 0;
  for (let unit = 0; unit < kinds.length && seated < places.length; unit++) if (seat(unit, new Set())) seated++;
  return places.length - seated;
}
