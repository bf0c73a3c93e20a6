// Two dispatchers race for one unit over HTTP: one wins each time, and the other is told who and when. Some hundred races here; ten thousand by `npm run bench -- races`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestApi } from "../../tests/support/api.ts";
import { RACE_LIMITS, raceForUnits } from "../../tests/support/unit-races.ts";

const RACES = 300;

test(`[ASG3] ${RACES} races of two dispatchers for one unit over HTTP: one winner each time, and the loser is told who and when`, async (t) => {
  const api = await startTestApi({ floodLimits: RACE_LIMITS });
  try {
    const { races, won, faults } = await raceForUnits(api, RACES);
    t.diagnostic(`ana won ${won.ana}, ben ${won.ben}`);
    assert.deepEqual(faults, []);
    assert.deepEqual([races, won.ana + won.ben], [RACES, RACES]);
  } finally {
    await api.close();
  }
});
