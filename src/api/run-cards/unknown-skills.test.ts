// Skills that nobody has.
import assert from "node:assert/strict";
import { test } from "node:test";
import { listUnknownSkills } from "./unknown-skills.ts";

test("[RUN6] a skill that no unit has is told once, with the known one that is like it", () => {
  const rows = [["First-Aid ", "frst-aid"], ["FRST-AID", "diving"], undefined, ["急救"]].map((skills) => ({ wants: [{ kinds: ["patrol" as const], count: 1, ...(skills === undefined ? {} : { skills }) }] }));
  assert.deepEqual(listUnknownSkills(rows, ["car", "first-aid", "急救"]), [{ skill: "FRST-AID", nearest: "first-aid" }, { skill: "diving", nearest: null }]);
  assert.deepEqual(listUnknownSkills(rows.slice(3), []), [{ skill: "急救", nearest: null }]);
});
