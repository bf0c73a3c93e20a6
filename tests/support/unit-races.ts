// Two dispatchers race for one unit over real HTTP, again and again. What is right of a race is said here once, for the suite, which runs some hundreds, and for the bench, which runs ten thousand.
import type { Outcome } from "../../src/contract/dispatch.ts";
import { profileOf } from "../../src/dispatch/testing/world.ts";
import { createIncident, type TestApi } from "./api.ts";
import type { CityClient } from "./city-client.ts";

/** So many units are raced for at once. */
const LANES = 8;
/** An incident's history grows with each race: a fresh one now and then. */
const RACES_OF_INCIDENT = 20;
/** Faults beyond these are not told one by one. */
const MOST_TOLD = 20;

export interface RacesRun {
  readonly races: number;
  readonly won: { readonly ana: number; readonly ben: number };
  /** What was wrong in a race: none won, both won, or the loser was not told by whom and when. */
  readonly faults: readonly string[];
  readonly faultyRaces: number;
  /** From the two commands to both outcomes. */
  readonly raceMs: readonly number[];
}

/** A centre that takes so many commands of two people. */
export const RACE_LIMITS = { perSession: 1e9, perStranger: 1e9, perMachine: 1e9 } as const;

export async function raceForUnits(api: TestApi, races: number, tell: (done: number) => void = () => undefined): Promise<RacesRun> {
  const [ana, ben] = [await api.person("ana", ["dispatcher"]), await api.person("ben", ["dispatcher"])];
  await api.dispatch.sendSystem({ type: "units.register", units: Array.from({ length: LANES }, (_, i) => profileOf(`R${i}`, "patrol")) });
  const units = api.dispatch.liveWork().units.filter(({ callSign }) => callSign.startsWith("R")).map(({ id }) => id);
  const won = { ana: 0, ben: 0 };
  const faults: string[] = [];
  const raceMs: number[] = [];
  let faultyRaces = 0;
  let begun = 0;
  const race = async (n: number, unitId: number, incidents: { readonly ana: number; readonly ben: number }): Promise<void> => {
    const assign = (client: CityClient, incidentId: number): Promise<Outcome> => client.send({ type: "assignment.assign", incidentId, unitIds: [unitId] });
    const before = Date.now();
    const startedAt = performance.now();
    // Who is asked first is the other one each time: the server's own order must not decide the count.
    const first = n % 2 === 0;
    const [one, two] = await Promise.all(first ? [assign(ana, incidents.ana), assign(ben, incidents.ben)] : [assign(ben, incidents.ben), assign(ana, incidents.ana)]);
    raceMs.push(performance.now() - startedAt);
    const outcomes = first ? { ana: one!, ben: two! } : { ana: two!, ben: one! };
    const winner = outcomes.ana.outcome === "accepted" ? "ana" : "ben";
    const [kept, lost] = winner === "ana" ? [outcomes.ana, outcomes.ben] : [outcomes.ben, outcomes.ana];
    const wrong = faultsOf(kept, lost, { unitId, winner, from: before, until: Date.now(), activeId: api.dispatch.findUnit(unitId)!.activeAssignmentId });
    if (wrong.length > 0) faultyRaces++;
    faults.push(...wrong.slice(0, MOST_TOLD - faults.length).map((fault) => `race ${n}: ${fault}`));
    if (kept.outcome !== "accepted") throw new Error(`race ${n}: ${wrong.join("; ")}`); // the unit is in nobody's hands that could free it
    won[winner]++;
    const freed = await (winner === "ana" ? ana : ben).send({ type: "assignment.recall", assignmentId: kept.units[0]!.assignmentId!, words: "next race" });
    if (freed.outcome !== "accepted") throw new Error(`race ${n}: the unit could not be recalled (${freed.outcome})`);
    tell(raceMs.length);
  };
  await Promise.all(units.map(async (unitId) => {
    while (begun < races) {
      const incidents = { ana: await createIncident(api, ana), ben: await createIncident(api, ben) };
      for (let i = 0; i < RACES_OF_INCIDENT && begun < races; i++) await race(begun++, unitId, incidents);
    }
  }));
  return { races: raceMs.length, won, faults, faultyRaces, raceMs };
}

function faultsOf(kept: Outcome, lost: Outcome, { unitId, winner, from, until, activeId }: { readonly unitId: number; readonly winner: string; readonly from: number; readonly until: number; readonly activeId: number | null }): string[] {
  if (kept.outcome !== "accepted" || lost.outcome !== "conflict") return [`the outcomes are ${kept.outcome} and ${lost.outcome}`];
  return [
    ...(lost.rule === "unit-taken" ? [] : [`the loser was told ${lost.rule}`]),
    ...(lost.by?.name === winner ? [] : [`${winner} won, the loser was told ${lost.by?.name ?? "nobody"}`]),
    ...(lost.at !== null && lost.at >= from && lost.at <= until ? [] : [`the loser was told ${lost.at} as the time, between ${from} and ${until}`]),
    ...(lost.units.length === 1 && lost.units[0]!.unitId === unitId && lost.units[0]!.assignmentId === null ? [] : ["the loser was not told of the unit"]),
    ...(activeId === kept.units[0]?.assignmentId ? [] : [`the unit is on assignment ${activeId}, not on the winner's`]),
  ];
}
