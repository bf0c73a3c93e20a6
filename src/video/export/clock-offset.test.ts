import assert from "node:assert/strict";
import { test } from "node:test";
import { medianClockOffset } from "./clock-offset.ts";

test("[EXP1] the camera's clock is told by the median of its video's sender reports, and not at all without one", () => {
  const report = (track: "video" | "audio", cameraMs: number, arrivalMs: number) => ({ track, cameraMs, arrivalMs });
  assert.equal(medianClockOffset([]), null);
  assert.equal(medianClockOffset([report("audio", 0, 9_000)]), null);
  assert.equal(medianClockOffset([report("video", 13_000, 10_000), report("video", 73_010, 70_000), report("video", 133_000, 134_000), report("audio", 0, 1)]), 3_000);
});
