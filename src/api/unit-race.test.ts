// Two dispatchers race for one unit over HTTP: one wins each time, and the other is told who and when. A few hundred races here; `CITYWATCH_RACES=10000` for ten thousand.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "../contract/dispatch.ts";
import { createIncident, startTestApi } from "../../tests/support/api.ts";
import type { CityClient } from "../../tests/support/city-client.ts";
import { profileOf } from "../dispatch/testing/world.ts";

const RACES = Number(process.env["CITYWATCH_RACES"] ?? 300);
const LANES = 8;
/** An incident's history grows with each race: a fresh one now and then. */
const RACES_OF_INCIDENT = 20;

test(`[ASG3] ${RACES} races of two dispatchers for one unit over HTTP: one winner each time, and the loser is told who and when`, async (t) => {
  const api = await startTestApi({ floodLimits: { perSession: 1e9, perStranger: 1e9, perMachine: 1e9 } });
  try {
    const ana = await api.person("ana", ["dispatcher"]);
    const ben = await api.person("ben", ["dispatcher"]);
    await api.dispatch.sendSystem({ type: "units.register", units: Array.from({ length: LANES }, (_, i) => profileOf(`R${i}`, "patrol")) });
    const units = api.dispatch.liveWork().units.filter(({ callSign }) => callSign.startsWith("R")).map(({ id }) => id);
    const won = { ana: 0, ben: 0 };
    let left = RACES;
    const race = async (unitId: number, incidents: { ana: number; ben: number }): Promise<void> => {
      const assign = (client: CityClient, incidentId: number): Promise<Outcome> => client.send({ type: "assignment.assign", incidentId, unitIds: [unitId] });
      // Who is asked first is the other one each time: the server's own order must not decide the count.
      const before = Date.now();
      const first = left % 2 === 0;
      const [one, two] = await Promise.all(first ? [assign(ana, incidents.ana), assign(ben, incidents.ben)] : [assign(ben, incidents.ben), assign(ana, incidents.ana)]);
      const outcomes = first ? { ana: one!, ben: two! } : { ana: two!, ben: one! };
      const winner = outcomes.ana.outcome === "accepted" ? "ana" : "ben";
      const [kept, lost] = winner === "ana" ? [outcomes.ana, outcomes.ben] : [outcomes.ben, outcomes.ana];
      assert.ok(kept.outcome === "accepted" && lost.outcome === "conflict", `${outcomes.ana.outcome} and ${outcomes.ben.outcome}`);
      assert.deepEqual([lost.rule, lost.by?.name], ["unit-taken", winner]);
      assert.ok(lost.at !== null && lost.at >= before && lost.at <= Date.now(), "when");
      assert.deepEqual(lost.units.map((unit) => [unit.unitId, unit.assignmentId]), [[unitId, null]]);
      assert.equal(api.dispatch.findUnit(unitId)!.activeAssignmentId, kept.units[0]!.assignmentId);
      won[winner]++;
      const freed = await (winner === "ana" ? ana : ben).send({ type: "assignment.recall", assignmentId: kept.units[0]!.assignmentId!, words: "next race" });
      assert.equal(freed.outcome, "accepted");
    };
    await Promise.all(units.map(async (unitId) => {
      while (left > 0) {
        const incidents = { ana: await createIncident(api, ana), ben: await createIncident(api, ben) };
        for (let i = 0; i < RACES_OF_INCIDENT && left-- > 0; i++) await race(unitId, incidents);
      }
    }));
    assert.equal(won.ana + won.ben, RACES);
    t.diagnostic(`ana won ${won.ana}, ben ${won.ben}`);
  } finally {
    await api.close();
  }
});
