// The line that tells where the time of a start went adds up to the time that it took.
import assert from "node:assert/strict";
import { it } from "node:test";
import { createStartParts } from "./start-parts.ts";

it("each part of a start is what passed since the one before, by the clock and by the processor, from the birth of the process on", () => {
  let [ms, cpuMs] = [180, 150];
  const parts = createStartParts(() => ms, () => cpuMs);
  parts.mark("program");
  [ms, cpuMs] = [480, 200];
  parts.mark("log");
  assert.deepEqual(parts.list(), { program: { ms: 180, cpuMs: 150 }, log: { ms: 300, cpuMs: 50 } });
});
