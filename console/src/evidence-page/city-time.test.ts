import assert from "node:assert/strict";
import { test } from "node:test";
import { listOffsets, sayOffset, zoneOf } from "./city-time.ts";

test("[EXP7] the zone is the package's; of one that names none, or one that nobody knows, it is UTC", () => {
  assert.deepEqual([zoneOf({ timeZone: "Asia/Shanghai" }), zoneOf({}), zoneOf({ timeZone: "Mars/Olympus" })], ["Asia/Shanghai", "UTC", "UTC"]);
});

test("[EXP7] a range over the night in which the clocks are turned has two offsets", () => {
  const noon = Date.UTC(2026, 9, 24, 12);
  assert.deepEqual(listOffsets({ from: noon, to: noon + 3_600_000 }, "Europe/Berlin").map(sayOffset), ["UTC+02:00"]);
  assert.deepEqual(listOffsets({ from: noon, to: noon + 24 * 3_600_000 }, "Europe/Berlin").map(sayOffset), ["UTC+02:00", "UTC+01:00"]);
});
