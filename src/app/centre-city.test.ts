import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SPEED_SHARES, roadHourOf } from "../geo/road-hours.ts";
import { versionOfSpeeds } from "./centre-city.ts";

describe("the roads that a decision names", () => {
  test("[REC5] are others when the speeds of an hour are, or the hours", () => {
    const { motorway } = SPEED_SHARES;
    const now = versionOfSpeeds();
    assert.equal(versionOfSpeeds({ ...SPEED_SHARES }, (hour, weekday) => roadHourOf(hour, weekday)), now);
    assert.notEqual(versionOfSpeeds({ ...SPEED_SHARES, motorway: { ...motorway, peak: motorway.peak + 0.01 } }), now);
    assert.notEqual(versionOfSpeeds(SPEED_SHARES, (hour, weekday) => (hour === 19 && weekday === 5 ? "peak" : roadHourOf(hour, weekday))), now);
  });
});
