import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ASSIGNMENT_STATES, type Assignment } from "../dispatch/entities.ts";
import { isLive } from "../dispatch/transitions.ts";
import { createEndedJobs } from "./ended-jobs.ts";

const by = { kind: "user", id: 1, name: "Ana" } as const;
const assignmentOf = (id: number, unitId: number, state: Assignment["state"], at: number): Assignment =>
  ({ id, unitId, state, milestones: [{ state: "assigned", deviceAt: null, receivedAt: 0, by }, { state, deviceAt: null, receivedAt: at, by }] }) as unknown as Assignment;

test("of each unit the job that ended last is found, told at once or one by one; live ones never are", () => {
  const job = fc.record({ unitId: fc.integer({ min: 1, max: 3 }), state: fc.constantFrom(...ASSIGNMENT_STATES), wait: fc.nat(5) });
  fc.assert(
    fc.property(fc.array(job, { maxLength: 30 }), (jobs) => {
      let at = 1;
      const list = jobs.map(({ unitId, state, wait }, i) => assignmentOf(i + 1, unitId, state, (at += wait)));
      const whole = createEndedJobs();
      whole.take(list);
      const single = createEndedJobs();
      for (const assignment of list) single.take([assignment]);
      for (const unitId of [1, 2, 3, 4]) {
        const expected = list.findLast((assignment) => assignment.unitId === unitId && !isLive(assignment.state))?.id ?? null;
        assert.deepEqual([whole.findLast(unitId), single.findLast(unitId)], [expected, expected]);
      }
    }),
  );
});
